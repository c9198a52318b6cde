import { z } from 'zod';
import { membershipId, publicId, stableUuid, teamMembershipId } from '../ids.js';
import type { Group, License, Location, Membership, Message, Organization, Person, Room, Site, Team, TeamMembership } from '../model.js';
import type { State } from '../state.js';
import { SEEDED, stewardBot } from './organization.js';

/** An organization as plain lists: what the seed makes, what `GET /_emulator/state` shows and what `--org` reads. */
export interface OrganizationFile {
  organizations: Organization[];
  sites: Site[];
  people: Person[];
  licenses: License[];
  locations: Location[];
  groups: Group[];
  rooms: Room[];
  memberships: Membership[];
  messages: Message[];
  teams: Team[];
  teamMemberships: TeamMembership[];
}

const when = z.string().default(SEEDED);
const siteUser = z.object({
  siteUrl: z.string(), accountType: z.enum(['host', 'attendee']).default('host'), isSiteAdmin: z.boolean().default(false), isDefault: z.boolean().default(false),
  userId: z.number().default(500_000), delegates: z.array(z.string().toLowerCase()).default([]), enabledJoinBeforeHost: z.boolean().default(false),
  joinBeforeHostMinutes: z.union([z.literal(0), z.literal(5), z.literal(10), z.literal(15)]).default(0),
  enabledAutoShareRecording: z.boolean().default(false), enabledWebexAssistantByDefault: z.boolean().default(false),
});
const person = z.object({
  id: z.string().optional(), type: z.enum(['person', 'bot', 'appuser']).default('person'), emails: z.array(z.string()).min(1), displayName: z.string(),
  firstName: z.string().default(''), lastName: z.string().default(''), orgId: z.string().optional(), department: z.string().optional(), title: z.string().optional(),
  roles: z.array(z.string()).default([]), licenses: z.array(z.string()).default([]), sites: z.array(siteUser).default([]),
  calling: z.object({ locationId: z.string(), phoneNumber: z.string().optional(), extension: z.string().optional() }).optional(),
  pendingLicenses: z.array(z.string()).optional(), pendingAttendeeOf: z.array(z.string()).optional(), loginEnabled: z.boolean().default(true),
  invitePending: z.boolean().default(false), timezone: z.string().default('Etc/UTC'), created: when, lastModified: when, lastActivity: z.string().optional(),
  generated: z.literal(true).optional(),
});
const license = z.object({
  id: z.string(), orgId: z.string().optional(), name: z.string(), totalUnits: z.number(), consumedByUsers: z.number().default(0), consumedByWorkspaces: z.number().default(0),
  subscriptionId: z.string().optional(), siteUrl: z.string().optional(), siteType: z.string().optional(),
});
const location = z.object({
  id: z.string().optional(), orgId: z.string().optional(), name: z.string(), timeZone: z.string().default('Etc/UTC'), preferredLanguage: z.string().default('en_us'),
  address: z.object({ address1: z.string(), city: z.string(), state: z.string().optional(), postalCode: z.string(), country: z.string() })
    .default({ address1: '', city: '', postalCode: '', country: 'US' }),
  numberPrefix: z.string().default('+'), routingPrefix: z.string().default(''),
});
const group = z.object({
  id: z.string().optional(), orgId: z.string().optional(), displayName: z.string(), description: z.string().optional(), created: when, lastModified: when,
  /** Addresses stand for people. */
  members: z.array(z.union([z.string(), z.object({ id: z.string(), type: z.enum(['user', 'machine', 'group']), displayName: z.string() })])).default([]),
});
const room = z.object({
  id: z.string().optional(), title: z.string(), type: z.enum(['direct', 'group']).default('group'), isLocked: z.boolean().default(false), isAnnouncementOnly: z.boolean().default(false),
  teamId: z.string().optional(), creatorId: z.string().optional(), ownerId: z.string().optional(), created: when, lastActivity: z.string().optional(), description: z.string().optional(),
  isReadOnly: z.literal(true).optional(),
});
const membership = z.object({
  id: z.string().optional(), roomId: z.string(), personId: z.string(), isModerator: z.boolean().default(false), isRoomHidden: z.boolean().default(false), created: when,
});
const message = z.object({
  id: z.string(), roomId: z.string(), personId: z.string(), parentId: z.string().optional(), text: z.string(), markdown: z.string().optional(), html: z.string().optional(),
  mentionedPeople: z.array(z.string()).default([]), mentionedGroups: z.array(z.string()).default([]),
  attachments: z.array(z.object({ contentType: z.string(), content: z.unknown() })).default([]), created: z.string(), updated: z.string().optional(), edits: z.number().default(0),
});
const team = z.object({ id: z.string(), name: z.string(), description: z.string().optional(), orgId: z.string().optional(), generalRoomId: z.string(), created: when });
const teamMembership = z.object({ teamId: z.string(), personId: z.string(), isModerator: z.boolean().default(false), created: when });
const file = z.object({
  organizations: z.array(z.object({ id: z.string(), displayName: z.string(), created: when })).min(1),
  sites: z.array(z.object({ siteUrl: z.string(), orgId: z.string().optional() })).default([]),
  people: z.array(person), licenses: z.array(license).default([]), locations: z.array(location).default([]), groups: z.array(group).default([]), rooms: z.array(room).default([]),
  memberships: z.array(membership).default([]), messages: z.array(message).default([]),
  teams: z.array(team).default([]), teamMemberships: z.array(teamMembership).default([]),
});

/** Leaves out what is undefined, as exact optional properties want it. */
function compact(value: object): unknown {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined));
}

/**
 * Reads such lists from JSON. Only `organizations` (id, displayName) and `people` (emails, displayName) are needed;
 * what has no organization is the first one's; group members may be addresses; without a bot the bot "Steward" is added.
 * Files of messages are not part of it. Throws a ZodError that names what is wrong.
 */
export function readOrganization(text: string, now: number): OrganizationFile {
  const read = file.parse(JSON.parse(text));
  const orgId = read.organizations[0]?.id ?? '';
  const idOf = (email: string): string => publicId('PEOPLE', stableUuid(`person ${email.toLowerCase()}`));
  const people = read.people.map((item) => compact({ ...item, id: item.id ?? idOf(item.emails[0] ?? ''), orgId: item.orgId ?? orgId }) as Person);
  if (!people.some((item) => item.type === 'bot')) people.push(stewardBot(orgId));
  const byEmail = new Map(people.map((item) => [(item.emails[0] ?? '').toLowerCase(), item]));
  const member = (item: string | Group['members'][number]): Group['members'] => {
    if (typeof item !== 'string') return [item];
    const found = byEmail.get(item.toLowerCase());
    if (!found) throw new Error(`A group names ${item}, who is not among the people.`);
    return [{ id: found.id, type: 'user', displayName: found.displayName }];
  };
  return {
    organizations: read.organizations,
    sites: read.sites.map((item) => ({ siteUrl: item.siteUrl, orgId: item.orgId ?? orgId })),
    people,
    licenses: read.licenses.map((item) => compact({ ...item, orgId: item.orgId ?? orgId }) as License),
    locations: read.locations.map((item) => compact({ ...item, id: item.id ?? publicId('LOCATION', stableUuid(`location ${item.name}`)), orgId: item.orgId ?? orgId }) as Location),
    groups: read.groups.map((item) => compact({ ...item, id: item.id ?? publicId('SCIM_GROUP', `${stableUuid(`group ${item.displayName}`)}:${stableUuid(orgId)}`),
      orgId: item.orgId ?? orgId, members: item.members.flatMap(member) }) as Group),
    rooms: read.rooms.map((item) => compact({ ...item, id: item.id ?? publicId('ROOM', stableUuid(`room ${item.title}`)), creatorId: item.creatorId ?? people[0]?.id ?? '',
      ownerId: item.ownerId ?? orgId, lastActivity: item.lastActivity ?? new Date(now).toISOString() }) as Room),
    memberships: read.memberships.map((item) => ({ ...item, id: item.id ?? membershipId(item.personId, item.roomId) })),
    teams: read.teams.map((item) => compact({ ...item, orgId: item.orgId ?? orgId }) as Team),
    teamMemberships: read.teamMemberships.map((item) => ({ ...item, id: teamMembershipId(item.personId, item.teamId) })),
    messages: read.messages.map((item) => compact({ ...item, files: [] }) as Message),
  };
}

/** The same lists from a live state, with webhooks, authorizations and audit events besides. No tokens, no secrets. */
export function shownState(state: State): unknown {
  const all = <T>(map: Map<string, T>): T[] => [...map.values()];
  return {
    organizations: all(state.organizations), sites: all(state.sites), people: all(state.people), licenses: all(state.licenses), locations: all(state.locations), groups: all(state.groups),
    rooms: all(state.rooms), memberships: all(state.memberships), messages: all(state.messages), teams: all(state.teams), teamMemberships: all(state.teamMemberships),
    files: all(state.files).map(({ bytes, ...file }) => ({ ...file, size: bytes.length })), attachmentActions: all(state.actions),
    webhooks: all(state.webhooks).map(({ secret: _secret, ...webhook }) => webhook), authorizations: all(state.authorizations), audit: state.audit,
    delegates: all(state.people).flatMap((person) => person.sites.filter((site) => site.delegates.length > 0)
      .map((site) => ({ host: person.emails[0] ?? '', site: site.siteUrl, delegates: site.delegates }))),
  };
}
