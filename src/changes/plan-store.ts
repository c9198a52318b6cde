import { Bug, CallerMistake, StewardError } from '../lib/errors.js';
import { hashOf } from '../lib/canonical.js';
import { sealedRecords, type SealedRecords } from '../store/sealed.js';
import { StaleRecord, type Partition, type Record } from '../store/store.js';
import type { Step, StepKind } from './define.js';
import { journalLog } from './journal.js';
import type { EngineParts } from './ports.js';
import type { Plan } from './records.js';

/** The stored plan is not the one that was shown. */
export class PlanTampered extends StewardError {
  constructor(id: string) {
    super({ code: 'PLAN_TAMPERED', message: `The stored steps of plan ${id} are not those that were shown: they were changed outside Steward. The plan is refused; ask for a new one.` });
  }
}

/** More of them as one text would be many megabytes. */
const STEPS_AT_ONCE = 1000;

/** What the hash of a plan covers. */
export function hashOfPlan(plan: Omit<Plan, 'id' | 'hash'>, steps: readonly Step[]): string {
  return hashOf({
    organization: plan.organization.id,
    account: plan.requester.personId,
    requester: plan.requester.personId,
    command: plan.command,
    createdAt: plan.createdAt,
    expiresAt: plan.expiresAt,
    steps,
    warnings: plan.warnings,
    from: plan.from,
    until: plan.until,
  });
}

/** Heads of plans as sealed records, their steps as immutable logs. */
export class PlanStore {
  private readonly kinds: ReadonlyMap<string, StepKind>;

  constructor(private readonly parts: Pick<EngineParts, 'store' | 'vault' | 'log' | 'kinds'>) {
    this.kinds = new Map(parts.kinds.map((kind) => [kind.name, kind]));
    if (this.kinds.size < parts.kinds.length) throw new Bug('Two step kinds have one name.');
  }

  partition(organization: string): Partition {
    return this.parts.store.organization(organization);
  }

  /** The record, or undefined. Throws SealBroken. */
  async find(organization: string, id: string): Promise<Record<Plan> | undefined> {
    return /^[0-9a-f]{10}$/.test(id) ? this.heads(organization).get(id) : undefined;
  }

  /** Throws CallerMistake for an id that this organization does not have, whoever else may have it. */
  async get(organization: string, id: string): Promise<Plan> {
    const found = await this.find(organization, id);
    if (!found) throw new CallerMistake({ code: 'UNKNOWN_PLAN', message: 'There is no such plan or change in this organization. Write `changes` to see what there is.' });
    return found.value;
  }

  /** Newest first. Records whose seal is broken are left out and logged. */
  async list(organization: string): Promise<Plan[]> {
    const found = await this.heads(organization).list((error) => {
      this.parts.log.error({ organization, error }, 'a stored plan was changed outside and is refused');
    });
    return found.map(({ value }) => value).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  }

  /** Stores a new plan: first its steps, so that no head is ever without them. */
  async add(plan: Plan, steps: readonly Step[]): Promise<void> {
    const partition = this.partition(plan.organization.id);
    await partition.drop(stepsLog(plan.id));
    for (let at = 0; at < steps.length; at += STEPS_AT_ONCE) await partition.append(stepsLog(plan.id), steps.slice(at, at + STEPS_AT_ONCE));
    await this.heads(plan.organization.id).put(plan.id, plan, 0);
  }

  /** Changes the head; `change` is asked again when somebody was faster, and throws to leave it as it is. */
  async move(organization: string, id: string, change: (plan: Plan) => Plan): Promise<Plan> {
    const moved = await this.moveIf(organization, id, change);
    if (!moved) throw new Bug(`Plan ${id} was left as it is.`);
    return moved;
  }

  /** As `move`; undefined when `change` gives undefined, which leaves the head as it is. */
  async moveIf(organization: string, id: string, change: (plan: Plan) => Plan | undefined): Promise<Plan | undefined> {
    for (;;) {
      const found = await this.find(organization, id);
      if (!found) throw new Bug(`Plan ${id} is gone.`);
      const next = change(found.value);
      if (!next) return undefined;
      try {
        await this.heads(organization).put(id, next, found.version);
        return next;
      } catch (error) {
        if (!(error instanceof StaleRecord)) throw error;
      }
    }
  }

  /** The steps, if they are still those that were shown. Throws PlanTampered. */
  async steps(plan: Plan): Promise<Step[]> {
    const steps: Step[] = [];
    for await (const { entry } of this.partition(plan.organization.id).read<Step>(stepsLog(plan.id))) steps.push(entry);
    if (hashOfPlan(plan, steps) !== plan.hash) throw new PlanTampered(plan.id);
    return steps;
  }

  /** Removes all that is kept of a plan that has ended before this time (ISO). The audit log keeps what it says of it. */
  async forgetBefore(organization: string, before: string): Promise<number> {
    const partition = this.partition(organization);
    let forgotten = 0;
    const heads = await this.heads(organization).list(() => undefined);
    const undone = new Set(heads.flatMap(({ value }) => (isWholeEnd(value) ? (value.undoes ?? []) : [])));
    for (const { id, value, version } of heads) {
      // What is still to be taken back at its end is read from the plan then.
      if (value.until !== undefined && value.change !== undefined && !undone.has(id)) continue;
      const ended = value.change === undefined ? value.decision?.at : value.change.finishedAt;
      if (ended === undefined || ended >= before) continue;
      await this.heads(organization).delete(id, version);
      await partition.drop(stepsLog(id));
      await partition.drop(journalLog(id));
      for (const collection of ['reported', 'plan-posts']) {
        const found = await partition.get(collection, id);
        if (found) await partition.delete(collection, id, found.version);
      }
      forgotten += 1;
    }
    return forgotten;
  }

  /** The kind that a step names. A kind that nobody registered is a Bug. */
  kind(name: string): StepKind {
    const kind = this.kinds.get(name);
    if (!kind) throw new Bug(`There is no step kind ${name}.`);
    return kind;
  }

  /** The kinds of a plan's steps. */
  kindsOf(plan: Pick<Plan, 'kinds'>): StepKind[] {
    return Object.keys(plan.kinds).map((name) => this.kind(name));
  }

  /** Whether the program still means by every step what it meant when the plan was made. */
  isCurrent(steps: readonly Step[]): boolean {
    return steps.every((step) => this.kinds.get(step.kind)?.version === step.version);
  }

  private heads(organization: string): SealedRecords<Plan> {
    return sealedRecords<Plan>({ partition: this.partition(organization), vault: this.parts.vault, organization, collection: 'plans' });
  }
}

/** A schedule took a change back at its end, and nothing of it is left. */
function isWholeEnd({ schedule, change }: Plan): boolean {
  const counts = change?.counts;
  return schedule !== undefined && change?.state === 'done' && counts !== undefined && counts.failed + counts.conflict + counts.cancelled === 0;
}

function stepsLog(id: string): string {
  return `plan-steps-${id}`;
}
