import { recordAudit } from './audit.js';
import type { Person, SiteUser } from './model.js';
import { personByEmail, type State } from './state.js';

/** What a person is on a site, `undefined` if he is not on it. Hosts are compared in lower case. */
export function siteUserOf(person: Person, siteUrl: string): SiteUser | undefined {
  return person.sites.find((site) => site.siteUrl === siteUrl.toLowerCase());
}

/** The primary address of a delegate who may be set for `host` on `siteUrl`, in lower case, or why not. Webex: delegates are other hosts of the same site. */
export function delegateAddress(state: State, host: Person, siteUrl: string, email: string): { address: string } | { refused: 'unknown' | 'notOnSite' | 'notHost' | 'self' } {
  const person = personByEmail(state, email);
  if (!person) return { refused: 'unknown' };
  if (person.id === host.id) return { refused: 'self' };
  const seat = siteUserOf(person, siteUrl);
  if (!seat) return { refused: 'notOnSite' };
  return seat.accountType === 'host' ? { address: (person.emails[0] ?? '').toLowerCase() } : { refused: 'notHost' };
}

/** Whether both lists name the same people in the same order. */
const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((email, at) => email === b[at]);

/** Stores the whole list of a host's delegates (lower case, doubles dropped). Tells it and writes an audit event if something changed. */
export function setDelegates(state: State, actor: Person, host: Person, seat: SiteUser, delegates: readonly string[]): void {
  const wanted = [...new Set(delegates)];
  if (same(seat.delegates, wanted)) return;
  seat.delegates = wanted;
  state.events.emit('happened', { resource: 'delegates', event: 'updated', actorId: actor.id, subject: { id: host.id, siteUrl: seat.siteUrl, delegates: wanted } });
  recordAudit(state, actor, {
    eventCategory: 'MEETINGS', eventDescription: 'Scheduling permission was changed',
    actionText: `${actor.displayName} changed who may schedule for ${host.displayName} on ${seat.siteUrl}`,
    targetType: 'USER', targetId: host.id, targetName: host.displayName,
  });
}
