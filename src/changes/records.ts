import type { Json } from '../lib/canonical.js';
import type { Guard, Problem, StepState } from './define.js';

/** Who did something, as Webex says. */
export interface Person {
  personId: string;
  email: string;
  displayName: string;
}

export type PlanState = 'pending' | 'approved' | 'rejected' | 'expired' | 'superseded';
export type ChangeState = 'queued' | 'running' | 'paused' | 'done' | 'cancelled';

/** Steps by how they ended; `left` have not ended yet. */
export type Counts = Record<StepState | 'left', number>;

/** Who must say yes. */
export interface ApprovalRule {
  by: 'requester' | 'other';
  /** A sentence. */
  why: string;
  /** For `other`: who could approve when last looked (plan made, reminder, somebody linked). The press is checked anew. */
  eligible: Person[];
  /** Where nobody could: a sentence that says who must link. */
  nobody?: string;
}

/** How a pending plan ended. */
export interface Decision {
  how: 'approved' | 'rejected' | 'withdrawn' | 'expired' | 'superseded';
  /** Absent when time or a later plan did it. */
  by?: Person;
  at: string;
  reason?: string;
}

/** Why a change does not go on. */
export interface Pause {
  code: 'ASKED' | 'FIRST_STEPS' | 'FAILURES' | 'UNAUTHORIZED' | 'AUTHORITY' | 'LOOK_ONLY' | 'PLAN_CHANGED' | 'STORE';
  /** A sentence. */
  reason: string;
  by?: Person;
  at: string;
}

/** An approved plan being applied, or done. */
export interface Change {
  state: ChangeState;
  /** Stop after the step with this number: the first steps were asked for. */
  first?: number;
  startedAt?: string;
  finishedAt?: string;
  pause?: Pause;
  /** Asked for and not yet in force; kept so that a restart does not forget it. */
  wish?: 'pause' | 'cancel';
  /** What a person asked for last. */
  last?: { action: 'pause' | 'resume' | 'cancel'; by: Person; at: string };
  /** When paused or finished. */
  counts?: Counts;
}

/** The head of a plan: sealed record `plans/<id>`. Its steps are the immutable log `plan-steps-<id>`. */
export interface Plan {
  /** The first 10 characters of `hash`. */
  id: string;
  hash: string;
  organization: { id: string; name: string };
  /** The plan runs with this person's account, whoever approves. */
  requester: Person;
  title: string;
  command: string;
  createdAt: string;
  /** Limits approval, not applying. */
  expiresAt: string;
  stepCount: number;
  /** Number of steps by kind. */
  kinds: Record<string, number>;
  /** How many steps by the label of their kind. */
  labels: Record<string, number>;
  /** Calls of Webex that applying it is expected to need. */
  calls: number;
  warnings: string[];
  problems: Problem[];
  notes: string[];
  approval: ApprovalRule;
  /** Made while the organization was set to look only: it cannot be applied. */
  look?: true;
  state: PlanState;
  decision?: Decision;
  change?: Change;
  /** Where it was asked for; the engine only keeps it. */
  origin?: Json;
  undoes?: string;
  retries?: string;
  /** The schedule that made it: its next plan supersedes this one. */
  schedule?: string;
  /** The time for which the schedule made it. */
  due?: string;
  /** Applied without a press: why that was approved before. */
  automatic?: { why: string };
  /** Per limit and set, how many are added or removed. */
  guards?: (Guard & { n: number })[];
  /** Why it is more than the limits of additions and removals let through. */
  over?: string;
  /** When the change is taken back by itself, and when it is begun (ISO 8601). */
  until?: string;
  from?: string;
  alternatives?: { title: string; command: string }[];
}

/** How far a change is. */
export interface Progress {
  total: number;
  counts: Counts;
  /** Milliseconds that the rest is expected to take at the pace so far; undefined while that cannot be told. */
  leftMs: number | undefined;
  /** Until when Webex asks us to wait (milliseconds since 1970), when it does. */
  waitsUntil: number | undefined;
}

/** What the engine tells its listeners. `again`: found at start, perhaps told before. */
export type EngineEvent =
  | { type: 'planned'; plan: Plan; again?: true }
  | { type: 'reminded'; plan: Plan }
  /** Others may approve it than when it was made. */
  | { type: 'widened'; plan: Plan }
  | { type: 'approved' | 'rejected' | 'withdrawn' | 'expired' | 'superseded'; plan: Plan }
  | { type: 'started'; plan: Plan }
  | { type: 'progress'; plan: Plan; progress: Progress }
  | { type: 'paused' | 'finished'; plan: Plan; again?: true };
