import { addMembership, addPerson } from '../../../src/emulator/state.js';
import { membershipId, publicId, stableUuid } from '../../../src/emulator/ids.js';
import { cast } from './messaging-support.js';
import { nextOf, startWire, type Json, type Wire } from './wire.js';

describe('spaces and their members', () => {
  let wire: Wire;
  let now: ReturnType<typeof cast>;
  beforeEach(async () => {
    wire = await startWire();
    now = cast(wire);
  });
  afterEach(() => wire.stop());

  it('lists only the spaces that one is in, sorted and by type', async () => {
    const anna = now.as('anna.berg');
    const all = (await anna('GET', '/rooms')).json.items;
    expect(all.map(({ title }: Json) => title)).toContain('Webex Operations');
    expect(all.map(({ title }: Json) => title)).not.toContain('Executive Office');
    const sorted = (await anna('GET', '/rooms?type=group&sortBy=lastactivity')).json.items;
    expect(sorted.map(({ lastActivity }: Json) => lastActivity)).toEqual([...sorted].map(({ lastActivity }: Json) => lastActivity).sort().reverse());
    expect((await anna('GET', '/rooms?type=direct')).json.items).toEqual([]);
    expect((await anna('GET', '/rooms?sortBy=size')).status).toBe(400);
  });

  it('makes, renames, locks and unlocks a space', async () => {
    const anna = now.as('anna.berg');
    const made = await anna('POST', '/rooms', { title: 'Migration', description: 'To the new site' });
    expect(made.status).toBe(200);
    expect(made.json).toMatchObject({ title: 'Migration', type: 'group', isLocked: false, isAnnouncementOnly: false, creatorId: now.idOf('anna.berg'), description: 'To the new site' });
    expect((await anna('POST', '/rooms', { title: ' ' })).status).toBe(400);
    expect((await anna('POST', '/rooms', { title: 'News', isAnnouncementOnly: true })).status).toBe(400);
    const locked = await anna('PUT', `/rooms/${made.json.id}`, { title: 'Migration 2', isLocked: true, isAnnouncementOnly: true, description: ' ' });
    expect(locked.json).toMatchObject({ title: 'Migration 2', isLocked: true, isAnnouncementOnly: true });
    expect(locked.json).not.toHaveProperty('description');
    const members = async (): Promise<Json[]> => (await anna('GET', `/memberships?roomId=${made.json.id}`)).json.items;
    expect((await members())[0].isModerator).toBe(true);
    await anna('PUT', `/rooms/${made.json.id}`, { title: 'Migration 2', isLocked: false });
    expect((await members())[0].isModerator).toBe(false);
  });

  it('lets somebody who is no moderator of a locked space only leave it', async () => {
    const room = now.roomOf('Webex Operations');
    const carl = now.as('carl.jensen');
    expect((await carl('PUT', `/rooms/${room}`, { title: 'Mine' })).status).toBe(403);
    expect((await carl('DELETE', `/rooms/${room}`)).status).toBe(204);
    expect((await carl('GET', `/rooms/${room}`)).status).toBe(404);
    expect((await now.as('anna.berg')('GET', `/rooms/${room}`)).status).toBe(200);
    expect((await now.as('anna.berg')('DELETE', `/rooms/${room}`)).status).toBe(204);
    expect((await now.as('anna.berg')('GET', `/rooms/${room}`)).status).toBe(404);
    expect((await now.as('anna.berg')('GET', `/memberships?roomId=${room}`)).status).toBe(404);
  });

  it('adds people once, and says what was wrong in Webex\'s words', async () => {
    const anna = now.as('anna.berg');
    const roomId = now.roomOf('IT Admins');
    const added = await anna('POST', '/memberships', { roomId, personEmail: 'ERIK.LUND@acme.test' });
    expect(added.status).toBe(200);
    expect(added.json).toMatchObject({ roomId, roomType: 'group', personEmail: 'erik.lund@acme.test', personId: now.idOf('erik.lund'), isModerator: false, isMonitor: false });
    const again = await anna('POST', '/memberships', { roomId, personId: now.idOf('erik.lund') });
    expect([again.status, again.json.message]).toEqual([409, 'Person is already in the room.']);
    const nobody = await anna('POST', '/memberships', { roomId });
    expect([nobody.status, nobody.json.message]).toEqual([400, 'Must specify either personId or personEmail.']);
    const nowhere = await anna('POST', '/memberships', { roomId: publicId('ROOM'), personEmail: 'erik.lund@acme.test' });
    expect([nowhere.status, nowhere.json.message]).toEqual([404, 'Could not find a room with provided ID.']);
    expect((await anna('POST', '/memberships', { roomId: now.roomOf('Executive Office'), personEmail: 'erik.lund@acme.test' })).status).toBe(404);
    expect((await anna('POST', '/memberships', { roomId, personEmail: 'gus.meyer@acme.test', isModerator: true })).status).toBe(400);
    expect((await anna('DELETE', `/memberships/${added.json.id}`)).status).toBe(204);
    expect((await anna('DELETE', `/memberships/${added.json.id}`)).status).toBe(404);
  });

  it('adds people of other organizations, and invites an address that nobody has', async () => {
    const anna = now.as('anna.berg');
    const roomId = now.roomOf('IT Admins');
    const outside = await anna('POST', '/memberships', { roomId, personEmail: 'sam.carter@globex.test' });
    expect(outside.json.personOrgId).not.toBe(wire.emulator.state.people.get(now.idOf('anna.berg'))?.orgId);
    const invited = await anna('POST', '/memberships', { roomId, personEmail: 'Typo@acme.test' });
    expect(invited.status).toBe(200);
    expect(invited.json.personEmail).toBe('typo@acme.test');
    expect(wire.emulator.state.people.get(invited.json.personId)?.invitePending).toBe(true);
  });

  it('lets only moderators change who is in a locked space', async () => {
    const roomId = now.roomOf('Webex Operations');
    const body = { roomId, personEmail: 'reception@acme.test' };
    expect((await now.as('carl.jensen')('POST', '/memberships', body)).status).toBe(403);
    expect((await now.asBot('POST', '/memberships', body)).status).toBe(403);
    const added = await now.as('ben.okoye')('POST', '/memberships', { ...body, isModerator: true });
    expect(added.json.isModerator).toBe(true);
    expect((await now.as('carl.jensen')('DELETE', `/memberships/${added.json.id}`)).status).toBe(403);
    expect((await now.as('carl.jensen')('PUT', `/memberships/${added.json.id}`, { isModerator: false })).status).toBe(403);
    expect((await now.as('ben.okoye')('PUT', `/memberships/${added.json.id}`, { isModerator: false, isRoomHidden: false })).json.isModerator).toBe(false);
    expect((await now.as('ben.okoye')('PUT', `/memberships/${added.json.id}`, {})).status).toBe(400);
    expect((await now.as('reception')('DELETE', `/memberships/${added.json.id}`)).status).toBe(204);
  });

  it('lists memberships: the caller\'s own, of a space, of one person in it', async () => {
    const anna = now.as('anna.berg');
    const own = (await anna('GET', '/memberships')).json.items;
    expect(new Set(own.map(({ personEmail }: Json) => personEmail))).toEqual(new Set(['anna.berg@acme.test']));
    const roomId = now.roomOf('IT Admins');
    expect((await anna('GET', `/memberships?roomId=${roomId}`)).json.items).toHaveLength(5);
    expect((await anna('GET', `/memberships?roomId=${roomId}&personEmail=ben.okoye@acme.test`)).json.items).toHaveLength(1);
    expect((await anna('GET', `/memberships?roomId=${roomId}&personEmail=gus.meyer@acme.test`)).json.items).toEqual([]);
    expect((await anna('GET', '/memberships?personEmail=ben.okoye@acme.test')).status).toBe(400);
    expect((await anna('GET', `/memberships/${own[0].id}`)).json).toEqual(own[0]);
  });

  it('pages members to the end, over an empty page in the middle of a very large space', async () => {
    const { state } = wire.emulator;
    const roomId = now.roomOf('IT Admins');
    const [anna] = [...state.people.values()];
    for (let index = 0; index < 1200; index += 1) {
      const id = publicId('PEOPLE', stableUuid(`extra ${index}`));
      addPerson(state, { ...anna!, id, emails: [`extra${index}@acme.test`], displayName: `Extra ${index}` });
      addMembership(state, { id: membershipId(id, roomId), roomId, personId: id, isModerator: false, isRoomHidden: false, created: state.clock.iso() });
    }
    const sizes: number[] = [];
    const seen = new Set<string>();
    for (let next: string | undefined = `/v1/memberships?roomId=${roomId}&max=500`; next !== undefined;) {
      const reply = await wire.call('GET', next, { token: wire.token('anna.berg') });
      sizes.push(reply.json.items.length);
      for (const { id } of reply.json.items) seen.add(id);
      next = nextOf(reply);
    }
    expect(sizes).toEqual([500, 0, 500, 205]);
    expect(seen.size).toBe(1205);
  });

  it('needs the scopes of the call, and shows a compliance officer what he may read', async () => {
    const { state } = wire.emulator;
    state.tokens.set('narrow', { ...state.tokens.get(wire.token('anna.berg'))!, token: 'narrow', scopes: ['spark:rooms_read'] });
    const narrow = async (method: string, path: string): Promise<number> => (await wire.call(method, `/v1${path}`, { token: 'narrow', body: method === 'GET' ? undefined : {} })).status;
    expect([await narrow('GET', '/rooms'), await narrow('GET', '/memberships'), await narrow('POST', '/rooms')]).toEqual([200, 403, 403]);
    const officer = [...state.people.values()].find(({ roles }) => roles.includes('Compliance Officer'))!;
    const asOfficer = now.as(officer.emails[0]!.split('@')[0]!);
    const foreign = [...state.rooms.values()].find((room) => !state.membersOfRoom.get(room.id)?.has(officer.id))!;
    expect((await asOfficer('GET', `/rooms/${foreign.id}`)).json.title).toBe(foreign.title);
    expect((await asOfficer('GET', `/messages?roomId=${foreign.id}`)).status).toBe(200);
    expect((await asOfficer('GET', '/memberships?personEmail=ben.okoye@acme.test')).json.items.length).toBeGreaterThan(1);
    expect((await asOfficer('DELETE', `/rooms/${foreign.id}`)).status).toBe(404);
    expect((await asOfficer('POST', '/messages', { roomId: foreign.id, text: 'Hello' })).status).toBe(404);
  });
});
