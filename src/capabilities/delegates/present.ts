import type { Context, PersonRef, View } from '../../bot/define.js';
import { count, markdown, plain } from '../../lib/text.js';
import type { HostState } from './plan.js';

/** More rows than this make a card that nobody reads; the text and `delegates export` have them all. */
const ROWS_ON_CARD = 12;

/** Who may schedule for whom, as a card with its text. With `delegate`, the hosts for whom this person may schedule. */
export async function listView(
  context: Context,
  found: { states: readonly HostState[]; problems: readonly { subject: string; reason: string }[]; read?: number; delegate?: PersonRef | undefined },
): Promise<View> {
  const emails = found.delegate === undefined ? found.states.flatMap((state) => state.current) : [];
  const known = await context.peopleByEmail([...new Set(emails.map((email) => email.toLowerCase()))]);
  const nameOf = (email: string): string => known.get(email.toLowerCase())?.displayName ?? email;
  const rows = found.states.map((state) => ({
    host: plain(state.host.displayName),
    site: state.site,
    delegates: found.delegate === undefined ? state.current.map(nameOf).map((name) => plain(name)).join(', ') || 'nobody' : state.host.email,
  }));
  const title = titleOf(found, rows.length);
  const left = found.problems.map((problem) => `${plain(problem.subject)}: ${plain(problem.reason, 400)}`);
  return {
    audience: 'details',
    markdown: [
      `**${markdown(title, 300)}**`,
      ...rows.map((row) => `- **${markdown(row.host)}** (${markdown(row.site)}): ${markdown(row.delegates, 2000)}`),
      ...left.map((line) => `- Not shown: ${markdown(line, 500)}`),
    ].join('\n'),
    card: {
      template: 'delegates/list',
      data: {
        title,
        organization: context.organization.name,
        rows: rows.slice(0, ROWS_ON_CARD),
        more: rows.length > ROWS_ON_CARD ? `and ${count(rows.length - ROWS_ON_CARD, 'more row')}, all in: delegates export` : '',
        problems: left.slice(0, ROWS_ON_CARD),
      },
      buttons: buttonsFor(found),
    },
  };
}

function titleOf(found: { states: readonly HostState[]; delegate?: PersonRef | undefined; read?: number }, rows: number): string {
  if (found.delegate === undefined) return 'Who may schedule for whom';
  const hosts = new Set(found.states.map(({ host }) => host.email.toLowerCase())).size;
  const on = rows > hosts ? ` on ${count(rows, 'list')}` : '';
  return `${plain(found.delegate.displayName)} may schedule for ${count(hosts, 'host')}${on} (of ${count(found.read ?? 0, 'list')} read)`;
}

function buttonsFor(found: { states: readonly HostState[]; delegate?: PersonRef | undefined }): NonNullable<NonNullable<View['card']>['buttons']> {
  if (found.delegate !== undefined) {
    return found.states.length === 0 ? [] : [{ title: 'Remove everywhere', command: 'delegates remove', arguments: { delegates: found.delegate.email, for: 'everyone' }, style: 'destructive' }];
  }
  const hosts = [...new Set(found.states.map((state) => state.host.email))].join(',');
  return hosts === '' ? [] : [{ title: 'Add delegates', command: 'delegates add', arguments: { for: hosts } }];
}
