import { z } from 'zod';
import type { Transport } from './client.js';
import { WebexRefused } from './errors.js';
import { Lost, refusal, retryAfter, Throttled, unexpected, unreachable, type Answer } from './failures.js';

/** The integration as registered in the developer portal. */
export interface Integration {
  clientId: string;
  clientSecret: string;
}

/** What a grant gives. Times are milliseconds since 1970. */
export interface Tokens {
  accessToken: string;
  accessExpires: number;
  refreshToken: string;
  /** Undefined when Webex did not say. */
  refreshExpires: number | undefined;
  /** What was granted, when Webex said so; it may be less than what was asked for. */
  scopes: string[] | undefined;
}

/** The code of the WebexRefused that means: this grant is gone, ask the person again. Everything else may be tried later. */
export const GRANT_GONE = 'WEBEX_GRANT_GONE';

const replySchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).optional(),
  refresh_token_expires_in: z.number().positive().optional(),
  scope: z.string().optional(),
});

/** Where the person's browser is sent to sign in and agree. */
export function authorizeUrl(baseUrl: string, ask: {
  clientId: string; redirectUri: string; scopes: readonly string[]; state: string; codeChallenge: string; loginHint?: string;
}): string {
  const query = new URLSearchParams({
    response_type: 'code', client_id: ask.clientId, redirect_uri: ask.redirectUri, scope: ask.scopes.join(' '), state: ask.state,
    code_challenge: ask.codeChallenge, code_challenge_method: 'S256',
    ...(ask.loginHint === undefined ? {} : { login_hint: ask.loginHint }),
  });
  return `${baseUrl.replace(/\/+$/, '')}/authorize?${query.toString().replaceAll('+', '%20')}`;
}

/** Trades the code of the callback for tokens. Throws WebexRefused with GRANT_GONE when the code is used up, too old or not ours. */
export function exchangeCode(transport: Transport, integration: Integration, grant: { code: string; redirectUri: string; codeVerifier: string }): Promise<Tokens> {
  return ask(transport, integration, {
    grant_type: 'authorization_code', code: grant.code, redirect_uri: grant.redirectUri, code_verifier: grant.codeVerifier,
  }, undefined);
}

/**
 * New tokens for a refresh token. Store all of the reply at once: the refresh token may be another one.
 * Throws WebexRefused with GRANT_GONE when the grant was revoked or ran out, WebexUnreachable or another WebexRefused when Webex could not
 * be asked now. Never repeated here, since the first try may have used the token up.
 */
export function refreshToken(transport: Transport, integration: Integration, token: string): Promise<Tokens> {
  return ask(transport, integration, { grant_type: 'refresh_token', refresh_token: token }, token);
}

async function ask(transport: Transport, integration: Integration, grant: Record<string, string>, old: string | undefined): Promise<Tokens> {
  const { clock, log, pacer } = transport;
  for (const secret of [integration.clientSecret, grant['code'], grant['code_verifier'], old]) if (secret !== undefined) log.hide(secret);
  const asked = clock.now();
  const once = async (): Promise<Answer> => {
    const answer = await transport.exchange({
      method: 'POST', url: `${transport.baseUrl.replace(/\/+$/, '')}/access_token`,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...grant, client_id: integration.clientId, client_secret: integration.clientSecret }).toString(),
    });
    log.debug({ grant: grant['grant_type'], status: answer.status, trackingId: answer.headers['trackingid'] }, 'Webex token call');
    if (answer.status === 429) throw new Throttled(retryAfter(answer.headers['retry-after'], clock.now()), answer.headers['trackingid']);
    if (answer.status >= 500) throw new Lost(true, answer);
    if (answer.status < 200 || answer.status >= 300) throw refused(answer);
    return answer;
  };
  try {
    return tokensOf(await pacer.run(`oauth ${integration.clientId}`, once, { impatient: true }), transport, asked, old);
  } catch (error) {
    throw error instanceof Lost ? unreachable(error, false) : error;
  }
}

function tokensOf(answer: Answer, { log }: Transport, asked: number, old: string | undefined): Tokens {
  let body: unknown;
  try {
    body = JSON.parse(answer.bytes.toString('utf8'));
  } catch {
    body = undefined;
  }
  const parsed = replySchema.safeParse(body);
  const refresh = parsed.data?.refresh_token ?? old;
  if (!parsed.success || refresh === undefined) throw unexpected('a token reply without tokens', { trackingId: answer.headers['trackingid'] });
  const { access_token, expires_in, refresh_token_expires_in, scope } = parsed.data;
  log.hide(access_token);
  log.hide(refresh);
  return {
    accessToken: access_token,
    accessExpires: asked + expires_in * 1000,
    refreshToken: refresh,
    refreshExpires: refresh_token_expires_in === undefined ? undefined : asked + refresh_token_expires_in * 1000,
    scopes: scope?.split(/\s+/).filter(Boolean),
  };
}

/** A refused client is the operator's mistake and no reason to send everybody through the sign-in again. */
function refused(answer: Answer): WebexRefused {
  const plain = refusal(answer);
  const { status, words, errorCode, trackingId } = plain;
  const text = answer.bytes.toString('utf8');
  if (!/invalid_grant/i.test(text) && /invalid_client|unauthorized_client|client authentication|client_id|client_secret/i.test(text)) {
    return new WebexRefused({ code: 'WEBEX_CLIENT_REFUSED', message: 'Webex does not know the integration. Check WEBEX_CLIENT_ID and WEBEX_CLIENT_SECRET.', status, words, errorCode, trackingId });
  }
  if (status !== 400 && status !== 401) return plain;
  return new WebexRefused({ code: GRANT_GONE, message: 'Webex does not take this link any more. Link the account again.', status, words, errorCode, trackingId });
}
