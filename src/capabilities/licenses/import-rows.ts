import type { Operation } from './define.js';

export const IMPORT_COLUMNS = ['email', 'license', 'operation', 'extension', 'phone', 'location', 'site', 'outside'] as const;
export type Column = (typeof IMPORT_COLUMNS)[number];

/** One row of the CSV with its line in the file. */
export type ImportRow = { line: number } & { [column in Column]: string };

/** A row that is not used, with what to do about it. */
export interface BadRow {
  row: ImportRow;
  problem: string;
  suggestion: string;
}

/** All rows of one person: one call. */
export interface ImportGroup {
  email: string;
  /** Whether a row says that the address is of another organization. */
  isOutside: boolean;
  rows: { row: ImportRow; operation: Operation }[];
}

/** What a row asks for, or what is wrong with it. `key` says what it is about: a license or a site. */
export type Meant = { key: string; operation: Operation } | { problem: string; suggestion: string };

const ADDRESS = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]+$/;
const SITE = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/**
 * Whose address is of another organization is said of the address: one row with `yes` says it for all rows of it, also for those that come back
 * to be corrected. Pure.
 */
export function withOutside(rows: readonly ImportRow[]): ImportRow[] {
  const outside = new Set(rows.flatMap(({ email, outside: says }) => (lower(says) === 'yes' ? lower(email) : [])));
  return rows.map((row) => (['', 'no'].includes(lower(row.outside)) && outside.has(lower(row.email)) ? { ...row, outside: 'yes' } : row));
}

/**
 * Sorts rows into one group per person. Rows that contradict each other (add and remove of the same, or the same with other numbers) are
 * all refused, each naming the other. Repeated rows count once. Pure.
 */
export function groupRows(rows: readonly ImportRow[], meaningOf: (row: ImportRow) => Meant): { groups: ImportGroup[]; bad: BadRow[] } {
  const bad: BadRow[] = [];
  const byPerson = new Map<string, { row: ImportRow; key: string; operation: Operation }[]>();
  for (const row of rows.map(tidy)) {
    const meant = faultOf(row) ?? meaningOf(row);
    if ('problem' in meant) bad.push({ row, ...meant });
    else byPerson.set(row.email, [...(byPerson.get(row.email) ?? []), { row, ...meant }]);
  }
  const groups: ImportGroup[] = [];
  for (const [email, mine] of byPerson) {
    const good = new Map<string, { row: ImportRow; operation: Operation }>();
    for (const { row, key, operation } of mine) {
      const other = mine.find((one) => one.key === key && asText(one.row) !== asText(row));
      if (other === undefined) good.set(key, good.get(key) ?? { row, operation });
      else bad.push({ row, problem: `row ${row.line} (${row.operation}) contradicts row ${other.row.line} (${other.row.operation})`, suggestion: 'keep one of the two' });
    }
    if (good.size > 0) groups.push({ email, isOutside: mine.some(({ row }) => row.outside === 'yes'), rows: [...good.values()] });
  }
  return { groups, bad: bad.sort((a, b) => a.row.line - b.row.line) };
}

function lower(text: string): string {
  return text.trim().toLowerCase();
}

function tidy(row: ImportRow): ImportRow {
  return {
    ...row, email: lower(row.email), license: row.license.trim(), operation: lower(row.operation) || 'add', extension: row.extension.trim(),
    phone: row.phone.trim(), location: row.location.trim(), site: lower(row.site).replace(/^https?:\/\//, '').replace(/\/+$/, ''), outside: lower(row.outside),
  };
}

function faultOf(row: ImportRow): { problem: string; suggestion: string } | undefined {
  if (!ADDRESS.test(row.email)) return { problem: 'this is not an e-mail address', suggestion: 'write the person’s address, e.g. amy@example.com' };
  if (row.operation !== 'add' && row.operation !== 'remove') return { problem: 'the operation is not known', suggestion: 'write add or remove, or leave it empty for add' };
  if (row.site !== '' && !SITE.test(row.site)) return { problem: 'the site is not written as a host name', suggestion: 'write it like acme.webex.com' };
  if (!['', 'yes', 'no'].includes(row.outside)) return { problem: 'it is not understood whether the person is of another organization', suggestion: 'write yes in the column outside, or leave it empty' };
  if (row.license === '' && row.site === '') return { problem: 'neither a license nor a site is named', suggestion: 'name a license, or a site for an attendee' };
  return undefined;
}

function asText({ operation, extension, phone, location }: ImportRow): string {
  return [operation, extension, phone, location.toLowerCase()].join('\n');
}
