import type { Context, Job, JobAnswer, JobRun } from '../../bot/define.js';
import { hashOf } from '../../lib/canonical.js';
import { CallerMistake } from '../../lib/errors.js';
import { idKey, sameId } from '../../lib/ids.js';
import { markdown } from '../../lib/text.js';
import type { Schedule } from '../../schedules/define.js';
import type { RunOrder, RunResult } from '../../schedules/scheduler.js';
import { lackOf } from './access.js';
import type { EngineNews, EnginePlan, SchedulesParts } from './ports.js';
import type { Reports } from './reports.js';
import { suspend } from './suspend.js';
import { isWhole, planNote, reasonOf } from './words.js';

const DAY_MS = 24 * 60 * 60_000;

/** A job of this folder may say by itself why its plan was approved before. */
export interface OwnAnswer extends JobAnswer {
  why?: string;
}

/** How a plan that waited can end. */
const ENDS: ReadonlySet<string> = new Set(['finished', 'rejected', 'withdrawn', 'expired']);

/** Does what schedules say, with the accounts of their owners, and reports what came of it. */
export class Runs {
  /** Plans that wait, as a run of this process has said or is about to say: their end is reported when it is heard. */
  private readonly waiting = new Set<string>();
  /** Plans whose end a run waits for, and reports itself. */
  private readonly awaited = new Set<string>();
  /** Plans that are without use, and were taken back without a word. */
  private readonly retired = new Set<string>();

  constructor(private readonly parts: SchedulesParts, private readonly reports: Reports) {}

  /** One run. What fails is reported and not thrown, unless Steward stops. */
  async execute(schedule: Schedule, run: RunOrder): Promise<RunResult> {
    try {
      return await this.attempt(schedule, run);
    } catch (error) {
      // It may only have failed because of that, and is taken up at the next start.
      if (run.signal.aborted) throw error;
      return await this.failed(schedule, run.next, reasonOf(error, this.parts.log));
    }
  }

  private async attempt(schedule: Schedule, run: RunOrder): Promise<RunResult> {
    const job = this.parts.jobs().find(({ name }) => name === schedule.job);
    if (job === undefined) return this.failed(schedule, run.next, 'This Steward does not know how to do it. Remove the schedule, or ask whoever runs Steward.');
    const admitted = await this.admit(schedule);
    if (!admitted.ok) return this.refused(schedule, run, admitted);
    const { context } = admitted;
    const jobRun: JobRun = { schedule, due: run.due, next: run.next, asked: run.asked !== undefined };
    const earlier = await this.earlier(schedule, run);
    if (earlier !== undefined) return this.follow({ context, job, run: jobRun, signal: run.signal }, earlier, []);

    const answer = this.underLimits(await job.run(context, jobRun));
    const { draft } = answer;
    if (draft === undefined || draft.steps.length === 0) {
      await this.retire(schedule);
      const view = answer.view ?? { audience: 'details' as const, markdown: `**${markdown(schedule.title)}**: ${markdown(answer.note, 500)}` };
      if (answer.outcome === 'done' || (await this.mayComplain(schedule))) await this.reports.post(schedule, view);
      return { outcome: answer.outcome, note: answer.note };
    }
    const holds = [...(answer.holds ?? []), ...newRules(schedule, answer)];
    let plan: EnginePlan;
    try {
      plan = await this.parts.engine.plan({
        organization: schedule.organization, requester: personOf(schedule), draft, schedule: schedule.id, due: run.due,
        ...(holds.length === 0 ? { automatic: { why: answer.why ?? approvedText(schedule) } } : {}),
      });
    } catch (error) {
      if (!(error instanceof CallerMistake) || error.code !== 'NOT_ALLOWED') throw error;
      // The engine says the same word where Webex could not be asked.
      const again = await this.admit(schedule);
      return this.refused(schedule, run, again.ok ? { code: 'NOT_ALLOWED', reason: error.message } : again);
    }
    (plan.state === 'approved' ? this.awaited : this.waiting).add(plan.id);
    await run.keep({ id: plan.id, ...(answer.fingerprint === undefined ? {} : { fingerprint: answer.fingerprint }) });
    return this.follow({ context, job, run: jobRun, signal: run.signal }, plan, holds, answer);
  }

  /** Whoever approves rules approves them under the limits that hold then. */
  private underLimits(answer: OwnAnswer): OwnAnswer {
    return answer.fingerprint === undefined ? answer : { ...answer, fingerprint: hashOf({ rules: answer.fingerprint, limits: this.parts.limits }) };
  }

  /** Goes on with a plan: waits for its end when it is being applied, and reports. */
  private async follow(
    { signal, ...means }: { context: Context; job: Job; run: JobRun; signal: AbortSignal }, plan: EnginePlan, holds: string[], answer?: JobAnswer,
  ): Promise<RunResult> {
    const { schedule } = means.run;
    if (plan.state === 'pending' && answer?.handsOver === true) {
      this.waiting.delete(plan.id);
      await this.reports.ofPlan(means, plan, holds);
      return { outcome: 'done', note: answer.note };
    }
    if (plan.state === 'pending') {
      this.waiting.add(plan.id);
      const waits = holds.length > 0 && plan.over === undefined ? holds : [...holds, plan.over ?? plan.approval.why];
      if (await this.mayComplain(schedule)) await this.reports.ofPlan(means, plan, waits);
      return { outcome: 'waits', note: `Plan ${plan.id} waits for a press.` };
    }
    this.awaited.add(plan.id);
    try {
      const end = await this.rested(plan, signal);
      const isPaused = end.change?.state === 'paused';
      if (!isPaused || (await this.mayComplain(schedule))) await this.reports.ofPlan(means, end, []);
      if (isPaused) return { outcome: 'waits', note: `Plan ${end.id}: ${planNote(end)}` };
      if (!isWhole(end)) return { outcome: 'failed', note: planNote(end) };
      return { outcome: answer?.outcome ?? 'done', note: answer?.note ?? planNote(end) };
    } finally {
      this.awaited.delete(plan.id);
    }
  }

  /** A plan that waited has moved on: its approval is one of the rules that it was made by, its end is reported. */
  async hear({ type, plan, again }: EngineNews): Promise<void> {
    const { scheduler } = this.parts;
    const organization = plan.organization.id;
    if (plan.schedule === undefined || this.retired.delete(plan.id)) return;
    const schedule = await scheduler.get(organization, plan.schedule);
    if (schedule === undefined || this.awaited.has(plan.id)) return;
    const isTold = ENDS.has(type) && this.waiting.delete(plan.id);
    const isLast = schedule.last?.plan === plan.id;
    if (type === 'approved' && isLast) await this.approved(schedule, plan);
    // Where its run was cut off, the run is taken up and reports it: also one that is taken up at this moment.
    const isWaiting = isTold || schedule.last?.outcome === 'waits';
    if (ENDS.has(type) && isLast && isWaiting) await this.ended(schedule, plan);
    // A plan of an earlier run that was paused, or approved as the next run began.
    else if (type === 'finished' && !isLast && again !== true) await this.report(schedule, plan);
  }

  /** What happened to plans while nobody listened. */
  async catchUp(schedule: Schedule): Promise<void> {
    const { last } = schedule;
    if (last?.plan === undefined) return;
    const plan = await this.parts.engine.get(schedule.organization.id, last.plan).catch((error: unknown) => {
      if (error instanceof CallerMistake) return undefined;
      throw error;
    });
    if (plan === undefined) return;
    if (plan.state === 'approved' && (schedule.approved === undefined || schedule.approved.at < (plan.decision?.at ?? ''))) await this.approved(schedule, plan);
    if (last.outcome === 'waits' && (plan.change === undefined ? plan.state !== 'pending' : plan.change.finishedAt !== undefined)) await this.ended(schedule, plan);
  }

  /** A plan of this schedule that waits is about what was; it is taken back when there is nothing to do any more. */
  async retire(schedule: Schedule): Promise<void> {
    for (const plan of await this.parts.engine.list(schedule.organization.id)) {
      if (plan.schedule !== schedule.id || plan.state !== 'pending') continue;
      this.retired.add(plan.id);
      try {
        await this.parts.engine.withdraw({ organization: schedule.organization.id, id: plan.id, by: plan.requester });
      } catch (error) {
        this.retired.delete(plan.id);
        if (!(error instanceof CallerMistake)) throw error;
      }
    }
  }

  private async approved(schedule: Schedule, plan: EnginePlan): Promise<void> {
    const fingerprint = schedule.last?.fingerprint;
    // Whoever took the schedule over has approved nothing yet.
    if (plan.automatic !== undefined || fingerprint === undefined || !sameId(plan.requester.personId, schedule.owner.personId)) return;
    const { personId, displayName, email } = plan.decision?.by ?? plan.requester;
    await this.parts.scheduler.approve(schedule.organization.id, schedule.id, {
      fingerprint, by: { personId, displayName: displayName === '' ? email : displayName }, at: plan.decision?.at ?? this.parts.clock.iso(),
    });
  }

  private async ended(schedule: Schedule, plan: EnginePlan): Promise<void> {
    await this.report(schedule, plan);
    await this.parts.scheduler.note(schedule.organization.id, schedule.id, (found) => {
      if (found.last?.plan !== plan.id) return found;
      const { plan: _told, ...last } = found.last;
      return { ...found, last: { ...last, outcome: isWhole(plan) ? 'done' : 'failed', note: planNote(plan) } };
    });
  }

  private async report(schedule: Schedule, plan: EnginePlan): Promise<void> {
    const admitted = await this.admit(schedule);
    const context = admitted.ok ? admitted.context : { lacking: admitted.reason };
    const run: JobRun = { schedule, due: plan.due ?? plan.createdAt, next: schedule.nextDue, asked: schedule.last?.askedBy !== undefined };
    await this.reports.ofPlan({ context, job: this.parts.jobs().find(({ name }) => name === schedule.job), run }, plan, []);
  }

  /** The owner's account as Webex shows it now, when it may do what the schedule does. */
  private async admit(schedule: Schedule): Promise<{ ok: true; context: Context } | { ok: false; code: string; reason: string }> {
    const found = await this.parts.contextFor(schedule);
    if (!found.ok) return found;
    const lack = await lackOf(this.parts, schedule, found.context.account);
    return lack === undefined ? found : { ok: false, code: 'NOT_ALLOWED', reason: lack };
  }

  private async refused(schedule: Schedule, run: RunOrder, { code, reason }: { code: string; reason: string }): Promise<RunResult> {
    if (code !== 'UNREADABLE') {
      await suspend(this.parts, this.reports, schedule, { code, reason });
      return { outcome: 'failed', note: reason };
    }
    return this.failed(schedule, run.next, reason);
  }

  private async failed(schedule: Schedule, next: string | undefined, reason: string): Promise<RunResult> {
    if (await this.mayComplain(schedule)) await this.reports.failed(schedule, next, reason);
    return { outcome: 'failed', note: reason };
  }

  /** What is tried each hour complains once a day. */
  private async mayComplain(schedule: Schedule): Promise<boolean> {
    return schedule.when.kind !== 'once' || this.parts.records(schedule.organization.id).once(complaintOf(schedule), DAY_MS);
  }

  /** The plan of this very run, made before a restart or an hour ago; plans of earlier runs that are still being applied end first. */
  private async earlier(schedule: Schedule, { due, signal }: RunOrder): Promise<EnginePlan | undefined> {
    const { last } = schedule;
    const isOwn = (plan: EnginePlan): boolean => plan.id === last?.plan || (plan.due === due && plan.createdAt >= (last?.startedAt ?? ''));
    const plans = (await this.parts.engine.list(schedule.organization.id)).filter((plan) => plan.schedule === schedule.id);
    for (const plan of plans) {
      if (!isOwn(plan) && ['queued', 'running'].includes(plan.change?.state ?? '')) await this.rested(plan, signal);
    }
    return plans.find((plan) => isOwn(plan) && (plan.state === 'pending' || plan.state === 'approved'));
  }

  /** The plan once its change rests: finished, cancelled or paused. */
  private rested({ id, organization }: EnginePlan, signal: AbortSignal): Promise<EnginePlan> {
    const { engine } = this.parts;
    return new Promise<EnginePlan>((resolve, reject) => {
      const end = (): void => {
        off();
        signal.removeEventListener('abort', onStop);
      };
      const rest = (plan: EnginePlan): void => {
        end();
        resolve(plan);
      };
      const onStop = (): void => {
        end();
        reject(new Error('Steward stops.'));
      };
      const off = engine.on(({ type, plan }) => {
        if ((type === 'finished' || type === 'paused') && plan.id === id && sameId(plan.organization.id, organization.id)) rest(plan);
      });
      signal.addEventListener('abort', onStop);
      if (signal.aborted) onStop();
      engine.get(organization.id, id).then(
        (plan) => { if (plan.change?.finishedAt !== undefined || plan.change?.state === 'paused') rest(plan); },
        (error: unknown) => {
          end();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }
}

/** Once a day for all complaints about one schedule. */
export function complaintOf({ id }: Pick<Schedule, 'id'>): string {
  return `schedule-complaint ${id}`;
}

/** One text per schedule and organization. */
export function keyOf(organization: string, id: string): string {
  return `${idKey(organization)} ${id}`;
}

function personOf({ owner }: Schedule): { personId: string; email: string; displayName: string } {
  const { personId, email, displayName } = owner;
  return { personId, email, displayName };
}

/** Why the plan must be looked at: nobody has approved these rules yet. What an answer's own `why` covers was approved before. */
function newRules({ approved }: Schedule, { fingerprint, why }: OwnAnswer): string[] {
  if (why !== undefined || (fingerprint !== undefined && fingerprint === approved?.fingerprint)) return [];
  if (approved === undefined) return ['It is the first run under this account, so somebody must look at it. When it is approved, later runs go on by themselves.'];
  if (fingerprint === undefined) return ['What it would do was not approved before.'];
  return [`Its rules, groups or limits have changed since ${approved.by.displayName} approved them on ${approved.at.slice(0, 10)}.`];
}

function approvedText({ approved }: Schedule): string {
  return `Its rules were approved by ${approved?.by.displayName ?? ''} on ${approved?.at.slice(0, 10) ?? ''}.`;
}

