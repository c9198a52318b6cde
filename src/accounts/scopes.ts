import { ROLES } from './define.js';

/** One thing that an account can be linked for, as asked by `account link` and listed by doctor. */
export interface Feature {
  /** Written as `account link for=<name>`. */
  name: string;
  /** The switch in FEATURES that it belongs to. Absent: always offered. */
  area?: string;
  title: string;
  /** What works once it is linked. */
  gives: string;
  /** Each with its reason, in plain words; with `area`, asked for only where that is switched on. Webex: scopes by feature. */
  scopes: readonly { scope: string; reason: string; area?: string }[];
  /** Any one of these roles; empty: none needed. */
  roles: readonly string[];
  /** What Webex asks for besides, and cannot be read beforehand. */
  besides?: string;
  /** The name of the feature that is left of it for those whose roles do not let them change anything. */
  looking?: string;
  /** For such a feature: all that can be asked for with it. A test compares this with the commands. */
  commands?: readonly string[];
  /** Where it begins, and what a button that leads there says. */
  opens?: { title: string; command: string };
}

const WHO_YOU_ARE = { scope: 'spark:people_read', reason: 'to see that it is you, and which roles you have' };
const PEOPLE = { scope: 'spark-admin:people_read', reason: 'to find people of your organization and see their licenses' };
const ROLE_NAMES = { scope: 'spark-admin:roles_read', reason: 'to know the names of your roles' };
const ORGANIZATIONS = { scope: 'spark-admin:organizations_read', reason: 'to know the name of your organization, and which others you manage' };
const GROUPS = { scope: 'identity:groups_read', reason: 'to read who is in a group' };
const LICENSES = { scope: 'spark-admin:licenses_read', reason: 'to see which licenses there are, and on which sites people are hosts' };
const ROOMS = { scope: 'spark:rooms_read', reason: 'to find the spaces that you are in' };
const MEMBERS = { scope: 'spark:memberships_read', reason: 'to read who is in a space' };
const TEAMS = { scope: 'spark:team_memberships_read', reason: 'to see who must join the team of a space first' };
const BASE = [WHO_YOU_ARE, PEOPLE, ROLE_NAMES, ORGANIZATIONS];
const LOOKERS = [ROLES.full, ROLES.users, ROLES.readOnly];
const DELEGATES_HOME = { title: 'Scheduling permissions', command: 'delegates' };
const SPACES_HOME = { title: 'Spaces that follow groups', command: 'spaces' };
const LICENSES_HOME = { title: 'Licenses', command: 'licenses' };

/** Webex: only a full administrator who is also site admin may grant `meeting:admin_*`; a partner may not, for a customer. */
const SITE_ADMIN = 'You must also be site administrator of each Webex site. Webex does not tell beforehand; a refusal will name it.';

/** The one table from what an account is linked for to the scopes that are asked for. */
export const FEATURES: readonly Feature[] = [
  {
    name: 'delegates', area: 'delegates', title: 'Scheduling permissions', gives: 'see and change who may schedule meetings for whom',
    scopes: [
      ...BASE, LICENSES, GROUPS,
      { scope: 'meeting:admin_preferences_read', reason: 'to read who may schedule meetings for whom' },
      { scope: 'meeting:admin_preferences_write', reason: 'to change who may schedule meetings for whom, after approval' },
    ],
    roles: [ROLES.full], besides: SITE_ADMIN, opens: DELEGATES_HOME,
  },
  {
    name: 'delegates-xml', area: 'delegates', title: 'Scheduling permissions by the Meetings XML API', gives: 'the same, on sites that are set to it (delegates.backend)',
    scopes: [...BASE, LICENSES, GROUPS, { scope: 'spark:all', reason: 'the Meetings XML API takes no smaller scope; it lets Steward act as you in Webex' }],
    roles: [ROLES.full], besides: SITE_ADMIN, opens: DELEGATES_HOME,
  },
  {
    name: 'spaces', area: 'spaces', title: 'Space membership', gives: 'keep the members of spaces as the groups say',
    scopes: [...BASE, GROUPS, ROOMS, MEMBERS, { scope: 'spark:memberships_write', reason: 'to add and remove members, after approval' }, TEAMS],
    roles: [ROLES.full, ROLES.users], looking: 'spaces-look', opens: SPACES_HOME,
  },
  {
    name: 'spaces-look', area: 'spaces', title: 'Space membership, to look at',
    gives: 'see which spaces follow which groups, and who would join and leave; nothing can be changed',
    scopes: [...BASE, GROUPS, ROOMS, MEMBERS, TEAMS], roles: LOOKERS, opens: SPACES_HOME,
    commands: ['spaces', 'spaces rules', 'spaces export', 'spaces preview', 'spaces exemptions'],
  },
  {
    name: 'licenses', area: 'licenses', title: 'Licenses', gives: 'see, assign and remove licenses',
    scopes: [...BASE, LICENSES, GROUPS, { scope: 'spark-admin:people_write', reason: 'to assign and remove licenses, after approval' }],
    roles: [ROLES.full, ROLES.users], looking: 'licenses-look', opens: LICENSES_HOME,
  },
  {
    name: 'licenses-look', area: 'licenses', title: 'Licenses, to look at',
    gives: 'see which licenses there are, who has them and who does not use them; nothing can be changed',
    scopes: [...BASE, LICENSES], roles: LOOKERS, opens: LICENSES_HOME,
    commands: ['licenses', 'licenses show', 'licenses users', 'licenses export', 'licenses idle', 'licenses answers', 'licenses templates'],
  },
  {
    name: 'reports', title: 'Reports', gives: 'see how many licenses are used and where spaces differ from their groups, at once or posted to a space at set times; nothing can be changed',
    scopes: [...BASE, LICENSES, ROOMS, { ...GROUPS, area: 'spaces' }, { ...MEMBERS, area: 'spaces' }], roles: LOOKERS, opens: { title: 'Reports', command: 'reports' },
  },
  {
    // Apart, since Webex grants it to full administrators only, and refuses the whole grant to others.
    name: 'audit', title: 'What administrators did', gives: 'the report of what administrators did in Webex',
    scopes: [...BASE, ROOMS, { scope: 'audit:events_read', reason: 'to read what administrators did in Webex' }], roles: [ROLES.full],
  },
  { name: 'look', title: 'Look only', gives: 'find people and see who they are; nothing can be changed', scopes: BASE, roles: LOOKERS },
  {
    name: 'revoke', title: 'Unlink at Webex too', gives: 'when you unlink, also take back at Webex what you granted',
    scopes: [
      WHO_YOU_ARE,
      { scope: 'identity:tokens_read', reason: 'to find what you granted to Steward' },
      { scope: 'identity:tokens_write', reason: 'to take back, when you unlink, what you granted to Steward' },
    ],
    roles: [ROLES.full],
  },
];

/** What can be linked for where these areas (FEATURES of the environment) are switched on. */
export function offered(areas: readonly string[]): Feature[] {
  const isOn = ({ area }: { area?: string }): boolean => area === undefined || areas.includes(area);
  return FEATURES.filter(isOn).map((feature) => ({ ...feature, scopes: feature.scopes.filter(isOn) }));
}

/** All scopes of several features, each once, with its first reason, in the order of the table. */
export function scopesFor(features: readonly Feature[]): { scope: string; reason: string }[] {
  const reasons = new Map<string, string>();
  for (const { scope, reason } of features.flatMap((feature) => feature.scopes)) if (!reasons.has(scope)) reasons.set(scope, reason);
  return [...reasons].map(([scope, reason]) => ({ scope, reason }));
}
