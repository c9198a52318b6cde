import type { Context } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { randomToken, sameId } from '../../lib/ids.js';

const COLLECTION = 'license-idle';
const LIFE_MS = 24 * 60 * 60_000;

/** Who was found idle, kept for the person who asked, for a day. Sealed record `license-idle/<id>`. */
export interface IdleList {
  /** Person id. */
  caller: string;
  /** ISO 8601. */
  until: string;
  /** License id. */
  license: string;
  days: number;
  /** Person ids. */
  people: string[];
}

/** Keeps a list and gives the id that the card's button is bound to. Lists that are past their time go. */
export async function keepIdleList(context: Pick<Context, 'sealed' | 'caller' | 'clock'>, list: Pick<IdleList, 'license' | 'days' | 'people'>): Promise<string> {
  const lists = context.sealed<IdleList>(COLLECTION);
  const now = context.clock.now();
  // One that was changed outside is worth nothing: it is left to its end.
  for (const { id, value, version } of await lists.list(() => undefined)) if (Date.parse(value.until) < now) await lists.delete(id, version);
  const id = randomToken();
  await lists.put(id, { ...list, caller: context.caller.personId, until: new Date(now + LIFE_MS).toISOString() }, 0);
  return id;
}

/** The list of a card. Somebody else's answers as one that is not there. Throws CallerMistake `LIST_GONE`. */
export async function findIdleList(context: Pick<Context, 'sealed' | 'caller' | 'clock'>, id: string): Promise<IdleList> {
  const found = (await context.sealed<IdleList>(COLLECTION).get(id))?.value;
  if (found === undefined || !sameId(found.caller, context.caller.personId) || Date.parse(found.until) < context.clock.now()) {
    throw new CallerMistake({ code: 'LIST_GONE', message: 'There is no such list of yours (a list can be used for a day). Write “licenses idle” with the license to get a new one.' });
  }
  return found;
}
