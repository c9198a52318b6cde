import type { Context, Job, JobAnswer, JobPlan, JobRun, View } from '../../bot/define.js';
import type { Outcome, Step } from '../../changes/define.js';
import { format } from '../../lib/csv.js';
import { count, markdown, plain } from '../../lib/text.js';
import { timeIn } from '../../schedules/when.js';
import type { SpacesParts } from './define.js';
import { draftOf } from './draft.js';
import { fingerprintOf, look, remember, SYNC_ACCESS, SYNC_JOB, type Look } from './follow.js';
import { readRules } from './rules.js';
import { inputOf } from './steps.js';
import { listed, planRows, stoppedLines, summaryView, type Row } from './summary.js';

const TITLE = 'Spaces follow their groups';
const REASONS = 10;

/** All spaces of the organization that follow groups, at set times. */
export function syncJob(parts: SpacesParts): Job {
  return {
    name: SYNC_JOB, access: SYNC_ACCESS,
    run: (context, run) => follow(context, parts, run),
    report: (context, run, plan) => Promise.resolve(reportView(context, run, plan)),
  };
}

async function follow(context: Context, parts: SpacesParts, run: JobRun): Promise<JobAnswer> {
  const rules = await readRules(context);
  const found = await look(context, parts, rules);
  const { facts, news } = await remember(context, found);
  const draft = draftOf(found.plans, found.stopped, SYNC_JOB);
  // A run in which nothing at all could be read has not done what it was scheduled for.
  const outcome = rules.length > 0 && found.plans.length === 0 ? 'failed' : 'done';
  return {
    ...(draft.steps.length > 0 ? { draft } : { view: quietView(context, run, found) }),
    fingerprint: await fingerprintOf(context, rules, facts), holds: news, outcome, note: noteOf(found),
  };
}

/** The report of a run that changes nothing: one line, unless something could not be followed. */
function quietView(context: Context, run: JobRun, { rules, plans, stopped }: Look): View {
  const said = rules.length === 0 ? 'no space follows a group.' : `nothing to change in ${count(plans.length, 'space')}.`;
  const title = `${TITLE}: ${said} ${nextText(run)}`.trim();
  if (stopped.length > 0) return summaryView(context, { title, rows: planRows(plans.filter(({ teamFirst }) => teamFirst.length > 0)), notes: stoppedLines(stopped) });
  return { audience: 'details', markdown: `**${TITLE}** (${markdown(context.organization.name)}): ${said} ${nextText(run)}`.trim() };
}

function noteOf({ plans, stopped }: Look): string {
  const joins = plans.reduce((sum, plan) => sum + plan.joins.length, 0);
  const leaves = plans.reduce((sum, plan) => sum + plan.leaves.length, 0);
  const changes = joins + leaves === 0 ? 'nothing to change' : `${joins} to add, ${leaves} to remove`;
  return stopped.length === 0 ? changes : `${changes}, ${count(stopped.length, 'space')} not followed`;
}

/** The report about a plan: that it waits and why, or who was added and removed, and what failed. */
function reportView(context: Context, run: JobRun, plan: JobPlan): View {
  const waits = plan.state === 'pending';
  const rows = rowsOf(plan);
  const { tz } = run.schedule;
  return summaryView(context, {
    title: `${TITLE}: ${headline(plan)}`, rows,
    notes: [
      ...(waits ? plan.waits : []),
      ...plan.problems.filter(({ reason }) => reason.startsWith('not followed')).map(({ subject, reason }) => `${subject}: ${reason}`),
    ],
    closing: [plan.finishedAt === undefined ? '' : `Finished ${timeIn(plan.finishedAt, tz)} (${plain(tz)}).`, nextText(run)].filter((line) => line !== '').join(' '),
    buttons: [{ title: waits ? 'Show the plan' : 'Show the change', command: 'changes show', arguments: { id: plan.id } }],
    ...(waits ? {} : { files: [membershipsCsv(plan)] }),
  });
}

function headline({ state, steps, outcomes }: JobPlan): string {
  if (state === 'pending') return `a plan of ${count(steps.length, 'step')} waits for approval. Nothing has been changed`;
  if (['rejected', 'expired', 'superseded'].includes(state)) return `the plan was ${state}. Nothing has been changed`;
  const of = (joins: boolean): number => steps.filter((step) => outcomes.get(step.n)?.state === 'done' && inputOf(step)?.joins === joins).length;
  const failed = steps.filter((step) => ['failed', 'conflict'].includes(outcomes.get(step.n)?.state ?? '')).length;
  const end = state === 'done' ? '' : `, then ${state}`;
  return `${of(true)} added, ${of(false)} removed${failed === 0 ? '' : `, ${failed} failed`}${end}`;
}

/** By space: what was done, or would be while the plan waits. */
function rowsOf({ state, steps, outcomes }: JobPlan): Row[] {
  const bySpace = new Map<string, { title: string; joins: string[]; leaves: string[]; notes: Map<string, string[]> }>();
  const waits = state === 'pending';
  for (const step of steps) {
    const input = inputOf(step);
    if (input === undefined) continue;
    const space = bySpace.get(input.roomId) ?? { title: input.title, joins: [], leaves: [], notes: new Map<string, string[]>() };
    bySpace.set(input.roomId, space);
    const outcome = outcomes.get(step.n);
    if (waits || outcome?.state === 'done') (input.joins ? space.joins : space.leaves).push(input.name);
    const trouble = waits ? undefined : troubleOf(outcome);
    if (trouble !== undefined) space.notes.set(trouble, [...(space.notes.get(trouble) ?? []), input.name]);
  }
  return [...bySpace.values()].map(({ title, joins, leaves, notes }) => ({
    title,
    joins: listed(waits ? 'Would join' : 'Added', joins), leaves: listed(waits ? 'Would leave' : 'Removed', leaves),
    notes: [...notes].slice(0, REASONS).map(([reason, names]) => listed(reason, names)),
  }));
}

/** Why a step was not done; undefined when it was, or when its change ended before its turn. */
function troubleOf(outcome: Outcome | undefined): string | undefined {
  if (outcome === undefined || outcome.state === 'done') return undefined;
  if (outcome.state === 'skipped') return 'Already so';
  return `${outcome.state === 'cancelled' ? 'Not done' : 'Failed'}: ${plain(outcome.reason ?? 'no reason is known', 200).replace(/[.:]$/, '')}`;
}

/** All steps with the ids by which they are found again. */
function membershipsCsv({ id, steps, outcomes }: JobPlan): { name: string; content: Buffer } {
  const header = ['space', 'person', 'change', 'state', 'reason', 'room id', 'person id', 'membership id'];
  const rows = steps.flatMap((step: Step) => {
    const input = inputOf(step);
    const outcome = outcomes.get(step.n);
    return input === undefined ? [] : [[
      input.title, input.name, input.joins ? 'add' : 'remove', outcome?.state ?? 'not done', outcome?.reason ?? '', input.roomId, input.personId, input.membershipId ?? '',
    ]];
  });
  return { name: `memberships-${id}.csv`, content: format(header, rows) };
}

function nextText({ next, schedule }: JobRun): string {
  return next === undefined ? '' : `Next run: ${timeIn(next, schedule.tz)} (${plain(schedule.tz)}).`;
}
