import type { Json } from '../lib/canonical.js';
import { Bug, CallerMistake } from '../lib/errors.js';
import { idKey, sameId } from '../lib/ids.js';
import { mayDo } from './authority.js';
import type { PlanDraft, Problem, Step, StepKind } from './define.js';
import type { Events } from './events.js';
import type { Locks } from './locks.js';
import { hashOfPlan, type PlanStore } from './plan-store.js';
import type { EngineParts } from './ports.js';
import type { ApprovalRule, Person, Plan } from './records.js';
import { approvalRule, DAY_MS, guardsOf, overLimits } from './rules.js';

const OWN_APPROVAL_MS = 60 * 60_000;
const OTHERS_APPROVAL_MS = 72 * 60 * 60_000;
/** A scheduled plan waits until the next one of its schedule; this only bounds a schedule that has ended. */
const SCHEDULED_MS = 31 * DAY_MS;

/** Whoever made so many mistakes has them as a file; the plan keeps the first. */
const MOST_PROBLEMS = 200;
const LOOK_RULE: ApprovalRule = {
  by: 'requester', why: 'This organization is set to look only (setting mode=look): the plan shows what would change and cannot be applied.', eligible: [],
};

/** What a plan is made of. */
export interface PlanRequest {
  organization: { id: string; name: string };
  /** The plan runs with this person's account. */
  requester: Person;
  draft: PlanDraft;
  /** Kept for those who post. */
  origin?: Json;
  /** The schedule that asks: its plans that still wait are superseded. */
  schedule?: string;
  /** The time for which it asks. */
  due?: string;
  /** Apply it without a press, since what it does was approved before, as this sentence says. It waits all the same where it does more than the limits, cannot be undone, or is about administrators. */
  automatic?: { why: string };
}

/** Makes, ends and counts plans; applies nothing. */
export class PlanMaking {
  constructor(
    private readonly parts: EngineParts,
    private readonly plans: PlanStore,
    private readonly events: Events,
    private readonly locks: Locks,
    /** Called for every new plan, so that it expires in time. */
    private readonly watch: (plan: Plan) => void,
  ) {}

  /**
   * Freezes a draft as a stored plan with its hash. Throws CallerMistake when there is nothing to do, or the requester may not do it now.
   */
  async make(request: PlanRequest): Promise<Plan> {
    // One at a time for each requester: two plans made at once must both count.
    return this.locks.hold(request.organization.id, `plan ${idKey(request.requester.personId)}`, () => this.freeze(request));
  }

  private async freeze(request: PlanRequest): Promise<Plan> {
    const { organization, requester, draft, origin, schedule } = request;
    const { parts, plans } = this;
    if (draft.steps.length === 0) throw new CallerMistake({ code: 'NOTHING_TO_DO', message: 'There is nothing to change.' });
    const steps = draft.steps.map((step, index): Step => ({ ...step, n: index + 1, version: plans.kind(step.kind).version }));
    const kinds = [...new Set(steps.map((step) => step.kind))].map((name) => plans.kind(name));
    const authority = await mayDo(parts.accounts, organization.id, requester.personId, kinds);
    if (!authority.ok) throw new CallerMistake({ code: 'NOT_ALLOWED', message: authority.reason });

    const others = await plans.list(organization.id);
    const undoesOwn = draft.undoes !== undefined && (await this.isOwnRecent(organization.id, draft.undoes, requester));
    const isLook = (await parts.settings.mode(organization.id)) === 'look';
    const asked = { organization: organization.id, requester, kinds, stepCount: steps.length, others, undoesOwn, guards: guardsOf(steps) };
    const over = overLimits(parts, asked);
    const automatic = isLook || over !== undefined || !kinds.every(isHarmless) ? undefined : request.automatic;
    const approval: ApprovalRule = isLook ? LOOK_RULE
      : automatic !== undefined ? { by: 'requester', why: automatic.why, eligible: [] }
      : await approvalRule(parts, asked);
    const now = parts.clock.now();
    const waits = schedule !== undefined ? SCHEDULED_MS : approval.by === 'requester' ? OWN_APPROVAL_MS : OTHERS_APPROVAL_MS;
    const body: Omit<Plan, 'id' | 'hash'> = {
      organization, requester, approval,
      title: draft.title,
      command: draft.command,
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + waits).toISOString(),
      stepCount: steps.length,
      kinds: counted(steps.map(({ kind }) => kind)),
      labels: counted(steps.map(({ kind }) => plans.kind(kind).label)),
      calls: steps.reduce((sum, step) => sum + plans.kind(step.kind).callsPerStep, 0),
      warnings: draft.warnings,
      problems: mostOf(draft.problems),
      notes: draft.notes ?? [],
      // Approved and stored in one, so that no crash leaves it waiting for a press that nobody was asked for.
      ...(automatic === undefined ? { state: 'pending' } : {
        state: 'approved', automatic, decision: { how: 'approved', at: new Date(now).toISOString(), reason: automatic.why }, change: { state: 'queued' },
      }),
      ...(isLook ? { look: true as const } : {}),
      ...(origin === undefined ? {} : { origin }),
      ...(draft.undoes === undefined ? {} : { undoes: draft.undoes }),
      ...(draft.retries === undefined ? {} : { retries: draft.retries }),
      ...(schedule === undefined ? {} : { schedule }),
      ...(request.due === undefined ? {} : { due: request.due }),
      ...(asked.guards.length === 0 ? {} : { guards: asked.guards }),
      ...(over === undefined ? {} : { over }),
      ...(draft.from === undefined ? {} : { from: draft.from }),
      ...(draft.until === undefined ? {} : { until: draft.until }),
      ...(draft.alternatives === undefined ? {} : { alternatives: draft.alternatives }),
    };
    const plan = await this.store(body, steps);
    await parts.audit.record(organization.id, {
      actor: requester.personId, action: 'plan.made', subject: plan.id,
      details: { hash: plan.hash, command: plan.command, steps: plan.stepCount, approval: automatic === undefined ? approval.by : 'automatic', approvalSteps: parts.settings.approvalSteps },
    });
    if (schedule !== undefined) await this.supersede(plan, others);
    if (automatic === undefined) this.watch(plan);
    this.events.emit({ type: automatic === undefined ? 'planned' : 'approved', plan });
    return plan;
  }

  /** Ends a plan that nobody approved in time. Nothing when it has ended otherwise, or has time left. */
  async expire(organization: string, id: string): Promise<void> {
    const plan = await this.plans.moveIf(organization, id, (found) => {
      const at = this.parts.clock.iso();
      if (found.state !== 'pending' || found.expiresAt > at) return undefined;
      return { ...found, state: 'expired', decision: { how: 'expired', at } };
    });
    if (!plan) return;
    await this.parts.audit.record(organization, { actor: 'steward', action: 'plan.expired', subject: id });
    this.events.emit({ type: 'expired', plan });
  }

  /** Ends the plans of a command that wait, since what they were made by has changed. `set`: only those that change this set (Guard). */
  async outdate(organization: string, command: string, reason: string, set?: string): Promise<void> {
    for (const waiting of await this.plans.list(organization)) {
      const isOf = waiting.command === command || waiting.command.startsWith(`${command} `);
      const changesIt = set === undefined || waiting.guards?.some((guard) => guard.set === set) === true;
      if (waiting.state === 'pending' && isOf && changesIt) await this.end(waiting, reason);
    }
  }

  /** Whether the change was this person's own and ended in the last 24 h. Throws for one that may not be undone. */
  async isOwnRecent(organization: string, id: string, person: Person): Promise<boolean> {
    const original = await this.plans.get(organization, id);
    const finished = original.change?.finishedAt;
    if (finished === undefined) throw new Bug(`Plan ${id} was never finished and cannot be undone.`);
    return sameId(original.requester.personId, person.personId) && this.parts.clock.now() - Date.parse(finished) <= DAY_MS;
  }

  /** Two equal plans of one millisecond would have one id: the later one is put a millisecond on. */
  private async store(body: Omit<Plan, 'id' | 'hash'>, steps: Step[]): Promise<Plan> {
    for (let at = Date.parse(body.createdAt); ; at += 1) {
      const dated = { ...body, createdAt: new Date(at).toISOString() };
      const hash = hashOfPlan(dated, steps);
      const plan: Plan = { ...dated, hash, id: hash.slice(0, 10) };
      if (await this.plans.find(plan.organization.id, plan.id)) continue;
      await this.plans.add(plan, steps);
      return plan;
    }
  }

  private async supersede(by: Plan, others: readonly Plan[]): Promise<void> {
    for (const other of others) {
      if (other.state === 'pending' && other.schedule === by.schedule) await this.end(other, `Plan ${by.id} has taken its place.`);
    }
  }

  /** Nothing when somebody was faster. */
  private async end({ organization, id }: Plan, reason: string): Promise<void> {
    const decision = { how: 'superseded' as const, at: this.parts.clock.iso(), reason };
    const plan = await this.plans.moveIf(organization.id, id, (found) => (found.state === 'pending' ? { ...found, state: 'superseded', decision } : undefined));
    if (!plan) return;
    await this.parts.audit.record(organization.id, { actor: 'steward', action: 'plan.superseded', subject: id, details: { reason } });
    this.events.emit({ type: 'superseded', plan });
  }
}

function isHarmless({ reversible, privileged }: StepKind): boolean {
  return reversible && !privileged;
}

function mostOf(problems: readonly Problem[]): Problem[] {
  const left = problems.length - MOST_PROBLEMS;
  return left <= 0 ? [...problems] : [...problems.slice(0, MOST_PROBLEMS), { subject: `${left} others`, reason: 'They are left out too.' }];
}

function counted(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
