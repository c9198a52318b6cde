import { orgOption, type Context } from '../../bot/define.js';
import { fold, split, wordsOf } from '../../directory/fold.js';
import { decodeId, idKey } from '../../lib/ids.js';
import { count, plain } from '../../lib/text.js';
import { all } from '../../webex/rest/parse.js';
import * as groups from '../../webex/rest/groups.js';
import * as rooms from '../../webex/rest/rooms.js';
import type { Group } from '../../webex/rest/groups.js';
import type { Room } from '../../webex/rest/rooms.js';

/** More than this many are no choice, but a name that says too little. */
export const MOST_CANDIDATES = 20;
/** From so many names on, all groups are read once instead of asking for each name. */
const MANY_NAMES = 4;

/** What was found for one written name. */
export interface Found<T> {
  /** As it was written. */
  written: string;
  /** `exact`: one has this very name or id. `several`: these have the name, or its words; even one of them was not named exactly. */
  fit: 'exact' | 'several' | 'none';
  /** By name, at most MOST_CANDIDATES. */
  candidates: T[];
  /** How many more there are. */
  more: number;
  /** Why there is none, as the rest of a sentence about the name. */
  reason?: string;
}

/** The groups that the names mean: by id, by name, else by the beginnings of words. Names need not be unique; nothing is guessed. */
export async function findGroups(context: Pick<Context, 'webex' | 'caller' | 'organization'>, names: readonly string[]): Promise<Found<Group>[]> {
  const options = orgOption(context);
  let everything: Promise<Lookup<Group>> | undefined;
  const everyGroup = (): Promise<Lookup<Group>> =>
    (everything ??= groups.list(context.webex, options).then((list) => lookup(list, { nameOf: (group) => group.displayName, keysOf: groupKeys, none: NO_GROUP })));
  return Promise.all(names.map(async (written) => {
    // Webex: a filter takes no quotation marks, and ids have no filter.
    if (names.length < MANY_NAMES && !/["\\]/.test(written) && decodeId(written).type === '?') {
      const named = await groups.byName(context.webex, written, options);
      if (named.length > 0) return found(written, named, named.length === 1);
    }
    return (await everyGroup())(written);
  }));
}

/** The spaces that the names mean, among those that the account is in: by id, by title, else by the beginnings of words. Titles are not unique; nothing is guessed. */
export async function findSpaces(context: Pick<Context, 'webex'>, names: readonly string[]): Promise<Found<Room>[]> {
  const everything = await all(rooms.list(context.webex, { type: 'group' }));
  // An unreadable title is an encrypted blob: nothing can be found by it.
  const unreadable = everything.filter((room) => room.unreadable.includes('title')).length;
  const none = `is not the title or id of a space that you are in${unreadable === 0 ? '' : ` (${count(unreadable, 'title')} could not be read)`}`;
  return names.map(lookup(everything, { nameOf: (room) => (room.unreadable.includes('title') ? '' : room.title), keysOf: (room) => [idKey(room.id)], none }));
}

const NO_GROUP = 'is not the name or id of a group in this organization';

/** Webex: the key of a group's id is `<group>:<organization>`; the first half alone is meant too. */
export function groupKeys({ id }: { id: string }): string[] {
  return [idKey(id), idKey(id).split(':')[0] ?? ''];
}

/** Finds what a written name means. */
export type Lookup<T> = (written: string) => Found<T>;

/** Everything by id, by name and by the beginnings of words. `none`: why nothing was found, as the rest of a sentence about the name. Pure. */
export function lookup<T>(everything: readonly T[], how: { nameOf: (one: T) => string; keysOf: (one: T) => string[]; none: string }): Lookup<T> {
  const byKey = new Map<string, T[]>();
  const byName = new Map<string, T[]>();
  const put = (map: Map<string, T[]>, key: string, one: T): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [one]);
    else if (!list.includes(one)) list.push(one);
  };
  for (const one of everything) {
    for (const key of how.keysOf(one)) put(byKey, key, one);
    if (how.nameOf(one) !== '') put(byName, comparable(how.nameOf(one)), one);
  }
  let words: { one: T; words: string[] }[] | undefined;
  return (written) => {
    const exact = byKey.get(idKey(written)) ?? byName.get(comparable(written)) ?? [];
    if (exact.length > 0) return found(written, exact, exact.length === 1);
    const asked = split(fold(written));
    words ??= everything.map((one) => ({ one, words: wordsOf(how.nameOf(one)) }));
    const near = asked.length === 0 ? [] : words.filter((entry) => asked.every((begin) => entry.words.some((word) => word.startsWith(begin)))).map(({ one }) => one);
    if (near.length === 0) return { written, fit: 'none', candidates: [], more: 0, reason: how.none };
    return found(written, near.sort((a, b) => how.nameOf(a).localeCompare(how.nameOf(b))), false);
  };
}

function found<T>(written: string, fitting: readonly T[], isExact: boolean): Found<T> {
  return { written, fit: isExact ? 'exact' : 'several', candidates: fitting.slice(0, MOST_CANDIDATES), more: Math.max(0, fitting.length - MOST_CANDIDATES) };
}

function comparable(text: string): string {
  return plain(text, 2000).normalize('NFC').toLowerCase();
}
