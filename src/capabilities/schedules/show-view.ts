import type { Button, View } from '../../bot/define.js';
import { markdown } from '../../lib/text.js';
import type { Schedule } from '../../schedules/define.js';
import { nextRuns, timeIn, whenText } from '../../schedules/when.js';
import { ownerName } from './access.js';
import { isEnd, planOf } from './end-input.js';
import { lastText, spaceText, stateText } from './words.js';

const SHOWN_RUNS = 3;
/** The job of reports, which never makes a plan. */
const REPORT_JOB = 'report';

/** One schedule: what it does, when, for whom, and what can be done about it. `said`: what was just done. */
export function showView(schedule: Schedule, now: number, said = ''): View {
  const { id, title, organization } = schedule;
  const facts = [
    { title: 'When', value: whenText(schedule.when, schedule.tz) },
    { title: 'Next runs', value: runsText(schedule, now) },
    { title: 'Reports to', value: spaceText(schedule) },
    { title: 'Account', value: ownerName(schedule) },
    { title: 'State', value: stateText(schedule) },
    { title: 'Last run', value: lastText(schedule) },
    { title: 'Id', value: id },
  ];
  const how = howText(schedule);
  const buttons = buttonsOf(schedule, now);
  return {
    audience: 'details',
    markdown: [
      ...(said === '' ? [] : [markdown(said, 500), '']),
      `**${markdown(title)}** (${markdown(organization.name)})`,
      ...facts.map((fact) => `- ${fact.title}: ${markdown(fact.value, 500)}`),
      '', markdown(how, 500),
    ].join('\n'),
    card: { template: isEnd(schedule) ? 'schedules/end' : 'schedules/show', data: { said, title, organization: organization.name, facts, how }, buttons },
  };
}

function runsText(schedule: Schedule, now: number): string {
  const { state, nextDue, when, tz } = schedule;
  if (state !== 'active' || nextDue === undefined) return 'none';
  const later = nextRuns(when, Math.max(now, Date.parse(nextDue)), SHOWN_RUNS - 1);
  return `${[nextDue, ...later].map((at) => timeIn(at, tz)).join(', ')} (${tz})`;
}

/** Whether it applies what it finds by itself. */
function howText(schedule: Schedule): string {
  if (isEnd(schedule)) return `It takes back what change ${planOf(schedule)} did and is still there. That was approved with the change.`;
  if (schedule.job === REPORT_JOB) return 'It reports, and changes nothing.';
  const { approved } = schedule;
  if (approved === undefined) return 'What it would change waits for a press. Once such a plan is approved, later ones of the same rules are applied by themselves, within the limits.';
  return `It applies what it finds by itself, within the limits, as long as its rules are those that ${approved.by.displayName} approved on ${timeIn(approved.at, schedule.tz)}.`;
}

function buttonsOf(schedule: Schedule, now: number): Button[] {
  const { id, state } = schedule;
  const button = (title: string, verb: string, style?: 'positive' | 'destructive'): Button => ({ title, command: `schedules ${verb}`, arguments: { id }, ...(style === undefined ? {} : { style }) });
  const remove = button('Remove', 'remove', 'destructive');
  if (state === 'suspended') return [button('Take over', 'take-over', 'positive'), button('Resume', 'resume'), ...(isEnd(schedule) ? [] : [remove])];
  if (state === 'done') return isEnd(schedule) ? [] : [remove];
  const steer = state === 'active' ? button('Pause', 'pause') : button('Resume', 'resume', 'positive');
  if (isEnd(schedule)) return [button('Extend', 'extend'), ...(state === 'active' && isOverdue(schedule, now) ? [button('Try now', 'run')] : []), steer];
  // A report is sent; whatever else may change Webex, and must not sound as if it were only to be looked at.
  return [...(state === 'active' ? [button(schedule.job === REPORT_JOB ? 'Send me one now' : 'Run now', 'run')] : []), steer, remove];
}

/** Whether something that was to be done once should have been done by now. */
export function isOverdue({ when, state }: Schedule, now: number): boolean {
  return when.kind === 'once' && state !== 'done' && Date.parse(when.at) <= now;
}
