import {
  CX, EVENTS, FREE, MESSAGING, OTHER_MESSAGING, OTHER_PROFESSIONAL, planAgain, PROFESSIONAL, SPACE_MEETINGS, STANDARD, startLicenses, type Licenses,
} from '../support/licenses.js';
import { answer, approve, change, countsOf, file, linesOf, plan, shown, undo } from '../support/plans.js';
import { textOf, titlesOf, type Message, type Person } from '../support/person.js';
import { advance, timed } from '../support/schedules.js';
import { at } from '../support/spaces.js';
import type { World } from '../support/world.js';

const BEN = 'ben.okoye';
const AMY = 'amy.adams';
const RAJ = 'raj.patel';
/** Is called by a number and an extension. */
const XAVIER = 'xavier.darcy';

let world: World;
let anna: Person;
let licenses: Licenses;

const locations = async (): Promise<{ id: string; name: string }[]> => (await anna.api('GET', '/locations')).json.items;
/** When a plan says that it ends. */
const endOf = (card: Message): string | undefined => /It ends on ([^;,]*)/.exec(textOf(card))?.[1];

beforeAll(async () => { ({ world, anna, licenses } = await startLicenses()); });
afterAll(async () => { await world.stop(); });
beforeEach(async () => { await world.mark(); });

describe('a move', () => {
  it('changes one license for the other in one call, with number and extension', async () => {
    const before = await licenses.holding(BEN);
    const result = await change(anna, `licenses move ${at(BEN)} from="${PROFESSIONAL}" to="${OTHER_PROFESSIONAL}"`);
    expect([await licenses.has(BEN, PROFESSIONAL), await licenses.has(BEN, OTHER_PROFESSIONAL)]).toEqual([false, true]);
    expect((await licenses.holding(BEN)).calling).toEqual(before.calling);
    expect((await licenses.sent()).map((body) => body.licenses.map(({ operation }: { operation: string }) => operation))).toEqual([['remove', 'add']]);
    await undo(anna, result);
    expect(await licenses.holding(BEN)).toEqual(before);
  });

  it('of all finds everybody, and who gets no seat keeps the old one', async () => {
    const holders = (await licenses.holders(MESSAGING)).length;
    await world.control('POST', 'change', { licenses: [{ id: (await licenses.named(OTHER_MESSAGING)).id, totalUnits: 5 }] });
    const card = await plan(anna, `licenses move all from="${MESSAGING}" to="${OTHER_MESSAGING}" until=2d`);
    expect(shown(card)).toContain(`${holders - 5} people wait for a seat. left-out.csv keeps them: attach it to “licenses import” when there are seats. What a file gives has no end`);
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Done: 5 done');
    expect(await licenses.holders(MESSAGING)).toHaveLength(holders - 5);
    expect((await file(anna, 'left-out.csv')).trim().split('\r\n')).toHaveLength(1 + holders - 5);
    await undo(anna, result);
    expect(await licenses.holders(MESSAGING)).toHaveLength(holders);
  });

  it('that Webex does by half is failed, and said so; the old one is given back at once, with its number', async () => {
    const before = await licenses.holding(XAVIER);
    const { id, totalUnits } = await licenses.named(OTHER_PROFESSIONAL);
    const card = await plan(anna, `licenses move ${at(XAVIER)} from="${PROFESSIONAL}" to="${OTHER_PROFESSIONAL}"`);
    await world.control('POST', 'change', { licenses: [{ id, totalUnits: 0 }] });
    const result = await approve(anna, card);
    expect(shown(result)).toMatch(/Xavier D'Arcy keeps Webex Calling - Professional \(Sub100417\)/);
    expect(await licenses.holding(XAVIER)).toEqual(before);
    await world.control('POST', 'change', { licenses: [{ id, totalUnits }] });
  });
});

describe('a move to a calling license', () => {
  beforeEach(async () => {
    await licenses.give(AMY, [...FREE, EVENTS]);
    await licenses.give(RAJ, [...FREE, EVENTS]);
  });

  it('takes the number that is written, in the one call; [Plan again] means the same, and undo gives the old license back', async () => {
    const before = await licenses.holding(AMY);
    const first = await plan(anna, `licenses move ${at(AMY)} from="${EVENTS}" to="${STANDARD}" extension=4801 location="New York"`);
    const card = await planAgain(anna, first);
    for (const one of [first, card]) expect(linesOf(one)).toContainEqual(expect.stringMatching(/^Amy Adams loses Webex Events on acme-eu.* and gets Webex Calling - Standard with extension 4801 in New York$/));
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Done: 1 done');
    const [events, standard] = await Promise.all([licenses.named(EVENTS), licenses.named(STANDARD)]);
    const { id, calling } = await licenses.person(AMY);
    expect(calling).toEqual({ extension: '4801', locationId: expect.any(String) });
    expect(await licenses.sent()).toEqual([{ personId: id, licenses: [{ id: events.id, operation: 'remove' }, { id: standard.id, operation: 'add', properties: calling }] }]);
    await undo(anna, result);
    expect(await licenses.holding(AMY)).toEqual(before);
  });

  it('asks one person’s number on a card, after the license that could be several, and keeps all that was written', async () => {
    const which = await answer(anna, `licenses move ${at(AMY)} from="${EVENTS}" to="Webex Calling - Professional" location=Berlin until=2d`);
    expect(shown(which)).toContain('2 licenses could be meant');
    await anna.press(which, 'Next', { to: (await licenses.named(OTHER_PROFESSIONAL)).id });
    const asked = await anna.hears(/needs an extension or a phone number for Amy Adams/);
    await anna.press(asked, 'Next', { extension: '4802' });
    const card = await anna.hears(/Nothing has been changed yet/);
    expect(shown(card)).toContain(`gets ${OTHER_PROFESSIONAL} with extension 4802 in Berlin`);
    expect(endOf(card)).toMatch(/\d/);
    expect(endOf(await planAgain(anna, card))).toBe(endOf(card));
    expect(await licenses.sent()).toEqual([]);
  });

  it('asks nobody for a number who could not be moved anyway', async () => {
    await licenses.give(AMY, FREE);
    const none = await answer(anna, `licenses move ${at(AMY)} from="${EVENTS}" to="${STANDARD}"`);
    expect(shown(none)).toContain('Amy Adams: does not have Webex Events');
    expect(titlesOf(none)).not.toContain('Next');
  });

  it('of several people names all who lack a number, and gives one number to one person only', async () => {
    const words = `licenses move ${at(AMY)},${at(RAJ)} from="${EVENTS}" to="${STANDARD}"`;
    const lacking = await answer(anna, words);
    expect(linesOf(lacking)).toContain(`Amy Adams and Raj Patel: needs an extension or a phone number for ${STANDARD} (Webex: 400411)`);
    expect(titlesOf(lacking)).not.toContain('Approve');
    const card = await plan(anna, `${words} extension=4803 location=Berlin`);
    expect(linesOf(card)).toContainEqual(expect.stringMatching(/^Raj Patel: extension 4803: this plan gives it to somebody else/));
    await approve(anna, card);
    expect([await licenses.has(AMY, STANDARD), await licenses.has(RAJ, STANDARD), await licenses.has(RAJ, EVENTS)]).toEqual([true, false, true]);
  });

  it.each([
    ['move', `from="${PROFESSIONAL}" to="${CX}"`],
    ['assign', `license="${CX}"`],
  ])('who is called already keeps his number: licenses %s', async (verb, words) => {
    const { calling: { phoneNumber = '', extension = '', locationId = '' } = {} } = await licenses.person(XAVIER);
    const all = await locations();
    const where = all.find(({ id }) => id === locationId)?.name;
    const other = await answer(anna, `licenses ${verb} ${at(XAVIER)} ${words} extension=4804 location=Berlin`);
    expect(shown(other)).toContain(`Xavier D'Arcy: has number ${phoneNumber} and extension ${extension} in ${where} and keeps it, so leave extension, phone and location out; ${CX} is not given`);
    expect(titlesOf(other)).not.toContain('Approve');
    const elsewhere = await answer(anna, `licenses ${verb} ${at(XAVIER)} ${words} location=${all.find(({ id }) => id !== locationId)!.id}`);
    expect(shown(elsewhere)).toContain(`in ${where} and keeps it`);
    const same = await plan(anna, `licenses ${verb} ${at(XAVIER)} ${words} extension=${extension} location=${locationId}`);
    expect(shown(same)).toContain(`gets ${CX} with number ${phoneNumber} and extension ${extension} in ${where}`);
  });

  it.each([
    ['move', `from="${PROFESSIONAL}" to="${OTHER_PROFESSIONAL}"`],
    ['assign', `license="${CX}"`],
  ])('whose number Webex does not show is not asked for it, since it could not be kept: licenses %s', async (verb, words) => {
    await licenses.give(AMY, [...FREE, PROFESSIONAL]);
    const refused = await answer(anna, `licenses ${verb} ${at(AMY)} ${words}`);
    expect(shown(refused)).toContain('Amy Adams: has a calling license with a number or extension that Webex does not show, so it could not be kept: use Control Hub');
    expect(titlesOf(refused).filter((title) => ['Next', 'Approve'].includes(title))).toEqual([]);
  });

  it.each([
    [`licenses move ${at(AMY)} from="${EVENTS}" to="${SPACE_MEETINGS}" extension=4805 location=Berlin`, SPACE_MEETINGS],
    [`licenses assign ${at(AMY)} license="${SPACE_MEETINGS}" phone=+493012345678`, SPACE_MEETINGS],
  ])('only: a number for another license is refused: %s', async (words, label) => {
    expect(textOf(await answer(anna, words))).toContain(`extension=, phone= and location= go with a calling license, and ${label} is none. Leave them out.`);
  });
});

describe('an end that can never come', () => {
  it('is refused: Webex takes nothing back to Calling Standard', async () => {
    const refused = await answer(anna, `licenses move ${at('gus.meyer')} from="${STANDARD}" to="${PROFESSIONAL}" until=2d`);
    expect(textOf(refused)).toContain(`Webex does not change ${PROFESSIONAL} back to ${STANDARD}, so this move cannot end by itself. Leave until= out.`);
    expect(titlesOf(await plan(anna, `licenses move ${at('gus.meyer')} from="${STANDARD}" to="${PROFESSIONAL}"`))).toContain('Approve');
  });
});

timed('for a time', () => {
  it('a move between calling licenses is taken back by itself, with number, extension and location', async () => {
    const before = await licenses.holding(BEN);
    const first = await plan(anna, `licenses move ${at(BEN)} from="${PROFESSIONAL}" to="${OTHER_PROFESSIONAL}" until=2d`);
    expect(textOf(first)).toContain('what it changes is taken back then');
    const card = await planAgain(anna, first);
    expect([endOf(card), endOf(card)]).toEqual([endOf(first), expect.stringMatching(/\d/)]);
    await approve(anna, card);
    expect(await licenses.has(BEN, OTHER_PROFESSIONAL)).toBe(true);
    await advance(world, '49h');
    await anna.hears(/End of Move .*taken back/);
    expect(await licenses.holding(BEN)).toEqual(before);
  });

  it('a move to a calling license ends with the old license, and the number is free again; what was given besides stays', async () => {
    await licenses.give(AMY, [...FREE, EVENTS]);
    await change(anna, `licenses move ${at(AMY)} from="${EVENTS}" to="${STANDARD}" extension=4806 location=Berlin until=2d`);
    const { id } = await licenses.named(STANDARD);
    await licenses.give(AMY, [...FREE, id, SPACE_MEETINGS]);
    await advance(world, '49h');
    await anna.hears(/End of Move .*taken back/);
    expect([await licenses.has(AMY, EVENTS), await licenses.has(AMY, STANDARD), await licenses.has(AMY, SPACE_MEETINGS)]).toEqual([true, false, true]);
    expect((await licenses.person(AMY)).calling).toBeUndefined();
    const card = await plan(anna, `licenses assign ${at(AMY)} license="${STANDARD}" extension=4806 location=Berlin`);
    expect(countsOf(await approve(anna, card))).toBe('Done: 1 done');
  });
});
