import type { Context, Job, JobPlan, JobRun, Place, View } from '../../bot/define.js';
import { idKey, sameId } from '../../lib/ids.js';
import { count, markdown, plain } from '../../lib/text.js';
import type { Timer } from '../../lib/clock.js';
import { END_JOB, type Owner, type Schedule } from '../../schedules/define.js';
import { timeIn } from '../../schedules/when.js';
import { ownerName } from './access.js';
import { changeTitleOf, planOf } from './end-input.js';
import type { EnginePlan, SchedulesParts } from './ports.js';
import type { Reports } from './reports.js';
import { complaintOf, type OwnAnswer } from './runs.js';
import { isOverdue } from './show-view.js';
import { lastText, stateText } from './words.js';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** Which schedule ends which change: record by the plan's id. */
const COLLECTION = 'change-ends';
const MOST_LINES = 12;

/** Takes changes back at the end that was approved with them. */
export class Ends {
  private timer: Timer | undefined;
  /** One at a time, since the engine's news and the look at the start may be about one change. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly parts: SchedulesParts, private readonly reports: Reports) {}

  /** Makes the schedule that takes this change back, unless it was made before. */
  plant(plan: EnginePlan): Promise<void> {
    const made = this.turn.then(() => this.make(plan));
    this.turn = made.catch(() => undefined);
    return made;
  }

  private async make(plan: EnginePlan): Promise<void> {
    const { scheduler } = this.parts;
    const organization = plan.organization.id;
    const records = this.parts.records(organization);
    if (plan.until === undefined || !mayHaveChanged(plan) || (await records.get(COLLECTION, plan.id)) !== undefined) return;
    const title = plain(plan.title, 150);
    const space = spaceOf(plan);
    const schedules = scheduler.of(plan.organization, await this.ownerOf(plan));
    for (const id of [plan.hash.slice(0, 8), plan.hash.slice(8, 16), plan.hash.slice(16, 24)]) {
      const made = await schedules.add({
        id, job: END_JOB, input: { plan: plan.id, title, kinds: Object.keys(plan.kinds) }, title: `End of: ${title}`, when: { kind: 'once', at: plan.until }, tz: 'UTC',
        ...(space === undefined ? {} : { space }),
      });
      // Eight signs may belong to another change.
      if (made.job !== END_JOB || planOf(made) !== plan.id) continue;
      await records.put(COLLECTION, plan.id, { schedule: made.id }, 0);
      return;
    }
    throw new Error(`No id is free for the end of change ${plan.id}.`);
  }

  /** Plants what was missed, and looks each hour for ends that are overdue. */
  async takeUp(): Promise<void> {
    for (const organization of await this.parts.organizations()) {
      for (const plan of await this.parts.engine.list(organization)) {
        if (plan.until === undefined || (plan.change?.finishedAt === undefined && plan.change?.state !== 'paused')) continue;
        // One that cannot be made now must not keep the others from it, nor Steward from its start.
        await this.plant(plan).catch((error: unknown) => { this.parts.log.error({ error, plan: plan.id }, 'the end of a change could not be made'); });
      }
    }
    this.watch();
    await this.warn().catch((error: unknown) => { this.parts.log.error({ error }, 'overdue ends could not be told'); });
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  /** Tells once a day of each end that is overdue by a day or more, whatever keeps it from being made. */
  async warn(): Promise<void> {
    const { scheduler, clock } = this.parts;
    for (const organization of await this.parts.organizations()) {
      for (const schedule of await scheduler.list(organization)) {
        if (schedule.job !== END_JOB || !isOverdue(schedule, clock.now() - DAY_MS)) continue;
        if (!(await this.parts.records(organization).once(complaintOf(schedule), DAY_MS))) continue;
        const view = overdueView(schedule);
        await this.reports.post(schedule, view);
        if (schedule.space !== undefined) await this.reports.tell(schedule, view);
      }
    }
  }

  /** The job. Its owner is whoever asked for the change; what its steps need is checked when the plan is made. */
  job(): Job {
    return {
      name: END_JOB,
      access: { linked: true, scopes: [], roles: [] },
      run: (context, run) => this.run(context, run),
      report: (_context, run, plan) => Promise.resolve(reportView(run, plan)),
    };
  }

  private async run(context: Context, { schedule }: JobRun): Promise<OwnAnswer> {
    const { engine } = this.parts;
    const organization = context.organization.id;
    const id = planOf(schedule);
    const plan = await engine.get(organization, id);
    const { personId, email, displayName } = schedule.owner;
    const draft = await engine.undo({ organization, id, by: { personId, email, displayName } });
    const open = draft.problems.filter(({ settled }) => settled !== true);
    const outcome = open.length === 0 ? 'done' : 'failed';
    if (draft.steps.length > 0) {
      return { draft: { ...draft, title: schedule.title }, why: whyText(plan), outcome, note: `${count(draft.steps.length, 'step')} taken back${open.length === 0 ? '' : `, ${open.length} not yet`}` };
    }
    if (open.length === 0) return { view: nothingView(schedule), outcome, note: 'nothing was left to take back' };
    const note = `${plain(open[0]?.subject ?? '', 200)}: ${plain(open[0]?.reason ?? '', 300)}`;
    return { view: openView(schedule, open), outcome, note };
  }

  /** The requester as a linked account shows him: his home organization decides how Webex is asked. */
  private async ownerOf({ requester, organization }: EnginePlan): Promise<Owner> {
    const linked = (await this.parts.admins(organization.id)).find(({ personId }) => sameId(personId, requester.personId));
    return linked ?? { ...requester, orgId: organization.id };
  }

  private watch(): void {
    this.timer?.cancel();
    this.timer = this.parts.clock.after(HOUR_MS, () => {
      this.watch();
      this.warn().catch((error: unknown) => { this.parts.log.error({ error }, 'overdue ends could not be told'); });
    });
  }
}

/** Whether anything may be there that must be taken back: a step that failed may have been done in part. */
function mayHaveChanged({ change }: EnginePlan): boolean {
  const counts = change?.counts;
  return counts === undefined || counts.done + counts.failed + counts.conflict > 0;
}

/** The space in which the change was asked for, as the change's own messages use it. */
function spaceOf({ origin }: EnginePlan): Schedule['space'] {
  const place = (origin as { place?: Place } | undefined)?.place;
  return place?.roomType === 'group' && idKey(place.roomId) !== '' ? { id: place.roomId, title: 'the space where the change was asked for' } : undefined;
}

function whyText({ id, decision, requester, automatic }: EnginePlan): string {
  if (automatic !== undefined) return `It is a part of plan ${id}. ${automatic.why}`;
  const by = decision?.by ?? requester;
  return `It is a part of plan ${id}, approved by ${by.displayName === '' ? by.email : by.displayName} on ${decision?.at.slice(0, 10) ?? ''}.`;
}

function dueText(schedule: Schedule): string {
  return schedule.when.kind === 'once' ? `${timeIn(schedule.when.at, schedule.tz)} (${schedule.tz})` : '';
}

function overdueView(schedule: Schedule): View {
  const state = schedule.state === 'active' ? '' : ` It is ${markdown(stateText(schedule), 500)}`;
  return {
    audience: 'details',
    markdown: [
      `**Overdue: ${markdown(schedule.title)}**`,
      `Change **${planOf(schedule)}** was to be taken back on ${markdown(dueText(schedule))} under the account of ${markdown(ownerName(schedule))}, and that is not done.${state}`,
      `Last try: ${markdown(lastText(schedule), 700)}. See \`schedules show ${schedule.id}\`.`,
    ].join('\n'),
  };
}

function nothingView(schedule: Schedule): View {
  return { audience: 'details', markdown: `**${markdown(schedule.title)}**: the time of change **${planOf(schedule)}** is over, and nothing of it was left to take back.` };
}

function openView(schedule: Schedule, open: readonly { subject: string; reason: string }[]): View {
  const more = open.length > MOST_LINES ? [`- and ${count(open.length - MOST_LINES, 'other')}`] : [];
  return {
    audience: 'details',
    markdown: [
      `**${markdown(schedule.title)}**: the time of change **${planOf(schedule)}** is over, and this could not be taken back yet. It is tried again each hour.`,
      ...open.slice(0, MOST_LINES).map(({ subject, reason }) => `- ${markdown(subject, 300)}: ${markdown(reason, 500)}`), ...more,
    ].join('\n'),
  };
}

function reportView({ schedule }: JobRun, plan: JobPlan): View {
  const undone = plan.steps.filter(({ n }) => ['failed', 'conflict', 'cancelled'].includes(plan.outcomes.get(n)?.state ?? 'cancelled'));
  const isWaiting = plan.state === 'pending';
  const open = undone.length + plan.problems.filter(({ settled }) => settled !== true).length;
  const again = isWaiting || open === 0 ? '' : ' What is not done is tried again each hour.';
  const headline = isWaiting ? 'it waits for a press' : plan.finishedAt === undefined ? `plan ${plan.id} is ${plan.state}` : open === 0 ? 'taken back' : 'not all is taken back';
  const lines = plan.steps.map((step) => {
    const outcome = plan.outcomes.get(step.n);
    const word = isWaiting || outcome === undefined ? 'To be done' : outcome.state === 'done' ? 'Done' : outcome.state === 'skipped' ? 'Already so' : 'Not done';
    return `- ${word}: ${markdown(step.sentence, 700)}${outcome?.reason === undefined || word === 'Already so' ? '' : `. ${markdown(outcome.reason, 500)}`}`;
  });
  const more = lines.length > MOST_LINES ? [`- and ${count(lines.length - MOST_LINES, 'other')}: \`changes show ${plan.id}\``] : [];
  return {
    audience: 'details',
    markdown: [
      `**End of ${markdown(changeTitleOf(schedule))}**: ${headline}.${again} (change **${planOf(schedule)}**, plan **${plan.id}**)`,
      ...plan.waits.map((line) => `- ${markdown(line, 700)}`),
      ...lines.slice(0, MOST_LINES), ...more,
      ...plan.problems.slice(0, MOST_LINES).map(({ subject, reason }) => `- Left as it is: ${markdown(subject, 300)}: ${markdown(reason, 500)}`),
    ].join('\n'),
  };
}
