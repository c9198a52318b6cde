import { publicId, stableUuid, tokenText } from '../ids.js';
import type { Person, Token } from '../model.js';
import { FULL_ADMIN, USER_ADMIN, hasAnyRole } from '../roles.js';
import { ApiError, noContent, ok, type ApiReply, type ApiRequest, type Route } from '../route.js';
import { personByEmail, type State } from '../state.js';

/** A grant is listed once for its refresh token, under the grant's own id, and once for each access token. */
function idOf(token: Token): string {
  return token.kind === 'refresh' ? (token.authorizationId ?? '') : publicId('AUTHORIZATION', stableUuid(tokenText(token.token)));
}

/** The live tokens of people that came from a grant; test tokens and the bot's are no authorizations. */
function granted(state: State): Token[] {
  const now = state.clock.now();
  return [...state.tokens.values()].filter((token) => token.authorizationId !== undefined && state.authorizations.has(token.authorizationId) && token.expires > now);
}

function mayManage(caller: Person, person: Person): boolean {
  return caller.id === person.id || (caller.orgId === person.orgId && hasAnyRole(caller, [FULL_ADMIN, USER_ADMIN]));
}

function list(request: ApiRequest): ApiReply {
  const { state, caller, query } = request;
  const id = query.get('personId');
  const email = query.get('personEmail');
  if ((id === null) === (email === null)) throw new ApiError(400, "Exactly one of 'personId' and 'personEmail' must be given.");
  const person = id !== null ? state.people.get(id) : personByEmail(state, email ?? '');
  if (!person) throw new ApiError(404, 'User not found.');
  if (!mayManage(caller.person, person)) throw new ApiError(403, 'You are not authorized to view the authorizations of this user.');
  const items = granted(state).filter((token) => token.personId === person.id).map((token) => ({
    id: idOf(token), applicationId: publicId('APPLICATION', token.clientId), applicationName: state.integrations.get(token.clientId)?.name ?? '',
    personId: person.id, clientId: token.clientId, created: state.authorizations.get(token.authorizationId ?? '')?.created ?? '', type: token.kind,
  }));
  return ok({ items });
}

/** Webex: with the refresh token go all access tokens of the grant. */
function revokeGrant(state: State, authorizationId: string): void {
  state.authorizations.delete(authorizationId);
  for (const [text, token] of state.tokens) if (token.authorizationId === authorizationId) state.tokens.delete(text);
}

function removeOne(request: ApiRequest): ApiReply {
  const { state, caller, params } = request;
  const token = granted(state).find((item) => idOf(item) === params.authorizationId);
  const person = token && state.people.get(token.personId);
  if (!token || !person || !mayManage(caller.person, person)) throw new ApiError(404, 'Authorization not found.');
  // Webex: the own authorization can only be taken back through the client that holds it.
  if (person.id === caller.person.id && caller.token.clientId !== token.clientId) throw new ApiError(403, 'The client of the token is not the one of the authorization.');
  if (token.kind === 'refresh') revokeGrant(state, token.authorizationId ?? '');
  else state.tokens.delete(token.token);
  return noContent;
}

function removeClient(request: ApiRequest): ApiReply {
  const { state, caller, query } = request;
  const clientId = query.get('clientId');
  if (clientId === null || clientId === '') throw new ApiError(400, "'clientId' is required.");
  if ((query.get('orgId') ?? caller.person.orgId) !== caller.person.orgId) throw new ApiError(403, 'You are not authorized to change this organization.');
  const found = [...state.authorizations.values()].filter((item) => item.clientId === clientId && state.people.get(item.personId)?.orgId === caller.person.orgId);
  if (found.length === 0) throw new ApiError(404, 'Authorization not found.');
  for (const { id } of found) revokeGrant(state, id);
  return noContent;
}

/** Milliseconds since 1970, unlike `expires_in`. A token that never ends has no time to tell. */
function tokenExpiry({ caller }: ApiRequest): ApiReply {
  return ok({ exp: caller.token.expires });
}

export const routes: Route[] = [
  { method: 'GET', path: '/authorizations', scopes: ['identity:tokens_read'], roles: [], bots: false, handle: list },
  { method: 'DELETE', path: '/authorizations', scopes: ['identity:tokens_write'], roles: [FULL_ADMIN], bots: false, handle: removeClient },
  { method: 'GET', path: '/authorizations/tokenExpiry', scopes: [], roles: [], bots: false, handle: tokenExpiry },
  { method: 'DELETE', path: '/authorizations/:authorizationId', scopes: ['identity:tokens_write'], roles: [], bots: false, handle: removeOne },
];
