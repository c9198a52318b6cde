import { createHash } from 'node:crypto';
import { startWire, type Json, type Reply, type Wire } from './wire.js';

const REDIRECT = 'http://localhost:9999/oauth/callback';
const VERIFIER = 'a'.repeat(43);
const S256 = createHash('sha256').update(VERIFIER).digest('base64url');

let wire: Wire;
beforeEach(async () => { wire = await startWire(); });
afterEach(() => wire.stop());

const client = () => wire.emulator.accounts().integration;

function asked(values: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({ response_type: 'code', client_id: client().clientId, redirect_uri: REDIRECT, scope: 'spark:people_read', state: 'st&te', ...values });
}

const show = (values?: Record<string, string>): Promise<Reply> => wire.call('GET', `/v1/authorize?${asked(values).toString()}`);

const decide = (email: string, decision: string, values?: Record<string, string>): Promise<Reply> => {
  const form = asked(values);
  form.set('email', email);
  form.set('decision', decision);
  return wire.call('POST', '/v1/authorize', { body: form });
};

function landed(reply: Reply): URLSearchParams {
  expect(reply.status).toBe(302);
  const url = new URL(reply.headers.get('location') ?? '');
  expect(`${url.origin}${url.pathname}`).toBe(REDIRECT);
  return url.searchParams;
}

const codeFor = async (email: string, values?: Record<string, string>): Promise<string> => {
  const code = landed(await decide(email, 'allow', values)).get('code');
  expect(code).toMatch(/^[0-9a-f]{32,}$/);
  return code ?? '';
};

const exchange = (code: string, values: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Reply> =>
  wire.call('POST', '/v1/access_token', { headers, body: new URLSearchParams({
    grant_type: 'authorization_code', code, redirect_uri: REDIRECT, client_id: client().clientId, client_secret: client().clientSecret, ...values }) });

const refresh = (token: string, values: Record<string, string> = {}): Promise<Reply> =>
  wire.call('POST', '/v1/access_token', { body: new URLSearchParams({
    grant_type: 'refresh_token', refresh_token: token, client_id: client().clientId, client_secret: client().clientSecret, ...values }) });

const me = (token: string): Promise<Reply> => wire.call('GET', '/v1/people/me', { token });

const granted = async (email: string, scope: string): Promise<Json> => {
  const reply = await exchange(await codeFor(email, { scope }));
  expect(reply.status).toBe(200);
  return reply.json;
};

describe('the sign-in page', () => {
  it('shows the scopes and preselects the hinted person', async () => {
    const reply = await show({ scope: 'spark:people_read spark-admin:licenses_read', login_hint: 'BEN.okoye@acme.test' });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('<code>spark-admin:licenses_read</code>');
    expect(reply.text).toContain('<option value="ben.okoye@acme.test" selected>');
    expect(reply.text).toContain('name="state" value="st&#38;te"');
    expect(reply.text.match(/ selected>/g)).toHaveLength(1);
  });

  it('offers a generated person only when hinted at', async () => {
    expect((await show()).text).not.toContain('p00050@acme.test');
    expect((await show({ login_hint: 'p00050@acme.test' })).text).toContain('<option value="p00050@acme.test" selected>');
  });

  it('escapes what the people are called', async () => {
    const { text } = await show();
    expect(text).toContain('Li &#60;Leo&#62; Wei');
    expect(text).not.toContain('<Leo>');
  });

  it.each([
    ['another host', { redirect_uri: 'https://evil.example/cb' }],
    ['a loopback name in front of another host', { redirect_uri: 'http://localhost.evil.example/cb' }],
    ['credentials before the host', { redirect_uri: 'http://localhost:1@evil.example/cb' }],
    ['another scheme', { redirect_uri: 'javascript://localhost/%0aalert(1)' }],
    ['no address at all', { redirect_uri: '' }],
    ['an unknown client', { client_id: 'C0' }],
  ])('never redirects to %s', async (_name, values) => {
    for (const reply of [await show(values), await decide('anna.berg@acme.test', 'allow', values)]) {
      expect(reply.status).toBe(400);
      expect(reply.headers.get('location')).toBeNull();
      expect(reply.text).toContain('Sign-in not possible');
    }
  });

  it.each([
    ['invalid_scope', { scope: '' }],
    ['invalid_scope', { scope: 'spark:people_read spark:no_such_thing' }],
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_request', { code_challenge: VERIFIER, code_challenge_method: 'S512' }],
    ['invalid_request', { code_challenge: 'short', code_challenge_method: 'plain' }],
  ])('redirects with %s for %j', async (error, values) => {
    const query = landed(await show(values));
    expect(query.get('error')).toBe(error);
    expect(query.get('state')).toBe('st&te');
    expect(query.has('code')).toBe(false);
  });

  it('denies: access_denied with the state and no code', async () => {
    const query = landed(await decide('anna.berg@acme.test', 'deny'));
    expect(Object.fromEntries(query)).toMatchObject({ error: 'access_denied', state: 'st&te' });
    expect(query.has('code')).toBe(false);
  });

  it.each([
    ['dora.silva@acme.test', 'meeting:admin_preferences_write', 'a user administrator'],
    ['carl.jensen@acme.test', 'meeting:admin_preferences_write', 'a full administrator who is no site admin'],
    ['amy.adams@acme.test', 'spark-admin:people_read', 'a plain user'],
    ['erik.lund@acme.test', 'spark-admin:people_write', 'a read-only administrator'],
    ['fatima.haddad@acme.test', 'spark-admin:people_read', 'a compliance officer'],
    ['anna.berg@acme.test', 'spark-compliance:messages_read', 'a full administrator'],
  ])('%s may not grant %s (%s)', async (email, scope) => {
    const query = landed(await decide(email, 'allow', { scope: `spark:people_read ${scope}` }));
    expect(query.get('error')).toBe('access_denied');
    expect(query.get('error_description')).toContain(scope);
  });

  it.each([['nobody@acme.test'], ['hugo.leclerc@acme.test'], ['steward@webex.bot'], ['']])('shows the form again for %s', async (email) => {
    const reply = await decide(email, 'allow');
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('role="alert"');
  });

  it('refuses a form of another origin', async () => {
    const form = asked({ email: 'anna.berg@acme.test', decision: 'allow' });
    const reply = await wire.call('POST', '/v1/authorize', { body: form, headers: { origin: 'http://evil.example' } });
    expect(reply.status).toBe(403);
    expect(reply.headers.get('location')).toBeNull();
  });
});

describe('the code', () => {
  it('becomes tokens that act for the person who allowed it', async () => {
    const tokens = await granted('anna.berg@acme.test', 'spark:people_read spark-admin:people_read');
    expect(tokens).toMatchObject({ expires_in: 1209599, refresh_token_expires_in: 7775999, token_type: 'Bearer' });
    expect(tokens.scope.split(' ')).toEqual(['spark:people_read', 'spark-admin:people_read', 'spark:kms']);
    const reply = await me(tokens.access_token);
    expect(reply.json.emails).toEqual(['anna.berg@acme.test']);
    expect(reply.json.loginEnabled).toBe(true);
  });

  it('gives only the scopes that were asked for', async () => {
    const { access_token: token } = await granted('anna.berg@acme.test', 'spark:people_read');
    expect((await wire.call('GET', '/v1/licenses', { token })).status).toBe(403);
    expect((await me(token)).json.roles).toBeUndefined();
  });

  it('works once; the second time takes back what it gave', async () => {
    const code = await codeFor('anna.berg@acme.test');
    const first = await exchange(code);
    expect(first.status).toBe(200);
    expect((await exchange(code)).status).toBe(400);
    expect((await me(first.json.access_token)).status).toBe(401);
    expect((await refresh(first.json.refresh_token)).status).toBe(400);
  });

  it('is over after five minutes', async () => {
    const code = await codeFor('anna.berg@acme.test');
    wire.clock.advance(5 * 60_000);
    expect((await exchange(code)).status).toBe(400);
  });

  it.each([
    ['another redirect', { redirect_uri: 'http://localhost:9999/other' }, 400],
    ['a wrong secret', { client_secret: 'wrong' }, 401],
    ['an unknown client', { client_id: 'C0' }, 401],
    ['an unknown code', { code: 'f'.repeat(64) }, 400],
    ['another grant type', { grant_type: 'password' }, 400],
  ])('is refused with %s', async (_name, values, status) => {
    const code = await codeFor('anna.berg@acme.test');
    const reply = await exchange(code, values);
    expect(reply.status).toBe(status);
    expect(reply.json.trackingId).toEqual(expect.any(String));
    expect((await exchange(code)).status).toBe(200);
  });

  it('takes the client by HTTP Basic', async () => {
    const { clientId, clientSecret } = client();
    const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` });
    const code = await codeFor('anna.berg@acme.test');
    const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT });
    expect((await wire.call('POST', '/v1/access_token', { body, headers: basic('wrong') })).status).toBe(401);
    expect((await wire.call('POST', '/v1/access_token', { body, headers: basic(clientSecret) })).status).toBe(200);
  });

  it('wants a form', async () => {
    expect((await wire.call('POST', '/v1/access_token', { body: { grant_type: 'refresh_token' } })).status).toBe(415);
    expect((await wire.call('GET', '/v1/access_token')).status).toBe(405);
  });

  it.each([['S256', S256], ['plain', VERIFIER]])('with PKCE %s wants the verifier besides the secret', async (method, challenge) => {
    const code = await codeFor('anna.berg@acme.test', { code_challenge: challenge, code_challenge_method: method });
    expect((await exchange(code)).status).toBe(400);
    expect((await exchange(code, { code_verifier: 'b'.repeat(43) })).status).toBe(400);
    expect((await exchange(code, { code_verifier: VERIFIER, client_secret: '' })).status).toBe(401);
    expect((await exchange(code, { code_verifier: VERIFIER })).status).toBe(200);
  });
});

describe('tokens', () => {
  it('end after 14 days; a refresh gives new ones, the old refresh token ends', async () => {
    const first = await granted('anna.berg@acme.test', 'spark:people_read');
    wire.clock.advance(1209599_000 - 60_000);
    expect((await me(first.access_token)).status).toBe(200);
    wire.clock.advance(60_000);
    expect((await me(first.access_token)).status).toBe(401);
    const second = (await refresh(first.refresh_token)).json;
    expect((await me(second.access_token)).status).toBe(200);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await refresh(first.refresh_token)).status).toBe(400);
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });

  it('cannot be refreshed after 90 days, with an access token, or by a wrong client', async () => {
    const { refresh_token: token, access_token: access } = await granted('anna.berg@acme.test', 'spark:people_read');
    expect((await refresh(access)).status).toBe(400);
    expect((await refresh(token, { client_secret: 'wrong' })).status).toBe(401);
    wire.clock.advance(7775999_000);
    expect((await refresh(token)).status).toBe(400);
  });

  it('a refresh token is no access token', async () => {
    const { refresh_token: token } = await granted('anna.berg@acme.test', 'spark:people_read');
    expect((await me(token)).status).toBe(401);
  });

  it('end with the authorization', async () => {
    const tokens = await granted('anna.berg@acme.test', 'spark:people_read');
    wire.emulator.state.authorizations.clear();
    expect((await me(tokens.access_token)).status).toBe(401);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
  });

  it('of somebody who may no longer sign in are refused', async () => {
    const tokens = await granted('anna.berg@acme.test', 'spark:people_read');
    await wire.call('POST', '/_emulator/change', { body: { people: [{ email: 'anna.berg@acme.test', loginEnabled: false }] } });
    expect((await me(tokens.access_token)).status).toBe(401);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
  });
});
