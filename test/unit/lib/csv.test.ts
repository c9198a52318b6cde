import fc from 'fast-check';
import { format, parse } from '../../../src/lib/csv.js';
import { CallerMistake } from '../../../src/lib/errors.js';

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const cellsOf = (text: string | Buffer): string[][] => parse(Buffer.from(text as string)).rows.map((row) => row.cells);

describe('a CSV file is read', () => {
  const text = 'host,name\namy@acme.example,Jürgen\n';

  it.each([
    ['UTF-8', Buffer.from(text, 'utf8')],
    ['UTF-8 with BOM', Buffer.from(`\uFEFF${text}`, 'utf8')],
    ['UTF-16LE', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16BE', utf16be(`\uFEFF${text}`)],
    ['UTF-16BE', utf16be(text)],
    ['Windows-1252', Buffer.from(text, 'latin1')],
  ])('as %s', (encoding, bytes) => {
    const table = parse(bytes);
    expect(table).toMatchObject({ encoding, header: ['host', 'name'], rows: [{ line: 2, cells: ['amy@acme.example', 'Jürgen'] }], problems: [] });
  });

  it('with the euro sign and curly quotes of Windows-1252', () => {
    expect(parse(Buffer.from([0x61, 0x0a, 0x80, 0x93, 0x94])).rows[0]?.cells).toEqual(['€“”']);
  });

  it.each([',', ';', '\t'])('with %p between cells, found in the header', (delimiter) => {
    const table = parse(Buffer.from(`host${delimiter}"a,b;c\td"\n1${delimiter}2`));
    expect(table).toMatchObject({ delimiter, header: ['host', 'a,b;c\td'], rows: [{ cells: ['1', '2'] }] });
  });

  it.each([',', ';', '\t'])('with %p between cells, as the first line of Excel says', (delimiter) => {
    const table = parse(Buffer.from(`\uFEFFsep=${delimiter}\r\nhost${delimiter}"a,b,c;d;e"\r\n1${delimiter}2\r\n`));
    expect(table).toMatchObject({ delimiter, header: ['host', 'a,b,c;d;e'], rows: [{ line: 3, cells: ['1', '2'] }], problems: [] });
    expect(cellsOf(`sep=;\na,b;c\n1;x"y"\n2;3`)).toEqual([['2', '3']]);
  });

  it('with one column', () => {
    expect(parse(Buffer.from('email\na@b.example\n'))).toMatchObject({ delimiter: ',', header: ['email'], rows: [{ cells: ['a@b.example'] }] });
  });

  it.each(['\n', '\r\n', '\r'])('with lines ended by %p, and says where each row begins', (end) => {
    const table = parse(Buffer.from(['', '# made by hand; "', 'a, b', '1,2', '', '"two', 'lines",3', ' # left out', ';;,', '" x ", y ', '#no,#no', '"#yes",5'].join(end)));
    expect(table.rows).toEqual([
      { line: 4, cells: ['1', '2'] },
      { line: 6, cells: ['two\nlines', '3'] },
      { line: 9, cells: [';;', ''] },
      { line: 10, cells: [' x ', 'y'] },
      { line: 12, cells: ['#yes', '5'] },
    ]);
  });

  it('with blank rows left out, short rows filled up, spare empty cells dropped and longer rows named', () => {
    const table = parse(Buffer.from('a,b,c\n,,\n1\n1,2,3,,\n1,2,3,4\n5,6,7\n'));
    expect(table.rows).toEqual([{ line: 3, cells: ['1', '', ''] }, { line: 4, cells: ['1', '2', '3'] }, { line: 6, cells: ['5', '6', '7'] }]);
    expect(table.problems).toEqual([{ line: 5, cells: ['1', '2', '3', '4'], problem: 'It has 1 more cell than there are columns.' }]);
  });

  it.each([
    ['a mark inside a cell', 'a,b\n1,x"y"\n2,3\n4,5\n', 2, ['1', 'x"y"']],
    ['text behind a closing mark', 'a,b\n"x"y,1\n2,3\n4,5\n', 2, ['"x"y', '1']],
    ['a mark that is never closed', 'a,b\n1,"open\n2,3\n4,5\n', 2, ['1', '"open']],
  ])('with %s: that line is a problem, the others are rows', (_what, file, line, cells) => {
    const table = parse(Buffer.from(file));
    expect(table.rows).toEqual([{ line: 3, cells: ['2', '3'] }, { line: 4, cells: ['4', '5'] }]);
    expect(table.problems).toEqual([{ line, cells, problem: expect.stringContaining('quotation marks') }]);
  });

  it('in time, also a long one with a mark that is never closed', () => {
    const table = parse(Buffer.from(`a,b\n"open,1\n${'"x",\'=2\n# no\n'.repeat(20_000)}`));
    expect(table.rows).toHaveLength(20_000);
    expect(table.rows[0]).toEqual({ line: 3, cells: ['x', '=2'] });
    expect(table.problems.map((row) => row.line)).toEqual([2]);
  });
});

describe('a file is refused with what to do', () => {
  it.each<[string, Buffer, { bytes?: number; rows?: number }, string]>([
    ['no line', Buffer.from('\n# only this\n\n'), {}, 'CSV_EMPTY'],
    ['nothing', Buffer.alloc(0), {}, 'CSV_EMPTY'],
    ['a workbook', Buffer.from('PK\u0003\u0004rest'), {}, 'CSV_IS_WORKBOOK'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x00, 0x00, 0x01]), {}, 'CSV_NOT_TEXT'],
    ['a column twice', Buffer.from('host,Host\n1,2'), {}, 'CSV_COLUMN_TWICE'],
    ['too many bytes', Buffer.from('a\n1\n2\n3'), { bytes: 6 }, 'CSV_TOO_BIG'],
    ['too many rows', Buffer.from('a\n1\n2\n3'), { rows: 2 }, 'CSV_TOO_LONG'],
  ])('%s', (_what, bytes, limits, code) => {
    const read = (): unknown => parse(bytes, limits);
    expect(read).toThrow(CallerMistake);
    expect(read).toThrow(expect.objectContaining({ code }));
  });
});

describe('a CSV file is written', () => {
  it('for spreadsheets: BOM, CRLF, quotes where needed', () => {
    expect(format(['a', 'b'], [['Berg, Anna', 'says "hi"'], ['x', ' y']]).toString('utf8')).toBe('\uFEFFa,b\r\n"Berg, Anna","says ""hi"""\r\nx," y"\r\n');
  });

  it.each(['=1+1', '+49 30 1', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', "'=1", "''+1"])('with an apostrophe before %p, which reading takes off', (cell) => {
    const bytes = format(['a', 'b'], [[cell, 'x']]);
    expect(bytes.toString('utf8').split('\r\n')[1]).toMatch(/^"?'/);
    expect(cellsOf(bytes)).toEqual([[cell.replace('\r', '\n'), 'x']]);
  });

  it.each(["O'Hara", "'quoted'", "'", 'a=b', '1-2', ''])('with %p as it is', (cell) => {
    const bytes = format(['a', 'b'], [[cell, 'x']]);
    expect(bytes.toString('utf8')).toBe(`\uFEFFa,b\r\n${cell},x\r\n`);
    expect(cellsOf(bytes)).toEqual([[cell, 'x']]);
  });

  it('without characters that hide or reorder what is read', () => {
    expect(format(['a'], [['a\u202Eb\u200Bc\u0007d\u0000']]).toString('utf8')).toBe('\uFEFFa\r\nabcd\r\n');
  });

  it('so that reading gives the same again', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('"', "'", ',', ';', '\t', '\n', '#', '=', '+', '-', '@', ' ', 'a', 'ü', '＝', '💥', '\u00A0') }),
    ).map((text) => text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g, ''));
    const tables = fc.array(fc.tuple(fc.constant('row'), cell, cell), { maxLength: 20 });
    fc.assert(fc.property(tables, (rows) => {
      const table = parse(format(['first', 'second', 'third'], rows));
      expect(table).toMatchObject({ encoding: 'UTF-8 with BOM', delimiter: ',', problems: [] });
      expect(table.rows.map((row) => row.cells)).toEqual(rows);
    }), { numRuns: 500 });
  });
});
