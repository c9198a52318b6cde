import type { Json } from '../lib/canonical.js';

/** Who a schedule belongs to: as Webex says. It runs under this person's account. */
export interface Owner {
  personId: string;
  email: string;
  displayName: string;
  orgId: string;
}

/** When a schedule runs. Times of day are those of `tz` (an IANA name); in the hour that daylight saving repeats it runs once, in the one it skips right after. */
export type When =
  /** Each `ms` milliseconds, counted from `from` (ISO 8601). */
  | { kind: 'every'; ms: number; from: string }
  /** Five fields: minute, hour, day of month, month, day of week. */
  | { kind: 'cron'; cron: string; tz: string }
  /** Once, and again after what failed until it is done. */
  | { kind: 'once'; at: string };

export type ScheduleState =
  | 'active'
  /** Somebody asked for it. */
  | 'paused'
  /** Its owner cannot act any more; another administrator may take it over. */
  | 'suspended'
  /** A `once` that is done. Kept for those who ask. */
  | 'done';

/** What came of a run. */
export interface LastRun {
  /** When it was due, and when it was begun and ended (ISO 8601). */
  due: string;
  startedAt: string;
  finishedAt?: string;
  outcome?: 'done' | 'waits' | 'failed';
  /** A sentence for chat. */
  note?: string;
  /** The plan that it made, as long as its report is still to come. */
  plan?: string;
  /** The fingerprint of the rules that this plan was made by: what an approval of the plan approves. */
  fingerprint?: string;
  /** Who asked for this run besides its times. */
  askedBy?: string;
}

/** The job that takes a change back at the end that was approved with it. Its input names the plan, its title, and the kinds of its steps. */
export const END_JOB = 'changes end';

/** A job that runs at set times: sealed record `schedules/<id>` of its organization. */
export interface Schedule {
  /** Eight signs. */
  id: string;
  organization: { id: string; name: string };
  owner: Owner;
  /** The name of a Job. */
  job: string;
  /** What the job needs to know. */
  input: Json;
  /** What it does, in words: "Spaces follow their groups". Foreign text already cleaned. */
  title: string;
  when: When;
  /** The time zone in which its times are told. */
  tz: string;
  /** The space that gets its reports; without it, the owner's 1:1. */
  space?: { id: string; title: string };
  state: ScheduleState;
  /** Why it is paused or suspended. */
  reason?: string;
  /** The fingerprint of the rules and limits under which its plans are applied without a press, and who approved that and when. */
  approved?: { fingerprint: string; by: { personId: string; displayName: string }; at: string };
  createdAt: string;
  /** When it is due next (ISO 8601); absent when it does not run any more. */
  nextDue?: string;
  last?: LastRun;
  /** When the last run that did not fail was begun (ISO 8601), the one under way not counted: a report about a period begins there. */
  since?: string;
}

/** What a command hands in. The rest is filled in by the scheduler. */
export interface ScheduleDraft {
  /** Given where making it twice must make one (the end of a change); else chosen. */
  id?: string;
  job: string;
  input: Json;
  title: string;
  when: When;
  tz: string;
  space?: { id: string; title: string };
}

/** The schedules of one organization, as commands and jobs may use them. What is made belongs to the caller, and is audited. */
export interface Schedules {
  /** Makes it. With an id that is there already, gives the one that is there. */
  add(draft: ScheduleDraft): Promise<Schedule>;
  /** All of them, or those of one job; by next due time. */
  list(job?: string): Promise<Schedule[]>;
  /** Undefined for an id that this organization does not have. */
  find(id: string): Promise<Schedule | undefined>;
  /** Changes when or what it runs. Its approval stays only where the job finds the same rules. Throws CallerMistake `UNKNOWN_SCHEDULE`. */
  change(id: string, change: Partial<Pick<Schedule, 'when' | 'tz' | 'input' | 'title' | 'space'>>): Promise<Schedule>;
  remove(id: string): Promise<void>;
}
