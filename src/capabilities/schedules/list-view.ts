import type { View } from '../../bot/define.js';
import { count, markdown } from '../../lib/text.js';
import type { Schedule } from '../../schedules/define.js';
import { whenText } from '../../schedules/when.js';
import { ownerName } from './access.js';
import { lastText, nextText, stateText } from './words.js';

const ROWS = 12;

/** What must be mended first, then what runs, then what is paused or done. */
const RANK: Record<Schedule['state'], number> = { suspended: 0, active: 1, paused: 2, done: 3 };

/** All schedules of an organization. */
export function listView(organization: string, schedules: readonly Schedule[]): View {
  const sorted = [...schedules].sort((a, b) => RANK[a.state] - RANK[b.state]);
  const shown = sorted.slice(0, ROWS);
  const rows = shown.map((schedule) => ({
    id: schedule.id,
    title: schedule.title,
    when: `${whenText(schedule.when, schedule.tz)} · next: ${nextText(schedule)}`,
    state: `${stateText(schedule)} · ${ownerName(schedule)}`,
    last: `last run: ${lastText(schedule)}`,
  }));
  const more = sorted.length > shown.length ? `and ${count(sorted.length - shown.length, 'other')}` : '';
  const none = rows.length === 0 ? 'Nothing runs at set times. Write “help spaces” or “help reports” to see what can.' : '';
  return {
    audience: 'details',
    markdown: [
      `**Schedules of ${markdown(organization)}**`,
      ...(none === '' ? [] : [none]),
      ...rows.map((row) => `- **${row.id}** ${markdown(row.title)}: ${markdown(row.when, 300)}; ${markdown(row.state, 500)}; ${markdown(row.last, 500)}`),
      ...(more === '' ? [] : [`- ${more}`]),
      ...(none === '' ? ['Show one with: schedules show &lt;id&gt;'] : []),
    ].join('\n'),
    card: {
      template: 'schedules/list',
      data: { organization, rows, more, none },
      buttons: shown.slice(0, 4).map(({ id }) => ({ title: `Show ${id}`, command: 'schedules show', arguments: { id } })),
    },
  };
}
