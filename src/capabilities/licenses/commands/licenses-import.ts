import type { Command, Context, PersonRef } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { count, plain } from '../../../lib/text.js';
import { openCatalog } from '../catalog.js';
import { CHANGE_ACCESS, outsider } from '../change-arguments.js';
import type { Wish } from '../define.js';
import { draftOf, readFor } from '../gather.js';
import { CSV_HEADER, fixThese, OPTIONAL_TEXT, readImport } from '../import-file.js';
import { expandedIn, meaningOf } from '../import-meaning.js';
import { groupRows, IMPORT_COLUMNS, readRows, type BadRow, type GoodRow } from '../import-rows.js';
import { isCalling } from '../kinds.js';
import { openLocations } from '../locations.js';

/** `licenses import` with a CSV: one call per person for all good rows; bad ones come back as a file. */
export const licensesImport: Command = {
  noun: 'licenses', verb: 'import',
  summary: 'Assign and remove licenses by an attached CSV',
  examples: [`licenses import (with a CSV file: ${IMPORT_COLUMNS.join(',')})`],
  arguments: [], csv: CSV_HEADER,
  access: CHANGE_ACCESS, plans: true,
  run: async (context) => {
    if (context.csv === undefined) {
      throw new CallerMistake({ code: 'CSV_MISSING', message: `Attach a CSV file with the header email,license (and ${OPTIONAL_TEXT} if you like) to the message “licenses import”.` });
    }
    const { rows, unread, notes } = readImport(context.csv.bytes);
    const catalog = await openCatalog(context);
    const locations = catalog.all.some(isCalling) ? await openLocations(context) : undefined;
    const expanded = await expandedIn(context, rows, catalog);
    const read = readRows(rows, (row) => meaningOf(row, expanded, catalog, locations));
    const { known, unknown } = await peopleOf(context, read.good);
    const { groups, bad: contradictory } = groupRows(known);
    const wishes = groups.map(({ person, operations, together }): Wish => ({ person, operations, ...(together ? { together } : {}) }));
    const bad = [...unread, ...read.bad, ...unknown, ...contradictory].sort((a, b) => a.row.line - b.row.line);
    const title = `Import ${count(rows.length + unread.length, 'row')} of ${plain(context.csv.filename, 80)}`;
    const draft = draftOf(context, catalog, wishes, await readFor(context, wishes), { title: () => title, command: 'licenses import', problems: [], locations });
    const files = [...(bad.length === 0 ? [] : [fixThese(bad)]), ...(draft.files ?? [])];
    const badNote = bad.length === 0 ? [] : [`${count(bad.length, 'row')} could not be used and ${bad.length === 1 ? 'comes' : 'come'} back as fix-these.csv.`];
    return { kind: 'plan', draft: { ...draft, warnings: [...notes, ...badNote, ...draft.warnings], ...(files.length === 0 ? {} : { files }) } };
  },
};

/** Whom the rows are about. An address that nobody of the organization has is of another only where a row says so. */
async function peopleOf(context: Context, rows: readonly GoodRow[]): Promise<{ known: (GoodRow & { person: PersonRef })[]; unknown: BadRow[] }> {
  const found = await context.peopleByEmail([...new Set(rows.map(({ row }) => row.email))]);
  const known: (GoodRow & { person: PersonRef })[] = [];
  const unknown: BadRow[] = [];
  for (const good of rows) {
    const { email, outside } = good.row;
    const person = found.get(email) ?? (outside === 'yes' ? outsider(email) : undefined);
    if (person !== undefined) known.push({ ...good, person });
    else unknown.push({ row: good.row, problem: `${email} is not known in this organization`, suggestion: 'check the spelling; write yes in the column outside for somebody of another organization' });
  }
  return { known, unknown };
}
