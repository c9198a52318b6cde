import { orgOption, type Context } from '../../bot/define.js';
import { mapConcurrently } from '../../lib/concurrency.js';
import { CallerMistake } from '../../lib/errors.js';
import { idKey } from '../../lib/ids.js';
import { plain } from '../../lib/text.js';
import { WebexRefused, WebexUnreachable } from '../../webex/errors.js';
import type { LicenseUser } from '../../webex/rest/licenses.js';
import * as people from '../../webex/rest/people.js';

export const DAY_MS = 24 * 60 * 60_000;
const READS_AT_ONCE = 32;
/** From so many people on, the list of everybody takes fewer calls, as a rule. */
const MANY = 100;
/** Webex: such people are using it just now, whatever the time of their last activity says. */
const BUSY = new Set(['active', 'call', 'meeting', 'presenting']);

/** How active somebody is. `unknown` is never taken for idle. */
export type Activity =
  | { state: 'active'; at?: string }
  /** Not active since before the limit. ISO 8601. */
  | { state: 'idle'; at: string }
  /** Never signed in; `invited` (ISO 8601) where Webex says when. */
  | { state: 'never'; invited?: string }
  /** `reason` is the rest of a sentence about the person. Cleaned. */
  | { state: 'unknown'; reason: string };

/** Somebody with a license, and how active he is. */
export interface Holding {
  user: LicenseUser;
  activity: Activity;
  /** What Webex shows of the person; undefined where nothing could be read. */
  person?: people.Person;
}

/** How active a person is at `now` (milliseconds since 1970), where `days` without activity are idle. Pure. */
export function activityOf({ status, lastActivity, invitePending, created }: Pick<people.Person, 'status' | 'lastActivity' | 'invitePending' | 'created'>, now: number, days: number): Activity {
  const at = lastActivity === undefined ? NaN : Date.parse(lastActivity);
  if (status !== undefined && BUSY.has(status)) return { state: 'active', ...(lastActivity === undefined ? {} : { at: lastActivity }) };
  if (lastActivity !== undefined && !Number.isNaN(at)) return now - at < days * DAY_MS ? { state: 'active', at: lastActivity } : { state: 'idle', at: lastActivity };
  // Webex: `pending` has never signed in.
  if (status === 'pending' || (lastActivity === undefined && invitePending === true)) return { state: 'never', ...(created === undefined ? {} : { invited: created }) };
  return { state: 'unknown', reason: 'Webex does not show when this person was last active' };
}

/** Reads how active these people are. Whoever cannot be read is unknown, with the reason. */
export async function readActivity(context: Pick<Context, 'webex' | 'caller' | 'organization' | 'clock'>, users: readonly LicenseUser[], days: number): Promise<Holding[]> {
  const own = users.filter(({ type }) => type !== 'EXTERNAL');
  const found = new Map<string, people.Person>();
  const failed = new Map<string, string>();
  if (own.length >= MANY) {
    const wanted = new Set(own.map(({ id }) => idKey(id)));
    // Without the status, there is no telling who never signed in.
    for await (const person of people.list(context.webex, { ...orgOption(context), excludeStatus: false })) {
      if (wanted.has(idKey(person.id))) found.set(idKey(person.id), person);
      if (found.size === wanted.size) break;
    }
  }
  await mapConcurrently(own.filter(({ id }) => !found.has(idKey(id))), READS_AT_ONCE, async ({ id }) => {
    try {
      found.set(idKey(id), await people.get(context.webex, id));
    } catch (error) {
      failed.set(idKey(id), reasonOf(error));
    }
  });
  const now = context.clock.now();
  return users.map((user): Holding => {
    if (user.type === 'EXTERNAL') return { user, activity: { state: 'unknown', reason: 'is of another organization, of whose people Webex shows no activity' } };
    const person = found.get(idKey(user.id));
    if (person === undefined) return { user, activity: { state: 'unknown', reason: failed.get(idKey(user.id)) ?? 'could not be read' } };
    return { user, person, activity: activityOf(person, now, days) };
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof WebexRefused) return `could not be read: Webex says “${plain(error.words)}”`;
  if (error instanceof WebexUnreachable || error instanceof CallerMistake) return `could not be read: ${error.message}`;
  throw error;
}

/** Whether somebody who never signed in had less than `days` for it. */
export function isNewlyInvited({ activity }: Holding, now: number, days: number): boolean {
  return activity.state === 'never' && activity.invited !== undefined && now - Date.parse(activity.invited) < days * DAY_MS;
}
