import { orgOption, type Context, type PersonRef } from '../../bot/define.js';
import type { Problem } from '../../changes/define.js';
import { mapConcurrently } from '../../lib/concurrency.js';
import { CallerMistake } from '../../lib/errors.js';
import { idKey, sameId } from '../../lib/ids.js';
import { plain } from '../../lib/text.js';
import type { ReadClient } from '../../webex/call.js';
import { WebexRefused, WebexUnreachable } from '../../webex/errors.js';
import * as licenses from '../../webex/rest/licenses.js';
import * as people from '../../webex/rest/people.js';
import type { Calling, Holder, Known } from './define.js';

/** People read side by side; the client's pace is what really limits. */
const READS_AT_ONCE = 32;
/** From so many people on the list of everybody takes fewer calls, as a rule: its pages have 1,000 people, with calling data 100. */
const MANY = { plain: 100, calling: 500 };

/** People as Webex shows them now, and those who could not be read. */
export interface Holders {
  /** By holderKey. */
  holders: Map<string, Holder>;
  problems: Problem[];
}

/** One text per person: people of other organizations can be known by address only. */
export function holderKey({ id, email }: Pick<PersonRef, 'id' | 'email'>): string {
  return id === '' ? email.toLowerCase() : idKey(id);
}

/**
 * Reads people with their licenses, sites and, where `calling` is wanted, numbers. Somebody whose licenses Webex does not show is a problem,
 * not somebody without licenses. `touched`: the licenses that are asked about, by which people of other organizations are read.
 */
export async function readHolders(context: Context, wanted: readonly PersonRef[], options: { calling: boolean; touched: readonly Known[] }): Promise<Holders> {
  const holders: Holders['holders'] = new Map();
  const problems: Problem[] = [];
  const isOwn = ({ orgId }: PersonRef): boolean => sameId(orgId, context.organization.id);
  const own = new Map(wanted.filter(isOwn).map((person) => [holderKey(person), person]));
  if (own.size >= MANY[options.calling ? 'calling' : 'plain']) {
    for await (const found of people.list(context.webex, { ...orgOption(context), ...(options.calling ? { callingData: true } : {}) })) {
      const person = own.get(idKey(found.id));
      if (person === undefined || found.licenses === undefined) continue;
      holders.set(idKey(found.id), holderOf(person, found));
      if (holders.size === own.size) break;
    }
  }
  const rest = [...own.values()].filter((person) => !holders.has(holderKey(person)));
  await mapConcurrently(rest, READS_AT_ONCE, async (person) => {
    try {
      holders.set(holderKey(person), holderOf(person, await people.get(context.webex, person.id, options.calling ? { callingData: true } : {})));
    } catch (error) {
      problems.push(unreadable(person, error));
    }
  });
  await readOutsiders(context, wanted.filter((person) => !isOwn(person)), options.touched, holders, problems);
  return { holders, problems };
}

/** Webex shows the licenses of people of other organizations only in the lists of who holds each, and what is pending or attended nowhere. */
async function readOutsiders(context: Context, outsiders: readonly PersonRef[], touched: readonly Known[], holders: Holders['holders'], problems: Problem[]): Promise<void> {
  if (outsiders.length === 0) return;
  const held = new Map(outsiders.map((person) => [person, [] as string[]]));
  try {
    for (const { license } of touched) {
      for await (const user of licenses.users(context.webex, license.id)) {
        for (const person of outsiders) if (isSamePerson(user, person)) held.get(person)?.push(license.id);
      }
    }
  } catch (error) {
    problems.push(...outsiders.map((person) => unreadable(person, error)));
    return;
  }
  for (const [person, ids] of held) holders.set(holderKey(person), { person, isExternal: true, licenses: ids, attendeeOf: [], calling: {} });
}

/** Whether somebody in the list of a license is this person. */
export function isSamePerson(user: licenses.LicenseUser, person: Pick<PersonRef, 'id' | 'email'>): boolean {
  return (person.id !== '' && sameId(user.id, person.id)) || user.email?.toLowerCase() === person.email.toLowerCase();
}

function holderOf(person: PersonRef, found: people.Person): Holder {
  return { person, isExternal: false, ...shownOf(found), calling: callingIn(found) };
}

/** Licenses and attendee sites of a person as read. Throws CallerMistake where Webex does not show them: unknown is not empty. */
export function shownOf({ licenses: held, siteUrls }: people.Person): Pick<Holder, 'licenses' | 'attendeeOf'> {
  if (held === undefined) throw new CallerMistake({ code: 'LICENSES_HIDDEN', message: 'Webex does not show this person’s licenses to your account.' });
  return { licenses: held, attendeeOf: (siteUrls ?? []).flatMap((site) => /^(.*)#attendee$/i.exec(site)?.[1]?.toLowerCase() ?? []) };
}

/** By what somebody is called, as Webex shows it with calling data. */
export function callingIn({ phoneNumbers = [], extension, locationId }: people.Person): Calling {
  const work = phoneNumbers.filter(({ type }) => type === 'work');
  const phoneNumber = (work.find(({ primary }) => primary === true) ?? work[0])?.value;
  return { ...(locationId === undefined ? {} : { locationId }), ...(phoneNumber === undefined ? {} : { phoneNumber }), ...(extension === undefined ? {} : { extension }) };
}

/** Lists of who holds a license that are being read: steps run side by side, and one reading serves all that wait for it. */
const listings = new WeakMap<ReadClient, Map<string, Promise<licenses.LicenseUser[]>>>();

/** Which of the licenses a person of another organization has accepted. */
export async function acceptedBy(webex: ReadClient, person: Pick<PersonRef, 'id' | 'email'>, ids: readonly string[]): Promise<string[]> {
  const has = await mapConcurrently(ids, 4, async (id) => (await usersOf(webex, id)).some((user) => isSamePerson(user, person)));
  return ids.filter((_, n) => has[n] === true);
}

function usersOf(webex: ReadClient, id: string): Promise<licenses.LicenseUser[]> {
  const mine = listings.get(webex) ?? new Map<string, Promise<licenses.LicenseUser[]>>();
  listings.set(webex, mine);
  const reading = mine.get(id) ?? readUsers(webex, id).finally(() => mine.delete(id));
  mine.set(id, reading);
  return reading;
}

async function readUsers(webex: ReadClient, id: string): Promise<licenses.LicenseUser[]> {
  const users: licenses.LicenseUser[] = [];
  for await (const user of licenses.users(webex, id)) users.push(user);
  return users;
}

function unreadable(person: PersonRef, error: unknown): Problem {
  const subject = plain(person.displayName);
  if (error instanceof WebexRefused) return { subject, reason: `could not be read, so nothing is planned: Webex says “${plain(error.words)}”` };
  if (error instanceof WebexUnreachable || error instanceof CallerMistake) return { subject, reason: `could not be read, so nothing is planned: ${error.message}` };
  throw error;
}
