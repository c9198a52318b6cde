import type { ReadClient, WriteClient } from '../webex/call.js';

/** One person's linked grant, without its tokens (those are in tokens.ts, encrypted). Record collection `accounts`, id = idKey(person id). */
export interface Account {
  personId: string;
  email: string;
  displayName: string;
  /** Home organization. */
  orgId: string;
  /** The organizations that it reaches: home, and those that Webex lists for it. */
  organizations: { id: string; name: string }[];
  scopes: string[];
  linkedAt: string;
  /** `relink` when Webex no longer takes the grant. */
  state: 'linked' | 'relink';
}

/** What Webex says of a person at this moment, read with the person's own account. */
export type Authority =
  | { ok: true; account: Account; roles: string[] }
  /** A sentence for chat. A read that failed means no. */
  | { ok: false; reason: string; code: 'NOT_LINKED' | 'RELINK' | 'LOGIN_DISABLED' | 'OTHER_ORGANIZATION' | 'UNREADABLE' | 'NOT_ALLOWED' };

/** What the engine and the shell need of accounts. */
export interface Accounts {
  /** Live: `/people/me`, roles by name, organization, login enabled. Never from a cache. */
  authority(organization: string, personId: string): Promise<Authority>;
  find(organization: string, personId: string): Promise<Account | undefined>;
  /** All accounts that reach the organization. */
  list(organization: string): Promise<Account[]>;
  reader(account: Account): ReadClient;
  /** Only for the change engine's runner. */
  writer(account: Account): WriteClient;
}

export { ROLES } from '../webex/roles.js';

/** What is missing of what a command or step needs; empty when nothing is. */
export function missing(
  needs: { scopes: readonly string[]; roles: readonly string[] },
  has: { scopes: readonly string[]; roles: readonly string[] },
): { scopes: string[]; roles: string[] } {
  const scopes = needs.scopes.filter((scope) => !has.scopes.includes(scope));
  const roles = needs.roles.length === 0 || needs.roles.some((role) => has.roles.includes(role)) ? [] : [...needs.roles];
  return { scopes, roles };
}
