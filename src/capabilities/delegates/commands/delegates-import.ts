import type { Command, Context, PeopleArgument } from '../../../bot/define.js';
import { format, parse } from '../../../lib/csv.js';
import { CallerMistake } from '../../../lib/errors.js';
import { count, plain } from '../../../lib/text.js';
import { DELEGATES_ACCESS, siteOf } from '../arguments.js';
import { draftFor, type Asked } from '../gather.js';
import { groupRows, type BadRow, type ImportGroup, type ImportRow } from '../import-rows.js';

const COLUMNS = ['host', 'delegate', 'mode', 'site'] as const;

/** `delegates import` with a CSV `host,delegate[,mode][,site]`: one plan for all good rows; bad ones come back as a file. */
export const delegatesImport: Command = {
  noun: 'delegates',
  verb: 'import',
  summary: 'Change many lists of delegates by an attached CSV',
  examples: ['delegates import (with a CSV file: host,delegate,mode,site)'],
  arguments: [],
  csv: ['host', 'delegate', 'mode?', 'site?'],
  access: DELEGATES_ACCESS,
  plans: true,
  run: async (context, _values) => {
    if (context.csv === undefined) {
      throw new CallerMistake({ code: 'CSV_MISSING', message: 'Attach a CSV file with the header host,delegate (and mode, site if you like) to the message “delegates import”.' });
    }
    const { rows, unread, notes } = read(context.csv.bytes);
    const grouped = groupRows(rows);
    const { groups } = grouped;
    const bad = [...unread, ...grouped.bad].sort((a, b) => a.row.line - b.row.line);
    const known = await context.peopleByEmail([...new Set(groups.flatMap((group) => [group.host, ...group.delegates]))]);
    const unknown = groups.flatMap((group) => unknownRows(group, known));
    const asked = groups.map((group): Asked => ({
      hosts: argument([group.host], known),
      delegates: argument(group.delegates, known),
      mode: group.mode,
      site: siteOf(group.site),
    }));
    const title = `Import ${count(rows.length + unread.length, 'row')} of ${plain(context.csv.filename, 80)}`;
    const draft = await draftFor(context, asked, () => title, 'delegates import');
    const files = fixThese([...bad, ...unknown]);
    return { kind: 'plan', draft: { ...draft, warnings: [...notes, ...badNote(bad.length + unknown.length), ...draft.warnings], ...(files === undefined ? {} : { files: [files] }) } };
  },
};

/** Lines that are no rows of this header come as bad rows; none is left out silently. */
function read(bytes: Buffer): { rows: ImportRow[]; unread: BadRow[]; notes: string[] } {
  const table = parse(bytes);
  const header = table.header.map((name) => name.trim().toLowerCase());
  const at = (name: (typeof COLUMNS)[number]): number => header.indexOf(name);
  if (at('host') < 0 || at('delegate') < 0) {
    throw new CallerMistake({ code: 'CSV_HEADER', message: `The first line of the file must name the columns host and delegate (and may name mode and site). It says: ${plain(table.header.join(', '))}.` });
  }
  const cell = (cells: readonly string[], name: (typeof COLUMNS)[number]): string => cells[at(name)] ?? '';
  const rowOf = ({ line, cells }: { line: number; cells: string[] }): ImportRow => ({ line, host: cell(cells, 'host'), delegate: cell(cells, 'delegate'), mode: cell(cells, 'mode'), site: cell(cells, 'site') });
  const unread = table.problems.map((one): BadRow => ({ row: rowOf(one), problem: one.problem, suggestion: 'correct this line' }));
  return { rows: table.rows.map(rowOf), unread, notes: [`The file was read as ${table.encoding} with ${describe(table.delimiter)} between the columns.`] };
}

function describe(delimiter: string): string {
  return { ',': 'commas', ';': 'semicolons', '\t': 'tabs' }[delimiter] ?? 'separators';
}

type Known = Awaited<ReturnType<Context['peopleByEmail']>>;

function argument(emails: readonly string[], known: Known): PeopleArgument {
  return {
    people: emails.flatMap((email) => known.get(email) ?? []),
    problems: emails.filter((email) => !known.has(email)).map((subject) => ({ subject, reason: 'is not known in this organization' })),
  };
}

/** Removing somebody whom Webex no longer knows is a good row. */
function unknownRows(group: ImportGroup, known: Known): BadRow[] {
  return group.rows.flatMap((row) => {
    const missing = [row.host, ...(group.mode === 'remove' ? [] : [row.delegate])].find((email) => !known.has(email));
    return missing === undefined ? [] : [{ row, problem: `${missing} is not known in this organization`, suggestion: 'check the spelling' }];
  });
}

function badNote(bad: number): string[] {
  return bad === 0 ? [] : [`${count(bad, 'row')} could not be used and ${bad === 1 ? 'comes' : 'come'} back as fix-these.csv.`];
}

/** The bad rows in the same columns, each with its row number, what is wrong and what to do. */
function fixThese(bad: readonly BadRow[]): { name: string; content: Buffer } | undefined {
  if (bad.length === 0) return undefined;
  const rows = bad.map(({ row, problem, suggestion }) => [row.host, row.delegate, row.mode, row.site, String(row.line), problem, suggestion]);
  return { name: 'fix-these.csv', content: format([...COLUMNS, 'row', 'problem', 'suggestion'], rows) };
}
