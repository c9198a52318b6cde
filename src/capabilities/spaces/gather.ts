import type { Context } from '../../bot/define.js';
import { mapConcurrently } from '../../lib/concurrency.js';
import { CallerMistake } from '../../lib/errors.js';
import { idKey, sameId } from '../../lib/ids.js';
import { count, plain } from '../../lib/text.js';
import type { ReadClient } from '../../webex/call.js';
import { WebexRefused, WebexUnreachable } from '../../webex/errors.js';
import * as groups from '../../webex/rest/groups.js';
import * as memberships from '../../webex/rest/memberships.js';
import { all } from '../../webex/rest/parse.js';
import * as people from '../../webex/rest/people.js';
import * as rooms from '../../webex/rest/rooms.js';
import * as teamMemberships from '../../webex/rest/teamMemberships.js';
import type { Exemption, Rule, SpacesParts, SpaceState, Stopped, Wanted } from './define.js';
import { readExemptions } from './rules.js';
import { readSeen } from './seen.js';

/** Rules read side by side; the client's pace is what really limits. */
const RULES_AT_ONCE = 16;
const TEAM_SCOPE = 'spark:team_memberships_read';

/**
 * Reads the spaces and groups of rules, each to its last page, each group and team once. A rule of which anything could not be read,
 * or whose space the account may not change, is stopped with the reason; the others go on. Calls: one for each space and group,
 * and the pages that their members (and those of teams) need; with `as=bot` once who the bot is.
 */
export async function gatherSpaces(context: Context, parts: SpacesParts, rules: readonly Rule[]): Promise<(SpaceState | Stopped)[]> {
  const now = context.clock.now();
  const exemptions = (await readExemptions(context)).filter(({ until }) => until === undefined || Date.parse(until) > now);
  const reader = readerOf(context, parts);
  return mapConcurrently(rules, RULES_AT_ONCE, async (rule) => {
    try {
      return await stateOf(context, reader, rule, exemptions);
    } catch (error) {
      return stopped(rule, error);
    }
  });
}

/** Whether a rule could not be read. */
export function isStopped(found: SpaceState | Stopped): found is Stopped {
  return 'reason' in found;
}

interface GroupRead {
  group: groups.Group;
  members: groups.GroupMember[];
}

/** Reads through the account and the bot; what several rules need, once. */
interface Reader {
  client(rule: Rule): ReadClient;
  bot(): Promise<people.Person>;
  group(id: string): Promise<GroupRead>;
  team(rule: Rule, id: string): Promise<ReadonlySet<string>>;
}

/** The rule cannot be followed, whatever Webex answers. */
class Stop extends Error {
  constructor(message: string, readonly gone?: true) {
    super(message);
  }
}

function readerOf(context: Context, parts: SpacesParts): Reader {
  const client = (rule: Rule): ReadClient => (rule.as === 'bot' ? parts.bot : context.webex);
  return {
    client,
    bot: once(() => people.me(parts.bot)),
    group: onceEach(idKey, async (id) => readGroup(context.webex, id)),
    team: (() => {
      const read = onceEach((key: string) => key, async (key) => {
        const [as = '', id = ''] = key.split(' ');
        return new Set((await all(teamMemberships.list(as === 'bot' ? parts.bot : context.webex, id))).map(({ personId }) => idKey(personId)));
      });
      return (rule, id) => read(`${rule.as} ${id}`);
    })(),
  };
}

async function readGroup(webex: ReadClient, id: string): Promise<GroupRead> {
  const group = await groups.get(webex, id);
  const members = await all(groups.members(webex, id));
  const { memberSize = 0 } = group;
  if (members.length < memberSize) throw new Stop(`Webex says that it has ${count(memberSize, 'member')}, and shows ${members.length === 0 ? 'none' : members.length.toLocaleString('en-US')}`);
  return { group, members };
}

async function stateOf(context: Context, reader: Reader, rule: Rule, exemptions: readonly Exemption[]): Promise<SpaceState> {
  const webex = reader.client(rule);
  const account = context.account?.personId;
  if (account === undefined) throw new Stop('there is no linked account to read it with');
  const room = await about('the space', () => rooms.get(webex, rule.space.id), `The space is gone, or ${rule.as === 'bot' ? 'the bot' : 'the account'} is not in it any more. A new one of the same name is not taken`);
  checkRoom(room);
  const [members, read, team, bot, seen] = await Promise.all([
    about('the members of the space', () => all(memberships.list(webex, rule.space.id))),
    Promise.all(rule.groups.map(({ id, name }) => about(`the group ${quoted(name)}`, () => reader.group(id), `The group ${quoted(name)} is gone. A new one of the same name is not taken`))),
    room.teamId === undefined ? undefined : readTeam(context, reader, rule, room.teamId),
    rule.as === 'bot' ? about('the bot', () => reader.bot()) : undefined,
    readSeen(context, rule),
  ]);
  return {
    rule, room, members, team, account,
    own: ownOf(rule, room, members, account, bot?.id ?? account),
    organization: context.organization.id,
    ...wantedOf(rule, read),
    exempt: new Map(exemptions.filter(({ space }) => space === undefined || sameId(space.id, room.id)).map((one) => [idKey(one.person.id), one])),
    // While there was another rule, or none, nobody counted.
    goneSince: new Map(Object.entries(seen?.gone ?? {}).map(([key, since]) => [key, since < rule.at ? rule.at : since])),
  };
}

function checkRoom({ type, isReadOnly }: rooms.Room): void {
  if (type !== 'group') throw new Stop('It is a 1:1 space, whose members cannot be changed');
  if (isReadOnly) throw new Stop('The space is archived, so its members cannot be changed');
}

/** The membership by which the space is changed. With `as=bot` the account must be in it too: the bot opens no space to those who are not. */
function ownOf(rule: Rule, room: rooms.Room, members: readonly memberships.Membership[], account: string, actor: string): memberships.Membership {
  const find = (personId: string): memberships.Membership | undefined => members.find((member) => sameId(member.personId, personId));
  const who = rule.as === 'bot' ? 'The bot' : 'The account';
  if (find(account) === undefined) throw new Stop('The account is not in the space');
  const own = find(actor);
  if (own === undefined) throw new Stop(`${who} is not in the space`);
  if (own.isModerator) return own;
  if (room.isAnnouncementOnly) throw new Stop(`Only moderators may change this announcement space, and ${who.toLowerCase()} is none`);
  if (room.isLocked) throw new Stop(`The space is moderated, and ${who.toLowerCase()} is no moderator of it`);
  return own;
}

async function readTeam(context: Context, reader: Reader, rule: Rule, teamId: string): Promise<ReadonlySet<string>> {
  if (rule.as === 'me' && context.account?.scopes.some((scope) => scope === TEAM_SCOPE || scope === 'spark:all') !== true) {
    throw new Stop(`It is a space of a team, and the linked account lacks the scope ${TEAM_SCOPE}, by which a team is read. Write “account link for=spaces” to me in our 1:1`);
  }
  return about('the team of the space', () => reader.team(rule, teamId));
}

function wantedOf(rule: Rule, read: readonly GroupRead[]): Pick<SpaceState, 'wanted' | 'leftOut'> {
  const wanted = new Map<string, Wanted>();
  const leftOut: SpaceState['leftOut'] = [];
  for (const { group, members } of read) {
    for (const { id, type, displayName = id } of members) {
      const kind = type.toLowerCase();
      if (kind !== 'user') leftOut.push({ subject: plain(displayName, 60), reason: `left out of the group ${quoted(group.displayName)}: ${kind === 'group' ? 'a group inside it, whose members Webex does not say' : 'no person'}` });
      else if (!wanted.has(idKey(id))) wanted.set(idKey(id), { personId: id, displayName });
    }
  }
  const several = rule.groups.length > 1;
  if (wanted.size === 0) throw new Stop(`Nobody is in ${several ? 'any of its groups' : `the group ${quoted(rule.groups[0]?.name ?? '')}`} now. An empty group never empties a space`);
  return { wanted, leftOut };
}

/** Reads, and says what could not be read. `gone` is said where Webex answers 404. */
async function about<T>(what: string, read: () => Promise<T>, gone?: string): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof WebexRefused && error.status === 404 && gone !== undefined) throw new Stop(gone, true);
    if (error instanceof Stop) throw new Stop(`Could not read ${what}: ${error.message}`);
    if (error instanceof WebexRefused) throw new Stop(`Could not read ${what}: Webex says “${plain(error.words)}”`);
    if (error instanceof WebexUnreachable || error instanceof CallerMistake) throw new Stop(`Could not read ${what}: ${error.message.replace(/\.$/, '')}`);
    throw error;
  }
}

function stopped(rule: Rule, error: unknown): Stopped {
  if (!(error instanceof Stop)) throw error;
  return { rule, reason: `${error.message}.`, ...(error.gone === undefined ? {} : { gone: error.gone }) };
}

function quoted(name: string): string {
  return `“${plain(name, 80)}”`;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= work());
}

function onceEach<T>(keyOf: (value: string) => string, work: (value: string) => Promise<T>): (value: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (value) => {
    const key = keyOf(value);
    const found = made.get(key) ?? work(value);
    made.set(key, found);
    return found;
  };
}
