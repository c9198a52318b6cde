import { nameOf, type Person, type Plan } from '../../changes/engine.js';
import { sameId } from '../../lib/ids.js';
import { countsText, standingText } from './words.js';

const LINES = 5;

interface Block {
  title: string;
  lines: string[];
}

/** Plans that the person can approve, by what was found when they were made. */
export function waitingFor(plans: readonly Plan[], person: Person): Block | undefined {
  const mine = plans.filter((plan) => plan.state === 'pending' && plan.look !== true && deciders(plan).some((one) => sameId(one.personId, person.personId)));
  return block('Waiting for you', mine.map((plan) => `${plan.id}: ${plan.title} (${nameOf(plan.requester)})`));
}

/** Changes that have not ended. */
export function running(plans: readonly Plan[]): Block | undefined {
  const open = plans.filter((plan) => plan.change !== undefined && plan.change.finishedAt === undefined);
  return block('Running', open.map((plan) => `${plan.id}: ${plan.title}, ${standingText(plan)}${plan.change?.counts === undefined ? '' : ` (${countsText(plan.change.counts)})`}`));
}

function deciders({ approval, requester }: Plan): Person[] {
  return approval.by === 'requester' ? [requester] : approval.eligible;
}

function block(title: string, lines: string[]): Block | undefined {
  if (lines.length === 0) return undefined;
  return { title, lines: lines.length > LINES ? [...lines.slice(0, LINES), `and ${lines.length - LINES} more: changes`] : lines };
}
