import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWire, type Json, type Reply, type Wire } from './wire.js';

let wire: Wire;
beforeEach(async () => { wire = await startWire(); });
afterEach(() => wire.stop());

const me = (local = 'anna.berg'): Promise<Reply> => wire.call('GET', '/v1/people/me', { token: wire.token(local) });
const set = async (name: string, body: unknown): Promise<Reply> => {
  const reply = await wire.call('POST', `/_emulator/${name}`, { body });
  expect(reply.status).toBe(200);
  return reply;
};
const requests = async (since = 0): Promise<Json[]> => (await wire.call('GET', `/_emulator/requests?since=${since}`)).json.items;

describe('faults', () => {
  it('answer with status, headers and body instead of handling, so many times', async () => {
    await set('faults', { rules: [{ method: 'get', path: '/people/*', status: 503, headers: { 'Retry-After': '7' }, body: { a: 1 }, times: 2 }] });
    for (const _turn of [1, 2]) {
      const reply = await me();
      expect([reply.status, reply.headers.get('retry-after'), reply.json]).toEqual([503, '7', { a: 1 }]);
    }
    expect((await me()).status).toBe(200);
  });

  it('hit every n-th call of one owner', async () => {
    await set('faults', { rules: [{ owner: 'Anna.Berg@acme.test', every: 3, status: 500 }] });
    const seen: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) seen.push((await me()).status);
    expect(seen).toEqual([200, 200, 500, 200, 200, 500]);
    expect((await me('ben.okoye')).status).toBe(200);
    expect((await me('ben.okoye')).status).toBe(200);
    expect((await me('ben.okoye')).status).toBe(200);
  });

  it('drop the request before it is handled, or the reply after', async () => {
    await set('faults', { rules: [{ drop: 'request', times: 1 }] });
    await expect(me()).rejects.toThrow();
    await set('faults', { rules: [{ drop: 'reply', times: 1 }] });
    await expect(me()).rejects.toThrow();
    const [dropped, withheld] = await requests();
    expect([dropped.status, dropped.repliedAt]).toEqual([null, null]);
    expect([withheld.status, withheld.repliedAt]).toEqual([200, null]);
    expect((await me()).status).toBe(200);
  });

  it('hold the reply back on the clock; the call is handled at once', async () => {
    await set('faults', { rules: [{ delayMs: 3_600_000 }] });
    const reply = me();
    while ((await requests())[0]?.status !== 200) { /* until it was handled */ }
    expect((await requests())[0].repliedAt).toBeNull();
    await set('clock', { advance: '1h' });
    expect((await reply).status).toBe(200);
    const [entry] = await requests();
    expect(entry.repliedAt - entry.at).toBeGreaterThanOrEqual(3_600_000);
  });

  it('a new list replaces the old one; nonsense is refused and changes nothing', async () => {
    await set('faults', { rules: [{ status: 500 }] });
    const reply = await wire.call('POST', '/_emulator/faults', { body: { rules: [{ stauts: 500 }] } });
    expect(reply.status).toBe(400);
    expect(reply.json.message).toContain('stauts');
    expect((await me()).status).toBe(500);
    await set('faults', { rules: [] });
    expect((await me()).status).toBe(200);
  });
});

describe('limits', () => {
  it('a bucket refuses what is over it with Retry-After, for each owner alone', async () => {
    await set('limits', { kind: 'bucket', perSecond: 0.01, burst: 2 });
    expect([(await me()).status, (await me()).status]).toEqual([200, 200]);
    const reply = await me();
    expect(reply.status).toBe(429);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(90);
    expect(reply.json.errors).toHaveLength(1);
    expect((await me('ben.okoye')).status).toBe(200);
    await set('clock', { advance: '100s' });
    expect([(await me()).status, (await me()).status]).toEqual([200, 429]);
  });

  it('a window opens anew', async () => {
    await set('limits', { kind: 'window', perSecond: 0.01, burst: 2, retryAfter: 3600 });
    const seen = [await me(), await me(), await me()];
    expect(seen.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(seen[2]?.headers.get('retry-after')).toBe('3600');
    await set('clock', { advance: '200s' });
    expect([(await me()).status, (await me()).status, (await me()).status]).toEqual([200, 200, 429]);
  });

  it('hold for the named paths only, and end with none', async () => {
    await set('limits', { kind: 'bucket', perSecond: 0.01, burst: 1, only: ['/roles*'] });
    const roles = (): Promise<Reply> => wire.call('GET', '/v1/roles', { token: wire.token('anna.berg') });
    expect([(await roles()).status, (await roles()).status, (await me()).status]).toEqual([200, 429, 200]);
    await set('limits', { kind: 'none' });
    expect((await roles()).status).toBe(200);
  });
});

describe('the request log', () => {
  it('has what was asked, by whom and how it ended, and no tokens', async () => {
    await wire.call('GET', '/v1/people?email=a%40b&max=3', { token: wire.token('anna.berg') });
    await wire.call('GET', '/v1/people/me');
    const { clientId, clientSecret } = wire.emulator.accounts().integration;
    await wire.call('POST', '/v1/access_token', { body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'refresh-me-now', client_id: clientId, client_secret: clientSecret }) });
    const [first, second, third] = await requests();
    expect(first).toMatchObject({ method: 'GET', path: '/v1/people', query: { email: 'a@b', max: '3' }, status: 200, owner: 'anna.berg@acme.test' });
    expect(first.repliedAt).toBeGreaterThanOrEqual(first.at);
    expect(second).toMatchObject({ status: 401, owner: '', seq: Number(first.seq) + 1 });
    expect(third).toMatchObject({ path: '/v1/access_token', body: { grant_type: 'refresh_token', client_id: clientId } });
    const text = JSON.stringify(await requests());
    for (const secret of [wire.token('anna.berg'), clientSecret, 'refresh-me-now']) expect(text).not.toContain(secret);
    expect(await requests(second.seq)).toEqual([third]);
  });
});

describe('Meetings XML in the log, faults and limits', () => {
  const authenticate = (): Promise<Reply> => wire.call('POST', '/WBXService/XMLService', { headers: { 'content-type': 'application/xml' }, body:
    '<serv:message xmlns:serv="http://www.webex.com/schemas/2002/06/service" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    + '<header><securityContext><siteName>acme</siteName><webExID>anna.berg@acme.test</webExID></securityContext></header><body>'
    + `<bodyContent xsi:type="java:com.webex.service.binding.user.AuthenticateUser"><accessToken>${wire.token('anna.berg')}</accessToken></bodyContent></body></serv:message>` });

  it('stands under its operation, with its owner and without the token', async () => {
    const reply = await authenticate();
    expect(reply.text).toContain('SUCCESS');
    const [entry] = await requests();
    expect(entry).toMatchObject({ method: 'POST', path: '/WBXService/XMLService/AuthenticateUser', status: 200, owner: 'anna.berg@acme.test' });
    expect(entry.body).toContain('<accessToken>[secret]</accessToken>');
    expect(JSON.stringify(entry)).not.toContain(wire.token('anna.berg'));
  });

  it('can be refused, and is told in its own way that it is over the limit', async () => {
    await set('faults', { rules: [{ path: '/WBXService/XMLService/Authenticate*', status: 503, times: 1 }] });
    expect((await authenticate()).status).toBe(503);
    await set('limits', { kind: 'bucket', perSecond: 0.01, burst: 1 });
    expect((await authenticate()).text).toContain('SUCCESS');
    const over = await authenticate();
    expect([over.status, over.text.includes('<serv:exceptionID>000045</serv:exceptionID>')]).toEqual([200, true]);
  });

  it('wants XML by POST', async () => {
    expect((await wire.call('GET', '/WBXService/XMLService')).status).toBe(405);
    expect((await wire.call('POST', '/WBXService/XMLService', { body: {} })).status).toBe(415);
  });
});

describe('the clock', () => {
  it('goes forward by a time or to a time, never back', async () => {
    const before = wire.clock.now();
    await set('clock', { advance: '12h' });
    expect(wire.clock.now() - before).toBeGreaterThanOrEqual(12 * 3_600_000);
    await set('clock', { now: '2999-01-01T00:00:00Z' });
    expect(wire.clock.iso()).toMatch(/^2999-01-01/);
    expect((await wire.call('POST', '/_emulator/clock', { body: { now: '2001-01-01T00:00:00Z' } })).status).toBe(400);
    expect((await wire.call('POST', '/_emulator/clock', { body: { advance: 'soon' } })).status).toBe(400);
  });

  it('ends test tokens; accounts then give new ones', async () => {
    const old = wire.token('anna.berg');
    wire.clock.advance(15 * 86_400_000);
    expect((await wire.call('GET', '/v1/people/me', { token: old })).status).toBe(401);
    expect((await me()).status).toBe(200);
  });
});

describe('a change by somebody else', () => {
  it('takes roles away: the token stays, its power goes', async () => {
    const token = wire.token('ben.okoye');
    const roles = (): Promise<Reply> => wire.call('GET', '/v1/roles', { token });
    expect((await roles()).status).toBe(200);
    await set('change', { people: [{ email: 'ben.okoye@acme.test', roles: [] }] });
    expect((await roles()).status).toBe(403);
    expect((await wire.call('GET', '/v1/people/me', { token })).json).not.toHaveProperty('roles');
    await set('change', { people: [{ email: 'ben.okoye@acme.test', roles: ['Full Administrator'] }] });
    expect((await roles()).status).toBe(200);
  });

  it('changes groups, spaces, delegates and licenses, and is audited and told', async () => {
    const { state } = wire.emulator;
    const told: string[] = [];
    state.events.on('happened', ({ resource, event }) => told.push(`${resource} ${event}`));
    await set('change', {
      people: [{ email: 'grace.hall@acme.test', licenses: ['Webex Events'] }],
      groups: [{ name: 'Sales', add: ['amy.adams@acme.test', 'daniel.kim@acme.test'], remove: ['tomas.novak@acme.test'] }],
      rooms: [{ title: 'IT Admins', isLocked: true, add: ['amy.adams@acme.test'], remove: ['dora.silva@acme.test'] }],
      delegates: [{ host: 'cara.olsen@acme.test', site: 'acme.webex.com', add: ['Bob.Nguyen@acme.test'], remove: ['amy.adams@acme.test'] }],
    });
    const shown = (await wire.call('GET', '/_emulator/state')).json;
    const sales = shown.groups.find(({ displayName }: Json) => displayName === 'Sales').members.map(({ displayName }: Json) => displayName);
    expect(sales.filter((name: string) => name === 'Amy Adams')).toHaveLength(1);
    expect(sales.filter((name: string) => name === 'Daniel Kim')).toHaveLength(1);
    expect(sales).not.toContain('Tomáš Novák');
    expect(shown.delegates).toContainEqual({ host: 'cara.olsen@acme.test', site: 'acme.webex.com', delegates: ['bob.nguyen@acme.test'] });
    expect(shown.licenses.find(({ name }: Json) => name === 'Webex Events').consumedByUsers).toBe(1);
    expect(shown.rooms[0].isLocked).toBe(true);
    expect(told).toEqual(['people updated', 'groups updated', 'rooms updated', 'memberships created', 'memberships deleted', 'delegates updated']);
    expect(shown.audit).toHaveLength(3);
  });

  it('is all or nothing: an unknown name changes nothing', async () => {
    const reply = await wire.call('POST', '/_emulator/change', { body: {
      people: [{ email: 'ben.okoye@acme.test', loginEnabled: false }], delegates: [{ host: 'nobody@acme.test', site: 'acme.webex.com', add: [] }] } });
    expect(reply.status).toBe(400);
    expect((await me('ben.okoye')).status).toBe(200);
  });
});

describe('reset and state', () => {
  it('reset goes back to the seed, with the same ids and tokens, without faults and limits', async () => {
    const before = (await wire.call('GET', '/_emulator/state')).json;
    const token = wire.token('anna.berg');
    await set('change', { people: [{ email: 'anna.berg@acme.test', roles: [], loginEnabled: false }], rooms: [{ title: 'IT Admins', remove: ['carl.jensen@acme.test'] }] });
    await set('faults', { rules: [{ status: 500 }] });
    await set('limits', { kind: 'bucket', perSecond: 1, burst: 1 });
    await set('reset', {});
    const after = (await wire.call('GET', '/_emulator/state')).json;
    const ids = (shown: Json): unknown => [shown.people, shown.rooms, shown.memberships, shown.groups, shown.messages].map((list: Json[]) => list.map(({ id }) => id));
    expect(ids(after)).toEqual(ids(before));
    expect(after.audit).toEqual([]);
    expect(wire.token('anna.berg')).toBe(token);
    expect([(await me()).status, (await me()).status]).toEqual([200, 200]);
  });

  it('the state is without tokens and secrets, and can be loaded again', async () => {
    const reply = await wire.call('GET', '/_emulator/state');
    for (const secret of [wire.token('anna.berg'), wire.emulator.accounts().integration.clientSecret]) expect(reply.text).not.toContain(secret);
    const organizationFile = join(mkdtempSync(join(tmpdir(), 'emulator-')), 'org.json');
    writeFileSync(organizationFile, reply.text);
    const again = await startWire({ organizationFile });
    const { delegates: _d, ...shown } = (await again.call('GET', '/_emulator/state')).json;
    await again.stop();
    expect(shown.people).toEqual(reply.json.people);
    expect(shown.groups).toEqual(reply.json.groups);
    expect(shown.memberships).toEqual(reply.json.memberships);
    expect(shown.messages).toEqual(reply.json.messages);
  });

  it('a small file is enough', async () => {
    const organizationFile = join(mkdtempSync(join(tmpdir(), 'emulator-')), 'org.json');
    writeFileSync(organizationFile, JSON.stringify({
      organizations: [{ id: 'ORG', displayName: 'Tiny' }], sites: [{ siteUrl: 'tiny.webex.com' }],
      people: [{ emails: ['jo@tiny.test'], displayName: 'Jo', roles: ['Full Administrator'], sites: [{ siteUrl: 'tiny.webex.com', isSiteAdmin: true, isDefault: true }] }],
      groups: [{ displayName: 'All', members: ['JO@tiny.test'] }],
    }));
    const tiny = await startWire({ organizationFile });
    const accounts = (await tiny.call('GET', '/_emulator/accounts')).json;
    expect(accounts.people).toMatchObject([{ email: 'jo@tiny.test', roles: ['Full Administrator'], siteAdminOf: ['tiny.webex.com'] }]);
    const groups = (await tiny.call('GET', '/v1/groups?includeMembers=true', { token: accounts.people[0].token })).json.groups;
    await tiny.stop();
    expect(groups[0].members).toEqual([{ id: accounts.people[0].id, type: 'user', displayName: 'Jo' }]);
  });
});

describe('accounts and the stream', () => {
  it('name everybody whom one meets, with tokens that work; generated people on demand', async () => {
    const { json } = await wire.call('GET', '/_emulator/accounts');
    expect(json.people.map(({ email }: Json) => email).slice(0, 2)).toEqual(['anna.berg@acme.test', 'ben.okoye@acme.test']);
    expect(json.people[0]).toMatchObject({ roles: ['Full Administrator'], siteAdminOf: ['acme.webex.com', 'acme-eu.webex.com'] });
    expect(json.people.some(({ email }: Json) => email.startsWith('p0'))).toBe(false);
    expect((await wire.call('GET', '/_emulator/accounts?all=true')).json.people.length).toBeGreaterThan(json.people.length);
    expect((await wire.call('GET', '/v1/people/me', { token: json.bot.token })).json.id).toBe(json.bot.id);
  });

  it('the stream tells what happened, by id only', async () => {
    const response = await fetch(`${wire.url}/_emulator/stream`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    await set('change', { rooms: [{ title: 'IT Admins', add: ['amy.adams@acme.test'] }] });
    const { value } = await reader.read();
    await reader.cancel();
    expect(JSON.parse(/^data: (.*)\n\n$/.exec(value ?? '')?.[1] ?? '')).toEqual({ resource: 'memberships', event: 'created', id: expect.any(String), roomId: expect.any(String) });
  });
});

describe('who may talk to it', () => {
  const raw = (headers: Record<string, string>, method = 'GET'): Promise<number | undefined> => new Promise((resolve, reject) => {
    request(`${wire.url}/_emulator/accounts`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject).end();
  });

  it('only under a loopback name', async () => {
    const { port } = new URL(wire.url);
    expect(await raw({ host: `localhost:${port}` })).toBe(200);
    expect(await raw({ host: `evil.example:${port}` })).toBe(403);
    expect(await raw({ host: 'localhost.evil.example' })).toBe(403);
  });

  it('no other origin may have an effect', async () => {
    expect((await wire.call('POST', '/_emulator/reset', { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect((await wire.call('POST', '/_emulator/reset', { headers: { origin: 'null' } })).status).toBe(403);
    expect((await wire.call('POST', '/_emulator/reset', { headers: { origin: wire.url } })).status).toBe(200);
  });
});
