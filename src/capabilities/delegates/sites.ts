import { CallerMistake } from '../../lib/errors.js';
import { idKey } from '../../lib/ids.js';
import type { ReadClient } from '../../webex/call.js';
import { WebexRefused, WebexUnreachable } from '../../webex/errors.js';
import * as licenses from '../../webex/rest/licenses.js';
import * as meetingPreferences from '../../webex/rest/meetingPreferences.js';
import * as people from '../../webex/rest/people.js';

/** Where a person is a host: the sites of his meeting licenses. Only hosts can have delegates or be one. */
export interface SiteBook {
  /** The sites on which these licenses make a host. */
  sitesOf(licenses: readonly string[]): readonly string[];
  /** Host sites of a person, read live. Each person is read once per book. */
  hostSites(person: { id: string }): Promise<readonly string[]>;
  /** Looks many people up at once: reads who holds the licenses, page by page, where that takes fewer calls than one for each of them. */
  expect(people: readonly { id: string }[]): Promise<void>;
  /** The site that Webex schedules on when none is named: the only one, or the one marked as default. */
  defaultSite(person: { id: string; email: string }): Promise<string | undefined>;
}

/** Opens the book for one command: reads the organization's licenses once (a license with a site makes its holder a host there). */
export async function openSiteBook(webex: ReadClient, organization: { orgId?: string }): Promise<SiteBook> {
  const siteOfLicense = new Map<string, string>();
  const ofSites = (await licenses.list(webex, organization)).filter((license) => license.siteUrl !== undefined);
  for (const { id, siteUrl = '' } of ofSites) siteOfLicense.set(idKey(id), siteUrl.toLowerCase());
  const sitesOf = (held: readonly string[]): string[] => [...new Set(held.flatMap((id) => siteOfLicense.get(idKey(id)) ?? []))];
  const known = new Map<string, Promise<readonly string[]>>();

  const hostSites = (person: { id: string }): Promise<readonly string[]> => {
    const key = idKey(person.id);
    const reading = known.get(key) ?? people.get(webex, person.id).then((found) => sitesOf(shown(found.licenses)));
    known.set(key, reading);
    return reading;
  };

  return {
    sitesOf,
    hostSites,
    expect: async (expected) => {
      const unread = new Set(expected.map(({ id }) => idKey(id)).filter((key) => key !== '' && !known.has(key)));
      if (unread.size <= ofSites.reduce((calls, license) => calls + licenses.pagesOfUsers(license), 0)) return;
      const held = new Map<string, string[]>([...unread].map((key) => [key, []]));
      try {
        for (const { id } of ofSites) for await (const user of licenses.users(webex, id)) held.get(idKey(user.id))?.push(id);
      } catch (error) {
        // Lists that are not whole say nothing: each person is read alone, and each failure is told for that one.
        if (error instanceof WebexRefused || error instanceof WebexUnreachable) return;
        throw error;
      }
      for (const [key, ids] of held) known.set(key, Promise.resolve(sitesOf(ids)));
    },
    defaultSite: async (person) => {
      const sites = await hostSites(person);
      const first = sites[0];
      if (sites.length < 2 || first === undefined) return first;
      // Webex looks the person up on the site that is named, so it has to be one of his.
      const listed = await meetingPreferences.sites(webex, person.email, { siteUrl: first });
      return listed.find((site) => site.isDefault)?.siteUrl.toLowerCase() ?? first;
    },
  };
}

/** Licenses that Webex does not show are unknown, not absent. */
export function shown(licenses: readonly string[] | undefined): readonly string[] {
  if (licenses !== undefined) return licenses;
  throw new CallerMistake({ code: 'LICENSES_HIDDEN', message: 'Webex does not show this person’s licenses to your account, so it is not known on which sites the person is a host.' });
}
