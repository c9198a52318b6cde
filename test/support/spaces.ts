import { inputsOf, textOf, titlesOf, type Message, type Person } from './person.js';
import { answer, approve, plan } from './plans.js';
import type { RequestEntry, World } from './world.js';

/** `amy.adams` and `amy.adams@acme.test` are the same. */
export const at = (name: string): string => (name.includes('@') ? name : `${name}@acme.test`);

interface State {
  people: { id: string; emails: string[] }[];
  rooms: { id: string; title: string }[];
  memberships: { id: string; roomId: string; personId: string; isModerator: boolean }[];
}

/** A new space of the first of its members; gives its id. */
export async function newSpace(world: World, title: string, members: readonly string[], more: Record<string, unknown> = {}): Promise<string> {
  const [creator = '', ...others] = members.map(at);
  const { rooms } = await world.control('POST', 'change', { rooms: [{ title, create: true, creator, add: others, ...more }] });
  return rooms[0];
}

/** A new group; gives its id. */
export async function newGroup(world: World, name: string, members: readonly string[], more: Record<string, unknown> = {}): Promise<string> {
  const { groups } = await world.control('POST', 'change', { groups: [{ name, create: true, add: members.map(at), ...more }] });
  return groups[0];
}

/** Who is in a space, as the emulator's own state says: addresses without `@acme.test`, sorted. */
export async function membersOf(world: World, roomId: string): Promise<string[]> {
  const { people, memberships } = (await world.control('GET', 'state')) as State;
  const emails = new Map(people.map(({ id, emails: [email = ''] }) => [id, email.replace('@acme.test', '')]));
  return memberships.filter((one) => one.roomId === roomId).map(({ personId }) => emails.get(personId) ?? personId).sort();
}

/** The id of the only space of a title. */
export async function spaceCalled(world: World, title: string): Promise<string> {
  const found = ((await world.control('GET', 'state')) as State).rooms.filter((room) => room.title === title);
  if (found.length !== 1) throw new Error(`${found.length} spaces are called ${title}.`);
  return found[0]?.id ?? '';
}

/** Writes of an account since the last mark, as `POST /memberships`. */
export async function writesBy(world: World, person: Person): Promise<string[]> {
  return (await world.requests('/v1/')).filter((one) => one.owner === person.email && isWrite(one)).map(({ method, path }) => `${method} ${path}`);
}

function isWrite({ method, path }: RequestEntry): boolean {
  // What the person writes to the bot, and presses, is no call of Steward.
  return method !== 'GET' && !path.startsWith('/v1/messages') && !path.startsWith('/v1/attachment') && path !== '/v1/access_token';
}

/** What a card has chosen when nobody touches it: a client sends that with a press. */
export function untouched(card: Message): Record<string, string> {
  return Object.fromEntries([...inputsOf(card)].flatMap(([id, { value }]) => (value === undefined ? [] : [[id, value]])));
}

/** Confirms a card of rules; `chosen` takes the place of what it has chosen. Gives what is said then. */
export async function confirm(person: Person, card: Message, chosen: Record<string, string> = {}): Promise<Message> {
  const title = titlesOf(card).find((one) => ['Follow these groups', 'Save these rules', 'Stop following'].includes(one));
  if (title === undefined) throw new Error(`Nothing to confirm in: ${textOf(card)}`);
  const known = new Set((await person.messages()).map(({ id }) => id));
  const { status } = await person.press(card, title, { ...untouched(card), ...chosen });
  if (status !== 200) throw new Error(`The press was refused: ${status}`);
  return person.hears((message) => !known.has(message.id) && message.files === undefined && !/was superseded on/.test(message.text ?? ''));
}

/** Makes rules by `spaces link` and confirms what the card has chosen. */
export async function follow(person: Person, words: string): Promise<Message> {
  const saved = await confirm(person, await answer(person, `spaces link ${words}`));
  if (!/rules? saved/.test(textOf(saved))) throw new Error(`No rule was saved: ${textOf(saved)}`);
  return saved;
}

/** A group and a space that follows it, each of one's own name; gives the id of the space. */
export async function followed(world: World, person: Person, name: string, group: readonly string[], space: readonly string[], options = ''): Promise<string> {
  await newGroup(world, `${name} group`, group);
  const id = await newSpace(world, name, space);
  await follow(person, `"${name} group" to="${name}" ${options}`.trim());
  return id;
}

/** From `spaces sync` to the card of the result. */
export async function sync(person: Person, words: string): Promise<Message> {
  return approve(person, await plan(person, `spaces sync ${words}`));
}
