import { textField } from '../fields.js';
import type { Team } from '../model.js';
import { filtered, page } from '../paging.js';
import { ApiError, noContent, ok, type ApiReply, type ApiRequest, type Route } from '../route.js';
import { tell } from '../spaces.js';
import { teamMembershipOf } from '../state.js';
import { addTeam, deleteTeam, ownTeam, readableTeam, requireTeamModerator } from '../teams.js';

function show({ id, name, description, created }: Team): unknown {
  return { id, name, description, created };
}

function nameIn(body: Record<string, unknown>): string {
  const name = textField(body, 'name')?.trim();
  if (!name) throw new ApiError(400, 'name cannot be empty');
  return name;
}

function create({ state, caller, body }: ApiRequest): ApiReply {
  const name = nameIn(body);
  const description = textField(body, 'description')?.trim();
  return ok(show(addTeam(state, caller.person, { name, ...(description ? { description } : {}) })));
}

/** A team that the caller moderates. Throws 404 or 403. */
function moderated({ state, caller, params }: ApiRequest): Team {
  const { team, membership } = ownTeam(state, caller, params.teamId ?? '');
  requireTeamModerator(membership);
  return team;
}

function update(request: ApiRequest): ApiReply {
  const { state, caller, body } = request;
  const team = moderated(request);
  const name = nameIn(body);
  const description = textField(body, 'description')?.trim();
  const general = state.rooms.get(team.generalRoomId);
  if (general && name !== team.name) {
    general.title = name;
    tell(state, { resource: 'rooms', event: 'updated', actorId: caller.person.id, subject: general });
  }
  team.name = name;
  if (description === '') delete team.description;
  else if (description !== undefined) team.description = description;
  tell(state, { resource: 'teams', event: 'updated', actorId: caller.person.id, subject: team });
  return ok(show(team));
}

function remove(request: ApiRequest): ApiReply {
  deleteTeam(request.state, moderated(request), request.caller.person.id);
  return noContent;
}

const READ = ['spark:teams_read', 'spark-compliance:teams_read', 'spark:all'];
const WRITE = ['spark:teams_write', 'spark:all'];

export const routes: Route[] = [
  {
    method: 'GET', path: '/teams', scopes: READ, roles: [], bots: true,
    handle: (request) => page(request, filtered(request.state.teams.values(), ({ id }) => teamMembershipOf(request.state, id, request.caller.person.id) !== undefined), show),
  },
  { method: 'POST', path: '/teams', scopes: WRITE, roles: [], bots: true, handle: create },
  {
    method: 'GET', path: '/teams/:teamId', scopes: READ, roles: [], bots: true,
    handle: ({ state, caller, params }) => ok(show(readableTeam(state, caller, params.teamId ?? '', 'teams'))),
  },
  { method: 'PUT', path: '/teams/:teamId', scopes: WRITE, roles: [], bots: true, handle: update },
  { method: 'DELETE', path: '/teams/:teamId', scopes: WRITE, roles: [], bots: true, handle: remove },
];
