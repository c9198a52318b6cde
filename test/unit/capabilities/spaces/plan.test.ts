import fc from 'fast-check';
import type { SpacePlan } from '../../../../src/capabilities/spaces/define.js';
import { draftOf } from '../../../../src/capabilities/spaces/draft.js';
import { isBot, isOutside } from '../../../../src/capabilities/spaces/names.js';
import { planSpace, stepsOf } from '../../../../src/capabilities/spaces/plan.js';
import { seenOf, seenOfStopped } from '../../../../src/capabilities/spaces/seen.js';
import { idKey } from '../../../../src/lib/ids.js';
import { DAY, elsewhere, GLOBEX, member, ME, NOW, person, ruleOf, stateOf, type Made } from './states.js';

const planOf = (made: Made): SpacePlan => planSpace(stateOf(made), NOW);
const keys = (people: readonly { personId: string }[]): string[] => people.map(({ personId }) => idKey(personId)).sort();
const whys = (plan: SpacePlan): Record<string, string> => Object.fromEntries(plan.stays.map(({ member: { personDisplayName = '' }, why }) => [personDisplayName, why]));

describe('who joins and who leaves', () => {
  it('adds who is in a group and not in the space, and removes who is in the space and in no group', () => {
    const plan = planOf({ members: [member(1), member(2)], wanted: [2, 3] });
    expect(keys(plan.joins)).toEqual(keys([member(3)]));
    expect(keys(plan.leaves)).toEqual(keys([member(1)]));
    expect(whys(plan)).toEqual({ 'Person 0': 'owner' });
  });

  it('trap 22: knows people by what their ids say, not by how they are spelt', () => {
    const state = stateOf({ members: [member(1, { personId: elsewhere(1) })], wanted: [1] });
    expect(planSpace(state, NOW)).toMatchObject({ joins: [], leaves: [] });
    expect(planSpace({ ...state, account: elsewhere(ME), wanted: new Map() }, NOW).leaves.map(({ id }) => id)).toEqual([member(1).id]);
  });

  it('only adds, or only removes, when the rule says so', () => {
    expect(planOf({ rule: { mode: 'add' }, members: [member(1)], wanted: [2] })).toMatchObject({ leaves: [], joins: [{ personId: person(2) }] });
    expect(planOf({ rule: { mode: 'remove' }, members: [member(1)], wanted: [2] })).toMatchObject({ joins: [], leaves: [{ personId: person(1) }] });
  });

  it('says who must join the team first', () => {
    const plan = planOf({ wanted: [1, 2], team: [ME, 1], teamId: 't' });
    expect([keys(plan.joins), keys(plan.teamFirst)]).toEqual([keys([member(1)]), keys([member(2)])]);
  });
});

describe('fault 8: bots, moderators, the owner, exempt people stay', () => {
  const others = [
    member(1, { personEmail: 'steward@webex.bot' }), member(2, { personEmail: 'old@sparkbot.io' }), member(3, { isModerator: true }),
    member(4, { personOrgId: GLOBEX }), member(5), member(6),
  ];

  it('and people of other organizations, each with the reason', () => {
    const plan = planOf({ members: others, exempt: [5] });
    expect(whys(plan)).toEqual({ 'Person 0': 'owner', 'Person 1': 'bot', 'Person 2': 'bot', 'Person 3': 'moderator', 'Person 4': 'outside', 'Person 5': 'exempt' });
    expect(keys(plan.leaves)).toEqual(keys([member(6)]));
  });

  it('moderators and outsiders leave only where the rule says that they follow', () => {
    const plan = planOf({ rule: { moderators: 'follow', outside: 'follow' }, members: others });
    expect(keys(plan.leaves)).toEqual(keys([member(3), member(4), member(5), member(6)]));
  });

  it('somebody whose address or organization Webex does not say is nobody to remove', () => {
    const { personEmail: _email, ...noAddress } = member(1);
    const { personOrgId: _org, ...noOrganization } = member(2);
    expect(whys(planOf({ members: [noAddress, noOrganization] }))).toEqual({ 'Person 0': 'owner', 'Person 1': 'bot', 'Person 2': 'outside' });
  });

  it('the last moderator of a team’s space stays', () => {
    const members = [member(1, { isModerator: true }), member(2, { isModerator: true })];
    const plan = planOf({ rule: { moderators: 'follow' }, members, teamId: 't', team: [ME, 1, 2] });
    expect([keys(plan.leaves), whys(plan)]).toEqual([keys([member(2)]), { 'Person 0': 'owner', 'Person 1': 'moderator' }]);
    expect(planOf({ rule: { moderators: 'follow' }, members, teamId: 't', team: [1, 2], wanted: [1] }).leaves).toHaveLength(1);
  });
});

describe('grace', () => {
  const rule = { graceDays: 7 };
  it('removes only those who are gone for so long, from what earlier runs saw', () => {
    const plan = planOf({ rule, members: [member(1), member(2), member(3)], goneSince: [[1, NOW - 7 * DAY], [2, NOW - 7 * DAY + 1]] });
    expect(keys(plan.leaves)).toEqual(keys([member(1)]));
    expect(plan.stays.filter(({ why }) => why === 'grace').map(({ until }) => until)).toEqual([new Date(NOW + 1).toISOString(), new Date(NOW + 7 * DAY).toISOString()]);
  });

  it('begins anew for somebody who came back in between', () => {
    const first = seenOf(planOf({ rule, members: [member(1), member(2)], goneSince: [[1, NOW - DAY]] }), NOW);
    expect(first.gone).toEqual({ [idKey(person(1))]: new Date(NOW - DAY).toISOString(), [idKey(person(2))]: new Date(NOW).toISOString() });
    expect(seenOf(planOf({ rule, members: [member(1), member(2)], wanted: [1], goneSince: [[1, NOW - DAY]] }), NOW).gone).not.toHaveProperty(idKey(person(1)));
  });

  it('is not counted by rules that have none', () => {
    expect(seenOf(planOf({ members: [member(1)] }), NOW).gone).toEqual({});
  });
});

it('what a rule was approved with is whose space it is, whether outsiders are in it, and whether it is there', () => {
  const facts = (made: Made): unknown => seenOf(planOf(made), NOW).facts;
  expect(facts({ members: [member(1)] })).toMatchObject({ hasOutside: false, isGone: false });
  expect(facts({ members: [member(1, { personOrgId: GLOBEX })] })).toMatchObject({ hasOutside: true });
  const last = seenOf(planOf({ members: [member(1)] }), NOW);
  expect(seenOfStopped({ rule: ruleOf(), reason: 'x' }, last)).toBe(last);
  expect(seenOfStopped({ rule: ruleOf(), reason: 'x', gone: true }, last)?.facts).toEqual({ ...last.facts, isGone: true });
});

describe('for every space', () => {
  const some = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 30 });
  const anyMember = fc.record({ n: fc.integer({ min: 0, max: 30 }), isModerator: fc.boolean(), isBot: fc.boolean(), isOutside: fc.boolean(), isSpeltElse: fc.boolean() }).map(({ n, ...is }) =>
    member(n, {
      isModerator: is.isModerator, ...(is.isBot ? { personEmail: `b${n}@webex.bot` } : {}), ...(is.isOutside ? { personOrgId: GLOBEX } : {}),
      ...(is.isSpeltElse ? { personId: elsewhere(n) } : {}),
    }));
  const anyState = fc.record({
    rule: fc.record({
      mode: fc.constantFrom('both' as const, 'add' as const, 'remove' as const), graceDays: fc.constantFrom(0, 7),
      moderators: fc.constantFrom('keep' as const, 'follow' as const), outside: fc.constantFrom('keep' as const, 'follow' as const),
    }),
    members: fc.uniqueArray(anyMember, { selector: ({ personId }) => idKey(personId), maxLength: 30 }),
    wanted: some, exempt: some, team: fc.option(some, { nil: undefined }), teamId: fc.option(fc.constant('t'), { nil: undefined }),
    goneSince: fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: NOW - 20 * DAY, max: NOW })), { maxLength: 30 }),
  }).map(({ team, teamId, ...made }) => stateOf({ ...made, ...(team === undefined ? {} : { team }), ...(teamId === undefined ? {} : { teamId }) }));

  it('nobody who is protected leaves', () => {
    fc.assert(fc.property(anyState, (state) => {
      for (const one of planSpace(state, NOW).leaves) {
        expect(isBot(one)).toBe(false);
        expect(idKey(one.personId)).not.toBe(idKey(person(ME)));
        expect(state.wanted.has(idKey(one.personId))).toBe(false);
        expect(state.exempt.has(idKey(one.personId))).toBe(false);
        expect(one.isModerator && state.rule.moderators === 'keep').toBe(false);
        expect(isOutside(state, one) && state.rule.outside === 'keep').toBe(false);
        expect(state.rule.mode).not.toBe('add');
        if (state.rule.graceDays > 0) expect(Date.parse(state.goneSince.get(idKey(one.personId)) ?? '')).toBeLessThanOrEqual(NOW - 7 * DAY);
      }
    }));
  });

  it('a team’s space that had a moderator has one afterwards', () => {
    fc.assert(fc.property(anyState, (state) => {
      const moderators = state.members.filter(({ isModerator }) => isModerator);
      const { leaves } = planSpace(state, NOW);
      if (state.room.teamId !== undefined && moderators.length > 0) expect(moderators.some((one) => !leaves.includes(one))).toBe(true);
    }));
  });

  it('afterwards those are in it who are wanted and may be, and those who stay, and nobody else', () => {
    fc.assert(fc.property(anyState, (state) => {
      const { joins, leaves, stays, teamFirst } = planSpace(state, NOW);
      const after = new Set(keys(state.members));
      for (const key of keys(leaves)) expect(after.delete(key)).toBe(true);
      for (const key of keys(joins)) { expect(after.has(key)).toBe(false); after.add(key); }
      const missing = new Set([...state.wanted.keys()].filter((key) => !keys(state.members).includes(key)));
      const reached = [...state.wanted.keys()].filter((key) => !missing.has(key) || (state.rule.mode !== 'remove' && (state.team === undefined || state.team.has(key))));
      expect([...after].sort()).toEqual([...new Set([...reached, ...keys(stays.map((stay) => stay.member))])].sort());
      expect(keys(teamFirst).every((key) => missing.has(key) && state.team?.has(key) === false)).toBe(true);
    }));
  });

  it('done again, there is nothing to do', () => {
    fc.assert(fc.property(anyState, (state) => {
      const { joins, leaves } = planSpace(state, NOW);
      const members = [...state.members.filter((one) => !leaves.includes(one)), ...joins.map(({ personId, displayName }) => member(0, { personId, personDisplayName: displayName }))];
      expect(planSpace({ ...state, members }, NOW)).toMatchObject({ joins: [], leaves: [] });
    }));
  });
});

describe('the plan', () => {
  const field = planOf({ members: [member(1), member(2, { isModerator: true }), member(4, { personOrgId: GLOBEX })], wanted: [3] });
  const ops = planOf({ rule: { space: { id: person('9'), title: 'Ops' } }, members: [member(5)], wanted: [6] });

  it('adds before it removes, over all spaces, and counts against the limits of each space', () => {
    const steps = stepsOf([field, ops]);
    expect(steps.map(({ sentence }) => sentence)).toEqual(['Person 3 joins Field Sales', 'Person 6 joins Field Sales', 'Person 1 leaves Field Sales', 'Person 5 leaves Field Sales']);
    expect(steps.map(({ risk }) => risk)).toEqual([undefined, undefined, 'removal', 'removal']);
    expect(steps[0]?.guard).toEqual({ limit: 'add', set: idKey(field.state.room.id), name: 'Field Sales', size: 4 });
    expect(steps[2]?.guard).toMatchObject({ limit: 'removal' });
  });

  it('tells two people of one name apart', () => {
    const plan = planOf({ members: [member(1, { personDisplayName: 'Daniel Kim' }), member(2, { personDisplayName: 'Daniel Kim', personEmail: 'daniel.kim2@acme.test' })], wanted: [2] });
    expect(stepsOf([plan]).map(({ sentence }) => sentence)).toEqual(['Daniel Kim (p1@acme.test) leaves Field Sales']);
  });

  it('says who stays and why, what is not followed, that outsiders are there, and offers to add only', () => {
    const draft = draftOf([field], [{ rule: ruleOf({ space: { id: 'x', title: 'Ops' } }), reason: 'The space is archived.' }], 'spaces sync abc123');
    expect(draft.title).toBe('Field Sales follows its groups: 1 would join, 1 would leave');
    expect(draft.problems).toEqual([
      { subject: 'Ops', reason: 'not followed now. The space is archived.' },
      { subject: 'Person 0', reason: 'kept in Field Sales: the account by which it is done is never removed' },
      { subject: 'Person 2', reason: 'kept in Field Sales: moderators stay' },
      { subject: 'Person 4', reason: 'kept in Field Sales: people of other organizations stay' },
    ]);
    expect(draft.warnings).toEqual(['People of another organization are in Field Sales (1): whoever joins reads and writes with them.']);
    expect(draft.alternatives).toEqual([{ title: 'Add only', command: 'spaces sync abc123 only=add' }]);
  });

  it('removes nobody when only additions were asked for', () => {
    const draft = draftOf([field], [], 'spaces sync', 'add');
    expect(draft.steps.map(({ kind }) => kind)).toEqual(['space-member-add']);
    expect(draft.command).toBe('spaces sync only=add');
    expect(draft.alternatives).toBeUndefined();
    expect(draft.problems).toContainEqual({ subject: 'Person 1', reason: 'would leave Field Sales; this plan only adds' });
  });
});
