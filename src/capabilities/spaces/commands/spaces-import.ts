import { textOf, type Command, type Context, type View } from '../../../bot/define.js';
import { parse, type Table } from '../../../lib/csv.js';
import { CallerMistake } from '../../../lib/errors.js';
import { idKey } from '../../../lib/ids.js';
import { count, plain } from '../../../lib/text.js';
import type { Group } from '../../../webex/rest/groups.js';
import type { Room } from '../../../webex/rest/rooms.js';
import { RULES_ACCESS } from '../arguments.js';
import { keepDraft, meantBy, seenOf } from '../asked.js';
import type { Rule, SpacesParts } from '../define.js';
import { shownTitle } from '../facts.js';
import { findGroups, findSpaces } from '../find.js';
import { askable, confirmSpaces, distinctLines, mismatches, unusedNames } from '../import-names.js';
import { fixThese, importFile } from '../import-rows.js';
import { offerGroups, offerSpaces } from '../offer.js';
import { readRules } from '../rules.js';
import { changeLine, confirmView, namesOf, ruleLine } from '../views.js';
import { differenceOf, wishesOf, type Difference, type Fault } from '../wishes.js';

const MOST_ROWS = 5_000;

/** `spaces import` with a CSV `group,room` or `group_id,room_id`: shows what would be new and changed; its button saves it. Bad rows come back as a file. */
export function spacesImport(parts: SpacesParts): Command {
  return {
    noun: 'spaces', verb: 'import',
    summary: 'Make rules by an attached CSV of groups and rooms',
    examples: ['spaces import (with a CSV file: group,room)', 'spaces import replace=yes (with a CSV file: group_id,room_id,mode)'],
    arguments: [{
      name: 'replace', kind: 'choice', label: 'What is not in the file', required: false, default: 'no', help: 'whether rules that are not in the file are kept (which is so without it) or removed',
      choices: [{ title: 'Keep it', value: 'no' }, { title: 'Remove it', value: 'yes' }],
    }],
    csv: ['group?', 'room?', 'group_id?', 'room_id?', 'mode?'],
    access: RULES_ACCESS,
    plans: false,
    run: async (context, values) => {
      if (context.csv === undefined) {
        throw new CallerMistake({ code: 'CSV_MISSING', message: 'Attach a CSV file with the header group,room (or group_id,room_id; and mode if you like) to the message “spaces import”.' });
      }
      const table = parse(context.csv.bytes, { rows: MOST_ROWS });
      return { kind: 'view', view: await importView(context, parts, table, textOf(values, 'replace') === 'yes') };
    },
  };
}

async function importView(context: Context, parts: SpacesParts, table: Table, isReplacing: boolean): Promise<View> {
  const file = importFile(table);
  const distinct = (names: readonly string[]): string[] => [...new Set(names)];
  const [foundGroups, foundSpaces, rules] = await Promise.all([
    findGroups(context, distinct(file.rows.map(({ group }) => group))), findSpaces(context, distinct(file.rows.map(({ space }) => space))), readRules(context),
  ]);
  const asks = askable([...foundGroups, ...foundSpaces]);
  const groups = offerGroups(foundGroups, asks);
  const spaces = await offerSpaces(context, parts, foundSpaces, { asks });
  const unused = new Map([...unusedNames(foundGroups, groups, asks, ({ id, displayName }: Group) => `${displayName}: ${id}`, 'group_id'), ...unusedNames(foundSpaces, spaces, asks, (room: Room) => `${shownTitle(room)}: ${room.id}`, 'room_id')]);
  const usable = file.rows.filter(({ group, space }) => !unused.has(group) && !unused.has(space));
  const unknown = file.rows.flatMap(({ line, group, space }): Fault[] => {
    const fault = unused.get(group) ?? unused.get(space);
    return fault === undefined ? [] : [{ line, ...fault }];
  });
  const { bad } = wishesOf(usable, meantBy(groups.named, []), meantBy(spaces.named, []));
  const { confirmed, unread } = await confirmSpaces(context, foundSpaces, rules);
  const unreadRows = usable.flatMap(({ line, space }): Fault[] => (unread.has(space) ? [{ line, problem: unread.get(space) ?? '', suggestion: 'try again later' }] : []));
  const faults = distinctLines([...file.bad, ...unknown, ...bad, ...unreadRows]);
  const refused = new Set(faults.map(({ line }) => line));
  const rows = usable.filter(({ line }) => !refused.has(line));
  const good = wishesOf(rows, meantBy(groups.named, []), meantBy(spaces.named, []));
  const replace = isReplacing && faults.length === 0;
  const difference = differenceOf(good.wishes, rules, { options: {}, replace, by: { by: context.caller, at: context.clock.iso() } });
  const hasChoice = groups.choices.length + spaces.choices.length > 0;
  const isSaving = difference.made.length + difference.changed.length + difference.removed.length > 0 || (hasChoice && rows.length > 0);
  const draft = isSaving && await keepDraft(context, {
    kind: 'import', rows, groups: groups.named, spaces: spaces.named, options: {}, replace: isReplacing, bad: faults.length,
    file: { header: file.header, cells: good.unanswered.map(({ line }) => [line, file.cells.get(line) ?? []]) }, seen: seenOf(rules),
  });
  const fix = fixThese(file.header, file.cells, faults);
  return confirmView(context, {
    title: `Import ${count(file.rows.length + file.bad.length, 'row')} of ${plain(context.csv?.filename ?? 'the file', 80)}`,
    notes: [
      ...(faults.length === 0 ? [] : [`${count(faults.length, 'row')} cannot be used and ${faults.length === 1 ? 'comes' : 'come'} back as fix-these.csv.`]),
      ...(isReplacing && faults.length > 0 ? ['No rule will be removed: rows that cannot be used might mean just what is missing.'] : []),
      ...mismatches(file, foundGroups, foundSpaces), ...groups.notes, ...spaces.notes,
    ],
    facts: factsOf(difference, replace, good.unanswered.length, table),
    sections: [
      { heading: 'New', lines: difference.made.map((rule) => newLine(rule, confirmed)) },
      { heading: 'Changed', lines: difference.changed.map(changeLine) },
      { heading: replace ? 'In Steward but not in the file: removed' : 'In Steward but not in the file: kept', lines: difference.missing.map(({ rule, groups: others }) => `${plain(rule.space.title, 80)} (rule ${rule.id}): ${namesOf(others)}`) },
    ],
    ...(isSaving ? { groups, spaces } : {}),
    closing: isSaving ? 'Look whether these are the spaces that you mean. Nothing changes in Webex by this.' : 'There is nothing to save.',
    buttons: draft === false ? [] : [{ title: 'Save these rules', command: 'spaces confirm', arguments: { draft }, only: context.caller.personId, once: true, style: 'positive' }],
    ...(fix === undefined ? {} : { files: [fix] }),
  });
}

function newLine(rule: Rule, confirmed: ReadonlyMap<string, string>): string {
  const facts = confirmed.get(idKey(rule.space.id));
  return `${ruleLine(rule)}${facts === undefined ? '' : `. The space: ${facts}`}`;
}

function factsOf(difference: Difference, replace: boolean, open: number, table: Table): { title: string; value: string }[] {
  const missing = difference.missing.length === 0 ? [] : [{ title: 'Not in the file', value: `${difference.missing.length} (${replace ? 'removed' : 'kept'})` }];
  return [
    { title: 'New', value: String(difference.made.length) }, { title: 'Changed', value: String(difference.changed.length) }, { title: 'Same', value: String(difference.same.length) },
    ...missing, ...(open === 0 ? [] : [{ title: 'To be chosen', value: count(open, 'row') }]),
    { title: 'The file', value: `${table.encoding}, ${{ ',': 'commas', ';': 'semicolons', '\t': 'tabs' }[table.delimiter]} between the columns` },
  ];
}
