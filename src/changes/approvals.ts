import { CallerMistake } from '../lib/errors.js';
import { sameJson } from '../lib/canonical.js';
import { idKey, sameId, sameSecret } from '../lib/ids.js';
import type { AuditLog } from '../store/audit.js';
import { mayDo } from './authority.js';
import type { StepKind } from './define.js';
import type { Events } from './events.js';
import type { Locks } from './locks.js';
import type { PlanMaking } from './plans.js';
import { PlanTampered, type PlanStore } from './plan-store.js';
import type { EngineParts } from './ports.js';
import type { Decision, Person, Plan, PlanState } from './records.js';
import { approvers, whyAnother } from './rules.js';
import { nameOf, told } from './tell.js';

const REMIND_EVERY_MS = 10 * 60_000;
/** An id in a refused request is whatever somebody typed. */
const LONGEST_ID = 40;

/** Who asks for what. `by` is always taken from Webex. */
export interface Asking {
  organization: string;
  id: string;
  by: Person;
}

/** Decides about plans that wait. Every refusal is a CallerMistake, audited, and changes nothing. */
export class Approvals {
  constructor(
    private readonly parts: EngineParts,
    private readonly plans: PlanStore,
    private readonly making: PlanMaking,
    private readonly events: Events,
    private readonly locks: Locks,
  ) {}

  /**
   * Says yes to the plan that has this hash, and makes it a queued change. `first`: pause after so many steps.
   * Both the presser's and the requester's authority are read from Webex first.
   */
  async approve({ organization, id, by, hash, first }: Asking & { hash: string; first?: number }): Promise<Plan> {
    const refuse = refusals(this.parts.audit, organization, id, by, 'plan.approve-refused');
    const shown = await refuse.guard(() => this.waiting(organization, id));
    // One at a time for each requester: two approvals at once must not both find room under the limit of 24 h.
    return this.locks.hold(organization, `approve ${idKey(shown.requester.personId)}`, async () => {
      const plan = await refuse.guard(() => this.waiting(organization, id));
      if (!sameSecret(hash, plan.hash)) throw await refuse.with('OTHER_PLAN', `That is not the plan ${plan.id} as it is stored. Write \`changes show ${plan.id}\` to see it.`);
      const steps = await refuse.guard(() => this.plans.steps(plan));
      if (!this.plans.isCurrent(steps)) throw await refuse.with('OLD_PLAN', 'Steward was updated since this plan was made, and would do its steps differently now. Ask for a new plan.');
      if (plan.look === true || (await this.parts.settings.mode(organization)) === 'look') {
        throw await refuse.with('LOOK_ONLY', 'The organization is set to look only (setting mode=look), or was when this plan was made: plans are shown, nothing is applied.');
      }
      if (plan.until !== undefined && plan.until <= this.parts.clock.iso()) throw await refuse.with('ENDED', 'The time for which it was to hold is over already. Ask for a new plan.');
      const kinds = this.plans.kindsOf(plan);
      await this.bothMay(refuse, plan, by, kinds);
      await this.mayApprove(refuse, plan, by, kinds);
      const approved = await refuse.guard(() => this.decide(plan, 'approved', { how: 'approved', by }, (found) => ({
        ...found, change: { state: 'queued', ...(first === undefined ? {} : { first }) },
      })));
      await this.parts.audit.record(organization, {
        actor: by.personId, action: 'plan.approved', subject: plan.id,
        details: { hash: plan.hash, requester: plan.requester.personId, steps: plan.stepCount, approvalSteps: this.parts.settings.approvalSteps, first },
      });
      this.events.emit({ type: 'approved', plan: approved });
      return approved;
    });
  }

  /** Says no. Whoever could do the same himself may; the requester withdraws. */
  async reject({ organization, id, by }: Asking): Promise<Plan> {
    const refuse = refusals(this.parts.audit, organization, id, by, 'plan.reject-refused');
    const plan = await refuse.guard(() => this.waiting(organization, id));
    if (sameId(plan.requester.personId, by.personId)) return this.withdraw({ organization, id, by });
    const authority = await mayDo(this.parts.accounts, organization, by.personId, this.plans.kindsOf(plan));
    if (!authority.ok) throw await refuse.with('NOT_ALLOWED', `Only somebody who may make this change himself can reject it. ${authority.reason}`);
    const rejected = await refuse.guard(() => this.decide(plan, 'rejected', { how: 'rejected', by }));
    await this.parts.audit.record(organization, { actor: by.personId, action: 'plan.rejected', subject: plan.id, details: { hash: plan.hash } });
    this.events.emit({ type: 'rejected', plan: rejected });
    return rejected;
  }

  /** The requester takes his plan back. */
  async withdraw({ organization, id, by }: Asking): Promise<Plan> {
    const refuse = refusals(this.parts.audit, organization, id, by, 'plan.withdraw-refused');
    const plan = await refuse.guard(() => this.waiting(organization, id));
    if (!sameId(plan.requester.personId, by.personId)) {
      throw await refuse.with('NOT_REQUESTER', `Only ${nameOf(plan.requester)}, who asked for it, can withdraw this plan. Others can reject it.`);
    }
    const withdrawn = await refuse.guard(() => this.decide(plan, 'rejected', { how: 'withdrawn', by }));
    await this.parts.audit.record(organization, { actor: by.personId, action: 'plan.withdrawn', subject: plan.id });
    this.events.emit({ type: 'withdrawn', plan: withdrawn });
    return withdrawn;
  }

  /** Shows the plan again to those who can approve it. At most once in ten minutes. */
  async remind({ organization, id, by }: Asking): Promise<Plan> {
    const plan = await this.waiting(organization, id);
    if (!sameId(plan.requester.personId, by.personId)) {
      throw new CallerMistake({ code: 'NOT_REQUESTER', message: `Only ${nameOf(plan.requester)}, who asked for it, can send a reminder.` });
    }
    if (plan.approval.by === 'requester') throw new CallerMistake({ code: 'NOBODY_TO_REMIND', message: 'You can approve this plan yourself.' });
    const now = await this.refreshed(plan);
    if (now.approval.nobody !== undefined) throw new CallerMistake({ code: 'NOBODY_TO_REMIND', message: `There is nobody to remind. ${now.approval.nobody}` });
    if (!(await this.plans.partition(organization).once(`remind-${plan.id}`, REMIND_EVERY_MS))) {
      throw new CallerMistake({ code: 'REMINDED_ALREADY', message: 'A reminder was sent less than 10 minutes ago.' });
    }
    this.events.emit({ type: 'reminded', plan: now });
    return now;
  }

  /** Somebody has linked: plans that wait for another person are shown to those who may approve them now. */
  async widen(organization: string): Promise<void> {
    for (const plan of await this.plans.list(organization)) {
      if (plan.state !== 'pending' || plan.approval.by === 'requester') continue;
      const now = await this.refreshed(plan);
      if (now !== plan && now.state === 'pending') this.events.emit({ type: 'widened', plan: now });
    }
  }

  /** The same plan where nothing has changed. */
  private async refreshed(plan: Plan): Promise<Plan> {
    const found = await approvers(this.parts, { organization: plan.organization.id, requester: plan.requester, kinds: this.plans.kindsOf(plan) });
    const approval = { by: plan.approval.by, why: plan.approval.why, ...found };
    if (sameJson({ ...approval, eligible: ids(approval) }, { ...plan.approval, eligible: ids(plan.approval) })) return plan;
    return this.plans.move(plan.organization.id, plan.id, (known) => (known.state === 'pending' ? { ...known, approval } : known));
  }

  /** Ends all plans of a person that wait: he unlinked, or lost what they need. */
  async withdrawAll(organization: string, personId: string, reason: string): Promise<void> {
    for (const plan of await this.plans.list(organization)) {
      if (plan.state !== 'pending' || !sameId(plan.requester.personId, personId)) continue;
      try {
        const ended = await this.decide(plan, 'rejected', { how: 'withdrawn', reason });
        await this.parts.audit.record(organization, { actor: 'steward', action: 'plan.withdrawn', subject: plan.id, details: { reason } });
        this.events.emit({ type: 'withdrawn', plan: ended });
      } catch (error) {
        if (!(error instanceof CallerMistake)) throw error;
      }
    }
  }

  /** The plan, if it still waits. Otherwise the CallerMistake tells what happened to it. */
  private async waiting(organization: string, id: string): Promise<Plan> {
    let plan = await this.plans.get(organization, id);
    if (plan.state === 'pending' && plan.expiresAt <= this.parts.clock.iso()) {
      await this.making.expire(organization, id);
      plan = await this.plans.get(organization, id);
    }
    if (plan.state !== 'pending') throw tooLate(plan);
    return plan;
  }

  private async bothMay(refuse: Refusals, plan: Plan, by: Person, kinds: StepKind[]): Promise<void> {
    const { accounts } = this.parts;
    const own = sameId(plan.requester.personId, by.personId);
    const presser = await mayDo(accounts, plan.organization.id, by.personId, kinds);
    if (!presser.ok && own) await this.withdrawIfLost(plan, presser);
    if (!presser.ok) throw await refuse.with('NOT_ALLOWED', `You may not approve it: ${presser.reason}`);
    if (own) return;
    const requester = await mayDo(accounts, plan.organization.id, plan.requester.personId, kinds);
    if (requester.ok) return;
    await this.withdrawIfLost(plan, requester);
    throw await refuse.with('REQUESTER_LOST', `It would run with the account of ${nameOf(plan.requester)}, which may not do it any more: ${requester.reason}`);
  }

  private async withdrawIfLost(plan: Plan, authority: { reason: string; code: string }): Promise<void> {
    if (authority.code !== 'UNREADABLE') await this.withdrawAll(plan.organization.id, plan.requester.personId, authority.reason);
  }

  private async mayApprove(refuse: Refusals, plan: Plan, by: Person, kinds: StepKind[]): Promise<void> {
    if (!sameId(plan.requester.personId, by.personId)) return;
    if (plan.approval.by === 'other') throw await refuse.with('OTHER_PERSON', `${plan.approval.why} You asked for it, so you cannot approve it.`);
    const others = (await this.plans.list(plan.organization.id)).filter((other) => other.id !== plan.id);
    const undoesOwn = plan.undoes !== undefined && (await this.making.isOwnRecent(plan.organization.id, plan.undoes, plan.requester));
    const why = whyAnother(this.parts, { organization: plan.organization.id, requester: plan.requester, kinds, stepCount: plan.stepCount, others, undoesOwn, guards: plan.guards ?? [] }, false);
    if (why !== undefined) throw await refuse.with('OTHER_PERSON', `${why} Ask for a new plan, which another person can approve.`);
  }

  private decide(plan: Plan, state: PlanState, decision: Omit<Decision, 'at'>, more: (found: Plan) => Plan = (found) => found): Promise<Plan> {
    return this.plans.move(plan.organization.id, plan.id, (found) => {
      if (found.state !== 'pending') throw tooLate(found);
      return more({ ...found, state, decision: { ...decision, at: this.parts.clock.iso() } });
    });
  }
}

function ids({ eligible }: Plan['approval']): string[] {
  return eligible.map(({ personId }) => idKey(personId)).sort();
}

function tooLate(plan: Plan): CallerMistake {
  return new CallerMistake({ code: 'ALREADY_DECIDED', message: told(plan) });
}

interface Refusals {
  /** Records the refusal and gives the error to throw. */
  with(code: string, message: string): Promise<CallerMistake>;
  /** Runs `task`; what it refuses is recorded. */
  guard<T>(task: () => Promise<T>): Promise<T>;
}

function refusals(audit: AuditLog, organization: string, id: string, by: Person, action: string): Refusals {
  const record = (code: string): Promise<void> => audit.record(organization, { actor: by.personId, action, subject: id.slice(0, LONGEST_ID), details: { code } });
  return {
    with: async (code, message) => {
      await record(code);
      return new CallerMistake({ code, message });
    },
    guard: async (task) => {
      try {
        return await task();
      } catch (error) {
        await record(error instanceof CallerMistake ? error.code : error instanceof PlanTampered ? 'TAMPERED' : 'UNREADABLE');
        throw error;
      }
    },
  };
}
