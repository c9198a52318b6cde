import type { Account } from '../../accounts/define.js';
import type { View } from '../../bot/define.js';
import { count, markdown, plain } from '../../lib/text.js';
import { abilities, type Abilities } from './abilities.js';

const DAY_MS = 24 * 60 * 60_000;
const NOTHING: Abilities = { works: [], opens: [], besides: [], lacks: [], more: [] };
/** Webex draws five buttons; one of them is for the account. */
const MOST_OPENS = 4;

/** Told in 1:1 as soon as an account is linked. */
export function linkedView(account: Account, roles: readonly string[], areas: readonly string[]): View {
  const { works, opens, besides, lacks, more } = abilities(account, roles, areas);
  const title = `Your Webex account ${account.email} is linked`;
  const organization = account.organizations.map(({ name }) => plain(name)).join(', ');
  return {
    audience: 'private',
    markdown: [
      `**${markdown(title)}** (${markdown(organization, 500)})`,
      ...(works.length > 0 ? ['What works now:', ...works.map((line) => `- ${markdown(line, 500)}`)] : ['Nothing works with it yet.']),
      ...(lacks.length > 0 ? ['What does not:', ...lacks.map((line) => `- ${markdown(line, 500)}`)] : []),
      ...[...besides, ...more].map((line) => markdown(line, 500)),
      'Write `help` to see the commands.',
    ].join('\n'),
    card: {
      template: 'accounts/linked', data: { title, organization, works, lacks, notes: [...besides, ...more] },
      buttons: [
        ...opens.slice(0, MOST_OPENS).map((open, n) => ({ ...open, arguments: {}, ...(n === 0 ? { style: 'positive' as const } : {}) })),
        { title: 'My account', command: 'account status', arguments: {}, only: account.personId },
      ],
    },
  };
}

/** Everything about one's own account. `refused` is why Webex does not let it be used at the moment. */
export function statusView(found: { account: Account; roles: readonly string[]; refused: string | undefined; refreshExpires: number | undefined; now: number; areas: readonly string[] }): View {
  const { account, roles, refused } = found;
  const { works, besides, lacks, more } = refused === undefined ? abilities(account, roles, found.areas) : NOTHING;
  const title = account.state === 'relink' ? 'Your Webex account must be linked again' : `Your Webex account ${account.email}`;
  const facts = [
    { title: 'Person', value: plain(account.displayName) },
    { title: 'Organizations', value: account.organizations.map(({ name }) => plain(name)).join(', ') },
    { title: 'Roles', value: refused === undefined ? roles.join(', ') || 'none' : 'not known now' },
    { title: 'Linked since', value: account.linkedAt.slice(0, 10) },
    { title: 'Good for', value: daysLeft(found.refreshExpires, found.now) },
    { title: 'Scopes', value: account.scopes.join(', ') },
  ];
  return {
    audience: 'private',
    markdown: [
      `**${markdown(title)}**`,
      ...(refused === undefined ? [] : [markdown(refused, 500)]),
      ...facts.map((fact) => `- ${fact.title}: ${markdown(fact.value, 3000)}`),
      ...works.map((line) => `- Works: ${markdown(line, 500)}`),
      ...lacks.map((line) => `- Not yet: ${markdown(line, 500)}`),
      ...[...besides, ...more].map((line) => `- ${markdown(line, 500)}`),
    ].join('\n'),
    card: {
      template: 'accounts/status', data: { title, refused: refused ?? '', facts, works, lacks, notes: [...besides, ...more] },
      buttons: [
        { title: account.state === 'relink' ? 'Link again' : 'Link for more', command: 'account link', arguments: {}, only: account.personId },
        { title: 'Unlink', command: 'account unlink', arguments: {}, only: account.personId, style: 'destructive' },
      ],
    },
  };
}

/** Whole days until the grant ends. It is prolonged by each refresh, so this only gets small when refreshing fails. */
export function daysLeft(expires: number | undefined, now: number): string {
  if (expires === undefined) return 'not known';
  const days = Math.floor((expires - now) / DAY_MS);
  return days < 1 ? 'less than a day' : `${count(days, 'day')}, and longer each time Steward renews it`;
}

/** For those who have no linked account. */
export function notLinkedView(personId: string): View {
  const text = 'Your Webex account is not linked yet. Steward acts with your own rights only, so it needs your account.';
  return {
    audience: 'private', markdown: `${text} Write: account link`,
    card: { template: 'accounts/notice', data: { title: 'Not linked', text }, buttons: [{ title: 'Link account', command: 'account link', arguments: {}, only: personId }] },
  };
}
