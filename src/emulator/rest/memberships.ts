import { booleanField, canonicalId, textField } from '../fields.js';
import { invite, wantedPerson } from '../invite.js';
import type { Membership, Person, Room, TeamMembership } from '../model.js';
import { filtered, page } from '../paging.js';
import { ApiError, noContent, ok, type ApiReply, type ApiRequest, type Caller, type Route } from '../route.js';
import { isOfficer, join, leave, ownRoom, readableRoom, requireModerator, requireOpen, setModerator, tell } from '../spaces.js';
import { membershipOf, personByEmail, teamMembershipOf, type State } from '../state.js';
import { leaveTeam, setTeamModerator, teamOfGeneral } from '../teams.js';

/** A space with more members than this has an empty page in its list. Webex: hidden members are taken out after paging. */
const HIDDEN_FROM = 1000;

/** A membership as REST shows it. */
export function showMembership(state: State, membership: Membership): Record<string, unknown> {
  const person = state.people.get(membership.personId);
  return {
    id: membership.id, roomId: membership.roomId, personId: membership.personId, personEmail: person?.emails[0], personDisplayName: person?.displayName,
    personOrgId: person?.orgId, isModerator: membership.isModerator, isRoomHidden: membership.isRoomHidden, roomType: state.rooms.get(membership.roomId)?.type,
    isMonitor: false, created: membership.created,
  };
}

/** The person that a query names, null when it names nobody known, undefined when it names none. */
function personIn({ state, query }: ApiRequest): Person | null | undefined {
  const id = query.get('personId');
  const email = query.get('personEmail');
  if (id === null && email === null) return undefined;
  return (id !== null ? state.people.get(canonicalId('PEOPLE', id)) : personByEmail(state, email ?? '')) ?? null;
}

function* membersOf(state: State, room: Room): Generator<Membership> {
  for (const personId of state.membersOfRoom.get(room.id)?.keys() ?? []) {
    const membership = membershipOf(state, room.id, personId);
    if (membership) yield membership;
  }
}

/** The second page of a very large space is empty, and yet not the last. */
function* withHiddenPage(size: number, all: Iterable<Membership>): Generator<Membership | undefined> {
  let at = 0;
  for (const item of all) {
    if (at === size) for (let hidden = 0; hidden < size; hidden += 1) yield undefined;
    yield item;
    at += 1;
  }
}

/**
 * Which memberships of a space that he may read the caller sees.
 * Webex: somebody who is only in the team sees just the moderators of a moderated space of it.
 */
function seen(state: State, caller: Caller, room: Room): (membership: Membership) => boolean {
  const onlyModerators = room.isLocked && !membershipOf(state, room.id, caller.person.id) && !isOfficer(caller, 'memberships');
  return ({ isModerator }) => isModerator || !onlyModerators;
}

function list(request: ApiRequest): ApiReply {
  const { state, caller, query } = request;
  const roomId = query.get('roomId');
  const person = personIn(request);
  const show = (membership: Membership): unknown => showMembership(state, membership);
  if (roomId === null) {
    if (person !== undefined && !isOfficer(caller, 'memberships')) throw new ApiError(400, "'roomId' is required with 'personId' or 'personEmail'.");
    const id = person === undefined ? caller.person.id : person?.id;
    return page(request, filtered(state.memberships.values(), (membership) => membership.personId === id
      && (person === undefined || state.rooms.get(membership.roomId)?.ownerId === caller.person.orgId)), show);
  }
  const room = readableRoom(state, caller, roomId, 'memberships');
  const shown = filtered(membersOf(state, room), seen(state, caller, room));
  if (person !== undefined) return page(request, filtered(shown, ({ personId }) => personId === person?.id), show);
  if ((state.membersOfRoom.get(room.id)?.size ?? 0) <= HIDDEN_FROM) return page(request, shown, show);
  const size = Math.min(Number(query.get('max') ?? 100), 1000);
  const reply = page(request, withHiddenPage(size, shown), (membership) => membership && show(membership));
  return { ...reply, body: { items: (reply.body as { items: unknown[] }).items.filter((item) => item !== undefined) } };
}

/** A membership that the caller may see. Throws 404. */
function visible({ state, caller, params }: ApiRequest): { membership: Membership; room: Room } {
  const membership = state.memberships.get(canonicalId('MEMBERSHIP', params.membershipId ?? ''));
  if (!membership) throw new ApiError(404, 'Failed to get membership.');
  const room = readableRoom(state, caller, membership.roomId, 'memberships');
  if (!seen(state, caller, room)(membership)) throw new ApiError(404, 'Failed to get membership.');
  return { membership, room };
}

/** Throws 400 for a moderator in a space that is not moderated. */
function requireLocked(room: Room, isModerator: boolean): void {
  if (isModerator && !room.isLocked) throw new ApiError(400, 'The room is not moderated: lock it first.');
}

/** Throws 403 for somebody who is not in the space's team. Unconfirmed: the text, and that Webex does not let moderators do it. */
function requireInTeam(state: State, room: Room, wanted: Person | string): void {
  if (room.teamId === undefined || (typeof wanted !== 'string' && teamMembershipOf(state, room.teamId, wanted.id))) return;
  throw new ApiError(403, 'Person must be a member of the team to be added to a room of the team.');
}

function create({ state, caller, body }: ApiRequest): ApiReply {
  const roomId = textField(body, 'roomId');
  if (roomId === undefined) throw new ApiError(400, 'roomId cannot be null');
  const wanted = wantedPerson(state, body);
  const isModerator = booleanField(body, 'isModerator') ?? false;
  const { room, membership } = ownRoom(state, caller, roomId);
  if (room.type === 'direct') throw new ApiError(400, 'Nobody can be added to a 1:1 room.');
  if (typeof wanted !== 'string' && membershipOf(state, room.id, wanted.id)) throw new ApiError(409, 'Person is already in the room.');
  requireOpen(room);
  requireModerator(room, membership);
  requireLocked(room, isModerator);
  requireInTeam(state, room, wanted);
  const person = typeof wanted === 'string' ? invite(state, wanted) : wanted;
  return ok(showMembership(state, join(state, room, person, caller.person.id, isModerator)));
}

/** The caller's own membership of the space that a membership is of. Webex: compliance scopes only read here. */
function ownOf(state: State, caller: Caller, room: Room): Membership {
  return ownRoom(state, caller, room.id).membership;
}

/** The team membership that a membership of a General space stands for. Unconfirmed: here both end, and are moderators', together. */
function ofTeam(state: State, room: Room, { personId }: Membership): TeamMembership | undefined {
  const team = teamOfGeneral(state, room);
  return team && teamMembershipOf(state, team.id, personId);
}

function update(request: ApiRequest): ApiReply {
  const { state, caller, body } = request;
  const { membership, room } = visible(request);
  const own = ownOf(state, caller, room);
  const isModerator = booleanField(body, 'isModerator');
  const isRoomHidden = booleanField(body, 'isRoomHidden');
  if (isModerator === undefined && isRoomHidden === undefined) throw new ApiError(400, 'isModerator cannot be null');
  if (isRoomHidden === true && room.type !== 'direct') throw new ApiError(400, 'Only a 1:1 room can be hidden.');
  if (isRoomHidden !== undefined && isRoomHidden !== membership.isRoomHidden && own !== membership) throw new ApiError(403, 'A room can be hidden only for oneself.');
  if (isModerator !== undefined && isModerator !== membership.isModerator) {
    if (room.type === 'direct') throw new ApiError(400, 'A 1:1 room has no moderators.');
    requireOpen(room);
    requireLocked(room, isModerator);
    requireModerator(room, own);
    const inTeam = ofTeam(state, room, membership);
    if (inTeam) setTeamModerator(state, inTeam, isModerator, caller.person.id);
    else setModerator(state, membership, isModerator, caller.person.id);
  }
  if (isRoomHidden !== undefined && isRoomHidden !== membership.isRoomHidden) {
    membership.isRoomHidden = isRoomHidden;
    tell(state, { resource: 'memberships', event: 'updated', actorId: caller.person.id, subject: membership });
  }
  return ok(showMembership(state, membership));
}

function remove(request: ApiRequest): ApiReply {
  const { state, caller } = request;
  const { membership, room } = visible(request);
  const own = ownOf(state, caller, room);
  if (room.type === 'direct') throw new ApiError(400, 'Nobody can be removed from a 1:1 room.');
  if (own !== membership) {
    requireOpen(room);
    requireModerator(room, own);
  }
  const inTeam = ofTeam(state, room, membership);
  if (inTeam) leaveTeam(state, inTeam, caller.person.id);
  else leave(state, membership, caller.person.id);
  return noContent;
}

const READ = ['spark:memberships_read', 'spark-compliance:memberships_read', 'spark:all'];
const WRITE = ['spark:memberships_write', 'spark:all'];

export const routes: Route[] = [
  { method: 'GET', path: '/memberships', scopes: READ, roles: [], bots: true, handle: list },
  { method: 'POST', path: '/memberships', scopes: WRITE, roles: [], bots: true, handle: create },
  {
    method: 'GET', path: '/memberships/:membershipId', scopes: READ, roles: [], bots: true,
    handle: (request) => ok(showMembership(request.state, visible(request).membership)),
  },
  { method: 'PUT', path: '/memberships/:membershipId', scopes: WRITE, roles: [], bots: true, handle: update },
  { method: 'DELETE', path: '/memberships/:membershipId', scopes: WRITE, roles: [], bots: true, handle: remove },
];
