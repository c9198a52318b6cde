import { answer, approve, linesOf, plan, shown } from '../support/plans.js';
import { textOf, titlesOf, type Person } from '../support/person.js';
import { at, followed, membersOf, sync } from '../support/spaces.js';
import { startWorld, type World } from '../support/world.js';

let world: World;
let anna: Person;

beforeAll(async () => {
  // The clock is moved, which moves Steward too only where both run in one process.
  world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '1000' }, processes: false });
  anna = world.person('anna.berg');
  await world.link(anna, 'spaces');
});
afterAll(async () => { await world.stop(); });

/** Moves the clock; gives what it says then. */
const pass = async (advance: string): Promise<number> => Date.parse(((await world.control('POST', 'clock', { advance })) as { now: string }).now);
const group = (name: string, change: Record<string, unknown>): Promise<unknown> => world.control('POST', 'change', { groups: [{ name: `${name} group`, ...change }] });

describe('grace', () => {
  it('removes somebody only after having been in none of the groups for so long', async () => {
    const space = await followed(world, anna, 'Patience', ['amy.adams', 'raj.patel'], ['anna.berg', 'amy.adams', 'raj.patel'], 'grace=1d');
    await group('Patience', { remove: [at('raj.patel')] });
    const first = await answer(anna, 'spaces sync Patience');
    expect(textOf(first)).toMatch(/There is nothing to change/);
    expect(textOf(first)).toMatch(/Raj Patel: kept in Patience: in none of the groups only lately, removed when the grace is over/);
    await pass('20h');
    expect(textOf(await answer(anna, 'spaces sync Patience'))).toMatch(/There is nothing to change/);
    await pass('5h');
    await sync(anna, 'Patience');
    expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg']);
  });

  it('begins anew for somebody who was back in between', async () => {
    const space = await followed(world, anna, 'Returner', ['amy.adams', 'raj.patel'], ['anna.berg', 'amy.adams', 'raj.patel'], 'grace=1d');
    await group('Returner', { remove: [at('raj.patel')] });
    await answer(anna, 'spaces sync Returner');
    await pass('16h');
    await group('Returner', { add: [at('raj.patel')] });
    await answer(anna, 'spaces sync Returner');
    await group('Returner', { remove: [at('raj.patel')] });
    await answer(anna, 'spaces sync Returner');
    await pass('16h');
    expect(textOf(await answer(anna, 'spaces sync Returner'))).toMatch(/There is nothing to change/);
    expect(await membersOf(world, space)).toContain('raj.patel');
    await pass('9h');
    await sync(anna, 'Returner');
    expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg']);
  });

  it('does not count by previews, which keep nothing', async () => {
    const space = await followed(world, anna, 'Onlooker', ['amy.adams', 'raj.patel'], ['anna.berg', 'amy.adams', 'raj.patel'], 'grace=1d');
    await group('Onlooker', { remove: [at('raj.patel')] });
    await answer(anna, 'spaces preview Onlooker');
    await pass('30h');
    expect(textOf(await answer(anna, 'spaces sync Onlooker'))).toMatch(/There is nothing to change/);
    expect(await membersOf(world, space)).toContain('raj.patel');
  });
});

describe('exemptions', () => {
  it('keep somebody in a space until a date, and no longer', async () => {
    const space = await followed(world, anna, 'Visit', ['amy.adams'], ['anna.berg', 'amy.adams', 'raj.patel', 'grace.hall']);
    const until = new Date((await pass('1s')) + 2 * 86_400_000).toISOString().slice(0, 10);
    expect(textOf(await answer(anna, `spaces exempt ${at('raj.patel')} in=Visit until=${until}`))).toMatch(new RegExp(`Raj Patel stays in Visit until \\w{3} ${until} 23:59 \\(America/New_York\\)`));
    expect(textOf(await answer(anna, 'spaces exemptions'))).toMatch(/Raj Patel \(raj\.patel@acme\.test\)[^]*stays in Visit until/);
    const card = await plan(anna, 'spaces sync Visit');
    expect(linesOf(card)).toContain('Grace Hall leaves Visit');
    expect(shown(card)).toMatch(/Raj Patel: kept in Visit: exempt until \d{4}-\d\d-\d\d 04:59 UTC/);
    await approve(anna, card);
    expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg', 'raj.patel']);
    // The end of that day in New York is as far as it can be.
    await pass('96h');
    await sync(anna, 'Visit');
    expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg']);
    expect(textOf(await answer(anna, 'spaces exemptions'))).toMatch(/Nobody is exempt/);
  });

  it('are for one space or for all, and can be ended', async () => {
    const one = await followed(world, anna, 'Here', ['amy.adams'], ['anna.berg', 'amy.adams', 'raj.patel']);
    const other = await followed(world, anna, 'There', ['amy.adams'], ['anna.berg', 'amy.adams', 'raj.patel', 'grace.hall']);
    await answer(anna, `spaces exempt ${at('raj.patel')} in=Here`);
    await answer(anna, `spaces exempt ${at('grace.hall')}`);
    expect(textOf(await answer(anna, 'spaces sync Here'))).toMatch(/There is nothing to change/);
    await sync(anna, 'There');
    expect(await membersOf(world, other)).toEqual(['amy.adams', 'anna.berg', 'grace.hall']);
    expect(textOf(await answer(anna, `spaces unexempt ${at('raj.patel')},${at('grace.hall')}`))).toMatch(/2 exemptions ended/);
    await sync(anna, 'Here');
    await sync(anna, 'There');
    for (const space of [one, other]) expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg']);
  });

  it('end by a date that is past is refused', async () => {
    const said = await answer(anna, `spaces exempt ${at('raj.patel')} until=2020-01-01`);
    expect(textOf(said)).not.toMatch(/Raj Patel stays/);
    expect(titlesOf(said)).not.toContain('Exemptions');
    expect(textOf(await answer(anna, 'spaces exemptions'))).not.toContain('Raj Patel');
  });
});
