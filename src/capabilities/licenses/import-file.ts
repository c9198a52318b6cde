import { format, parse } from '../../lib/csv.js';
import { CallerMistake } from '../../lib/errors.js';
import { plain, sentenceList } from '../../lib/text.js';
import { IMPORT_COLUMNS, withOutside, type BadRow, type Column, type ImportRow } from './import-rows.js';

/** The columns that `fix-these.csv` has besides: it is imported again as it is. */
const ADDED = ['row', 'problem', 'suggestion'];
const NEEDED = ['email', 'license'] as const;
const OPTIONAL = IMPORT_COLUMNS.filter((column) => !NEEDED.some((name) => name === column));

const isKnown = (name: string): boolean => ['', ...IMPORT_COLUMNS, ...ADDED].includes(name);

/** The header as a command declares it. */
export const CSV_HEADER: string[] = [...NEEDED, ...OPTIONAL.map((column) => `${column}?`)];

/** The optional columns in a sentence. */
export const OPTIONAL_TEXT = sentenceList(OPTIONAL, OPTIONAL.length);

/** Rows of a file. `unread`: lines that are no rows of its header. `notes`: how it was read, as sentences. */
export interface ReadFile {
  rows: ImportRow[];
  unread: BadRow[];
  notes: string[];
}

/** Reads a file of `licenses import`; no line and no column is left out silently. Throws CallerMistake where a column that is needed is not named, or clearly misnamed. */
export function readImport(bytes: Buffer): ReadFile {
  const table = parse(bytes);
  const header = table.header.map((name) => name.trim().toLowerCase());
  if (!NEEDED.every((column) => header.includes(column))) {
    throw new CallerMistake({ code: 'CSV_HEADER', message: `The first line of the file must name the columns ${sentenceList(NEEDED)} (and may name ${OPTIONAL_TEXT}). It says: ${plain(table.header.join(', '))}.` });
  }
  const rowOf = ({ line, cells }: { line: number; cells: string[] }): ImportRow => ({
    line, ...(Object.fromEntries(IMPORT_COLUMNS.map((column) => [column, cells[header.indexOf(column)] ?? ''])) as { [column in Column]: string }),
  });
  refuseMisnamed(header, table.rows);
  const between = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' }[table.delimiter];
  const strange = header.filter((name) => !isKnown(name)).map((name) => `“${plain(name, 40)}”`);
  return {
    rows: withOutside(table.rows.map(rowOf)),
    unread: table.problems.map((one) => ({ row: rowOf(one), problem: one.problem, suggestion: 'correct this line' })),
    notes: [
      `The file was read as ${table.encoding} with ${between} between the columns.`,
      ...(strange.length === 0 ? [] : [`${strange.length === 1 ? 'A column is' : 'Columns are'} not known and not used: ${sentenceList(strange, 8)}.`]),
    ],
  };
}

/** Without its column `operation` a file gives all that it names: one that says so under another name must not take that for nothing. */
function refuseMisnamed(header: readonly string[], rows: readonly { cells: readonly string[] }[]): void {
  if (header.includes('operation')) return;
  const misnamed = header.find((name, at) => {
    const said = isKnown(name) ? [] : rows.flatMap(({ cells }) => cells[at]?.trim().toLowerCase() || []);
    return said.length > 0 && said.every((cell) => cell === 'add' || cell === 'remove');
  });
  if (misnamed === undefined) return;
  throw new CallerMistake({ code: 'CSV_HEADER', message: `The column “${plain(misnamed, 40)}” says add and remove, but only a column that is called operation is read so. Correct the first line of the file.` });
}

/** The bad rows in the same columns, each with its row number, what is wrong and what to do. */
export function fixThese(bad: readonly BadRow[]): { name: string; content: Buffer } {
  const rows = bad.map(({ row, problem, suggestion }) => [...IMPORT_COLUMNS.map((column) => row[column]), String(row.line), problem, suggestion]);
  return { name: 'fix-these.csv', content: format([...IMPORT_COLUMNS, ...ADDED], rows) };
}
