import { format, type Table } from '../../lib/csv.js';
import { CallerMistake } from '../../lib/errors.js';
import { plain } from '../../lib/text.js';
import { MODES } from './arguments.js';
import type { Rule } from './define.js';
import type { Fault, PairRow } from './wishes.js';

/** Columns that the file may have; of a group and of a room, the name or the id. */
export const COLUMNS = ['group', 'room', 'group_id', 'room_id', 'mode'] as const;

/** What an import is made of: its rows, and for the file of bad rows the header and cells as they came. */
export interface ImportFile {
  header: string[];
  rows: PairRow[];
  /** By line. */
  cells: Map<number, string[]>;
  bad: Fault[];
  /** Where a row has the id and the name: to tell when they are of two things. */
  alsoNamed: { line: number; group: string; space: string }[];
}

/** Reads the rows of a CSV `group,room`, `group_id,room_id`, or mixed, with `mode` or without. Throws CallerMistake for a header that names no group or no room. Pure. */
export function importFile(table: Table): ImportFile {
  const header = table.header.map((name) => name.toLowerCase().replaceAll(/[\s-]+/g, '_'));
  const has = (...names: (typeof COLUMNS)[number][]): boolean => names.some((name) => header.includes(name));
  if (!has('group', 'group_id') || !has('room', 'room_id')) {
    throw new CallerMistake({ code: 'CSV_HEADER', message: `The first line of the file must name the columns group (or group_id) and room (or room_id), and may name mode. It says: ${plain(table.header.join(', '))}.` });
  }
  const file: ImportFile = { header: table.header, rows: [], cells: new Map(), bad: [], alsoNamed: [] };
  for (const { line, cells, problem } of table.problems) {
    file.cells.set(line, cells);
    file.bad.push({ line, problem, suggestion: 'correct this line' });
  }
  for (const { line, cells } of table.rows) {
    file.cells.set(line, cells);
    const cell = (name: (typeof COLUMNS)[number]): string => (cells[header.indexOf(name)] ?? '').trim().replaceAll(/\s+/g, ' ');
    const group = cell('group_id') || cell('group');
    const space = cell('room_id') || cell('room');
    const mode = cell('mode').toLowerCase();
    const fault = faultOf(group, space, mode);
    if (fault === undefined) file.rows.push({ line, group, space, mode: mode as Rule['mode'] | '' });
    else file.bad.push({ line, ...fault });
    if (fault === undefined && (group !== cell('group') || space !== cell('room'))) {
      file.alsoNamed.push({ line, group: group === cell('group') ? '' : cell('group'), space: space === cell('room') ? '' : cell('room') });
    }
  }
  return file;
}

function faultOf(group: string, space: string, mode: string): Omit<Fault, 'line'> | undefined {
  if (group === '') return { problem: 'the group is missing', suggestion: 'write the name of the group, or its id' };
  if (space === '') return { problem: 'the room is missing', suggestion: 'write the title of the space, or its id' };
  if (mode !== '' && !(MODES as readonly string[]).includes(mode)) return { problem: 'the mode is not known', suggestion: 'write both, add or remove, or leave it empty' };
  return undefined;
}

/** The rows that could not be used, in the columns of the file, each with its row number, what is wrong and what to do. Undefined when there are none. */
export function fixThese(header: readonly string[], cells: ReadonlyMap<number, readonly string[]>, bad: readonly Fault[]): { name: string; content: Buffer } | undefined {
  if (bad.length === 0) return undefined;
  const rows = [...bad].sort((a, b) => a.line - b.line).map(({ line, problem, suggestion }) => {
    const own = cells.get(line) ?? [];
    // A line with too many cells keeps them in its last column, so that nothing of it is lost.
    const fitted = own.length <= header.length ? header.map((_, i) => own[i] ?? '') : [...own.slice(0, header.length - 1), own.slice(header.length - 1).join(',')];
    return [...fitted, String(line), problem, suggestion];
  });
  return { name: 'fix-these.csv', content: format([...header, 'row', 'problem', 'suggestion'], rows) };
}
