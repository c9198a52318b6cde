import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBytes } from './body.js';
import { carry, type Gateway, type Work } from './gateway.js';
import type { Integration, Person } from './model.js';
import { errorPage, signInPage } from './oauth-page.js';
import { createGrants, type Grants } from './oauth-grants.js';
import { withoutSecrets } from './requests.js';
import { mayHold } from './roles.js';
import { ApiError, type ApiReply } from './route.js';
import { personByEmail, type State } from './state.js';

/** Most people in the form's list; whoever is hinted at is in it anyway. */
const LISTED = 200;

/** The authorize request after all checks, or the reply that refuses it. */
type Checked = { integration: Integration; redirect: URL; scopes: string[] } | { refusal: ApiReply };

/** Webex: exact matches of what is registered. The emulator takes any loopback address besides. */
function redirectAllowed(integration: Integration, text: string): URL | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (integration.redirectUris.includes(text)) return url;
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) && /^https?:$/.test(url.protocol);
  return loopback && url.username === '' && url.password === '' && url.hash === '' ? url : undefined;
}

function redirectWith(redirect: URL, values: Record<string, string | null>): ApiReply {
  const url = new URL(redirect);
  for (const [name, value] of Object.entries(values)) if (value !== null) url.searchParams.set(name, value);
  return { status: 302, headers: { Location: url.href } };
}

function check(state: State, given: URLSearchParams): Checked {
  const integration = state.integrations.get(given.get('client_id') ?? '');
  if (!integration) return { refusal: errorPage('The integration is not known: client_id is missing or wrong.') };
  const redirect = redirectAllowed(integration, given.get('redirect_uri') ?? '');
  if (!redirect) return { refusal: errorPage('The redirect URI is not one of those registered for this integration.') };
  const refuse = (error: string, description: string): Checked =>
    ({ refusal: redirectWith(redirect, { error, error_description: description, state: given.get('state') }) });
  if (given.get('response_type') !== 'code') return refuse('unsupported_response_type', 'Only response_type=code is supported.');
  const scopes = [...new Set((given.get('scope') ?? '').split(/\s+/).filter(Boolean))];
  if (scopes.length === 0 || !scopes.every((scope) => integration.scopes.includes(scope))) {
    return refuse('invalid_scope', 'The requested scope is invalid, unknown, or malformed.');
  }
  const method = given.get('code_challenge_method');
  if (method !== null && !['plain', 'S256'].includes(method)) return refuse('invalid_request', 'code_challenge_method must be plain or S256.');
  if (given.has('code_challenge') && !/^[\w.~-]{43,128}$/.test(given.get('code_challenge') ?? '')) return refuse('invalid_request', 'code_challenge must have 43 to 128 characters.');
  return { integration, redirect, scopes };
}

const ASKED = ['response_type', 'client_id', 'redirect_uri', 'scope', 'state', 'code_challenge', 'code_challenge_method'];

function form(state: State, given: URLSearchParams, checked: Exclude<Checked, { refusal: ApiReply }>, error?: string): ApiReply {
  const hint = given.get('email') ?? given.get('login_hint') ?? '';
  const hinted = personByEmail(state, hint);
  const people: Person[] = [];
  for (const person of state.people.values()) {
    if (person.type !== 'person' || (person !== hinted && (person.generated === true || people.length >= LISTED))) continue;
    people.push(person);
  }
  return signInPage({
    integration: checked.integration.name, scopes: checked.scopes, people, selected: hinted?.emails[0] ?? '', redirectOrigin: checked.redirect.origin,
    hidden: Object.fromEntries(ASKED.flatMap((name) => given.has(name) ? [[name, given.get(name) ?? '']] : [])),
    ...(error === undefined ? {} : { error }),
  });
}

/** `GET /v1/authorize` shows the form, `POST` of it answers with the redirect. */
function authorizeReply(state: State, grants: Grants, method: string, given: URLSearchParams): ApiReply {
  const checked = check(state, given);
  if ('refusal' in checked) return checked.refusal;
  if (method !== 'POST') return form(state, given, checked);
  const { redirect, integration, scopes } = checked;
  const deny = (description: string): ApiReply => redirectWith(redirect, { error: 'access_denied', error_description: description, state: given.get('state') });
  if (given.get('decision') === 'deny') return deny('The resource owner or authorization server denied the request.');
  if (given.get('decision') !== 'allow') return form(state, given, checked, 'Choose Allow or Deny.');
  const person = personByEmail(state, given.get('email') ?? '');
  if (person?.type !== 'person') return form(state, given, checked, 'Nobody has this address.');
  if (!person.loginEnabled) return form(state, given, checked, 'This person may not sign in.');
  const missing = scopes.filter((scope) => !mayHold(person, scope));
  if (missing.length > 0) return deny(`The roles of this person do not allow: ${missing.join(' ')}`);
  const code = grants.createCode({
    clientId: integration.clientId, personId: person.id, redirectUri: given.get('redirect_uri') ?? '', scopes,
    challenge: given.get('code_challenge') ?? undefined, method: given.get('code_challenge_method') ?? 'plain',
  });
  return redirectWith(redirect, { code, state: given.get('state') });
}

/** The integration that a token request proves to be, by `client_id` and `client_secret` in the body or by HTTP Basic. */
function clientOf(state: State, given: URLSearchParams, authorization: string | undefined): Integration {
  let id = given.get('client_id') ?? '';
  let secret = given.get('client_secret') ?? '';
  const basic = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [user = '', ...rest] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    id = user;
    secret = rest.join(':');
  }
  const integration = state.integrations.get(id);
  if (integration?.clientSecret !== secret) throw new ApiError(401, 'Client authentication failed (unknown client, no client authentication included, or unsupported method).');
  return integration;
}

function tokenReply(state: State, grants: Grants, given: URLSearchParams, authorization: string | undefined): ApiReply {
  const { clientId } = clientOf(state, given, authorization);
  const grant = given.get('grant_type');
  if (grant === 'authorization_code') {
    return { status: 200, body: grants.exchange(clientId, given.get('code') ?? '', given.get('redirect_uri') ?? '', given.get('code_verifier')) };
  }
  if (grant === 'refresh_token') return { status: 200, body: grants.refresh(clientId, given.get('refresh_token') ?? '') };
  throw new ApiError(400, 'unsupported_grant_type: The authorization grant type is not supported.');
}

type Handler = (request: IncomingMessage & { originalUrl: string }, response: ServerResponse) => Promise<void>;

/** Answers `/v1/authorize` and `/v1/access_token`; `undefined` for other paths. */
export function createOAuth(state: State, gateway: Gateway): (path: string) => Handler | undefined {
  const grants = createGrants(state, () => randomBytes(32).toString('hex'));
  const handler = (methods: string[], work: (method: string, given: URLSearchParams, request: IncomingMessage) => ApiReply): Handler =>
    async (request, response) => {
      const url = new URL(request.originalUrl, 'http://localhost');
      const entry = gateway.requests.begin(request.method ?? 'GET', url.pathname, url.searchParams);
      await carry(gateway, request, response, entry, async (): Promise<Work> => {
        if (!methods.includes(entry.method)) throw new ApiError(405, `Request method '${entry.method}' not supported`, undefined, { Allow: methods.join(', ') });
        let given = url.searchParams;
        if (entry.method === 'POST') {
          const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
          if (type !== 'application/x-www-form-urlencoded') throw new ApiError(415, `Content type '${type}' not supported`);
          given = new URLSearchParams((await readBytes(request)).toString('utf8'));
          entry.body = withoutSecrets(Object.fromEntries(given));
        }
        return { respond: () => work(entry.method, given, request) };
      });
    };
  const authorize = handler(['GET', 'HEAD', 'POST'], (method, given) => authorizeReply(state, grants, method, given));
  const token = handler(['POST'], (_method, given, request) => tokenReply(state, grants, given, request.headers.authorization));
  return (path) => (path === '/v1/authorize' ? authorize : path === '/v1/access_token' ? token : undefined);
}
