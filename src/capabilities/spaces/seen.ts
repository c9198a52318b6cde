import type { Context } from '../../bot/define.js';
import { sameJson } from '../../lib/canonical.js';
import { idKey } from '../../lib/ids.js';
import type { Rule, SpacePlan, SpaceState, Stopped } from './define.js';
import { isBot, isOutside } from './names.js';

const COLLECTION = 'space-seen';

/** What is approved together with a rule: whose space it is, whether outsiders are in it, whether all is there. */
export interface Facts {
  /** The organization that owns the space, and who made it. */
  owner: string;
  creator: string;
  hasOutside: boolean;
  isGone: boolean;
}

/** What the last run of a rule saw: sealed record `space-seen/<key of the space's id>`, written by runs that follow rules, never by a look. */
export interface Seen {
  facts: Facts;
  /** Since when somebody who is in the space has been in none of the groups (ISO 8601), by key of the person; only where a grace counts. */
  gone: Record<string, string>;
}

/** Throws SealBroken. */
export async function readSeen(context: Context, rule: Rule): Promise<Seen | undefined> {
  return (await context.sealed<Seen>(COLLECTION).get(idKey(rule.space.id)))?.value;
}

/** Keeps what was seen. A run at the same time saw the same, so the later one counts. */
export async function keepSeen(context: Context, rule: Rule, seen: Seen): Promise<void> {
  const records = context.sealed<Seen>(COLLECTION);
  const id = idKey(rule.space.id);
  const write = async (): Promise<void> => {
    const found = await records.get(id);
    if (!sameJson(found?.value, seen)) await records.put(id, seen, found?.version ?? 0);
  };
  await write().catch(write);
}

/** What a plan's reading is to be remembered as. Whoever is wanted again, or has left, begins anew. */
export function seenOf({ state, leaves, stays }: SpacePlan, now: number): Seen {
  const away = [...leaves, ...stays.filter(({ why }) => why === 'grace').map(({ member }) => member)];
  const since = ({ personId }: { personId: string }): string => state.goneSince.get(idKey(personId)) ?? new Date(now).toISOString();
  return { facts: factsOf(state), gone: state.rule.graceDays === 0 ? {} : Object.fromEntries(away.map((member) => [idKey(member.personId), since(member)])) };
}

export function factsOf(state: SpaceState): Facts {
  return {
    owner: idKey(state.room.ownerId ?? ''), creator: idKey(state.room.creatorId ?? ''),
    hasOutside: state.members.some((member) => !isBot(member) && isOutside(state, member)), isGone: false,
  };
}

/** A rule that is stopped has the facts of its last reading, so that a fault that passes asks nobody to approve again. */
export function seenOfStopped({ gone }: Stopped, last: Seen | undefined): Seen | undefined {
  if (gone !== true) return last;
  return { facts: { owner: '', creator: '', hasOutside: false, ...last?.facts, isGone: true }, gone: last?.gone ?? {} };
}
