import type { Rule, SpaceState, Stopped } from '../../../../src/capabilities/spaces/define.js';
import { syncJob } from '../../../../src/capabilities/spaces/job.js';
import { gatherSpaces, isStopped } from '../../../../src/capabilities/spaces/gather.js';
import { planSpace } from '../../../../src/capabilities/spaces/plan.js';
import { spacesPreview } from '../../../../src/capabilities/spaces/commands/spaces-preview.js';
import { idKey } from '../../../../src/lib/ids.js';
import { all } from '../../../../src/webex/rest/parse.js';
import * as teams from '../../../../src/webex/rest/teams.js';
import { startWorld, type World } from '../../webex/world.js';
import { contextOf, records } from './fake-context.js';
import { idOf, ruleOf } from './states.js';

let world: World;
beforeEach(async () => { world = await startWorld(1240); });
afterEach(() => world.stop());

const groupId = (name: string): string => [...world.emulator.state.groups.values()].find((group) => group.displayName === name)?.id ?? '';
const rule = (title: string, groups: string[], extra: Partial<Rule> = {}): Rule =>
  ruleOf({ id: title, space: { id: world.roomId(title), title }, groups: groups.map((name) => ({ id: groupId(name), name })), ...extra });
const gather = (rules: Rule[], as = 'anna.berg', scopes?: string[]): Promise<(SpaceState | Stopped)[]> =>
  gatherSpaces(contextOf(world, as, records(), scopes), { bot: world.as('bot') }, rules);
const reasons = async (...given: Parameters<typeof gather>): Promise<string[]> => (await gather(...given)).map((found) => (isStopped(found) ? found.reason : 'read'));
const state = async (...given: Parameters<typeof gather>): Promise<SpaceState> => {
  const [found] = await gather(...given);
  if (found === undefined || isStopped(found)) throw new Error(found?.reason ?? 'nothing');
  return found;
};
const calls = async (): Promise<string[]> => (await world.seen()).map(({ method, path }) => `${method} ${path.replace(/\/v1\/(\w+)(\/[^/]{20,})?/, (_all, name: string, id?: string) => name + (id === undefined ? '' : '/…'))}`).sort();

it('reads each group once however many spaces it feeds, every list to its last page, and nothing else', async () => {
  await world.seen();
  const found = await gather([rule('IT Admins', ['All Staff']), rule('Project Phoenix', ['All Staff', 'Engineering'])]);
  expect(await calls()).toEqual([
    'GET groups/…', 'GET groups/…', 'GET groups/…/members', 'GET groups/…/members', 'GET groups/…/members', 'GET groups/…/members',
    'GET memberships', 'GET memberships', 'GET rooms/…', 'GET rooms/…',
  ]);
  expect(found.map((one) => (isStopped(one) ? one.reason : one.wanted.size))).toEqual([1200, 1205]);
});

it('faults 1 and 2: whoever is on page 3 of the group or the space is neither removed nor added again', async () => {
  const page3 = [...world.emulator.state.groups.values()].find(({ displayName }) => displayName === 'All Staff')?.members.at(-1)?.id ?? '';
  const email = world.emulator.state.people.get(page3)?.emails[0] ?? '';
  await world.control('change', { rooms: [{ title: 'IT Admins', add: [email] }] });
  const plan = planSpace(await state([rule('IT Admins', ['All Staff'])]), 0);
  expect(plan.leaves).toEqual([]);
  expect(plan.joins.map(({ personId }) => idKey(personId))).not.toContain(idKey(page3));
  expect(plan.joins).toHaveLength(1200 - 5);
});

it('fault 2: a space whose members need several pages, one of them empty, is read to the end', async () => {
  const everybody = [...world.emulator.state.groups.values()].find(({ displayName }) => displayName === 'All Staff')?.members ?? [];
  await world.control('change', { rooms: [{ title: 'IT Admins', add: everybody.map(({ id }) => world.emulator.state.people.get(id)?.emails[0] ?? '') }] });
  await world.seen();
  expect(planSpace(await state([rule('IT Admins', ['All Staff'])]), 0)).toMatchObject({ joins: [], leaves: [] });
  expect((await calls()).filter((call) => call === 'GET memberships')).toHaveLength(3);
});

it('fault 3: two groups for one space do not remove each other’s people', async () => {
  const { wanted } = await state([rule('IT Admins', ['Sales', 'Engineering'])]);
  const one = await state([rule('IT Admins', ['Sales'])]);
  const other = await state([rule('IT Admins', ['Engineering'])]);
  expect([...wanted.keys()].sort()).toEqual([...new Set([...one.wanted.keys(), ...other.wanted.keys()])].sort());
});

it('trap 35: members of a group that are no people are left out and named', async () => {
  const { wanted, leftOut } = await state([rule('IT Admins', ['Project Phoenix'])]);
  expect(wanted.size).toBe(4);
  expect(leftOut).toEqual([
    { subject: 'phoenix-build', reason: 'left out of the group “Project Phoenix”: no person' },
    { subject: 'Executive Assistants', reason: 'left out of the group “Project Phoenix”: a group inside it, whose members Webex does not say' },
  ]);
});

describe('fault 7: what could not be read stops its rule, and is never taken as empty', () => {
  const both = (): Rule[] => [rule('IT Admins', ['All Staff']), rule('Project Phoenix', ['Engineering'])];

  it('a group whose second page fails', async () => {
    await world.control('faults', { rules: [{ path: `/groups/${groupId('All Staff')}/members`, query: { startIndex: '501' }, status: 403, body: { message: 'not now' } }] });
    expect(await reasons(both())).toEqual(['Could not read the group “All Staff”: Webex says “not now”.', 'read']);
  });

  it('a group that is half read, or shows nobody although it has members', async () => {
    const half = { id: groupId('All Staff'), displayName: 'All Staff', memberSize: 1200, members: [] };
    await world.control('faults', { rules: [{ path: `/groups/${groupId('All Staff')}/members`, query: { startIndex: '501' }, status: 200, body: half }] });
    expect((await reasons(both()))[0]).toMatch(/^Could not read the group “All Staff”: /);
    await world.control('faults', { rules: [{ path: `/groups/${groupId('All Staff')}/members`, status: 200, body: { ...half, memberSize: 0 } }] });
    expect((await reasons(both()))[0]).toBe('Could not read the group “All Staff”: Webex says that it has 1,200 members, and shows none.');
  });

  it('a space whose members cannot be read', async () => {
    await world.control('faults', { rules: [{ method: 'GET', path: '/memberships', query: { roomId: world.roomId('IT Admins') }, status: 403, body: { message: 'not now' } }] });
    expect(await reasons(both())).toEqual(['Could not read the members of the space: Webex says “not now”.', 'read']);
  });

  it('a group without members, unless another group of the rule has some', async () => {
    const sales = [...world.emulator.state.groups.values()].find(({ displayName }) => displayName === 'Sales');
    if (sales) sales.members = [];
    expect(await reasons([rule('IT Admins', ['Sales']), rule('IT Admins', ['Sales', 'Engineering'])]))
      .toEqual(['Nobody is in the group “Sales” now. An empty group never empties a space.', 'read']);
  });

  it('a group or space that is gone', async () => {
    const goneGroup = rule('IT Admins', ['Sales'], { groups: [{ id: idOf('SCIM_GROUP', 99), name: 'Sales' }] });
    const goneSpace = rule('IT Admins', ['Sales'], { space: { id: idOf('ROOM', 99), title: 'IT Admins' } });
    expect(await gather([goneGroup, goneSpace])).toEqual([
      { rule: goneGroup, gone: true, reason: 'The group “Sales” is gone. A new one of the same name is not taken.' },
      { rule: goneSpace, gone: true, reason: 'The space is gone, or the account is not in it any more. A new one of the same name is not taken.' },
    ]);
  });
});

describe('what may not be changed is said before anything is planned', () => {
  it('moderated and announcement spaces by those who are no moderators', async () => {
    expect(await reasons([rule('Webex Operations', ['Sales']), rule('Company News', ['Sales'])], 'carl.jensen')).toEqual([
      'The space is moderated, and the account is no moderator of it.', 'Only moderators may change this announcement space, and the account is none.',
    ]);
    expect(await reasons([rule('Webex Operations', ['Sales'])])).toEqual(['read']);
  });

  it('archived spaces, and spaces of a team that the account may not read', async () => {
    const room = world.emulator.state.rooms.get(world.roomId('IT Admins'));
    if (room) room.teamId = idOf('TEAM', 1);
    expect((await reasons([rule('IT Admins', ['Sales'])], 'anna.berg', []))[0]).toMatch(/lacks the scope spark:team_memberships_read/);
    if (room) room.isReadOnly = true;
    expect(await reasons([rule('IT Admins', ['Sales'])])).toEqual(['The space is archived, so its members cannot be changed.']);
  });
});

it('a grace counts from when somebody was first seen gone, but not from before the rule was made as it is', async () => {
  const store = records();
  const since = '2026-01-01T00:00:00.000Z';
  const one = rule('IT Admins', ['Sales'], { graceDays: 7, at: since });
  await store.sealed('space-seen').put(idKey(one.space.id), { facts: {}, gone: { someone: '2025-01-01T00:00:00.000Z', other: '2026-02-01T00:00:00.000Z' } }, 0);
  const [found] = await gatherSpaces(contextOf(world, 'anna.berg', store), { bot: world.as('bot') }, [one]);
  expect(found).toMatchObject({ goneSince: new Map([['someone', since], ['other', '2026-02-01T00:00:00.000Z']]) });
});

it('of a team’s space it is said who must join the team first', async () => {
  const anna = world.as('anna.berg');
  const call = { method: 'POST', lane: 'teams' } as const;
  const team = (await anna.send<{ id: string }>({ ...call, path: '/teams', body: { name: 'Outback' } })).data;
  const room = (await anna.send<{ id: string }>({ ...call, path: '/rooms', body: { title: 'Outback Sales', teamId: team.id } })).data;
  await anna.send({ ...call, path: '/team/memberships', body: { teamId: team.id, personId: world.idOf('daniel.kim') } });
  expect((await all(teams.list(anna))).map(({ id, name }) => ({ id, name }))).toContainEqual({ id: team.id, name: 'Outback' });
  const one = rule('Outback Sales', ['Sales']);
  expect(one.space.id).toBe(room.id);
  await world.seen();
  const found = await state([one]);
  expect((await calls()).filter((made) => made.includes('team'))).toHaveLength(1);
  const plan = planSpace(found, 0);
  expect(plan.joins.map(({ displayName }) => displayName)).toEqual(['Daniel Kim']);
  expect(plan.teamFirst).toHaveLength(found.wanted.size - 1);
});

describe('as=bot', () => {
  it('reads the space with the bot, and its groups with the account', async () => {
    await world.seen();
    const found = await state([rule('IT Admins', ['Sales'], { as: 'bot' })]);
    expect(found.own.personEmail).toBe('steward@webex.bot');
    expect((await world.seen()).map(({ path, owner }) => `${path.split('/')[2] ?? ''} ${owner}`).sort()).toEqual([
      'groups anna.berg@acme.test', 'groups anna.berg@acme.test', 'memberships steward@webex.bot', 'people steward@webex.bot', 'rooms steward@webex.bot',
    ]);
  });

  it('opens no space to an account that is not in it', async () => {
    expect(await reasons([rule('IT Admins', ['Sales'], { as: 'bot' })], 'erik.lund')).toEqual(['The account is not in the space.']);
    expect(await reasons([rule('Webex Operations', ['Sales'], { as: 'bot' })])).toEqual(['The space is moderated, and the bot is no moderator of it.']);
  });
});

describe('a look and a run', () => {
  const kept = async (...rules: Rule[]): Promise<ReturnType<typeof records>> => {
    const store = records();
    for (const one of rules) await store.sealed<Rule>('space-rules').put(idKey(one.space.id), one, 0);
    return store;
  };

  it('fault 6: a preview writes nothing, in Webex and here', async () => {
    const store = await kept(rule('IT Admins', ['Sales'], { graceDays: 7 }));
    await world.seen();
    const before = store.writes();
    const answer = await spacesPreview({ bot: world.as('bot') }).run(contextOf(world, 'anna.berg', store), {});
    expect(answer).toMatchObject({ kind: 'view', view: { audience: 'details', card: { template: 'spaces/summary' } } });
    expect((await world.seen()).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(store.writes()).toBe(before);
  });

  it('a run has the same fingerprint until something of what was approved is another', async () => {
    const store = await kept(rule('IT Admins', ['Sales']));
    const context = contextOf(world, 'anna.berg', store);
    const schedule = { id: '1', organization: context.organization, owner: context.caller, job: 'spaces sync', input: {}, title: '', when: { kind: 'every', ms: 1, from: '' }, tz: 'UTC', state: 'active', createdAt: '' } as const;
    const run = () => syncJob({ bot: world.as('bot') }).run(context, { schedule, due: '', next: undefined, asked: false });
    const first = await run();
    expect(first).toMatchObject({ outcome: 'done', holds: [] });
    await world.control('change', { groups: [{ name: 'Sales', remove: ['daniel.kim@acme.test'] }], rooms: [{ title: 'IT Admins', add: ['erik.lund@acme.test'] }] });
    expect((await run()).fingerprint).toBe(first.fingerprint);
    await world.control('faults', { rules: [{ path: '/groups/*/members', status: 403, body: { message: 'not now' } }] });
    expect(await run()).toMatchObject({ fingerprint: first.fingerprint, outcome: 'failed' });
    await world.control('faults', { rules: [] });
    await world.control('change', { rooms: [{ title: 'IT Admins', add: ['olga.petrov@globex.test'] }] });
    const second = await run();
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(second.holds).toEqual(['Somebody of another organization is in IT Admins for the first time.']);
    expect(await run()).toMatchObject({ fingerprint: second.fingerprint, holds: [] });
  });
});
