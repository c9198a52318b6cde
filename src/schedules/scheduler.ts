import { randomBytes } from 'node:crypto';
import type { Clock } from '../lib/clock.js';
import { CallerMistake } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import type { AuditLog } from '../store/audit.js';
import type { Store } from '../store/store.js';
import type { Vault } from '../store/vault.js';
import type { Owner, Schedule, Schedules } from './define.js';
import { dueFrom, isUnderWay, settled } from './progress.js';
import { ScheduleRecords, unknown } from './records.js';
import { Runs, type Execute } from './runs.js';
import { whenText } from './when.js';

export type { RunResult } from './progress.js';
export type { Execute, RunOrder } from './runs.js';

/** What the scheduler is made of. */
export interface SchedulerParts {
  store: Store;
  vault: Vault;
  audit: Pick<AuditLog, 'record'>;
  clock: Clock;
  log: Log;
  /** Names this process among several on one store. The embedded store has one process, whose restart takes its leases over at once. */
  instance?: string;
  /**
   * Does one run and resolves with what came of it. Never begun twice at the same time for one schedule. A rejection counts as failed.
   * Where `schedule.last.plan` is there, a run that was cut off, or that waits, has made this plan already.
   */
  execute: Execute;
}

/** Runs jobs at set times, over restarts: what was missed is caught up once, what was cut off is taken up, and nothing overlaps. */
export interface Scheduler {
  /** What a command gets. What it makes belongs to `owner`, who is also the one who is audited. */
  of(organization: { id: string; name: string }, owner: Owner): Schedules;
  /** Undefined for an id that this organization does not have. Throws SealBroken. */
  get(organization: string, id: string): Promise<Schedule | undefined>;
  /** By next due time. Records that were changed outside are logged and left out. */
  list(organization: string): Promise<Schedule[]>;
  /** A run under way goes on; nothing more is begun. `by` is a person id. */
  pause(organization: string, id: string, by: string, reason?: string): Promise<Schedule>;
  /** Paused or suspended ones go on with their next time after now; a `once` that is overdue runs at once. */
  resume(organization: string, id: string, by: string): Promise<Schedule>;
  /** Its owner cannot act any more. */
  suspend(organization: string, id: string, reason: string): Promise<Schedule>;
  /** It becomes another person's, active, and not approved. */
  takeOver(organization: string, id: string, owner: Owner): Promise<Schedule>;
  /** Sets or takes away under which fingerprint plans are applied without a press. */
  approve(organization: string, id: string, approved: Schedule['approved']): Promise<Schedule>;
  /** Changes the record, `change` being asked again when somebody was faster. Not audited: for what a run finds out. A `once` whose last outcome becomes `done` is done. */
  note(organization: string, id: string, change: (schedule: Schedule) => Schedule): Promise<Schedule>;
  /** Resolves when the run has begun. Throws CallerMistake `RUNS_ALREADY`, or `NOT_ACTIVE` for one that is paused, suspended or done. `by` is a person id. */
  runNow(organization: string, id: string, by: string): Promise<void>;
  /** Sets the timers, and takes up and catches up in the background. */
  start(): Promise<void>;
  /** Begins nothing more, and waits for its own writes only: the runs under way are told by their signal. */
  stop(): Promise<void>;
  /** Resolves when no run is under way. */
  idle(): Promise<void>;
}

export function createScheduler(parts: SchedulerParts): Scheduler {
  const { store, audit, clock } = parts;
  const records = new ScheduleRecords(parts);
  const runs = new Runs({ ...parts, instance: parts.instance ?? 'steward' }, records);

  const move: Scheduler['note'] = async (organization, id, change) => {
    const moved = await records.move(organization, id, change);
    runs.arm(moved);
    return moved;
  };
  /** First the audit, so that nothing is changed that could not be audited. */
  const told = async (organization: string, actor: string, action: string, id: string, details: (found: Schedule) => { [key: string]: unknown } = () => ({})): Promise<void> => {
    const found = await records.find(organization, id);
    if (!found) throw unknown();
    await audit.record(organization, { actor, action: `schedule.${action}`, subject: id, details: { title: found.title, ...details(found) } });
  };
  const stopped = (state: 'paused' | 'suspended', reason: string | undefined) => (schedule: Schedule): Schedule => {
    const { nextDue: _none, reason: _old, ...rest } = mustGoOn(schedule);
    return { ...rest, state, ...(reason === undefined ? {} : { reason }) };
  };
  const active = (schedule: Schedule): Schedule => {
    if (mustGoOn(schedule).state === 'active') return schedule;
    const { reason: _over, nextDue: _old, ...rest } = schedule;
    return { ...rest, state: 'active', ...dueFrom(schedule.when, clock.now()) };
  };

  return {
    of: (organization, owner) => ({
      add: async ({ id = randomBytes(4).toString('hex'), ...draft }) => {
        const there = await records.find(organization.id, id);
        if (there) return there;
        await audit.record(organization.id, {
          actor: owner.personId, action: 'schedule.added', subject: id,
          details: { title: draft.title, job: draft.job, input: draft.input, when: whenText(draft.when, draft.tz), space: draft.space?.id },
        });
        const { personId, email, displayName, orgId } = owner;
        const { schedule } = await records.add({
          id, organization: { id: organization.id, name: organization.name }, owner: { personId, email, displayName, orgId },
          ...draft, state: 'active', createdAt: clock.iso(), ...dueFrom(draft.when, clock.now()),
        });
        runs.arm(schedule);
        return schedule;
      },
      list: async (job) => (await records.list(organization.id)).filter((schedule) => job === undefined || schedule.job === job),
      find: (id) => records.find(organization.id, id),
      change: async (id, change) => {
        const { when, ...rest } = change;
        await told(organization.id, owner.personId, 'changed', id, ({ tz }) => ({ ...rest, ...(when === undefined ? {} : { when: whenText(when, change.tz ?? tz) }) }));
        return move(organization.id, id, (schedule) => {
          const { nextDue: _old, ...kept } = mustGoOn(schedule);
          if (when === undefined || schedule.state !== 'active') return { ...schedule, ...change };
          return { ...kept, ...change, ...dueFrom(when, clock.now()) };
        });
      },
      remove: async (id) => {
        await told(organization.id, owner.personId, 'removed', id);
        await records.remove(organization.id, id);
        runs.disarm(organization.id, id);
      },
    }),
    get: (organization, id) => records.find(organization, id),
    list: (organization) => records.list(organization),
    pause: async (organization, id, by, reason) => {
      await told(organization, by, 'paused', id, () => ({ reason }));
      return move(organization, id, stopped('paused', reason));
    },
    resume: async (organization, id, by) => {
      await told(organization, by, 'resumed', id);
      return move(organization, id, active);
    },
    suspend: async (organization, id, reason) => {
      await told(organization, 'steward', 'suspended', id, () => ({ reason }));
      return move(organization, id, stopped('suspended', reason));
    },
    takeOver: async (organization, id, { personId, email, displayName, orgId }) => {
      await told(organization, personId, 'taken-over', id, (found) => ({ from: found.owner.personId }));
      return move(organization, id, (schedule) => {
        const { approved: _old, ...rest } = active(schedule);
        return { ...rest, owner: { personId, email, displayName, orgId } };
      });
    },
    approve: async (organization, id, approved) => {
      await told(organization, approved?.by.personId ?? 'steward', approved === undefined ? 'approval-ended' : 'approved', id, () => ({ fingerprint: approved?.fingerprint }));
      return move(organization, id, (schedule) => {
        const { approved: _old, ...rest } = schedule;
        return approved === undefined ? rest : { ...rest, approved };
      });
    },
    note: (organization, id, change) => move(organization, id, (schedule) => settled(change(schedule))),
    runNow: async (organization, id, by) => {
      const found = await records.find(organization, id);
      if (!found) throw unknown();
      if (found.state !== 'active') throw new CallerMistake({ code: 'NOT_ACTIVE', message: `It cannot run now: it is ${found.state}.` });
      if (!runs.isGoing(organization, id)) {
        await told(organization, by, 'run-asked', id);
        if (await runs.begin(organization, id, by)) return;
      }
      throw new CallerMistake({ code: 'RUNS_ALREADY', message: 'It is running already. Its report comes when it has ended.' });
    },
    start: async () => {
      runs.start();
      for (const organization of await store.organizations()) {
        for (const schedule of await records.list(organization)) {
          if (!isUnderWay(schedule)) runs.arm(schedule);
          else if (schedule.state === 'active') runs.look(organization, schedule.id);
          else await records.move(organization, schedule.id, (found) => cutOff(found, clock.iso()));
        }
      }
    },
    stop: () => runs.stop(),
    idle: () => runs.idle(),
  };
}

function mustGoOn(schedule: Schedule): Schedule {
  if (schedule.state === 'done') throw new CallerMistake({ code: 'SCHEDULE_DONE', message: 'It has done what it was for and does not run any more.' });
  return schedule;
}

/** It was paused or suspended while it ran, and the program ended: it is not begun again. */
function cutOff(schedule: Schedule, at: string): Schedule {
  if (schedule.last === undefined || schedule.last.finishedAt !== undefined) return schedule;
  return { ...schedule, last: { ...schedule.last, finishedAt: at, outcome: 'failed', note: 'It was cut off when Steward stopped.' } };
}
