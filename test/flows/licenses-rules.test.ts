import {
  CONSOLE, CX, EU, EVENTS, FREE, FREE_MEETINGS, FREE_MESSAGING, HEADER, importing, MESSAGING, OTHER_MESSAGING, PROFESSIONAL, SCREEN_SHARE, SPACE_MEETINGS, STANDARD, startLicenses, US,
  US_MEETING, type Licenses,
} from '../support/licenses.js';
import { approve, change, countsOf, file, linesOf, plan, shown, undo } from '../support/plans.js';
import type { Message, Person } from '../support/person.js';
import { at } from '../support/spaces.js';
import type { World } from '../support/world.js';

/** Whom the rules are about, and who is in the same file with something that is right. */
const AMY = 'amy.adams';
const RAJ = 'raj.patel';

let world: World;
let anna: Person;
let licenses: Licenses;

/** Rows of somebody (without the address) and one of Raj. */
const rowsFor = (rows: readonly string[], who = AMY): string[] => [...rows.map((row) => `${at(who)},${row}`), `${at(RAJ)},${SPACE_MEETINGS},add,,,,`];

/** The lines of a plan about somebody. */
const aboutIn = (card: Message, who: string): string => {
  const name = who.split('.').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
  return linesOf(card).filter((line) => line.startsWith(`${name}: `)).join('\n');
};

beforeAll(async () => { ({ world, anna, licenses } = await startLicenses()); });
afterAll(async () => { await world.stop(); });
beforeEach(async () => {
  await licenses.give(RAJ, FREE);
  await world.mark();
});

describe('what Webex would refuse is said of that person before the first call, and the rest goes on', () => {
  interface Case {
    errorCode: number;
    what: string;
    /** What Amy holds; undefined where the rows are about `who`, as the seed has it. */
    holds?: string[];
    who?: string;
    rows: string[];
    /** Where the row cannot be used at all, it comes back in a file. */
    says: string;
    where?: 'file';
  }
  const cases: Case[] = [
    { errorCode: 400, what: 'an unknown location', holds: FREE, rows: [`${STANDARD},add,4711,,Atlantis,`], says: 'There is no location “Atlantis” in this organization (Webex: 400)', where: 'file' },
    { errorCode: 400, what: 'an extension without its location', holds: FREE, rows: [`${STANDARD},add,4711,,,`], says: 'needs the location of extension 4711, since there is no phone number (Webex: 400)' },
    { errorCode: 400000, what: 'an unknown license', holds: FREE, rows: ['Webex Teleporter,add,,,,'], says: 'the license is not the name or id of a license of this organization (Webex: 400000)', where: 'file' },
    { errorCode: 400112, what: 'Standard instead of Professional', holds: [...FREE, PROFESSIONAL], rows: [`${PROFESSIONAL},remove,,,,`, `${STANDARD},add,4711,,Berlin,`], says: `${PROFESSIONAL} cannot be changed to ${STANDARD} (Webex: 400112)` },
    { errorCode: 400118, what: 'Messenger', holds: FREE, rows: ['Webex Messenger,add,,,,'], says: 'Webex Messenger cannot be managed by this API; use Control Hub (Webex: 400118)' },
    { errorCode: 400216, what: 'an unknown site', holds: FREE, rows: [',add,,,,other.webex.com'], says: 'the site is none of this organization (Webex: 400216)', where: 'file' },
    { errorCode: 400216, what: 'attendee where host', holds: [...FREE, US_MEETING], rows: [`,add,,,,${US}`], says: `is a host on ${US} by ${US_MEETING}, and so no attendee (Webex: 400216)` },
    { errorCode: 400404, what: 'Standard beside Professional', who: 'ben.okoye', rows: [`${STANDARD},add,,,,`], says: `${STANDARD} and ${PROFESSIONAL} cannot be held together (Webex: 400404)` },
    { errorCode: 400406, what: 'Attendant Console beside Standard', holds: [...FREE, STANDARD], rows: [`${CONSOLE},add,,,,`], says: `${STANDARD} and ${CONSOLE} cannot be held together (Webex: 400406)` },
    { errorCode: 400407, what: 'Customer Experience beside Standard', who: 'gus.meyer', rows: [`${CX},add,,,,`], says: `${STANDARD} and ${CX} cannot be held together (Webex: 400407)` },
    { errorCode: 400408, what: 'Attendant Console without Professional', holds: FREE, rows: [`${CONSOLE},add,,,,`], says: `${CONSOLE} needs Webex Calling - Professional (Sub100417) first (Webex: 400408)` },
    { errorCode: 400408, what: 'Professional from under Attendant Console', holds: [...FREE, PROFESSIONAL, CONSOLE], rows: [`${PROFESSIONAL},remove,,,,`], says: `${PROFESSIONAL} cannot be removed while ${CONSOLE} needs it (Webex: 400408)` },
    { errorCode: 400410, what: 'Standard instead of Customer Experience', holds: [...FREE, CX], rows: [`${CX},remove,,,,`, `${STANDARD},add,4711,,Berlin,`], says: `${CX} cannot be changed to ${STANDARD} (Webex: 400410)` },
    { errorCode: 400411, what: 'a calling license without number', holds: FREE, rows: [`${STANDARD},add,,,,`], says: `needs an extension or a phone number for ${STANDARD} (Webex: 400411)` },
    { errorCode: 400413, what: 'the same of two subscriptions', holds: [...FREE, MESSAGING], rows: [`${OTHER_MESSAGING},add,,,,`], says: `only one of ${MESSAGING} and ${OTHER_MESSAGING} can be held; licenses move changes one for the other (Webex: 400413)` },
    { errorCode: 700003, what: 'Messaging without the free one', holds: [], rows: [`${MESSAGING},add,,,,`], says: `${MESSAGING} needs ${FREE_MESSAGING} first (Webex: 700003)` },
    { errorCode: 700004, what: 'paid meetings without free ones', holds: [FREE_MESSAGING], rows: [`${SPACE_MEETINGS},add,,,,`], says: `${SPACE_MEETINGS} needs ${FREE_MEETINGS} first (Webex: 700004)` },
    { errorCode: 700005, what: 'free meetings without free messaging', holds: [], rows: [`${FREE_MEETINGS},add,,,,`], says: `${FREE_MEETINGS} needs ${FREE_MESSAGING} first (Webex: 700005)` },
    { errorCode: 700006, what: 'Screen Share away', holds: FREE, rows: [`${SCREEN_SHARE},remove,,,,`], says: `${SCREEN_SHARE} comes with messaging by itself and cannot be removed (Webex: 700006)` },
  ];

  it('has a case for each of the sixteen documented codes', () => {
    expect([...new Set(cases.map(({ errorCode }) => errorCode))]).toEqual([
      400, 400000, 400112, 400118, 400216, 400404, 400406, 400407, 400408, 400410, 400411, 400413, 700003, 700004, 700005, 700006,
    ]);
  });

  it.each(cases)('$errorCode: $what', async ({ holds, who = AMY, rows, says, where }) => {
    if (holds !== undefined) await licenses.give(who, holds);
    const before = await licenses.holding(who);
    const card = await plan(anna, ...importing(rowsFor(rows, who)));
    const told = where === 'file' ? (await file(anna, 'fix-these.csv')).split('\r\n').filter((line) => line.startsWith(at(who))).join('\n') : aboutIn(card, who);
    expect(told).toContain(says);
    expect(linesOf(card)).toContain(`Raj Patel gets ${SPACE_MEETINGS}`);
    await approve(anna, card);
    expect(await licenses.sent(who)).toEqual([]);
    expect(await licenses.sent(RAJ)).toHaveLength(1);
    expect(await licenses.holding(who)).toEqual(before);
    expect(await licenses.has(RAJ, SPACE_MEETINGS)).toBe(true);
  });

  it('of two that exclude each other the first is given', async () => {
    await licenses.give(AMY, FREE);
    const card = await plan(anna, ...importing(rowsFor([`${STANDARD},add,4711,,Berlin,`, `${PROFESSIONAL},add,4712,,Berlin,`])));
    expect(aboutIn(card, AMY)).toContain(`${STANDARD} and ${PROFESSIONAL} cannot be held together (Webex: 400404)`);
    expect(linesOf(card)).toContain(`Amy Adams gets ${STANDARD} with extension 4711 in Berlin`);
  });

  it('who cannot have the license that was to take the place of another keeps that one', async () => {
    await licenses.give(AMY, [...FREE, PROFESSIONAL]);
    const card = await plan(anna, ...importing(rowsFor([`${PROFESSIONAL},remove,,,,`, `${STANDARD},add,4711,,Berlin,`])));
    expect(aboutIn(card, AMY)).toContain(`keeps ${PROFESSIONAL}, since ${STANDARD} cannot be given`);
    expect(shown(card)).not.toContain('Amy Adams loses');
  });
});

describe('what only became wrong since the plan was made fails with the words of Webex, and the rest is done', () => {
  interface Case {
    errorCode: number;
    what: string;
    holds: string[];
    rows: string[];
    meanwhile: string[];
    says: string;
  }
  const cases: Case[] = [
    { errorCode: 400, what: 'a number that no location has', holds: FREE, rows: [`${STANDARD},add,,+442071234567,,`], meanwhile: FREE, says: 'Unable to find location.' },
    { errorCode: 400216, what: 'host meanwhile, and so no attendee', holds: FREE, rows: [`,add,,,,${EU}`], meanwhile: [...FREE, EVENTS], says: `Request contains invalid attendee siteUrls: ${EU}` },
    { errorCode: 400404, what: 'Professional meanwhile', holds: FREE, rows: [`${STANDARD},add,4711,,Berlin,`], meanwhile: [...FREE, PROFESSIONAL], says: 'User cannot have both Webex Calling Professional and Standard License together.' },
    { errorCode: 400406, what: 'Standard meanwhile, under Attendant Console', holds: [...FREE, PROFESSIONAL], rows: [`${CONSOLE},add,,,,`], meanwhile: [...FREE, STANDARD], says: 'User cannot have both Webex Calling Standard and Webex Attendant Console licenses together.' },
    { errorCode: 400407, what: 'Standard meanwhile, beside Customer Experience', holds: FREE, rows: [`${CX},add,4711,,Berlin,`], meanwhile: [...FREE, STANDARD], says: 'User cannot have both Webex Calling Standard and CX Essential licenses together.' },
    { errorCode: 400408, what: 'no Professional any more', holds: [...FREE, PROFESSIONAL], rows: [`${CONSOLE},add,,,,`], meanwhile: FREE, says: 'User needs Webex Calling Professional license to be assigned before assigning Webex Attendant Console' },
    { errorCode: 400413, what: 'Messaging of the other subscription meanwhile', holds: FREE, rows: [`${OTHER_MESSAGING},add,,,,`], meanwhile: [...FREE, MESSAGING], says: 'as the user can be assigned only one of licenses with the offer code from the list: Messaging' },
    { errorCode: 700003, what: 'no free messaging any more', holds: FREE, rows: [`${MESSAGING},add,,,,`], meanwhile: [FREE_MEETINGS], says: 'Free teams messaging mandatory for paid teams messaging license.' },
    { errorCode: 700004, what: 'no free meetings any more', holds: FREE, rows: [`${SPACE_MEETINGS},add,,,,`], meanwhile: [FREE_MESSAGING], says: 'Free teams meeting mandatory for paid teams meeting license.' },
    { errorCode: 700005, what: 'no free messaging any more, for meetings', holds: [FREE_MESSAGING], rows: [`${FREE_MEETINGS},add,,,,`], meanwhile: [], says: 'Free teams messaging mandatory for teams meeting license.' },
  ];

  it.each(cases)('$errorCode: $what', async ({ holds, rows, meanwhile, says }) => {
    await licenses.give(AMY, holds);
    const card = await plan(anna, ...importing(rowsFor(rows)));
    await licenses.give(AMY, meanwhile);
    const before = await licenses.holding(AMY);
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Finished: 1 done, 1 failed');
    expect(shown(result)).toContain(says);
    expect(await licenses.holding(AMY)).toEqual(before);
    expect(await licenses.has(RAJ, SPACE_MEETINGS)).toBe(true);
    const refused = (await world.requests('PATCH /v1/licenses/users')).filter(({ status }) => status === 400);
    expect(refused).toHaveLength(1);
  });

  it('400000: a license that the organization lost', async () => {
    await licenses.give(AMY, FREE);
    const card = await plan(anna, `licenses assign ${at(AMY)} license="${SPACE_MEETINGS}"`);
    const description = 'License not recognized 4711';
    await world.control('POST', 'faults', { rules: [{ method: 'PATCH', path: '/licenses/users', status: 400, body: { message: 'License not recognized', errors: [{ errorCode: 400000, description }], trackingId: 'ROUTER_1' } }] });
    const result = await approve(anna, card);
    await world.control('POST', 'faults', { rules: [] });
    expect(countsOf(result)).toBe('Finished: 1 failed');
    expect(shown(result)).toContain(description);
  });
});

describe('seats', () => {
  afterEach(async () => { await world.control('POST', 'lag', { licenses: '0s' }); });

  it('trap 17: 206 is no success: what the reply lacks is failed, what was taken for it is given back at once, the rest is done, and only that is undone', async () => {
    await licenses.give(AMY, [...FREE, MESSAGING]);
    const before = await licenses.holding(AMY);
    const card = await plan(anna, ...importing(rowsFor([`${MESSAGING},remove,,,,`, `${CX},add,4711,,Berlin,`, `,add,,,,${US}`])));
    await world.control('POST', 'change', { licenses: [{ name: CX, totalUnits: 0 }] });
    const result = await approve(anna, card);
    await world.control('POST', 'change', { licenses: [{ name: CX, totalUnits: 50 }] });
    expect((await world.requests('PATCH /v1/licenses/users')).map(({ status }) => status).sort()).toEqual([200, 200, 206]);
    expect(countsOf(result)).toBe('Finished: 1 done, 1 failed');
    expect(shown(result)).toContain(`Webex did not give ${CX}`);
    expect([await licenses.has(AMY, MESSAGING), await licenses.has(AMY, CX)]).toEqual([true, false]);
    expect((await licenses.holding(AMY)).sites).toEqual([`${US} attendee`]);
    await undo(anna, result);
    expect(await licenses.holding(AMY)).toEqual(before);
  });

  it('that are short leave nobody without the old license in a file, and both rows are kept to be asked again', async () => {
    const { id } = await licenses.named(OTHER_MESSAGING);
    await licenses.give(AMY, [...FREE, MESSAGING]);
    await world.control('POST', 'change', { licenses: [{ id, totalUnits: 0 }] });
    const card = await plan(anna, ...importing(rowsFor([`${MESSAGING},remove,,,,`, `${OTHER_MESSAGING},add,,,,`])));
    expect(aboutIn(card, AMY)).toContain(`there is no seat of ${OTHER_MESSAGING}`);
    expect(aboutIn(card, AMY)).toContain(`keeps ${MESSAGING}, since ${OTHER_MESSAGING} cannot be given`);
    const kept = await file(anna, 'left-out.csv');
    expect(kept.trim().split('\r\n')).toEqual([HEADER, `${at(AMY)},${MESSAGING},remove,,,,,,`, `${at(AMY)},${OTHER_MESSAGING},add,,,,,,`]);
    await approve(anna, card);
    expect([await licenses.has(AMY, MESSAGING), await licenses.has(AMY, OTHER_MESSAGING)]).toEqual([true, false]);

    await world.control('POST', 'change', { licenses: [{ id, totalUnits: 50 }] });
    expect(countsOf(await approve(anna, await plan(anna, ...importing(kept))))).toBe('Done: 1 done');
    expect([await licenses.has(AMY, MESSAGING), await licenses.has(AMY, OTHER_MESSAGING)]).toEqual([false, true]);
  });

  it('that Webex still shows although they are gone: the plan trusts its count, its reply decides', async () => {
    const { id } = await licenses.named(SPACE_MEETINGS);
    await licenses.give(AMY, FREE);
    await world.control('POST', 'change', { licenses: [{ id, totalUnits: 2 }] });
    await world.control('POST', 'lag', { licenses: '10m' });
    await licenses.give('olu.adeyemi', [...FREE, SPACE_MEETINGS]);
    const card = await plan(anna, `licenses assign ${at(AMY)} license="${SPACE_MEETINGS}"`);
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Finished: 1 failed');
    expect(shown(result)).toContain(`Webex did not give ${SPACE_MEETINGS}`);
    expect(await licenses.has(AMY, SPACE_MEETINGS)).toBe(false);
    await world.control('POST', 'lag', { licenses: '0s' });
    await world.control('POST', 'change', { licenses: [{ id, totalUnits: 50 }] });
    expect(countsOf(await change(anna, `licenses assign ${at(AMY)} license="${SPACE_MEETINGS}"`))).toBe('Done: 1 done');
  });
});
