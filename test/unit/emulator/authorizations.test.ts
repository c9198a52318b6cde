import { amy, anna, carl, openPlace, query, type Loose, type Place } from './meetings-support.js';

let place: Place;
beforeEach(async () => { place = await openPlace(); });
afterEach(() => place.stop());

/** Signs in over the wire as the page does. */
async function grant(email: string): Promise<Loose> {
  const { clientId, clientSecret } = place.emulator.accounts().integration;
  const redirect = 'http://127.0.0.1:9/oauth/callback';
  const fields = { response_type: 'code', client_id: clientId, redirect_uri: redirect, scope: 'spark:people_read identity:tokens_read identity:tokens_write', state: 's' };
  const answer = await fetch(`${place.url}/v1/authorize`, {
    method: 'POST', redirect: 'manual', headers: { origin: place.url }, body: new URLSearchParams({ ...fields, email, decision: 'allow' }),
  });
  const code = new URL(answer.headers.get('location')!).searchParams.get('code')!;
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirect, client_id: clientId, client_secret: clientSecret });
  return (await fetch(`${place.url}/v1/access_token`, { method: 'POST', body })).json();
}

const me = async (token: string): Promise<number> => (await place.rest('GET', '/people/me', token)).status;
const list = async (token: string, email: string): Promise<Loose[]> => (await place.rest('GET', `/authorizations${query({ personEmail: email })}`, token)).body.items;

it('lists the refresh and the access token of a grant; deleting the refresh token kills its access tokens', async () => {
  const { access_token: token } = await grant(anna);
  const items = await list(token, anna);
  expect(items.map((item) => item.type).sort()).toEqual(['access', 'refresh']);
  const { id } = items.find((item) => item.type === 'refresh');
  expect(await place.rest('DELETE', `/authorizations/${id}`, token)).toEqual({ status: 204, body: undefined });
  expect(await me(token)).toBe(401);
  expect(await list(place.tokenOf(anna), anna)).toEqual([]);
});

it('deleting an access token leaves the others', async () => {
  const first = (await grant(anna)).access_token;
  const second = (await grant(anna)).access_token;
  const before = await list(second, anna);
  const own = before.filter((item) => item.type === 'access');
  expect(own).toHaveLength(2);
  await place.rest('DELETE', `/authorizations/${own[0].id}`, second);
  expect([await me(first), await me(second)]).toEqual([401, 200]);
  expect(await list(second, anna)).toHaveLength(3);
});

it('deletes all grants of a client in the organization', async () => {
  const tokens = [(await grant(anna)).access_token, (await grant(carl)).access_token];
  const { clientId } = place.emulator.accounts().integration;
  expect((await place.rest('DELETE', `/authorizations${query({ clientId })}`, place.tokenOf(anna))).status).toBe(204);
  expect(await Promise.all(tokens.map(me))).toEqual([401, 401]);
  expect((await place.rest('DELETE', `/authorizations${query({ clientId })}`, place.tokenOf(anna))).status).toBe(404);
  expect((await place.rest('DELETE', '/authorizations', place.tokenOf(anna))).status).toBe(400);
});

it('needs exactly one of personId and personEmail, and the right to see that person', async () => {
  const reader = place.tokenWith(amy, ['identity:tokens_read', 'identity:tokens_write']);
  expect((await place.rest('GET', '/authorizations', reader)).status).toBe(400);
  expect((await place.rest('GET', `/authorizations${query({ personEmail: anna })}`, reader)).status).toBe(403);
  const { access_token: token } = await grant(anna);
  const [item] = await list(token, anna);
  expect((await place.rest('DELETE', `/authorizations/${item.id}`, reader)).status).toBe(404);
  expect(await me(token)).toBe(200);
});

it('trap 32: tokenExpiry is in milliseconds, expires_in in seconds', async () => {
  const before = place.clock.now();
  const { access_token: token, expires_in: seconds } = await grant(anna);
  const { exp } = (await place.rest('GET', '/authorizations/tokenExpiry', token)).body;
  expect(exp).toBeGreaterThanOrEqual(before + seconds * 1000);
  expect(exp).toBeLessThanOrEqual(place.clock.now() + seconds * 1000);
});

it('admin audit events: required, a year at most, pages by offset, by category and actor', async () => {
  const { orgId } = [...place.emulator.state.people.values()][0]!;
  const token = place.tokenOf(anna);
  const at = (ms: number): string => new Date(place.clock.now() + ms).toISOString();
  for (let turn = 0; turn < 5; turn += 1) {
    await fetch(`${place.url}/_emulator/change`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ people: [{ email: amy, loginEnabled: turn % 2 === 0 }] }),
    });
  }
  const events = (fields: Record<string, string>): Promise<Loose> => place.rest('GET', `/adminAudit/events${query({ orgId, from: at(-3_600_000), to: at(3_600_000), ...fields })}`, token);
  const all = (await events({})).body.items;
  expect(all).toHaveLength(5);
  const pages = [await events({ max: '2' }), await events({ max: '2', offset: '2' }), await events({ max: '2', offset: '4' }), await events({ max: '2', offset: '6' })];
  expect(pages.flatMap(({ body }) => body.items)).toEqual(all);
  expect((await events({ eventCategories: 'GROUPS,USERS' })).body.items).toHaveLength(5);
  expect((await events({ eventCategories: 'GROUPS' })).body.items).toEqual([]);
  expect((await events({ actorId: all[0].actorId })).body.items).toHaveLength(5);
  expect((await events({ actorId: orgId })).body.items).toEqual([]);
  expect((await events({ from: at(-400 * 86_400_000) })).status).toBe(400);
  expect((await events({ from: 'yesterday' })).status).toBe(400);
  expect((await events({ orgId: 'other' })).status).toBe(403);
  expect((await place.rest('GET', '/adminAudit/events', token)).status).toBe(400);
  expect((await place.rest('GET', '/adminAudit/eventCategories', token)).body.eventCategories).toContain('MEETINGS');
});
