import { z } from 'zod';
import { recordAudit } from './audit.js';
import { changeGroup, groupInput } from './change/groups.js';
import { personOf } from './change/named.js';
import { changeRoom, roomInput } from './change/rooms.js';
import { setDelegates, siteUserOf } from './delegates.js';
import { acceptPending, keepShown, setLicenses } from './licenses.js';
import type { License, Person } from './model.js';
import { ROLE_NAMES } from './roles.js';
import { ApiError } from './route.js';
import { testToken } from './seed.js';
import { tell } from './spaces.js';
import type { State } from './state.js';

const addresses = z.array(z.string()).default([]);
const input = z.strictObject({
  people: z.array(z.strictObject({ email: z.string(), roles: z.array(z.enum(ROLE_NAMES as [string, ...string[]])).optional(), loginEnabled: z.boolean().optional(),
    /** License ids; names where they are unique. */
    licenses: z.array(z.string()).optional(),
    /** Of another organization: says yes to the licenses and sites that are pending. */
    accept: z.literal(true).optional(), lastActivity: z.iso.datetime().nullable().optional() })).default([]),
  licenses: z.array(z.strictObject({ id: z.string().optional(), name: z.string().optional(), totalUnits: z.int().min(-1).optional(), consumedByWorkspaces: z.int().min(0).optional() })).default([]),
  groups: z.array(groupInput).default([]),
  rooms: z.array(roomInput).default([]),
  delegates: z.array(z.strictObject({ host: z.string(), site: z.string(), add: addresses, remove: addresses })).default([]),
});

const lower = (texts: string[]): string[] => texts.map((text) => text.trim().toLowerCase());

/**
 * The organization changed by somebody else, as in the vendor's console: `{people, licenses, groups, rooms, delegates}`.
 * Everything named is looked up before anything changes. Throws an ApiError 400 or a ZodError. Writes audit events.
 * Gives the ids of the groups and spaces in the order of the body: those of new and migrated ones are new.
 */
export function applyChange(state: State, body: unknown): { groups: string[]; rooms: string[] } {
  const wanted = input.parse(body);
  // The console's user: the first full administrator whom the change itself does not touch.
  const touched = new Set(wanted.people.map((item) => item.email.toLowerCase()));
  const people = [...state.people.values()].filter((one) => one.type === 'person');
  const actor = people.find((one) => one.roles.includes('Full Administrator') && !touched.has(one.emails[0] ?? '')) ?? people[0];
  if (!actor) throw new ApiError(400, 'The organization has no people.');
  const before = [...wanted.people.map((item) => changePerson(state, actor, item)), ...wanted.licenses.map((item) => changeLicense(state, item))];
  const groups = wanted.groups.map((item) => changeGroup(state, actor, item));
  const rooms = wanted.rooms.map((item) => changeRoom(state, actor, item));
  const after = wanted.delegates.map((item) => changeDelegates(state, actor, item));
  for (const act of before) act();
  const changed = { groups: groups.map((act) => act()), rooms: rooms.map((act) => act()) };
  for (const act of after) act();
  return changed;
}

type Input = z.infer<typeof input>;
type Act = () => void;

function changePerson(state: State, actor: Person, wanted: Input['people'][number]): Act {
  const person = personOf(state, wanted.email);
  const licenses = wanted.licenses?.map((text) => licenseOf(state, text).id);
  return () => {
    if (wanted.roles) person.roles = wanted.roles;
    if (wanted.loginEnabled !== undefined) person.loginEnabled = wanted.loginEnabled;
    if (licenses) setLicenses(state, person, licenses);
    if (wanted.accept) acceptPending(state, person);
    if (wanted.lastActivity !== undefined) setActivity(person, wanted.lastActivity);
    person.lastModified = state.clock.iso();
    testToken(state, person.id);
    tell(state, { resource: 'people', event: 'updated', actorId: actor.id, subject: person });
    recordAudit(state, actor, { eventCategory: 'USERS', eventDescription: 'A user was changed', actionText: `${actor.displayName} changed ${person.displayName}`,
      targetType: 'USER', targetId: person.id, targetName: person.displayName });
  };
}

/** The license with this id, or with this name if it is the only one. */
function licenseOf(state: State, text: string): License {
  const named = [...state.licenses.values()].filter((license) => license.id === text || license.name === text);
  if (named.length !== 1 || !named[0]) throw new ApiError(400, `${named.length} licenses are called ${text}.`);
  return named[0];
}

/** null: never signed in. */
function setActivity(person: Person, lastActivity: string | null): void {
  person.invitePending = lastActivity === null;
  if (lastActivity === null) delete person.lastActivity;
  else person.lastActivity = lastActivity;
}

function changeLicense(state: State, wanted: Input['licenses'][number]): Act {
  const license = licenseOf(state, wanted.id ?? wanted.name ?? '');
  return () => {
    keepShown(state, license);
    if (wanted.totalUnits !== undefined) license.totalUnits = wanted.totalUnits;
    if (wanted.consumedByWorkspaces !== undefined) license.consumedByWorkspaces = wanted.consumedByWorkspaces;
  };
}

function changeDelegates(state: State, actor: Person, wanted: Input['delegates'][number]): Act {
  const host = personOf(state, wanted.host);
  const seat = siteUserOf(host, wanted.site);
  if (!seat) throw new ApiError(400, `${wanted.host} is not on ${wanted.site}.`);
  return () => {
    const remove = new Set(lower(wanted.remove));
    setDelegates(state, actor, host, seat, [...seat.delegates.filter((email) => !remove.has(email)), ...lower(wanted.add)]);
  };
}
