import { EventEmitter } from 'node:events';
import type { Clock } from '../lib/clock.js';
import { teamMembershipId } from './ids.js';
import type {
  AttachmentAction, AuditEvent, Authorization, Group, Integration, License, Location, Membership, Message, Organization, Person, Room, Site,
  StoredFile, Team, TeamMembership, Token, Webhook,
} from './model.js';

/** Something that happened and that webhooks and the chat page are told of. */
export interface Happening {
  resource: 'messages' | 'memberships' | 'rooms' | 'attachmentActions' | 'delegates' | 'people' | 'groups' | 'licenses' | 'teams' | 'teamMemberships';
  event: 'created' | 'updated' | 'deleted' | 'migrated';
  /** The person whose token did it. */
  actorId: string;
  /** The thing itself, as stored (before it was deleted). */
  subject: unknown;
  /** Ids of the people who are told, where the state does not say it: of a space that is not there yet or is gone. */
  audience?: readonly string[];
}

/** The whole emulated Webex: maps by id, plus the two indexes that large organizations need. Insertion order is the order of lists. */
export interface State {
  clock: Clock;
  organizations: Map<string, Organization>;
  sites: Map<string, Site>;
  people: Map<string, Person>;
  /** Lower-case address → person id, all addresses of all people. */
  peopleByEmail: Map<string, string>;
  licenses: Map<string, License>;
  /** How long counts of licenses stay as they were after a change, in milliseconds. */
  licenseLagMs: number;
  locations: Map<string, Location>;
  groups: Map<string, Group>;
  rooms: Map<string, Room>;
  memberships: Map<string, Membership>;
  teams: Map<string, Team>;
  /** By the id that person and team give. */
  teamMemberships: Map<string, TeamMembership>;
  /** Room id → person id → membership id. */
  membersOfRoom: Map<string, Map<string, string>>;
  messages: Map<string, Message>;
  /** Room id → message ids, oldest first. */
  messagesOfRoom: Map<string, string[]>;
  files: Map<string, StoredFile>;
  actions: Map<string, AttachmentAction>;
  webhooks: Map<string, Webhook>;
  authorizations: Map<string, Authorization>;
  tokens: Map<string, Token>;
  integrations: Map<string, Integration>;
  audit: AuditEvent[];
  /** Emits `happened` with a Happening, and `reset` after everything went back to the seed. */
  events: EventEmitter<{ happened: [Happening]; reset: [] }>;
}

/** An empty Webex. */
export function emptyState(clock: Clock): State {
  return {
    clock,
    organizations: new Map(), sites: new Map(), people: new Map(), peopleByEmail: new Map(), licenses: new Map(), licenseLagMs: 0, locations: new Map(), groups: new Map(),
    rooms: new Map(), memberships: new Map(), teams: new Map(), teamMemberships: new Map(), membersOfRoom: new Map(), messages: new Map(), messagesOfRoom: new Map(), files: new Map(),
    actions: new Map(), webhooks: new Map(), authorizations: new Map(), tokens: new Map(), integrations: new Map(), audit: [],
    events: new EventEmitter(),
  };
}

export function addPerson(state: State, person: Person): Person {
  state.people.set(person.id, person);
  for (const email of person.emails) state.peopleByEmail.set(email.toLowerCase(), person.id);
  return person;
}

export function addMembership(state: State, membership: Membership): Membership {
  state.memberships.set(membership.id, membership);
  const members = state.membersOfRoom.get(membership.roomId) ?? new Map<string, string>();
  members.set(membership.personId, membership.id);
  state.membersOfRoom.set(membership.roomId, members);
  return membership;
}

export function removeMembership(state: State, membership: Membership): void {
  state.memberships.delete(membership.id);
  state.membersOfRoom.get(membership.roomId)?.delete(membership.personId);
}

export function membershipOf(state: State, roomId: string, personId: string): Membership | undefined {
  const id = state.membersOfRoom.get(roomId)?.get(personId);
  return id === undefined ? undefined : state.memberships.get(id);
}

export function teamMembershipOf(state: State, teamId: string, personId: string): TeamMembership | undefined {
  return state.teamMemberships.get(teamMembershipId(personId, teamId));
}

export function personByEmail(state: State, email: string): Person | undefined {
  const id = state.peopleByEmail.get(email.trim().toLowerCase());
  return id === undefined ? undefined : state.people.get(id);
}
