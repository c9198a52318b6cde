import { parse as parseRecords, type Info } from 'csv-parse/sync';
import { CallerMistake } from './errors.js';

/** A CSV file as read, with what was recognized, so that it can be told. */
export interface Table {
  encoding: 'UTF-8' | 'UTF-8 with BOM' | 'UTF-16LE' | 'UTF-16BE' | 'Windows-1252';
  delimiter: ',' | ';' | '\t';
  /** The first line that is neither blank nor a comment, trimmed. */
  header: string[];
  /** As many cells as the header has. */
  rows: Row[];
  /** Lines that could not be read as rows. */
  problems: (Row & { problem: string })[];
}

export interface Row {
  /** Where it begins in the file, from 1. */
  line: number;
  cells: string[];
}

/** A spreadsheet runs a cell that begins with one of these, full-width forms too. */
const RUNS = '=+\\-@\\t\\r\\n＝＋－＠';
const NEEDS_APOSTROPHE = new RegExp(`^'*[${RUNS}]`);
const HAS_APOSTROPHE = new RegExp(`^'+[${RUNS}]`);
/** Bidi, zero-width and control characters: they hide or reorder what is read. Tab and line ends stay. */
const INVISIBLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g;

const ZIP = Buffer.from('PK\u0003\u0004');
const MOST_BYTES = 5 * 1024 * 1024;
const MOST_ROWS = 50_000;
/** Rows that are written as one text. */
const ROWS_AT_ONCE = 1000;

const QUOTES = 'Its quotation marks do not fit: a cell has two or none, and one inside a quoted cell is written twice.';
/** What 0x80 to 0x9F are in Windows-1252. Node's own decoder takes them for control characters. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

/**
 * Reads a CSV file: `,` `;` or tab between cells, as Excel's first line `sep=;` says or the header shows; UTF-8, UTF-16 or Windows-1252, quotes, comment
 * lines with `#`.
 * The leading apostrophe that `format` puts before what a spreadsheet would run is taken off again.
 * A bad line is a problem and never hides a good one. Throws CallerMistake for a file that is too big or no CSV at all.
 */
export function parse(bytes: Buffer, limits: { bytes?: number; rows?: number } = {}): Table {
  const { bytes: mostBytes = MOST_BYTES, rows: mostRows = MOST_ROWS } = limits;
  if (bytes.length > mostBytes) throw mistake('CSV_TOO_BIG', `The file is too big: ${mb(bytes.length)} MB, at most ${mb(mostBytes)} MB are taken. Split it.`);
  if (bytes.subarray(0, ZIP.length).equals(ZIP)) throw mistake('CSV_IS_WORKBOOK', 'This is a workbook, not a CSV file. Save it as CSV (comma delimited) and send that.');
  const { encoding, text } = decode(bytes);
  if (text.includes('\0')) throw mistake('CSV_NOT_TEXT', 'This is not a text file. Save it as CSV and send that.');
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const delimiter = takeSaid(lines) ?? delimiterOf(lines.find((line) => /^\s*[^\s#]/.test(line)) ?? '');
  const { records, problems } = read(lines, delimiter);
  const header = records.shift()?.cells.map((name) => name.trim());
  if (!header) throw mistake('CSV_EMPTY', 'The file is empty: it has no line with the names of the columns.');
  refuseTwins(header);
  if (records.length > mostRows) throw mistake('CSV_TOO_LONG', `The file has ${records.length} rows, at most ${mostRows} are taken. Split it.`);
  const rows: Row[] = [];
  for (const record of records) {
    const spare = record.cells.length - header.length;
    if (record.cells.slice(header.length).some((cell) => cell !== '')) problems.push({ ...record, problem: `It has ${spare} more ${spare === 1 ? 'cell' : 'cells'} than there are columns.` });
    else rows.push({ line: record.line, cells: header.map((_, i) => record.cells[i] ?? '') });
  }
  return { encoding, delimiter, header, rows, problems: problems.sort((a, b) => a.line - b.line) };
}

/** A CSV file for spreadsheets: UTF-8 with BOM, CRLF, and an apostrophe before every cell that would be run. */
export function format(header: readonly string[], rows: readonly (readonly string[])[]): Buffer {
  const line = (cells: readonly string[]): string => `${cells.map(cellText).join(',')}\r\n`;
  const parts = [Buffer.from(`\uFEFF${line(header)}`)];
  // One text of all rows would be held beside the bytes.
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) parts.push(Buffer.from(rows.slice(at, at + ROWS_AT_ONCE).map(line).join('')));
  return Buffer.concat(parts);
}

function cellText(cell: string): string {
  const visible = cell.replace(INVISIBLE, '');
  const safe = NEEDS_APOSTROPHE.test(visible) ? `'${visible}` : visible;
  return /[",;\t\r\n#]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function decode(bytes: Buffer): { encoding: Table['encoding']; text: string } {
  const as = (encoding: Table['encoding'], label: string): { encoding: Table['encoding']; text: string } => ({ encoding, text: new TextDecoder(label).decode(bytes) });
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return as('UTF-16LE', 'utf-16le');
  if (first === 0xfe && second === 0xff) return as('UTF-16BE', 'utf-16be');
  // Without a mark: every other byte of Latin text is zero.
  if (first !== undefined && first !== 0 && second === 0) return as('UTF-16LE', 'utf-16le');
  if (first === 0 && second !== undefined && second !== 0) return as('UTF-16BE', 'utf-16be');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { encoding: first === 0xef && second === 0xbb && third === 0xbf ? 'UTF-8 with BOM' : 'UTF-8', text };
  } catch {
    const text = bytes.toString('latin1').replace(/[\u0080-\u009F]/g, (sign) => WINDOWS_1252[sign.charCodeAt(0) - 0x80] ?? sign);
    return { encoding: 'Windows-1252', text };
  }
}

/** What the first line says by `sep=`. It is no row then: it is emptied, so that the others keep their numbers. */
function takeSaid(lines: string[]): Table['delimiter'] | undefined {
  const delimiter = /^"?sep=([,;\t])"?\s*$/i.exec(lines[0] ?? '')?.[1] as Table['delimiter'] | undefined;
  if (delimiter !== undefined) lines[0] = '';
  return delimiter;
}

/** The one that stands most often in the header, outside quotes. */
function delimiterOf(line: string): Table['delimiter'] {
  const bare = line.replace(/"[^"]*"/g, '');
  const many = ([',', ';', '\t'] as const).map((delimiter) => ({ delimiter, times: bare.split(delimiter).length }));
  return many.reduce((best, one) => (one.times > best.times ? one : best)).delimiter;
}

interface Found {
  records: Row[];
  problems: Table['problems'];
}

function read(lines: readonly string[], delimiter: string): Found {
  const found: Found = { records: [], problems: [] };
  const skipped: unknown[] = [];
  const records = parseRecords(lines.join('\n'), {
    delimiter, comment: '#', comment_no_infix: true, record_delimiter: '\n', trim: true, max_record_size: 0, info: true,
    skip_empty_lines: true, skip_records_with_empty_values: true, relax_column_count: true, skip_records_with_error: true,
    on_skip: (error) => void skipped.push(error),
  }) as unknown as { info: Info; record: string[] }[];
  if (skipped.length === 0) {
    // The reader counts to the end of a record, people look for its begin.
    const begin = (end: number, cells: string[]): number => end - cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    found.records = records.map(({ info, record }) => ({ line: begin(info.lines, record), cells: record.map(withoutApostrophe) }));
    return found;
  }
  // A quotation mark that is never closed takes all that follows into one cell. So every line stands for itself.
  for (const [i, text] of lines.entries()) {
    if (text.trimStart().startsWith('#')) continue;
    const cells = splitLine(text, delimiter)?.map(withoutApostrophe);
    if (!cells) found.problems.push({ line: i + 1, cells: text.split(delimiter).map((cell) => cell.trim()), problem: QUOTES });
    else if (cells.some((cell) => cell !== '')) found.records.push({ line: i + 1, cells });
  }
  return found;
}

/** The cells of one line, or undefined when its quotation marks do not fit. */
function splitLine(line: string, delimiter: string): string[] | undefined {
  const cells: string[] = [];
  for (let at = 0; ; at += 1) {
    while (line[at] === ' ') at += 1;
    let end = at;
    if (line[at] === '"') {
      do end = line.indexOf('"', end + 1) + 1;
      while (end > 0 && line[end] === '"');
      if (end === 0) return undefined;
      cells.push(line.slice(at + 1, end - 1).replaceAll('""', '"'));
      while (line[end] === ' ') end += 1;
    } else {
      end = line.indexOf(delimiter, at);
      if (end < 0) end = line.length;
      const cell = line.slice(at, end).trimEnd();
      if (cell.includes('"')) return undefined;
      cells.push(cell);
    }
    if (end === line.length) return cells;
    if (line[end] !== delimiter) return undefined;
    at = end;
  }
}

function withoutApostrophe(cell: string): string {
  return HAS_APOSTROPHE.test(cell) ? cell.slice(1) : cell;
}

function refuseTwins(header: readonly string[]): void {
  const names = header.map((name) => name.toLowerCase()).filter((name) => name !== '');
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin !== undefined) throw mistake('CSV_COLUMN_TWICE', `The column ${twin} stands twice in the first line.`);
}

function mistake(code: string, message: string): CallerMistake {
  return new CallerMistake({ code, message });
}

function mb(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
