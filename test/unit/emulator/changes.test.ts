import { cast, startReceiver } from './messaging-support.js';
import { startWire, type Json, type Reply, type Wire } from './wire.js';

let wire: Wire;
let now: ReturnType<typeof cast>;
let anna: ReturnType<typeof now.as>;
beforeEach(async () => {
  wire = await startWire();
  now = cast(wire);
  anna = now.as('anna.berg');
});
afterEach(() => wire.stop());

const change = (body: unknown): Promise<Reply> => wire.call('POST', '/_emulator/change', { body });
const groupsCalled = async (name: string): Promise<Json[]> => (await anna('GET', `/groups?includeMembers=true&filter=${encodeURIComponent(`displayName eq "${name}"`)}`)).json.groups;
const memberNames = (group: Json): string[] => group.members.map(({ displayName }: Json) => displayName);

describe('groups written by an administrator', () => {
  it('are made, changed, emptied and deleted', async () => {
    const made = await anna('POST', '/groups', { displayName: 'Pilots', description: 'First', members: [{ id: now.idOf('amy.adams') }] });
    expect([made.status, made.json.memberSize, made.json.members[0]]).toEqual([201, 1, { id: now.idOf('amy.adams'), type: 'user', displayName: 'Amy Adams' }]);
    const path = `/groups/${made.json.id}`;
    const [phoenix] = await groupsCalled('Project Phoenix');
    const machine = phoenix.members.find(({ type }: Json) => type === 'machine');
    const patched = await anna('PATCH', path, { displayName: 'Pilots 2', members: [
      { id: now.idOf('amy.adams'), operation: 'delete' }, { id: now.idOf('bob.nguyen'), operation: 'add' }, { id: now.idOf('bob.nguyen'), operation: 'add' },
      { id: machine.id, operation: 'add' }, { id: phoenix.id, operation: 'add' },
    ] });
    expect(patched.status).toBe(200);
    expect(patched.json).toMatchObject({ displayName: 'Pilots 2', description: 'First', memberSize: 3 });
    expect(patched.json.members.map(({ type }: Json) => type)).toEqual(['user', 'machine', 'group']);
    expect((await anna('PATCH', path, { purgeAllValues: { attributes: ['members'] }, members: [{ id: now.idOf('amy.adams'), operation: 'add' }] })).json.memberSize).toBe(1);
    expect((await anna('PATCH', path, { purgeAllValues: { attributes: ['members'] } })).json.memberSize).toBe(0);
    expect((await anna('DELETE', path)).status).toBe(204);
    expect((await anna('GET', path)).status).toBe(404);
    expect(wire.emulator.state.audit.map(({ data }) => data.eventDescription)).toEqual(['A group was created', ...Array(3).fill('A group was changed'), 'A group was deleted']);
  });

  it('are not changed by what is wrong in part, nor by who may only read', async () => {
    const [sales] = await groupsCalled('Sales');
    const path = `/groups/${sales.id}`;
    const amy = { id: now.idOf('amy.adams'), operation: 'add' };
    for (const members of [[amy, { id: 'nobody', operation: 'add' }], [{ id: amy.id }], [{ ...amy, operation: 'replace' }], [{ id: sales.id, operation: 'add' }], 'all']) {
      expect((await anna('PATCH', path, { members })).status).toBe(400);
    }
    expect((await anna('PATCH', path, { purgeAllValues: { attributes: ['displayName'] } })).status).toBe(400);
    expect((await anna('POST', '/groups', { members: [] })).status).toBe(400);
    expect((await anna('POST', '/groups', { displayName: 'X', orgId: 'other' })).status).toBe(403);
    expect((await now.as('erik.lund')('PATCH', path, { members: [amy] })).status).toBe(403);
    expect((await now.as('dora.silva')('PATCH', path, { members: [{ ...amy, operation: 'delete' }] })).status).toBe(200);
    expect(memberNames((await groupsCalled('Sales'))[0])).toEqual(memberNames(sales));
  });
});

describe('a change of groups by somebody else', () => {
  it('makes, fills and deletes one; of two with one name the id chooses', async () => {
    const made = await change({ groups: [{ name: 'Night Shift', create: true, add: ['amy.adams@acme.test'], addMachines: ['scanner'] }] });
    expect(made.json).toEqual({ groups: [expect.any(String)], rooms: [] });
    expect((await anna('GET', `/groups/${made.json.groups[0]}?includeMembers=true`)).json.members.map(({ type }: Json) => type)).toEqual(['user', 'machine']);
    expect((await change({ groups: [{ name: 'Night Shift', delete: true }] })).status).toBe(200);
    expect(await groupsCalled('Night Shift')).toEqual([]);
    const [first, second] = await groupsCalled('Berlin Office');
    const ambiguous = await change({ groups: [{ name: 'Berlin Office', add: ['amy.adams@acme.test'] }] });
    expect([ambiguous.status, ambiguous.json.message]).toEqual([400, '2 are called Berlin Office: give the id.']);
    await change({ groups: [{ id: second.id, add: ['amy.adams@acme.test'], remove: ['yusuf.oeztuerk@acme.test'] }] });
    expect((await groupsCalled('Berlin Office')).map(memberNames)).toEqual([memberNames(first), ['Łukasz Wójcik', 'Amy Adams']]);
  });
});

describe('a change of spaces by somebody else', () => {
  it('makes, locks, hands over and deletes one; of two with one title the id chooses', async () => {
    const globex = [...wire.emulator.state.organizations.values()].find(({ displayName }) => displayName === 'Globex')?.id;
    const made = await change({ rooms: [{ title: 'Partners', create: true, creator: 'anna.berg@acme.test', isLocked: true, isAnnouncementOnly: true, ownerId: globex, add: ['olga.petrov@globex.test'] }] });
    const [id] = made.json.rooms;
    expect((await anna('GET', `/rooms/${id}`)).json).toMatchObject({ title: 'Partners', isLocked: true, isAnnouncementOnly: true, ownerId: globex });
    expect((await anna('GET', `/memberships?roomId=${id}`)).json.items.map(({ isModerator }: Json) => isModerator)).toEqual([true, false]);
    expect((await change({ rooms: [{ id, isLocked: false }] })).status).toBe(400);
    await change({ rooms: [{ id, delete: true }] });
    expect((await anna('GET', `/rooms/${id}`)).status).toBe(404);
    expect((await change({ rooms: [{ title: 'Onboarding', isLocked: true }] })).status).toBe(400);
    const onboarding = [...wire.emulator.state.rooms.values()].filter(({ title }) => title === 'Onboarding');
    await change({ rooms: [{ id: onboarding[1]?.id, isLocked: true }] });
    expect(onboarding.map(({ isLocked }) => isLocked)).toEqual([false, true]);
    const own = (await anna('GET', `/memberships?roomId=${onboarding[1]?.id ?? ''}&personEmail=anna.berg@acme.test`)).json.items[0];
    expect(own.isModerator).toBe(false);
  });

  it('reaches a team\'s spaces by way of the team, and leaves it a moderator', async () => {
    await change({ rooms: [{ title: 'Field North', add: ['erik.lund@acme.test'] }] });
    const titles = async (): Promise<string[]> => (await now.as('erik.lund')('GET', '/rooms')).json.items.map(({ title }: Json) => title);
    expect(await titles()).toEqual(expect.arrayContaining(['Field', 'Field North']));
    await change({ rooms: [{ title: 'Field', remove: ['erik.lund@acme.test'] }] });
    expect((await titles()).filter((title) => title.startsWith('Field'))).toEqual([]);
    expect((await change({ rooms: [{ title: 'Field', remove: ['anna.berg@acme.test'] }] })).status).toBe(400);
    expect((await change({ rooms: [{ title: 'Field', delete: true }] })).status).toBe(400);
    await change({ rooms: [{ title: 'Field North', delete: true }] });
    expect((await anna('GET', `/rooms/${now.roomOf('Field North')}`)).json.isReadOnly).toBe(true);
  });

  it('moves one to another region: new ids, told as migrated, nothing lost', async () => {
    const receiver = await startReceiver();
    const old = now.roomOf('IT Admins');
    await now.asBot('POST', '/webhooks', { name: 'rooms', targetUrl: receiver.url, resource: 'rooms', event: 'migrated' });
    const before = (await anna('GET', `/memberships?roomId=${old}`)).json.items;
    const [id] = (await change({ rooms: [{ title: 'IT Admins', migrate: true }] })).json.rooms;
    const { json } = await receiver.until(() => true);
    expect(json).toMatchObject({ resource: 'rooms', event: 'migrated', data: { id, type: 'group' } });
    await receiver.stop();
    expect(id).not.toBe(old);
    expect([(await anna('GET', `/rooms/${old}`)).status, (await anna('GET', `/memberships?roomId=${old}`)).status, (await anna('GET', `/memberships/${before[0].id}`)).status]).toEqual([404, 404, 404]);
    const after = (await anna('GET', `/memberships?roomId=${id}`)).json.items;
    expect(after.map(({ personId }: Json) => personId)).toEqual(before.map(({ personId }: Json) => personId));
    const messages = (await anna('GET', `/messages?roomId=${id}`)).json.items;
    expect(messages.map(({ roomId }: Json) => roomId)).toEqual([id, id]);
    expect((await anna('GET', `/messages/${messages[0].id}`)).json.roomId).toBe(id);
    expect((await anna('DELETE', `/memberships/${after[1].id}`)).status).toBe(204);
  });
});

describe('faults', () => {
  it('hit by what the query says: the second page fails, the first does not', async () => {
    const [sales] = await groupsCalled('Sales');
    await wire.call('POST', '/_emulator/faults', { body: { rules: [
      { path: '/groups/*/members', query: { startIndex: '3' }, status: 503 }, { path: '/memberships', query: { cursor: '*' }, status: 502 },
    ] } });
    const members = async (start: number): Promise<number> => (await anna('GET', `/groups/${sales.id}/members?count=2&startIndex=${start}`)).status;
    expect([await members(1), await members(3), await members(5)]).toEqual([200, 503, 200]);
    const first = await anna('GET', `/memberships?roomId=${now.roomOf('IT Admins')}&max=2`);
    expect(first.status).toBe(200);
    const next = /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect((await wire.call('GET', next, { token: wire.token('anna.berg') })).status).toBe(502);
  });
});
