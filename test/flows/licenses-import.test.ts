import { parse } from '../../src/lib/csv.js';
import {
  EU, EVENTS, FREE, HEADER, importing, MESSAGING, OLGA, OTHER_MESSAGING, OTHER_PROFESSIONAL, PROFESSIONAL, SPACE_MEETINGS, STANDARD, startLicenses, US, US_MEETING, type Licenses,
} from '../support/licenses.js';
import { answer, approve, countsOf, file, linesOf, plan, shown, undo } from '../support/plans.js';
import { textOf, titlesOf, type Person } from '../support/person.js';
import { at } from '../support/spaces.js';
import type { World } from '../support/world.js';

const AMY = 'amy.adams';
const RAJ = 'raj.patel';
/** Is called by a number and an extension in New York. */
const XAVIER = 'xavier.darcy';
const EU_MEETING = `Meeting - Webex Meeting Center on ${EU} (Sub100417)`;

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

describe('numbers', () => {
  const callingOf = async (who: string): Promise<Record<string, string> | undefined> => (await licenses.person(who)).calling;

  it('that this plan takes from somebody are not given to another in it, whatever the order; nor those that somebody in it has', async () => {
    await approve(anna, await plan(anna, ...importing([`${at(AMY)},${STANDARD},add,4801,,Berlin`])));
    const files = [[`${at(RAJ)},${STANDARD},add,4801,,Berlin`, `${at(AMY)},${STANDARD},remove`], [`${at(AMY)},${STANDARD},remove`, `${at(RAJ)},${STANDARD},add,4801,,Berlin`]];
    for (const file of files) {
      const card = await plan(anna, ...importing(file));
      expect(linesOf(card)).toContain('Raj Patel: extension 4801: this plan takes it from Amy Adams, and not before it could be given; ask for it again once that is done');
      expect(linesOf(card)).not.toContainEqual(expect.stringMatching(/^Raj Patel gets/));
    }
    const taken = await plan(anna, ...importing([`${at(AMY)},${SPACE_MEETINGS},add`, `${at(RAJ)},${STANDARD},add,4801,,Berlin`]));
    expect(linesOf(taken)).toContain('Raj Patel: extension 4801: Amy Adams has it');
  });

  it('may be one extension at two locations, also where only the phone numbers tell them', async () => {
    const card = await plan(anna, ...importing([`${at(AMY)},${STANDARD},add,4711,+12125559911`, `${at(RAJ)},${STANDARD},add,4711,+4930555991`]));
    expect(countsOf(await approve(anna, card))).toBe('Done: 2 done');
    expect([await callingOf(AMY), await callingOf(RAJ)]).toMatchObject([{ extension: '4711', phoneNumber: '+12125559911' }, { extension: '4711', phoneNumber: '+4930555991' }]);
  });

  it('are kept in an exchange: a file cannot change them, whether the old license is taken or not', async () => {
    const { phoneNumber, extension } = (await callingOf(XAVIER))!;
    const exchange = (given: string): string[] => [`${at(XAVIER)},${PROFESSIONAL},remove`, `${at(XAVIER)},${OTHER_PROFESSIONAL},add,${given}`];
    for (const given of ['4999,,Berlin', ',,Berlin', ',+12125550999']) {
      const refused = await answer(anna, ...importing(exchange(given)));
      expect(linesOf(refused)).toContain(`Xavier D'Arcy: has number ${phoneNumber} and extension ${extension} in New York and keeps it, so leave extension, phone and location out; ${OTHER_PROFESSIONAL} is not given`);
      expect(linesOf(refused)).toContain(`Xavier D'Arcy: keeps ${PROFESSIONAL}, since ${OTHER_PROFESSIONAL} cannot be given`);
      expect(titlesOf(refused)).not.toContain('Approve');
    }
    const card = await plan(anna, ...importing(exchange(',,New York')));
    expect(linesOf(card)).toContain(`Xavier D'Arcy loses ${PROFESSIONAL} and gets ${OTHER_PROFESSIONAL} with number ${phoneNumber} and extension ${extension} in New York`);
  });
});

describe('an attendee', () => {
  it('who cannot become host stays attendee, also where a row takes him off the site; both rows wait', async () => {
    const before = await licenses.holding('ines.goncalves');
    await seats(US_MEETING, 0);
    const refused = await answer(anna, ...importing([`${at('ines.goncalves')},${US_MEETING},add`, `${at('ines.goncalves')},,remove,,,,${US}`]));
    await seats(US_MEETING, 2000);
    expect(shown(refused)).toContain(`stays an attendee on ${US}, since ${US_MEETING} cannot be given`);
    expect(titlesOf(refused)).not.toContain('Approve');
    const kept = await file(anna, 'left-out.csv');
    expect(kept.trim().split('\r\n').sort()).toEqual([HEADER, `${at('ines.goncalves')},,remove,,,,${US},,`, `${at('ines.goncalves')},${US_MEETING},add,,,,,,`].sort());
    expect(await licenses.holding('ines.goncalves')).toEqual(before);
    expect(linesOf(await plan(anna, ...importing(kept)))).toContain(`Inês Gonçalves gets ${US_MEETING} and is host instead of attendee on ${US}`);
  });
});

describe('people of other organizations', () => {
  const OF_OTHER = `Meeting - Webex Meeting Center on ${EU} (Sub207733)`;
  const accept = (): Promise<unknown> => world.control('POST', 'change', { people: [{ email: OLGA, accept: true }] });

  it('are never moved, since the new license is only offered while the old one goes; the rest of the move goes on', async () => {
    await approve(anna, await plan(anna, `licenses assign ${OLGA} license="${EU_MEETING}" outside=yes`));
    await accept();
    const before = await licenses.holding(OLGA);
    const all = await plan(anna, `licenses move all from="${EU_MEETING}" to="${OF_OTHER}"`);
    const why = `is of another organization: ${OF_OTHER} would only be offered until it is accepted, and ${EU_MEETING} would go at once. Give the one first (licenses assign with outside=yes), and take the other when it is accepted`;
    expect(linesOf(all)).toContain(`Olga Petrov: ${why}`);
    for (const rows of [[`${OLGA},${EU_MEETING},remove,,,,,yes`, `${OLGA},${OF_OTHER}`], [`${OLGA},${OF_OTHER},add,,,,,yes,${EU_MEETING}`], [`${OLGA},${EVENTS},add,,,,,yes,${EU_MEETING}`]]) {
      const refused = await answer(anna, ...importing(rows));
      expect(shown(refused)).toContain('is of another organization: ');
      expect(titlesOf(refused)).not.toContain('Approve');
    }
    expect(countsOf(await approve(anna, all))).toMatch(/^Done: /);
    expect(await licenses.holding(OLGA)).toEqual(before);
  });

  it('are called by their address once, and what undo can do is said before', async () => {
    const card = await plan(anna, `licenses remove ${OLGA} license="${EU_MEETING}" outside=yes`);
    expect(linesOf(card)).toContain(`${OLGA} (of another organization) loses ${EU_MEETING}`);
    expect(linesOf(card)).toContainEqual(expect.stringContaining('Undo does not give it back, it only offers it again: it is pending until it is accepted.'));
    expect(shown(card)).not.toContain('Undo gives back the license');
    await undo(anna, await approve(anna, card));
    expect(await licenses.holding(OLGA)).toMatchObject({ licenses: [], pendingLicenses: [(await licenses.named(EU_MEETING)).id] });
    expect(linesOf(await plan(anna, `licenses remove ${OLGA} license="${EU_MEETING}" outside=yes`))).toContainEqual(expect.stringContaining('so undo cannot take this back.'));
  });
});
