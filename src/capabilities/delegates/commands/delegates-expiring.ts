import type { Command, View } from '../../../bot/define.js';
import { END_JOB, type Schedule } from '../../../schedules/define.js';
import { timeIn } from '../../../schedules/when.js';
import { count, markdown } from '../../../lib/text.js';
import { DELEGATES_ACCESS } from '../arguments.js';
import { delegateStepKinds } from '../steps.js';

const ROWS = 20;

/** `delegates expiring`: the permissions that end by themselves, the next to end first, and a form to put an end off. */
export const delegatesExpiring: Command = {
  noun: 'delegates',
  verb: 'expiring',
  summary: 'Show the permissions that end by themselves, and put an end off',
  examples: ['delegates expiring'],
  arguments: [],
  access: DELEGATES_ACCESS,
  plans: false,
  run: async (context) => {
    const ends = (await context.schedules.list(END_JOB)).filter((end) => end.state !== 'done' && isAboutDelegates(end));
    return { kind: 'view', view: viewOf(context.organization.name, ends, context.clock.now()) };
  },
};

function isAboutDelegates({ input }: Schedule): boolean {
  const { kinds } = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
  return Array.isArray(kinds) && kinds.some((kind) => delegateStepKinds.some(({ name }) => name === kind));
}

function viewOf(organization: string, ends: readonly Schedule[], now: number): View {
  const rows = ends.slice(0, ROWS).map((end) => ({ id: end.id, text: `${endText(end, now)}: ${end.title}` }));
  const more = ends.length > rows.length ? `and ${count(ends.length - rows.length, 'other')}` : '';
  const none = rows.length === 0 ? 'No permission ends by itself. “delegates add … until=2026-12-24” makes one that does.' : '';
  return {
    audience: 'details',
    markdown: [
      `**Permissions that end by themselves** (${markdown(organization)})`,
      ...(none === '' ? [] : [markdown(none)]),
      ...rows.map(({ id, text }) => `- **${id}** ${markdown(text, 300)}`),
      ...(more === '' ? [] : [`- ${more}`]),
      ...(none === '' ? ['Put an end off with: schedules extend &lt;id&gt; until=&lt;date&gt;'] : []),
    ].join('\n'),
    card: {
      template: 'delegates/expiring',
      data: { organization, rows: rows.map(({ text }) => text), more, none, choices: rows.map(({ id, text }) => ({ title: text, value: id })) },
      buttons: rows.length === 0 ? [] : [{ title: 'Extend', command: 'schedules extend', arguments: {} }],
    },
  };
}

/** When it ends; a suspended or overdue end says so. */
function endText({ when, tz, state, nextDue }: Schedule, now: number): string {
  const due = when.kind === 'once' ? when.at : nextDue ?? '';
  const at = timeIn(due, tz);
  if (state === 'suspended') return `Should have ended on ${at} and waits for an administrator`;
  return Date.parse(due) <= now ? `Overdue since ${at}` : `Ends on ${at}`;
}
