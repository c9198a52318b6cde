import { canonicalId } from './fields.js';
import { publicId, teamMembershipId } from './ids.js';
import type { Person, Room, Team, TeamMembership } from './model.js';
import { ApiError, type Caller } from './route.js';
import { addRoom, deleteRoom, isOfficer, join, leave, setModerator, tell } from './spaces.js';
import { membershipOf, teamMembershipOf, type State } from './state.js';

/** A team that the caller is in, with his membership. Throws 404 for unknown and foreign teams alike. */
export function ownTeam(state: State, caller: Caller, given: string): { team: Team; membership: TeamMembership } {
  const team = state.teams.get(canonicalId('TEAM', given));
  const membership = team && teamMembershipOf(state, team.id, caller.person.id);
  if (!team || !membership) throw new ApiError(404, 'Could not find a team with provided ID.');
  return { team, membership };
}

/** A team that the caller may read: his own, or for a compliance officer any of his organization. Throws 404. */
export function readableTeam(state: State, caller: Caller, given: string, kind: 'teams' | 'team_memberships'): Team {
  const team = state.teams.get(canonicalId('TEAM', given));
  if (team && isOfficer(caller, kind) && team.orgId === caller.person.orgId) return team;
  return ownTeam(state, caller, given).team;
}

/** Throws 403 for who does not moderate the team. */
export function requireTeamModerator(membership: TeamMembership): void {
  if (!membership.isModerator) throw new ApiError(403, 'Only a moderator of the team can do this.');
}

/** The team whose General space this is. */
export function teamOfGeneral(state: State, room: Room): Team | undefined {
  const team = room.teamId === undefined ? undefined : state.teams.get(room.teamId);
  return team?.generalRoomId === room.id ? team : undefined;
}

export function* membersOfTeam(state: State, teamId: string): Generator<TeamMembership> {
  for (const membership of state.teamMemberships.values()) if (membership.teamId === teamId) yield membership;
}

/** Makes a team and its General space, which is called as the team is. Who makes it moderates both. */
export function addTeam(state: State, creator: Person, wanted: Pick<Team, 'name'> & { description?: string }): Team {
  const id = publicId('TEAM');
  const room = addRoom(state, creator, { title: wanted.name, type: 'group', isLocked: true, isAnnouncementOnly: false, teamId: id });
  const team: Team = { id, ...wanted, orgId: creator.orgId, generalRoomId: room.id, created: state.clock.iso() };
  state.teams.set(id, team);
  tell(state, { resource: 'teams', event: 'created', actorId: creator.id, subject: team });
  joinTeam(state, team, creator, creator.id, true);
  return team;
}

/** Puts somebody into a team and so into its General space. */
export function joinTeam(state: State, team: Team, person: Person, actorId: string, isModerator = false): TeamMembership {
  const membership: TeamMembership = { id: teamMembershipId(person.id, team.id), teamId: team.id, personId: person.id, isModerator, created: state.clock.iso() };
  state.teamMemberships.set(membership.id, membership);
  tell(state, { resource: 'teamMemberships', event: 'created', actorId, subject: membership });
  const general = state.rooms.get(team.generalRoomId);
  if (general && !membershipOf(state, general.id, person.id)) join(state, general, person, actorId, isModerator);
  return membership;
}

/** Throws 400 for the last moderator of a team: without him nobody could add or remove anybody. */
export function requireOtherModerator(state: State, membership: TeamMembership): void {
  if (!membership.isModerator) return;
  for (const other of membersOfTeam(state, membership.teamId)) if (other !== membership && other.isModerator) return;
  throw new ApiError(400, 'The last moderator of a team cannot be removed: promote another user to team moderator first.');
}

/** Takes somebody out of a team and of all its spaces. Throws 400 for the last moderator. */
export function leaveTeam(state: State, membership: TeamMembership, actorId: string): void {
  requireOtherModerator(state, membership);
  state.teamMemberships.delete(membership.id);
  tell(state, { resource: 'teamMemberships', event: 'deleted', actorId, subject: membership });
  for (const room of [...state.rooms.values()]) {
    const inside = room.teamId === membership.teamId ? membershipOf(state, room.id, membership.personId) : undefined;
    if (inside) leave(state, inside, actorId);
  }
}

/** Changes who moderates a team and so its General space. Throws 400 when the last one would be none any more. */
export function setTeamModerator(state: State, membership: TeamMembership, isModerator: boolean, actorId: string): void {
  if (membership.isModerator === isModerator) return;
  requireOtherModerator(state, membership);
  membership.isModerator = isModerator;
  tell(state, { resource: 'teamMemberships', event: 'updated', actorId, subject: membership });
  const general = membershipOf(state, state.teams.get(membership.teamId)?.generalRoomId ?? '', membership.personId);
  if (general) setModerator(state, general, isModerator, actorId);
}

/** Deletes a team with its spaces. */
export function deleteTeam(state: State, team: Team, actorId: string): void {
  for (const membership of [...membersOfTeam(state, team.id)]) state.teamMemberships.delete(membership.id);
  state.teams.delete(team.id);
  for (const room of [...state.rooms.values()]) if (room.teamId === team.id) deleteRoom(state, room, actorId);
  tell(state, { resource: 'teams', event: 'deleted', actorId, subject: team });
}
