import * as fc from 'fast-check';
import { daysOf, namesOf } from '../../../../src/capabilities/spaces/arguments.js';
import { fixThese, importFile } from '../../../../src/capabilities/spaces/import-rows.js';
import { format, parse } from '../../../../src/lib/csv.js';
import { webexId } from './ids.js';

const read = (text: string | Buffer): ReturnType<typeof importFile> => importFile(parse(Buffer.from(text as string)));
const pairs = (text: string): string[] => read(text).rows.map(({ line, group, space, mode }) => [line, group, space, mode].join('|'));

describe('the file of rules', () => {
  it('is read as people have it: BOM, CRLF, quotes, blank lines, comments, other case and order of columns', () => {
    const text = '\uFEFF# rules of 2026\r\n\r\nRoom,Group\r\n"Sales, Floor",Sales\r\n  # not yet\r\n# Old,Old\r\n\r\n"The ""big"" room", Field  Sales \r\n';
    expect(pairs(text)).toEqual(['4|Sales|Sales, Floor|', '8|Field Sales|The "big" room|']);
  });

  it('takes ids in place of names, also mixed, and an id before a name', () => {
    const [g, r] = [webexId('SCIM_GROUP', 'Sales'), webexId('ROOM', 'Floor')];
    expect(pairs(`group_id,room_id\n${g},${r}\n`)).toEqual([`2|${g}|${r}|`]);
    const file = read(`group,group id,room,room_id,mode\nSales,,Floor,${r},Add\nField,${g},News,,\n`);
    expect(file.rows).toEqual([{ line: 2, group: 'Sales', space: r, mode: 'add' }, { line: 3, group: g, space: 'News', mode: '' }]);
    expect(file.alsoNamed).toEqual([{ line: 2, group: '', space: 'Floor' }, { line: 3, group: 'Field', space: '' }]);
  });

  it('names what is wrong in a row and keeps the others', () => {
    const { rows, bad } = read('group;room;mode\nSales;Floor;both\n;Floor;\nSales;;\nSales;News;sometimes\nA;B;add;more\n');
    expect(rows.map(({ line }) => line)).toEqual([2]);
    expect(bad.map(({ line, problem }) => `${line} ${problem}`).sort()).toEqual([
      '3 the group is missing', '4 the room is missing', '5 the mode is not known', '6 It has 1 more cell than there are columns.',
    ]);
  });

  it.each(['name,room\nx,y\n', 'group,space\nx,y\n', 'mode\nadd\n'])('refuses a header that names no group or no room: %j', (text) => {
    expect(() => read(text)).toThrow(/must name the columns group \(or group_id\) and room \(or room_id\)/);
  });

  it('gives bad rows back in the same columns, readable again', () => {
    const file = read('room,group,mode\nFloor,,x\nA,B,,C,D\n=1+1,Sales,never\n');
    const out = fixThese(file.header, file.cells, file.bad);
    expect(out?.name).toBe('fix-these.csv');
    const back = parse(out?.content ?? Buffer.alloc(0));
    expect(back.header).toEqual(['room', 'group', 'mode', 'row', 'problem', 'suggestion']);
    expect(back.rows.map(({ cells }) => cells.slice(0, 5))).toEqual([
      ['Floor', '', 'x', '2', 'the group is missing'], ['A', 'B', ',C,D', '3', 'It has 2 more cells than there are columns.'], ['=1+1', 'Sales', 'never', '4', 'the mode is not known'],
    ]);
    expect(out?.content.toString('utf8')).toContain("'=1+1");
    expect(fixThese(file.header, file.cells, [])).toBeUndefined();
  });

  it('reads back whatever names are written', () => {
    const word = fc.string({ minLength: 1, unit: 'grapheme' }).map((text) => text.replace(/[\s\p{C}]+/gu, ' ').trim()).filter((text) => text !== '');
    fc.assert(fc.property(fc.array(fc.record({ group: word, room: word }), { minLength: 1 }), (rows) => {
      const { rows: found, bad } = read(format(['group', 'room'], rows.map(({ group, room }) => [group, room])));
      expect(bad).toEqual([]);
      expect(found.map(({ group, space }) => ({ group, room: space }))).toEqual(rows);
    }));
  });
});

describe('what is written in commands', () => {
  it('is a list of names, each once', () => {
    expect(namesOf(' Sales,  Field   Sales ;sales,,News')).toEqual(['sales', 'Field Sales', 'News']);
    expect(namesOf(undefined)).toEqual([]);
  });

  it.each([['7d', 7], ['2 weeks', 14], ['0', 0], ['none', 0], ['365 days', 365]])('grace=%s is %d days', (text, days) => { expect(daysOf(text)).toBe(days); });
  it.each(['7h', '-1', '366d', 'soon', '1.5d', ''])('refuses grace=%s', (text) => { expect(() => daysOf(text)).toThrow(/number of days/); });
});
