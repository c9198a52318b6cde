import { orgOption, type Context, type PersonRef } from '../../bot/define.js';
import { mapConcurrently } from '../../lib/concurrency.js';
import { sameId } from '../../lib/ids.js';
import { plain } from '../../lib/text.js';
import * as people from '../../webex/rest/people.js';
import { READS_AT_ONCE, readHost, unreadable } from './gather.js';
import { holds, type HostState } from './plan.js';
import { openSiteBook, shown } from './sites.js';

/** Hosts and what could not be read of them. */
export interface AllHosts {
  states: HostState[];
  /** How many lists were read; one call each. */
  read: number;
  problems: { subject: string; reason: string }[];
}

/**
 * The delegates of every host of the organization, on one site or on all of each host.
 * Webex has no call for "for whom may she schedule", so each host is read: one call per host and site.
 */
export async function readEverybody(context: Context, site: string | undefined): Promise<AllHosts> {
  const book = await openSiteBook(context.webex, orgOption(context));
  const problems: AllHosts['problems'] = [];
  const hosts: { person: PersonRef; site: string }[] = [];
  for await (const person of people.list(context.webex, orgOption(context))) {
    const email = person.emails[0];
    if (email === undefined || person.type !== 'person' || !sameId(person.orgId, context.organization.id)) continue;
    const ref = { id: person.id, email, displayName: person.displayName, orgId: person.orgId };
    try {
      for (const on of book.sitesOf(shown(person.licenses))) if (site === undefined || on === site) hosts.push({ person: ref, site: on });
    } catch (error) {
      problems.push(unreadable(plain(person.displayName), error));
    }
  }
  const states = await mapConcurrently(hosts, READS_AT_ONCE, async ({ person, site: on }) => {
    try {
      return await readHost(context, person, on);
    } catch (error) {
      problems.push(unreadable(plain(person.displayName), error));
      return undefined;
    }
  });
  return { states: states.filter((state) => state !== undefined), read: hosts.length, problems };
}

/** Those hosts whose list has one of the people, on `site` or on any; what could not be read is among the problems. */
export async function statesNaming(context: Context, delegates: readonly { email: string }[], site: string | undefined): Promise<AllHosts> {
  const all = await readEverybody(context, site);
  return { ...all, states: all.states.filter((state) => delegates.some(({ email }) => holds(state, email))) };
}
