import { EVENTS, FREE, importing, MESSAGING, OLGA, PROFESSIONAL, SPACE_MEETINGS, STANDARD, startLicenses, US, US_MEETING, type Licenses } from '../support/licenses.js';
import { answer, approve, change, countsOf, linesOf, plan, shown, undo } from '../support/plans.js';
import { cardOf, textOf, titlesOf, type Person } from '../support/person.js';
import { advance, timed } from '../support/schedules.js';
import { at } from '../support/spaces.js';
import type { World } from '../support/world.js';

let world: World;
let anna: Person;
let licenses: Licenses;

const faults = (...rules: unknown[]): Promise<unknown> => world.control('POST', 'faults', { rules });

beforeAll(async () => { ({ world, anna, licenses } = await startLicenses()); });
afterAll(async () => { await world.stop(); });
beforeEach(async () => { await world.mark(); });

describe('only what is named', () => {
  it('trap 15: is written, by PATCH of what differs: what others give and take meanwhile stays, at apply and at undo', async () => {
    await licenses.give('amy.adams', [...FREE, MESSAGING]);
    const card = await plan(anna, `licenses assign ${at('amy.adams')} license="${SPACE_MEETINGS}"`);
    await licenses.give('amy.adams', [...FREE, EVENTS]);
    const result = await approve(anna, card);
    expect([await licenses.has('amy.adams', MESSAGING), await licenses.has('amy.adams', EVENTS), await licenses.has('amy.adams', SPACE_MEETINGS)]).toEqual([false, true, true]);
    await licenses.give('amy.adams', [...FREE, MESSAGING, SPACE_MEETINGS]);
    const before = await licenses.holding('amy.adams');
    await undo(anna, result);
    const { id } = await licenses.named(SPACE_MEETINGS);
    expect(await licenses.holding('amy.adams')).toEqual({ ...before, licenses: (before.licenses as string[]).filter((one) => one !== id) });
    expect((await world.requests('PUT ')).filter(({ path }) => path.startsWith('/v1/people'))).toEqual([]);
    expect((await licenses.sent('amy.adams')).flatMap((body: { licenses: { id: string; operation: string }[] }) => body.licenses)).toEqual([{ id, operation: 'add' }, { id, operation: 'remove' }]);
  });

  it('is not written again where somebody else has done it meanwhile, and then undo leaves it', async () => {
    await licenses.give('amy.adams', FREE);
    const card = await plan(anna, `licenses assign ${at('amy.adams')} license="${SPACE_MEETINGS}"`);
    await licenses.give('amy.adams', [...FREE, SPACE_MEETINGS]);
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Done: 1 already so');
    expect(titlesOf(result)).not.toContain('Undo');
    expect(await licenses.sent()).toEqual([]);
  });
});

describe('an answer that says nothing', () => {
  beforeEach(async () => { await licenses.give('amy.adams', FREE); });
  afterEach(async () => { await faults(); });

  it('trap 16: lost each time after the change was made, is no failure: the person is read, and what is shown counts', async () => {
    const card = await plan(anna, `licenses assign ${at('amy.adams')} license="${SPACE_MEETINGS}"`);
    await faults({ method: 'PATCH', path: '/licenses/users', drop: 'reply' });
    const result = await approve(anna, card);
    await faults();
    expect(countsOf(result)).toBe('Done: 1 done');
    expect(await licenses.has('amy.adams', SPACE_MEETINGS)).toBe(true);
    await undo(anna, result);
    expect(await licenses.has('amy.adams', SPACE_MEETINGS)).toBe(false);
  });

  it.each([502, 504])('%i before anything was done is followed by a second try', async (status) => {
    const card = await plan(anna, `licenses assign ${at('amy.adams')} license="${SPACE_MEETINGS}"`);
    await faults({ method: 'PATCH', path: '/licenses/users', status, times: 1 });
    expect(countsOf(await approve(anna, card))).toBe('Done: 1 done');
    expect(await licenses.sent()).toHaveLength(2);
    expect(await licenses.has('amy.adams', SPACE_MEETINGS)).toBe(true);
  });
});

describe('people', () => {
  it('trap 36: are read one by one or as the whole list, never by lists of ids, which have no licenses', async () => {
    await licenses.give('amy.adams', [...FREE, SPACE_MEETINGS]);
    await licenses.give('raj.patel', FREE);
    const card = await plan(anna, `licenses assign ${at('amy.adams')},${at('raj.patel')} license="${SPACE_MEETINGS}"`);
    expect(linesOf(card)).toEqual(expect.arrayContaining([`Amy Adams: already has ${SPACE_MEETINGS}`, `Raj Patel gets ${SPACE_MEETINGS}`]));
    expect((await world.requests('GET /v1/people')).filter(({ query }) => 'id' in query)).toEqual([]);
  });

  it('whose licenses Webex does not show are not taken for people without licenses', async () => {
    const { id } = await licenses.person('raj.patel');
    await faults({ method: 'GET', path: `/people/${id}`, status: 200, body: { id, emails: [at('raj.patel')], displayName: 'Raj Patel', orgId: '' } });
    const refused = await answer(anna, `licenses assign ${at('raj.patel')} license="${SPACE_MEETINGS}"`);
    await faults();
    expect(textOf(refused)).toContain('could not be read, so nothing is planned');
    expect(titlesOf(refused)).not.toContain('Approve');
  });
});

describe('sites', () => {
  it('trap 18: an attendee becomes host in one call that ends being attendee; undo makes an attendee again', async () => {
    const before = await licenses.holding('ines.goncalves');
    expect(before.sites).toEqual([`${US} attendee`]);
    const result = await change(anna, `licenses assign ${at('ines.goncalves')} license="${US_MEETING}"`);
    const { id } = await licenses.named(US_MEETING);
    expect(await licenses.sent()).toEqual([{
      personId: (await licenses.person('ines.goncalves')).id, licenses: [{ id, operation: 'add' }], siteUrls: [{ siteUrl: US, accountType: 'attendee', operation: 'remove' }],
    }]);
    expect((await licenses.holding('ines.goncalves')).sites).toEqual([`${US} host`]);
    await undo(anna, result);
    expect(await licenses.holding('ines.goncalves')).toEqual(before);
  });

  it('a host becomes attendee in one call, with what goes said before; undo makes a host again', async () => {
    const before = await licenses.holding('victor.stone');
    const card = await plan(anna, ...importing([`${at('victor.stone')},${US_MEETING},remove,,,,`, `${at('victor.stone')},,add,,,,${US}`]));
    expect(shown(card)).toMatch(/Victor Stone on acme\.webex\.com: with the last license of a site, scheduling permissions and site administration there may go\. Undo gives back the license, not these\./);
    const result = await approve(anna, card);
    expect(await licenses.sent()).toHaveLength(1);
    expect((await licenses.holding('victor.stone')).sites).toContain(`${US} attendee`);
    await undo(anna, result);
    expect(await licenses.holding('victor.stone')).toEqual(before);
  });
});

describe('calling', () => {
  it('undo gives back number, extension and location, until somebody else has them', async () => {
    const before = await licenses.holding('xavier.darcy');
    expect(before.calling).toEqual({ extension: expect.any(String), locationId: expect.any(String), phoneNumber: expect.any(String) });
    const result = await change(anna, `licenses remove ${at('xavier.darcy')} license="${PROFESSIONAL}"`);
    expect((await licenses.holding('xavier.darcy')).calling).toBeUndefined();
    const again = await undo(anna, await undo(anna, await undo(anna, result)));
    expect(countsOf(again)).toBe('Done: 1 done');
    expect(await licenses.holding('xavier.darcy')).toEqual(before);
  });

  it('an extension that somebody else got meanwhile cannot come back: the undo fails and says so', async () => {
    await licenses.give('amy.adams', FREE);
    const { calling } = await licenses.person('ben.okoye');
    const removed = await change(anna, `licenses remove ${at('ben.okoye')} license="${PROFESSIONAL}"`);
    const given = await change(anna, `licenses assign ${at('amy.adams')} license="${STANDARD}" extension=${calling?.extension ?? ''} location="New York"`);
    expect(countsOf(given)).toBe('Done: 1 done');
    const failed = await undo(anna, removed);
    expect(countsOf(failed)).toBe('Finished: 1 failed');
    expect(shown(failed)).toMatch(/Webex did not give .*Professional.*the number or extension belongs to somebody else/);
    await undo(anna, given);
    await undo(anna, removed);
    expect((await licenses.person('ben.okoye')).calling).toEqual(calling);
  });

  it('Standard for Professional cannot be taken back, and both the plan and the undo say so', async () => {
    const card = await plan(anna, `licenses move ${at('gus.meyer')} from="${STANDARD}" to="${PROFESSIONAL}"`);
    expect(shown(card)).toContain('Gus Meyer: Webex does not change this back to Calling Standard, so undo cannot either.');
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Done: 1 done');
    const known = await anna.messages();
    await anna.press(result, 'Undo');
    const refused = await anna.hears((message) => !known.some(({ id }) => id === message.id));
    expect(shown(refused)).toContain(`Webex does not change ${PROFESSIONAL} back to ${STANDARD}`);
    expect(titlesOf(refused)).not.toContain('Approve');
    expect(await licenses.has('gus.meyer', PROFESSIONAL)).toBe(true);
  });
});

describe('somebody of another organization', () => {
  it('has it pending until it is accepted; then it is held, shown among the users, and can be taken back', async () => {
    const before = await licenses.holding(OLGA);
    const { id } = await licenses.named(US_MEETING);
    const result = await change(anna, `licenses assign ${OLGA} license="${US_MEETING}" outside=yes`);
    expect(countsOf(result)).toBe('Done: 1 done');
    expect(await licenses.holding(OLGA)).toMatchObject({ licenses: before.licenses, pendingLicenses: [id] });
    expect(shown(await answer(anna, `licenses users ${id}`))).not.toContain('Olga Petrov');

    await world.control('POST', 'change', { people: [{ email: OLGA, accept: true }] });
    expect(await licenses.holding(OLGA)).toMatchObject({ pendingLicenses: [], sites: expect.arrayContaining([`${US} host`]) });
    expect(shown(await answer(anna, `licenses users ${id}`))).toContain('Olga Petrov');
    const again = await answer(anna, `licenses assign ${OLGA} license="${US_MEETING}" outside=yes`);
    expect(shown(again)).toContain(`already has ${US_MEETING}`);
    expect(titlesOf(again)).not.toContain('Approve');

    await undo(anna, result);
    expect(await licenses.holding(OLGA)).toEqual(before);
  });
});

describe('templates', () => {
  it('stand for their licenses in a file, with or without quotation marks, in one call per person', async () => {
    await licenses.give('amy.adams', FREE);
    await licenses.give('raj.patel', FREE);
    expect((await answer(anna, `licenses template "New starter, Berlin" license="${SPACE_MEETINGS}","${EVENTS}"`)).text).toContain('is kept');
    const card = await plan(anna, ...importing([`${at('amy.adams')},"template:""New starter, Berlin""",add,,,,`, `${at('raj.patel')},"template:new starter, berlin",,,,,`, `${at('zoe.kraus')},template:Nothing,add,,,,`]));
    expect(shown(card)).toContain('1 row could not be used and comes back as fix-these.csv.');
    expect(countsOf(await approve(anna, card))).toBe('Done: 2 done');
    for (const who of ['amy.adams', 'raj.patel']) {
      expect([await licenses.has(who, SPACE_MEETINGS), await licenses.has(who, EVENTS)]).toEqual([true, true]);
      expect(await licenses.sent(who)).toHaveLength(1);
    }
  });
});

timed('for a time', () => {
  it('a license is taken back by itself, and what was given besides stays', async () => {
    await licenses.give('amy.adams', FREE);
    const card = await plan(anna, `licenses assign ${at('amy.adams')} license="${STANDARD}" extension=4760 location=Berlin until=2d`);
    expect(JSON.stringify(cardOf(card))).toContain('what it changes is taken back then');
    await approve(anna, card);
    expect((await licenses.person('amy.adams')).calling).toMatchObject({ extension: '4760' });
    const { id } = await licenses.named(STANDARD);
    await licenses.give('amy.adams', [...FREE, id, EVENTS]);
    await advance(world, '49h');
    await anna.hears(/End of Assign .*taken back/);
    expect([await licenses.has('amy.adams', STANDARD), await licenses.has('amy.adams', EVENTS)]).toEqual([false, true]);
    expect((await licenses.person('amy.adams')).calling).toBeUndefined();
  });

  it('a license that was taken comes back by itself, with number, extension and location', async () => {
    const before = await licenses.holding('xavier.darcy');
    await change(anna, `licenses remove ${at('xavier.darcy')} license="${PROFESSIONAL}" until=2d`);
    expect((await licenses.holding('xavier.darcy')).calling).toBeUndefined();
    await advance(world, '49h');
    await anna.hears(/End of Remove /);
    expect(await licenses.holding('xavier.darcy')).toEqual(before);
  });
});
