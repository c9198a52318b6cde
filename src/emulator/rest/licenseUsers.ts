import { z } from 'zod';
import { recordAudit } from '../audit.js';
import { siteUserOf } from '../delegates.js';
import { canonicalId } from '../fields.js';
import { checkHolding, checkOperations, isSupported, refused, type Operation } from '../license-rules.js';
import { hasUnit, isCalling, kindOf, setLicenses, setPending, type AttendeeChange } from '../licenses.js';
import type { Calling, License, Person } from '../model.js';
import { ApiError, type ApiReply, type ApiRequest } from '../route.js';
import { tell } from '../spaces.js';
import { personByEmail, type State } from '../state.js';

const operation = z.enum(['add', 'remove']).default('add');
const input = z.object({
  email: z.string().optional(), personId: z.string().optional(), orgId: z.string().optional(),
  licenses: z.array(z.object({
    id: z.string(), operation,
    properties: z.object({ locationId: z.string().optional(), phoneNumber: z.string().optional(), extension: z.string().optional() }).optional(),
  })).default([]),
  siteUrls: z.array(z.object({ siteUrl: z.string(), accountType: z.string(), operation })).default([]),
});
type Input = z.infer<typeof input>;

/** A request that has been checked, not yet done. */
interface Wish {
  state: State;
  orgId: string;
  person: Person;
  operations: readonly Operation[];
  attendee: AttendeeChange;
  /** By license id. */
  calling: ReadonlyMap<string, Calling>;
}

/** Without what is falsy, as exact optional properties want it. */
const callingOf = (locationId: string, phoneNumber: string | undefined, extension: string | undefined): Calling =>
  ({ locationId, ...(phoneNumber ? { phoneNumber } : {}), ...(extension ? { extension } : {}) });

function personOf({ state }: ApiRequest, { email, personId }: Input): Person {
  if (!email && !personId) throw new ApiError(400, 'At least one of email, personId is required.');
  const found = [...(email ? [personByEmail(state, email)] : []), ...(personId ? [state.people.get(canonicalId('PEOPLE', personId))] : [])];
  const [person] = found;
  if (person?.type !== 'person' || found.includes(undefined)) throw new ApiError(404, 'User not found.');
  if (found.some((one) => one !== person)) throw new ApiError(400, 'email and personId are of different users.');
  return person;
}

function operationsOf({ state }: ApiRequest, { licenses }: Input, orgId: string): Operation[] {
  const unknown: string[] = [];
  const operations = licenses.flatMap((item): Operation[] => {
    const license = state.licenses.get(canonicalId('LICENSE', item.id));
    if (license?.orgId === orgId) return [{ license, operation: item.operation, properties: item.properties }];
    unknown.push(item.id);
    return [];
  });
  if (unknown.length > 0) throw refused(400000, 'License not recognized', `License not recognized ${unknown.join(', ')}`);
  if (new Set(operations.map(({ license }) => license)).size < operations.length) throw new ApiError(400, 'A license is named twice.');
  return operations;
}

/** Sites must be the organization's; nobody becomes attendee where he is host in the end. */
function attendeeOf({ state }: ApiRequest, { siteUrls }: Input, orgId: string, after: readonly License[]): AttendeeChange {
  const hosted = new Set(after.map(({ siteUrl }) => siteUrl));
  const asked = siteUrls.map((item) => ({ ...item, siteUrl: item.siteUrl.toLowerCase() }));
  const invalid = asked.filter((item) => item.accountType !== 'attendee' || state.sites.get(item.siteUrl)?.orgId !== orgId
    || (item.operation === 'add' && hosted.has(item.siteUrl)) || asked.some((other) => other !== item && other.siteUrl === item.siteUrl));
  if (invalid.length > 0) throw refused(400216, 'Invalid site URL', `Request contains invalid attendee siteUrls: ${invalid.map(({ siteUrl }) => siteUrl).join(', ')}`);
  const of = (wanted: 'add' | 'remove'): string[] => asked.filter((item) => item.operation === wanted).map(({ siteUrl }) => siteUrl);
  return { add: of('add'), remove: of('remove') };
}

/** Where each calling license of the request is called. Webex: without a number the location must be named; with one it is the number's. */
function callingProperties({ state }: ApiRequest, operations: readonly Operation[], orgId: string): Map<string, Calling> {
  const locations = [...state.locations.values()].filter((location) => location.orgId === orgId);
  return new Map(operations.filter(({ license, operation: what }) => what === 'add' && isCalling(license)).map(({ license, properties = {} }) => {
    const { locationId, phoneNumber, extension } = properties;
    const location = locations.find((one) => (locationId ? one.id === canonicalId('LOCATION', locationId) : phoneNumber?.startsWith(one.numberPrefix)));
    if (!location || (phoneNumber && !/^\+\d{7,15}$/.test(phoneNumber))) throw refused(400, 'Unable to find location', 'Unable to find location.');
    return [license.id, callingOf(location.id, phoneNumber, extension)];
  }));
}

/** The licenses of the organization that a person holds or has pending. */
function heldOf(state: State, person: Person, orgId: string): License[] {
  return [...person.licenses, ...(person.pendingLicenses ?? [])].flatMap((id) => state.licenses.get(id) ?? []).filter((license) => license.orgId === orgId);
}

function isTaken({ state, person }: Wish, wanted: Calling | undefined): boolean {
  if (wanted === undefined) return false;
  for (const { id, calling } of state.people.values()) {
    if (calling === undefined || id === person.id) continue;
    const sameNumber = wanted.phoneNumber !== undefined && calling.phoneNumber === wanted.phoneNumber;
    if (sameNumber || (wanted.extension !== undefined && calling.extension === wanted.extension && calling.locationId === wanted.locationId)) return true;
  }
  return false;
}

/** Whether a license that may be held can be given just now. What cannot is left out of the reply, with 206. */
function canBeGiven(wish: Wish, license: License): boolean {
  const { person, orgId, attendee } = wish;
  const isExternal = person.orgId !== orgId;
  const isAttendee = license.siteUrl !== undefined && !attendee.remove.includes(license.siteUrl)
    && (siteUserOf(person, license.siteUrl)?.accountType === 'attendee' || person.pendingAttendeeOf?.includes(license.siteUrl) === true);
  return hasUnit(license) && kindOf(license) !== 'workspace' && !isAttendee && !(isExternal && license.siteUrl === undefined)
    && !isTaken(wish, wish.calling.get(license.id));
}

/** Does what can be done. Gives back whether that was all. */
function carryOut(wish: Wish): boolean {
  const { state, person, orgId, operations, attendee, calling } = wish;
  const held = heldOf(state, person, orgId);
  const removed = operations.filter((item) => item.operation === 'remove').map(({ license }) => license);
  const result = held.filter((license) => !removed.includes(license));
  const missing: License[] = [];
  for (const { license, operation: what } of operations) {
    if (what === 'remove' || held.includes(license)) continue;
    if (canBeGiven(wish, license) && isSupported(license, result)) result.push(license);
    else missing.push(license);
  }
  keepScreenShare(state, orgId, result);
  const ids = result.map(({ id }) => id);
  if (person.orgId === orgId) setLicenses(state, person, ids, attendee);
  else {
    setPending(state, person, ids.filter((id) => !person.licenses.includes(id)), pendingSites(person, attendee));
    const others = person.licenses.filter((id) => state.licenses.get(id)?.orgId !== orgId);
    setLicenses(state, person, [...others, ...ids.filter((id) => person.licenses.includes(id))], { add: [], remove: attendee.remove });
  }
  for (const license of result) {
    const properties = calling.get(license.id);
    if (properties && !held.includes(license)) person.calling = properties;
  }
  return missing.length === 0;
}

/** Screen Share is nobody's to give: it comes and goes with the free messaging. */
function keepScreenShare(state: State, orgId: string, result: License[]): void {
  const messaging = result.some((license) => kindOf(license) === 'freeMessaging');
  const at = result.findIndex((license) => kindOf(license) === 'screenShare');
  const share = [...state.licenses.values()].find((license) => license.orgId === orgId && kindOf(license) === 'screenShare');
  if (messaging && at < 0 && share) result.push(share);
  if (!messaging && at >= 0) result.splice(at, 1);
}

function pendingSites(person: Person, { add, remove }: AttendeeChange): string[] {
  const wanted = add.filter((siteUrl) => siteUserOf(person, siteUrl) === undefined);
  return [...new Set([...(person.pendingAttendeeOf ?? []), ...wanted])].filter((siteUrl) => !remove.includes(siteUrl));
}

function shown({ state, person, orgId }: Wish): unknown {
  const own = (ids: readonly string[]): string[] => ids.filter((id) => state.licenses.get(id)?.orgId === orgId);
  const pending = own(person.pendingLicenses ?? []);
  const pendingHosts = [...new Set(pending.flatMap((id) => state.licenses.get(id)?.siteUrl ?? []))];
  return {
    orgId: person.orgId, personId: person.id, email: person.emails[0], licenses: own(person.licenses),
    siteUrls: person.sites.filter(({ siteUrl }) => state.sites.get(siteUrl)?.orgId === orgId).map(({ siteUrl, accountType }) => ({ siteUrl, accountType })),
    ...(person.orgId === orgId ? {} : {
      pendingLicenses: pending,
      pendingSiteUrls: [...(person.pendingAttendeeOf ?? []).map((siteUrl) => ({ siteUrl, accountType: 'attendee' })),
        ...pendingHosts.map((siteUrl) => ({ siteUrl, accountType: 'host' }))],
    }),
  };
}

/**
 * Webex: adds and removes licenses and attendee sites of one person. Everything is checked before anything is done.
 * 200 with what the person holds then, 206 when some of it could not be given, 400 with Webex's code when it may not be.
 */
export function assign(request: ApiRequest): ApiReply {
  const { state, caller } = request;
  const read = input.safeParse(request.body);
  if (!read.success) throw new ApiError(400, z.prettifyError(read.error));
  const asked = read.data;
  if (asked.licenses.length === 0 && asked.siteUrls.length === 0) throw new ApiError(400, 'Neither licenses nor siteUrls are given.');
  const orgId = canonicalId('ORGANIZATION', asked.orgId ?? caller.person.orgId);
  if (orgId !== caller.person.orgId) throw new ApiError(403, 'You are not authorized to assign licenses of this organization.');
  const person = personOf(request, asked);
  const operations = operationsOf(request, asked, orgId);
  checkOperations(operations);
  const calling = callingProperties(request, operations, orgId);
  const before = heldOf(state, person, orgId);
  const removed = operations.filter((item) => item.operation === 'remove').map(({ license }) => license);
  const added = operations.filter((item) => item.operation === 'add').map(({ license }) => license);
  const after = [...new Set([...before, ...added])].filter((license) => !removed.includes(license));
  if (person.orgId === orgId) checkHolding(before, after);
  const wish: Wish = { state, orgId, person, operations, calling, attendee: attendeeOf(request, asked, orgId, after) };
  const isWhole = carryOut(wish);
  tell(state, { resource: 'people', event: 'updated', actorId: caller.person.id, subject: person });
  recordAudit(state, caller.person, {
    eventCategory: 'USERS', eventDescription: 'Licenses of a user were changed', actionText: `${caller.person.displayName} changed the licenses of ${person.displayName}`,
    targetType: 'USER', targetId: person.id, targetName: person.displayName,
  });
  return { status: isWhole ? 200 : 206, body: shown(wish) };
}
