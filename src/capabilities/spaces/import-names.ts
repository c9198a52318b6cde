import type { Context } from '../../bot/define.js';
import { idKey } from '../../lib/ids.js';
import { plain } from '../../lib/text.js';
import type { Group } from '../../webex/rest/groups.js';
import type { Room } from '../../webex/rest/rooms.js';
import type { Rule } from './define.js';
import { readFacts, shortId, spaceInWords } from './facts.js';
import type { Found } from './find.js';
import type { ImportFile } from './import-rows.js';
import type { Offer } from './offer.js';
import { MOST_CHOICES } from './views.js';
import type { Fault } from './wishes.js';

/** Names that several have are asked about on the card, as long as there is room for their choices. */
export function askable(found: readonly Found<{ id: string }>[]): (one: Found<unknown>) => boolean {
  const asked = new Set<unknown>();
  let room = MOST_CHOICES;
  for (const one of found) {
    if (one.fit !== 'several' || one.candidates.length > room) continue;
    room -= one.candidates.length;
    asked.add(one.written);
  }
  return (one) => one.fit === 'several' && asked.has(one.written);
}

/** Why rows with these names cannot be used: nothing has the name, or too many names are asked about already. */
export function unusedNames<T>(found: readonly Found<T>[], offer: Offer, asks: (one: Found<unknown>) => boolean, idOf: (one: T) => string, column: string): [string, Omit<Fault, 'line'>][] {
  return [
    ...offer.missing.map(({ written, reason }): [string, Omit<Fault, 'line'>] => [written, { problem: `“${plain(written, 80)}” ${reason}`, suggestion: `check the spelling, or write the ${column}` }]),
    ...found.filter((one) => one.fit === 'several' && !asks(one)).map((one): [string, Omit<Fault, 'line'>] => [
      one.written, { problem: `“${plain(one.written, 80)}” could be several`, suggestion: `write the ${column}: ${one.candidates.map((candidate) => plain(idOf(candidate), 400)).join(' or ')}` },
    ]),
  ];
}

/** Spaces that shall follow groups for the first time, with what is known of them. One that cannot be read cannot be confirmed. */
export async function confirmSpaces(context: Context, found: readonly Found<Room>[], rules: readonly Rule[]): Promise<{ confirmed: Map<string, string>; unread: Map<string, string> }> {
  const known = new Set(rules.map(({ space }) => idKey(space.id)));
  const sure = found.filter(({ fit, candidates }) => fit === 'exact' && !known.has(idKey(candidates[0]?.id ?? '')));
  const { facts, unread } = await readFacts(context, sure.flatMap(({ candidates }) => candidates));
  const reasons = new Map(unread.map(({ room, reason }) => [idKey(room.id), `the space cannot be confirmed: ${reason}`]));
  return {
    confirmed: new Map(facts.map((one) => [idKey(one.room.id), spaceInWords(one, context.organization.id)])),
    unread: new Map(sure.flatMap(({ written, candidates }) => candidates.flatMap(({ id }): [string, string][] => {
      const reason = reasons.get(idKey(id));
      return reason === undefined ? [] : [[written, reason]];
    }))),
  };
}

/** Where a row has an id and a name that are of two things, the id counts; that is said. */
export function mismatches(file: ImportFile, groups: readonly Found<Group>[], spaces: readonly Found<Room>[]): string[] {
  const names = new Map([...groups.map((one): [string, string] => [one.written, one.candidates[0]?.displayName ?? '']), ...spaces.map((one): [string, string] => [one.written, one.candidates[0]?.title ?? ''])]);
  const rows = new Map(file.rows.map((row) => [row.line, row]));
  return file.alsoNamed.flatMap(({ line, group, space }) => {
    const row = rows.get(line);
    const pairs = row === undefined ? [] : [{ written: group, id: row.group }, { written: space, id: row.space }];
    return pairs.flatMap(({ written, id }) => {
      const real = names.get(id) ?? '';
      return written === '' || real === '' || real.toLowerCase() === written.toLowerCase() ? [] : [`Row ${line} says “${plain(written, 60)}”, but the id ${shortId(id)} is that of “${plain(real, 60)}”. The id counts.`];
    });
  });
}

/** One fault for each row, by row. */
export function distinctLines(faults: readonly Fault[]): Fault[] {
  return [...new Map([...faults].reverse().map((fault) => [fault.line, fault])).values()].sort((a, b) => a.line - b.line);
}
