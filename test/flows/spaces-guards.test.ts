import { decide, linkIn, openStartPage } from '../support/link.js';
import { answer, approve, countsOf, idOf, linesOf, plan, result, shown } from '../support/plans.js';
import { textOf, titlesOf, type Person } from '../support/person.js';
import { at, follow, followed, membersOf, newGroup, newSpace, spaceCalled, sync, writesBy } from '../support/spaces.js';
import { startWorld, type World } from '../support/world.js';

let world: World;
let anna: Person;

beforeAll(async () => {
  world = await startWorld({ people: 60, env: { APPROVAL_STEPS: '1000' } });
  anna = world.person('anna.berg');
  await world.link(anna, 'spaces');
});
afterAll(async () => { await world.stop(); });

/** Generated people of the seed: p00040 and those after. */
const people = (n: number, from = 40): string[] => Array.from({ length: n }, (_, i) => `p${String(from + i).padStart(5, '0')}`);

/** That a space is not followed, says why, and has the same members as before. */
async function standsStill(space: string, rule: string, why: RegExp): Promise<void> {
  const before = await membersOf(world, space);
  await world.mark();
  for (const words of [`spaces preview "${rule}"`, `spaces sync "${rule}"`]) {
    const said = await answer(anna, words);
    expect(textOf(said)).toMatch(why);
    expect(titlesOf(said)).toEqual([]);
  }
  expect(await writesBy(world, anna)).toEqual([]);
  expect(await membersOf(world, space)).toEqual(before);
}

describe('a space that the account may not change is said before anything is done', () => {
  it('trap 25: a moderated space where the account is no moderator', async () => {
    const space = await followed(world, anna, 'Locked later', ['amy.adams'], ['anna.berg', 'raj.patel']);
    await world.control('POST', 'change', { rooms: [{ id: space, isLocked: true }] });
    await standsStill(space, 'Locked later', /Locked later: not followed now\. The space is moderated, and the account is no moderator of it|The space is moderated, and the account is no moderator of it/);
  });

  it('trap 25: an announcement space where it is no moderator', async () => {
    await follow(anna, 'Executives to="Company News"');
    await standsStill(await spaceCalled(world, 'Company News'), 'Company News', /Only moderators may change this announcement space, and the account is none/);
  });

  it('that it is locked is told when the rule is made', async () => {
    await newSpace(world, 'Foreign lock', ['raj.patel', 'anna.berg'], { isLocked: true });
    expect(textOf(await answer(anna, 'spaces link Sales to="Foreign lock"'))).toMatch(/1 moderator: Raj Patel; locked, and you are not a moderator/);
  });

  it('trap 31: a full administrator is not in every space, and Webex shows only those that he is in', async () => {
    await newSpace(world, 'Without Anna', ['raj.patel']);
    const said = await answer(anna, 'spaces link Sales to="Without Anna"');
    expect(textOf(said)).toMatch(/You must be a member of a space that shall follow groups/);
    expect(titlesOf(said)).toEqual(['Search again']);
  });

  it('trap 31: a full administrator who is site admin of no site cannot link for scheduling permissions, and is told so', async () => {
    const carl = world.person('carl.jensen');
    await carl.say('account link for=delegates');
    const offer = await carl.hears((message) => /oauth\/start/.test(textOf(message)));
    const { cookie, authorize } = await openStartPage(linkIn(offer));
    const back = await decide(world.url, authorize, carl.email);
    expect(back).toContain('error=access_denied');
    expect(textOf(offer)).toMatch(/You must also be site administrator of each Webex site/);
    const page = await (await fetch(back, { headers: { Cookie: cookie } })).text();
    expect(page).toMatch(/Nothing was linked[^]*your roles may not allow all that was asked for[^]*ask a full administrator/);
    expect(textOf(await answer(carl, 'account status'))).not.toMatch(/meeting:admin_preferences/);
  });

  it('a space that the account has left', async () => {
    const space = await followed(world, anna, 'Left behind', ['amy.adams'], ['anna.berg', 'raj.patel']);
    await world.control('POST', 'change', { rooms: [{ id: space, remove: [at('anna.berg')] }] });
    await standsStill(space, 'Left behind', /The space is gone, or the account is not in it any more/);
  });

  it('a space that is gone: a new one of the same name is not taken', async () => {
    const space = await followed(world, anna, 'Phoenix ashes', ['amy.adams'], ['anna.berg', 'raj.patel']);
    await world.control('POST', 'change', { rooms: [{ id: space, delete: true }] });
    const heir = await newSpace(world, 'Phoenix ashes', ['anna.berg', 'grace.hall']);
    await standsStill(heir, 'Phoenix ashes', /The space is gone.*A new one of the same name is not taken/);
  });

  it('a group that is gone: a new one of the same name is not taken', async () => {
    const space = await followed(world, anna, 'Heirloom', ['amy.adams'], ['anna.berg', 'amy.adams', 'raj.patel']);
    await world.control('POST', 'change', { groups: [{ name: 'Heirloom group', delete: true }] });
    await newGroup(world, 'Heirloom group', ['grace.hall']);
    await standsStill(space, 'Heirloom', /The group “Heirloom group” is gone\. A new one of the same name is not taken/);
  });
});

describe('spaces of a team', () => {
  it('who is not in the team is said to have to join it first, and is not added', async () => {
    const space = await spaceCalled(world, 'Field North');
    await newGroup(world, 'Northerners', ['anna.berg', 'daniel.kim', 'tomas.novak', 'raj.patel']);
    await follow(anna, 'Northerners to="Field North"');
    const card = await plan(anna, 'spaces sync "Field North"');
    expect(linesOf(card)).toEqual(expect.arrayContaining([
      'Tomáš Novák joins Field North', 'Priya Natarajan leaves Field North', 'Raj Patel: cannot join Field North yet: must be in its team first',
    ]));
    await approve(anna, card);
    expect(await membersOf(world, space)).toEqual(['anna.berg', 'daniel.kim', 'tomas.novak']);
  });

  it('trap 37: a space of a team that was deleted is archived, and nobody is added to or removed from it', async () => {
    const space = await spaceCalled(world, 'Field South');
    await newGroup(world, 'Southerners', ['anna.berg', 'ben.okoye']);
    await follow(anna, 'Southerners to="Field South"');
    expect((await anna.api('DELETE', `/rooms/${space}`)).status).toBe(204);
    await standsStill(space, 'Field South', /The space is archived, so its members cannot be changed/);
    expect(await membersOf(world, space)).toEqual(['anna.berg', 'tomas.novak']);
  });
});

describe('limits of additions and removals', () => {
  it('over the limit of removals a second administrator must approve, and whoever may is named', async () => {
    const staying = ['anna.berg', ...people(15)];
    const space = await followed(world, anna, 'Exodus', staying, [...staying, 'raj.patel', 'grace.hall', 'amy.adams', 'bob.nguyen', 'daniel.kim', 'olu.adeyemi']);
    // A read-only administrator may look, and so not approve either.
    await world.link(world.person('erik.lund'), 'spaces');
    const alone = await plan(anna, 'spaces sync Exodus');
    expect(shown(alone)).toMatch(/It removes 6 from Exodus, where 22 are now\. More than 5 in 24 hours need the approval of another person\..*another administrator with .*must write “account link” to the bot first/);
    expect(titlesOf(alone)).not.toContain('Approve');
    await anna.press(alone, 'Withdraw');
    await anna.hears(new RegExp(`Plan ${idOf(alone)} was withdrawn`));

    const ben = world.person('ben.okoye');
    await world.link(ben, 'spaces');
    const waiting = await plan(anna, 'spaces sync Exodus');
    expect(titlesOf(waiting)).toEqual(['Remind', 'Withdraw']);
    expect(shown(waiting)).toMatch(/Can be approved by: Ben Okoye/);
    expect(textOf(await answer(anna, `changes approve ${idOf(waiting)}`))).toMatch(/another person|Ben Okoye/);
    expect(await membersOf(world, space)).toHaveLength(22);

    const card = await ben.hears((message) => textOf(message).includes(idOf(waiting)) && titlesOf(message).includes('Approve'));
    await ben.press(card, 'Approve');
    expect(countsOf(await result(anna, idOf(waiting)))).toBe('Done: 6 done');
    expect(await membersOf(world, space)).toEqual(['anna.berg', ...people(15)]);
    expect((await world.requests('DELETE /v1/memberships')).map(({ owner }) => owner).filter((owner) => owner !== anna.email && owner !== 'steward@webex.bot')).toEqual([]);
  });

  it('what was removed in the last 24 hours counts', async () => {
    const leaving = ['raj.patel', 'grace.hall', 'amy.adams', 'bob.nguyen', 'daniel.kim', 'olu.adeyemi'];
    const space = await followed(world, anna, 'Salami', ['anna.berg', 'olu.adeyemi'], ['anna.berg', ...people(3), ...leaving], 'outside=keep');
    await world.control('POST', 'change', { groups: [{ name: 'Salami group', add: people(3).map(at) }] });
    expect(countsOf(await sync(anna, 'Salami'))).toBe('Done: 5 done');
    await world.control('POST', 'change', { groups: [{ name: 'Salami group', remove: [at('olu.adeyemi')] }] });
    const card = await plan(anna, 'spaces sync Salami');
    expect(shown(card)).toMatch(/It removes 1 \(with 5 of the last 24 hours\) from Salami, where 5 are now\. More than 5 in 24 hours/);
    expect(titlesOf(card)).not.toContain('Approve');
    expect(await membersOf(world, space)).toContain('olu.adeyemi');
  });

  it('over the limit of additions too', async () => {
    const space = await followed(world, anna, 'Flood', ['anna.berg', ...people(6)], ['anna.berg']);
    const card = await plan(anna, 'spaces sync Flood');
    expect(shown(card)).toMatch(/It adds 6 to Flood, where 1 is now\. More than 5 in 24 hours need the approval of another person/);
    expect(titlesOf(card)).not.toContain('Approve');
    expect(await membersOf(world, space)).toEqual(['anna.berg']);
  });
});

describe('rules that act as the bot', () => {
  it('read and write as the bot where its account is a member', async () => {
    const space = await followed(world, anna, 'Bot run', ['amy.adams'], ['anna.berg', 'raj.patel', 'steward@webex.bot'], 'as=bot');
    await world.mark();
    expect(countsOf(await sync(anna, '"Bot run"'))).toBe('Done: 2 done');
    const writes = (await world.requests('/v1/memberships')).filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method, owner }) => `${method} ${owner}`)).toEqual(['POST steward@webex.bot', 'DELETE steward@webex.bot']);
    expect(await membersOf(world, space)).toEqual(['amy.adams', 'anna.berg', 'steward@webex.bot']);
  });

  it('are not made where the bot is no member', async () => {
    await newSpace(world, 'Botless', ['anna.berg']);
    expect(textOf(await answer(anna, 'spaces link Sales to=Botless as=bot'))).toMatch(/the bot is not a member of it, so it cannot act there/);
  });

  it('open no space to an administrator who is not in it', async () => {
    const space = await followed(world, anna, 'Bot kept', ['amy.adams'], ['anna.berg', 'raj.patel', 'steward@webex.bot'], 'as=bot');
    const dora = world.person('dora.silva');
    await world.link(dora, 'spaces');
    for (const words of ['spaces preview "Bot kept"', 'spaces sync "Bot kept"']) {
      // Plans that wait for another administrator are shown to her as well, now that she has linked.
      const said = await dora.ask(words, /not followed now\. The account is not in the space/);
      expect(textOf(said)).not.toMatch(/Raj Patel|Amy Adams/);
    }
    // Anna made a plan, and leaves before it is approved.
    const card = await plan(anna, 'spaces sync "Bot kept"');
    await world.control('POST', 'change', { rooms: [{ id: space, remove: [at('anna.berg')] }] });
    const done = await approve(anna, card);
    expect(shown(done)).toMatch(/The account is not in Bot kept, so the bot does not change it for this account/);
    expect(await membersOf(world, space)).toEqual(['raj.patel', 'steward@webex.bot']);
  });
});
