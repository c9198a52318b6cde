import type { Context, Posted } from '../../bot/define.js';
import type { Plan } from '../../changes/engine.js';

/** A card of a plan that is still of use. */
export interface PlanCard {
  message: Posted;
  /** Whose 1:1 it is in, or who stands for the space. */
  person: string;
  /** Where the plan was asked for, an approver's 1:1, the approval space, or where somebody asked to see it. */
  where: 'origin' | 'approver' | 'space' | 'shown';
}

/** Our messages about one plan. */
export interface PlanPosts {
  cards: PlanCard[];
  /** Set once all who must know were told of the plan. */
  announced?: true;
  progress?: { message: Posted; edits: number; open: boolean };
}

const COLLECTION = 'plan-posts';

export async function readPosts(records: Context['records'], plan: Plan): Promise<PlanPosts> {
  return (await records.get<PlanPosts>(COLLECTION, plan.id))?.value ?? { cards: [] };
}

/** Only the plan's own queue writes them, so nobody can be faster. */
export async function keepPosts(records: Context['records'], plan: Plan, posts: PlanPosts): Promise<void> {
  const found = await records.get<PlanPosts>(COLLECTION, plan.id);
  await records.put(COLLECTION, plan.id, posts, found?.version ?? 0);
}
