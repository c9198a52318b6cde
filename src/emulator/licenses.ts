import { siteUserOf } from './delegates.js';
import type { License, Person } from './model.js';
import type { State } from './state.js';

/** What a license is for, as its name says; `undefined` for those that no rule is about. */
export type LicenseKind =
  | 'professional' | 'standard' | 'attendantConsole' | 'cxEssentials' | 'messenger' | 'freeMessaging' | 'paidMessaging' | 'freeMeeting' | 'paidMeeting'
  | 'screenShare' | 'workspace';

const KINDS: Readonly<Record<string, LicenseKind>> = {
  'Webex Calling - Professional': 'professional', 'Webex Calling - Standard': 'standard', 'Webex Calling - Attendant Console': 'attendantConsole',
  'Customer Experience - Essential': 'cxEssentials', 'Webex Messenger': 'messenger', 'Basic Messaging': 'freeMessaging', Messaging: 'paidMessaging',
  'Basic Space Meetings': 'freeMeeting', 'Advanced Space Meetings': 'paidMeeting', 'Free screen share': 'screenShare',
  'Shared Devices - Registration': 'workspace',
};

export function kindOf(license: License): LicenseKind | undefined {
  return KINDS[license.name];
}

/** Licenses with which a person is called: they need, and take away with them, number, extension and location. */
export function isCalling(license: License): boolean {
  const kind = kindOf(license);
  return kind === 'professional' || kind === 'standard' || kind === 'cxEssentials';
}

/** Whether a unit is left, whatever is shown. -1 is without limit. */
export function hasUnit(license: License): boolean {
  return license.totalUnits < 0 || license.consumedByUsers + license.consumedByWorkspaces < license.totalUnits;
}

/** The counts that are shown now: those of before a change until the lag is over. */
export function shownCounts(license: License, now: number): { consumedByUsers: number; consumedByWorkspaces: number } {
  const { consumedByUsers, consumedByWorkspaces } = license.staleCounts?.find(({ until }) => until > now) ?? license;
  return { consumedByUsers, consumedByWorkspaces };
}

/** Keeps what is shown of a license as it is for the time of the lag. Called before its counts change. */
export function keepShown(state: State, license: License): void {
  const now = state.clock.now();
  const stale = (license.staleCounts ?? []).filter(({ until }) => until > now);
  const { consumedByUsers, consumedByWorkspaces } = license;
  if (state.licenseLagMs > 0) stale.push({ until: now + state.licenseLagMs, consumedByUsers, consumedByWorkspaces });
  if (stale.length > 0) license.staleCounts = stale;
  else delete license.staleCounts;
}

function count(state: State, licenseId: string, by: number): void {
  const license = state.licenses.get(licenseId);
  if (!license) return;
  keepShown(state, license);
  license.consumedByUsers += by;
}

/** The part of `a` that `b` lacks. */
const without = (a: readonly string[], b: readonly string[]): string[] => a.filter((item) => !b.includes(item));

/** Changes of the sites where a person is only attendee. */
export interface AttendeeChange {
  add: readonly string[];
  remove: readonly string[];
}

/**
 * Gives a person exactly these licenses, and all that goes with them: units, being a host of a license's site, being called.
 * Who loses the last license of a site leaves it, with the delegates there. No rule is checked.
 */
export function setLicenses(state: State, person: Person, licenses: readonly string[], attendee: AttendeeChange = { add: [], remove: [] }): void {
  const added = without(licenses, person.licenses);
  const removed = without(person.licenses, licenses);
  person.licenses = [...person.licenses.filter((id) => licenses.includes(id)), ...added];
  for (const id of added) count(state, id, 1);
  for (const id of removed) count(state, id, -1);
  const siteOf = (id: string): string | never[] => state.licenses.get(id)?.siteUrl ?? [];
  const hosted = new Set(person.licenses.flatMap(siteOf));
  for (const siteUrl of new Set([...[...added, ...removed].flatMap(siteOf), ...attendee.add, ...attendee.remove])) {
    const stays = siteUserOf(person, siteUrl)?.accountType === 'attendee' && !attendee.remove.includes(siteUrl);
    setSeat(state, person, siteUrl, hosted.has(siteUrl) ? 'host' : attendee.add.includes(siteUrl) || stays ? 'attendee' : undefined);
  }
  if (!person.licenses.some((id) => isCallingId(state, id))) delete person.calling;
  person.lastModified = state.clock.iso();
}

function isCallingId(state: State, id: string): boolean {
  const license = state.licenses.get(id);
  return license !== undefined && isCalling(license);
}

function setSeat(state: State, person: Person, siteUrl: string, accountType: 'host' | 'attendee' | undefined): void {
  const seat = siteUserOf(person, siteUrl);
  if (seat?.accountType === accountType) return;
  if (accountType === undefined) person.sites = person.sites.filter((item) => item !== seat);
  else if (seat) Object.assign(seat, { accountType, delegates: [], isSiteAdmin: false });
  else {
    person.sites.push({
      siteUrl, accountType, isSiteAdmin: false, isDefault: false, userId: person.sites[0]?.userId ?? 500_000 + [...state.people.keys()].indexOf(person.id),
      delegates: [], enabledJoinBeforeHost: false, joinBeforeHostMinutes: 0, enabledAutoShareRecording: false, enabledWebexAssistantByDefault: false,
    });
  }
  const first = person.sites[0];
  if (first && !person.sites.some((item) => item.isDefault)) first.isDefault = true;
}

/** What is offered to a person of another organization and waits for a yes. Units are taken at once. */
export function setPending(state: State, person: Person, licenses: readonly string[], attendeeOf: readonly string[]): void {
  const before = person.pendingLicenses ?? [];
  for (const id of without(licenses, before)) count(state, id, 1);
  for (const id of without(before, licenses)) count(state, id, -1);
  delete person.pendingLicenses;
  delete person.pendingAttendeeOf;
  if (licenses.length > 0) person.pendingLicenses = [...licenses];
  if (attendeeOf.length > 0) person.pendingAttendeeOf = [...attendeeOf];
}

/** The person of another organization says yes to all that is pending. */
export function acceptPending(state: State, person: Person): void {
  const licenses = person.pendingLicenses ?? [];
  const add = person.pendingAttendeeOf ?? [];
  setPending(state, person, [], []);
  setLicenses(state, person, [...person.licenses, ...licenses], { add, remove: [] });
}
