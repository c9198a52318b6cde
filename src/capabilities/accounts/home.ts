import type { Button, Context } from '../../bot/define.js';
import { count, plain } from '../../lib/text.js';
import type { AccountsParts } from './parts.js';

const DAY_MS = 24 * 60 * 60_000;

/** What the home card says of the caller's account. */
export async function accountHome({ accounts }: Pick<AccountsParts, 'accounts'>, context: Context): Promise<{ title: string; lines: string[]; buttons: Button[] }> {
  const title = 'Your account';
  const link = (words: string): Button => ({ title: words, command: 'account link', arguments: {}, style: 'positive' });
  const account = await accounts.find(context.organization.id, context.caller.personId);
  if (account === undefined) return { title, lines: ['Not linked yet. Steward works with your own rights only, so it needs your Webex account before it can read or change anything.'], buttons: [link('Link my account')] };
  if (account.state === 'relink') return { title, lines: ['Webex no longer takes what you granted, so your plans and changes wait.'], buttons: [link('Link again')] };
  const expires = await accounts.refreshExpires(account);
  const days = expires === undefined ? undefined : Math.max(0, Math.floor((expires - context.clock.now()) / DAY_MS));
  return {
    title,
    lines: [`${account.email}, linked to ${account.organizations.map(({ name }) => plain(name)).join(', ')}${days === undefined ? '' : `. ${count(days, 'day')} left; Steward renews it by itself`}.`],
    buttons: [{ title: 'My account', command: 'account status', arguments: {} }],
  };
}
