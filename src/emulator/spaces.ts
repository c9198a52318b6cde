import { canonicalId } from './fields.js';
import { membershipId, publicId, stableUuid } from './ids.js';
import type { Membership, Person, Room } from './model.js';
import { COMPLIANCE_OFFICER, hasAnyRole } from './roles.js';
import { ApiError, type Caller } from './route.js';
import { addMembership, membershipOf, removeMembership, teamMembershipOf, type Happening, type State } from './state.js';

/** Tells webhooks and the chat page. */
export function tell(state: State, happening: Happening): void {
  state.events.emit('happened', happening);
}

/** Whether the token reads spaces of the whole organization. Webex: compliance officers with `spark-compliance:<kind>_read`. */
export function isOfficer(caller: Caller, kind: 'rooms' | 'memberships' | 'messages' | 'teams' | 'team_memberships'): boolean {
  return caller.token.scopes.includes(`spark-compliance:${kind}_read`) && hasAnyRole(caller.person, [COMPLIANCE_OFFICER]);
}

const noRoom = (): ApiError => new ApiError(404, 'Could not find a room with provided ID.');

/** A space that the caller is in, with his membership. Throws 404 for unknown and foreign spaces alike. */
export function ownRoom(state: State, caller: Caller, given: string): { room: Room; membership: Membership } {
  const room = state.rooms.get(canonicalId('ROOM', given));
  const membership = room && membershipOf(state, room.id, caller.person.id);
  if (!room || !membership) throw noRoom();
  return { room, membership };
}

/**
 * A space that the caller may read: his own, or for a compliance officer any of his organization. Throws 404.
 * Webex: who is in a team may look at its spaces, but not at what is written in those that he is not in.
 */
export function readableRoom(state: State, caller: Caller, given: string, kind: 'rooms' | 'memberships' | 'messages'): Room {
  const room = state.rooms.get(canonicalId('ROOM', given));
  if (room && isOfficer(caller, kind) && room.ownerId === caller.person.orgId) return room;
  if (kind !== 'messages' && room?.teamId !== undefined && teamMembershipOf(state, room.teamId, caller.person.id)) return room;
  return ownRoom(state, caller, given).room;
}

/** Throws 403 where only moderators may do it: in a locked space. */
export function requireModerator(room: Room, membership: Membership): void {
  if (room.isLocked && !membership.isModerator) throw new ApiError(403, 'Only a moderator of the room can do this.');
}

/** Throws 403 for an archived space. */
export function requireOpen(room: Room): void {
  if (room.isReadOnly) throw new ApiError(403, 'The room is archived.');
}

/** The other person of a 1:1 space. */
export function otherPerson(state: State, room: Room, personId: string): Person | undefined {
  for (const id of state.membersOfRoom.get(room.id)?.keys() ?? []) if (id !== personId) return state.people.get(id);
  return undefined;
}

const directRoomId = (a: string, b: string): string => publicId('ROOM', stableUuid(`direct ${[a, b].sort().join(' ')}`));

/** The 1:1 space of two people, if they have one. */
export function findDirectRoom(state: State, a: string, b: string): Room | undefined {
  const known = state.rooms.get(directRoomId(a, b));
  if (known) return known;
  for (const room of state.rooms.values()) {
    const members = room.type === 'direct' ? state.membersOfRoom.get(room.id) : undefined;
    if (members?.has(a) && members.has(b)) return room;
  }
  return undefined;
}

/** Makes a space with its creator in it. A locked one has him as moderator. */
export function addRoom(state: State, creator: Person, wanted: Pick<Room, 'title' | 'type' | 'isLocked' | 'isAnnouncementOnly'> & { id?: string; description?: string; teamId?: string }): Room {
  const now = state.clock.iso();
  const room: Room = { id: publicId('ROOM'), ...wanted, creatorId: creator.id, ownerId: creator.orgId, created: now, lastActivity: now };
  state.rooms.set(room.id, room);
  state.membersOfRoom.set(room.id, new Map());
  state.messagesOfRoom.set(room.id, []);
  tell(state, { resource: 'rooms', event: 'created', actorId: creator.id, subject: room, audience: [creator.id] });
  join(state, room, creator, creator.id, room.isLocked);
  return room;
}

/** Makes the 1:1 space of two people. Webex: a first message is the only way to one. */
export function addDirectRoom(state: State, from: Person, to: Person): Room {
  const room = addRoom(state, from, { id: directRoomId(from.id, to.id), title: '', type: 'direct', isLocked: false, isAnnouncementOnly: false });
  join(state, room, to, from.id);
  return room;
}

/** Puts somebody into a space. */
export function join(state: State, room: Room, person: Person, actorId: string, isModerator = false): Membership {
  const membership = addMembership(state, {
    id: membershipId(person.id, room.id), roomId: room.id, personId: person.id, isModerator, isRoomHidden: false, created: state.clock.iso(),
  });
  tell(state, { resource: 'memberships', event: 'created', actorId, subject: membership });
  return membership;
}

/** Takes somebody out of a space. A space that nobody is left in is gone, but for a team's: Webex knows empty ones of these. */
export function leave(state: State, membership: Membership, actorId: string): void {
  removeMembership(state, membership);
  tell(state, { resource: 'memberships', event: 'deleted', actorId, subject: membership });
  if ((state.membersOfRoom.get(membership.roomId)?.size ?? 0) === 0 && state.rooms.get(membership.roomId)?.teamId === undefined) forget(state, membership.roomId);
}

/** Changes who moderates. */
export function setModerator(state: State, membership: Membership, isModerator: boolean, actorId: string): void {
  if (membership.isModerator === isModerator) return;
  membership.isModerator = isModerator;
  tell(state, { resource: 'memberships', event: 'updated', actorId, subject: membership });
}

/** Deletes a space with all that is in it. Each member is told of his own membership's end, then all of the space's. */
export function deleteRoom(state: State, room: Room, actorId: string): void {
  const audience = [...(state.membersOfRoom.get(room.id)?.keys() ?? [])];
  const memberships = audience.flatMap((personId) => membershipOf(state, room.id, personId) ?? []);
  for (const membership of memberships) removeMembership(state, membership);
  for (const membership of memberships) tell(state, { resource: 'memberships', event: 'deleted', actorId, subject: membership });
  forget(state, room.id);
  tell(state, { resource: 'rooms', event: 'deleted', actorId, subject: room, audience });
}

/** Webex: a space of a team is not deleted but archived. */
export function archiveRoom(state: State, room: Room, actorId: string): void {
  if (room.isReadOnly) return;
  room.isReadOnly = true;
  tell(state, { resource: 'rooms', event: 'updated', actorId, subject: room });
}

/**
 * Moves a space to another region. Webex: its id changes, and the memberships' ids with it; nobody knows the old ones any more.
 * Messages keep their ids.
 */
export function migrateRoom(state: State, room: Room, actorId: string): void {
  const old = room.id;
  const memberships = [...(state.membersOfRoom.get(old)?.keys() ?? [])].flatMap((personId) => membershipOf(state, old, personId) ?? []);
  const messages = state.messagesOfRoom.get(old) ?? [];
  for (const membership of memberships) removeMembership(state, membership);
  state.rooms.delete(old);
  state.membersOfRoom.delete(old);
  state.messagesOfRoom.delete(old);
  room.id = publicId('ROOM');
  state.rooms.set(room.id, room);
  state.messagesOfRoom.set(room.id, messages);
  for (const { id: _id, ...membership } of memberships) addMembership(state, { ...membership, id: membershipId(membership.personId, room.id), roomId: room.id });
  for (const list of [state.messages, state.files, state.actions]) for (const item of list.values()) if (item.roomId === old) item.roomId = room.id;
  for (const team of state.teams.values()) if (team.generalRoomId === old) team.generalRoomId = room.id;
  tell(state, { resource: 'rooms', event: 'migrated', actorId, subject: room });
}

function forget(state: State, roomId: string): void {
  for (const id of state.messagesOfRoom.get(roomId) ?? []) {
    for (const file of state.messages.get(id)?.files ?? []) state.files.delete(file);
    state.messages.delete(id);
  }
  state.messagesOfRoom.delete(roomId);
  state.membersOfRoom.delete(roomId);
  state.rooms.delete(roomId);
}
