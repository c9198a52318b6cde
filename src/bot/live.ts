import { mapConcurrently } from '../lib/concurrency.js';
import { idKey, sameId } from '../lib/ids.js';
import type { ReadClient } from '../webex/call.js';
import * as people from '../webex/rest/people.js';
import type { PersonRef } from './define.js';

const AT_ONCE = 8;

/** Reads people live, in one organization. Those of another one are as unknown as those that do not exist. */
export function livePeople(reader: ReadClient, organization: { id: string; home: boolean }): {
  byEmail(emails: readonly string[]): Promise<Map<string, PersonRef>>;
  byId(ids: readonly string[]): Promise<Map<string, PersonRef>>;
} {
  // Only partner administrators name the organization; their own one is meant without.
  const options = organization.home ? {} : { orgId: organization.id };
  return {
    byEmail: async (emails) => {
      const found = await mapConcurrently(emails, AT_ONCE, async (email) => ({ email, person: await people.byEmail(reader, email, options) }));
      return new Map(found.flatMap(({ email, person }) => (person === undefined ? [] : [[email.toLowerCase(), refOf(person)] as const])));
    },
    byId: async (ids) => {
      const usable = ids.filter((id) => /^[A-Za-z0-9_=-]{1,512}$/.test(id));
      if (usable.length === 0) return new Map();
      const { people: found } = await people.byIds(reader, usable, options);
      return new Map(found.filter((person) => sameId(person.orgId, organization.id)).map((person) => [idKey(person.id), refOf(person)]));
    },
  };
}

/** A person in the shell's words. */
export function refOf(person: people.Person): PersonRef {
  return { id: person.id, email: (person.emails[0] ?? '').toLowerCase(), displayName: person.displayName, orgId: person.orgId };
}
