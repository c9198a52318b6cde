import { nextOf, startWire, type Json, type Reply, type Wire } from './wire.js';

let wire: Wire;
beforeAll(async () => { wire = await startWire({ people: 1240 }); });
afterAll(() => wire.stop());

const get = (path: string, local = 'anna.berg'): Promise<Reply> => wire.call('GET', path, { token: wire.token(local) });

/** All pages from `path` on, each as its items. */
async function pages(path: string, key = 'items', local?: string): Promise<Json[][]> {
  const all: Json[][] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const reply: Reply = await get(next, local);
    expect(reply.status).toBe(200);
    all.push(reply.json[key]);
    next = nextOf(reply);
  }
  return all;
}

describe('pages by Link', () => {
  it('have every person once, and an empty last page when the one before is full', async () => {
    const all = await pages('/v1/people?max=310');
    expect(all.map((page) => page.length)).toEqual([310, 310, 310, 310, 0]);
    expect(new Set(all.flat().map(({ id }) => id)).size).toBe(1240);
  });

  it('keep the other parameters in the next link', async () => {
    const all = await pages('/v1/people?max=1&displayName=Daniel%20Kim');
    expect(all.map((page) => page.length)).toEqual([1, 1, 0]);
  });

  it('are cut to the ceiling in silence, and 100 without max', async () => {
    expect((await get('/v1/people?max=5000')).json.items).toHaveLength(1000);
    expect((await get('/v1/people?max=5000&callingData=true')).json.items).toHaveLength(100);
    expect((await get('/v1/people')).json.items).toHaveLength(100);
  });

  it.each(['max=0', 'max=x', 'cursor=abc'])('refuse %s', async (query) => {
    expect((await get(`/v1/people?${query}`)).status).toBe(400);
  });
});

describe('people', () => {
  it('are found by address in any case, only in the own organization', async () => {
    expect((await get('/v1/people?email=ANNA.Berg@acme.test')).json.items).toHaveLength(1);
    expect((await get('/v1/people?email=olga.petrov@globex.test')).json.items).toEqual([]);
    expect((await get('/v1/people?email=nobody@acme.test')).json.items).toEqual([]);
    expect((await get(`/v1/people?email=${encodeURIComponent("sinead.o'connor@acme.test")}`)).json.items[0].displayName).toBe("Sinéad O'Connor");
  });

  it('by id lack what administrators see, and say who was not found', async () => {
    const { json } = await get('/v1/people/me');
    const byId = (await get(`/v1/people?id=${json.id},nobody`)).json;
    expect(byId.items[0]).toMatchObject({ id: json.id });
    for (const field of ['roles', 'licenses', 'loginEnabled', 'status', 'lastActivity']) {
      expect(byId.items[0]).not.toHaveProperty(field);
      expect(json).toHaveProperty(field);
    }
    expect(byId.notFoundIds).toEqual(['nobody']);
    expect((await get(`/v1/people?id=${Array(86).fill(json.id).join()}`)).status).toBe(400);
  });

  it('must be named by those who are no administrators', async () => {
    const reply = await get('/v1/people', 'amy.adams');
    expect([reply.status, reply.json.message]).toEqual([400, 'Email, displayName, or id list should be specified.']);
    const [amy] = (await get('/v1/people?displayName=amy', 'amy.adams')).json.items;
    expect(amy.displayName).toBe('Amy Adams');
    expect(amy).not.toHaveProperty('licenses');
    expect((await get('/v1/people?roles=x&displayName=a', 'amy.adams')).status).toBe(403);
  });

  it('of another organization are seen by id without what their administrators see', async () => {
    const id = wire.emulator.state.peopleByEmail.get('olga.petrov@globex.test') ?? '';
    const { json } = await get(`/v1/people/${id}`);
    expect(json.displayName).toBe('Olga Petrov');
    expect(json).not.toHaveProperty('loginEnabled');
    expect((await get('/v1/people?orgId=other')).status).toBe(403);
  });

  it('are found by role', async () => {
    const roles = (await get('/v1/roles')).json.items;
    const full = roles.find(({ name }: { name: string }) => name === 'Full Administrator').id;
    const found = (await get(`/v1/people?roles=${full}`)).json.items;
    expect(found.map(({ emails }: Json) => emails[0])).toEqual(['anna.berg@acme.test', 'ben.okoye@acme.test', 'carl.jensen@acme.test']);
    expect(found[0].roles).toEqual([full]);
    expect((await get(`/v1/roles/${full}`)).json.name).toBe('Full Administrator');
  });

  it('show an attendee by his site, and one who never signed in as pending', async () => {
    const [gus] = (await get('/v1/people?email=gus.meyer@acme.test')).json.items;
    expect(gus.siteUrls).toEqual(['acme.webex.com#attendee']);
    const [nina] = (await get('/v1/people?email=nina.rossi@acme.test')).json.items;
    expect([nina.status, nina.invitePending]).toEqual(['pending', true]);
    const [plain] = (await get('/v1/people?email=nina.rossi@acme.test&excludeStatus=true')).json.items;
    expect(plain).not.toHaveProperty('status');
  });

  it('is what a bot is, too', async () => {
    const reply = await wire.call('GET', '/v1/people/me', { token: wire.emulator.accounts().bot.token });
    expect(reply.json).toMatchObject({ type: 'bot', emails: ['steward@webex.bot'], displayName: 'Steward' });
  });
});

describe('licenses', () => {
  it('are eighteen, of two subscriptions or free, with names that repeat', async () => {
    const { items } = (await get('/v1/licenses')).json;
    expect(items).toHaveLength(18);
    expect(new Set(items.map(({ subscriptionId }: Json) => subscriptionId)).size).toBe(3);
    expect(new Set(items.map(({ name }: Json) => name)).size).toBeLessThan(18);
    for (const item of items) expect(item.consumedUnits).toBe(Number(item.consumedByUsers ?? 0) + Number(item.consumedByWorkspaces ?? 0));
    const lacking = (field: string): string[] => items.filter((item: Json) => !(field in item)).map(({ name }: Json) => name);
    expect(['consumedByUsers', 'consumedByWorkspaces', 'totalUnits'].map(lacking)).toEqual([['Shared Devices - Registration'], ['Free screen share'], ['Free screen share']]);
  });

  it('list whom they are assigned to, page by page', async () => {
    const { items } = (await get('/v1/licenses')).json;
    const users = await pages(`/v1/licenses/${items[0].id}?includeAssignedTo=user`, 'users');
    expect(users.map((page) => page.length)).toEqual([300, 300, 300, 300, 40]);
    expect(items[0].consumedByUsers).toBe(1240);
    expect(users[0]?.[0]).toMatchObject({ type: 'INTERNAL', displayName: 'Anna Berg', email: 'anna.berg@acme.test' });
    expect((await get(`/v1/licenses/${items[0].id}?includeAssignedTo=workspace`)).status).toBe(400);
    expect((await get('/v1/licenses/none')).status).toBe(404);
  });
});

describe('groups', () => {
  it('are eight, of which one has 1,200 members in pages of 500', async () => {
    const { json } = await get('/v1/groups');
    expect([json.totalResults, json.startIndex, json.itemsPerPage]).toEqual([8, 1, 8]);
    const [staff] = (await get(`/v1/groups?filter=${encodeURIComponent('displayName eq "all staff"')}`)).json.groups;
    expect([staff.displayName, staff.memberSize]).toEqual(['All Staff', 1200]);
    const at = async (start: number): Promise<Json[]> => (await get(`/v1/groups/${staff.id}/members?startIndex=${start}&count=5000`)).json.members;
    const found = [...await at(1), ...await at(501), ...await at(1001)];
    expect(found).toHaveLength(1200);
    expect(new Set(found.map(({ id }) => id)).size).toBe(1200);
    expect(await at(1201)).toEqual([]);
    expect((await get(`/v1/groups/${staff.id}?includeMembers=true`)).json.members).toHaveLength(500);
  });

  it('are filtered by the start of the name, sorted, and nothing else is taken', async () => {
    const names = async (query: string): Promise<string[]> => (await get(`/v1/groups?${query}`)).json.groups.map(({ displayName }: Json) => displayName);
    expect(await names(`filter=${encodeURIComponent('displayName sw "Exec"')}&sortBy=displayName&sortOrder=descending`)).toEqual(['Executives', 'Executive Assistants']);
    expect(await names('startIndex=6&count=2')).toEqual(['Project Phoenix', 'Berlin Office']);
    expect((await get(`/v1/groups?filter=${encodeURIComponent('id eq "x"')}`)).status).toBe(400);
    expect((await get('/v1/groups?startIndex=0')).status).toBe(400);
  });

  it('hold machines and groups besides people', async () => {
    const [phoenix] = (await get(`/v1/groups?filter=${encodeURIComponent('displayName eq "Project Phoenix"')}&includeMembers=true`)).json.groups;
    expect(phoenix.members.map(({ type }: Json) => type)).toEqual(['user', 'user', 'user', 'user', 'machine', 'group']);
  });
});

describe('organizations', () => {
  it('are the own one only', async () => {
    const { items } = (await get('/v1/organizations')).json;
    expect(items.map(({ displayName }: Json) => displayName)).toEqual(['Acme']);
    expect((await get(`/v1/organizations/${items[0].id}`)).json.displayName).toBe('Acme');
    const other = [...wire.emulator.state.organizations.values()].find(({ displayName }) => displayName === 'Globex');
    expect((await get(`/v1/organizations/${other?.id ?? ''}`)).status).toBe(404);
  });
});
