import type { PersonRef } from '../../bot/define.js';
import { holderKey } from './holders.js';
import type { Operation } from './define.js';

/** `from`: the license that is taken in exchange for the one that is given. */
export const IMPORT_COLUMNS = ['email', 'license', 'operation', 'extension', 'phone', 'location', 'site', 'outside', 'from'] as const;
export type Column = (typeof IMPORT_COLUMNS)[number];

/** One row of the CSV with its line in the file. */
export type ImportRow = { line: number } & { [column in Column]: string };

/** What is wrong with a row, and what to do about it. */
export interface Fault {
  problem: string;
  suggestion: string;
}

/** A row that is not used. */
export type BadRow = { row: ImportRow } & Fault;

/** One thing that a row asks for. `key` says what it is about: a license or a site. */
export interface Ask {
  key: string;
  operation: Operation;
}

/** What a row asks for (a template is several things), or what is wrong with it. */
export type Meant = { asks: Ask[] } | Fault;

/** A row that is understood. */
export interface GoodRow {
  row: ImportRow;
  asks: Ask[];
}

/** All that the rows of one person ask for: one call. `together`: all or nothing, since a row has a license taken in exchange. */
export interface ImportGroup {
  person: PersonRef;
  operations: Operation[];
  together: boolean;
}

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

/** Sorts the rows that are understood from those that are not. Pure. */
export function readRows(rows: readonly ImportRow[], meaningOf: (row: ImportRow) => Meant): { good: GoodRow[]; bad: BadRow[] } {
  const good: GoodRow[] = [];
  const bad: BadRow[] = [];
  for (const row of rows.map(tidy)) {
    const meant = faultOf(row) ?? meaningOf(row);
    if ('problem' in meant) bad.push({ row, ...meant });
    else good.push({ row, ...meant });
  }
  return { good, bad };
}

/**
 * One group per person, under whichever of his addresses. Rows that contradict each other (add and remove of the same, or the same with other
 * numbers) are all refused, each naming the other. What is asked repeatedly counts once. Pure.
 */
export function groupRows(rows: readonly (GoodRow & { person: PersonRef })[]): { groups: ImportGroup[]; bad: BadRow[] } {
  const byPerson = new Map<string, (GoodRow & { person: PersonRef })[]>();
  for (const one of rows) listAt(byPerson, holderKey(one.person)).push(one);
  const groups: ImportGroup[] = [];
  const bad: BadRow[] = [];
  for (const mine of byPerson.values()) {
    const rivalOf = rivals(mine);
    const operations = new Map<string, Operation>();
    let together = false;
    for (const { row, asks } of mine) {
      const other = rivalOf(asks);
      if (other !== undefined) {
        bad.push({ row, problem: `row ${row.line} (${row.operation}) contradicts row ${other.line} (${other.operation})`, suggestion: 'keep one of the two' });
        continue;
      }
      together ||= row.from !== '';
      for (const { key, operation } of asks) operations.set(key, operations.get(key) ?? operation);
    }
    const [first] = mine;
    if (first !== undefined && operations.size > 0) groups.push({ person: first.person, operations: [...operations.values()], together });
  }
  return { groups, bad };
}

/** Which row asks for the same with another meaning. A file may have tens of thousands of rows of one person: of each meaning the first is enough. */
function rivals(rows: readonly GoodRow[]): (asks: readonly Ask[]) => ImportRow | undefined {
  const firsts = new Map<string, Map<string, ImportRow>>();
  for (const { row, asks } of rows) {
    for (const ask of asks) {
      const meanings = firsts.get(ask.key) ?? new Map<string, ImportRow>();
      firsts.set(ask.key, meanings);
      if (!meanings.has(sense(ask))) meanings.set(sense(ask), row);
    }
  }
  return (asks) => {
    for (const ask of asks) for (const [meaning, row] of firsts.get(ask.key) ?? []) if (meaning !== sense(ask)) return row;
    return undefined;
  };
}

/** What is asked, however it is written: what means nothing for a license is no difference. */
function sense({ operation: one }: Ask): string {
  if (one.what === 'site') return one.operation;
  const { extension, phoneNumber, locationId } = one.calling ?? {};
  return JSON.stringify([one.operation, extension, phoneNumber, locationId, one.from?.license.id]);
}

/** The list at a key, made where there is none. */
function listAt<T>(lists: Map<string, T[]>, key: string): T[] {
  const found = lists.get(key) ?? [];
  lists.set(key, found);
  return found;
}

function lower(text: string): string {
  return text.trim().toLowerCase();
}

function tidy(row: ImportRow): ImportRow {
  return {
    ...row, email: lower(row.email), license: row.license.trim(), operation: lower(row.operation) || 'add', extension: row.extension.trim(),
    phone: row.phone.trim(), location: row.location.trim(), site: lower(row.site).replace(/^https?:\/\//, '').replace(/\/+$/, ''), outside: lower(row.outside), from: row.from.trim(),
  };
}

function faultOf(row: ImportRow): Fault | undefined {
  if (!ADDRESS.test(row.email)) return { problem: 'this is not an e-mail address', suggestion: 'write the person’s address, e.g. amy@example.com' };
  if (row.operation !== 'add' && row.operation !== 'remove') return { problem: 'the operation is not known', suggestion: 'write add or remove, or leave it empty for add' };
  if (row.site !== '' && !SITE.test(row.site)) return { problem: 'the site is not written as a host name', suggestion: 'write it like acme.webex.com' };
  if (!['', 'yes', 'no'].includes(row.outside)) return { problem: 'it is not understood whether the person is of another organization', suggestion: 'write yes in the column outside, or leave it empty' };
  if (row.license === '' && row.site === '') return { problem: 'neither a license nor a site is named', suggestion: 'name a license, or a site for an attendee' };
  if (row.from !== '' && (row.license === '' || row.operation === 'remove')) return { problem: 'from names what is taken in exchange for a license, and no license is given', suggestion: 'name the license to give, with add, or leave from empty' };
  return undefined;
}
