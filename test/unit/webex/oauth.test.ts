import { randomToken, tokenHash } from '../../../src/lib/ids.js';
import { authorizeUrl, exchangeCode, GRANT_GONE, refreshToken, type Integration } from '../../../src/webex/oauth.js';
import { errorOf } from './error-of.js';
import { startWorld, type World } from './world.js';

const REDIRECT = 'http://127.0.0.1:9999/oauth/callback';
const SCOPES = ['spark:people_read', 'spark-admin:people_read'];

let world: World;
let integration: Integration;
beforeEach(async () => {
  world = await startWorld(20);
  integration = world.emulator.accounts().integration;
});
afterEach(() => world.stop());

const urlFor = (challenge: string): string =>
  authorizeUrl(world.transport.baseUrl, { clientId: integration.clientId, redirectUri: REDIRECT, scopes: SCOPES, state: 'a state+&', codeChallenge: challenge, loginHint: 'anna.berg@acme.test' });

/** Signs Anna in and agrees, as her browser would. */
async function allow(challenge: string): Promise<URLSearchParams> {
  const form = new URL(urlFor(challenge)).searchParams;
  form.set('email', 'anna.berg@acme.test');
  form.set('decision', 'allow');
  const reply = await fetch(`${world.transport.baseUrl}/authorize`, { method: 'POST', body: form, redirect: 'manual' });
  return new URL(reply.headers.get('location') ?? '').searchParams;
}

/** A PKCE verifier and its S256 challenge (RFC 7636), as the linking makes them. */
function pkce(): { verifier: string; challenge: string } {
  const verifier = randomToken(32);
  return { verifier, challenge: tokenHash(verifier) };
}

describe('linking', () => {
  it('asks for what is needed and nothing else', () => {
    const url = new URL(urlFor('challenge'));
    expect(`${url.origin}${url.pathname}`).toBe(`${world.transport.baseUrl}/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code', client_id: integration.clientId, redirect_uri: REDIRECT, scope: SCOPES.join(' '), state: 'a state+&',
      code_challenge: 'challenge', code_challenge_method: 'S256', login_hint: 'anna.berg@acme.test',
    });
    expect(url.search).not.toContain('+');
  });

  it('trap 32: gives tokens whose ends are times in milliseconds', async () => {
    const { verifier, challenge } = pkce();
    const landed = await allow(challenge);
    expect(landed.get('state')).toBe('a state+&');
    const tokens = await exchangeCode(world.transport, integration, { code: landed.get('code') ?? '', redirectUri: REDIRECT, codeVerifier: verifier });
    const days = (ms: number | undefined) => ((ms ?? 0) - world.clock.now()) / 86_400_000;
    expect(Math.round(days(tokens.accessExpires))).toBe(14);
    expect(Math.round(days(tokens.refreshExpires))).toBe(90);
    expect(tokens.scopes).toEqual(expect.arrayContaining(SCOPES));
    const renewed = await refreshToken(world.transport, integration, tokens.refreshToken);
    expect(renewed.accessToken).not.toBe(tokens.accessToken);
    expect(renewed.refreshToken).not.toBe('');
    const reply = await fetch(`${world.transport.baseUrl}/people/me`, { headers: { authorization: `Bearer ${renewed.accessToken}` } });
    expect(await reply.json()).toMatchObject({ emails: ['anna.berg@acme.test'] });
  });

  it('with a code that was used, or somebody else’s verifier, is over', async () => {
    const { verifier, challenge } = pkce();
    const code = (await allow(challenge)).get('code') ?? '';
    expect(await errorOf(exchangeCode(world.transport, integration, { code, redirectUri: REDIRECT, codeVerifier: pkce().verifier }))).toMatchObject({ code: GRANT_GONE });
    const again = (await allow(challenge)).get('code') ?? '';
    await exchangeCode(world.transport, integration, { code: again, redirectUri: REDIRECT, codeVerifier: verifier });
    expect(await errorOf(exchangeCode(world.transport, integration, { code: again, redirectUri: REDIRECT, codeVerifier: verifier }))).toMatchObject({ code: GRANT_GONE });
  });
});

describe('trap 30: renewing a token', () => {
  it('tells a grant that is gone', async () => {
    const error = await errorOf(refreshToken(world.transport, integration, 'a-token-that-is-not-known'));
    expect(error).toMatchObject({ code: GRANT_GONE });
    expect(JSON.stringify(error)).not.toContain('a-token-that');
  });

  it('from a wrong client secret, which is the operator’s mistake and ends no grant', async () => {
    expect(await errorOf(refreshToken(world.transport, { ...integration, clientSecret: 'wrong' }, 'x'))).toMatchObject({ code: 'WEBEX_CLIENT_REFUSED' });
  });

  it.each([
    ['a server error', { status: 503 }, { code: 'WEBEX_UNREACHABLE' }],
    ['a lost reply', { drop: 'reply' }, { code: 'WEBEX_UNREACHABLE' }],
    ['a 429', { status: 429, headers: { 'Retry-After': '600' } }, { code: 'WEBEX_TOO_MANY_CALLS', retryAfter: 600 }],
    ['a 403', { status: 403 }, { code: 'WEBEX_FORBIDDEN' }],
    ['a reply without tokens', { status: 200, body: { hello: 1 } }, { code: 'WEBEX_UNEXPECTED' }],
  ])('from %s, after which it may be tried later, and is not tried twice', async (_what, fault, expected) => {
    await world.control('faults', { rules: [{ path: '/v1/access_token', ...fault }] });
    await world.seen();
    expect(await errorOf(refreshToken(world.transport, integration, 'x'))).toMatchObject(expected);
    expect((await world.seen()).filter(({ path }) => path === '/v1/access_token')).toHaveLength(1);
  });
});
