import type { View } from '../../bot/define.js';
import { nameOf, timeText, type Plan } from '../../changes/engine.js';
import { count, markdown } from '../../lib/text.js';
import { capital, outcomeText, standingText } from './words.js';

const ROWS = 12;

/** What waits first, then what runs, then what was, newest first. */
export function listView(organization: string, plans: readonly Plan[]): View {
  const rank = ({ state, change }: Plan): number => (state === 'pending' ? 0 : change !== undefined && change.finishedAt === undefined ? 1 : 2);
  const sorted = [...plans].sort((a, b) => rank(a) - rank(b));
  const shown = sorted.slice(0, ROWS);
  const rows = shown.map((plan) => ({
    id: plan.id,
    title: plan.title,
    state: `${capital(standingText(plan))}${plan.change?.counts === undefined ? '' : `: ${outcomeText(plan.change.counts)}`}`,
    who: `${nameOf(plan.requester)}, ${timeText(plan.createdAt)}`,
  }));
  const more = sorted.length > shown.length ? `and ${count(sorted.length - shown.length, 'older one')}` : '';
  const none = rows.length === 0 ? 'Nothing was planned or changed yet.' : '';
  return {
    audience: 'details',
    markdown: [
      `**Plans and changes of ${markdown(organization)}**`,
      ...(none === '' ? [] : [none]),
      ...rows.map((row) => `- **${row.id}** ${markdown(row.title, 200)}: ${markdown(row.state)}, ${markdown(row.who)}`),
      ...(more === '' ? [] : [`- ${more}`]),
      ...(none === '' ? ['Show one with: changes show <id>'.replace('<', '&lt;').replace('>', '&gt;')] : []),
    ].join('\n'),
    card: {
      template: 'changes/list',
      data: { organization, rows, more, none },
      buttons: shown.slice(0, 4).map((plan) => ({ title: `Show ${plan.id}`, command: 'changes show', arguments: { id: plan.id } })),
    },
  };
}
