import { answer, approve, linesOf, plan, shown } from '../support/plans.js';
import { titlesOf, textOf, type Person } from '../support/person.js';
import { at, confirm, follow, followed, membersOf, newGroup, newSpace, sync, writesBy } from '../support/spaces.js';
import { startWorld, type World } from '../support/world.js';

/** What earlier programs that made spaces follow groups got wrong, by the numbers under which these faults are known. */
describe('known faults of space membership', () => {
  let world: World;
  let anna: Person;

  beforeAll(async () => {
    world = await startWorld({ env: { APPROVAL_STEPS: '5000', ADD_LIMIT: '5000,100%' } });
    anna = world.person('anna.berg');
    await world.link(anna, 'spaces');
  });
  afterEach(async () => { await world.control('POST', 'faults', { rules: [] }); });
  afterAll(async () => { await world.stop(); });

  it('space fault 1: a group member on page 3 is not removed from the space', async () => {
    // "All Staff" has 1,200 people, 500 on a page; p01150 is on the third, p01239 is not in it.
    const space = await newSpace(world, 'Page three', ['anna.berg', 'p01150', 'p01239']);
    await follow(anna, '"All Staff" to="Page three" mode=remove');
    await world.mark();
    const card = await plan(anna, 'spaces sync "Page three"');
    expect((await world.requests('/v1/groups')).filter(({ path }) => path.endsWith('/members')).map(({ query }) => query.startIndex ?? '1')).toEqual(['1', '501', '1001']);
    await approve(anna, card);
    expect(await membersOf(world, space)).toEqual(['anna.berg', 'p01150']);
  });

  it('space fault 2: a membership on page 3 is not added again, trap 20: also behind an empty page', async () => {
    const everybody = ((await world.control('GET', 'accounts?all=true')) as { people: { email: string }[] }).people.map(({ email }) => email).filter((email) => email.endsWith('@acme.test'));
    const inside = ['anna.berg@acme.test', ...everybody.filter((email) => !['anna.berg@acme.test', at('p01200')].includes(email))];
    const space = await newSpace(world, 'Everybody', inside);
    await newGroup(world, 'Late joiners', ['p01190', 'p01200', 'p01230']);
    await follow(anna, '"Late joiners" to=Everybody mode=add');
    await world.mark();
    const card = await plan(anna, 'spaces sync Everybody');
    const pages = (await world.requests('GET /v1/memberships')).filter(({ owner, query }) => owner === anna.email && query.roomId === space);
    expect(pages).toHaveLength(3);
    expect(linesOf(card).filter((line) => /joins|leaves/.test(line))).toEqual([expect.stringMatching(/joins Everybody$/)]);
    await approve(anna, card);
    expect((await world.requests('POST /v1/memberships')).map(({ status }) => status)).toEqual([200]);
    expect(await membersOf(world, space)).toHaveLength(inside.length + 1);

    await world.control('POST', 'faults', { rules: [{ path: '/memberships', query: { cursor: '*' }, owner: anna.email, status: 400, body: { message: 'This page is broken', errors: [] } }] });
    expect(textOf(await answer(anna, 'spaces sync Everybody'))).toMatch(/Could not read the members of the space: .*This page is broken/);
  });

  it('space fault 3: two groups for one space do not remove each other’s people', async () => {
    await newGroup(world, 'North', ['amy.adams', 'bob.nguyen']);
    await newGroup(world, 'South', ['bob.nguyen', 'raj.patel']);
    const space = await newSpace(world, 'Regions', ['anna.berg', 'amy.adams', 'raj.patel', 'grace.hall']);
    await follow(anna, 'North,South to=Regions');
    await sync(anna, 'Regions');
    expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg', 'bob.nguyen', 'raj.patel']);
    expect(textOf(await answer(anna, 'spaces sync Regions'))).toMatch(/There is nothing to change/);
  });

  it('space fault 3: a second group that is linked later joins the first, and takes nobody’s place', async () => {
    await newGroup(world, 'First shift', ['amy.adams']);
    await newGroup(world, 'Second shift', ['raj.patel']);
    const space = await newSpace(world, 'Shifts', ['anna.berg']);
    await follow(anna, '"First shift" to=Shifts');
    await sync(anna, 'Shifts');
    const card = await answer(anna, 'spaces link "Second shift" to=Shifts');
    expect(textOf(card)).toMatch(/also follows Second shift/);
    await confirm(anna, card);
    await sync(anna, 'Shifts');
    expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg', 'raj.patel']);
  });

  it('space fault 4: a group listed twice keeps both its spaces', async () => {
    await newGroup(world, 'Pilots', ['amy.adams', 'raj.patel']);
    const spaces = [await newSpace(world, 'Cockpit', ['anna.berg']), await newSpace(world, 'Hangar', ['anna.berg', 'grace.hall'])];
    const card = await answer(anna, 'spaces import', { file: { name: 'rules.csv', content: 'group,room\nPilots,Cockpit\nPilots,Hangar\n' } });
    await confirm(anna, card);
    await sync(anna, 'Cockpit');
    await sync(anna, 'Hangar');
    for (const space of spaces) expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg', 'raj.patel']);
  });

  it('space fault 5: of two spaces of the same title it is asked which, with what tells them apart, and nothing is guessed', async () => {
    const second = await newSpace(world, 'Twins', ['anna.berg', 'olga.petrov@globex.test', 'raj.patel']);
    const first = await newSpace(world, 'Twins', ['amy.adams', 'anna.berg']);
    await newGroup(world, 'Twin group', ['amy.adams', 'raj.patel']);
    const card = await answer(anna, 'spaces link "Twin group" to=Twins');
    expect(linesOf(card)).toContain('“Twins”: 2 could be meant. Choose.');
    expect(textOf(card)).toMatch(/by Anna Berg; 3 people, 1 of other organizations: Olga Petrov; no moderators/);
    expect(textOf(card)).toMatch(/by Amy Adams; 2 people, nobody of another organization; no moderators/);
    expect(textOf(await confirm(anna, card, { to: '' }))).toMatch(/Choose which space is meant by “Twins”/);
    expect(textOf(await answer(anna, 'spaces rules'))).not.toContain('Twins');

    await confirm(anna, await answer(anna, 'spaces link "Twin group" to=Twins'), { to: second });
    await sync(anna, 'Twins');
    expect(await membersOf(world, second)).toEqual(['amy.adams', 'anna.berg', 'olga.petrov@globex.test', 'raj.patel']);
    expect(await membersOf(world, first)).toEqual(['amy.adams', 'anna.berg']);
  });

  it('space fault 6: opening a page or asking for a preview writes nothing', async () => {
    const space = await followed(world, anna, 'Glance', ['raj.patel'], ['anna.berg', 'amy.adams']);
    const before = world.audit().length;
    await world.mark();
    for (const words of ['spaces', 'spaces rules', 'spaces exemptions', 'spaces preview', 'spaces preview Glance', 'spaces link', 'spaces link Sales to="Sales Floor"']) await answer(anna, words);
    expect(textOf(await answer(anna, 'spaces preview Glance'))).toMatch(/1 would join, 1 would leave/);
    for (const path of ['/healthz', '/']) await fetch(`${world.publicUrl}${path}`);
    expect(await writesBy(world, anna)).toEqual([]);
    expect((await world.requests('/v1/')).filter(({ method, path }) => method !== 'GET' && /memberships|rooms|groups/.test(path))).toEqual([]);
    expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg']);
    expect(world.audit().slice(before).filter(({ action }) => /space-|plan/.test(action))).toEqual([]);
    expect(textOf(await answer(anna, 'changes'))).not.toContain('Glance');
  });

  it('space fault 7: a group that comes back empty removes nobody', async () => {
    const group = await newGroup(world, 'Emptied', ['amy.adams']);
    const space = await newSpace(world, 'Emptied space', ['anna.berg', 'amy.adams', 'raj.patel']);
    await follow(anna, 'Emptied to="Emptied space"');
    await world.control('POST', 'change', { groups: [{ id: group, remove: [at('amy.adams')] }] });
    expect(textOf(await answer(anna, 'spaces sync "Emptied space"'))).toMatch(/An empty group never empties a space/);

    // The list of members has nobody, and the group itself says that it has one.
    await world.control('POST', 'change', { groups: [{ id: group, add: [at('amy.adams')] }] });
    await world.control('POST', 'faults', { rules: [{ path: '/groups/*/members', status: 200, body: { id: group, displayName: 'Emptied', memberSize: 0, members: [] } }] });
    const said = await answer(anna, 'spaces sync "Emptied space"');
    expect(textOf(said)).toMatch(/Could not read the group “Emptied”: Webex says that it has 1 member, and shows none/);
    expect(titlesOf(said)).not.toContain('Approve');
    expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg', 'raj.patel']);
  });

  it('space fault 7: a page of the group that another space follows fails, and the rest goes on', async () => {
    const other = await followed(world, anna, 'Goes on', ['raj.patel'], ['anna.berg', 'amy.adams']);
    await newSpace(world, 'Stands still', ['anna.berg', 'p01239']);
    await follow(anna, '"All Staff" to="Stands still" mode=remove');
    await world.control('POST', 'faults', { rules: [{ path: '/groups/*/members', query: { startIndex: '501' }, status: 400, body: { message: 'This page is broken', errors: [] } }] });
    const card = await plan(anna, 'spaces sync');
    expect(shown(card)).toMatch(/Stands still.*: not followed now\./);
    expect(linesOf(card).join('\n')).not.toContain('leaves Stands still');
    await approve(anna, card);
    expect(await membersOf(world, other)).toEqual(['anna.berg', 'raj.patel']);
  });

  it.each([
    ['group', '/groups/*/members', { startIndex: '501' }],
    ['group', '/groups/*/members', { startIndex: '1001' }],
    ['space', '/memberships', { roomId: '*' }],
  ])('space fault 7: a %s whose page fails (%s %j) removes nobody', async (_what, path, query) => {
    const name = `Half ${JSON.stringify(query).replace(/\W+/g, ' ').trim()}`;
    const space = await newSpace(world, name, ['anna.berg', 'p01150', 'p01239']);
    await follow(anna, `"All Staff" to="${name}" mode=remove`);
    await world.control('POST', 'faults', { rules: [{ path, query, owner: anna.email, status: 400, body: { message: 'This page is broken', errors: [] } }] });
    const said = await answer(anna, `spaces sync "${name}"`);
    expect(textOf(said)).toMatch(/not followed now\. Could not read .*This page is broken/);
    expect(titlesOf(said)).not.toContain('Approve');
    expect(await membersOf(world, space)).toEqual(['anna.berg', 'p01150', 'p01239']);
  });

  it.each([
    ['nothing more', { memberSize: 1200, members: [] }, /Could not read the group “All Staff”/],
    ['that this is all', { memberSize: 500, members: [] }, /Webex says that it has 1,200 members, and shows 500/],
    ['no members at all', {}, /Could not read the group “All Staff”/],
  ])('space fault 7: a group whose second page says %s removes nobody', async (says, body, why) => {
    const name = `Page of ${says}`;
    const space = await newSpace(world, name, ['anna.berg', 'p01150', 'p01239']);
    await follow(anna, `"All Staff" to="${name}"`);
    await world.control('POST', 'faults', { rules: [{ path: '/groups/*/members', query: { startIndex: '501' }, status: 200, body }] });
    const said = await answer(anna, `spaces sync "${name}"`);
    expect(textOf(said)).toMatch(why);
    expect(titlesOf(said)).not.toContain('Approve');
    expect(await membersOf(world, space)).toEqual(['anna.berg', 'p01150', 'p01239']);
  });

  it('space fault 8: bots, moderators, the owner and exempt people stay, trap 23: and people of other organizations', async () => {
    const space = await newSpace(world, 'Keepers', ['anna.berg', 'ben.okoye', 'raj.patel', 'grace.hall', 'steward@webex.bot', 'olga.petrov@globex.test'], { isLocked: true });
    const { json } = await anna.api('GET', `/memberships?roomId=${space}&personEmail=${at('ben.okoye')}`);
    await anna.api('PUT', `/memberships/${json.items[0].id}`, { isModerator: true });
    await newGroup(world, 'Keepers group', ['amy.adams']);
    await follow(anna, '"Keepers group" to=Keepers');
    expect(textOf(await answer(anna, `spaces exempt ${at('raj.patel')} in=Keepers`))).toMatch(/Raj Patel stays in Keepers/);
    const card = await plan(anna, 'spaces sync Keepers');
    expect(linesOf(card)).toEqual(expect.arrayContaining([
      'Grace Hall leaves Keepers', 'Amy Adams joins Keepers',
      'Anna Berg: kept in Keepers: the account by which it is done is never removed', 'Ben Okoye: kept in Keepers: moderators stay',
      'Raj Patel: kept in Keepers: exempt', 'Steward: kept in Keepers: bots are never removed', 'Olga Petrov: kept in Keepers: people of other organizations stay',
    ]));
    await approve(anna, card);
    expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg', 'ben.okoye', 'olga.petrov@globex.test', 'raj.patel', 'steward@webex.bot']);
  });
});
