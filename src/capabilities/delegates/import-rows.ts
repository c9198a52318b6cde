import type { Mode } from './plan.js';

/** One row of the CSV `host,delegate[,mode][,site]` with its line in the file. */
export interface ImportRow {
  line: number;
  host: string;
  delegate: string;
  mode: string;
  site: string;
}

/** A row that is not used, with what to do about it. */
export interface BadRow {
  row: ImportRow;
  problem: string;
  suggestion: string;
}

/** All rows of one host on one site with one mode: one wanted list. */
export interface ImportGroup {
  host: string;
  site: string;
  mode: Mode;
  delegates: string[];
  rows: ImportRow[];
}

const ADDRESS = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]+$/;
const SITE = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;
const MODES: readonly string[] = ['add', 'set', 'remove'];

/**
 * Sorts rows into one wanted list per host, site and mode. Rows that contradict each other are all refused, each naming the other:
 * add and remove of the same delegate, or `set` beside `add` or `remove` of the same host and site. Repeated rows count once. Pure.
 */
export function groupRows(rows: readonly ImportRow[]): { groups: ImportGroup[]; bad: BadRow[] } {
  const bad: BadRow[] = [];
  const bySubject = new Map<string, ImportRow[]>();
  for (const row of rows.map(tidy)) {
    const problem = faultOf(row);
    if (problem !== undefined) bad.push({ row, ...problem });
    else listAt(bySubject, `${row.host}\n${row.site}`).push(row);
  }
  const groups: ImportGroup[] = [];
  for (const subject of bySubject.values()) {
    const refused = contradictions(subject);
    for (const one of refused) bad.push(one);
    const unusable = new Set(refused.map(({ row }) => row));
    const good = subject.filter((row) => !unusable.has(row));
    for (const mode of ['add', 'set', 'remove'] as const) {
      const mine = good.filter((row) => row.mode === mode);
      const first = mine[0];
      if (first === undefined) continue;
      groups.push({ host: first.host, site: first.site, mode, delegates: [...new Set(mine.map((row) => row.delegate))], rows: mine });
    }
  }
  return { groups, bad: bad.sort((a, b) => a.row.line - b.row.line) };
}

function tidy(row: ImportRow): ImportRow {
  const lower = (text: string): string => text.trim().toLowerCase();
  const site = lower(row.site).replace(/^https?:\/\//, '').replace(/\/+$/, '');
  return { line: row.line, host: lower(row.host), delegate: lower(row.delegate), mode: lower(row.mode) || 'add', site };
}

function faultOf(row: ImportRow): Omit<BadRow, 'row'> | undefined {
  if (!ADDRESS.test(row.host)) return { problem: 'the host is not an e-mail address', suggestion: 'write the host’s address, e.g. cara@example.com' };
  if (!ADDRESS.test(row.delegate)) return { problem: 'the delegate is not an e-mail address', suggestion: 'write the delegate’s address, e.g. amy@example.com' };
  if (!MODES.includes(row.mode)) return { problem: 'the mode is not known', suggestion: 'write add, set or remove, or leave it empty for add' };
  if (row.site !== '' && !SITE.test(row.site)) return { problem: 'the site is not written as a host name', suggestion: 'write it like acme.webex.com, or leave it empty for the host’s default site' };
  return undefined;
}

/** Files may have tens of thousands of rows of one host, so each row is compared with the first of its like only. */
function contradictions(rows: readonly ImportRow[]): BadRow[] {
  const firsts = new Map<string, ImportRow>();
  for (const row of rows) {
    for (const key of [row.mode, `${row.mode} ${row.delegate}`]) if (!firsts.has(key)) firsts.set(key, row);
  }
  return rows.flatMap((row) => {
    const rivals = MODES.filter((mode) => mode !== row.mode).flatMap((mode) => firsts.get(mode === 'set' || row.mode === 'set' ? mode : `${mode} ${row.delegate}`) ?? []);
    const [other] = rivals.sort((a, b) => a.line - b.line);
    if (other === undefined) return [];
    return [{ row, problem: `row ${row.line} (${row.mode}) contradicts row ${other.line} (${other.mode})`, suggestion: 'keep one of the two' }];
  });
}

/** The list at a key, made where there is none. */
function listAt<T>(lists: Map<string, T[]>, key: string): T[] {
  const found = lists.get(key) ?? [];
  lists.set(key, found);
  return found;
}
