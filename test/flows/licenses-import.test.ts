import { parse } from '../../src/lib/csv.js';
import { EVENTS, FREE, HEADER, importing, MESSAGING, OTHER_MESSAGING, SPACE_MEETINGS, STANDARD, startLicenses, US_MEETING, type Licenses } from '../support/licenses.js';
import { answer, approve, countsOf, file, linesOf, plan, shown } from '../support/plans.js';
import { textOf, titlesOf, type Person } from '../support/person.js';
import { at } from '../support/spaces.js';
import type { World } from '../support/world.js';

const AMY = 'amy.adams';
const RAJ = 'raj.patel';

let world: World;
let anna: Person;
let licenses: Licenses;

const seats = async (label: string, totalUnits: number): Promise<void> => { await world.control('POST', 'change', { licenses: [{ id: (await licenses.named(label)).id, totalUnits }] }); };
/** The rows of fix-these.csv: cells by column. */
const fixes = async (): Promise<Record<string, string>[]> => {
  const { header, rows } = parse(Buffer.from(await file(anna, 'fix-these.csv')));
  return rows.map(({ cells }) => Object.fromEntries(header.map((name, n) => [name, cells[n] ?? ''])));
};

beforeAll(async () => { ({ world, anna, licenses } = await startLicenses()); });
afterAll(async () => { await world.stop(); });
beforeEach(async () => {
  await world.mark();
  for (const who of [AMY, RAJ]) await licenses.give(who, FREE);
});

describe('a license in exchange for another', () => {
  it('comes back in left-out.csv as the same move: nobody loses the old one while there is no seat', async () => {
    await licenses.give(AMY, [...FREE, US_MEETING]);
    await seats(EVENTS, 0);
    expect(shown(await answer(anna, `licenses move ${at(AMY)} from="${US_MEETING}" to="${EVENTS}"`))).toContain('1 person waits for a seat');
    const kept = await file(anna, 'left-out.csv');
    expect(kept.trim().split('\r\n')).toEqual([HEADER, `${at(AMY)},Webex Events on acme-eu.webex.com,add,,,,,,${US_MEETING}`]);
    const again = await answer(anna, ...importing(kept));
    expect(linesOf(again)).toContain('Amy Adams: there is no seat of Webex Events on acme-eu.webex.com: Webex shows none left');
    expect(titlesOf(again)).not.toContain('Approve');
    expect(await file(anna, 'left-out.csv')).toBe(kept);
    await seats(EVENTS, 10);
    expect(countsOf(await approve(anna, await plan(anna, ...importing(kept))))).toBe('Done: 1 done');
    expect(await licenses.sent(AMY)).toHaveLength(1);
    expect([await licenses.has(AMY, US_MEETING), await licenses.has(AMY, EVENTS)]).toEqual([false, true]);
  });

  it('is refused where it can be none', async () => {
    await answer(anna, `licenses template "Starter" license="${EVENTS}","${SPACE_MEETINGS}"`);
    const answered = await answer(anna, ...importing([
      `${at(AMY)},${EVENTS},remove,,,,,,${US_MEETING}`, `${at(AMY)},,add,,,,acme.webex.com,,${US_MEETING}`, `${at(AMY)},${EVENTS},add,,,,,,${EVENTS}`,
      `${at(AMY)},${EVENTS},add,,,,,,Webex Nothing`, `${at(AMY)},template:Starter,add,,,,,,${US_MEETING}`,
    ]));
    expect(titlesOf(answered)).not.toContain('Approve');
    expect((await fixes()).map(({ problem }) => problem)).toEqual([
      'from names what is taken in exchange for a license, and no license is given', 'from names what is taken in exchange for a license, and no license is given',
      'what is given and what is taken in exchange is the same license', 'from: the license is not the name or id of a license of this organization (Webex: 400000)',
      'from names what is taken in exchange for one license, and several are given',
    ]);
  });
});

describe('rows', () => {
  it('of one person under two addresses are of one person', async () => {
    const alias = at('amy.alias');
    const { items: [amy] } = (await anna.api('GET', `/people?email=${at(AMY)}`)).json;
    await world.control('POST', 'faults', { rules: [{ method: 'GET', path: '/people', query: { email: alias }, status: 200, body: { items: [{ ...amy, emails: [at(AMY), alias] }] } }] });
    const card = await plan(anna, ...importing([`${at(AMY)},${EVENTS},add`, `${alias},${EVENTS},remove`, `${alias},${SPACE_MEETINGS},add`, `${at(AMY)},${MESSAGING},add`, `${alias},${OTHER_MESSAGING},add`]));
    expect((await fixes()).map(({ problem }) => problem)).toEqual(['row 2 (add) contradicts row 3 (remove)', 'row 3 (remove) contradicts row 2 (add)']);
    await world.control('POST', 'faults', { rules: [] });
    expect(linesOf(card)).toContainEqual(expect.stringContaining('Webex: 400413'));
    expect(countsOf(await approve(anna, card))).toBe('Done: 1 done');
    expect(await licenses.sent()).toHaveLength(1);
  });

  it('that mean the same are no contradiction, however they are written', async () => {
    const card = await plan(anna, ...importing([
      `${at(AMY)},${STANDARD},add,,+1 212 555 0777`, `${at(AMY)},"${STANDARD}",,,+12125550777`, `${at(AMY)},${SPACE_MEETINGS},add,4711`, `${at(AMY)},${SPACE_MEETINGS},add`,
    ]));
    expect(linesOf(card)).toContain(`Amy Adams gets ${STANDARD} with number +12125550777 and ${SPACE_MEETINGS}`);
    await answer(anna, ...importing([`${at(RAJ)},${STANDARD},add,4711,,Berlin`, `${at(RAJ)},${STANDARD},add,4712,,Berlin`, `${at(RAJ)},${EVENTS},add`, `${at(RAJ)},${EVENTS},add,,,,,,${US_MEETING}`]));
    expect((await fixes()).map(({ problem }) => problem)).toEqual([[2, 3], [3, 2], [4, 5], [5, 4]].map(([one, other]) => `row ${one} (add) contradicts row ${other} (add)`));
  });

  it('with a template come back as they were written, once', async () => {
    await answer(anna, `licenses template "Pair" license="${EVENTS}","${SPACE_MEETINGS}"`);
    const card = await plan(anna, ...importing([`${at(AMY)},template:Pair,add`, `${at(AMY)},${EVENTS},remove`, `${at(RAJ)},"template:""Pair"""`, `nobody@acme.test,template:Pair,add`, `${at(RAJ)},template:Pear`]));
    expect((await fixes()).map(({ email, license, row }) => [row, email, license])).toEqual([
      ['2', at(AMY), 'template:Pair'], ['3', at(AMY), EVENTS], ['5', 'nobody@acme.test', 'template:Pair'], ['6', at(RAJ), 'template:Pear'],
    ]);
    expect(linesOf(card)).toContain('Raj Patel gets Webex Events on acme-eu.webex.com and Advanced Space Meetings');
  });

  it('by the thousand, with a name that no license has, all come back', async () => {
    const items = Array.from({ length: 320 }, (_, n) => ({ id: `license-${n}`, name: `Contact Center Premium Agent Add-on ${n}`, subscriptionId: `Sub${n % 7}`, totalUnits: 5, consumedUnits: 1 }));
    await world.control('POST', 'faults', { rules: [{ method: 'GET', path: '/licenses', status: 200, body: { items } }] });
    const card = await answer(anna, ...importing(['email,license', ...Array.from({ length: 10_000 }, (_, n) => `p${n}@acme.test,Contact Center Nothing`)].join('\n')));
    await world.control('POST', 'faults', { rules: [] });
    expect(shown(card)).toContain('10,000 rows could not be used and come back as fix-these.csv.');
    expect(await fixes()).toHaveLength(10_000);
  });
});

describe('a column', () => {
  it('that must be the operation under another name is refused: removals are not taken for grants', async () => {
    const refused = await answer(anna, ...importing(`email,license,Action\n${at(AMY)},${EVENTS},Remove\n${at(RAJ)},${EVENTS},\n`));
    expect(textOf(refused)).toContain('The column “action” says add and remove, but only a column that is called operation is read so.');
    expect(titlesOf(refused)).not.toContain('Approve');
    expect(linesOf(await plan(anna, ...importing(`email,license,operation,note\n${at(AMY)},${EVENTS},add,remove\n`)))).toContainEqual(expect.stringContaining('A column is not known and not used: “note”'));
  });
});
