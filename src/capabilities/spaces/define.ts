import type { PersonRef } from '../../bot/define.js';
import type { WriteClient } from '../../webex/call.js';
import type { Membership } from '../../webex/rest/memberships.js';
import type { Room } from '../../webex/rest/rooms.js';

/** What the capability is made of. */
export interface SpacesParts {
  /** The bot's own client, for rules with `as=bot`. Commands only read with it; steps of such rules write with it. */
  bot: WriteClient;
}

/** A space follows groups: its members shall be those who are in any of them. One rule for each space. Sealed record `space-rules/<key of the space's id>`. */
export interface Rule {
  /** Six signs, made from the space's id. */
  id: string;
  /** The title is what it was when the rule was made or last confirmed; the id is what counts. */
  space: { id: string; title: string };
  groups: { id: string; name: string }[];
  /** Whether it adds, removes, or both. */
  mode: 'both' | 'add' | 'remove';
  /** Somebody is removed only after having been in none of the groups for so long. */
  graceDays: number;
  /** Whether Webex is read and changed with the account of whoever runs it, or with the bot's. */
  as: 'me' | 'bot';
  /** What happens to moderators, and to people of other organizations, who are in none of the groups. */
  moderators: 'keep' | 'follow';
  outside: 'keep' | 'follow';
  /** Who made or last changed it. */
  by: { personId: string; displayName: string };
  at: string;
}

/** Somebody who stays in a space whatever the groups say. Sealed record `space-exemptions/<key of the space or *> <key of the person>`. */
export interface Exemption {
  /** Absent: in every space. */
  space?: { id: string; title: string };
  person: PersonRef;
  /** Until then (ISO 8601); absent: always. */
  until?: string;
  by: { personId: string; displayName: string };
  at: string;
}

/** Somebody who should be in a space. */
export interface Wanted {
  personId: string;
  /** As Webex shows it with the group; raw. */
  displayName: string;
}

/** One space with its groups, read from Webex to the last page just now. */
export interface SpaceState {
  rule: Rule;
  room: Room;
  members: Membership[];
  /** The account's own membership (or the bot's, with `as=bot`). */
  own: Membership;
  /** The person whose account it is done for, also with `as=bot`. Never removed. */
  account: string;
  /** The organization whose people are no outsiders (id). */
  organization: string;
  /** By idKey of the person: everybody in any of the groups, people only. */
  wanted: ReadonlyMap<string, Wanted>;
  /** Members of the groups that are no people: machines, and groups (Webex does not say who is in them). */
  leftOut: { subject: string; reason: string }[];
  /** For a space of a team: who is in the team, by idKey of the person. */
  team: ReadonlySet<string> | undefined;
  /** Exempt here now, by idKey of the person. */
  exempt: ReadonlyMap<string, Exemption>;
  /** Since when somebody who is in the space has been in none of the groups, by idKey of the person (ISO 8601); kept from earlier runs. */
  goneSince: ReadonlyMap<string, string>;
}

/** A rule that cannot be followed now, with the reason as a sentence. It never counts as "nobody is there". */
export interface Stopped {
  rule: Rule;
  reason: string;
  /** The space or a group is not there any more: no fault that passes. */
  gone?: true;
}

/** Why somebody who is in none of the groups stays. */
export type Stays = 'bot' | 'owner' | 'moderator' | 'outside' | 'exempt' | 'grace' | 'mode';

/** What following its groups would do to one space. Pure result of plan.ts. */
export interface SpacePlan {
  state: SpaceState;
  /** Would join, by name. */
  joins: Wanted[];
  leaves: Membership[];
  stays: { member: Membership; why: Stays; until?: string }[];
  /** Would have to join the team first, so cannot be added now. */
  teamFirst: Wanted[];
}
