/** What the emulated organization holds. Plain data: a JSON file of it can be loaded (`--org`). Ids are Webex-shaped texts (ids.ts). */

export interface Organization {
  id: string;
  displayName: string;
  created: string;
}

/** A Webex Meetings site. Its name in the XML API is the first label of its host. */
export interface Site {
  siteUrl: string;
  orgId: string;
}

/** What a person is on one site. `host` needs a meeting license; an attendee may be nobody's delegate and has none. */
export interface SiteUser {
  siteUrl: string;
  accountType: 'host' | 'attendee';
  isSiteAdmin: boolean;
  isDefault: boolean;
  /** The number that SetUser answers with. */
  userId: number;
  /** Lower-case addresses of those who may schedule for this person on this site. */
  delegates: string[];
  enabledJoinBeforeHost: boolean;
  joinBeforeHostMinutes: 0 | 5 | 10 | 15;
  enabledAutoShareRecording: boolean;
  enabledWebexAssistantByDefault: boolean;
}

/** Where and how a person is called; only who holds a Webex Calling license has it. */
export interface Calling {
  locationId: string;
  /** E.164, `+12125550100`. */
  phoneNumber?: string;
  extension?: string;
}

export interface Person {
  id: string;
  type: 'person' | 'bot' | 'appuser';
  /** The first is the primary one. */
  emails: string[];
  displayName: string;
  firstName: string;
  lastName: string;
  orgId: string;
  department?: string;
  title?: string;
  /** Names of roles, as in ROLE_NAMES of roles.ts; ids are made on the way out. */
  roles: string[];
  licenses: string[];
  sites: SiteUser[];
  calling?: Calling;
  /** Of another organization, until the person accepts: license ids, and the sites where attendee. */
  pendingLicenses?: string[];
  pendingAttendeeOf?: string[];
  loginEnabled: boolean;
  invitePending: boolean;
  timezone: string;
  created: string;
  lastModified: string;
  lastActivity?: string;
  /** Made to fill the organization: not among the accounts that a person is offered. */
  generated?: true;
}

export interface License {
  id: string;
  orgId: string;
  name: string;
  /** -1: without limit. */
  totalUnits: number;
  consumedByUsers: number;
  consumedByWorkspaces: number;
  /** Absent for free licenses. */
  subscriptionId?: string;
  siteUrl?: string;
  siteType?: string;
  /** Counts that are still shown, oldest first, each until a time (ms): Webex's counts lag behind. */
  staleCounts?: { until: number; consumedByUsers: number; consumedByWorkspaces: number }[];
}

/** Where people are called. */
export interface Location {
  id: string;
  orgId: string;
  name: string;
  address: { address1: string; city: string; state?: string; postalCode: string; country: string };
  timeZone: string;
  preferredLanguage: string;
  /** Begins the numbers of this location, `+1212555`. */
  numberPrefix: string;
  /** Stands before extensions when other locations are called. */
  routingPrefix: string;
}

export interface GroupMember {
  id: string;
  type: 'user' | 'machine' | 'group';
  displayName: string;
}

export interface Group {
  id: string;
  orgId: string;
  displayName: string;
  description?: string;
  created: string;
  lastModified: string;
  /** Person ids, but machines and nested groups too. In the order they were added. */
  members: GroupMember[];
}

export interface Room {
  id: string;
  title: string;
  type: 'direct' | 'group';
  isLocked: boolean;
  isAnnouncementOnly: boolean;
  teamId?: string;
  creatorId: string;
  ownerId: string;
  created: string;
  lastActivity: string;
  description?: string;
  /** An archived space of a team. Absent for all others. */
  isReadOnly?: true;
}

/** A team. Its General space holds exactly the people of the team, and its moderators are the team's. */
export interface Team {
  id: string;
  name: string;
  description?: string;
  /** The organization of who made it: what its compliance officers may read. */
  orgId: string;
  generalRoomId: string;
  created: string;
}

export interface TeamMembership {
  id: string;
  teamId: string;
  personId: string;
  isModerator: boolean;
  created: string;
}

export interface Membership {
  id: string;
  roomId: string;
  personId: string;
  isModerator: boolean;
  isRoomHidden: boolean;
  created: string;
}

export interface StoredFile {
  id: string;
  roomId: string;
  name: string;
  contentType: string;
  bytes: Buffer;
}

export interface Message {
  id: string;
  roomId: string;
  personId: string;
  parentId?: string;
  text: string;
  markdown?: string;
  html?: string;
  /** StoredFile ids. */
  files: string[];
  mentionedPeople: string[];
  mentionedGroups: string[];
  attachments: { contentType: string; content: unknown }[];
  created: string;
  updated?: string;
  edits: number;
}

export interface AttachmentAction {
  id: string;
  type: 'submit';
  messageId: string;
  personId: string;
  roomId: string;
  inputs: Record<string, unknown>;
  created: string;
}

export interface Webhook {
  id: string;
  name: string;
  targetUrl: string;
  resource: string;
  event: string;
  filter?: string;
  secret?: string;
  status: 'active' | 'inactive';
  created: string;
  ownerId: string;
  orgId: string;
  appId: string;
  /** Times (ms) of failed deliveries of the last five minutes. */
  failures: number[];
}

/** One grant: a person's yes to an integration's scopes. */
export interface Authorization {
  id: string;
  clientId: string;
  personId: string;
  scopes: string[];
  created: string;
}

export interface Token {
  token: string;
  kind: 'access' | 'refresh';
  personId: string;
  scopes: string[];
  /** Milliseconds since 1970; Infinity for a bot's token. */
  expires: number;
  clientId: string;
  authorizationId?: string;
}

export interface Integration {
  clientId: string;
  clientSecret: string;
  name: string;
  /** Exact matches; any loopback redirect is accepted besides. */
  redirectUris: string[];
  /** What may be asked for. */
  scopes: string[];
}

export interface AuditEvent {
  id: string;
  created: string;
  actorId: string;
  actorOrgId: string;
  data: Record<string, unknown>;
}
