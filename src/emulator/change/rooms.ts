import { z } from 'zod';
import { canonicalId } from '../fields.js';
import type { Person, Room } from '../model.js';
import { ApiError } from '../route.js';
import { addRoom, archiveRoom, deleteRoom, join, leave, migrateRoom, tell } from '../spaces.js';
import { membershipOf, teamMembershipOf, type State } from '../state.js';
import { joinTeam, leaveTeam, membersOfTeam, teamOfGeneral } from '../teams.js';
import { oneOf, personOf, type Act } from './named.js';

const addresses = z.array(z.string()).default([]);

/** `title` or, where several spaces share it, `id`. `creator` is an address, `ownerId` an organization's id. */
export const roomInput = z.strictObject({
  title: z.string().optional(), id: z.string().optional(), isLocked: z.boolean().optional(), isAnnouncementOnly: z.boolean().optional(), ownerId: z.string().optional(),
  add: addresses, remove: addresses, create: z.literal(true).optional(), creator: z.string().optional(), delete: z.literal(true).optional(), migrate: z.literal(true).optional(),
});
type Wanted = z.infer<typeof roomInput>;

/** Sets what of the space itself is wanted. Who moderates is left as it is: somebody else locked it. */
function set(state: State, actor: Person, room: Room, wanted: Wanted): void {
  const values = Object.entries({ isLocked: wanted.isLocked, isAnnouncementOnly: wanted.isAnnouncementOnly,
    ownerId: wanted.ownerId === undefined ? undefined : canonicalId('ORGANIZATION', wanted.ownerId) });
  const changed = values.filter(([name, value]) => value !== undefined && value !== room[name as keyof Room]);
  if (changed.length === 0) return;
  Object.assign(room, Object.fromEntries(changed));
  tell(state, { resource: 'rooms', event: 'updated', actorId: actor.id, subject: room });
}

/** Adds to a space; to one of a team by way of the team. */
function add(state: State, actor: Person, room: Room, person: Person): void {
  const team = room.teamId === undefined ? undefined : state.teams.get(room.teamId);
  if (team && !teamMembershipOf(state, team.id, person.id)) joinTeam(state, team, person, actor.id);
  if (!membershipOf(state, room.id, person.id)) join(state, room, person, actor.id);
}

/** Takes out of a space; out of a General space by way of the team. */
function remove(state: State, actor: Person, room: Room, person: Person): void {
  const membership = membershipOf(state, room.id, person.id);
  const team = teamOfGeneral(state, room);
  const inTeam = team && teamMembershipOf(state, team.id, person.id);
  if (inTeam) leaveTeam(state, inTeam, actor.id);
  else if (membership) leave(state, membership, actor.id);
}

function checkModeratorsLeft(state: State, room: Room, gone: readonly Person[]): void {
  const team = teamOfGeneral(state, room);
  if (!team || gone.length === 0) return;
  const ids = new Set(gone.map(({ id }) => id));
  if (![...membersOfTeam(state, team.id)].some(({ personId, isModerator }) => isModerator && !ids.has(personId))) throw new ApiError(400, 'A team keeps a moderator.');
}

function check(state: State, wanted: Wanted, room: Room | undefined): void {
  if (wanted.ownerId !== undefined && !state.organizations.has(canonicalId('ORGANIZATION', wanted.ownerId))) throw new ApiError(400, `There is no organization ${wanted.ownerId}.`);
  if ((wanted.isAnnouncementOnly ?? room?.isAnnouncementOnly) === true && !(wanted.isLocked ?? room?.isLocked)) throw new ApiError(400, 'Only a locked space is for announcements.');
}

/** Finds what a change of a space names. Throws 400. */
export function changeRoom(state: State, actor: Person, wanted: Wanted): Act {
  const toAdd = wanted.add.map((email) => personOf(state, email));
  const toRemove = wanted.remove.map((email) => personOf(state, email));
  const finish = (room: Room): string => {
    set(state, actor, room, wanted);
    for (const person of toAdd) add(state, actor, room, person);
    for (const person of toRemove) remove(state, actor, room, person);
    if (wanted.migrate) migrateRoom(state, room, actor.id);
    if (wanted.delete && room.teamId !== undefined && !teamOfGeneral(state, room)) archiveRoom(state, room, actor.id);
    else if (wanted.delete) deleteRoom(state, room, actor.id);
    return room.id;
  };
  if (wanted.create) {
    const title = wanted.title?.trim();
    if (!title || wanted.id !== undefined || wanted.delete || wanted.creator === undefined) throw new ApiError(400, 'A space to create has a title and a creator, no id, and is not deleted.');
    check(state, wanted, undefined);
    const creator = personOf(state, wanted.creator);
    return () => finish(addRoom(state, creator, { title, type: 'group', isLocked: wanted.isLocked ?? false, isAnnouncementOnly: wanted.isAnnouncementOnly ?? false }));
  }
  if (wanted.creator !== undefined) throw new ApiError(400, 'Only a space to create has a creator.');
  const room = oneOf('ROOM', state.rooms.values(), wanted.id, wanted.title, ({ title }) => title);
  check(state, wanted, room);
  if (wanted.delete && teamOfGeneral(state, room)) throw new ApiError(400, "A team's General space cannot be deleted.");
  checkModeratorsLeft(state, room, toRemove);
  return () => finish(room);
}
