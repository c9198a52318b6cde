import { publicId, stableUuid } from '../ids.js';
import type { Calling, License, Person, SiteUser } from '../model.js';
import { ACME, EU, GLOBEX, SEEDED, SITES, US } from './acme.js';
import { BERLIN, NEW_YORK } from './licenses.js';
import { DEPARTMENTS, FIRST, LAST, NAMED, type Named, type Seat } from './names.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

export { ACME, EU, GLOBEX, SEEDED, SITES, US };

/** Places in the list of licenses. */
const MESSAGING = 0;
const HOST_LICENSE: Record<string, number> = { [US]: 1, [EU]: 2 };
const PROFESSIONAL = 3;
const STANDARD = 4;
const FREE = [15, 16, 17];
const FREE_MEETINGS = 16;

/** What few people hold besides. */
const SPECIAL: Record<string, readonly number[]> = {
  // Two of three webinar seats, so that they nearly run out.
  'cara.olsen': [8], "sinead.o'connor": [8],
  // Attendant Console and Customer Experience beside Professional; the meetings that are paid for.
  'bob.nguyen': [11], 'maria.garcia': [12], 'kwame.mensah': [13],
};

/** Every ninth is called by Professional, few by Standard; every second of them has a number of its own besides the extension. */
function callingOf(index: number, isEuropean: boolean): { license: number; calling: Calling } | undefined {
  const license = index % 9 === 1 ? PROFESSIONAL : index % 40 === 6 ? STANDARD : undefined;
  if (license === undefined) return undefined;
  const { id: locationId, numberPrefix } = isEuropean ? BERLIN : NEW_YORK;
  return { license, calling: {
    locationId, extension: String(1000 + index), ...(index % 2 === 0 ? { phoneNumber: `${numberPrefix}${String(index).padStart(4, '0')}` } : {}),
  } };
}

/** How many days ago somebody last did something: most this week; some 35, some 95, every eleventh 200, for reports on what is idle. */
const idleDays = (index: number): number => (index % 11 === 10 ? 200 : index % 17 === 12 ? 95 : index % 13 === 11 ? 35 : index % 5);

function siteUser(seat: Seat, index: number, named?: Named): SiteUser {
  return {
    siteUrl: seat.startsWith('us') ? US : EU,
    accountType: seat.endsWith('-') ? 'attendee' : 'host',
    isSiteAdmin: named?.siteAdmin === true, isDefault: false, userId: 500_000 + index,
    delegates: (named?.delegates ?? []).map((local) => `${local}@acme.test`),
    enabledJoinBeforeHost: index % 3 === 0, joinBeforeHostMinutes: index % 3 === 0 ? 5 : 0,
    enabledAutoShareRecording: index % 4 === 0, enabledWebexAssistantByDefault: false,
  };
}

function person(named: Named, index: number, now: number, licenses: readonly License[]): Person {
  const email = `${named.email}@acme.test`;
  const sites = named.seats.map((seat) => siteUser(seat, index, named));
  if (sites[0]) sites[0].isDefault = true;
  const isEuropean = sites[0]?.siteUrl === EU;
  const called = callingOf(index, isEuropean);
  const held = [
    MESSAGING, ...sites.filter((site) => site.accountType === 'host').map((site) => HOST_LICENSE[site.siteUrl] ?? 0),
    ...(called ? [called.license] : []), ...(SPECIAL[named.email] ?? []),
    // One has no meetings in spaces, so that those that are paid for cannot be had.
    ...FREE.filter((at) => at !== FREE_MEETINGS || named.email !== 'pavel.orlov'),
  ];
  return {
    id: publicId('PEOPLE', stableUuid(`person ${email}`)), type: 'person', emails: [email],
    displayName: named.displayName ?? `${named.first} ${named.last}`, firstName: named.first, lastName: named.last, orgId: ACME.id,
    department: named.department, title: named.title, roles: named.roles ?? [],
    licenses: [...new Set(held)].flatMap((at) => licenses[at]?.id ?? []), sites, ...(called ? { calling: called.calling } : {}),
    loginEnabled: named.disabled !== true, invitePending: named.pending === true, timezone: isEuropean ? 'Europe/Berlin' : 'America/New_York',
    // Whom one meets and who never signed in came last week; others who never did were invited long ago.
    created: named.pending !== true ? SEEDED : iso(now - (index < NAMED.length ? 5 : 120) * DAY), lastModified: SEEDED,
    ...(named.pending === true ? {} : { lastActivity: iso(now - idleDays(index) * DAY - HOUR) }),
  };
}

function generatedPerson(index: number, now: number, licenses: readonly License[]): Person {
  const first = FIRST[index % FIRST.length] ?? '';
  const last = LAST[Math.floor(index / FIRST.length) % LAST.length] ?? '';
  const seats: Seat[] = index % 10 === 7 ? ['us-'] : index % 3 === 0 ? ['eu'] : ['us'];
  return {
    ...person({ email: `p${String(index).padStart(5, '0')}`, first, last, department: DEPARTMENTS[index % DEPARTMENTS.length] ?? '', title: 'Employee', seats, ...(index % 97 === 50 ? { pending: true } : {}) }, index, now, licenses),
    generated: true,
  };
}

/** People of Acme: the named ones first, then generated ones up to `count`. Counts the licenses that they hold. */
export function seedPeople(count: number, now: number, licenses: License[]): Person[] {
  const people = NAMED.slice(0, count).map((named, index) => person(named, index, now, licenses));
  for (let index = people.length; index < count; index += 1) people.push(generatedPerson(index, now, licenses));
  const byId = new Map(licenses.map((item) => [item.id, item]));
  for (const one of people) {
    for (const id of one.licenses) {
      const held = byId.get(id);
      if (held) held.consumedByUsers += 1;
    }
  }
  return people;
}

const stranger = (email: string, firstName: string, lastName: string): Person => ({
  id: publicId('PEOPLE', stableUuid(`person ${email}`)), type: 'person', emails: [email], displayName: `${firstName} ${lastName}`, firstName, lastName,
  orgId: GLOBEX.id, roles: [], licenses: [], sites: [], loginEnabled: true, invitePending: false, timezone: 'Europe/London', created: SEEDED, lastModified: SEEDED,
});

/** Two people of another organization. */
export const OUTSIDERS = (): Person[] => [stranger('olga.petrov@globex.test', 'Olga', 'Petrov'), stranger('sam.carter@globex.test', 'Sam', 'Carter')];

/** The bot "Steward", owned by `orgId`. */
export const stewardBot = (orgId: string): Person => ({
  id: publicId('PEOPLE', stableUuid('bot steward@webex.bot')), type: 'bot', emails: ['steward@webex.bot'], displayName: 'Steward', firstName: 'Steward', lastName: '',
  orgId, roles: [], licenses: [], sites: [], loginEnabled: true, invitePending: false, timezone: 'Etc/UTC', created: SEEDED, lastModified: SEEDED,
});
