import type { Exemption, Rule, SpaceState } from '../../../../src/capabilities/spaces/define.js';
import { idKey } from '../../../../src/lib/ids.js';
import type { Membership } from '../../../../src/webex/rest/memberships.js';

export const NOW = Date.parse('2026-11-24T12:00:00.000Z');
export const DAY = 24 * 3600_000;

export const idOf = (type: string, n: number | string, cluster = 'us'): string =>
  Buffer.from(`ciscospark://${cluster}/${type}/${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`).toString('base64url');
export const ACME = idOf('ORGANIZATION', 1);
export const GLOBEX = idOf('ORGANIZATION', 2);
export const ROOM = idOf('ROOM', 7);
/** The account that does it. */
export const ME = 0;

export const person = (n: number | string): string => idOf('PEOPLE', n);
/** The same person as another cluster spells it. */
export const elsewhere = (n: number | string): string => idOf('PEOPLE', n, 'urn:TEAM:eu-central-1_k');

export function member(n: number, extra: Partial<Membership> = {}): Membership {
  return {
    id: idOf('MEMBERSHIP', n), roomId: ROOM, personId: person(n), personEmail: `p${n}@acme.test`, personDisplayName: `Person ${n}`,
    personOrgId: ACME, isModerator: false, unreadable: [], ...extra,
  };
}

export function ruleOf(extra: Partial<Rule> = {}): Rule {
  return {
    id: 'abc123', space: { id: ROOM, title: 'Field Sales' }, groups: [{ id: idOf('SCIM_GROUP', 1), name: 'Sales' }], mode: 'both', graceDays: 0, as: 'me',
    moderators: 'keep', outside: 'keep', by: { personId: person(ME), displayName: 'Person 0' }, at: '2026-11-01T00:00:00.000Z', ...extra,
  };
}

export interface Made {
  rule?: Partial<Rule>;
  members?: Membership[];
  wanted?: number[];
  team?: number[];
  exempt?: number[];
  goneSince?: [number, number][];
  teamId?: string;
}

/** A space with the account in it. */
export function stateOf({ rule, members = [], wanted = [], team, exempt = [], goneSince = [], teamId }: Made): SpaceState {
  const own = members.find(({ personId }) => personId === person(ME)) ?? member(ME);
  const exemption = (n: number): Exemption => ({ person: { id: person(n), email: `p${n}@acme.test`, displayName: `Person ${n}`, orgId: ACME }, by: { personId: person(ME), displayName: 'Person 0' }, at: '2026-11-01T00:00:00.000Z' });
  return {
    rule: ruleOf(rule), own, account: person(ME), organization: ACME, leftOut: [],
    room: { id: ROOM, title: 'Field Sales', type: 'group', isLocked: false, isAnnouncementOnly: false, isReadOnly: false, isPublic: false, unreadable: [], ...(teamId === undefined ? {} : { teamId }) },
    members: [own, ...members.filter((one) => one !== own)],
    wanted: new Map(wanted.map((n) => [idKey(person(n)), { personId: person(n), displayName: `Person ${n}` }])),
    team: team === undefined ? undefined : new Set(team.map((n) => idKey(person(n)))),
    exempt: new Map(exempt.map((n) => [idKey(person(n)), exemption(n)])),
    goneSince: new Map(goneSince.map(([n, at]) => [idKey(person(n)), new Date(at).toISOString()])),
  };
}
