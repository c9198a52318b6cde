import * as adminAudit from '../../../src/webex/rest/adminAudit.js';
import * as attachmentActions from '../../../src/webex/rest/attachmentActions.js';
import * as authorizations from '../../../src/webex/rest/authorizations.js';
import * as contents from '../../../src/webex/rest/contents.js';
import * as groups from '../../../src/webex/rest/groups.js';
import * as licenses from '../../../src/webex/rest/licenses.js';
import * as meetingPreferences from '../../../src/webex/rest/meetingPreferences.js';
import * as memberships from '../../../src/webex/rest/memberships.js';
import * as messages from '../../../src/webex/rest/messages.js';
import * as organizations from '../../../src/webex/rest/organizations.js';
import { all } from '../../../src/webex/rest/parse.js';
import * as people from '../../../src/webex/rest/people.js';
import * as roles from '../../../src/webex/rest/roles.js';
import * as rooms from '../../../src/webex/rest/rooms.js';
import * as webhooks from '../../../src/webex/rest/webhooks.js';
import { errorOf } from './error-of.js';
import { EU, startWorld, US, type World } from './world.js';

let world: World;
beforeEach(async () => { world = await startWorld(200); });
afterEach(() => world.stop());

const CARA = 'cara.olsen@acme.test';
/** The same person in another cluster's spelling. */
const otherSpelling = (id: string): string =>
  Buffer.from(Buffer.from(id, 'base64').toString().replace('ciscospark://us/', 'ciscospark://urn:TEAM:eu-central-1_k/')).toString('base64url');

describe('people', () => {
  it('are read: oneself, by id, all', async () => {
    const anna = world.as('anna.berg');
    const me = await people.me(anna);
    expect(me).toMatchObject({ emails: ['anna.berg@acme.test'], displayName: 'Anna Berg', type: 'person', loginEnabled: true, unreadable: [] });
    expect(me.roles).toHaveLength(1);
    expect(await people.get(anna, me.id)).toMatchObject({ id: me.id, roles: me.roles });
    expect(await all(people.list(anna, { max: 7 }))).toHaveLength(200);
  });

  it('trap 34: are found by an address in any case', async () => {
    const found = await people.byEmail(world.as('anna.berg'), ' Cara.OLSEN@Acme.Test ');
    expect(found?.id).toBe(world.idOf('cara.olsen'));
    expect(await people.byEmail(world.as('anna.berg'), 'nobody@acme.test')).toBeUndefined();
  });

  it('trap 22: are told apart by the person and not by how the id is spelt', async () => {
    const anna = world.as('anna.berg');
    const id = world.idOf('amy.adams');
    await world.seen();
    const result = await people.byIds(anna, [id, otherSpelling(id), world.idOf('bob.nguyen')]);
    expect(result.notFound).toEqual([]);
    expect(result.people.map(({ emails }) => emails[0]).sort()).toEqual(['amy.adams@acme.test', 'bob.nguyen@acme.test']);
  });

  it('are read by 85 ids at a time, and those that Webex does not give are named', async () => {
    const anna = world.as('anna.berg');
    const ids = (await all(people.list(anna))).map(({ id }) => id);
    const unknown = Buffer.from('ciscospark://us/PEOPLE/00000000-0000-4000-8000-000000000000').toString('base64url');
    await world.seen();
    const result = await people.byIds(anna, [...ids, unknown]);
    expect(result.people).toHaveLength(200);
    expect(result.notFound).toEqual([unknown]);
    expect((await world.seen()).map(({ query }) => query['id']?.split(',').length).sort()).toEqual([31, 85, 85]);
  });

  it('of other organizations than the own are not listed to somebody without a role', async () => {
    expect(await errorOf(all(people.list(world.as('amy.adams'))))).toMatchObject({ status: 400 });
  });
});

it('roles and organizations are read', async () => {
  const anna = world.as('anna.berg');
  const names = (await roles.list(anna)).map(({ name }) => name);
  expect(names).toContain('Full Administrator');
  const [acme] = await organizations.list(anna);
  expect(acme?.displayName).toBe('Acme');
  expect(await organizations.get(anna, acme?.id ?? '')).toEqual(acme);
});

it('trap 21: licenses are read with everybody who holds them', async () => {
  const anna = world.as('anna.berg');
  const list = await licenses.list(anna);
  const meeting = list.find(({ name, siteUrl }) => name.startsWith('Meeting') && siteUrl === US);
  expect(list).toHaveLength(18);
  const users = await all(licenses.users(anna, meeting?.id ?? ''));
  expect(users).toHaveLength(meeting?.consumedByUsers ?? -1);
  expect(users[0]).toMatchObject({ type: 'INTERNAL', email: expect.stringContaining('@acme.test') });
  expect((await licenses.get(anna, meeting?.id ?? '')).name).toBe(meeting?.name);
});

it('trap 21: groups are read with all members, and found by name in any case', async () => {
  const anna = world.as('anna.berg');
  const list = await groups.list(anna);
  const all_ = list.reduce((a, b) => ((a.memberSize ?? 0) > (b.memberSize ?? 0) ? a : b));
  expect(await groups.byName(anna, all_.displayName.toUpperCase())).toMatchObject([{ id: all_.id }]);
  expect(await groups.byName(anna, 'No such group')).toEqual([]);
  expect(await errorOf(groups.byName(anna, 'a" or displayName sw "'))).toMatchObject({ code: 'BAD_NAME' });
  const members = await all(groups.members(anna, all_.id));
  expect(members.length).toBeGreaterThan(100);
  expect(members).toHaveLength(all_.memberSize ?? -1);
  expect(await groups.get(anna, all_.id)).toMatchObject({ displayName: all_.displayName });
});

it('spaces and their members are read', async () => {
  const bot = world.as('bot');
  const list = await all(rooms.list(bot));
  expect(list.map(({ title }) => title)).toContain('IT Admins');
  const id = world.roomId('Webex Operations');
  expect(await rooms.get(bot, id)).toMatchObject({ title: 'Webex Operations', isLocked: true, isAnnouncementOnly: false, type: 'group', unreadable: [] });
  const members = await all(memberships.list(bot, id));
  expect(members).toHaveLength(7);
  const botId = world.emulator.accounts().bot.id;
  const own = await memberships.find(bot, id, otherSpelling(botId));
  expect(own).toMatchObject({ personId: botId, isModerator: false });
  expect(await memberships.get(bot, own?.id ?? '')).toMatchObject({ roomId: id });
  expect(await memberships.find(bot, id, world.idOf('cara.olsen'))).toBeUndefined();
});

describe('scheduling permission', () => {
  const host = { email: CARA, siteUrl: US };

  it('trap 26: is read and changed on the site that is named, not on the admin’s own', async () => {
    const anna = world.as('anna.berg');
    await world.seen();
    expect((await meetingPreferences.schedulingOptions(anna, host)).delegateEmails).toEqual(['amy.adams@acme.test']);
    await meetingPreferences.insertDelegates(anna, { ...host, siteUrl: EU }, ['juergen.mueller@acme.test']);
    expect((await meetingPreferences.schedulingOptions(anna, host)).delegateEmails).toEqual(['amy.adams@acme.test']);
    expect((await meetingPreferences.schedulingOptions(anna, { ...host, siteUrl: EU })).delegateEmails).toContain('juergen.mueller@acme.test');
    const asked = (await world.seen()).filter(({ path }) => path.includes('meetingPreferences'));
    expect(asked).toHaveLength(4);
    for (const { query } of asked) expect(query).toMatchObject({ userEmail: CARA, siteUrl: expect.stringMatching(/^acme/) });
  });

  it('trap 27: is changed by insert and delete, which leave the others and all other options alone', async () => {
    const anna = world.as('anna.berg');
    const before = await meetingPreferences.schedulingOptions(anna, host);
    await meetingPreferences.insertDelegates(anna, host, ['bob.nguyen@acme.test']);
    // Twice does no harm.
    await meetingPreferences.insertDelegates(anna, host, ['bob.nguyen@acme.test']);
    expect(await meetingPreferences.schedulingOptions(anna, host)).toEqual({ ...before, delegateEmails: ['amy.adams@acme.test', 'bob.nguyen@acme.test'] });
    const tracking = await meetingPreferences.deleteDelegates(anna, host, ['amy.adams@acme.test']);
    expect(tracking).toEqual(expect.any(String));
    expect(await meetingPreferences.schedulingOptions(anna, host)).toEqual({ ...before, delegateEmails: ['bob.nguyen@acme.test'] });
    expect((await world.seen()).filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('of others is refused to an admin who is not site admin, with Webex’s words', async () => {
    const error = await errorOf(meetingPreferences.schedulingOptions(world.as('carl.jensen'), host));
    expect(error).toMatchObject({ code: 'WEBEX_FORBIDDEN', status: 403, trackingId: expect.any(String) });
    expect(error.words).not.toBe('');
  });

  it('goes with the sites of a person', async () => {
    const sites = await meetingPreferences.sites(world.as('anna.berg'), CARA, { siteUrl: US });
    expect(sites).toEqual([{ siteUrl: US, isDefault: true }, { siteUrl: EU, isDefault: false }]);
  });
});

describe('messages', () => {
  it('are posted, read, edited, listed by thread and deleted', async () => {
    const bot = world.as('bot');
    const roomId = world.roomId('IT Admins');
    const root = await messages.create(bot, { to: { roomId }, markdown: '**Hello** Zoë' });
    const reply = await messages.create(bot, { to: { roomId }, parentId: root.id, text: 'in the thread' });
    expect(await messages.get(bot, reply.id)).toMatchObject({ text: 'in the thread', parentId: root.id, roomId });
    await messages.edit(bot, reply, { text: 'edited' });
    const thread = await all(messages.list(world.as('anna.berg'), { roomId, parentId: root.id }));
    expect(thread.map(({ text }) => text)).toEqual(['edited']);
    await messages.remove(bot, reply.id);
    expect(await errorOf(messages.get(bot, reply.id))).toMatchObject({ status: 404 });
  });

  it('carry a card with its text, or a file, and files are loaded again', async () => {
    const bot = world.as('bot');
    const to = { toPersonEmail: 'anna.berg@acme.test' };
    const card = { type: 'AdaptiveCard', version: '1.3', body: [{ type: 'TextBlock', text: 'Hi' }] };
    await messages.create(bot, { to, text: 'Hi', card });
    const content = Buffer.from('\ufeffhost,delegate\r\nä,b\r\n');
    const sent = await messages.create(bot, { to, text: 'Steps', file: { filename: 'steps ä (1).csv', contentType: 'text/csv', content } });
    const loaded = await contents.download(bot, world.clock, sent.files[0] ?? '', { maxBytes: 1000 });
    expect(loaded).toMatchObject({ name: 'steps ä (1).csv', bytes: content });
    expect(loaded.contentType).toContain('text/csv');
    expect(await errorOf(contents.download(bot, world.clock, sent.files[0] ?? '', { maxBytes: 5 }))).toMatchObject({ code: 'WEBEX_TOO_LARGE' });
    expect(await errorOf(contents.download(bot, world.clock, 'https://elsewhere.test/v1/contents/x', { maxBytes: 5 }))).toMatchObject({ code: 'WEBEX_UNEXPECTED' });
  });

  it('files that Webex still checks are waited for', async () => {
    const bot = world.as('bot');
    const sent = await messages.create(bot, { to: { toPersonEmail: 'anna.berg@acme.test' }, text: 'x', file: { filename: 'a.csv', contentType: 'text/csv', content: Buffer.from('a') } });
    await world.control('faults', { rules: [{ path: '/v1/contents/*', status: 423, headers: { 'Retry-After': '30' }, times: 2 }] });
    await world.seen();
    const statuses: number[] = [];
    const loaded: true[] = [];
    const loading = contents.download(bot, world.clock, sent.files[0] ?? '', { maxBytes: 10 }).finally(() => loaded.push(true));
    while (loaded.length === 0) {
      statuses.push(...(await world.seen()).map(({ status }) => status));
      world.clock.advance(30_000);
    }
    statuses.push(...(await world.seen()).map(({ status }) => status));
    expect(statuses).toEqual([423, 423, 200]);
    expect((await loading).bytes.toString()).toBe('a');
  });

  it('that cannot go out as asked for are a bug and are not sent', async () => {
    const bot = world.as('bot');
    const to = { roomId: world.roomId('IT Admins') };
    await world.seen();
    expect((await errorOf(messages.create(bot, { to, text: 'ä'.repeat(3720) }))).code).toBe('BUG');
    expect((await errorOf(messages.create(bot, { to, card: {} }))).code).toBe('BUG');
    expect((await errorOf(messages.create(bot, { to, text: 'x', card: {}, file: { filename: 'a', contentType: 'text/csv', content: Buffer.alloc(1) } }))).code).toBe('BUG');
    expect(await world.seen()).toEqual([]);
  });
});

describe('a long text', () => {
  it.each([
    ['between paragraphs', 'aaaa\n\nbbbb\n\ncccc', 11, ['aaaa\n\nbbbb', 'cccc']],
    ['between lines', 'aaaa\nbbbb\ncccc', 9, ['aaaa\nbbbb', 'cccc']],
    ['between words', 'aaaa bbbb cccc', 10, ['aaaa bbbb', 'cccc']],
    ['between characters, never inside one', '😀😀😀', 9, ['😀😀', '😀']],
    ['not at all when it fits', 'ää', 4, ['ää']],
    ['of nothing is one empty text', '', 4, ['']],
  ])('is cut %s', (_how, text, bytes, parts) => {
    expect(messages.split(text, bytes)).toEqual(parts);
  });

  it('loses no word and no part is too long', () => {
    const text = Array.from({ length: 3000 }, (_, n) => `${n}ü😀`).join(' ');
    const parts = messages.split(text);
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(messages.LONGEST_TEXT);
    expect(parts.join(' ')).toBe(text);
  });
});

it('the press of a card’s button is read', async () => {
  const bot = world.as('bot');
  const card = { type: 'AdaptiveCard', version: '1.3', body: [], actions: [{ type: 'Action.Submit', title: 'Go', data: {} }] };
  const { id } = await messages.create(bot, { to: { roomId: world.roomId('IT Admins') }, text: 'Go?', card });
  const pressed = await world.as('anna.berg').send<{ id: string }>({ method: 'POST', path: '/attachment/actions', lane: 'attachmentActions', body: { type: 'submit', messageId: id, inputs: { token: 't', all: 'a,b' } } });
  expect(await attachmentActions.get(bot, pressed.data.id)).toMatchObject({ messageId: id, personId: world.idOf('anna.berg'), inputs: { token: 't', all: 'a,b' } });
});

it('webhooks are made, listed, changed and deleted', async () => {
  const bot = world.as('bot');
  const draft = { name: 'steward', targetUrl: 'http://127.0.0.1:9/webhook', resource: 'messages', event: 'created', secret: 'a secret' };
  const { id } = await webhooks.create(bot, draft);
  expect(await webhooks.update(bot, id, { name: 'renamed', targetUrl: draft.targetUrl, secret: 'another', status: 'active' })).toMatchObject({ id, name: 'renamed', status: 'active' });
  expect((await webhooks.list(bot)).map((one) => one.name)).toEqual(['renamed']);
  await webhooks.remove(bot, id);
  expect(await webhooks.list(bot)).toEqual([]);
});

it('trap 32: the end of a token is given in milliseconds', async () => {
  const exp = await authorizations.tokenExpiry(world.as('anna.berg'));
  const days = ((exp ?? 0) - world.clock.now()) / 86_400_000;
  expect(days).toBeGreaterThan(13);
  expect(days).toBeLessThan(15);
});

it('what administrators did is read over pages', async () => {
  const anna = world.as('anna.berg');
  const hosts = ['victor.stone', 'kwame.mensah', 'xavier.darcy'];
  for (const local of hosts) await meetingPreferences.insertDelegates(anna, { email: `${local}@acme.test`, siteUrl: US }, ['daniel.kim@acme.test']);
  const me = await people.me(anna);
  const now = world.clock.now();
  const events = await all(adminAudit.list(anna, { orgId: me.orgId, from: new Date(now - 3_600_000).toISOString(), to: new Date(now + 1000).toISOString() }));
  expect(events.filter(({ data }) => data.eventDescription === 'Scheduling permission was changed')).toHaveLength(3);
  expect(events[0]?.data.actorEmail).toBe('anna.berg@acme.test');
});
