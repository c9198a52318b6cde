import { publicId, stableUuid } from '../ids.js';
import type { License, Organization, Person, Site, SiteUser } from '../model.js';
import { DEPARTMENTS, FIRST, LAST, NAMED, type Named, type Seat } from './names.js';

const DAY = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString();

/** When everything that the seed makes was made. */
export const SEEDED = '2024-03-04T08:00:00.000Z';

export const ACME: Organization = { id: publicId('ORGANIZATION', stableUuid('organization Acme')), displayName: 'Acme', created: SEEDED };
export const GLOBEX: Organization = { id: publicId('ORGANIZATION', stableUuid('organization Globex')), displayName: 'Globex', created: SEEDED };

export const US = 'acme.webex.com';
export const EU = 'acme-eu.webex.com';
export const SITES: readonly Site[] = [{ siteUrl: US, orgId: ACME.id }, { siteUrl: EU, orgId: ACME.id }];

const license = (subscription: string, name: string, totalUnits: number, siteUrl?: string, consumedByWorkspaces = 0): License => ({
  id: publicId('LICENSE', `${stableUuid('organization Acme')}:${siteUrl === undefined ? 'MS' : 'MC'}_${stableUuid(`license ${subscription} ${name} ${siteUrl ?? ''}`)}`),
  orgId: ACME.id, name, totalUnits, consumedByUsers: 0, consumedByWorkspaces, subscriptionId: subscription,
  ...(siteUrl === undefined ? {} : { siteUrl, siteType: 'Control Hub managed site' }),
});

/** Ten licenses in two subscriptions. Names repeat over sites and subscriptions, as they do in real organizations. */
export function seedLicenses(people: number): License[] {
  const many = Math.max(2000, Math.ceil(people * 1.2));
  return [
    license('Sub100417', 'Messaging', many),
    license('Sub100417', 'Meeting - Webex Meeting Center', many, US),
    license('Sub100417', 'Meeting - Webex Meeting Center', many, EU),
    license('Sub100417', 'Webex Calling - Professional', 200),
    license('Sub100417', 'Webex Calling - Standard', 100),
    license('Sub100417', 'Shared Devices - Registration', 25, undefined, 7),
    license('Sub207733', 'Messaging', 50),
    license('Sub207733', 'Meeting - Webex Meeting Center', 40, EU),
    license('Sub207733', 'Meeting - Webex Webinars 1000', 3, US),
    license('Sub207733', 'Webex Events', 10, EU),
  ];
}

const HOST_LICENSE: Record<string, number> = { [US]: 1, [EU]: 2 };

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
  const held = [0, ...sites.filter((site) => site.accountType === 'host').map((site) => HOST_LICENSE[site.siteUrl] ?? 0)];
  if (index % 9 === 1) held.push(3);
  return {
    id: publicId('PEOPLE', stableUuid(`person ${email}`)), type: 'person', emails: [email],
    displayName: named.displayName ?? `${named.first} ${named.last}`, firstName: named.first, lastName: named.last, orgId: ACME.id,
    department: named.department, title: named.title, roles: named.roles ?? [],
    licenses: [...new Set(held)].flatMap((at) => licenses[at]?.id ?? []), sites,
    loginEnabled: named.disabled !== true, invitePending: named.pending === true, timezone: sites[0]?.siteUrl === EU ? 'Europe/Berlin' : 'America/New_York',
    created: SEEDED, lastModified: SEEDED,
    // Every eleventh has been idle for half a year, so that reports on idle licenses have something to find.
    ...(named.pending === true ? {} : { lastActivity: iso(now - (index % 11 === 10 ? 200 * DAY : (index % 5) * DAY + 3_600_000)) }),
  };
}

function generatedPerson(index: number, now: number, licenses: readonly License[]): Person {
  const first = FIRST[index % FIRST.length] ?? '';
  const last = LAST[Math.floor(index / FIRST.length) % LAST.length] ?? '';
  const seats: Seat[] = index % 10 === 7 ? ['us-'] : index % 3 === 0 ? ['eu'] : ['us'];
  return {
    ...person({ email: `p${String(index).padStart(5, '0')}`, first, last, department: DEPARTMENTS[index % DEPARTMENTS.length] ?? '', title: 'Employee', seats }, index, now, licenses),
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
