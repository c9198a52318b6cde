import { booleanField, canonicalId, textField } from '../fields.js';
import { publicId } from '../ids.js';
import type { Membership, Person, Room } from '../model.js';
import { filtered, page } from '../paging.js';
import { ApiError, noContent, ok, type ApiReply, type ApiRequest, type Caller, type Route } from '../route.js';
import { isOfficer, join, leave, ownRoom, readableRoom, requireModerator, setModerator, tell } from '../spaces.js';
import { addPerson, membershipOf, personByEmail, type State } from '../state.js';

/** A space with more members than this has an empty page in its list. Webex: hidden members are taken out after paging. */
const HIDDEN_FROM = 1000;

/** The organization of people whom no organization has claimed, as Webex spells it. */
const CONSUMERS = publicId('ORGANIZATION', 'consumer');

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
  if (person !== undefined) return page(request, person === null ? [] : filtered([membershipOf(state, room.id, person.id)], Boolean) as Iterable<Membership>, show);
  if ((state.membersOfRoom.get(room.id)?.size ?? 0) <= HIDDEN_FROM) return page(request, membersOf(state, room), show);
  const size = Math.min(Number(query.get('max') ?? 100), 1000);
  const reply = page(request, withHiddenPage(size, membersOf(state, room)), (membership) => membership && show(membership));
  return { ...reply, body: { items: (reply.body as { items: unknown[] }).items.filter((item) => item !== undefined) } };
}

/** A membership that the caller may see. Throws 404. */
function visible({ state, caller, params }: ApiRequest): { membership: Membership; room: Room } {
  const membership = state.memberships.get(canonicalId('MEMBERSHIP', params.membershipId ?? ''));
  if (!membership) throw new ApiError(404, 'Failed to get membership.');
  return { membership, room: readableRoom(state, caller, membership.roomId, 'memberships') };
}

function wantedPerson(state: State, body: Record<string, unknown>): Person | string {
  const id = textField(body, 'personId');
  const email = textField(body, 'personEmail')?.trim();
  if (id === undefined && !email) throw new ApiError(400, 'Must specify either personId or personEmail.');
  if (id !== undefined) {
    const person = state.people.get(canonicalId('PEOPLE', id));
    if (!person) throw new ApiError(404, 'Could not find a person with provided ID.');
    return person;
  }
  if (!/^[^\s@]+@[^\s@]+$/.test(email ?? '')) throw new ApiError(400, 'Invalid email address.');
  return personByEmail(state, email ?? '') ?? (email ?? '').toLowerCase();
}

/** Webex: an address that nobody has is invited, and is in the space from then on. */
function invite(state: State, email: string): Person {
  const now = state.clock.iso();
  return addPerson(state, {
    id: publicId('PEOPLE'), type: 'person', emails: [email], displayName: email, firstName: '', lastName: '', orgId: CONSUMERS, roles: [], licenses: [], sites: [],
    loginEnabled: true, invitePending: true, timezone: 'Etc/UTC', created: now, lastModified: now,
  });
}

/** Throws 400 for a moderator in a space that is not moderated. */
function requireLocked(room: Room, isModerator: boolean): void {
  if (isModerator && !room.isLocked) throw new ApiError(400, 'The room is not moderated: lock it first.');
}

function create({ state, caller, body }: ApiRequest): ApiReply {
  const roomId = textField(body, 'roomId');
  if (roomId === undefined) throw new ApiError(400, 'roomId cannot be null');
  const wanted = wantedPerson(state, body);
  const isModerator = booleanField(body, 'isModerator') ?? false;
  const { room, membership } = ownRoom(state, caller, roomId);
  if (room.type === 'direct') throw new ApiError(400, 'Nobody can be added to a 1:1 room.');
  if (typeof wanted !== 'string' && membershipOf(state, room.id, wanted.id)) throw new ApiError(409, 'Person is already in the room.');
  requireModerator(room, membership);
  requireLocked(room, isModerator);
  const person = typeof wanted === 'string' ? invite(state, wanted) : wanted;
  return ok(showMembership(state, join(state, room, person, caller.person.id, isModerator)));
}

/** The caller's own membership of the space that a membership is of. Webex: compliance scopes only read here. */
function ownOf(state: State, caller: Caller, room: Room): Membership {
  return ownRoom(state, caller, room.id).membership;
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
    requireLocked(room, isModerator);
    requireModerator(room, own);
    setModerator(state, membership, isModerator, caller.person.id);
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
  if (own !== membership) requireModerator(room, own);
  leave(state, membership, caller.person.id);
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
