import { z } from 'zod';
import { recordAudit } from './audit.js';
import { setDelegates, siteUserOf } from './delegates.js';
import type { Group, Person, Room } from './model.js';
import { ROLE_NAMES } from './roles.js';
import { ApiError } from './route.js';
import { testToken } from './seed.js';
import { join, leave, tell } from './spaces.js';
import { membershipOf, personByEmail, type State } from './state.js';

const addresses = z.array(z.string()).default([]);
const input = z.strictObject({
  people: z.array(z.strictObject({ email: z.string(), roles: z.array(z.enum(ROLE_NAMES as [string, ...string[]])).optional(), loginEnabled: z.boolean().optional(),
    /** License ids; names where they are unique. */
    licenses: z.array(z.string()).optional() })).default([]),
  groups: z.array(z.strictObject({ name: z.string(), add: addresses, remove: addresses })).default([]),
  rooms: z.array(z.strictObject({ title: z.string(), isLocked: z.boolean().optional(), add: addresses, remove: addresses })).default([]),
  delegates: z.array(z.strictObject({ host: z.string(), site: z.string(), add: addresses, remove: addresses })).default([]),
});

const lower = (texts: string[]): string[] => texts.map((text) => text.trim().toLowerCase());

/**
 * The organization changed by somebody else, as in the vendor's console: `{people, groups, rooms, delegates}`.
 * Everything named is looked up before anything changes. Throws an ApiError 400 or a ZodError. Writes audit events.
 */
export function applyChange(state: State, body: unknown): void {
  const wanted = input.parse(body);
  // The console's user: the first full administrator whom the change itself does not touch.
  const touched = new Set(wanted.people.map((item) => item.email.toLowerCase()));
  const people = [...state.people.values()].filter((one) => one.type === 'person');
  const actor = people.find((one) => one.roles.includes('Full Administrator') && !touched.has(one.emails[0] ?? '')) ?? people[0];
  if (!actor) throw new ApiError(400, 'The organization has no people.');
  const work = [
    ...wanted.people.map((item) => changePerson(state, actor, item)), ...wanted.groups.map((item) => changeGroup(state, actor, item)),
    ...wanted.rooms.map((item) => changeRoom(state, actor, item)), ...wanted.delegates.map((item) => changeDelegates(state, actor, item)),
  ];
  for (const act of work) act();
}

type Input = z.infer<typeof input>;
type Act = () => void;

function personOf(state: State, email: string): Person {
  const found = personByEmail(state, email);
  if (!found) throw new ApiError(400, `There is no ${email}.`);
  return found;
}

function changePerson(state: State, actor: Person, wanted: Input['people'][number]): Act {
  const person = personOf(state, wanted.email);
  const licenses = wanted.licenses?.map((text) => {
    const named = [...state.licenses.values()].filter((license) => license.id === text || license.name === text);
    if (named.length !== 1 || !named[0]) throw new ApiError(400, `${named.length} licenses are called ${text}.`);
    return named[0];
  });
  return () => {
    if (wanted.roles) person.roles = wanted.roles;
    if (wanted.loginEnabled !== undefined) person.loginEnabled = wanted.loginEnabled;
    if (licenses) {
      for (const id of person.licenses) count(state, id, -1);
      person.licenses = licenses.map(({ id }) => id);
      for (const id of person.licenses) count(state, id, 1);
    }
    person.lastModified = state.clock.iso();
    testToken(state, person.id);
    tell(state, { resource: 'people', event: 'updated', actorId: actor.id, subject: person });
    recordAudit(state, actor, { eventCategory: 'USERS', eventDescription: 'A user was changed', actionText: `${actor.displayName} changed ${person.displayName}`,
      targetType: 'USER', targetId: person.id, targetName: person.displayName });
  };
}

function count(state: State, licenseId: string, by: number): void {
  const license = state.licenses.get(licenseId);
  if (license) license.consumedByUsers += by;
}

function changeGroup(state: State, actor: Person, wanted: Input['groups'][number]): Act {
  const group: Group | undefined = [...state.groups.values()].find((item) => item.displayName === wanted.name);
  if (!group) throw new ApiError(400, `There is no group ${wanted.name}.`);
  const remove = new Set(wanted.remove.map((email) => personOf(state, email).id));
  const add = wanted.add.map((email) => personOf(state, email));
  return () => {
    const kept = group.members.filter(({ id }) => !remove.has(id));
    const known = new Set(kept.map(({ id }) => id));
    group.members = [...kept, ...add.filter(({ id }) => !known.has(id)).map(({ id, displayName }) => ({ id, type: 'user' as const, displayName }))];
    group.lastModified = state.clock.iso();
    tell(state, { resource: 'groups', event: 'updated', actorId: actor.id, subject: group });
    recordAudit(state, actor, { eventCategory: 'GROUPS', eventDescription: 'A group was changed', actionText: `${actor.displayName} changed ${group.displayName}`,
      targetType: 'GROUP', targetId: group.id, targetName: group.displayName });
  };
}

function changeRoom(state: State, actor: Person, wanted: Input['rooms'][number]): Act {
  const room: Room | undefined = [...state.rooms.values()].find((item) => item.title === wanted.title);
  if (!room) throw new ApiError(400, `There is no space ${wanted.title}.`);
  const add = wanted.add.map((email) => personOf(state, email));
  const remove = wanted.remove.map((email) => personOf(state, email));
  return () => {
    if (wanted.isLocked !== undefined && wanted.isLocked !== room.isLocked) {
      room.isLocked = wanted.isLocked;
      tell(state, { resource: 'rooms', event: 'updated', actorId: actor.id, subject: room });
    }
    for (const person of add) if (!membershipOf(state, room.id, person.id)) join(state, room, person, actor.id);
    for (const person of remove) {
      const membership = membershipOf(state, room.id, person.id);
      if (membership) leave(state, membership, actor.id);
    }
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
