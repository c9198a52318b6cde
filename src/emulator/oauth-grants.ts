import { createHash } from 'node:crypto';
import { publicId } from './ids.js';
import { ApiError } from './route.js';
import { ACCESS_SECONDS } from './seed.js';
import type { State } from './state.js';

/** Life of a code. Webex does not say; short, as RFC 6749 wants it. */
const CODE_MS = 5 * 60_000;
/** Webex: 90 days less a second. */
const REFRESH_SECONDS = 7_775_999;

export interface CodeGrant {
  clientId: string;
  personId: string;
  redirectUri: string;
  scopes: string[];
  /** PKCE; undefined when the request had none. */
  challenge: string | undefined;
  /** `plain` or `S256`. */
  method: string;
}

export interface TokenBody {
  access_token: string;
  expires_in: number;
  refresh_token: string;
  refresh_token_expires_in: number;
  token_type: 'Bearer';
  scope: string;
}

export interface Grants {
  createCode(grant: CodeGrant): string;
  /** Throws an ApiError 400: unknown, used, late, other client, other redirect, wrong verifier. */
  exchange(clientId: string, code: string, redirectUri: string, verifier: string | null): TokenBody;
  /** Throws an ApiError 400: unknown, over, revoked, of another client, of somebody who may not sign in. */
  refresh(clientId: string, refreshToken: string): TokenBody;
}

const invalidGrant = (why: string): ApiError => new ApiError(400, `invalid_grant: ${why}`);

/** Codes and tokens. `random` gives an unguessable text. */
export function createGrants(state: State, random: () => string): Grants {
  const codes = new Map<string, CodeGrant & { expires: number; authorizationId?: string }>();
  const { clock } = state;

  const issue = (authorizationId: string, clientId: string, personId: string, scopes: string[]): TokenBody => {
    const made = { personId, scopes, clientId, authorizationId };
    const access = random();
    const refresh = random();
    state.tokens.set(access, { ...made, token: access, kind: 'access', expires: clock.now() + ACCESS_SECONDS * 1000 });
    state.tokens.set(refresh, { ...made, token: refresh, kind: 'refresh', expires: clock.now() + REFRESH_SECONDS * 1000 });
    return {
      access_token: access, expires_in: ACCESS_SECONDS, refresh_token: refresh, refresh_token_expires_in: REFRESH_SECONDS, token_type: 'Bearer', scope: scopes.join(' '),
    };
  };

  const revoke = (authorizationId: string): void => {
    state.authorizations.delete(authorizationId);
    for (const [text, token] of state.tokens) if (token.authorizationId === authorizationId) state.tokens.delete(text);
  };

  return {
    createCode: (grant) => {
      const code = random();
      codes.set(code, { ...grant, expires: clock.now() + CODE_MS });
      clock.after(2 * CODE_MS, () => codes.delete(code));
      return code;
    },
    exchange: (clientId, code, redirectUri, verifier) => {
      const grant = codes.get(code);
      if (grant?.clientId !== clientId) throw invalidGrant('The code is not known.');
      if (grant.authorizationId !== undefined) {
        // A code that comes twice was stolen: RFC 6749 4.1.2 wants what it gave taken back.
        revoke(grant.authorizationId);
        throw invalidGrant('The code was used before.');
      }
      if (grant.expires <= clock.now()) throw invalidGrant('The code is over.');
      if (grant.redirectUri !== redirectUri) throw invalidGrant('The redirect_uri is not that of the authorization request.');
      if (grant.challenge !== undefined) {
        const shown = grant.method === 'S256' ? createHash('sha256').update(verifier ?? '').digest('base64url') : verifier;
        if (verifier === null || !/^[\w.~-]{43,128}$/.test(verifier) || shown !== grant.challenge) throw invalidGrant('The code_verifier does not fit the code_challenge.');
      }
      if (state.people.get(grant.personId)?.loginEnabled !== true) throw invalidGrant('The person may not sign in.');
      const id = publicId('AUTHORIZATION');
      grant.authorizationId = id;
      // Webex adds spark:kms to every integration's grant.
      const scopes = [...new Set([...grant.scopes, 'spark:kms'])];
      state.authorizations.set(id, { id, clientId, personId: grant.personId, scopes, created: clock.iso() });
      return issue(id, clientId, grant.personId, scopes);
    },
    refresh: (clientId, refreshToken) => {
      const token = state.tokens.get(refreshToken);
      const authorization = state.authorizations.get(token?.authorizationId ?? '');
      if (token?.kind !== 'refresh' || token.clientId !== clientId || !authorization) throw invalidGrant('The refresh token is not known.');
      if (token.expires <= clock.now()) throw invalidGrant('The refresh token is over.');
      if (state.people.get(token.personId)?.loginEnabled !== true) throw invalidGrant('The person may not sign in.');
      // Whether Webex gives a new refresh token is not documented; the emulator takes the harder reading: a new one, and the old one ends.
      state.tokens.delete(refreshToken);
      return issue(authorization.id, clientId, token.personId, token.scopes);
    },
  };
}
