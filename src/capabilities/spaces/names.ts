import { idKey, sameId } from '../../lib/ids.js';
import { plain } from '../../lib/text.js';
import type { Membership } from '../../webex/rest/memberships.js';
import type { SpaceState } from './define.js';

/** Webex: addresses of bots end so. */
const BOT = /@(webex\.bot|sparkbot\.io)$/i;

/** People choose their names: one that holds an address, or brackets, could pass for somebody else. */
const LIKE_ADDRESS = /[@()]/;

/** How a space is called: as Webex says now, or as it was called when Webex cannot say. Cleaned. */
export function titleOf({ room, rule }: Pick<SpaceState, 'room' | 'rule'>): string {
  return plain(room.unreadable.includes('title') || room.title === '' ? rule.space.title : room.title, 80);
}

export function memberName(member: Membership): string {
  return member.personDisplayName ?? member.personEmail ?? member.personId;
}

/** Whether somebody belongs to another organization, or Webex does not say to which. */
export function isOutside({ organization }: Pick<SpaceState, 'organization'>, member: Membership): boolean {
  return member.personOrgId === undefined || !sameId(member.personOrgId, organization);
}

export function isBot({ personEmail }: Membership): boolean {
  // Of somebody without an address it is not known whether he is one.
  return personEmail === undefined || BOT.test(personEmail);
}

type Namer = (personId: string, displayName: string) => string;

/** Steps, problems and cards all name the people of one state; of a large space that is worth keeping. */
const namers = new WeakMap<object, Namer>();

/** Shown names by person, cleaned. Where two people of a space bear one name, what tells them apart is said too. */
export function namesIn(state: Pick<SpaceState, 'members' | 'wanted'>): Namer {
  const namer = namers.get(state) ?? namerOf(state);
  namers.set(state, namer);
  return namer;
}

function namerOf({ members, wanted }: Pick<SpaceState, 'members' | 'wanted'>): Namer {
  const people = new Map([...wanted].map(([key, { displayName }]) => [key, plain(displayName, 60)]));
  const emails = new Map<string, string>();
  for (const member of members) {
    const key = idKey(member.personId);
    people.set(key, plain(memberName(member), 60));
    if (member.personEmail !== undefined) emails.set(key, plain(member.personEmail));
  }
  const bearers = new Map<string, number>();
  for (const name of people.values()) bearers.set(name, (bearers.get(name) ?? 0) + 1);
  return (personId, displayName) => {
    const key = idKey(personId);
    const name = plain(displayName, 60);
    return (bearers.get(name) ?? 0) > 1 || LIKE_ADDRESS.test(name) ? `${name} (${emails.get(key) ?? `id ${key.slice(0, 8)}`})` : name;
  };
}
