import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, type ReadBody } from './body.js';
import { carry, type Gateway, type Work } from './gateway.js';
import { withoutSecrets, type RequestEntry } from './requests.js';
import { hasAnyRole } from './roles.js';
import { ApiError, type Caller, type Route } from './route.js';
import type { State } from './state.js';

const UNAUTHORIZED = 'The request requires a valid access token set in the Authorization request header.';
/** Webex's words for a missing scope, role or license. */
export const FORBIDDEN =
  'The server understood the request, but refused to fulfill it because the access token is missing required scopes or the user is missing required roles or licenses.';

/** The valid access token of a request and its owner. Webex: 401 without one, over, revoked, or of somebody who may not sign in. */
export function callerOf(state: State, authorization: string | undefined): Caller {
  const text = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  const token = text === undefined ? undefined : state.tokens.get(text);
  const person = token && state.people.get(token.personId);
  if (token?.kind !== 'access' || !person || token.expires <= state.clock.now() || !person.loginEnabled) throw new ApiError(401, UNAUTHORIZED);
  if (token.authorizationId !== undefined && !state.authorizations.has(token.authorizationId)) throw new ApiError(401, UNAUTHORIZED);
  return { token, person };
}

/** Throws 403 unless the caller has one of the route's scopes and one of its roles. */
export function authorize(route: Route, caller: Caller): void {
  const isBot = caller.person.type === 'bot';
  const allowed = isBot ? route.bots : route.scopes.length === 0 || route.scopes.some((scope) => caller.token.scopes.includes(scope));
  if (!allowed || (route.roles.length > 0 && !hasAnyRole(caller.person, route.roles))) throw new ApiError(403, FORBIDDEN);
}

interface Found {
  route: Route;
  params: Record<string, string>;
}

/** Finds rows of the table by path; a fixed segment goes before a parameter. */
export function createMatcher(routes: readonly Route[]): (method: string, path: string) => Found {
  const rows = routes.map((route) => ({ route, parts: route.path.split('/').filter(Boolean) }));
  const rank = (parts: string[]): string => parts.map((part) => (part.startsWith(':') ? '1' : '0')).join('');
  rows.sort((a, b) => rank(a.parts).localeCompare(rank(b.parts)));
  return (method, path) => {
    const segments = path.split('/').filter(Boolean);
    const fitting = rows.filter(({ parts }) => parts.length === segments.length && parts.every((part, at) => part.startsWith(':') || part === segments[at]));
    const best = fitting[0];
    if (!best) throw new ApiError(404, 'The requested resource could not be found.');
    // Only rows as specific as the best one: `/people/me` must not be deleted as `/people/:personId`.
    const same = fitting.filter(({ parts }) => rank(parts) === rank(best.parts));
    const row = same.find(({ route }) => route.method === method) ?? (method === 'HEAD' ? same.find(({ route }) => route.method === 'GET') : undefined);
    if (!row) throw new ApiError(405, `Request method '${method}' not supported`, undefined, { Allow: same.map(({ route }) => route.method).join(', ') });
    const params: Record<string, string> = {};
    row.parts.forEach((part, at) => {
      if (part.startsWith(':')) params[part.slice(1)] = decode(segments[at] ?? '');
    });
    return { route: row.route, params };
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ApiError(400, 'The path is not encoded rightly.');
  }
}

/** Answers everything under `/v1` from the table of routes. */
export function createApi(state: State, gateway: Gateway, routes: readonly Route[]): (request: IncomingMessage & { originalUrl: string }, response: ServerResponse) => Promise<void> {
  const match = createMatcher(routes);

  const prepare = async (request: IncomingMessage & { originalUrl: string }, url: URL, entry: RequestEntry): Promise<Work> => {
    const caller = callerOf(state, request.headers.authorization);
    entry.owner = caller.person.emails[0] ?? '';
    let read: ReadBody = { body: {}, files: [] };
    const { route, params } = match(entry.method, url.pathname.slice('/v1'.length));
    if (entry.method !== 'GET' && entry.method !== 'HEAD') {
      read = await readBody(request, route.multipart === true);
      if (Object.keys(read.body).length > 0) entry.body = withoutSecrets(read.body);
    }
    authorize(route, caller);
    return {
      respond: () => route.handle({
        state, caller, params, query: url.searchParams, body: read.body, files: read.files, baseUrl: `${url.origin}/v1`, url: request.originalUrl,
      }),
    };
  };

  return async (request, response) => {
    const url = new URL(request.originalUrl, `http://${request.headers.host ?? 'localhost'}`);
    const entry = gateway.requests.begin(request.method ?? 'GET', url.pathname, url.searchParams);
    await carry(gateway, request, response, entry, () => prepare(request, url, entry));
  };
}
