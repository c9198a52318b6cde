import { idKey } from '../../lib/ids.js';
import { plain } from '../../lib/text.js';
import { DEFAULTS, type Options } from './arguments.js';
import type { Rule } from './define.js';
import { ruleId, sameRule } from './rules.js';

/** A group or a space: its id and what it is called, raw. */
export interface Ref {
  id: string;
  name: string;
}

/** One pair as asked for: by names, ids, or what else was written. */
export interface PairRow {
  /** Its line in the file; 0 when it was no file. */
  line: number;
  group: string;
  space: string;
  mode: Rule['mode'] | '';
}

/** What a row cannot be used for, and what to do. */
export interface Fault {
  line: number;
  problem: string;
  suggestion: string;
}

/** What a space shall follow. */
export interface Wish {
  space: Ref;
  groups: Ref[];
  mode?: Rule['mode'];
}

/** What is meant by a written name: several, where somebody chose several; none, where nothing was chosen. */
export type Meant = ReadonlyMap<string, readonly Ref[]>;

/** One wish for each space of all rows. Rows whose modes for one space contradict each other are all refused, each naming the other. Pure. */
export function wishesOf(rows: readonly PairRow[], groups: Meant, spaces: Meant): { wishes: Wish[]; bad: Fault[]; unanswered: PairRow[] } {
  const bySpace = new Map<string, { space: Ref; rows: { row: PairRow; groups: readonly Ref[] }[] }>();
  const unanswered: PairRow[] = [];
  for (const row of rows) {
    const meantGroups = groups.get(row.group) ?? [];
    const meantSpaces = spaces.get(row.space) ?? [];
    if (meantGroups.length === 0 || meantSpaces.length === 0) unanswered.push(row);
    else for (const space of meantSpaces) {
      const entry = bySpace.get(idKey(space.id)) ?? { space, rows: [] };
      entry.rows.push({ row, groups: meantGroups });
      bySpace.set(idKey(space.id), entry);
    }
  }
  const wishes: Wish[] = [];
  const bad = new Map<number, Fault>();
  for (const { space, rows: own } of bySpace.values()) {
    const refused = own.flatMap(({ row }) => {
      const other = own.find((one) => row.mode !== '' && one.row.mode !== '' && one.row.mode !== row.mode);
      return other === undefined ? [] : [{ line: row.line, problem: `row ${row.line} (${row.mode}) contradicts row ${other.row.line} (${other.row.mode}) for the space ${plain(space.name, 60)}`, suggestion: 'a space has one mode: keep one of the two' }];
    });
    for (const fault of refused) bad.set(fault.line, fault);
    const good = own.filter(({ row }) => !refused.some(({ line }) => line === row.line));
    const mode = good.find(({ row }) => row.mode !== '')?.row.mode;
    const all = new Map(good.flatMap((one) => one.groups).map((group) => [idKey(group.id), group]));
    if (all.size > 0) wishes.push({ space, groups: [...all.values()], ...(mode === undefined || mode === '' ? {} : { mode }) });
  }
  return { wishes, bad: [...bad.values()].sort((a, b) => a.line - b.line), unanswered };
}

/** What saving the wishes would do to the rules. */
export interface Difference {
  made: Rule[];
  changed: { before: Rule; after: Rule }[];
  same: Rule[];
  /** What the rules have and the wishes have not. It is kept, unless it shall be replaced: then `changed` and `removed` have it too. */
  missing: { rule: Rule; groups: Ref[] }[];
  removed: Rule[];
}

/**
 * Groups are added to those that a space follows already; with `replace`, the wishes are all there is. Options that are not given stay
 * as they are. Pure.
 */
export function differenceOf(wishes: readonly Wish[], rules: readonly Rule[], how: { options: Partial<Options>; replace: boolean; by: Pick<Rule, 'by' | 'at'> }): Difference {
  const difference: Difference = { made: [], changed: [], same: [], missing: [], removed: [] };
  const byKey = new Map(rules.map((rule) => [idKey(rule.space.id), rule]));
  for (const wish of wishes) {
    const before = byKey.get(idKey(wish.space.id));
    const asked = new Set(wish.groups.map(({ id }) => idKey(id)));
    const others = (before?.groups ?? []).filter(({ id }) => !asked.has(idKey(id)));
    const { mode, graceDays, as, moderators, outside } = { ...DEFAULTS, ...before, ...(wish.mode === undefined ? {} : { mode: wish.mode }), ...how.options };
    const after: Rule = {
      id: ruleId(wish.space.id), space: { id: wish.space.id, title: wish.space.name }, groups: [...wish.groups, ...(how.replace ? [] : others)],
      mode, graceDays, as, moderators, outside, ...how.by,
    };
    if (before === undefined) difference.made.push(after);
    else if (sameRule(before, after)) difference.same.push(before);
    else difference.changed.push({ before, after });
    if (before !== undefined && others.length > 0) difference.missing.push({ rule: before, groups: others });
  }
  const named = new Set(wishes.map(({ space }) => idKey(space.id)));
  for (const rule of rules) {
    if (named.has(idKey(rule.space.id))) continue;
    difference.missing.push({ rule, groups: rule.groups });
    if (how.replace) difference.removed.push(rule);
  }
  return difference;
}
