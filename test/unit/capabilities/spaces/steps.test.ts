import { planSpace, stepsOf } from '../../../../src/capabilities/spaces/plan.js';
import { inputOf, spaceStepKinds } from '../../../../src/capabilities/spaces/steps.js';
import type { SpaceState } from '../../../../src/capabilities/spaces/define.js';
import type { Step, StepKind } from '../../../../src/changes/define.js';
import * as memberships from '../../../../src/webex/rest/memberships.js';
import { all } from '../../../../src/webex/rest/parse.js';
import * as rooms from '../../../../src/webex/rest/rooms.js';
import { errorOf } from '../../webex/error-of.js';
import { startWorld, type World } from '../../webex/world.js';
import { ruleOf, stateOf } from './states.js';

let world: World;
beforeEach(async () => { world = await startWorld(60); });
afterEach(() => world.stop());

const kindOf = (name: string): StepKind => {
  const kind = spaceStepKinds({ bot: world.as('bot') }).find((one) => one.name === name);
  if (kind === undefined) throw new Error(name);
  return kind;
};

/** A step about one person in a space, as a plan makes it. */
async function step(title: string, email: string, joins: boolean, as: 'me' | 'bot' = 'me'): Promise<Step> {
  const anna = world.as('anna.berg');
  const room = await rooms.get(anna, world.roomId(title));
  const members = await all(memberships.list(anna, room.id));
  const own = members.find(({ personEmail }) => personEmail === 'anna.berg@acme.test');
  if (own === undefined) throw new Error('not in it');
  const target = { personId: world.idOf(email), displayName: email };
  const state: SpaceState = {
    ...stateOf({}), room, own, account: own.personId, organization: own.personOrgId ?? '', rule: ruleOf({ as, moderators: 'follow', space: { id: room.id, title } }),
    members: joins ? [own] : [own, ...members.filter(({ personId }) => personId === target.personId)], wanted: joins ? new Map([[target.personId, target]]) : new Map(),
  };
  const [draft] = stepsOf([planSpace(state, 0)]);
  if (draft === undefined) throw new Error('no step');
  return { ...draft, n: 1, version: 1 };
}

/** Does a step, or what takes one back. */
const apply = (one: Step, as = 'anna.berg'): ReturnType<StepKind['apply']> => kindOf(one.kind).apply(world.as(as), one, one.before);
const back = (one: Step): Step => ({ ...kindOf(one.kind).invert(one, { before: one.before, after: one.after }), n: 1, version: 1 });
const read = (one: Step): Promise<unknown> => kindOf(one.kind).read(world.as('anna.berg'), one);

describe('adding', () => {
  it('is one call, is read, and is taken back by a removal that looks for the membership', async () => {
    const one = await step('IT Admins', 'erik.lund', true);
    expect(await read(one)).toBe('absent');
    await world.seen();
    expect(await apply(one)).toMatchObject({ trackingId: expect.any(String) });
    expect((await world.seen()).map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /v1/memberships']);
    expect(await read(one)).toBe('present');
    const undo = back(one);
    expect(undo).toMatchObject({ kind: 'space-member-remove', before: 'present', after: 'absent', risk: 'removal', sentence: 'erik.lund leaves IT Admins again' });
    expect(await apply(undo)).not.toHaveProperty('already');
    expect(await read(one)).toBe('absent');
  });

  it('trap 24: is already so when Webex answers 409', async () => {
    const one = await step('IT Admins', 'erik.lund', true);
    await apply(one);
    expect(await apply(one)).toMatchObject({ already: true });
  });

  it('of which the answer is lost is not sent again, so that the engine looks whether it was ours', async () => {
    const one = await step('IT Admins', 'erik.lund', true);
    await world.control('faults', { rules: [{ method: 'POST', path: '/memberships', drop: 'reply', times: 1 }] });
    expect(await errorOf(apply(one))).toMatchObject({ mayHaveHappened: true });
    expect(await read(one)).toBe('present');
  });

  it('that Webex refuses is refused', async () => {
    const one = await step('Webex Operations', 'dora.silva', true);
    expect(await errorOf(apply(one, 'erik.lund'))).toMatchObject({ status: 403 });
  });
});

describe('removing', () => {
  it('is one call, and a moderator comes back as moderator', async () => {
    const one = await step('Webex Operations', 'ben.okoye', false);
    expect(inputOf(one)).toMatchObject({ isModerator: true, joins: false });
    await world.seen();
    await apply(one);
    expect((await world.seen()).map(({ method }) => method)).toEqual(['DELETE']);
    expect(await read(one)).toBe('absent');
    await apply(back(one));
    const again = await memberships.find(world.as('anna.berg'), inputOf(one)?.roomId ?? '', world.idOf('ben.okoye'));
    expect(again?.isModerator).toBe(true);
  });

  it('trap 24: is already so when Webex answers 404 and the person is not there', async () => {
    const one = await step('IT Admins', 'ben.okoye', false);
    await apply(one);
    expect(await apply(one)).toEqual({ already: true });
  });

  it('takes out somebody who is there under another membership by now', async () => {
    const one = await step('IT Admins', 'ben.okoye', false);
    const input = { ...(one.input as object), membershipId: Buffer.from('ciscospark://us/MEMBERSHIP/0:0').toString('base64url') };
    expect(await apply({ ...one, input })).not.toHaveProperty('already');
    expect(await read(one)).toBe('absent');
  });
});

describe('as the bot', () => {
  const as = (local: string) => world.as(local, { owner: world.idOf(local) });

  it('the bot writes, for an account that is in the space', async () => {
    const one = await step('IT Admins', 'erik.lund', true, 'bot');
    await world.seen();
    await kindOf(one.kind).apply(as('ben.okoye'), one, one.before);
    expect((await world.seen()).map(({ method, owner }) => `${method} ${owner}`)).toEqual(['GET ben.okoye@acme.test', 'POST steward@webex.bot']);
  });

  it('nothing is written for one that is not, also when it takes a change back', async () => {
    const one = await step('IT Admins', 'erik.lund', true, 'bot');
    await kindOf(one.kind).apply(as('anna.berg'), one, one.before);
    const undo = back(one);
    expect(await errorOf(kindOf(undo.kind).apply(as('gus.meyer'), undo, undo.before))).toMatchObject({ code: 'NOT_IN_SPACE' });
    expect(await read(one)).toBe('present');
  });
});
