import type { Json } from '../lib/canonical.js';
import type { ReadClient, WriteClient } from '../webex/call.js';

/** What a command proposes: exactly one Webex write on one target. */
export interface StepDraft {
  /** The name of a StepKind. */
  kind: string;
  /** What is written, e.g. `delegates acme.webex.com cara@acme.test`. Steps of one target run in order, under one lease. */
  target: string;
  /** What the kind needs to make the call. */
  input: Json;
  /** Only what the write touches, as found. For sets a map element → `present` or `absent`. */
  before: Json;
  /** The same part as it shall be. */
  after: Json;
  /** The step in words, foreign text already cleaned: "Amy Adams may schedule for Cara Olsen on acme.webex.com". */
  sentence: string;
  /** Risky steps (removals, admins, outside people) are shown first. */
  risk?: 'removal' | 'admin' | 'outside';
  /** The set that the step adds to or removes from, where more than a limit of it must not change without a second person. */
  guard?: Guard;
}

/** Counted over the plan and the last 24 hours of the organization, per limit and set. */
export interface Guard {
  /** REMOVAL_LIMIT or ADD_LIMIT. */
  limit: 'removal' | 'add';
  /** The set: the key of a space's id. */
  set: string;
  /** In words, foreign text already cleaned. */
  name: string;
  /** How many are in the set now. */
  size: number;
}

export interface Step extends StepDraft {
  /** 1-based place in the plan. */
  n: number;
  /** The version of its kind when it was planned. */
  version: number;
}

/** What really changed: undo inverts this, not the plan. */
export interface Changed {
  before: Json;
  after: Json;
}

export type StepState = 'done' | 'skipped' | 'conflict' | 'failed' | 'cancelled';

export interface Outcome {
  state: StepState;
  /** Present when Webex was changed, also when the step failed half way. */
  changed?: Changed;
  /** In words, for everything but done. Foreign text already cleaned. */
  reason?: string;
  trackingId?: string;
  /** Webex took the write but does not show it yet, or could not be asked: whether it happened is not known. Undo looks again. */
  unconfirmed?: true;
}

/** What a write's answer says of the new value, if it says anything. */
export interface Applied {
  /** For `reply` kinds: the touched part as the answer shows it. */
  live?: Json;
  /** For `server` kinds: the answer was "already so" (409 on add, 404 on remove). */
  already?: boolean;
  /** What Webex changed besides, though nobody asked for it: a sentence. The step then counts as failed. */
  besides?: string;
  trackingId?: string | undefined;
}

/** How one kind of step is checked, applied and taken back. Registered by its capability. */
export interface StepKind {
  name: string;
  /** What such steps do, in words after a number of them: "give permission to schedule". */
  label: string;
  /** Raised when the meaning of `input`, `before` or `after` changes. */
  version: number;
  reversible: boolean;
  /** Privileged kinds always want a second person. */
  privileged: boolean;
  /** `read`: read before and after · `server`: the write tells · `reply`: the reply carries the new value. */
  check: 'read' | 'server' | 'reply';
  /** All of these scopes, any one of these roles (empty: none needed). */
  needs: { scopes: readonly string[]; roles: readonly string[] };
  /** What one call of this kind is expected to need, for the card's duration. */
  callsPerStep: number;
  /** The live value of the part that the step touches; used before, after, and after a crash. */
  read(webex: ReadClient, step: Step): Promise<Json>;
  /**
   * The one write. Called only when the live value differs from `after` and fits `before`. `live` is what `read` gave just now
   * (for `server` kinds, which are not read first, the step's `before`): of a set, write only the elements that still differ from `after`.
   */
  apply(webex: WriteClient, step: Step, live: Json): Promise<Applied>;
  /** What of the step Webex did not take, as a sentence, where `live` is not `after`. */
  shortfall?(step: Step, live: Json): string;
  /** True where Webex shows what this step writes in the answer to the write alone: without an answer it is not known whether it was done. */
  isHidden?(step: Step): boolean;
  /** True where Webex may do only a part of the step, which takes something away: others like it begin only when one was done. */
  isDelicate?(step: Step): boolean;
  /** What must be said before such steps, made from an earlier change, are approved, as sentences: that Webex shows no seat for them. */
  foresee?(webex: ReadClient, steps: readonly StepDraft[]): Promise<string[]>;
  /** The step that takes `changed` back. */
  invert(step: Step, changed: Changed): StepDraft;
}

/** Somebody or something that a command was asked for and that the plan leaves out, with the reason. */
export interface Problem {
  /** Foreign text already cleaned. */
  subject: string;
  reason: string;
  /** It is as it shall stay: nothing is to be tried again. */
  settled?: true;
}

/** What a command hands to the engine. */
export interface PlanDraft {
  /** "Let Amy Adams schedule for 3 hosts". */
  title: string;
  /** The command as text, by which [Plan again] makes a new plan. */
  command: string;
  steps: StepDraft[];
  warnings: string[];
  problems: Problem[];
  /** What the result shall say besides, e.g. that it can take a while to show. */
  notes?: string[];
  /** When the change is to be taken back by itself (ISO 8601): part of what is approved. */
  until?: string;
  /** When it is to be applied, once it is approved (ISO 8601). */
  from?: string;
  /** Other plans that could be made instead, as buttons of its card: [Add only]. */
  alternatives?: { title: string; command: string }[];
  /** Files that go to the caller with the plan, e.g. the rows of an import that could not be used. Not part of the plan. */
  files?: { name: string; content: Buffer }[];
  /** The change that this plan takes back. The engine checks whose it was and when. */
  undoes?: string;
  /** The change whose failed steps this plan does again. */
  retries?: string;
}
