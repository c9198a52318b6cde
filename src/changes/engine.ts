import { Bug } from '../lib/errors.js';
import { idKey } from '../lib/ids.js';
import type { Timer } from '../lib/clock.js';
import { Approvals, type Asking } from './approvals.js';
import type { Outcome, PlanDraft, Step } from './define.js';
import { Events, type Listener } from './events.js';
import { readJournal } from './journal.js';
import { Locks } from './locks.js';
import { PlanMaking, type PlanRequest } from './plans.js';
import { PlanStore } from './plan-store.js';
import type { EngineParts } from './ports.js';
import type { Plan } from './records.js';
import { DAY_MS } from './rules.js';
import { Runner } from './runner.js';
import { Undoing, type Only } from './undo.js';

/** Plan, approve, apply, undo: the only way in which Steward changes Webex. What is refused is a CallerMistake with a sentence for chat. */
export interface ChangeEngine {
  /** Freezes a draft as a stored plan; changes nothing. Throws CallerMistake `NOTHING_TO_DO` or `NOT_ALLOWED`. */
  plan(request: PlanRequest): Promise<Plan>;
  /** `hash`: of the plan that the presser saw. `first`: pause after the steps up to this number. */
  approve(asking: Asking & { hash: string; first?: number }): Promise<Plan>;
  reject(asking: Asking): Promise<Plan>;
  withdraw(asking: Asking): Promise<Plan>;
  remind(asking: Asking): Promise<Plan>;
  /** Somebody of the organization has linked: plans that wait for another person may now be approved by him. */
  widen(organization: string): Promise<void>;
  /** These three resolve when the wish is durable; the event tells when it is in force. */
  pause(asking: Asking): Promise<Plan>;
  resume(asking: Asking): Promise<Plan>;
  cancel(asking: Asking): Promise<Plan>;
  /** A draft that takes back what the change really changed: all, what concerns people, or some steps. `id` may be `last`. */
  undo(asking: Asking & { only?: Only; steps?: ReadonlySet<number> }): Promise<PlanDraft>;
  /** A draft of what failed, was in conflict or was cancelled. `id` may be `last`. */
  retry(asking: Asking): Promise<PlanDraft>;
  /** Throws CallerMistake `UNKNOWN_PLAN`. */
  get(organization: string, id: string): Promise<Plan>;
  /** Newest first. */
  list(organization: string): Promise<Plan[]>;
  steps(organization: string, id: string): Promise<Step[]>;
  /** By step number; a step that has not ended has none. */
  outcomes(organization: string, id: string): Promise<Map<number, Outcome>>;
  /** Gives a function that ends the listening. */
  on(listener: Listener): () => void;
  /** Resolves when the change is not being worked on. */
  idle(organization: string, id: string): Promise<void>;
  /** Resolves when a change that was told to stop has stopped. */
  ended(plan: Plan): Promise<void>;
  /** Says that people were told where this change stands, so that a restart does not tell it again. */
  reported(plan: Plan): Promise<void>;
  /** What plans of this command were made by has changed: those that wait (and change this set of a Guard) end, with this reason as a sentence. */
  outdate(organization: string, command: string, reason: string, set?: string): Promise<void>;
  /** Somebody unlinked, or lost what he needs: his plans that wait end, his changes pause. */
  dismiss(organization: string, personId: string, reason: string): Promise<void>;
  /** Takes up what the last process left: plans that wait, changes under way, results that nobody was told. */
  start(): Promise<void>;
  /** Starts nothing more and finishes the calls under way. */
  stop(): Promise<void>;
}

export function createChangeEngine(parts: EngineParts): ChangeEngine {
  const events = new Events(parts.log);
  const plans = new PlanStore(parts);
  const locks = new Locks(parts.store, parts.clock, parts.instance ?? 'steward');
  const runner = new Runner(parts, plans, events, locks);
  const timers = new Map<string, Timer>();
  let stopped = false;

  const watch = (plan: Plan): void => {
    if (stopped) return;
    const organization = plan.organization.id;
    const key = `${idKey(organization)} ${plan.id}`;
    const left = Math.max(0, Date.parse(plan.expiresAt) - parts.clock.now());
    timers.get(key)?.cancel();
    timers.set(key, parts.clock.after(left, () => {
      timers.delete(key);
      making.expire(organization, plan.id).catch((error: unknown) => {
        parts.log.error({ error, organization, plan: plan.id }, 'a plan could not be expired');
      });
    }));
  };
  const making = new PlanMaking(parts, plans, events, locks, watch);
  const approvals = new Approvals(parts, plans, making, events, locks);
  const undoing = new Undoing(parts, plans);

  const named = async (asking: Asking): Promise<string> =>
    asking.id.toLowerCase() === 'last' ? undoing.last(asking.organization, asking.by) : asking.id.toLowerCase();
  const withId = <T extends Asking>(asking: T): T => ({ ...asking, id: asking.id.toLowerCase() });

  const takeUp = async (organization: string): Promise<void> => {
    for (const plan of await plans.list(organization)) {
      if (plan.state === 'pending') {
        if (plan.expiresAt <= parts.clock.iso()) await making.expire(organization, plan.id);
        else {
          watch(plan);
          events.emit({ type: 'planned', plan, again: true });
        }
        continue;
      }
      const { change } = plan;
      if (!change) continue;
      if (change.state === 'queued' || change.state === 'running' || change.wish !== undefined) runner.launch(organization, plan.id);
      else if ((await plans.partition(organization).get<string>('reported', plan.id))?.value !== standing(plan)) {
        events.emit({ type: change.state === 'paused' ? 'paused' : 'finished', plan, again: true });
      }
    }
  };

  const forgetOld = async (): Promise<void> => {
    if (parts.retentionDays === undefined || stopped) return;
    timers.set('forget', parts.clock.after(DAY_MS, () => {
      forgetOld().catch((error: unknown) => { parts.log.error({ error }, 'old plans could not be removed'); });
    }));
    const before = new Date(parts.clock.now() - parts.retentionDays * DAY_MS).toISOString();
    for (const organization of await parts.store.organizations()) {
      const forgotten = await plans.forgetBefore(organization, before);
      if (forgotten > 0) parts.log.info({ organization, forgotten }, 'old plans were removed');
    }
  };

  return {
    plan: async (request) => {
      const plan = await making.make(request);
      if (plan.automatic !== undefined) runner.launch(plan.organization.id, plan.id);
      return plan;
    },
    approve: async (asking) => {
      const plan = await approvals.approve(withId(asking));
      runner.launch(plan.organization.id, plan.id);
      return plan;
    },
    outdate: (organization, command, reason, set) => making.outdate(organization, command, reason, set),
    reject: (asking) => approvals.reject(withId(asking)),
    withdraw: (asking) => approvals.withdraw(withId(asking)),
    remind: (asking) => approvals.remind(withId(asking)),
    widen: (organization) => approvals.widen(organization),
    pause: (asking) => runner.pause(withId(asking)),
    resume: (asking) => runner.resume(withId(asking)),
    cancel: (asking) => runner.cancel(withId(asking)),
    undo: async (asking) => undoing.undo({ ...asking, id: await named(asking) }),
    retry: async (asking) => undoing.retry({ ...asking, id: await named(asking) }),
    get: (organization, id) => plans.get(organization, id.toLowerCase()),
    list: (organization) => plans.list(organization),
    steps: async (organization, id) => plans.steps(await plans.get(organization, id.toLowerCase())),
    outcomes: async (organization, id) => (await readJournal(plans.partition(organization), (await plans.get(organization, id.toLowerCase())).id)).outcomes,
    on: (listener) => events.on(listener),
    idle: (organization, id) => runner.idle(organization, id),
    ended: (plan) => runner.obeyed(plan.organization.id, plan.id),
    reported: async (plan) => {
      const partition = plans.partition(plan.organization.id);
      const found = await partition.get('reported', plan.id);
      await partition.put('reported', plan.id, standing(plan), found?.version ?? 0);
    },
    dismiss: async (organization: string, personId: string, reason: string) => {
      await approvals.withdrawAll(organization, personId, reason);
      await runner.pauseAll(organization, personId, reason);
    },
    start: async () => {
      await forgetOld();
      for (const organization of await parts.store.organizations()) await takeUp(organization);
    },
    stop: async () => {
      if (stopped) throw new Bug('The change engine was stopped already.');
      stopped = true;
      for (const timer of timers.values()) timer.cancel();
      await runner.stop();
    },
  };
}

/** What can be reported of a change, as one text. */
function standing({ change }: Plan): string {
  return `${change?.state ?? ''} ${change?.finishedAt ?? change?.pause?.at ?? ''}`;
}

export type { Asking, EngineParts, Listener, Only, PlanRequest };
export type { Change, Counts, Decision, EngineEvent, Person, Plan, Progress } from './records.js';
export { changeTold, nameOf, timeText, told } from './tell.js';
