import { at } from './spaces.js';
import type { World } from './world.js';

/** A license as the emulator holds it. */
export interface License {
  id: string;
  name: string;
  siteUrl?: string;
  subscriptionId?: string;
  totalUnits: number;
}

/** A person of the emulator, as far as licenses go. */
export interface Held {
  id: string;
  emails: string[];
  licenses: string[];
  pendingLicenses?: string[];
  pendingAttendeeOf?: string[];
  calling?: Record<string, string>;
  sites: { siteUrl: string; accountType: string }[];
}

/** Licenses and people by the names that a person would use. */
export interface Licenses {
  /** The only license with this name, `name (subscription)` or `name on site`. */
  named(label: string): Promise<License>;
  person(name: string): Promise<Held>;
  /** All that an assignment could touch, to be compared as a whole. */
  holding(name: string): Promise<Record<string, unknown>>;
  has(name: string, label: string): Promise<boolean>;
  /** Somebody else gives a person exactly these licenses. */
  give(name: string, labels: readonly string[]): Promise<void>;
  /** Bodies of the assignments since the last `mark`, of one person if named. */
  sent(name?: string): Promise<any[]>;
}

export function licensesOf(world: World): Licenses {
  const state = (): Promise<{ people: Held[]; licenses: License[] }> => world.control('GET', 'state');
  const labelsOf = ({ id, name, subscriptionId = '', siteUrl = '' }: License): string[] => [id, name, `${name} (${subscriptionId})`, `${name} on ${siteUrl}`];
  const named: Licenses['named'] = async (label) => {
    const [found, ...more] = (await state()).licenses.filter((one) => labelsOf(one).includes(label));
    if (found === undefined || more.length > 0) throw new Error(`Not one license is called ${label}`);
    return found;
  };
  const person: Licenses['person'] = async (name) => {
    const found = (await state()).people.find(({ emails }) => emails.includes(at(name)));
    if (found === undefined) throw new Error(`Nobody is ${name}`);
    return found;
  };
  return {
    named, person,
    holding: async (name) => {
      const { licenses, sites, calling, pendingLicenses = [], pendingAttendeeOf = [] } = await person(name);
      return {
        licenses: [...licenses].sort(), calling, pendingLicenses, pendingAttendeeOf,
        sites: sites.map(({ siteUrl, accountType }) => `${siteUrl} ${accountType}`).sort(),
      };
    },
    has: async (name, label) => (await person(name)).licenses.includes((await named(label)).id),
    give: async (name, labels) => {
      const licenses = await Promise.all(labels.map(async (label) => (await named(label)).id));
      await world.control('POST', 'change', { people: [{ email: at(name), licenses }] });
    },
    sent: async (name) => {
      const bodies = (await world.requests('PATCH /v1/licenses/users')).map(({ body }) => body as { personId?: string; email?: string });
      if (name === undefined) return bodies;
      const { id, emails } = await person(name);
      return bodies.filter(({ personId, email }) => personId === id || (email !== undefined && emails.includes(email)));
    },
  };
}
