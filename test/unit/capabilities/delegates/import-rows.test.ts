import fc from 'fast-check';
import { groupRows, type ImportRow } from '../../../../src/capabilities/delegates/import-rows.js';

const row = (line: number, mode: string, delegate = 'amy@acme.test'): ImportRow => ({ line, host: 'cara@acme.test', delegate, mode, site: '' });

it('takes what a file repeats once, and makes one wanted list of it', () => {
  const { groups, bad } = groupRows([row(2, 'add'), row(3, 'ADD '), row(4, '', 'ben@acme.test')]);
  expect(bad).toEqual([]);
  expect(groups.map(({ mode, delegates }) => ({ mode, delegates }))).toEqual([{ mode: 'add', delegates: ['amy@acme.test', 'ben@acme.test'] }]);
});

it('refuses exactly the rows that contradict another one, each naming one that it contradicts', () => {
  const rows = fc.array(fc.tuple(fc.constantFrom('add', 'set', 'remove'), fc.constantFrom('amy@acme.test', 'ben@acme.test', 'dan@acme.test')), { maxLength: 12 });
  fc.assert(fc.property(rows, (drawn) => {
    const all = drawn.map(([mode, delegate], n) => row(n + 2, mode, delegate));
    const rivalsOf = (one: ImportRow): number[] => all.filter((other) => other.mode !== one.mode && (other.mode === 'set' || one.mode === 'set' || other.delegate === one.delegate)).map(({ line }) => line);
    const { groups, bad } = groupRows(all);
    expect(bad.map((one) => one.row.line)).toEqual(all.filter((one) => rivalsOf(one).length > 0).map(({ line }) => line));
    for (const one of bad) expect(rivalsOf(one.row)).toContain(Number(/contradicts row (\d+)/.exec(one.problem)?.[1]));
    expect(groups.flatMap((group) => group.rows).length + bad.length).toBe(all.length);
  }));
});
