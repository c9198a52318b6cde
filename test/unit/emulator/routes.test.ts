import { ROUTES } from '../../../src/emulator/routes.js';
import type { Route } from '../../../src/emulator/route.js';
import { startWire, type Reply, type Wire } from './wire.js';

// Every row of the table is called four times wrongly: none of these may reach its handler.
let wire: Wire;
beforeAll(async () => { wire = await startWire(); });
afterAll(() => wire.stop());

const anyId = 'Y2lzY29zcGFyazovL3VzL05PTkUvMQ';
const pathOf = (route: Route): string => `/v1${route.path.replace(/:\w+/g, anyId)}`;

function call(route: Route, token?: string): Promise<Reply> {
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(route.method);
  return wire.call(route.method, pathOf(route), { ...(token === undefined ? {} : { token }), ...(hasBody ? { body: {} } : {}) });
}

/** A token of anna.berg with just these scopes, and herself with just these roles. */
function tokenWith(scopes: string[], expires = Infinity): string {
  const { state } = wire.emulator;
  const personId = state.peopleByEmail.get('anna.berg@acme.test') ?? '';
  const token = `test-${String(state.tokens.size)}`;
  state.tokens.set(token, { token, kind: 'access', personId, scopes, expires, clientId: '' });
  return token;
}

function setRoles(roles: string[]): void {
  const { state } = wire.emulator;
  state.people.get(state.peopleByEmail.get('anna.berg@acme.test') ?? '')!.roles = roles;
}

const everyScope = [...new Set(ROUTES.flatMap((route) => route.scopes))];
const everyRole = [...new Set(ROUTES.flatMap((route) => route.roles))];
const name = (route: Route): [string, Route] => [`${route.method} ${route.path}`, route];

function isWebexError(reply: Reply, method: string): void {
  expect(reply.headers.get('trackingid')).toMatch(/^ROUTER_/);
  if (method !== 'HEAD') expect(reply.json).toEqual({ message: expect.any(String), errors: [{ description: expect.any(String) }], trackingId: reply.headers.get('trackingid') });
}

describe('the table of routes', () => {
  it('has no row twice', () => {
    const rows = ROUTES.map((route) => `${route.method} ${route.path.replace(/:\w+/g, ':id')}`);
    expect(rows.length).toBeGreaterThan(10);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it.each(ROUTES.map(name))('%s: no token is 401', async (_name, route) => {
    const reply = await call(route);
    expect(reply.status).toBe(401);
    isWebexError(reply, route.method);
  });

  it.each(ROUTES.map(name))('%s: an expired token is 401', async (_name, route) => {
    expect((await call(route, tokenWith(everyScope, wire.clock.now()))).status).toBe(401);
  });

  it.each(ROUTES.filter((route) => route.scopes.length > 0).map(name))('%s: every scope but its own is 403', async (_name, route) => {
    setRoles(everyRole);
    const reply = await call(route, tokenWith(everyScope.filter((scope) => !route.scopes.includes(scope))));
    expect(reply.status).toBe(403);
    isWebexError(reply, route.method);
  });

  it.each(ROUTES.filter((route) => route.roles.length > 0).map(name))('%s: every role but its own is 403', async (_name, route) => {
    setRoles(everyRole.filter((role) => !route.roles.includes(role)));
    expect((await call(route, tokenWith(everyScope))).status).toBe(403);
  });

  it.each(ROUTES.map(name))('%s: with scope and role it is neither', async (_name, route) => {
    setRoles(everyRole);
    const reply = await call(route, tokenWith(everyScope));
    expect(reply.status).not.toBe(401);
    expect(reply.status).not.toBe(500);
    if (reply.status === 403) expect(reply.json.message).not.toContain('missing required scopes');
  });

  it.each(ROUTES.filter((route) => !route.bots).map(name))('%s: a bot is 403', async (_name, route) => {
    expect((await call(route, wire.emulator.accounts().bot.token)).status).toBe(403);
  });

  it.each(ROUTES.filter((route) => ['POST', 'PUT', 'PATCH'].includes(route.method)).map(name))('%s: text is 415, broken JSON is 400', async (_name, route) => {
    setRoles(everyRole);
    const token = tokenWith(everyScope);
    const text = await wire.call(route.method, pathOf(route), { token, body: 'x', headers: { 'content-type': 'text/plain' } });
    expect([text.status, text.json.message]).toEqual([415, "Content type 'text/plain' not supported"]);
    const broken = await wire.call(route.method, pathOf(route), { token, body: '{"a":' });
    expect([broken.status, broken.json.message]).toEqual([400, 'The request body is not valid JSON.']);
  });
});

describe('what the table does not have', () => {
  it.each(['/v1/nothing', '/v1/people/a/b', '/v1'])('%s is 404', async (path) => {
    expect((await wire.call('GET', path, { token: tokenWith(everyScope) })).status).toBe(404);
  });

  it('another method is 405 and names those that there are', async () => {
    const reply = await wire.call('DELETE', '/v1/people/me', { token: tokenWith(everyScope) });
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'GET']);
  });

  it('HEAD is GET without the body', async () => {
    const reply = await wire.call('HEAD', '/v1/people/me', { token: tokenWith(everyScope) });
    expect([reply.status, reply.text]).toEqual([200, '']);
    expect(Number(reply.headers.get('content-length'))).toBeGreaterThan(100);
  });

  it('a path that is not encoded rightly is 400', async () => {
    expect((await wire.call('GET', '/v1/people/%zz', { token: tokenWith(everyScope) })).status).toBe(400);
  });

  it('the client\'s TrackingID comes back', async () => {
    const reply = await wire.call('GET', '/v1/nothing', { headers: { TrackingID: 'TEST_1' } });
    expect([reply.headers.get('trackingid'), reply.json.trackingId]).toEqual(['TEST_1', 'TEST_1']);
  });
});
