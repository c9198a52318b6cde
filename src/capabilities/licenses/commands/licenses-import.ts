import type { Command, Context } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { idKey } from '../../../lib/ids.js';
import { count, plain, sentenceList } from '../../../lib/text.js';
import { openCatalog, type Catalog } from '../catalog.js';
import { CHANGE_ACCESS, outsider } from '../change-arguments.js';
import type { Known, Wish } from '../define.js';
import { draftOf, readFor } from '../gather.js';
import { CSV_HEADER, fixThese, OPTIONAL_TEXT, readImport } from '../import-file.js';
import { groupRows, IMPORT_COLUMNS, type BadRow, type ImportGroup, type ImportRow, type Meant } from '../import-rows.js';
import { isCalling } from '../kinds.js';
import { callingFrom, openLocations, type Locations } from '../locations.js';
import { expandTemplates } from '../templates.js';

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
    const expanded = await withTemplates(context, rows, catalog);
    const grouped = groupRows(expanded.rows, (row) => meaningOf(row, catalog, locations));
    const { wishes, unknown } = await wishesOf(context, grouped.groups);
    const bad = [...unread, ...expanded.bad, ...grouped.bad, ...unknown].sort((a, b) => a.row.line - b.row.line);
    const title = `Import ${count(rows.length + unread.length, 'row')} of ${plain(context.csv.filename, 80)}`;
    const draft = draftOf(context, catalog, wishes, await readFor(context, wishes), { title: () => title, command: 'licenses import', problems: [], locations });
    const files = [...(bad.length === 0 ? [] : [fixThese(bad)]), ...(draft.files ?? [])];
    const badNote = bad.length === 0 ? [] : [`${count(bad.length, 'row')} could not be used and ${bad.length === 1 ? 'comes' : 'come'} back as fix-these.csv.`];
    return { kind: 'plan', draft: { ...draft, warnings: [...notes, ...badNote, ...draft.warnings], ...(files.length === 0 ? {} : { files }) } };
  },
};

/** One wish per address. One that nobody of the organization has is of another only where a row says so. */
async function wishesOf(context: Context, groups: readonly ImportGroup[]): Promise<{ wishes: Wish[]; unknown: BadRow[] }> {
  const known = await context.peopleByEmail(groups.map(({ email }) => email));
  const wishes: Wish[] = [];
  const unknown: BadRow[] = [];
  for (const { email, isOutside, rows } of groups) {
    const person = known.get(email) ?? (isOutside ? outsider(email) : undefined);
    if (person !== undefined) wishes.push({ person, operations: rows.map(({ operation }) => operation) });
    else unknown.push(...rows.map(({ row }) => ({ row, problem: `${email} is not known in this organization`, suggestion: 'check the spelling; write yes in the column outside for somebody of another organization' })));
  }
  return { wishes, unknown };
}

/** A row that names a template stands for one row per license of it. */
async function withTemplates(context: Context, rows: readonly ImportRow[], catalog: Catalog): Promise<{ rows: ImportRow[]; bad: BadRow[] }> {
  const bad: BadRow[] = [];
  const expanded: ImportRow[] = [];
  for (const row of rows) {
    try {
      expanded.push(...(await expandTemplates(context, [row.license], catalog)).map((license) => ({ ...row, license })));
    } catch (error) {
      if (!(error instanceof CallerMistake)) throw error;
      bad.push({ row, problem: error.message, suggestion: 'write the name as “licenses templates” shows it' });
    }
  }
  return { rows: expanded, bad };
}

/** A row with a license means that license (of the site, if one is named), one without means to be an attendee of the site. */
function meaningOf(row: ImportRow, catalog: Catalog, locations: Locations | undefined): Meant {
  const operation = row.operation === 'remove' ? 'remove' : 'add';
  if (row.license === '') {
    return catalog.sites.includes(row.site)
      ? { key: `site ${row.site}`, operation: { what: 'site', site: row.site, operation } }
      : { problem: 'the site is none of this organization (Webex: 400216)', suggestion: `write one of: ${catalog.sites.join(', ')}` };
  }
  const found = licenseOf(row, catalog);
  if ('problem' in found) return found;
  const key = idKey(found.license.id);
  if (!isCalling(found) || operation === 'remove' || locations === undefined) return { key, operation: { what: 'license', known: found, operation } };
  try {
    const calling = callingFrom(row, locations);
    return { key, operation: { what: 'license', known: found, operation, ...(calling === undefined ? {} : { calling }) } };
  } catch (error) {
    if (!(error instanceof CallerMistake)) throw error;
    return { problem: error.message, suggestion: 'correct extension, phone or location' };
  }
}

function licenseOf(row: ImportRow, catalog: Catalog): Known | { problem: string; suggestion: string } {
  const found = catalog.find(row.license);
  if (found.fit === 'none') return { problem: `the license ${found.reason} (Webex: 400000)`, suggestion: 'write the name as “licenses” shows it, or the id' };
  const all = found.fit === 'one' ? [found.known] : found.candidates;
  const fitting = row.site === '' ? all : all.filter(({ license }) => license.siteUrl?.toLowerCase() === row.site);
  const [first, second] = fitting;
  if (first === undefined) return { problem: `this license is not one of ${row.site}`, suggestion: `it is one of: ${shown(all)}` };
  // A name that only begins so is not taken, even if one license alone does.
  if (second === undefined && (found.fit === 'one' || all.every(({ license }) => license.name === first.license.name))) return first;
  return { problem: fitting.length === 1 ? 'no license is called exactly so' : `${fitting.length} licenses could be meant`, suggestion: `write one of: ${shown(fitting)}` };
}

function shown(all: readonly Known[]): string {
  return sentenceList(all.map(({ label }) => label), 8);
}
