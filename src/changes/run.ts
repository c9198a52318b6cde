import { setMaxListeners } from 'node:events';
import type { Json } from '../lib/canonical.js';
import { messageOf } from '../lib/errors.js';
import { WebexRefused } from '../webex/errors.js';
import type { ReadClient, WriteClient } from '../webex/call.js';
import { mayDo } from './authority.js';
import type { Outcome, Step, StepKind } from './define.js';
import { Journal, type JournalState } from './journal.js';
import type { Locks } from './locks.js';
import { parallel } from './parallel.js';
import { perform, StepPutOff, type Tools } from './perform.js';
import type { PlanStore } from './plan-store.js';
import type { EngineAccount, EngineParts } from './ports.js';
import type { Counts, Pause, Plan, Progress } from './records.js';
import { nameOf } from './tell.js';

/** Targets worked on at once. The client paces the calls. */
const SIDE_BY_SIDE = 64;
const FAILURES_IN_A_ROW = 10;
/** How old what we know of the requester's authority may be. */
const AUTHORITY_MS = 30_000;
/** How long calls may still take after the run was told to stop; then those that only wait are ended. */
const GRACE_MS = 2_000;
const PATIENCE_MS = [500, 1_500, 3_000];

/** Why a run ended before its last step. */
export type Halt = { why: 'cancel' } | { why: 'stop' } | { why: 'pause'; pause: Omit<Pause, 'at'> };

/** One change being applied: from its first open step until done or told to stop. */
export class Run {
  halted: Halt | undefined;
  private readonly outcomes: Map<number, Outcome>;
  private readonly counts: Counts;
  private readonly abort = new AbortController();
  private readonly startedAt: number;
  private finishedHere = 0;
  private failuresInARow = 0;
  /** Whether a delicate step was done in this run: then Webex takes such steps now. */
  private isProven = false;
  private authorityReadAt: number;
  private authorityReading: Promise<void> | undefined;
  private failure: Error | undefined;
  private readonly journal: Journal;
  private readonly reader: ReadClient;
  private readonly writer: WriteClient;

  constructor(
    private readonly parts: EngineParts,
    private readonly plans: PlanStore,
    private readonly locks: Locks,
    private readonly plan: Plan,
    private readonly steps: readonly Step[],
    private readonly state: JournalState,
    account: EngineAccount,
    private readonly onProgress: (progress: Progress) => void,
  ) {
    // Every call under way listens to it.
    setMaxListeners(0, this.abort.signal);
    this.outcomes = state.outcomes;
    this.counts = countOutcomes(steps, state.outcomes, false);
    this.startedAt = this.authorityReadAt = parts.clock.now();
    this.journal = new Journal(plans.partition(plan.organization.id), plan.id, () => parts.clock.iso());
    this.reader = stoppable(parts.accounts.reader(account), this.abort.signal);
    this.writer = { ...stoppable(parts.accounts.writer(account), this.abort.signal), writes: true };
  }

  /** Does what is open. Resolves when no call is under way and the journal is durable; throws when the journal cannot be written. */
  async go(): Promise<void> {
    const { clock } = this.parts;
    const first = this.plan.change?.first ?? Infinity;
    const open = this.steps.filter((step) => step.n <= first && !this.outcomes.has(step.n));
    // Steps in doubt go first, so that after a crash the truth is known soon.
    const targets = byTarget(open).sort((a, b) => this.doubtsIn(b) - this.doubtsIn(a));
    const tick = (): void => {
      this.onProgress(this.progress());
      timer = clock.after(5_000, tick);
    };
    let timer = clock.after(5_000, tick);
    try {
      let begun = 0;
      // Where Webex would do the half of each, only few are to find that out.
      for (; begun < targets.length && !this.isProven && this.isDelicate(targets[begun]); begun += 1) await this.target(targets[begun] ?? []);
      await parallel(targets.slice(begun), SIDE_BY_SIDE, (steps) => this.target(steps));
    } finally {
      timer.cancel();
      await this.journal.settled();
    }
    if (this.failure) throw this.failure;
  }

  /** After a cancel: finds out what became of calls of which nobody knows whether they happened; writes nothing more. */
  async findOut(): Promise<void> {
    const doubtful = this.steps.filter((step) => this.state.doubts.has(step.n) && !this.outcomes.has(step.n));
    await parallel(doubtful, SIDE_BY_SIDE, (step) => this.step(step, true));
    await this.journal.settled();
  }

  /** Starts nothing more. What is under way is finished; calls that only wait for Webex are ended after a moment. */
  halt(halt: Halt): void {
    if (this.halted === undefined) this.parts.clock.after(GRACE_MS, () => { this.abort.abort(new Error('The change was told to stop.')); });
    // A cancel also ends what was pausing; the program's own end must not hide either.
    if (this.halted === undefined || (halt.why === 'cancel' && this.halted.why !== 'stop')) this.halted = halt;
  }

  progress(): Progress {
    const elapsed = this.parts.clock.now() - this.startedAt;
    return {
      total: this.steps.length,
      counts: { ...this.counts },
      leftMs: this.finishedHere < 3 ? undefined : (elapsed / this.finishedHere) * this.counts.left,
      waitsUntil: this.writer.waitingUntil(),
    };
  }

  private async target(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (this.halted) return;
      await this.freshAuthority();
      if (this.isHalted()) return;
      await this.step(step, false);
    }
  }

  private async step(step: Step, truthOnly: boolean): Promise<void> {
    const { organization } = this.plan;
    const doubt = this.state.doubts.get(step.n);
    let outcome: Outcome;
    try {
      outcome = await this.locks.hold(organization.id, `target ${step.target}`, () => this.perform(step, doubt, truthOnly), this.abort.signal);
    } catch (error) {
      if (truthOnly) outcome = { state: 'cancelled', unconfirmed: true, reason: 'Webex could not be asked whether it happened.' };
      else if (error instanceof StepPutOff) return;
      else if (this.abort.signal.aborted) {
        // Its call was ended while it waited, or before it was verified.
        if (!this.state.doubts.has(step.n)) this.state.doubts.set(step.n, step.before);
        return;
      } else {
        // Ours, not Webex's: nothing more may be started, and the others end in order.
        this.failure ??= error instanceof Error ? error : new Error(messageOf(error));
        this.halt({ why: 'pause', pause: { code: 'STORE', reason: messageOf(error) } });
        return;
      }
    }
    this.journal.conclude(step.n, outcome);
    this.outcomes.set(step.n, outcome);
    this.counts[outcome.state] += 1;
    this.counts.left -= 1;
    this.finishedHere += 1;
    this.failuresInARow = outcome.state === 'failed' ? this.failuresInARow + 1 : 0;
    if (outcome.state === 'done') this.isProven = true;
    if (this.failuresInARow === FAILURES_IN_A_ROW && !truthOnly) {
      this.halt({ why: 'pause', pause: { code: 'FAILURES', reason: `${FAILURES_IN_A_ROW} steps in a row failed. The last reason: ${outcome.reason ?? ''}` } });
    }
    this.onProgress(this.progress());
  }

  private perform(step: Step, doubt: Json | undefined, truthOnly: boolean): Promise<Outcome> {
    // The lease may have been waited for.
    if (this.isHalted() && !truthOnly) throw new StepPutOff();
    const kind = this.plans.kind(step.kind);
    const tools: Tools = {
      kind,
      reader: this.reader,
      writer: this.writer,
      journal: this.journal,
      clock: this.parts.clock,
      patience: this.parts.patience ?? PATIENCE_MS,
      signal: this.abort.signal,
      stops: (error) => this.stops(error, kind),
    };
    return perform(tools, step, doubt, truthOnly);
  }

  /** 401 (the client has refreshed once), or a 403 where the account has lost role or scope: not this step's fault, all others would fail too. */
  private async stops(error: unknown, kind: StepKind): Promise<boolean> {
    if (error instanceof WebexRefused && error.status === 401) {
      this.halt({ why: 'pause', pause: { code: 'UNAUTHORIZED', reason: `Webex no longer accepts the account of ${nameOf(this.plan.requester)}: ${messageOf(error)}` } });
      return true;
    }
    if (!(error instanceof WebexRefused) || error.status !== 403) return false;
    const authority = await mayDo(this.parts.accounts, this.plan.organization.id, this.plan.requester.personId, [kind]);
    if (authority.ok || authority.code === 'UNREADABLE') return false;
    this.halt({ why: 'pause', pause: { code: 'AUTHORITY', reason: authority.reason } });
    return true;
  }

  /** Reads the requester's authority again when what is known is too old. One reading serves all that wait. */
  private freshAuthority(): Promise<void> {
    const { clock } = this.parts;
    if (this.authorityReading) return this.authorityReading;
    if (clock.now() - this.authorityReadAt < AUTHORITY_MS) return Promise.resolve();
    const { organization, requester } = this.plan;
    this.authorityReading = patientlyMayDo(this.parts, organization.id, requester.personId, this.plans.kindsOf(this.plan), this.abort.signal)
      .then((authority) => {
        this.authorityReadAt = clock.now();
        if (!authority.ok) this.halt({ why: 'pause', pause: { code: 'AUTHORITY', reason: authority.reason } });
      })
      .finally(() => {
        this.authorityReading = undefined;
      });
    return this.authorityReading;
  }

  private isDelicate(steps: readonly Step[] = []): boolean {
    return steps.some((step) => this.plans.kind(step.kind).isDelicate?.(step) === true);
  }

  private doubtsIn(steps: readonly Step[]): number {
    return steps.some((step) => this.state.doubts.has(step.n)) ? 1 : 0;
  }

  private isHalted(): boolean {
    return this.halted !== undefined;
  }
}

/** `mayDo`, asked again a few times when Webex does not answer. What stays unreadable means no. */
export async function patientlyMayDo(parts: EngineParts, organization: string, personId: string, kinds: readonly StepKind[], signal?: AbortSignal): ReturnType<typeof mayDo> {
  for (const wait of parts.patience ?? PATIENCE_MS) {
    const authority = await mayDo(parts.accounts, organization, personId, kinds);
    if (authority.ok || authority.code !== 'UNREADABLE' || signal?.aborted === true) return authority;
    await parts.clock.sleep(wait, signal).catch(() => undefined);
  }
  return mayDo(parts.accounts, organization, personId, kinds);
}

/** Steps by how they ended. */
export function countOutcomes(steps: readonly Step[], outcomes: ReadonlyMap<number, Outcome>, cancelled: boolean): Counts {
  const counts: Counts = { done: 0, skipped: 0, conflict: 0, failed: 0, cancelled: 0, left: 0 };
  for (const { n } of steps) counts[outcomes.get(n)?.state ?? (cancelled ? 'cancelled' : 'left')] += 1;
  return counts;
}

/** The steps of each target in the order of the plan, targets in the order of their first step. */
function byTarget(steps: readonly Step[]): Step[][] {
  const targets = new Map<string, Step[]>();
  for (const step of steps) {
    const found = targets.get(step.target);
    if (found) found.push(step);
    else targets.set(step.target, [step]);
  }
  return [...targets.values()];
}

/** The client with every call bound to the signal, which ends waiting and reading. */
function stoppable(client: ReadClient, signal: AbortSignal): ReadClient {
  return {
    owner: client.owner,
    tickets: client.tickets,
    waitingUntil: () => client.waitingUntil(),
    send: (call) => client.send({ ...call, signal }),
    follow: (link, like) => client.follow(link, { ...like, signal }),
    xml: (call) => client.xml({ ...call, signal }),
  };
}
