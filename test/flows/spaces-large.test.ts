import { callsMade, callsNeeded, followLarge, makeLarge, numbered, peopleFor } from '../support/large-space.js';
import { countsOf, idOf, result } from '../support/plans.js';
import { textOf, titlesOf, type Person } from '../support/person.js';
import { startWorld, type World } from '../support/world.js';

const SIZES = { group: 10_000, space: 5000, both: 2500 };
const JOIN = 200;
const LEAVE = 100;

let world: World;
let anna: Person;
let ben: Person;

beforeAll(async () => {
  world = await startWorld({ people: peopleFor(SIZES), env: { LOG_LEVEL: 'warn' } });
  anna = world.person('anna.berg');
  ben = world.person('ben.okoye');
  await world.link(anna, 'spaces');
  await world.link(ben, 'spaces');
  await makeLarge(world, anna, SIZES);
  await followLarge(anna, (fits) => anna.hears(fits));
}, 60_000);
afterAll(async () => { await world.stop(); });

it('a plan for a group of 10,000 and a space of 5,000 takes one call for each and the pages of their members', async () => {
  await world.mark();
  await anna.say('spaces sync');
  const card = await anna.hears(/Nothing has been changed yet/);
  expect(textOf(card)).toContain('7,500 would join, 2,500 would leave');
  expect(titlesOf(card)).not.toContain('Approve');
  expect(await callsMade(world, anna)).toEqual({ group: 1, 'group members': 20, space: 1, memberships: 7 });
});

it('applying it, which a second administrator approves, takes one write for each change and no read', async () => {
  // Somebody else does most of it by hand, so that little is left.
  const [alone, others] = [numbered(SIZES.both - 1, SIZES.group - 1), numbered(SIZES.group - 1, SIZES.group - 1 + SIZES.space - SIZES.both)];
  await world.control('POST', 'change', { rooms: [{ title: 'Large Space', add: alone.slice(JOIN), remove: others.slice(LEAVE) }] });
  await world.mark();
  await anna.say('spaces sync');
  const card = await anna.hears((message) => textOf(message).includes(`${JOIN} would join, ${LEAVE} would leave`));
  expect(await callsMade(world, anna)).toEqual(callsNeeded({ group: SIZES.group, space: SIZES.group - JOIN + LEAVE }));

  const id = idOf(card);
  const asked = await ben.hears((message) => textOf(message).includes(id) && titlesOf(message).includes('Approve'));
  await world.mark();
  await ben.press(asked, 'Approve');
  expect(countsOf(await result(anna, id))).toBe(`Done: ${JOIN + LEAVE} done`);
  expect(await callsMade(world, anna)).toEqual({ joins: JOIN, leaves: LEAVE });
  await anna.ask('spaces preview', /Nothing to change/);
});
