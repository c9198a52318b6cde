import { booleanField, textField } from '../fields.js';
import type { Room, Team } from '../model.js';
import { filtered, page } from '../paging.js';
import { ApiError, noContent, ok, type ApiReply, type ApiRequest, type Caller, type Route } from '../route.js';
import { addRoom, archiveRoom, deleteRoom, leave, otherPerson, ownRoom, readableRoom, requireModerator, requireOpen, setModerator, tell } from '../spaces.js';
import { membershipOf, teamMembershipOf, type State } from '../state.js';
import { leaveTeam, ownTeam, teamOfGeneral } from '../teams.js';

/** Webex: the title of a 1:1 space is the other person's name, for whoever asks; a compliance officer gets "Empty Title". */
function titleOf(state: State, caller: Caller, room: Room): string {
  if (room.type === 'group') return room.title;
  if (!membershipOf(state, room.id, caller.person.id)) return 'Empty Title';
  return otherPerson(state, room, caller.person.id)?.displayName ?? 'Empty Title';
}

function show(state: State, caller: Caller, room: Room): unknown {
  return {
    id: room.id, title: titleOf(state, caller, room), type: room.type, isLocked: room.isLocked, teamId: room.teamId, lastActivity: room.lastActivity,
    creatorId: room.creatorId, created: room.created, ownerId: room.ownerId, isAnnouncementOnly: room.isAnnouncementOnly, isReadOnly: room.isReadOnly === true,
    isPublic: false, description: room.description,
  };
}

/** Newest first, but for ids. */
const ORDERS: Record<string, (a: Room, b: Room) => number> = {
  id: (a, b) => (a.id < b.id ? -1 : 1),
  lastactivity: (a, b) => b.lastActivity.localeCompare(a.lastActivity),
  created: (a, b) => b.created.localeCompare(a.created),
};

function list(request: ApiRequest): ApiReply {
  const { state, caller, query } = request;
  const type = query.get('type');
  const sortBy = query.get('sortBy');
  if (type !== null && type !== 'direct' && type !== 'group') throw new ApiError(400, "Invalid value for parameter 'type'.");
  const order = sortBy === null ? undefined : ORDERS[sortBy];
  if (sortBy !== null && !order) throw new ApiError(400, "Invalid value for parameter 'sortBy'.");
  if (query.get('orgPublicSpaces') === 'true') {
    if (type !== null || sortBy !== null || query.has('teamId')) throw new ApiError(400, "'orgPublicSpaces' cannot be combined with 'teamId', 'type' or 'sortBy'.");
    // The emulated organization has no public spaces.
    return page(request, [], (room) => room);
  }
  const given = query.get('teamId');
  const teamId = given === null ? null : ownTeam(state, caller, given).team.id;
  const own = filtered(state.rooms.values(), (room) => (type === null || room.type === type) && (teamId === null || room.teamId === teamId)
    && state.membersOfRoom.get(room.id)?.has(caller.person.id) === true);
  return page(request, order ? [...own].sort(order) : own, (room) => show(state, caller, room));
}

/** What the emulated organization has not: refused, so that nobody takes it for done. */
function refuseUnsupported(body: Record<string, unknown>): void {
  if (textField(body, 'classificationId') !== undefined) throw new ApiError(400, 'Space classifications are not enabled for the organization.');
  if (booleanField(body, 'isPublic') === true) throw new ApiError(400, 'Public spaces are not enabled for the organization.');
}

function titleIn(body: Record<string, unknown>): string {
  const title = textField(body, 'title')?.trim();
  if (!title) throw new ApiError(400, 'title cannot be empty');
  return title;
}

/** The team that a body names. Throws 404 unless the caller is in it. */
function teamIn({ state, caller, body }: ApiRequest): Team | undefined {
  const given = textField(body, 'teamId');
  return given === undefined ? undefined : ownTeam(state, caller, given).team;
}

function create(request: ApiRequest): ApiReply {
  const { state, caller, body } = request;
  const title = titleIn(body);
  refuseUnsupported(body);
  const team = teamIn(request);
  const isLocked = booleanField(body, 'isLocked') ?? false;
  const isAnnouncementOnly = booleanField(body, 'isAnnouncementOnly') ?? false;
  if (isAnnouncementOnly && !isLocked) throw new ApiError(400, 'A space can only be put into announcement mode when it is locked.');
  const description = textField(body, 'description')?.trim();
  const room = addRoom(state, caller.person, { title, type: 'group', isLocked, isAnnouncementOnly, ...(description ? { description } : {}), ...(team ? { teamId: team.id } : {}) });
  return ok(show(state, caller, room));
}

/** Webex: only a space that is in no team can be moved under one, and all its moderators must be in that team. */
function checkMove(state: State, room: Room, team: Team | undefined): void {
  if (!team || room.teamId === team.id) return;
  if (room.teamId !== undefined) throw new ApiError(400, 'A room cannot be moved from one team to another.');
  for (const personId of state.membersOfRoom.get(room.id)?.keys() ?? []) {
    if (membershipOf(state, room.id, personId)?.isModerator === true && !teamMembershipOf(state, team.id, personId)) {
      throw new ApiError(400, 'All moderators of the room must be members of the team.');
    }
  }
}

/** Unconfirmed: what of a General space can be changed by itself. Here its title and moderation are the team's. */
function checkGeneral(state: State, room: Room, title: string, isLocked: boolean): void {
  if (teamOfGeneral(state, room) && (title !== room.title || !isLocked)) throw new ApiError(400, "The title and the moderation of a team's General room cannot be changed.");
}

function update(request: ApiRequest): ApiReply {
  const { state, caller, body, params } = request;
  const { room, membership } = ownRoom(state, caller, params.roomId ?? '');
  const title = titleIn(body);
  if (room.type === 'direct') throw new ApiError(400, 'A 1:1 room cannot be updated.');
  requireOpen(room);
  requireModerator(room, membership);
  refuseUnsupported(body);
  const team = teamIn(request);
  checkMove(state, room, team);
  const isLocked = booleanField(body, 'isLocked') ?? room.isLocked;
  const isAnnouncementOnly = booleanField(body, 'isAnnouncementOnly') ?? (room.isAnnouncementOnly && isLocked);
  if (isAnnouncementOnly && !isLocked) throw new ApiError(400, 'A space can only be put into announcement mode when it is locked.');
  if (booleanField(body, 'isReadOnly') === true) throw new ApiError(403, 'Only a compliance officer can make a room read-only.');
  checkGeneral(state, room, title, isLocked);
  const description = textField(body, 'description');
  const wasLocked = room.isLocked;
  Object.assign(room, { title, isLocked, isAnnouncementOnly }, team ? { teamId: team.id } : {});
  // Webex: a single space takes the description off.
  if (description?.trim() === '') delete room.description;
  else if (description !== undefined) room.description = description.trim();
  tell(state, { resource: 'rooms', event: 'updated', actorId: caller.person.id, subject: room });
  if (isLocked && !wasLocked) setModerator(state, membership, true, caller.person.id);
  if (!isLocked && wasLocked) demoteAll(state, room, caller.person.id);
  return ok(show(state, caller, room));
}

/** An unlocked space has no moderators. */
function demoteAll(state: State, room: Room, actorId: string): void {
  for (const personId of state.membersOfRoom.get(room.id)?.keys() ?? []) {
    const membership = membershipOf(state, room.id, personId);
    if (membership) setModerator(state, membership, false, actorId);
  }
}

function remove({ state, caller, params }: ApiRequest): ApiReply {
  const { room, membership } = ownRoom(state, caller, params.roomId ?? '');
  if (room.type === 'direct') throw new ApiError(400, 'A 1:1 room cannot be deleted.');
  const general = teamOfGeneral(state, room);
  const inTeam = general && teamMembershipOf(state, general.id, caller.person.id);
  // Webex: who is no moderator of a moderated space only leaves it.
  if (room.isLocked && !membership.isModerator) {
    if (inTeam) leaveTeam(state, inTeam, caller.person.id);
    else leave(state, membership, caller.person.id);
  } else if (general) throw new ApiError(400, "A team's General room cannot be deleted.");
  else if (room.teamId !== undefined) archiveRoom(state, room, caller.person.id);
  else deleteRoom(state, room, caller.person.id);
  return noContent;
}

const READ = ['spark:rooms_read', 'spark-compliance:rooms_read', 'spark:all'];
const WRITE = ['spark:rooms_write', 'spark:all'];

export const routes: Route[] = [
  { method: 'GET', path: '/rooms', scopes: READ, roles: [], bots: true, handle: list },
  { method: 'POST', path: '/rooms', scopes: WRITE, roles: [], bots: true, handle: create },
  {
    method: 'GET', path: '/rooms/:roomId', scopes: READ, roles: [], bots: true,
    handle: ({ state, caller, params }) => ok(show(state, caller, readableRoom(state, caller, params.roomId ?? '', 'rooms'))),
  },
  { method: 'PUT', path: '/rooms/:roomId', scopes: WRITE, roles: [], bots: true, handle: update },
  { method: 'DELETE', path: '/rooms/:roomId', scopes: WRITE, roles: [], bots: true, handle: remove },
];
