import { cast } from './messaging-support.js';
import { nextOf, startWire, type Json, type Reply, type Wire } from './wire.js';

let wire: Wire;
let now: ReturnType<typeof cast>;
let anna: ReturnType<typeof now.as>;
beforeEach(async () => {
  wire = await startWire();
  now = cast(wire);
  anna = now.as('anna.berg');
});
afterEach(() => wire.stop());

const field = async (): Promise<Json> => (await anna('GET', '/teams')).json.items[0];
const titles = async (local: string): Promise<string[]> => (await now.as(local)('GET', '/rooms')).json.items.map(({ title }: Json) => title);
const names = (reply: Reply): string[] => reply.json.items.map(({ personDisplayName }: Json) => personDisplayName);
const teamMembership = async (local: string): Promise<Json> =>
  (await anna('GET', `/team/memberships?teamId=${(await field()).id}`)).json.items.find(({ personEmail }: Json) => personEmail === `${local}@acme.test`);
const membership = async (title: string, local: string, as = 'anna.berg'): Promise<Json> =>
  (await now.as(as)('GET', `/memberships?roomId=${now.roomOf(title)}&personEmail=${encodeURIComponent(`${local}@acme.test`)}`)).json.items[0];
const told = (reply: Reply): [number, string] => [reply.status, reply.json.message];

describe('teams', () => {
  it('are those that one is in, and are changed by their moderators only', async () => {
    const team = await field();
    expect(team).toEqual({ id: expect.any(String), name: 'Field', description: expect.any(String), created: expect.any(String) });
    expect((await now.as('carl.jensen')('GET', '/teams')).json.items).toEqual([]);
    expect(told(await now.as('carl.jensen')('GET', `/teams/${team.id}`))).toEqual([404, 'Could not find a team with provided ID.']);
    const ben = now.as('ben.okoye');
    expect((await ben('GET', `/teams/${team.id}`)).json).toEqual(team);
    expect([(await ben('PUT', `/teams/${team.id}`, { name: 'Mine' })).status, (await ben('DELETE', `/teams/${team.id}`)).status]).toEqual([403, 403]);
    expect(told(await anna('PUT', `/teams/${team.id}`, { description: 'x' }))).toEqual([400, 'name cannot be empty']);
    const changed = await anna('PUT', `/teams/${team.id}`, { name: 'Field Force', description: ' ' });
    expect(changed.json).toEqual({ id: team.id, name: 'Field Force', created: team.created });
    expect(await titles('ben.okoye')).toContain('Field Force');
  });

  it('made new have a General space, whose people are the team\'s', async () => {
    const team = (await anna('POST', '/teams', { name: 'Pilot' })).json;
    const [general] = (await anna('GET', `/rooms?teamId=${team.id}`)).json.items;
    expect(general).toMatchObject({ title: 'Pilot', teamId: team.id, isLocked: true, isReadOnly: false });
    const added = await anna('POST', '/team/memberships', { teamId: team.id, personId: now.idOf('erik.lund'), isModerator: true });
    expect(added.json).toMatchObject({ teamId: team.id, personEmail: 'erik.lund@acme.test', isModerator: true });
    expect(await membership('Pilot', 'erik.lund')).toMatchObject({ isModerator: true });
    await anna('PUT', `/team/memberships/${added.json.id}`, { isModerator: false });
    expect(await membership('Pilot', 'erik.lund')).toMatchObject({ isModerator: false });
    expect((await anna('DELETE', `/team/memberships/${added.json.id}`)).status).toBe(204);
    expect(await titles('erik.lund')).not.toContain('Pilot');
    expect((await anna('DELETE', `/teams/${team.id}`)).status).toBe(204);
    expect([(await anna('GET', `/teams/${team.id}`)).status, (await anna('GET', `/rooms/${general.id}`)).status]).toEqual([404, 404]);
  });

  it('page their members, take nobody twice, and say what was wrong', async () => {
    const { id } = await field();
    const first = await wire.call('GET', `/v1/team/memberships?teamId=${id}&max=4`, { token: wire.token('anna.berg') });
    const second = await wire.call('GET', nextOf(first) ?? '', { token: wire.token('anna.berg') });
    expect([first.json.items.length, second.json.items.length, nextOf(second)]).toEqual([4, 2, undefined]);
    expect((await anna('GET', '/team/memberships')).status).toBe(400);
    expect(told(await anna('POST', '/team/memberships', { teamId: id, personEmail: 'BEN.okoye@acme.test' }))).toEqual([409, 'Person is already in the team.']);
    expect((await anna('POST', '/team/memberships', { teamId: id })).status).toBe(400);
    expect((await now.as('ben.okoye')('POST', '/team/memberships', { teamId: id, personEmail: 'erik.lund@acme.test' })).status).toBe(403);
    expect((await now.as('erik.lund')('POST', '/team/memberships', { teamId: id, personEmail: 'erik.lund@acme.test' })).status).toBe(404);
    const ben = await teamMembership('ben.okoye');
    expect((await anna('GET', `/team/memberships/${ben.id}`)).json).toEqual(ben);
    expect((await now.as('erik.lund')('GET', `/team/memberships/${ben.id}`)).status).toBe(404);
    expect((await now.as('priya.natarajan')('DELETE', `/team/memberships/${ben.id}`)).status).toBe(403);
    expect((await anna('PUT', `/team/memberships/${ben.id}`, {})).status).toBe(400);
  });

  it('lose somebody from all their spaces, but never their last moderator', async () => {
    const daniel = await teamMembership('daniel.kim');
    expect(await titles('daniel.kim')).toEqual(expect.arrayContaining(['Field', 'Field North', 'Field Leads']));
    expect((await now.as('daniel.kim')('DELETE', `/team/memberships/${daniel.id}`)).status).toBe(204);
    expect((await titles('daniel.kim')).filter((title) => title.startsWith('Field'))).toEqual([]);
    expect((await anna('DELETE', `/team/memberships/${daniel.id}`)).status).toBe(404);

    const last = [400, 'The last moderator of a team cannot be removed: promote another user to team moderator first.'];
    const own = await teamMembership('anna.berg');
    const inGeneral = await membership('Field', 'anna.berg');
    expect(told(await anna('DELETE', `/team/memberships/${own.id}`))).toEqual(last);
    expect(told(await anna('PUT', `/team/memberships/${own.id}`, { isModerator: false }))).toEqual(last);
    expect(told(await anna('DELETE', `/memberships/${inGeneral.id}`))).toEqual(last);
    expect(told(await anna('PUT', `/memberships/${inGeneral.id}`, { isModerator: false }))).toEqual(last);
    const ben = await membership('Field', 'ben.okoye');
    expect((await anna('PUT', `/memberships/${ben.id}`, { isModerator: true })).status).toBe(200);
    expect(await teamMembership('ben.okoye')).toMatchObject({ isModerator: true });
    expect((await now.as('ben.okoye')('DELETE', `/memberships/${inGeneral.id}`)).status).toBe(204);
    expect((await titles('anna.berg')).filter((title) => title.startsWith('Field'))).toEqual([]);
    expect((await anna('GET', `/teams/${own.teamId}`)).status).toBe(404);
  });
});

describe('a team\'s spaces', () => {
  it('take only people of the team', async () => {
    const roomId = now.roomOf('Field North');
    const outside = [403, 'Person must be a member of the team to be added to a room of the team.'];
    expect(told(await anna('POST', '/memberships', { roomId, personEmail: 'erik.lund@acme.test' }))).toEqual(outside);
    expect(told(await anna('POST', '/memberships', { roomId, personEmail: 'typo@acme.test' }))).toEqual(outside);
    expect(told(await anna('POST', '/memberships', { roomId: now.roomOf('Field'), personEmail: 'erik.lund@acme.test' }))).toEqual(outside);
    expect((await anna('POST', '/memberships', { roomId, personEmail: 'daniel.kim@acme.test' })).status).toBe(409);
    expect((await anna('POST', '/memberships', { roomId, personEmail: 'tomas.novak@acme.test' })).status).toBe(200);
    const removed = await membership('Field North', 'tomas.novak');
    expect((await anna('DELETE', `/memberships/${removed.id}`)).status).toBe(204);
    expect((await anna('DELETE', `/memberships/${removed.id}`)).status).toBe(404);
    expect(await teamMembership('tomas.novak')).toMatchObject({ isModerator: false });
  });

  it('are made in a team, or moved under one when all moderators are in it', async () => {
    const { id: teamId } = await field();
    expect((await anna('POST', '/rooms', { title: 'Field East', teamId })).json).toMatchObject({ teamId, isReadOnly: false });
    expect((await now.as('erik.lund')('POST', '/rooms', { title: 'Mine', teamId })).status).toBe(404);
    const other = (await anna('POST', '/teams', { name: 'Pilot' })).json.id;
    expect((await anna('PUT', `/rooms/${now.roomOf('Field North')}`, { title: 'Field North', teamId: other })).status).toBe(400);
    const operations = now.roomOf('Webex Operations');
    expect((await anna('PUT', `/rooms/${operations}`, { title: 'Webex Operations', teamId: other })).status).toBe(400);
    expect((await anna('PUT', `/rooms/${operations}`, { title: 'Webex Operations', teamId })).json).toMatchObject({ teamId });
    expect((await anna('PUT', `/rooms/${operations}`, { title: 'Operations' })).json).toMatchObject({ teamId, title: 'Operations' });
    expect((await anna('GET', '/rooms?teamId=nothing')).status).toBe(404);
  });

  it('show somebody who is only in the team no more than the moderators, and no messages', async () => {
    const leads = now.roomOf('Field Leads');
    expect(await titles('anna.berg')).not.toContain('Field Leads');
    expect((await anna('GET', `/rooms/${leads}`)).json.title).toBe('Field Leads');
    expect(names(await anna('GET', `/memberships?roomId=${leads}`))).toEqual(["Sinéad O'Connor"]);
    expect(await membership('Field Leads', 'daniel.kim')).toBeUndefined();
    expect((await anna('GET', `/messages?roomId=${leads}`)).status).toBe(404);
    expect((await anna('POST', '/memberships', { roomId: leads, personEmail: 'ben.okoye@acme.test' })).status).toBe(404);
    const hidden = await membership('Field Leads', 'daniel.kim', 'daniel.kim');
    expect((await anna('GET', `/memberships/${hidden.id}`)).status).toBe(404);
    expect(names(await now.as('daniel.kim')('GET', `/memberships?roomId=${leads}`))).toHaveLength(3);
    expect(names(await now.as('ben.okoye')('GET', `/memberships?roomId=${now.roomOf('Field North')}`))).toHaveLength(3);
    expect((await now.as('erik.lund')('GET', `/memberships?roomId=${leads}`)).status).toBe(404);
  });

  it('are archived by who may delete them, left by who may not, and take nothing any more', async () => {
    const south = now.roomOf('Field South');
    expect((await now.as('tomas.novak')('DELETE', `/rooms/${south}`)).status).toBe(204);
    expect(names(await anna('GET', `/memberships?roomId=${south}`))).toEqual(['Anna Berg']);
    expect((await anna('POST', '/memberships', { roomId: south, personEmail: 'tomas.novak@acme.test' })).status).toBe(200);
    const tomas = await membership('Field South', 'tomas.novak');
    expect((await anna('DELETE', `/rooms/${south}`)).status).toBe(204);
    expect((await anna('GET', `/rooms/${south}`)).json).toMatchObject({ isReadOnly: true, teamId: (await field()).id });
    const archived = [403, 'The room is archived.'];
    expect(told(await anna('POST', '/messages', { roomId: south, text: 'Hello' }))).toEqual(archived);
    expect(told(await anna('POST', '/memberships', { roomId: south, personEmail: 'daniel.kim@acme.test' }))).toEqual(archived);
    expect(told(await anna('DELETE', `/memberships/${tomas.id}`))).toEqual(archived);
    expect(told(await anna('PUT', `/rooms/${south}`, { title: 'Again' }))).toEqual(archived);
    expect((await anna('DELETE', `/rooms/${now.roomOf('Field')}`)).status).toBe(400);
    expect((await anna('PUT', `/rooms/${now.roomOf('Field')}`, { title: 'Field', isLocked: false })).status).toBe(400);
    expect((await now.as('ben.okoye')('DELETE', `/rooms/${now.roomOf('Field')}`)).status).toBe(204);
    expect(await teamMembership('ben.okoye')).toBeUndefined();
  });
});
