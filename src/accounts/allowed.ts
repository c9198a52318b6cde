import { sameId } from '../lib/ids.js';

/** Whom the operator lets use Steward. */
export interface Allowed {
  /** Organization ids in any spelling. */
  organizations: readonly string[];
  /** Lower-case addresses, or `@domain`. */
  admins: readonly string[];
}

/** Who somebody is, as Webex says when he is looked up by his id. */
export interface Identity {
  email: string;
  orgId: string;
  /** `person`, `bot`, `appuser`; undefined counts as not known. */
  type: string | undefined;
}

/** Why somebody may not use Steward, as a sentence; undefined when he may. Address, organization and type must all fit. */
export function refusalOf(allowed: Allowed, who: Identity): string | undefined {
  if (who.type !== 'person') return 'Only people may use Steward, not bots or guests.';
  if (!allowed.organizations.some((id) => sameId(id, who.orgId))) return 'Your Webex organization is not one of those that may use this Steward.';
  const email = who.email.toLowerCase();
  const domain = email.slice(email.lastIndexOf('@'));
  if (!allowed.admins.includes(email) && !allowed.admins.includes(domain)) return 'Your address is not on the list of those who may use this Steward.';
  return undefined;
}
