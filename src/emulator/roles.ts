import { publicId, stableUuid } from './ids.js';
import type { Person } from './model.js';

export const FULL_ADMIN = 'Full Administrator';
export const USER_ADMIN = 'User Administrator';
export const READ_ONLY_ADMIN = 'Read-only Administrator';
export const SUPPORT_ADMIN = 'Support Administrator';
export const DEVICE_ADMIN = 'Device Administrator';
export const COMPLIANCE_OFFICER = 'Compliance Officer';

/** All roles of the emulated Webex, in the order of `GET /roles`. */
export const ROLE_NAMES: readonly string[] = [FULL_ADMIN, USER_ADMIN, READ_ONLY_ADMIN, SUPPORT_ADMIN, DEVICE_ADMIN, COMPLIANCE_OFFICER];

/** Roles that see an organization's people with all their fields. */
export const ADMIN_ROLES: readonly string[] = [FULL_ADMIN, USER_ADMIN, READ_ONLY_ADMIN, SUPPORT_ADMIN, DEVICE_ADMIN];

export function roleId(name: string): string {
  return publicId('ROLE', stableUuid(`role ${name}`));
}

export function hasAnyRole(person: Person, roles: readonly string[]): boolean {
  return person.roles.some((role) => roles.includes(role));
}

/** Who may hold a scope: the first row that matches counts. No roles: everyone. `siteAdmin`: of at least one site, besides. */
const HOLDERS: readonly { scope: RegExp; roles: readonly string[]; siteAdmin?: true }[] = [
  { scope: /^meeting:admin_/, roles: [FULL_ADMIN], siteAdmin: true },
  { scope: /^audit:|^identity:tokens_|^spark-admin:resource_group/, roles: [FULL_ADMIN] },
  { scope: /^spark-admin:(people|locations)_write$|^identity:(people|groups)_rw$/, roles: [FULL_ADMIN, USER_ADMIN] },
  { scope: /^identity:organizations_rw$/, roles: [FULL_ADMIN] },
  { scope: /^spark-admin:(devices|workspaces|places)_write$|^identity:(placeonetimepassword_create|one_time_password)$/, roles: [FULL_ADMIN, DEVICE_ADMIN] },
  { scope: /^spark-admin:|^identity:|^analytics:/, roles: ADMIN_ROLES },
  { scope: /^spark-compliance:/, roles: [COMPLIANCE_OFFICER] },
  { scope: /^/, roles: [] },
];

/** Every scope that the emulated integration is registered for. */
export const ALL_SCOPES: readonly string[] = [
  'spark:all', 'spark:kms', 'spark:people_read', 'spark:rooms_read', 'spark:rooms_write', 'spark:memberships_read', 'spark:memberships_write',
  'spark:messages_read', 'spark:messages_write', 'spark:teams_read', 'spark:teams_write', 'spark:team_memberships_read', 'spark:team_memberships_write',
  'spark:xapi_statuses', 'spark:xapi_commands',
  'meeting:preferences_read', 'meeting:preferences_write', 'meeting:admin_preferences_read', 'meeting:admin_preferences_write',
  'meeting:admin_config_read', 'meeting:admin_config_write',
  'spark-admin:people_read', 'spark-admin:people_write', 'spark-admin:licenses_read', 'spark-admin:roles_read', 'spark-admin:organizations_read',
  'spark-admin:devices_read', 'spark-admin:devices_write', 'spark-admin:workspaces_read', 'spark-admin:workspaces_write',
  'spark-admin:places_read', 'spark-admin:places_write', 'spark-admin:locations_read', 'spark-admin:locations_write',
  'spark-admin:resource_groups_read', 'spark-admin:resource_group_memberships_read', 'spark-admin:resource_group_memberships_write',
  'spark-admin:reports_read', 'spark-admin:reports_write',
  'identity:groups_read', 'identity:groups_rw', 'identity:people_read', 'identity:people_rw', 'identity:organizations_read', 'identity:organizations_rw',
  'identity:tokens_read', 'identity:tokens_write', 'identity:placeonetimepassword_create', 'identity:one_time_password',
  'audit:events_read', 'analytics:read_all',
  'spark-compliance:events_read', 'spark-compliance:memberships_read', 'spark-compliance:memberships_write', 'spark-compliance:messages_read',
  'spark-compliance:messages_write', 'spark-compliance:rooms_read', 'spark-compliance:teams_read', 'spark-compliance:team_memberships_read',
  'spark-compliance:meetings_read', 'spark-compliance:meetings_write',
];

/** Whether this person's roles allow the scope. Webex: meeting:admin_* needs a full administrator who is site admin, too. */
export function mayHold(person: Person, scope: string): boolean {
  const rule = HOLDERS.find((row) => row.scope.test(scope));
  if (rule === undefined || rule.roles.length === 0) return rule !== undefined;
  return hasAnyRole(person, rule.roles) && (rule.siteAdmin !== true || person.sites.some((site) => site.isSiteAdmin));
}

const known = new Map<string, string[]>();

/** Every scope that this person's roles allow. People with equal roles share one list: never change it. */
export function scopesOf(person: Person): string[] {
  const key = `${person.roles.join()}|${String(person.sites.some((site) => site.isSiteAdmin))}`;
  let scopes = known.get(key);
  if (scopes === undefined) {
    scopes = ALL_SCOPES.filter((scope) => mayHold(person, scope));
    known.set(key, scopes);
  }
  return scopes;
}
