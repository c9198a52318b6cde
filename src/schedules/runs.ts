import type { Clock, Timer } from '../lib/clock.js';
import { CallerMistake, StewardError } from '../lib/errors.js';
import { idKey } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import type { Store } from '../store/store.js';
import { SealBroken } from '../store/vault.js';
import type { LastRun, Schedule } from './define.js';
import { begun, ended, laterThan, type RunResult } from './progress.js';
import { isUnknown, type ScheduleRecords } from './records.js';
import { timeIn } from './when.js';

const LEASE_MS = 120_000;
const RENEW_MS = 40_000;
/** When another process has the run, or the store failed. */
const ASK_AGAIN_MS = 10_000;

/** What a run is told. */
export interface RunOrder {
  /** When it was due (ISO 8601). */
  due: string;
  /** Who asked for it besides its times (person id). */
  asked?: string;
  /** When it will run next (ISO 8601), if it does. */
  next: string | undefined;
  /** Aborted when Steward stops. What the run answers after that is not written: it is taken up at the next start. */
  signal: AbortSignal;
  /** Keeps the plan that it made, so that a run that is taken up does not make a second one. Resolves when durable. */
  keep(plan: { id: string; fingerprint?: string }): Promise<void>;
}

export type Execute = (schedule: Schedule, run: RunOrder) => Promise<RunResult>;

interface Parts {
  store: Store;
  clock: Clock;
  log: Log;
  instance: string;
  execute: Execute;
}

/** The timers of schedules, and their runs: one at a time for each. */
export class Runs {
  private readonly timers = new Map<string, Timer>();
  /** Runs under way in this process; `skipped` is the last due time that came meanwhile. */
  private readonly going = new Map<string, { skipped?: string }>();
  private readonly tasks = new Set<Promise<void>>();
  private readonly writes = new Set<Promise<unknown>>();
  private readonly stopping = new AbortController();
  private started = false;

  constructor(private readonly parts: Parts, private readonly records: ScheduleRecords) {}

  start(): void {
    this.started = true;
  }

  /** Starts nothing more. Resolves when nothing of ours is being written; the runs under way are told and left. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('Steward stops.'));
    for (const timer of this.timers.values()) timer.cancel();
    while (this.writes.size > 0) await Promise.allSettled(this.writes);
  }

  /** Resolves when no run is under way or about to begin. */
  async idle(): Promise<void> {
    while (this.tasks.size > 0) await Promise.allSettled(this.tasks);
  }

  isGoing(organization: string, id: string): boolean {
    return this.going.has(keyOf(organization, id));
  }

  /** Sets the timer of a schedule as it now stands. */
  arm({ organization, id, state, nextDue }: Schedule): void {
    this.disarm(organization.id, id);
    if (state === 'active' && nextDue !== undefined) this.later(organization.id, id, Date.parse(nextDue) - this.parts.clock.now());
  }

  disarm(organization: string, id: string): void {
    this.timers.get(keyOf(organization, id))?.cancel();
    this.timers.delete(keyOf(organization, id));
  }

  /** Runs what is due, or was cut off, in the background. */
  look(organization: string, id: string): void {
    if (!this.started || this.isStopping()) return;
    this.track(this.due(organization, id).catch((error: unknown) => {
      // A record that is refused stays refused. Whatever else failed may work later.
      if (!(error instanceof SealBroken) && !isUnknown(error)) this.later(organization, id, ASK_AGAIN_MS);
      if (!this.isStopping()) this.parts.log.error({ error, organization, schedule: id }, 'a schedule could not be run');
    }));
  }

  /** Begins a run. False when it runs already, here or in another process. Resolves when a crash could not lose it any more. */
  async begin(organization: string, id: string, askedBy?: string): Promise<boolean> {
    const key = keyOf(organization, id);
    if (this.going.has(key) || this.isStopping()) return false;
    const going = {};
    this.going.set(key, going);
    let run: Schedule | undefined;
    const partition = this.parts.store.organization(organization);
    try {
      if (!(await this.written(partition.lease(leaseOf(id), this.parts.instance, LEASE_MS))) || this.isStopping()) return false;
      const now = this.parts.clock.now();
      const found = await this.written(this.records.move(organization, id, (schedule) => begun(schedule, now, askedBy)));
      if (found.state === 'active' && found.last !== undefined && found.last.finishedAt === undefined) run = found;
      this.arm(found);
    } finally {
      if (run === undefined) {
        this.going.delete(key);
        void partition.release(leaseOf(id), this.parts.instance).catch(() => undefined);
      }
    }
    if (run !== undefined) this.track(this.perform(run, going));
    return true;
  }

  private async due(organization: string, id: string): Promise<void> {
    const going = this.going.get(keyOf(organization, id));
    if (going === undefined) {
      if (!(await this.begin(organization, id))) this.later(organization, id, ASK_AGAIN_MS);
      return;
    }
    const now = this.parts.clock.now();
    const skipped = await this.written(this.records.move(organization, id, (schedule) => {
      const { nextDue, ...rest } = schedule;
      if (nextDue === undefined || Date.parse(nextDue) > now || schedule.when.kind === 'once') return schedule;
      going.skipped = nextDue;
      return { ...rest, ...laterThan(schedule, now) };
    }));
    // A `once` is looked at when its run has ended.
    if (skipped.when.kind === 'once') return;
    this.parts.log.warn({ organization, schedule: id, due: going.skipped }, 'a run was skipped, since the one before was still going');
    this.arm(skipped);
  }

  private async perform(schedule: Schedule, going: { skipped?: string }): Promise<void> {
    const { organization: { id: organization }, id, last } = schedule;
    if (last === undefined) return;
    const partition = this.parts.store.organization(organization);
    const renew = (): void => {
      // A renewal that fails leaves the lease to run out, as after a crash.
      void partition.lease(leaseOf(id), this.parts.instance, LEASE_MS).catch(() => undefined);
      renewal = this.parts.clock.after(RENEW_MS, renew);
    };
    let renewal = this.parts.clock.after(RENEW_MS, renew);
    const after = await this.finished(schedule, last, going);
    renewal.cancel();
    // Asked for before the next run can ask for the lease.
    const released = partition.release(leaseOf(id), this.parts.instance).catch(() => undefined);
    this.going.delete(keyOf(organization, id));
    if (after === 'unwritten') this.later(organization, id, ASK_AGAIN_MS);
    else if (after !== undefined) this.arm(after);
    await released;
  }

  /** Executes, and writes what came of it. `unwritten` when the store failed: it stands there as cut off, and is taken up. */
  private async finished(schedule: Schedule, last: LastRun, going: { skipped?: string }): Promise<Schedule | 'unwritten' | undefined> {
    const { organization: { id: organization }, id, tz } = schedule;
    const result = await this.executed(schedule);
    // Stopped half way, it may only have failed because of that.
    if (this.isStopping()) return undefined;
    const note = going.skipped === undefined ? result.note : `${result.note} The run of ${timeIn(going.skipped, tz)} was skipped, since this one was still going.`.trim();
    const now = this.parts.clock.now();
    try {
      return await this.written(this.records.move(organization, id, (found) => ended(found, last, { ...result, note }, now)));
    } catch (error) {
      if (isUnknown(error)) return undefined;
      this.parts.log.error({ error, organization, schedule: id }, 'what came of a scheduled run could not be written');
      return 'unwritten';
    }
  }

  private async executed(schedule: Schedule): Promise<RunResult> {
    const { organization: { id: organization }, id, last, nextDue } = schedule;
    const order: RunOrder = {
      due: last?.due ?? '', next: nextDue, signal: this.stopping.signal,
      ...(last?.askedBy === undefined ? {} : { asked: last.askedBy }),
      keep: async (plan) => {
        await this.written(this.records.move(organization, id, (found) =>
          (found.last === undefined ? found : { ...found, last: { ...found.last, plan: plan.id, ...(plan.fingerprint === undefined ? {} : { fingerprint: plan.fingerprint }) } })));
      },
    };
    try {
      return await this.parts.execute(schedule, order);
    } catch (error) {
      if (!this.isStopping()) this.parts.log.error({ error, organization, schedule: id }, 'a scheduled run failed');
      return { outcome: 'failed', note: error instanceof CallerMistake ? error.message : `It failed${error instanceof StewardError ? `, error id ${error.id}` : ''}.` };
    }
  }

  private later(organization: string, id: string, ms: number): void {
    if (!this.started || this.isStopping()) return;
    this.disarm(organization, id);
    this.timers.set(keyOf(organization, id), this.parts.clock.after(Math.max(0, ms), () => { this.look(organization, id); }));
  }

  /** A getter would be taken for a constant by the compiler. */
  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private track(task: Promise<void>): void {
    this.tasks.add(task);
    void task.finally(() => this.tasks.delete(task));
  }

  private written<T>(write: Promise<T>): Promise<T> {
    this.writes.add(write);
    void write.catch(() => undefined).finally(() => this.writes.delete(write));
    return write;
  }
}

function keyOf(organization: string, id: string): string {
  return `${idKey(organization)} ${id}`;
}

function leaseOf(id: string): string {
  return `schedule ${id}`;
}
