import type { Context } from '../../bot/define.js';
import { plain } from '../../lib/text.js';
import type { AccountsParts } from './parts.js';

const DAY_MS = 24 * 60 * 60_000;

/** What the home card says of the caller's account. */
export async function accountHome({ accounts }: Pick<AccountsParts, 'accounts'>, context: Context): Promise<{ title: string; lines: string[] }> {
  const account = await accounts.find(context.organization.id, context.caller.personId);
  if (account === undefined) return { title: 'Your account', lines: ['Not linked yet: press Link my account, or write account link. Nothing can be read or changed before.'] };
  if (account.state === 'relink') return { title: 'Your account', lines: ['Webex no longer takes the grant. Write account link to link it again.'] };
  const expires = await accounts.refreshExpires(account);
  const days = expires === undefined ? undefined : Math.max(0, Math.floor((expires - context.clock.now()) / DAY_MS));
  return {
    title: 'Your account',
    lines: [`${account.email}, linked to ${account.organizations.map(({ name }) => plain(name)).join(', ')}${days === undefined ? '' : `; good for ${days} days and prolonged by itself`}`],
  };
}
