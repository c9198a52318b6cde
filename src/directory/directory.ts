import type { Clock } from '../lib/clock.js';
import { messageOf } from '../lib/errors.js';
import { idKey } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import { buildColumns, type Listed } from './build.js';
import { PeopleIndex, type Found } from './people-index.js';

/** An organization, and how all of its people are read (`people.list` with the caller's client). */
export interface DirectorySource {
  organization: string;
  people(): AsyncIterable<Listed>;
}

/** How old what was found is. */
export interface Freshness {
  /** Milliseconds since 1970 when the reading of these people began. */
  asOf: number;
  /** Why there is nothing newer, when the last refresh failed. */
  stale?: string;
}

/**
 * Finds people of an organization. Only to find: whatever is done with them is read live first.
 * The first use waits until all people are read, and throws when they cannot be: unknown is not empty.
 * Later uses never wait; what is older than an hour is refreshed meanwhile.
 */
export interface Directory {
  /** Every word of `text` must begin a word of the name or address, or stand in the address. Best first. */
  search(source: DirectorySource, text: string, limit: number): Promise<Freshness & { people: Found[]; more: boolean }>;
  /** By lower-case address; who is not known is not in the map. */
  byEmail(source: DirectorySource, emails: readonly string[]): Promise<Freshness & { people: Map<string, Found> }>;
  byDepartment(source: DirectorySource, department: string): Promise<Freshness & { people: Found[] }>;
  departments(source: DirectorySource): Promise<Freshness & { departments: { name: string; people: number }[] }>;
}

interface Kept {
  index?: PeopleIndex;
  asOf: number;
  stale?: string;
  reading?: Promise<PeopleIndex>;
  /** After a failed refresh the next is not begun sooner. */
  notBefore: number;
}

const TTL_MS = 60 * 60_000;
const RETRY_MS = 60_000;

export function createDirectory({ clock, log, ttl = TTL_MS }: { clock: Clock; log: Log; ttl?: number }): Directory {
  const organizations = new Map<string, Kept>();

  const read = (source: DirectorySource, kept: Kept): Promise<PeopleIndex> => {
    const began = clock.now();
    const reading = buildColumns(source.people()).then(
      (columns) => {
        const index = new PeopleIndex(columns);
        Object.assign(kept, { index, asOf: began });
        delete kept.stale;
        delete kept.reading;
        return index;
      },
      (error: unknown) => {
        kept.stale = messageOf(error);
        kept.notBefore = clock.now() + RETRY_MS;
        delete kept.reading;
        log.warn({ error, organization: source.organization }, 'the people of an organization could not be read');
        throw error;
      },
    );
    kept.reading = reading;
    return reading;
  };

  const indexOf = async (source: DirectorySource): Promise<{ index: PeopleIndex; freshness: Freshness }> => {
    const key = idKey(source.organization);
    const kept = organizations.get(key) ?? { asOf: 0, notBefore: 0 };
    organizations.set(key, kept);
    if (kept.index && !kept.reading && clock.now() - kept.asOf >= ttl && clock.now() >= kept.notBefore) {
      // Its failure is kept and logged where it happens.
      read(source, kept).catch(() => undefined);
    }
    const index = kept.index ?? (await (kept.reading ?? read(source, kept)));
    return { index, freshness: { asOf: kept.asOf, ...(kept.stale === undefined ? {} : { stale: kept.stale }) } };
  };

  return {
    search: async (source, text, limit) => {
      const { index, freshness } = await indexOf(source);
      return { ...freshness, ...index.search(text, limit) };
    },
    byEmail: async (source, emails) => {
      const { index, freshness } = await indexOf(source);
      const found = emails.flatMap((email) => {
        const person = index.byEmail(email);
        return person ? [[email.trim().toLowerCase(), person] as const] : [];
      });
      return { ...freshness, people: new Map(found) };
    },
    byDepartment: async (source, department) => {
      const { index, freshness } = await indexOf(source);
      return { ...freshness, people: index.inDepartment(department) };
    },
    departments: async (source) => {
      const { index, freshness } = await indexOf(source);
      return { ...freshness, departments: index.departmentNames() };
    },
  };
}
