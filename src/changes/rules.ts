import { sameId } from '../lib/ids.js';
import { count } from '../lib/text.js';
import { mayDo, needsText } from './authority.js';
import type { Guard, StepDraft, StepKind } from './define.js';
import type { EngineParts } from './ports.js';
import type { ApprovalRule, Person, Plan } from './records.js';

export const DAY_MS = 24 * 3600_000;

/** What decides who must approve. */
export interface Asked {
  organization: string;
  requester: Person;
  kinds: readonly StepKind[];
  stepCount: number;
  /** All other plans of the organization. */
  others: readonly Plan[];
  /** The plan takes back the requester's own change of the last 24 h. */
  undoesOwn: boolean;
  /** What the plan adds to and removes from sets that have limits. */
  guards: NonNullable<Plan['guards']>;
}

/** Who must approve, and why. For another person's approval, Webex is asked who could give it. */
export async function approvalRule(parts: EngineParts, asked: Asked): Promise<ApprovalRule> {
  const why = whyAnother(parts, asked, true);
  if (why === undefined) return { by: 'requester', why: whyAlone(parts, asked), eligible: [] };
  return { by: 'other', why, ...(await approvers(parts, asked)) };
}

/** Who else could approve now; where nobody could, who must link. */
export async function approvers(parts: EngineParts, asked: Pick<Asked, 'organization' | 'requester' | 'kinds'>): Promise<Pick<ApprovalRule, 'eligible' | 'nobody'>> {
  const eligible = await eligiblePeople(parts, asked);
  if (eligible.length > 0) return { eligible };
  const needs = needsText(asked.kinds);
  return { eligible, nobody: `Nobody else who has linked an account may approve it now: another administrator${needs === '' ? '' : ` with ${needs}`} must write \`account link\` to the bot first.` };
}

/**
 * Why another person must approve; undefined when the requester may. `pending`: whether his plans that still wait count too,
 * which they do when a plan is made and do not when it is approved (there, only one of them is).
 */
export function whyAnother({ settings, clock }: Pick<EngineParts, 'settings' | 'clock'>, asked: Asked, pending: boolean): string | undefined {
  const limit = settings.approvalSteps;
  if (limit === 'off') return undefined;
  if (asked.kinds.some((kind) => kind.privileged)) return 'It changes what administrators may do, so another person must approve it.';
  if (asked.kinds.some((kind) => !kind.reversible)) return 'It cannot be undone, so another person must approve it.';
  if (asked.undoesOwn) return undefined;
  const over = overLimits({ settings, clock }, asked);
  if (over !== undefined) return over;
  const { applied, waiting } = stepsOfLastDay(asked, clock.now());
  const before = applied + (pending ? waiting : 0);
  if (before + asked.stepCount <= limit) return undefined;
  const onlyWaiting = pending && waiting > 0 ? `, ${waiting.toLocaleString('en-US')} of them in plans that only wait and could be withdrawn` : '';
  const others = before > 0 ? ` (with ${count(before, 'other step')} of the last 24 hours${onlyWaiting})` : '';
  return `It has ${count(asked.stepCount, 'step')}${others}. More than ${limit} in 24 hours need the approval of another person.`;
}

/** A share of a small set is no number that anybody would call many. */
const HANDFUL = 5;

/** Why the plan, with what was approved in the last 24 h, adds or removes more than the limits let through; undefined when it does not. */
export function overLimits({ settings, clock }: Pick<EngineParts, 'settings' | 'clock'>, { guards, others }: Pick<Asked, 'guards' | 'others'>): string | undefined {
  for (const guard of guards) {
    const limit = settings.limits?.[guard.limit];
    if (limit === undefined) continue;
    const most = Math.min(limit.count, Math.max(HANDFUL, Math.floor((guard.size * limit.percent) / 100)));
    const before = others.reduce((sum, plan) => sum + guardedLately(plan, guard, clock.now()), 0);
    if (before + guard.n <= most) continue;
    const lately = before > 0 ? ` (with ${before} of the last 24 hours)` : '';
    return `It ${guard.limit === 'removal' ? 'removes' : 'adds'} ${guard.n}${lately} ${guard.limit === 'removal' ? 'from' : 'to'} ${guard.name}, where ${guard.size} ${guard.size === 1 ? 'is' : 'are'} now. More than ${most} in 24 hours need the approval of another person.`;
  }
  return undefined;
}

/** What an approved plan of the last 24 h added to or removed from the same set. */
function guardedLately(plan: Plan, { limit, set }: Guard, now: number): number {
  if (plan.state !== 'approved') return 0;
  const { finishedAt, counts } = plan.change ?? {};
  if (finishedAt !== undefined && now - Date.parse(finishedAt) > DAY_MS) return 0;
  const n = plan.guards?.find((one) => one.limit === limit && one.set === set)?.n ?? 0;
  // Cancelled near its end, it has done nearly all; which of its steps those were, their number does not tell.
  return counts === undefined ? n : Math.min(n, plan.stepCount - counts.cancelled);
}

/** Counts steps per limit and set. */
export function guardsOf(steps: readonly StepDraft[]): NonNullable<Plan['guards']> {
  const guards = new Map<string, Guard & { n: number }>();
  for (const { guard } of steps) {
    if (guard === undefined) continue;
    const key = `${guard.limit} ${guard.set}`;
    guards.set(key, { ...guard, n: (guards.get(key)?.n ?? 0) + 1 });
  }
  return [...guards.values()];
}

function whyAlone({ settings }: EngineParts, asked: Asked): string {
  if (settings.approvalSteps === 'off') return 'The rule that another person approves is switched off here (APPROVAL_STEPS=off): the requester may approve alone.';
  if (asked.undoesOwn) return 'It takes back the requester’s own change of the last 24 hours.';
  return `The requester may approve: up to ${count(settings.approvalSteps, 'step')} in 24 hours ${settings.approvalSteps === 1 ? 'needs' : 'need'} no second person.`;
}

/** Steps of the requester: of what was applied, and of plans that wait. */
function stepsOfLastDay({ requester, others }: Asked, now: number): { applied: number; waiting: number } {
  let [applied, waiting] = [0, 0];
  for (const plan of others) {
    if (!sameId(plan.requester.personId, requester.personId)) continue;
    if (plan.state === 'pending' && Date.parse(plan.expiresAt) > now) waiting += plan.stepCount;
    if (plan.state !== 'approved' || plan.decision === undefined) continue;
    const { finishedAt, counts } = plan.change ?? {};
    if (now - Date.parse(finishedAt ?? plan.decision.at) > DAY_MS && finishedAt !== undefined) continue;
    applied += finishedAt === undefined || counts === undefined ? plan.stepCount : plan.stepCount - counts.cancelled;
  }
  return { applied, waiting };
}

async function eligiblePeople({ accounts }: EngineParts, { organization, requester, kinds }: Pick<Asked, 'organization' | 'requester' | 'kinds'>): Promise<Person[]> {
  const others = (await accounts.list(organization)).filter((account) => account.state === 'linked' && !sameId(account.personId, requester.personId));
  const answers = await Promise.all(others.map((account) => mayDo(accounts, organization, account.personId, kinds)));
  return others
    .filter((_account, index) => answers[index]?.ok === true)
    .map(({ personId, email, displayName }) => ({ personId, email, displayName }));
}
