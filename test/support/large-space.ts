import { inputsOf, textOf, type Message, type Person } from './person.js';
import type { World } from './world.js';

/** Generated people bear numbers; those below this one may have names of their own. */
const FIRST = 100;
/** The most that one page of Webex's lists has. */
const GROUP_PAGE = 500;
const SPACE_PAGE = 1000;

export interface LargeSizes {
  /** People in the group. */
  group: number;
  /** Members of the space. */
  space: number;
  /** Who is in both already, the account itself among them. */
  both: number;
}

/** How many people the organization needs for these sizes. */
export function peopleFor({ group, space, both }: LargeSizes): number {
  return FIRST + group + space - both;
}

/** The addresses of those numbered from `from` to before `to` among the people who are nobody else here. */
export function numbered(from: number, to: number): string[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => `p${String(FIRST + from + at).padStart(5, '0')}@acme.test`);
}

/**
 * Makes the group "Large Group", of which `account` is one, and its space "Large Space", each with so many people. The first of
 * those numbered are in both, then come those of the group alone, then those of the space alone.
 */
export async function makeLarge(world: World, account: Person, { group, space, both }: LargeSizes): Promise<void> {
  const inGroup = numbered(0, group - 1);
  const alone = numbered(group - 1, group - 1 + space - both);
  await world.control('POST', 'change', {
    groups: [{ name: 'Large Group', create: true, add: [account.email, ...inGroup] }],
    rooms: [{ title: 'Large Space', create: true, creator: account.email, add: [...inGroup.slice(0, both - 1), ...alone] }],
  });
}

/** Lets "Large Space" follow "Large Group", as somebody in chat does. */
export async function followLarge(person: Person, hears: (fits: (message: Message) => boolean) => Promise<Message>): Promise<void> {
  await person.say('spaces link "Large Group" to="Large Space"');
  const card = await hears((message) => inputsOf(message).has('to'));
  const chosen = Object.fromEntries(['groups', 'to'].map((id) => [id, inputsOf(card).get(id)?.choices?.[0]?.value ?? '']));
  const pressed = await person.press(card, 'Follow these groups', chosen);
  if (pressed.status !== 200) throw new Error(`The press was refused: ${pressed.status}`);
  await hears((message) => textOf(message).includes('1 rule saved'));
}

/**
 * The calls that reading them takes: one for the group and one for the space, and the pages of their members. Of a space with more
 * than one page the emulator has an empty one in the middle, as Webex has where members are hidden; and after a last page that is
 * just full, another is asked for.
 */
export function callsNeeded({ group, space }: Pick<LargeSizes, 'group' | 'space'>): Record<string, number> {
  const hidden = space > SPACE_PAGE ? 1 : 0;
  return { group: 1, 'group members': Math.ceil(group / GROUP_PAGE), space: 1, memberships: Math.floor(space / SPACE_PAGE) + hidden + 1 };
}

/** The calls that were made with this account, by what they are about; neither those of its chat, nor those that look up who it is and what it may do. */
export async function callsMade(world: World, account: Person): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { method, path, owner, status } of await world.requests()) {
    const kind = owner === account.email && status !== 429 ? kindOf(method, path) : undefined;
    if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function kindOf(method: string, path: string): string | undefined {
  if (/^\/v1\/(messages|attachment|people\/me$|roles$)/.test(path)) return undefined;
  const known: Record<string, RegExp> = {
    group: /^GET \/v1\/groups\/[^/]+$/, 'group members': /^GET \/v1\/groups\/[^/]+\/members$/, space: /^GET \/v1\/rooms\/[^/]+$/,
    memberships: /^GET \/v1\/memberships$/, joins: /^POST \/v1\/memberships$/, leaves: /^DELETE \/v1\/memberships\/[^/]+$/,
  };
  return Object.keys(known).find((kind) => known[kind]?.test(`${method} ${path}`)) ?? `${method} ${path.replace(/[A-Za-z0-9_-]{40,}/g, '…')}`;
}
