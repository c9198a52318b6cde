import { CallerMistake } from '../lib/errors.js';
import { sameId } from '../lib/ids.js';
import { count, plain } from '../lib/text.js';
import type { ReadClient } from '../webex/call.js';
import type { Asking } from './approvals.js';
import { difference, elementsOf, fit, narrow } from './compare.js';
import type { Changed, Outcome, PlanDraft, Problem, Step, StepDraft } from './define.js';
import { readJournal } from './journal.js';
import { parallel } from './parallel.js';
import { wordsOf } from './perform.js';
import type { PlanStore } from './plan-store.js';
import type { EngineParts } from './ports.js';
import type { Person, Plan } from './records.js';
import { changeTold, told } from './tell.js';

const READS_AT_ONCE = 32;

/** A person by any of these texts: ids and addresses. */
export type Only = readonly { id: string; email: string }[];

/** By target, the elements that were taken back. */
type Taken = Map<string, ReadonlySet<string>>;

/** Stands for a value that is no set. */
const WHOLE = '';

type Made = { step: StepDraft } | { problem: Problem } | undefined;

/** Makes drafts of plans from what a change really did: to take it back, or to do again what failed. */
export class Undoing {
  constructor(private readonly parts: EngineParts, private readonly plans: PlanStore) {}

  /** The finished change that this person asked for last. */
  async last(organization: string, by: Person): Promise<string> {
    const finished = (await this.plans.list(organization))
      .filter((plan) => plan.change?.finishedAt !== undefined && sameId(plan.requester.personId, by.personId))
      .sort((a, b) => ((a.change?.finishedAt ?? '') < (b.change?.finishedAt ?? '') ? 1 : -1));
    if (!finished[0]) throw new CallerMistake({ code: 'UNKNOWN_PLAN', message: 'You have no finished change in this organization.' });
    return finished[0].id;
  }

  /**
   * A draft that takes back what the change really changed, the last step first. What is no longer as the change left it is left out
   * and named. `only`: only what concerns these people; `steps`: only these step numbers. Reads Webex with the account of `by`.
   */
  async undo({ organization, id, by, only, steps: chosen }: Asking & { only?: Only; steps?: ReadonlySet<number> }): Promise<PlanDraft> {
    const { plan, steps, outcomes } = await this.finished(organization, id, 'undone');
    const reader = await this.reader(organization, by);
    const wanted = steps.filter((step) => chosen?.has(step.n) ?? true).reverse();
    const taken = await this.takenBack(plan);
    const made = gather(await parallel(wanted, READS_AT_ONCE, (step) => this.inverse(reader, step, outcomes.get(step.n), only, taken)));
    return {
      ...made, title: `Undo: ${only === undefined && chosen === undefined ? '' : `${made.steps.length} of ${count(steps.length, 'step')} of `}${plan.title}`, command: `changes undo ${plan.id}`, warnings: await this.foreseen(reader, made.steps), undoes: plan.id, notes: plan.notes,
      ...(await this.endAgain(plan)),
    };
  }

  /** A draft of what failed, was in conflict or was cancelled, from what Webex shows now. */
  async retry({ organization, id, by }: Asking): Promise<PlanDraft> {
    const { plan, steps, outcomes } = await this.finished(organization, id, 'done again');
    const reader = await this.reader(organization, by);
    const open = steps.filter((step) => ['failed', 'conflict', 'cancelled'].includes(outcomes.get(step.n)?.state ?? 'cancelled'));
    const made = gather(await parallel(open, READS_AT_ONCE, (step) => this.again(reader, step)));
    const overwritten = open.filter((step) => outcomes.get(step.n)?.state === 'conflict').length;
    const warnings = [
      ...(overwritten === 0 ? [] : [`${count(overwritten, 'step')} would overwrite what somebody else has set since the first plan.`]),
      ...(await this.foreseen(reader, made.steps)),
    ];
    return { ...made, title: `Again: ${plan.title}`, command: `changes retry ${plan.id}`, warnings, retries: plan.id, notes: plan.notes, ...(plan.until === undefined ? {} : { until: plan.until }) };
  }

  /** What the kinds say of steps that were planned at another time. */
  private async foreseen(reader: ReadClient, steps: readonly StepDraft[]): Promise<string[]> {
    const names = [...new Set(steps.map(({ kind }) => kind))];
    const said = await Promise.all(names.map(async (name) => (await this.plans.kind(name).foresee?.(reader, steps.filter(({ kind }) => kind === name))) ?? []));
    return said.flat();
  }

  /** What earlier undoings of this change have taken back, by target: elements of its set, or the whole of another value. */
  private async takenBack({ id, organization }: Plan): Promise<Taken> {
    const taken: Taken = new Map();
    for (const plan of await this.plans.list(organization.id)) {
      if (plan.undoes !== id || plan.change?.finishedAt === undefined) continue;
      const { outcomes } = await readJournal(this.plans.partition(organization.id), plan.id);
      for (const step of await this.plans.steps(plan)) {
        const changed = outcomes.get(step.n)?.changed;
        if (changed === undefined) continue;
        const elements = elementsOf(changed.after);
        const before = taken.get(step.target) ?? new Set<string>();
        taken.set(step.target, new Set([...before, ...(elements === undefined ? [WHOLE] : Object.keys(elements))]));
      }
    }
    return taken;
  }

  /** Who takes the undoing of a change with an end back has a change with that end again. */
  private async endAgain({ undoes, organization }: Plan): Promise<Pick<PlanDraft, 'until'>> {
    const until = undoes === undefined ? undefined : (await this.plans.find(organization.id, undoes))?.value.until;
    return until === undefined || until <= this.parts.clock.iso() ? {} : { until };
  }

  private async inverse(reader: ReadClient, step: Step, outcome: Outcome | undefined, only: Only | undefined, taken: Taken): Promise<Made> {
    const whole = changedBy(step, outcome);
    const changed = whole === undefined || only === undefined || concerns(step.target, only) ? whole : narrow(whole, (key) => isAmong(key, only));
    if (changed === undefined || (only !== undefined && !concerns(step.target, only) && !elementsOf(changed.after))) return undefined;
    const subject = plain(step.sentence, 300);
    const kind = this.plans.kind(step.kind);
    if (kind.version !== step.version) return { problem: { subject, reason: 'Steward was updated since, and cannot take it back safely.' } };
    if (!kind.reversible) return { problem: { subject, reason: 'This cannot be taken back.' } };
    try {
      const planned = kind.invert(step, changed);
      const live = await this.plans.kind(planned.kind).read(reader, asStep(planned, 0));
      const still = stillOurs(changed, live);
      if (still === undefined) {
        if (fit(planned, live) === 'already') return outcome?.unconfirmed === true ? undefined : { problem: { subject, reason: 'It is already as it was before the change.', settled: true } };
        return { problem: { subject, reason: 'Somebody else has changed it since. It is left as it is now.', settled: true } };
      }
      const gone = taken.get(step.target);
      const ours = gone === undefined ? still : gone.has(WHOLE) ? undefined : narrow(still, (key) => !gone.has(key));
      if (ours === undefined) return { problem: { subject, reason: 'It was taken back before. That it is so again is no work of this change.', settled: true } };
      return { step: kind.invert(step, ours) };
    } catch (error) {
      return { problem: { subject, reason: wordsOf(error).reason } };
    }
  }

  private async again(reader: ReadClient, step: Step): Promise<Made> {
    const { n: _n, version, ...draft } = step;
    const subject = plain(step.sentence, 300);
    if (this.plans.kind(step.kind).version !== version) return { problem: { subject, reason: 'Steward was updated since. Ask for it anew.' } };
    try {
      const live = await this.plans.kind(step.kind).read(reader, step);
      return fit(step, live) === 'already' ? { problem: { subject, reason: 'It is so already.' } } : { step: { ...draft, before: live } };
    } catch (error) {
      return { problem: { subject, reason: wordsOf(error).reason } };
    }
  }

  private async finished(organization: string, id: string, what: string): Promise<{ plan: Plan; steps: Step[]; outcomes: Map<number, Outcome> }> {
    const plan = await this.plans.get(organization, id);
    if (!plan.change) throw new CallerMistake({ code: 'NOT_NOW', message: `Nothing of plan ${id} was applied, so it cannot be ${what}. ${told(plan)}` });
    if (plan.change.finishedAt === undefined) {
      throw new CallerMistake({ code: 'NOT_NOW', message: `Change ${id} cannot be ${what} before it has ended: ${changeTold(plan)} \`changes cancel ${id}\` ends it.` });
    }
    const { outcomes } = await readJournal(this.plans.partition(organization), id);
    return { plan, steps: await this.plans.steps(plan), outcomes };
  }

  private async reader(organization: string, by: Person): Promise<ReadClient> {
    const authority = await this.parts.accounts.authority(organization, by.personId);
    if (!authority.ok) throw new CallerMistake({ code: 'NOT_ALLOWED', message: authority.reason });
    return this.parts.accounts.reader(authority.account);
  }
}

/** What the step changed for sure or perhaps. Perhaps is enough, since the live value decides. */
function changedBy(step: Step, outcome: Outcome | undefined): Changed | undefined {
  return outcome?.unconfirmed === true ? difference(step.before, step.after) : outcome?.changed;
}

/** The part of the change that Webex still shows as the change left it. */
function stillOurs(changed: Changed, live: Step['before']): Changed | undefined {
  const now = elementsOf(live);
  const after = elementsOf(changed.after);
  if (now && after) return narrow(changed, (key) => (now[key] ?? 'absent') === after[key]);
  return difference(changed.after, live) === undefined ? changed : undefined;
}

function gather(made: readonly Made[]): Pick<PlanDraft, 'steps' | 'problems'> {
  const steps: StepDraft[] = [];
  const problems: Problem[] = [];
  for (const one of made) {
    if (one === undefined) continue;
    if ('step' in one) steps.push(one.step);
    else problems.push(one.problem);
  }
  return { steps, problems };
}

function asStep(draft: StepDraft, version: number): Step {
  return { ...draft, n: 0, version };
}

function concerns(target: string, only: Only): boolean {
  return target.split(/\s+/).some((word) => isAmong(word, only));
}

function isAmong(word: string, only: Only): boolean {
  return only.some(({ id, email }) => sameId(word, id) || word.toLowerCase() === email.toLowerCase());
}
