import { orgOption, type Context } from '../../bot/define.js';
import { mapConcurrently } from '../../lib/concurrency.js';
import { CallerMistake } from '../../lib/errors.js';
import { decodeId, idKey, sameId } from '../../lib/ids.js';
import { count, plain, sentenceList } from '../../lib/text.js';
import { WebexRefused, WebexUnreachable } from '../../webex/errors.js';
import type { Group } from '../../webex/rest/groups.js';
import * as memberships from '../../webex/rest/memberships.js';
import type { Membership } from '../../webex/rest/memberships.js';
import * as people from '../../webex/rest/people.js';
import { all } from '../../webex/rest/parse.js';
import type { Room } from '../../webex/rest/rooms.js';
import { isBot, isOutside, memberName } from './names.js';

const READS_AT_ONCE = 16;
const NAMES_SHOWN = 2;

/** By which somebody knows whether this is the space that he means. */
export interface SpaceFacts {
  room: Room;
  /** Raw. */
  creator: string;
  /** All of them, bots too. */
  members: Membership[];
  /** The account's own; absent when it left in the meantime. */
  own: Membership | undefined;
}

/** Reads the members of each space to the last page. A space that cannot be read is named with the reason, and has no facts. */
export async function readFacts(
  context: Pick<Context, 'webex' | 'caller' | 'organization'>, rooms: readonly Room[],
): Promise<{ facts: SpaceFacts[]; unread: { room: Room; reason: string }[] }> {
  const read = await mapConcurrently(rooms, READS_AT_ONCE, async (room) => {
    try {
      return { room, members: await all(memberships.list(context.webex, room.id, { impatient: false })) };
    } catch (error) {
      return { room, reason: `its members could not be read: ${reasonOf(error)}` };
    }
  });
  const good = read.flatMap((one) => (one.members === undefined ? [] : [one]));
  const creators = await creatorsOf(context, good);
  return {
    facts: good.map(({ room, members }) => ({
      room, members, creator: creators.get(idKey(room.creatorId ?? '')) ?? 'somebody whom Webex does not show',
      own: members.find(({ personId }) => sameId(personId, context.caller.personId)),
    })),
    unread: read.flatMap((one) => (one.members === undefined ? [{ room: one.room, reason: one.reason }] : [])),
  };
}

/** Those who made the spaces, by idKey: mostly they are members, the others are asked for. */
async function creatorsOf(context: Pick<Context, 'webex' | 'caller' | 'organization'>, read: readonly { room: Room; members: Membership[] }[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const missing = new Map<string, string>();
  for (const { room, members } of read) {
    if (room.creatorId === undefined) continue;
    const { creatorId } = room;
    const member = members.find(({ personId }) => sameId(personId, creatorId));
    if (member === undefined) missing.set(idKey(creatorId), creatorId);
    else names.set(idKey(creatorId), memberName(member));
  }
  if (missing.size === 0) return names;
  try {
    const { people: found } = await people.byIds(context.webex, [...missing.values()], orgOption(context));
    for (const person of found) names.set(idKey(person.id), person.displayName);
  } catch (error) {
    // The name of who made it is a help, not a condition.
    reasonOf(error);
  }
  return names;
}

/** "made 2026-01-05 by Amy Adams; 7 people, of other organizations: Olga Petrov; no moderators; last active 2026-11-20". Foreign text cleaned. */
export function spaceInWords({ room, creator, members, own }: SpaceFacts, organization: string): string {
  const persons = members.filter((member) => !isBot(member));
  const outside = persons.filter((member) => isOutside({ organization }, member));
  const moderators = members.filter(({ isModerator }) => isModerator);
  const bots = members.length - persons.length;
  return [
    `made ${dayOf(room.created)} by ${plain(creator, 40)}`,
    `${count(persons.length, 'person', 'people')}${bots === 0 ? '' : ` and ${count(bots, 'bot')}`}, ${outside.length === 0 ? 'nobody of another organization' : `${outside.length} of other organizations: ${listed(outside)}`}`,
    moderators.length === 0 ? 'no moderators' : `${count(moderators.length, 'moderator')}: ${listed(moderators)}`,
    ...(room.isLocked && own?.isModerator !== true ? ['locked, and you are not a moderator'] : room.isLocked ? ['locked'] : []),
    `last active ${dayOf(room.lastActivity)}`,
    `id ${shortId(room.id)}`,
  ].join('; ');
}

/** "12 members; Sales of Acme; id 1a2b3c4d". */
export function groupInWords(group: Group): string {
  return [
    group.memberSize === undefined ? 'Webex does not say how many members' : count(group.memberSize, 'member'),
    ...(group.description === undefined || group.description === '' ? [] : [plain(group.description, 60)]),
    `id ${shortId(group.id)}`,
  ].join('; ');
}

/** The beginning of what an id says, by which people tell two of one name apart. */
export function shortId(id: string): string {
  return plain(decodeId(id).key.slice(0, 8));
}

/** Of the space's title when Webex cannot show it. */
export function shownTitle(room: Room): string {
  return room.unreadable.includes('title') || room.title === '' ? `Space ${shortId(room.id)}` : room.title;
}

/** Webex's reason as the rest of a sentence. Throws everything that is not Webex's or the caller's. */
export function reasonOf(error: unknown): string {
  if (error instanceof WebexRefused) return `Webex says “${plain(error.words)}”`;
  if (error instanceof WebexUnreachable || error instanceof CallerMistake) return error.message;
  throw error;
}

function dayOf(iso: string | undefined): string {
  return iso === undefined ? 'at an unknown time' : plain(iso.slice(0, 10));
}

function listed(members: readonly Membership[]): string {
  return sentenceList(members.map((member) => plain(memberName(member), 30)), NAMES_SHOWN);
}
