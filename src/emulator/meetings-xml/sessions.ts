import { randomBytes } from 'node:crypto';
import { siteUserOf } from '../delegates.js';
import type { Person, SiteUser } from '../model.js';
import { personByEmail, type State } from '../state.js';
import { accessDenied, elementAt, EXCEPTION, textAt, XmlFailure, type Element } from './envelope.js';

/** Seconds that a session ticket lives. Webex's sample: 90 minutes. */
export const TICKET_SECONDS = 5400;

interface Ticket {
  personId: string;
  siteUrl: string;
  expires: number;
}

/** Everything that a call of one operation knows. `siteUrl` is the site that the message names, `person` its caller on it. */
export interface XmlRequest {
  state: State;
  content: Element;
  siteUrl: string;
  person: Person;
  seat: SiteUser;
}

const ticketsOf = new WeakMap<State, Map<string, Ticket>>();

function tickets(state: State): Map<string, Ticket> {
  let known = ticketsOf.get(state);
  if (!known) {
    const fresh = new Map<string, Ticket>();
    state.events.on('reset', () => { fresh.clear(); });
    ticketsOf.set(state, fresh);
    known = fresh;
  }
  return known;
}

export function issueTicket(state: State, personId: string, siteUrl: string): string {
  const now = state.clock.now();
  const known = tickets(state);
  for (const [ticket, { expires }] of known) if (expires <= now) known.delete(ticket);
  const ticket = randomBytes(32).toString('base64url');
  known.set(ticket, { personId, siteUrl, expires: now + TICKET_SECONDS * 1000 });
  return ticket;
}

/** The site by the first label of its host. Throws when there is none. */
function siteNamed(state: State, siteName: string | undefined): string {
  const site = [...state.sites.values()].find(({ siteUrl }) => siteUrl.split('.')[0] === siteName?.toLowerCase());
  if (!site) throw accessDenied();
  return site.siteUrl;
}

/** Who a security context says that he is, on which site. Proves nothing yet. */
export function claimOf(state: State, message: Element): { siteUrl: string; person: Person; seat: SiteUser } {
  const context = elementAt(message, 'header', 'securityContext');
  const siteUrl = siteNamed(state, textAt(context, 'siteName'));
  const person = personByEmail(state, textAt(context, 'webExID') ?? '');
  const seat = person && siteUserOf(person, siteUrl);
  if (!seat) throw new XmlFailure(EXCEPTION.noUser, 'Corresponding User not found');
  if (!person.loginEnabled) throw accessDenied();
  return { siteUrl, person, seat };
}

/**
 * The caller of any operation but AuthenticateUser. Only a session ticket counts: a password cannot on a site with single sign-on,
 * and that a Webex token is taken as webExAccessToken is not confirmed.
 */
export function sessionOf(state: State, message: Element): { siteUrl: string; person: Person; seat: SiteUser } {
  const claim = claimOf(state, message);
  const text = textAt(message, 'header', 'securityContext', 'sessionTicket');
  if (text === undefined) throw new XmlFailure(EXCEPTION.badCredentials, 'Invalid user name or password');
  const ticket = tickets(state).get(text);
  if (ticket?.personId !== claim.person.id || ticket.siteUrl !== claim.siteUrl || ticket.expires <= state.clock.now()) throw accessDenied();
  return claim;
}

/** The user that a body names by webExId. Webex: others than oneself only for a site admin. */
export function targetOf({ state, content, siteUrl, person, seat }: XmlRequest): { target: Person; targetSeat: SiteUser } {
  const webExId = textAt(content, 'webExId') ?? '';
  const target = personByEmail(state, webExId);
  if (target?.id !== person.id && !seat.isSiteAdmin) throw accessDenied();
  const targetSeat = target && siteUserOf(target, siteUrl);
  if (!targetSeat) throw new XmlFailure(EXCEPTION.noUser, 'Corresponding User not found', webExId);
  return { target, targetSeat };
}
