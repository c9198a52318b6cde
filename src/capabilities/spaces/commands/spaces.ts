import type { Command, Context } from '../../../bot/define.js';
import { count, plain } from '../../../lib/text.js';
import { timeIn, whenText } from '../../../schedules/when.js';
import type { Schedule } from '../../../schedules/define.js';
import { LOOK_ACCESS, SYNC_JOB } from '../follow.js';
import { readRules } from '../rules.js';
import { listView, ruleRow } from '../views.js';

/** `spaces` alone: the rules, when they are followed, and what can be done. */
export const spaces: Command = {
  noun: 'spaces', verb: '',
  summary: 'Spaces that follow groups: who is in a space, as groups say',
  examples: ['spaces'],
  arguments: [],
  access: LOOK_ACCESS,
  plans: false,
  run: async (context) => ({ kind: 'view', view: await home(context) }),
};

async function home(context: Context): Promise<ReturnType<typeof listView>> {
  const [rules, schedules] = [await readRules(context), await context.schedules.list(SYNC_JOB)];
  const hasRules = rules.length > 0;
  return listView(context, {
    title: 'Spaces that follow groups',
    lines: [
      hasRules ? `${count(rules.length, 'space follows', 'spaces follow')} groups. Nothing changes in Webex before you have seen and approved a plan, or a schedule that you approved runs.` : 'No space follows a group yet. Name groups and spaces, or attach a CSV file with the header group,room to “spaces import”.',
      ...(hasRules && schedules.length === 0 ? ['They are not on a schedule: people come and go only when you sync.'] : schedules.flatMap(scheduleLines)),
    ],
    rows: rules.map(ruleRow), rest: 'spaces export',
    buttons: [
      { title: 'Follow groups', command: 'spaces link', arguments: {}, style: 'positive' },
      ...(hasRules ? [
        { title: 'Preview', command: 'spaces preview', arguments: {} }, { title: 'Sync now', command: 'spaces sync', arguments: {} },
        { title: 'Schedule', command: 'spaces schedule', arguments: {} }, { title: 'Rules', command: 'spaces rules', arguments: {} },
      ] : []),
    ],
  });
}

/** When they are followed next, and what the last run did. */
function scheduleLines({ state, reason, when, tz, nextDue, last, owner }: Schedule): string[] {
  const next = state === 'active' && nextDue !== undefined ? `next ${timeIn(nextDue, tz)}` : `${state}${reason === undefined ? '' : `: ${reason}`}`;
  return [
    `Followed ${whenText(when, tz)} as ${plain(owner.displayName, 60)}; ${next}.`,
    ...(last === undefined ? [] : [`Last run ${timeIn(last.startedAt, tz)}: ${last.note ?? (last.finishedAt === undefined ? 'under way' : last.outcome ?? 'ended')}.`]),
  ];
}
