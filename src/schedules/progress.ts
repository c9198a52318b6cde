import type { LastRun, Schedule, When } from './define.js';
import { nextRuns } from './when.js';
import { HOUR } from './when-dates.js';

/** A `once` that is not done is tried again after so many milliseconds, unless the run says otherwise. */
const RETRY_MS = HOUR;

/** What came of a run. `retryMs` (milliseconds) is for `once` only. */
export interface RunResult {
  outcome: 'done' | 'waits' | 'failed';
  /** A sentence for chat. */
  note: string;
  retryMs?: number;
}

/** When a schedule that begins or goes on now is due: a `once` whose time has passed at once, all others at their next time. */
export function dueFrom(when: When, now: number): { nextDue?: string } {
  const nextDue = when.kind === 'once' ? new Date(Math.max(Date.parse(when.at), now)).toISOString() : nextRuns(when, now, 1)[0];
  return nextDue === undefined ? {} : { nextDue };
}

/** True for a run that was begun and has not ended. */
export function isUnderWay({ last }: Schedule): boolean {
  return last !== undefined && last.finishedAt === undefined;
}

/**
 * The schedule with a run begun, and its next time. The same object when there is nothing to run now.
 * A run without an end is one that a crash cut off, since whoever asks holds the lease: it is taken up as it stands.
 */
export function begun(schedule: Schedule, now: number, askedBy?: string): Schedule {
  const { nextDue, ...rest } = schedule;
  const isDue = nextDue !== undefined && Date.parse(nextDue) <= now;
  if (schedule.state !== 'active') return schedule;
  if (isUnderWay(schedule)) return isDue ? { ...rest, ...laterThan(schedule, now) } : schedule;
  if (!isDue && askedBy === undefined) return schedule;
  const at = new Date(now).toISOString();
  const due = askedBy !== undefined ? at : schedule.when.kind === 'once' ? schedule.when.at : nextDue ?? at;
  const last: LastRun = { due, startedAt: at, ...(askedBy === undefined ? {} : { askedBy }), ...openPlan(schedule) };
  return { ...rest, ...(isDue ? laterThan(schedule, now) : nextDue === undefined ? {} : { nextDue }), last };
}

/** The schedule with what came of its run. What was noted meanwhile (the plan has ended already) is newer and stays. */
export function ended(schedule: Schedule, run: LastRun, result: RunResult, now: number): Schedule {
  const { last } = schedule;
  if (last?.startedAt !== run.startedAt || last.due !== run.due) return schedule;
  const at = new Date(now).toISOString();
  const finished: Schedule = { ...schedule, last: last.outcome === undefined ? { ...last, finishedAt: at, outcome: result.outcome, note: result.note } : { ...last, finishedAt: last.finishedAt ?? at } };
  if (result.outcome !== 'failed') finished.since = last.startedAt;
  if (schedule.when.kind !== 'once' || schedule.state !== 'active') return settled(finished);
  const isAhead = schedule.nextDue !== undefined && Date.parse(schedule.nextDue) > now;
  return settled(isAhead ? finished : { ...finished, nextDue: new Date(now + (result.retryMs ?? RETRY_MS)).toISOString() });
}

/** A `once` whose run is done does not run any more. */
export function settled(schedule: Schedule): Schedule {
  if (schedule.when.kind !== 'once' || schedule.last?.outcome !== 'done') return schedule;
  const { nextDue: _none, reason: _over, ...rest } = schedule;
  return { ...rest, state: 'done' };
}

/** The next time when this one is used up; a `once` has none until its run has ended. */
export function laterThan({ when }: Schedule, now: number): { nextDue?: string } {
  return when.kind === 'once' ? {} : dueFrom(when, now);
}

/** A `once` that waits for its plan looks after the same plan again. */
function openPlan({ when, last }: Schedule): Pick<LastRun, 'plan' | 'fingerprint'> {
  if (when.kind !== 'once' || last?.outcome !== 'waits') return {};
  return { ...(last.plan === undefined ? {} : { plan: last.plan }), ...(last.fingerprint === undefined ? {} : { fingerprint: last.fingerprint }) };
}
