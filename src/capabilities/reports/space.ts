import type { Context } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { decodeId, sameId } from '../../lib/ids.js';
import { plain } from '../../lib/text.js';
import type { ReadClient } from '../../webex/call.js';
import { WebexRefused } from '../../webex/errors.js';
import * as rooms from '../../webex/rest/rooms.js';
import type { Room } from '../../webex/rest/rooms.js';

const ROOMS_READ = 'spark:rooms_read';

/** The space that gets a report (title cleaned), several that could be meant, or none: the caller's 1:1. */
export type Found = { space?: { id: string; title: string } } | { several: Room[] };

/**
 * The space that is meant by a title or an id, among all group spaces that the caller is in; without a text, the one where it is written.
 * Throws CallerMistake when there is none, when the account may not list spaces, and when the bot is not in it.
 */
export async function spaceFor(context: Pick<Context, 'account' | 'place' | 'webex'>, bot: ReadClient, text: string | undefined): Promise<Found> {
  if (text === undefined) {
    if (context.place.roomType === 'direct') return {};
    const room = await rooms.get(bot, context.place.roomId);
    return { space: { id: room.id, title: titleOf(room) } };
  }
  if (context.account?.scopes.includes(ROOMS_READ) !== true) {
    throw mistake('SCOPE_MISSING', `Your link does not include ${ROOMS_READ}, by which I find the spaces that you are in. Link again and choose “Reports” (write “account link” to me in our 1:1), or write this in that space, without space=.`);
  }
  const fitting = await spacesOf(context.webex, text);
  const [room] = fitting;
  if (room === undefined) throw mistake('UNKNOWN_SPACE', `You are not in a space with the title or id “${plain(text, 80)}”. Titles are compared in full.`);
  if (fitting.length > 1) return { several: fitting };
  if (!(await isIn(bot, room.id))) throw mistake('BOT_NOT_IN_SPACE', `I am not in the space “${titleOf(room)}”, so I cannot post there. Add me to it, then ask again.`);
  return { space: { id: room.id, title: titleOf(room) } };
}

/** All group spaces of the client's owner with this id, else with this title (whatever its case). */
async function spacesOf(webex: ReadClient, text: string): Promise<Room[]> {
  const wanted = plain(text).toLowerCase();
  const isId = decodeId(text).type !== '?';
  const fitting: Room[] = [];
  for await (const room of rooms.list(webex, { type: 'group' })) {
    if (isId ? sameId(room.id, text) : !room.unreadable.includes('title') && plain(room.title).toLowerCase() === wanted) fitting.push(room);
  }
  return fitting;
}

async function isIn(bot: ReadClient, roomId: string): Promise<boolean> {
  try {
    await rooms.get(bot, roomId);
    return true;
  } catch (error) {
    if (error instanceof WebexRefused && (error.status === 404 || error.status === 403)) return false;
    throw error;
  }
}

/** The title as one line; Webex does not always give one that can be read. */
export function titleOf({ title, unreadable }: Room): string {
  return unreadable.includes('title') || plain(title) === '' ? 'a space without a readable title' : plain(title);
}

function mistake(code: string, message: string): CallerMistake {
  return new CallerMistake({ code, message });
}
