import type { Outcome, PlanDraft, Problem, Step, StepKind } from '../changes/define.js';
import type { Json } from '../lib/canonical.js';
import type { Clock } from '../lib/clock.js';
import { sameId } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import type { Schedule, Schedules } from '../schedules/define.js';
import type { SealedRecords } from '../store/sealed.js';
import type { Partition } from '../store/store.js';
import type { ReadClient } from '../webex/call.js';

/** Who sent the message or pressed the button, always as Webex says. */
export interface Caller {
  personId: string;
  email: string;
  displayName: string;
  orgId: string;
}

/** Where the message was written. */
export interface Place {
  roomId: string;
  roomType: 'direct' | 'group';
  /** The root of the thread, when in one: replies go there. */
  threadId?: string;
  messageId: string;
}

/** A person as found in the directory or read live. */
export interface PersonRef {
  id: string;
  email: string;
  displayName: string;
  orgId: string;
}

/** What was asked for where people are expected: each either found, or named with the reason why not. */
export interface PeopleArgument {
  people: PersonRef[];
  /** `subject` is what was written (cleaned), `reason` a sentence. */
  problems: { subject: string; reason: string }[];
}

export type ArgumentKind =
  /** One person / several people: addresses, @mentions, names, `group:"Name"`, `department:Sales`. Value: PeopleArgument. */
  | 'person'
  | 'people'
  /** Value: string. */
  | 'text'
  /** One of `choices`. Value: string. */
  | 'choice';

/** One argument of a command. Text, card inputs, help and the README all come from it. */
export interface Argument {
  name: string;
  kind: ArgumentKind;
  label: string;
  help: string;
  required: boolean;
  /** Given without `name=`, in the order of the list. The last positional one takes the rest of the words. */
  positional?: boolean;
  choices?: { title: string; value: string }[];
  /** For people: words that stand for themselves, such as `everyone`. The value is then that word, as a string. */
  keywords?: string[];
  /** Used when a text has none and the argument is not required. */
  default?: string;
  /** Only bound by buttons: help does not show it. */
  hidden?: true;
  /** For text: words like `mode=look` belong to the value (`settings set mode=look`). Elsewhere an unknown `key=` is a mistake. */
  assignment?: true;
}

export interface Access {
  /** False for the few commands that work without a linked account (`help`, `account link`). */
  linked: boolean;
  /** All of these OAuth scopes. */
  scopes: readonly string[];
  /** Any one of these role names (accounts/roles table); empty: none. */
  roles: readonly string[];
  /**
   * For commands by which people answer what Steward asks them: whoever in the organization a card was made for (Button.only) may press it, also one
   * who may not use Steward. Such a command decides by `caller` and what its button is bound to alone, and answers nothing but that.
   */
  addressed?: true;
}

/** A button: a bound call of a command. Its card carries only an opaque token. */
export interface Button {
  title: 'Approve' | 'Reject' | 'Withdraw' | 'Remind' | 'Undo' | 'Undo some…' | 'Retry failed' | 'Continue' | 'Cancel' | 'Next' | 'Add more' | (string & {});
  command: string;
  /** Arguments by name, as text; merged over by the card's inputs of the same name that the command declares. */
  arguments: Record<string, string>;
  /** Only this person may press it. Absent: anybody who may run the command. */
  only?: string;
  /** Spent by the first press whose command ran without an error. */
  once?: true;
  style?: 'positive' | 'destructive';
}

export interface FileOut {
  name: string;
  content: Buffer;
  /** A picture that belongs to the message (a chart): it is posted in its thread where the message is, not to 1:1. */
  inline?: true;
}

/** What a command shows. Foreign text in `markdown` is already escaped; in `data` it is raw, the renderer escapes it. */
export interface View {
  /** Shown where no card is, and as its fallback. */
  markdown: string;
  card?: { template: string; data: Record<string, unknown>; buttons?: Button[] };
  files?: FileOut[];
  /** `details`: names, addresses, plans: subject to the audience rules. `private`: always the caller's 1:1. `open`: nothing personal. */
  audience: 'details' | 'private' | 'open';
}

/** What a command answers. */
export type Answer =
  | { kind: 'view'; view: View }
  /** Becomes a stored plan and its card. */
  | { kind: 'plan'; draft: PlanDraft }
  /** Another command as text, run as the same caller at the same place with all of its own checks ([Plan again]). */
  | { kind: 'run'; command: string }
  /** Already shown by the command's own means (a plan's transition that the engine announces). */
  | { kind: 'handled' };

/** The values of a command's arguments by name. */
export type Values = Record<string, string | PeopleArgument | undefined>;

/** A CSV attached to the message. */
export interface AttachedCsv {
  filename: string;
  bytes: Buffer;
}

/** Settings as they hold at this place: of the site, the space, the organization, else the default. */
export interface Settings {
  get(key: string, scope?: { site?: string }): Promise<string>;
}

/** Everything that a command may use. */
export interface Context {
  caller: Caller;
  place: Place;
  organization: { id: string; name: string };
  /** The caller's linked account; commands with `access.linked` always have one. */
  account: { personId: string; email: string; scopes: readonly string[]; roles: readonly string[] } | undefined;
  /** Reads Webex as the caller. Every write through it throws. */
  webex: ReadClient;
  /** Searches the directory of the organization: at most `limit` people, best first. */
  findPeople(text: string, limit: number): Promise<PersonRef[]>;
  /** Reads people live by address; unknown ones are not in the map. Keys are lower-case addresses. */
  peopleByEmail(emails: readonly string[]): Promise<Map<string, PersonRef>>;
  records: Partition;
  /** Records under seal, for what decides about later changes (rules). Reading one that was changed outside Steward throws SealBroken. */
  sealed<T>(collection: string): SealedRecords<T>;
  /** Writes to the organization's audit log, as the caller. Resolves when durable. */
  audit(action: string, subject: string, details: { [key: string]: Json }): Promise<void>;
  settings: Settings;
  schedules: Schedules;
  /** What the plans of this command (`spaces sync`) were made by has changed: those of the organization that wait end, with the reason as a sentence. `set`: only those that change this set of a Guard. */
  outdate(command: string, reason: string, set?: string): Promise<void>;
  csv: AttachedCsv | undefined;
  /** How the caller asked. With `button` the arguments that the card has no input for were bound by us. With `schedule` nobody asked: the caller is the schedule's owner. */
  via: 'text' | 'button' | 'schedule';
  clock: Clock;
  log: Log;
}

/** One thing that a caller can ask for. */
export interface Command {
  noun: string;
  /** Empty for the noun alone (its card or overview). */
  verb: string;
  summary: string;
  examples: string[];
  arguments: Argument[];
  /** Only called by buttons: help does not show it. */
  hidden?: true;
  /** Header of the CSV that the command takes from the message; `?` behind a column means it may be missing. */
  csv?: string[];
  access: Access;
  /** True when it makes a plan. */
  plans: boolean;
  run(context: Context, values: Values): Promise<Answer>;
}

/** One run of a schedule. */
export interface JobRun {
  schedule: Schedule;
  /** When it was due (ISO 8601). */
  due: string;
  /** When it will run next (ISO 8601), if it does. */
  next: string | undefined;
  /** True when somebody asked for it now ([Run now], [Send me one now], `schedules run`). */
  asked: boolean;
}

/** What a run found. With a draft that has steps, the report comes when its plan has ended; else `view` is the report. */
export interface JobAnswer {
  draft?: PlanDraft;
  /** The report of a run without steps: what was read, or that nothing changed (one line). */
  view?: View;
  /** The hash of everything that the owner approves with the first plan: rules, limits, facts. Where it is another than the approved one, the plan waits for a press. */
  fingerprint?: string;
  /** Why this plan must not be applied without a press, as sentences. */
  holds?: string[];
  /** The run has done its part by making the plan: whether it is approved is the owner's business, and no reason to run again. */
  handsOver?: true;
  /** `failed`: the report (then about the failure) is posted all the same. A `once` runs again later. */
  outcome: 'done' | 'failed';
  /** One line for `schedules`: "12 added, 3 removed", "nothing to change". Foreign text already cleaned. */
  note: string;
}

/** The plan that a run made, as far as it has come. */
export interface JobPlan {
  id: string;
  title: string;
  /** `done`, `cancelled`, `paused` of the change; or how the plan ended without one: `rejected`, `expired`, `superseded`; or `pending`. */
  state: string;
  /** Why it waits for a press. */
  waits: string[];
  warnings: string[];
  problems: Problem[];
  steps: Step[];
  /** By step number. */
  outcomes: ReadonlyMap<number, Outcome>;
  finishedAt: string | undefined;
}

/** Something that Steward does at set times, with the account of the one who scheduled it. */
export interface Job {
  /** `spaces sync`. */
  name: string;
  /** What the owner's account must be able to do; read from Webex before each run. */
  access: Access;
  /** The audience of its reports is decided at each run, as with any view. A throw is a failed run: it is reported as failed. */
  run(context: Context, run: JobRun): Promise<JobAnswer>;
  /** The report about a plan that it made: when it waits for a press, and when it has ended. Files in it go to the owner's 1:1. */
  report?(context: Context, run: JobRun, plan: JobPlan): Promise<View>;
}

/** A summary of something, to be asked for (`reports now <name>`) or posted at set times (`reports schedule <name>`). Changes nothing. */
export interface Report {
  /** `licenses`, one word. */
  name: string;
  /** "License usage". */
  title: string;
  summary: string;
  access: Access;
  /** `since`: the beginning of the period that it is about (ISO 8601): its last run, or a day or a week ago. */
  make(context: Context, options: { since: string }): Promise<View>;
}

/** One area of admin work. */
export interface Capability {
  name: string;
  commands: Command[];
  stepKinds: StepKind[];
  jobs?: Job[];
  reports?: Report[];
}

/** The organization as an option of reads. Webex: only administrators of another organization may name it; at home it is left out. */
export function orgOption(context: Pick<Context, 'caller' | 'organization'>): { orgId?: string } {
  return sameId(context.caller.orgId, context.organization.id) ? {} : { orgId: context.organization.id };
}

/** The value of a people argument; empty when it was not given. */
export function peopleOf(values: Values, name: string): PeopleArgument {
  const value = values[name];
  return typeof value === 'object' ? value : { people: [], problems: [] };
}

/** The value of a text or choice argument; undefined when it was not given or is empty. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A message of ours, to be edited or taken away later. */
export interface Posted {
  messageId: string;
  roomId: string;
}

/** Posts for the bot, outside of the answer to one message: plans, progress, results. Audience rules apply. */
export interface Poster {
  /** To a place (in its thread), or to one person's 1:1. Details that a space may not see go to `person` instead. */
  post(to: { place?: Place; person: string; organization: string }, view: View): Promise<Posted>;
  /** Replaces the text of a message that has neither card nor file. Webex takes at most 10 edits a message. */
  edit(message: Posted, markdown: string): Promise<void>;
  /** Takes a message away; nothing when it is gone already. */
  remove(message: Posted): Promise<void>;
}

/** Turns a command's plan draft into a stored plan and posts its card. Handed in, since the shell knows no capability. */
export type PlanMaker = (context: Context, draft: PlanDraft) => Promise<void>;
