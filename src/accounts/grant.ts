import { sameId } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import type { WriteClient } from '../webex/call.js';
import * as authorizations from '../webex/rest/authorizations.js';

/** Taking a grant back at Webex needs both. Asked for with the feature `revoke`. */
const REVOKING = ['identity:tokens_read', 'identity:tokens_write'];

/** Where a person takes a grant back himself, in words: Webex has no call for it without a scope of its own. */
export const WHERE_TO_REVOKE =
  'To take the grant back at Webex too, sign in at settings.webex.com and remove Steward from the apps that have access to your account, or ask an administrator to revoke it in Control Hub under Apps > Integrations.';

/**
 * Takes back at Webex what a person granted to our integration: `all`, or only the `newest` grant (whoever signed in by mistake may
 * have an older one that works). True when it was taken back; false where the scope for it is missing or Webex refused.
 */
export async function revokeGrant(
  webex: WriteClient,
  grant: { personId: string; clientId: string; scopes: readonly string[] },
  which: 'all' | 'newest',
  log: Log,
): Promise<boolean> {
  if (!REVOKING.every((scope) => grant.scopes.includes(scope))) return false;
  try {
    // With a refresh token Webex deletes its access tokens too; the last one would cut off what is left to delete.
    const ours = (await authorizations.list(webex, grant.personId))
      .filter((one) => one.clientId === grant.clientId && one.type === 'refresh' && (one.personId === undefined || sameId(one.personId, grant.personId)))
      .sort((a, b) => (a.created ?? '').localeCompare(b.created ?? ''));
    for (const one of which === 'all' ? ours : ours.slice(-1)) await authorizations.remove(webex, one.id);
    return ours.length > 0;
  } catch (error) {
    log.warn({ error }, 'a grant could not be taken back at Webex');
    return false;
  }
}
