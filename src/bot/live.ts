import { mapConcurrently } from '../lib/concurrency.js';
import { idKey, sameId } from '../lib/ids.js';
import type { ReadClient } from '../webex/call.js';
import { WebexRefused } from '../webex/errors.js';
import * as people from '../webex/rest/people.js';
import type { PersonRef } from './define.js';

const AT_ONCE = 8;
/** From so many addresses on the list of everybody takes fewer calls, as a rule: its pages have 1,000 people. */
const MANY = 100;

/** Reads people live, in one organization. Those of another one are as unknown as those that do not exist. */
export function livePeople(reader: ReadClient, organization: { id: string; home: boolean }): {
  byEmail(emails: readonly string[]): Promise<Map<string, PersonRef>>;
  byId(ids: readonly string[]): Promise<Map<string, PersonRef>>;
} {
  // Only partner administrators name the organization; their own one is meant without.
  const options = organization.home ? {} : { orgId: organization.id };
  return {
    byEmail: async (emails) => {
      const wanted = new Set(emails.map((email) => email.toLowerCase()));
      const found = wanted.size < MANY ? new Map<string, PersonRef>() : await listed(reader, wanted, options);
      await mapConcurrently([...wanted].filter((email) => !found.has(email)), AT_ONCE, async (email) => {
        const person = await people.byEmail(reader, email, options);
        if (person !== undefined) found.set(email, refOf(person));
      });
      return found;
    },
    byId: async (ids) => {
      const usable = ids.filter((id) => /^[A-Za-z0-9_=-]{1,512}$/.test(id));
      if (usable.length === 0) return new Map();
      const { people: found } = await people.byIds(reader, usable, options);
      return new Map(found.filter((person) => sameId(person.orgId, organization.id)).map((person) => [idKey(person.id), refOf(person)]));
    },
  };
}

/** Those of the addresses whom the list of everybody has; none where Webex does not show that list to the caller. */
async function listed(reader: ReadClient, wanted: ReadonlySet<string>, options: { orgId?: string }): Promise<Map<string, PersonRef>> {
  const found = new Map<string, PersonRef>();
  try {
    for await (const person of people.listWho(reader, options)) {
      for (const email of person.emails) if (wanted.has(email.toLowerCase())) found.set(email.toLowerCase(), refOf(person));
      if (found.size === wanted.size) break;
    }
  } catch (error) {
    if (!(error instanceof WebexRefused) || ![400, 403].includes(error.status)) throw error;
  }
  return found;
}

/** A person in the shell's words. */
export function refOf(person: people.Who): PersonRef {
  return { id: person.id, email: (person.emails[0] ?? '').toLowerCase(), displayName: person.displayName, orgId: person.orgId };
}
