import type { Message, Person } from './person.js';
import { at } from './spaces.js';
import { startWorld, type World } from './world.js';

export const US = 'acme.webex.com';
export const EU = 'acme-eu.webex.com';
/** Licenses of the emulator's organization, by the labels that Steward gives them. */
export const FREE_MESSAGING = 'Basic Messaging';
export const FREE_MEETINGS = 'Basic Space Meetings';
export const SCREEN_SHARE = 'Free screen share';
export const SPACE_MEETINGS = 'Advanced Space Meetings';
export const EVENTS = 'Webex Events';
export const MESSAGING = 'Messaging (Sub100417)';
export const OTHER_MESSAGING = 'Messaging (Sub207733)';
export const PROFESSIONAL = 'Webex Calling - Professional (Sub100417)';
export const OTHER_PROFESSIONAL = 'Webex Calling - Professional (Sub207733)';
export const STANDARD = 'Webex Calling - Standard';
export const CONSOLE = 'Webex Calling - Attendant Console';
export const CX = 'Customer Experience - Essential';
export const US_MEETING = `Meeting - Webex Meeting Center on ${US}`;
/** The free ones, which the others need. */
export const FREE = [FREE_MESSAGING, FREE_MEETINGS, SCREEN_SHARE];
/** Somebody of another organization. */
export const OLGA = 'olga.petrov@globex.test';
export const HEADER = 'email,license,operation,extension,phone,location,site,outside,from';

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
  /** Addresses of all who have it. */
  holders(label: string): Promise<string[]>;
  /** Somebody else gives a person exactly these licenses. */
  give(name: string, labels: readonly string[]): Promise<void>;
  /** Bodies of the assignments since the last `mark`, of one person if named. */
  sent(name?: string): Promise<any[]>;
}

/** A world of 60 people in which Anna Berg may change licenses, as many as she likes. */
export async function startLicenses(): Promise<{ world: World; anna: Person; licenses: Licenses }> {
  const world = await startWorld({ people: 60, env: { APPROVAL_STEPS: '1000' } });
  const anna = world.person('anna.berg');
  await world.link(anna, 'licenses');
  return { world, anna, licenses: licensesOf(world) };
}

export function licensesOf(world: World): Licenses {
  const state = (): Promise<{ people: Held[]; licenses: License[] }> => world.control('GET', 'state');
  const labelsOf = ({ id, name, subscriptionId = '', siteUrl = '' }: License): string[] => [id, name, `${name} (${subscriptionId})`, `${name} on ${siteUrl}`, `${name} on ${siteUrl} (${subscriptionId})`];
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
    holders: async (label) => {
      const { id } = await named(label);
      return (await state()).people.flatMap(({ licenses, emails: [email = ''] }) => (licenses.includes(id) ? [email] : []));
    },
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

/** `licenses import` with a file: its whole text, or rows under the usual header. */
export function importing(content: string | readonly string[]): [text: string, options: { file: { name: string; content: string } }] {
  return ['licenses import', { file: { name: 'licenses.csv', content: typeof content === 'string' ? content : [HEADER, ...content].join('\n') } }];
}

/** Takes a plan of one's own back, and presses [Plan again] on what is left of its card. Gives what is answered. */
export async function planAgain(person: Person, card: Message): Promise<Message> {
  await person.press(card, 'Reject');
  const note = await person.hears(/was withdrawn by/);
  const known = new Set((await person.messages()).map(({ id }) => id));
  await person.press(note, 'Plan again');
  return person.hears((message) => !known.has(message.id) && message.files === undefined);
}
