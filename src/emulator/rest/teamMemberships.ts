import { booleanField, canonicalId, textField } from '../fields.js';
import { invite, wantedPerson } from '../invite.js';
import type { TeamMembership } from '../model.js';
import { page } from '../paging.js';
import { ApiError, noContent, ok, type ApiReply, type ApiRequest, type Route } from '../route.js';
import { teamMembershipOf, type State } from '../state.js';
import { joinTeam, leaveTeam, membersOfTeam, ownTeam, readableTeam, requireTeamModerator, setTeamModerator } from '../teams.js';

function show(state: State, { id, teamId, personId, isModerator, created }: TeamMembership): unknown {
  const person = state.people.get(personId);
  return { id, teamId, personId, personEmail: person?.emails[0], personDisplayName: person?.displayName, personOrgId: person?.orgId, isModerator, created };
}

function list(request: ApiRequest): ApiReply {
  const { state, caller, query } = request;
  const teamId = query.get('teamId');
  if (!teamId) throw new ApiError(400, "Required String parameter 'teamId' is not present");
  const team = readableTeam(state, caller, teamId, 'team_memberships');
  return page(request, membersOfTeam(state, team.id), (membership) => show(state, membership));
}

/** Unconfirmed: who may add; the harder reading is moderators only. */
function create({ state, caller, body }: ApiRequest): ApiReply {
  const teamId = textField(body, 'teamId');
  if (teamId === undefined) throw new ApiError(400, 'teamId cannot be null');
  const wanted = wantedPerson(state, body);
  const isModerator = booleanField(body, 'isModerator') ?? false;
  const { team, membership } = ownTeam(state, caller, teamId);
  if (typeof wanted !== 'string' && teamMembershipOf(state, team.id, wanted.id)) throw new ApiError(409, 'Person is already in the team.');
  requireTeamModerator(membership);
  const person = typeof wanted === 'string' ? invite(state, wanted) : wanted;
  return ok(show(state, joinTeam(state, team, person, caller.person.id, isModerator)));
}

/** A team membership that the caller may see. Throws 404. */
function visible({ state, caller, params }: ApiRequest): TeamMembership {
  const membership = state.teamMemberships.get(canonicalId('TEAM_MEMBERSHIP', params.membershipId ?? ''));
  if (!membership) throw new ApiError(404, 'Failed to get team membership.');
  readableTeam(state, caller, membership.teamId, 'team_memberships');
  return membership;
}

function update(request: ApiRequest): ApiReply {
  const { state, caller, body } = request;
  const membership = visible(request);
  const isModerator = booleanField(body, 'isModerator');
  if (isModerator === undefined) throw new ApiError(400, 'isModerator cannot be null');
  requireTeamModerator(ownTeam(state, caller, membership.teamId).membership);
  setTeamModerator(state, membership, isModerator, caller.person.id);
  return ok(show(state, membership));
}

/** Webex: everybody may leave, moderators may take others out. */
function remove(request: ApiRequest): ApiReply {
  const { state, caller } = request;
  const membership = visible(request);
  const own = ownTeam(state, caller, membership.teamId).membership;
  if (own !== membership) requireTeamModerator(own);
  leaveTeam(state, membership, caller.person.id);
  return noContent;
}

const READ = ['spark:team_memberships_read', 'spark-compliance:team_memberships_read', 'spark:all'];
const WRITE = ['spark:team_memberships_write', 'spark:all'];

export const routes: Route[] = [
  { method: 'GET', path: '/team/memberships', scopes: READ, roles: [], bots: true, handle: list },
  { method: 'POST', path: '/team/memberships', scopes: WRITE, roles: [], bots: true, handle: create },
  { method: 'GET', path: '/team/memberships/:membershipId', scopes: READ, roles: [], bots: true, handle: (request) => ok(show(request.state, visible(request))) },
  { method: 'PUT', path: '/team/memberships/:membershipId', scopes: WRITE, roles: [], bots: true, handle: update },
  { method: 'DELETE', path: '/team/memberships/:membershipId', scopes: WRITE, roles: [], bots: true, handle: remove },
];
