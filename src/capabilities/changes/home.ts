import type { Context } from '../../bot/define.js';
import { nameOf, type ChangeEngine, type Person, type Plan } from '../../changes/engine.js';
import { sameId } from '../../lib/ids.js';
import { callerOf } from './asking.js';
import { capital, countsText, standingText } from './words.js';

const LINES = 5;

/** The block of the home card: what waits for the caller, and what has not ended. Foreign text as it is. */
export async function changesHome(engine: Pick<ChangeEngine, 'list'>, context: Context): Promise<{ title: string; lines: string[] } | undefined> {
  const plans = await engine.list(context.organization.id);
  const waiting = plans.filter((plan) => mayDecide(plan, callerOf(context))).map((plan) => `Waits for you: ${plan.title} (${plan.id}, asked for by ${nameOf(plan.requester)})`);
  const open = plans.filter(({ change }) => change !== undefined && change.finishedAt === undefined).map((plan) => `${capital(standingText(plan))}: ${plan.title} (${plan.id}${soFar(plan)})`);
  const lines = [...waiting, ...open];
  if (lines.length === 0) return undefined;
  return { title: 'Plans and changes', lines: lines.length > LINES ? [...lines.slice(0, LINES), `and ${lines.length - LINES} more`] : lines };
}

/** Whether the person could approve the plan, by what was found when it was made. */
function mayDecide({ state, look, approval, requester }: Plan, person: Person): boolean {
  const deciders = approval.by === 'requester' ? [requester] : approval.eligible;
  return state === 'pending' && look !== true && deciders.some((one) => sameId(one.personId, person.personId));
}

function soFar({ change }: Plan): string {
  return change?.counts === undefined ? '' : `, ${countsText(change.counts)}`;
}
