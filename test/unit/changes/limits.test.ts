import type { StepDraft } from '../../../src/changes/define.js';
import type { Plan } from '../../../src/changes/records.js';
import { setStep } from './fake-webex.js';
import { ACME, ANNA, BOB, codeOf, World, type WorldOptions } from './world.js';

let world: World;
const LIMITS = { removal: { count: 10, percent: 20 }, add: { count: 100, percent: 50 } };
const open = async (options: WorldOptions = {}): Promise<World> => (world = await World.open({ approvalSteps: 500, limits: LIMITS, ...options }));
afterEach(() => world.close());

const HOUR_MS = 60 * 60_000;

let made = 0;
/** Steps that remove so many from a space of this size. */
function removals(n: number, size: number, set = 'space'): StepDraft[] {
  return Array.from({ length: n }, () => ({ ...setStep(`m${(made += 1)}`, ['x']), risk: 'removal' as const, guard: { limit: 'removal' as const, set, name: 'Field Sales', size } }));
}

function automatic(steps: StepDraft[], due = '2026-12-01T00:00:00.000Z'): Promise<Plan> {
  return world.engine.plan({
    organization: ACME, requester: ANNA, draft: { title: 'Sync', command: 'spaces sync', steps, warnings: [], problems: [] },
    schedule: 'abcd1234', due, automatic: { why: 'Anna approved the rules.' },
  });
}

const finished = (plan: Plan): Promise<unknown> => world.next((event) => event.type === 'finished' && event.plan.id === plan.id);

describe('the limits of additions and removals', () => {
  it('let a plan under them be approved by its requester', async () => {
    await open();
    expect(await world.plan(removals(10, 200))).toMatchObject({ approval: { by: 'requester' } });
    expect((await world.plan(removals(10, 200))).over).toBeUndefined();
  });

  it.each([['count', 11, 200, 'More than 10'], ['share', 9, 40, 'More than 8']])('want another person over the %s', async (_what, n, size, words) => {
    await open();
    const plan = await world.plan(removals(n, size));
    expect(plan.approval).toMatchObject({ by: 'other', eligible: [BOB] });
    expect(plan.approval.why).toContain(`It removes ${n} from Field Sales, where ${size} are now. ${words} in 24 hours`);
    expect(await codeOf(world.approve(plan, ANNA))).toBe('OTHER_PERSON');
    await world.approve(plan, BOB);
  });

  it('do not call a handful much, however small the space is', async () => {
    await open();
    expect((await world.plan(removals(5, 6))).approval.by).toBe('requester');
    expect((await world.plan(removals(6, 6))).approval.by).toBe('other');
  });

  it('count what was approved in the last 24 hours, for each space apart', async () => {
    await open();
    const first = await world.plan(removals(6, 200));
    const done = finished(first);
    await world.approve(first);
    await done;
    expect((await world.plan(removals(5, 200))).approval.why).toContain('It removes 5 (with 6 of the last 24 hours)');
    expect((await world.plan(removals(5, 200, 'another'))).approval.by).toBe('requester');
    world.clock.advance(25 * HOUR_MS);
    expect((await world.plan(removals(5, 200))).approval.by).toBe('requester');
  });

  it('count what a change had done before it was cancelled', async () => {
    await open();
    const plan = await world.plan(removals(6, 200));
    await world.run(plan, ANNA, { first: 4 });
    const ended = finished(plan);
    await world.engine.cancel({ organization: ACME.id, id: plan.id, by: ANNA });
    await ended;
    expect((await world.plan(removals(7, 200))).approval.why).toContain('It removes 7 (with 4 of the last 24 hours)');
  });

  it('are looked at again when the requester approves, so that two plans do not slip through side by side', async () => {
    await open();
    const [one, two] = [await world.plan(removals(6, 200)), await world.plan(removals(6, 200))];
    await world.approve(one);
    expect(await codeOf(world.approve(two))).toBe('OTHER_PERSON');
  });

  it('do not hold where the rule of the second person is switched off, but are named', async () => {
    await open({ approvalSteps: 'off' });
    expect(await world.plan(removals(50, 60))).toMatchObject({ approval: { by: 'requester' }, over: expect.stringContaining('It removes 50') });
  });
});

describe('a plan that was approved beforehand', () => {
  it('is applied without a press, and says why', async () => {
    await open();
    const done = world.next((event) => event.type === 'finished');
    const plan = await automatic(removals(3, 100));
    expect(plan).toMatchObject({ state: 'approved', decision: { how: 'approved', reason: 'Anna approved the rules.' }, schedule: 'abcd1234', due: '2026-12-01T00:00:00.000Z' });
    await done;
    expect(world.webex.calls.filter(({ method }) => method !== 'GET')).toHaveLength(3);
    expect(world.events.map(({ type }) => type)).not.toContain('planned');
  });

  it('waits over a limit, in look mode, for kinds that cannot be undone and for privileged ones', async () => {
    await open();
    const over = await automatic(removals(11, 100));
    expect(over).toMatchObject({ state: 'pending', approval: { by: 'other' } });
    expect(over.automatic).toBeUndefined();
    expect((await automatic([setStep('one', ['x'], 'forever')])).state).toBe('pending');
    expect((await automatic([setStep('two', ['x'], 'admin')])).state).toBe('pending');
    world.mode = 'look';
    expect(await automatic(removals(1, 100))).toMatchObject({ state: 'pending', look: true });
    expect(world.webex.calls).toEqual([]);
  });

  it('over a limit waits even where the rule of the second person is switched off', async () => {
    await open({ approvalSteps: 'off' });
    expect((await automatic(removals(11, 100))).state).toBe('pending');
  });

  it('is not made when its requester may not do it any more', async () => {
    await open();
    world.accounts.of(ANNA).lost = { code: 'LOGIN_DISABLED', reason: 'Anna is switched off.' };
    await expect(automatic(removals(1, 100))).rejects.toThrow('Anna is switched off.');
  });
});

describe('a plan with a time', () => {
  const inHours = (hours: number): string => new Date(world.clock.now() + hours * HOUR_MS).toISOString();

  it('begins then, and not before, also after a restart', async () => {
    await open();
    const plan = await world.plan(removals(2, 100), ANNA, { from: inHours(5) });
    await world.approve(plan);
    await world.engine.idle(ACME.id, plan.id);
    expect(world.webex.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
    await world.engine.stop();
    world.engine = world.newEngine(world.store);
    await world.engine.start();
    await world.engine.idle(ACME.id, plan.id);
    expect(world.webex.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
    const done = finished(plan);
    world.clock.advance(5 * HOUR_MS);
    await done;
    expect(world.webex.calls.filter(({ method }) => method !== 'GET')).toHaveLength(2);
  });

  it('can be cancelled before it begins', async () => {
    await open();
    const plan = await world.plan(removals(2, 100), ANNA, { from: inHours(5) });
    await world.approve(plan);
    const done = finished(plan);
    await world.engine.cancel({ organization: ACME.id, id: plan.id, by: ANNA });
    await done;
    world.clock.advance(6 * HOUR_MS);
    await world.engine.idle(ACME.id, plan.id);
    expect(world.webex.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('has its times under its hash, and is refused when its end is over', async () => {
    await open();
    const plan = await world.plan(removals(1, 100), ANNA, { until: new Date(world.clock.now() + HOUR_MS / 4).toISOString() });
    const { until: _until, ...without } = plan;
    expect(without.hash).not.toBe((await world.plan(removals(1, 100))).hash);
    world.clock.advance(HOUR_MS / 2);
    expect(await codeOf(world.approve(plan))).toBe('ENDED');
  });
});
