import type { Context } from '../../bot/define.js';
import { idKey } from '../../lib/ids.js';
import { count, plain } from '../../lib/text.js';
import { WebexRefused } from '../../webex/errors.js';
import type { Group } from '../../webex/rest/groups.js';
import * as memberships from '../../webex/rest/memberships.js';
import type { Membership } from '../../webex/rest/memberships.js';
import * as people from '../../webex/rest/people.js';
import * as rooms from '../../webex/rest/rooms.js';
import type { Room } from '../../webex/rest/rooms.js';
import type { Named } from './asked.js';
import type { SpacesParts } from './define.js';
import { groupInWords, readFacts, shownTitle, spaceInWords } from './facts.js';
import type { Found } from './find.js';

/** A choice of a card: what it says, and the id that it stands for. */
export interface Choice {
  title: string;
  value: string;
}

/** What can be chosen for the written names. */
export interface Offer {
  named: Named[];
  choices: Choice[];
  /** Ids that are meant without doubt. */
  chosen: string[];
  /** What a person should know before he chooses. Cleaned. */
  notes: string[];
  /** Names that nothing was found for, or nothing that can be used; `reason` is the rest of a sentence about the name. */
  missing: { written: string; reason: string }[];
}

const LONGEST_NAME = 60;

/** Groups with how many members they have. `asks`: which names the card has choices for. */
export function offerGroups(found: readonly Found<Group>[], asks: (one: Found<unknown>) => boolean): Offer {
  return offerOf(found, asks, ({ id, displayName }) => ({ id, name: displayName }), (group) => `${plain(group.displayName, LONGEST_NAME)} (${groupInWords(group)})`);
}

/** Spaces with what is known of them. One that cannot be read, or in which the rule could not act, is not offered and is named with the reason. */
export async function offerSpaces(
  context: Pick<Context, 'webex' | 'caller' | 'organization'>, parts: SpacesParts, found: readonly Found<Room>[], how: { asks: (one: Found<unknown>) => boolean; as?: 'me' | 'bot' | undefined },
): Promise<Offer> {
  const asked = new Map(found.filter(how.asks).flatMap(({ candidates }) => candidates).map((room) => [idKey(room.id), room]));
  const { facts, unread } = await readFacts(context, [...asked.values()]);
  const words = new Map(facts.map((one) => [idKey(one.room.id), spaceInWords(one, context.organization.id)]));
  const unusable = new Map(unread.map(({ room, reason }) => [idKey(room.id), { room, reason }]));
  if (how.as === 'bot') {
    for (const { room } of facts) {
      const reason = await whyNotBot(context, parts, room.id);
      if (reason !== undefined) unusable.set(idKey(room.id), { room, reason });
    }
  }
  const usable = found.map((one): Found<Room> => {
    const candidates = one.candidates.filter(({ id }) => !unusable.has(idKey(id)));
    return candidates.length === 0 && one.fit !== 'none' ? { ...one, fit: 'none', candidates, reason: `cannot be used: ${[...unusable.values()].find(({ room }) => one.candidates.includes(room))?.reason ?? ''}` } : { ...one, candidates };
  });
  const offer = offerOf(usable, how.asks, (room) => ({ id: room.id, name: shownTitle(room) }), (room) => `${plain(shownTitle(room), LONGEST_NAME)} (${words.get(idKey(room.id)) ?? ''})`);
  const named = new Set(usable.filter(({ fit }) => fit === 'none').map(({ written }) => written));
  const partly = found.filter(({ written }) => !named.has(written)).flatMap(({ candidates }) => candidates.flatMap(({ id }) => unusable.get(idKey(id)) ?? []));
  return { ...offer, notes: [...offer.notes, ...partly.map(({ room, reason }) => `“${plain(shownTitle(room), LONGEST_NAME)}” is not offered: ${reason}.`)] };
}

/** Why the bot cannot act in a space for the caller, as the rest of a sentence about the space; undefined when it can. Read now. */
export async function whyNotBot(context: Pick<Context, 'webex' | 'caller'>, parts: SpacesParts, roomId: string): Promise<string | undefined> {
  const own = await memberOf(() => memberships.find(context.webex, roomId, context.caller.personId));
  if (own === undefined) return 'you are not a member of it, so the bot does not act there for you (as=bot)';
  const { id } = await people.me(parts.bot);
  const bot = await memberOf(() => memberships.find(parts.bot, roomId, id));
  if (bot === undefined) return 'the bot is not a member of it, so it cannot act there (as=bot)';
  const room = await rooms.get(parts.bot, roomId);
  return room.isLocked && !bot.isModerator ? 'it is locked and the bot is not a moderator, so it cannot act there (as=bot)' : undefined;
}

/** Webex: a space that the token's owner is not in answers 404. */
async function memberOf(read: () => Promise<Membership | undefined>): Promise<Membership | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof WebexRefused && error.status === 404) return undefined;
    throw error;
  }
}

function offerOf<T>(found: readonly Found<T>[], asks: (one: Found<unknown>) => boolean, refOf: (one: T) => { id: string; name: string }, titleOf: (one: T) => string): Offer {
  const choices = new Map<string, Choice>();
  const chosen = new Set<string>();
  const offer: Offer = { named: [], choices: [], chosen: [], notes: [], missing: [] };
  for (const one of found) {
    const written = plain(one.written, 80);
    if (one.fit === 'none') {
      offer.missing.push({ written: one.written, reason: one.reason ?? 'was not found' });
      continue;
    }
    const sure = one.fit === 'exact';
    const asked = asks(one);
    const refs = one.candidates.map((candidate) => ({ ref: refOf(candidate), title: titleOf(candidate) }));
    offer.named.push({ written: one.written, candidates: refs.map(({ ref }) => ref), sure, asked });
    if (!asked) continue;
    for (const { ref, title } of refs) {
      choices.set(idKey(ref.id), { title, value: ref.id });
      if (sure) chosen.add(ref.id);
    }
    if (!sure) offer.notes.push(`“${written}”: ${refs.length === 1 ? 'one is called nearly so' : `${refs.length + one.more} could be meant`}. Choose.`);
    if (one.more > 0) offer.notes.push(`“${written}”: ${count(one.more, 'more fits', 'more fit')}. If the right one is not here, write more of its name, or its id.`);
  }
  return { ...offer, choices: [...choices.values()], chosen: [...chosen] };
}
