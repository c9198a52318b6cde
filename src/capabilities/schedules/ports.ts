import type { Context, Job, Poster } from '../../bot/define.js';
import type { Outcome, PlanDraft, Problem, Step, StepKind } from '../../changes/define.js';
import type { Json } from '../../lib/canonical.js';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Owner, Schedule } from '../../schedules/define.js';
import type { Scheduler } from '../../schedules/scheduler.js';

/** Who did something, as Webex says. */
export interface EnginePerson {
  personId: string;
  email: string;
  displayName: string;
}

/** What is used of a plan of the change engine. */
export interface EnginePlan {
  /** The first 10 characters of `hash`. */
  id: string;
  hash: string;
  organization: { id: string; name: string };
  requester: EnginePerson;
  title: string;
  createdAt: string;
  stepCount: number;
  /** Number of steps by kind. */
  kinds: Record<string, number>;
  warnings: string[];
  problems: Problem[];
  approval: { by: 'requester' | 'other'; why: string };
  look?: true;
  state: string;
  decision?: { how: string; by?: EnginePerson; at: string; reason?: string };
  change?: {
    state: string;
    finishedAt?: string;
    pause?: { reason: string };
    counts?: Record<'done' | 'skipped' | 'conflict' | 'failed' | 'cancelled' | 'left', number>;
  };
  origin?: Json;
  /** The schedule that made it, and the time for which. */
  schedule?: string;
  due?: string;
  /** Present when it was applied without a press. */
  automatic?: { why: string };
  /** Why it is more than the limits of additions and removals let through. */
  over?: string;
  /** When the change is to be taken back by itself. */
  until?: string;
}

/** What the engine tells: `approved`, `finished`, `paused`, `rejected`, `withdrawn`, `expired` and others. */
export interface EngineNews {
  type: string;
  plan: EnginePlan;
  /** Found at start, perhaps told before. */
  again?: true;
}

/** The change engine as schedules use it. What is refused is a CallerMistake. */
export interface EnginePort {
  /** With `automatic` the plan is applied at once, unless it does more than the limits, cannot be undone, or is about administrators. */
  plan(request: {
    organization: { id: string; name: string }; requester: EnginePerson; draft: PlanDraft; schedule: string; due: string; automatic?: { why: string };
  }): Promise<EnginePlan>;
  /** Takes a plan back that still waits; only its requester can. */
  withdraw(asking: { organization: string; id: string; by: EnginePerson }): Promise<EnginePlan>;
  /** A draft that takes back what a finished change did. */
  undo(asking: { organization: string; id: string; by: EnginePerson }): Promise<PlanDraft>;
  /** Throws CallerMistake `UNKNOWN_PLAN`. */
  get(organization: string, id: string): Promise<EnginePlan>;
  list(organization: string): Promise<EnginePlan[]>;
  steps(organization: string, id: string): Promise<Step[]>;
  outcomes(organization: string, id: string): Promise<ReadonlyMap<number, Outcome>>;
  /** Gives a function that ends the listening. */
  on(listener: (news: EngineNews) => void): () => void;
}

/** What a schedule's job may use, if its owner may act now as Webex says. The code `UNREADABLE` means that Webex could not be asked. */
export type ContextFor = (schedule: Schedule) => Promise<{ ok: true; context: Context } | { ok: false; code: string; reason: string }>;

/** What the schedules capability is made of. */
export interface SchedulesParts {
  scheduler: Scheduler;
  /** The jobs of all capabilities. */
  jobs(): readonly Job[];
  /** What limits plans that are applied by themselves: where it changes, they wait for a press once more. */
  limits: Json;
  /** What steps there are, and what an account needs for them. */
  kinds: readonly StepKind[];
  engine: EnginePort;
  contextFor: ContextFor;
  poster: Poster;
  /** The linked accounts that reach the organization. */
  admins(organization: string): Promise<Owner[]>;
  /** The organization's part of the store. */
  records(organization: string): Context['records'];
  organizations(): Promise<string[]>;
  clock: Clock;
  log: Log;
}
