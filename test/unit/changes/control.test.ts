import { refused, setStep } from './fake-webex.js';
import { ACME, ANNA, BOB, CARA, codeOf, World } from './world.js';

let world: World;
beforeEach(async () => { world = await World.open({ approvalSteps: 'off' }); });
afterEach(() => world.close());

const steps = (n: number): ReturnType<typeof setStep>[] => Array.from({ length: n }, (_, index) => setStep(`s${index}`, ['x']));
const chain = (n: number): ReturnType<typeof setStep>[] => Array.from({ length: n }, (_, index) => setStep('one', [`x${index}`]));

/** Holds the nth write until told to go on; resolves when it is there. */
function holdWrite(n: number): { there: Promise<void>; goOn: () => void } {
  let arrived = (): void => undefined;
  let goOn = (): void => undefined;
  const there = new Promise<void>((resolve) => { arrived = resolve; });
  const open = new Promise<void>((resolve) => { goOn = resolve; });
  let writes = 0;
  world.webex.before = (call) => {
    if (call.method === 'GET' || ++writes !== n) return undefined;
    arrived();
    return open;
  };
  return { there, goOn };
}

describe('pause, resume, cancel', () => {
  it('pause finishes the call under way and resume does the rest, each step once', async () => {
    const plan = await world.plan(chain(5));
    const held = holdWrite(2);
    const rest = world.rest(plan);
    await world.approve(plan);
    await held.there;
    await world.engine.pause(world.ask(plan));
    held.goOn();
    expect((await rest).change).toMatchObject({ state: 'paused', counts: { done: 2, left: 3 }, pause: { code: 'ASKED', reason: 'Anna paused it.' } });
    const end = world.rest(plan);
    await world.engine.resume(world.ask(plan, BOB));
    expect((await end).change).toMatchObject({ state: 'done', counts: { done: 5, left: 0 } });
    expect(world.webex.writes().length).toBe(5);
    expect(world.webex.calls.length).toBe(15);
  });

  it('cancel leaves the rest and keeps what is done', async () => {
    const plan = await world.plan(chain(4));
    const held = holdWrite(2);
    const rest = world.rest(plan);
    await world.approve(plan);
    await held.there;
    await world.engine.cancel(world.ask(plan));
    held.goOn();
    expect((await rest).change).toMatchObject({ state: 'cancelled', counts: { done: 2, cancelled: 2, left: 0 } });
    expect([...world.webex.set('set one')]).toEqual(['x0', 'x1']);
    expect(await codeOf(world.engine.resume(world.ask(plan)))).toBe('NOT_NOW');
  });

  it('a paused change can be cancelled', async () => {
    const plan = await world.plan(chain(3));
    await world.run(plan, ANNA, { first: 1 });
    const rest = world.rest(plan);
    await world.engine.cancel(world.ask(plan));
    expect((await rest).change).toMatchObject({ state: 'cancelled', counts: { done: 1, cancelled: 2 } });
  });

  it('the first steps are applied, then it waits', async () => {
    const plan = await world.plan(steps(25));
    const paused = await world.run(plan, ANNA, { first: 5 });
    expect(paused.change).toMatchObject({ state: 'paused', counts: { done: 5, left: 20 }, pause: { code: 'FIRST_STEPS' } });
    const end = world.rest(plan);
    await world.engine.resume(world.ask(plan));
    expect((await end).change?.counts).toMatchObject({ done: 25 });
    expect(world.webex.writes().length).toBe(25);
  });

  it('what comes too late is told what happened', async () => {
    const plan = await world.plan(steps(1));
    expect(await codeOf(world.engine.pause(world.ask(plan)))).toBe('NOT_NOW');
    await world.run(plan);
    await expect(world.engine.cancel(world.ask(plan))).rejects.toThrow('It was finished on');
    await expect(world.engine.resume(world.ask(plan))).rejects.toThrow('It was finished on');
  });

  it('is refused to those who may not make the change themselves', async () => {
    const plan = await world.plan(chain(3));
    await world.run(plan, ANNA, { first: 1 });
    expect(await codeOf(world.engine.cancel(world.ask(plan, CARA)))).toBe('NOT_ALLOWED');
    expect(await codeOf(world.engine.resume(world.ask(plan, CARA)))).toBe('NOT_ALLOWED');
    expect((await world.engine.get(ACME.id, plan.id)).change?.state).toBe('paused');
  });

  it('ends calls that only wait, when the change is told to stop', async () => {
    const plan = await world.plan(chain(2));
    let arrived = (): void => undefined;
    const there = new Promise<void>((resolve) => { arrived = resolve; });
    world.webex.before = (call) => {
      if (call.method !== 'GET') return undefined;
      arrived();
      return new Promise(() => undefined);
    };
    const rest = world.rest(plan);
    await world.approve(plan);
    await there;
    await world.engine.cancel(world.ask(plan));
    world.clock.advance(5_000);
    expect((await rest).change).toMatchObject({ state: 'cancelled', counts: { cancelled: 2 } });
  });
});

describe('pausing by itself', () => {
  it('after 10 failures in a row', async () => {
    world.webex.before = (call) => (call.method === 'GET' ? undefined : Promise.reject(refused(400, 'not this one')));
    const plan = await world.plan(chain(30));
    const paused = await world.run(plan);
    expect(paused.change).toMatchObject({ state: 'paused', counts: { failed: 10, left: 20 }, pause: { code: 'FAILURES' } });
    expect(paused.change?.pause?.reason).toContain('not this one');
  });

  it('not when failures come between successes', async () => {
    let writes = 0;
    world.webex.before = (call) => (call.method !== 'GET' && ++writes % 10 !== 0 ? Promise.reject(refused(400)) : undefined);
    const plan = await world.plan(chain(30));
    expect((await world.run(plan)).change).toMatchObject({ state: 'done', counts: { failed: 27, done: 3 } });
  });

  it('on 401, with no step lost and none failed', async () => {
    let writes = 0;
    world.webex.before = (call) => (call.method !== 'GET' && ++writes === 2 ? Promise.reject(refused(401)) : undefined);
    const plan = await world.plan(chain(4));
    const paused = await world.run(plan);
    expect(paused.change).toMatchObject({ state: 'paused', counts: { done: 1, failed: 0, left: 3 }, pause: { code: 'UNAUTHORIZED' } });
    const end = world.rest(plan);
    await world.engine.resume(world.ask(plan));
    expect((await end).change?.counts).toMatchObject({ done: 4 });
  });

  it('fault 10: on 403 when the account has lost its role, and not when it has not', async () => {
    world.webex.before = (call) => (call.method !== 'GET' && call.target === 'set s1' ? Promise.reject(refused(403)) : undefined);
    const kept = await world.plan(steps(3));
    expect((await world.run(kept)).change).toMatchObject({ state: 'done', counts: { done: 2, failed: 1 } });
    const plan = await world.plan(chain(4));
    let writes = 0;
    world.webex.before = (call) => {
      if (call.method === 'GET' || ++writes < 3) return undefined;
      world.accounts.of(ANNA).roles = [];
      return Promise.reject(refused(403));
    };
    const paused = await world.run(plan);
    expect(paused.change).toMatchObject({ state: 'paused', counts: { done: 2, failed: 0, left: 2 }, pause: { code: 'AUTHORITY' } });
    expect(paused.change?.pause?.reason).toContain('Anna lacks the role Full Administrator');
    expect(await codeOf(world.engine.resume(world.ask(plan, BOB)))).toBe('NOT_ALLOWED');
  });

  it('fault 10: when the role was taken away during the run, though no call was refused', async () => {
    let writes = 0;
    world.webex.before = (call) => {
      if (call.method !== 'GET' && ++writes === 2) {
        world.accounts.of(ANNA).lost = { code: 'LOGIN_DISABLED', reason: 'Anna may not sign in any more.' };
        world.clock.advance(60_000);
      }
      return undefined;
    };
    const plan = await world.plan(chain(5));
    const paused = await world.run(plan);
    expect(paused.change).toMatchObject({ state: 'paused', counts: { done: 2, left: 3 }, pause: { code: 'AUTHORITY', reason: 'Anna may not sign in any more.' } });
  });

  it('does not start when requester or approver lost the role after the press', async () => {
    const plan = await world.plan(steps(1));
    world.engine.on((event) => {
      if (event.type === 'approved') world.accounts.of(BOB).roles = [];
    });
    const paused = await world.run(plan, BOB);
    expect(paused.change).toMatchObject({ state: 'paused', pause: { code: 'AUTHORITY' } });
    expect(world.webex.calls).toEqual([]);
  });

  it('when the person unlinks: his changes pause, his plans end', async () => {
    const running = await world.plan(chain(3));
    const waiting = await world.plan(steps(1));
    const held = holdWrite(1);
    const rest = world.rest(running);
    await world.approve(running);
    await held.there;
    await world.engine.dismiss(ACME.id, ANNA.personId, 'Anna unlinked her account.');
    held.goOn();
    expect((await rest).change).toMatchObject({ state: 'paused', counts: { done: 1 }, pause: { reason: 'Anna unlinked her account.' } });
    expect((await world.engine.get(ACME.id, waiting.id)).decision).toMatchObject({ how: 'withdrawn', reason: 'Anna unlinked her account.' });
  });

  it('when look mode is set, at the next resume', async () => {
    const plan = await world.plan(chain(3));
    await world.run(plan, ANNA, { first: 1 });
    world.mode = 'look';
    expect(await codeOf(world.engine.resume(world.ask(plan)))).toBe('LOOK_ONLY');
  });
});
