import type { ReadClient, XmlTicket } from '../call.js';
import { WebexRefused } from '../errors.js';
import { unexpected } from '../failures.js';
import * as people from '../rest/people.js';
import { ACCESS_DENIED, BAD_CREDENTIALS, build, element, read, textOf, type Element, type Operation } from './envelope.js';

/** A ticket is renewed this long before it ends. */
const EARLY_MS = 60_000;
/** A ticket younger than this has not ended: that it is denied means that a privilege is missing. */
const FRESH_MS = 60_000;

/** One operation on a site. */
export interface SiteCall {
  site: string;
  operation: Operation;
  /** XML made by `element`. */
  content: string;
  write?: boolean;
  impatient?: boolean;
  signal?: AbortSignal;
}

/**
 * Carries out one operation as the client's owner and gives its body. Signs in on the site when there is no ticket; where an older
 * ticket is denied, signs in and tries once more (what was denied was not done).
 */
export async function perform(client: ReadClient, call: SiteCall): Promise<{ body: Element; trackingId: string | undefined }> {
  const first = await ticketFor(client, call);
  try {
    return await performWith(client, call, first);
  } catch (error) {
    const mayHaveEnded = error instanceof WebexRefused && error.errorCode === ACCESS_DENIED && client.tickets.now() - first.made > FRESH_MS;
    if (!mayHaveEnded) throw error;
    const { bySite } = client.tickets;
    const site = call.site.toLowerCase();
    if ((await bySite.get(site))?.ticket === first.ticket) bySite.delete(site);
    return await performWith(client, call, await ticketFor(client, call));
  }
}

async function performWith(client: ReadClient, call: SiteCall, ticket: XmlTicket): Promise<{ body: Element; trackingId: string | undefined }> {
  const { site, operation, content, write = false, ...manner } = call;
  const reply = await client.xml({ site, operation, write, ...manner, document: build(operation, { site, ...ticket }, content) });
  return { body: read(reply, write), trackingId: reply.trackingId };
}

/** The owner's ticket on the site; one sign-in for all who ask at once. A sign-in that somebody else gave up is done again. */
async function ticketFor(client: ReadClient, call: SiteCall): Promise<XmlTicket> {
  const { bySite } = client.tickets;
  const site = call.site.toLowerCase();
  const known = bySite.get(site);
  const ticket = await known?.catch(() => undefined);
  if (ticket !== undefined && ticket.expires - EARLY_MS > client.tickets.now()) return ticket;
  if (bySite.get(site) === known) bySite.set(site, signIn(client, call));
  const coming = bySite.get(site) ?? signIn(client, call);
  try {
    return await coming;
  } catch (error) {
    if (bySite.get(site) === coming) bySite.delete(site);
    throw error;
  }
}

/** Trades the access token for a session ticket; with a fresh token when the first is not taken. The token's owner is its login. */
async function signIn(client: ReadClient, call: SiteCall): Promise<XmlTicket> {
  const webExId = (await people.me(client)).emails[0];
  if (webExId === undefined) throw unexpected('a person without an address');
  try {
    return await authenticate(client, call, webExId, false);
  } catch (error) {
    if (!(error instanceof WebexRefused) || error.errorCode !== BAD_CREDENTIALS) throw error;
    return await authenticate(client, call, webExId, true);
  }
}

async function authenticate(client: ReadClient, { site, impatient = false }: SiteCall, webExId: string, renewToken: boolean): Promise<XmlTicket> {
  const made = client.tickets.now();
  const reply = await client.xml({
    site, operation: 'AuthenticateUser', write: false, renewToken, impatient,
    document: (token) => build('AuthenticateUser', { site, webExId }, element('accessToken', token)),
  });
  const body = read(reply, false);
  const ticket = textOf(body, 'sessionTicket');
  const seconds = Number(textOf(body, 'timeToLive'));
  if (ticket === undefined || ticket === '' || !(seconds > 0)) throw unexpected('a sign-in without a ticket');
  client.tickets.hide(ticket);
  return { ticket, webExId, made, expires: made + seconds * 1000 };
}
