import { CallerMistake, messageOf } from '../lib/errors.js';
import { idKey, sameId } from '../lib/ids.js';
import type { Asking } from './approvals.js';
import { mayDo } from './authority.js';
import type { Events } from './events.js';
import { readJournal } from './journal.js';
import type { Locks } from './locks.js';
import { PlanTampered, type PlanStore } from './plan-store.js';
import type { EngineAccount, EngineParts } from './ports.js';
import type { Change, Counts, Pause, Person, Plan } from './records.js';
import { countOutcomes, patientlyMayDo, Run, type Halt } from './run.js';
import { changeTold, nameOf, told } from './tell.js';

/** Steps by how they ended; with `cancelled`, those that are open count as cancelled. */
type Tally = (cancelled: boolean) => Counts;

/** Applies approved plans, and obeys pause, resume and cancel. */
export class Runner {
  private readonly runs = new Map<string, Run>();
  private readonly under = new Map<string, Promise<void>>();
  private readonly wishes = new Map<string, Promise<void>>();
  private stopping = false;

  constructor(
    private readonly parts: EngineParts,
    private readonly plans: PlanStore,
    private readonly events: Events,
    private readonly locks: Locks,
  ) {}

  /** Applies what is open of an approved plan, in the background. */
  launch(organization: string, id: string): void {
    const key = keyOf(organization, id);
    if (this.stopping || this.under.has(key)) return;
    const done = this.locks.hold(organization, `run ${id}`, () => this.apply(organization, id))
      .catch((error: unknown) => { this.parts.log.error({ error, organization, plan: id }, 'a change could not be applied further'); })
      .finally(() => this.under.delete(key));
    this.under.set(key, done);
  }

  /** Starts nothing more; resolves when no call is under way. Changes go on at the next start. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const run of this.runs.values()) run.halt({ why: 'stop' });
    await Promise.all(this.under.values());
  }

  /** Resolves when the change is not being worked on in this process. */
  async idle(organization: string, id: string): Promise<void> {
    await this.under.get(keyOf(organization, id));
  }

  /** Resolves when the last wish for this change is in force. */
  async obeyed(organization: string, id: string): Promise<void> {
    await this.wishes.get(keyOf(organization, id));
  }

  /** Stops after the calls under way; it can be resumed. */
  async pause(asking: Asking): Promise<Plan> {
    await this.mayStop(asking);
    return this.wish(asking, 'pause', ['queued', 'running'], { why: 'pause', pause: askedPause(asking.by) });
  }

  /** Stops for good: open steps are left, done ones stay. */
  async cancel(asking: Asking): Promise<Plan> {
    await this.mayStop(asking);
    return this.wish(asking, 'cancel', ['queued', 'running', 'paused'], { why: 'cancel' });
  }

  /** Goes on with a paused change. Authority is read from Webex for presser, requester and approver. */
  async resume({ organization, id, by }: Asking): Promise<Plan> {
    const plan = await this.plans.get(organization, id);
    if (plan.change?.state !== 'paused') throw notNow(plan);
    if ((await this.parts.settings.mode(organization)) === 'look') throw new CallerMistake({ code: 'LOOK_ONLY', message: 'This organization is set to look only (setting mode=look).' });
    for (const person of [by, ...actors(plan)]) {
      const authority = await mayDo(this.parts.accounts, organization, person.personId, this.plans.kindsOf(plan));
      if (authority.ok) continue;
      await this.parts.audit.record(organization, { actor: by.personId, action: 'change.resume-refused', subject: id, details: { person: person.personId, reason: authority.reason } });
      throw new CallerMistake({
        code: 'NOT_ALLOWED',
        message: sameId(person.personId, by.personId) ? `You may not let it go on: ${authority.reason}` : `It cannot go on: ${authority.reason} Another administrator can cancel it and do the rest with \`changes retry ${id}\`.`,
      });
    }
    const resumed = await this.plans.move(organization, id, (found) => {
      if (found.change?.state !== 'paused') throw notNow(found);
      const { pause: _pause, first: _first, counts: _counts, ...change } = found.change;
      return { ...found, change: { ...change, state: 'queued', last: { action: 'resume', by, at: this.parts.clock.iso() } } };
    });
    await this.parts.audit.record(organization, { actor: by.personId, action: 'change.resumed', subject: id });
    await this.idle(organization, id);
    this.launch(organization, id);
    return resumed;
  }

  /** Pauses all changes that run with this person's account, or on his approval: he unlinked, or lost what they need. */
  async pauseAll(organization: string, personId: string, reason: string): Promise<void> {
    for (const plan of await this.plans.list(organization)) {
      if (!actors(plan).some((person) => sameId(person.personId, personId))) continue;
      this.runs.get(keyOf(organization, plan.id))?.halt({ why: 'pause', pause: { code: 'AUTHORITY', reason } });
    }
  }

  private async wish({ organization, id, by }: Asking, action: 'pause' | 'cancel', from: Change['state'][], halt: Halt): Promise<Plan> {
    const plan = await this.plans.move(organization, id, (found) => {
      const { change } = found;
      if (!change || !from.includes(change.state) || change.wish === action || change.wish === 'cancel') throw notNow(found);
      return { ...found, change: { ...change, wish: action, last: { action, by, at: this.parts.clock.iso() } } };
    });
    await this.parts.audit.record(organization, { actor: by.personId, action: `change.${action}-asked`, subject: id });
    this.runs.get(keyOf(organization, id))?.halt(halt);
    // Whoever ends a run obeys the wish; one that came too late for that is obeyed by a launch of its own.
    const key = keyOf(organization, id);
    const obeyed = this.idle(organization, id).then(() => { this.launch(organization, id); }).then(() => this.idle(organization, id));
    this.wishes.set(key, obeyed);
    void obeyed.finally(() => this.wishes.delete(key));
    return plan;
  }

  /** Stopping is the safe direction: the requester and the approver always may, others if they may do the same. */
  private async mayStop({ organization, id, by }: Asking): Promise<void> {
    const plan = await this.plans.get(organization, id);
    if (!plan.change) throw notNow(plan);
    if (actors(plan).some((person) => sameId(person.personId, by.personId))) return;
    const authority = await mayDo(this.parts.accounts, organization, by.personId, this.plans.kindsOf(plan));
    if (authority.ok) return;
    await this.parts.audit.record(organization, { actor: by.personId, action: 'change.stop-refused', subject: id });
    throw new CallerMistake({ code: 'NOT_ALLOWED', message: `Only ${nameOf(plan.requester)}, the approver, or somebody who may make this change himself can stop it. ${authority.reason}` });
  }

  private async apply(organization: string, id: string): Promise<void> {
    const plan = await this.plans.get(organization, id);
    const { change } = plan;
    if (!change || change.state === 'done' || change.state === 'cancelled' || (change.state === 'paused' && change.wish === undefined)) return;
    if (change.wish === undefined && this.beginsLater(plan)) return;
    const steps = await this.plans.steps(plan).catch((error: unknown) => error);
    if (!Array.isArray(steps)) {
      await this.parts.audit.record(organization, { actor: 'steward', action: 'change.refused', subject: id, details: { reason: messageOf(steps) } });
      const code = steps instanceof PlanTampered ? 'PLAN_CHANGED' : 'STORE';
      await this.end(plan, change.wish === 'cancel' ? { why: 'cancel' } : { why: 'pause', pause: { code, reason: messageOf(steps) } });
      return;
    }
    const state = await readJournal(this.plans.partition(organization), id);
    const tally: Tally = (cancelled) => countOutcomes(steps, state.outcomes, cancelled);
    const make = (from: Plan, account: EngineAccount): Run =>
      new Run(this.parts, this.plans, this.locks, from, steps, state, account, (progress) => { this.events.emit({ type: 'progress', plan: from, progress }); });

    const account = await this.mayStart(plan, change);
    if ('why' in account) {
      // Without the account nothing can be found out: what is in doubt stays so for undo to look at.
      await this.end(plan, account, tally);
      return;
    }
    const run = make(plan, account);
    if (change.wish === 'cancel') {
      await run.findOut();
      await this.end(plan, { why: 'cancel' }, tally);
      return;
    }
    this.runs.set(keyOf(organization, id), run);
    try {
      const started = await this.begin(plan, run);
      await run.go().catch((error: unknown) => {
        this.parts.log.error({ error, organization, plan: id }, 'a change had to stop');
        run.halt({ why: 'pause', pause: { code: 'STORE', reason: messageOf(error) } });
      });
      if (run.halted?.why === 'cancel') await run.findOut();
      await this.end(started, run.halted, tally);
    } finally {
      this.runs.delete(keyOf(organization, id));
    }
  }

  /** Whether it was approved to begin at a time that has not come. It is launched again then, also after a restart. */
  private beginsLater(plan: Plan): boolean {
    const left = Date.parse(plan.from ?? '') - this.parts.clock.now();
    if (!(left > 0)) return false;
    this.parts.clock.after(left, () => { this.launch(plan.organization.id, plan.id); });
    return true;
  }

  /** The account to run with, or why it must not run. */
  private async mayStart(plan: Plan, change: Change): Promise<EngineAccount | Halt> {
    const organization = plan.organization.id;
    const kinds = this.plans.kindsOf(plan);
    if (change.wish === 'pause' && change.last) return { why: 'pause', pause: askedPause(change.last.by) };
    if ((await this.parts.settings.mode(organization)) === 'look' && change.wish !== 'cancel') {
      return { why: 'pause', pause: { code: 'LOOK_ONLY', reason: 'The organization is set to look only (setting mode=look).' } };
    }
    let account: EngineAccount | undefined;
    for (const person of actors(plan)) {
      const authority = await patientlyMayDo(this.parts, organization, person.personId, kinds);
      if (!authority.ok) return change.wish === 'cancel' ? { why: 'cancel' } : { why: 'pause', pause: { code: 'AUTHORITY', reason: authority.reason } };
      account ??= authority.account;
    }
    return account ?? { why: 'pause', pause: { code: 'AUTHORITY', reason: 'It has no requester.' } };
  }

  private async begin(plan: Plan, run: Run): Promise<Plan> {
    const organization = plan.organization.id;
    const at = this.parts.clock.iso();
    // First, so that nothing is applied that could not be audited.
    if (plan.change?.state === 'queued') {
      await this.parts.audit.record(organization, { actor: plan.requester.personId, action: 'change.started', subject: plan.id, details: { hash: plan.hash } });
    }
    const started = await this.plans.move(organization, plan.id, (found) => {
      // Asked for between the reading and now; whoever asked did not find the run yet.
      if (found.change?.wish === 'cancel') run.halt({ why: 'cancel' });
      if (found.change?.wish === 'pause' && found.change.last) run.halt({ why: 'pause', pause: askedPause(found.change.last.by) });
      return { ...found, change: { ...found.change, state: 'running', startedAt: found.change?.startedAt ?? at } };
    });
    if (!run.halted) this.events.emit({ type: 'started', plan: started });
    return started;
  }

  /** Writes how the run ended. A program that stops leaves the change as running. */
  private async end(plan: Plan, halt: Halt | undefined, tally?: Tally): Promise<void> {
    if (halt?.why === 'stop') return;
    const at = this.parts.clock.iso();
    const organization = plan.organization.id;
    const paused = halt?.why === 'pause' ? halt.pause : undefined;
    const ended = await this.plans.move(organization, plan.id, (found) => {
      const { wish, ...change } = found.change ?? { state: 'running' };
      // A cancel that came while the last calls were under way.
      const cancelled = halt?.why === 'cancel' || wish === 'cancel';
      const counts = tally?.(cancelled);
      const firstDone = !cancelled && counts !== undefined && counts.left > 0 && change.first !== undefined;
      const pause: Omit<Pause, 'at'> | undefined = cancelled ? undefined : paused ?? (firstDone ? { code: 'FIRST_STEPS', reason: `The first ${change.first} steps are done, as asked. The rest waits.` } : undefined);
      const { pause: _old, counts: oldCounts, ...rest } = change;
      const counted = counts ?? oldCounts;
      const head = { ...rest, ...(counted === undefined ? {} : { counts: counted }) };
      if (pause) return { ...found, change: { ...head, state: 'paused', pause: { ...pause, at } } };
      return { ...found, change: { ...head, state: cancelled ? 'cancelled' : 'done', finishedAt: at } };
    });
    const { change } = ended;
    if (!change) return;
    await this.parts.audit.record(organization, {
      actor: plan.requester.personId, action: `change.${change.state}`, subject: plan.id,
      details: { counts: change.counts, ...(change.pause === undefined ? {} : { code: change.pause.code, reason: change.pause.reason }) },
    });
    this.events.emit({ type: change.state === 'paused' ? 'paused' : 'finished', plan: ended });
  }
}

function askedPause(by: Person): Omit<Pause, 'at'> {
  return { code: 'ASKED', reason: `${nameOf(by)} paused it.`, by };
}

/** The requester, whose account is used, and then the approver. */
function actors(plan: Plan): Person[] {
  const approver = plan.decision?.by;
  return approver === undefined || sameId(approver.personId, plan.requester.personId) ? [plan.requester] : [plan.requester, approver];
}

function notNow(plan: Plan): CallerMistake {
  return new CallerMistake({ code: 'NOT_NOW', message: plan.change ? `Change ${plan.id}: ${changeTold(plan)}` : told(plan) });
}

function keyOf(organization: string, id: string): string {
  return `${idKey(organization)} ${id}`;
}
