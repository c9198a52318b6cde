import { down, lost, refused, setStep, valueStep } from './fake-webex.js';
import { ACME, ANNA, World } from './world.js';

let world: World;
beforeEach(async () => { world = await World.open(); });
afterEach(() => world.close());

describe('applying a plan', () => {
  it('reads, writes and verifies, and records what really changed', async () => {
    world.webex.set('set room').add('zoe');
    const plan = await world.plan([setStep('room', ['amy', 'zoe']), valueStep('title', null, 'New')]);
    const done = await world.run(plan);
    expect(done.change).toMatchObject({ state: 'done', counts: { done: 2, skipped: 0, failed: 0, left: 0 } });
    expect([...world.webex.set('set room')].sort()).toEqual(['amy', 'zoe']);
    expect(world.webex.values.get('value title')).toBe('New');
    const outcomes = await world.engine.outcomes(ACME.id, plan.id);
    expect(outcomes.get(1)).toMatchObject({ state: 'done', changed: { before: { amy: 'absent' }, after: { amy: 'present' } } });
    expect(world.webex.writes().map((call) => call.body)).toContainEqual({ add: ['amy'], remove: [] });
  });

  it('uses three calls a step for `read` kinds, one for `server` kinds, two for `reply` kinds', async () => {
    await world.run(await world.plan([setStep('a', ['x'])]));
    expect(world.webex.calls.length).toBe(3);
    await world.run(await world.plan([setStep('b', ['x'], 'server-set')]));
    expect(world.webex.calls.length).toBe(4);
    await world.run(await world.plan([valueStep('c', null, 1, 'reply-value')]));
    expect(world.webex.calls.length).toBe(6);
  });

  it('skips what is already so, without a write', async () => {
    world.webex.set('set room').add('amy');
    const plan = await world.plan([setStep('room', ['amy'])]);
    const done = await world.run(plan);
    expect(done.change?.counts).toMatchObject({ skipped: 1, done: 0 });
    expect(world.webex.writes()).toEqual([]);
  });

  it('trap 24: a 409 on an addition means that it is so already, not a failure', async () => {
    world.webex.before = (call) => (call.method === 'GET' ? undefined : Promise.reject(refused(409)));
    const plan = await world.plan([setStep('room', ['amy'], 'server-set')]);
    await world.run(plan);
    expect(await world.states(plan)).toEqual(['1 skipped']);
  });

  it('does not overwrite what somebody else has set', async () => {
    const plan = await world.plan([valueStep('title', null, 'New')]);
    world.webex.values.set('value title', 'Theirs');
    await world.run(plan);
    const outcome = (await world.engine.outcomes(ACME.id, plan.id)).get(1)!;
    expect(outcome.state).toBe('conflict');
    expect(outcome.reason).toContain('Theirs');
    expect(world.webex.values.get('value title')).toBe('Theirs');
  });

  it('fault 3: one failing element does not hide in a SUCCESS', async () => {
    world.webex.ignored.add('zoe');
    const plan = await world.plan([setStep('room', ['amy', 'zoe'])]);
    await world.run(plan);
    expect((await world.engine.outcomes(ACME.id, plan.id)).get(1)).toMatchObject({
      state: 'failed', reason: 'Webex took only a part of the change.', changed: { before: { amy: 'absent' }, after: { amy: 'present' } },
    });
  });

  it('says that it is not confirmed when Webex takes the change and does not show it', async () => {
    world.webex.ignored.add('zoe');
    const plan = await world.plan([setStep('room', ['zoe'])]);
    await world.run(plan);
    const outcome = (await world.engine.outcomes(ACME.id, plan.id)).get(1)!;
    expect(outcome).toMatchObject({ state: 'failed', unconfirmed: true });
    expect(outcome.changed).toBeUndefined();
  });

  it('waits patiently when Webex shows the change late', async () => {
    let reads = 0;
    world.webex.before = (call) => {
      if (call.method === 'GET' && world.webex.writes().length === 1 && ++reads === 1) {
        world.webex.set('set room').delete('amy');
        return Promise.resolve().then(() => { setImmediate(() => world.webex.set('set room').add('amy')); });
      }
      return undefined;
    };
    const plan = await world.plan([setStep('room', ['amy'])]);
    await world.run(plan);
    expect(await world.states(plan)).toEqual(['1 done']);
    expect(world.webex.writes().length).toBe(1);
  });

  it('keeps a failure to its own step, with the words and the tracking id of Webex', async () => {
    world.webex.before = (call) => (call.target === 'set b' && call.method === 'POST' ? Promise.reject(refused(400, 'Bad\u202Eness')) : undefined);
    const plan = await world.plan([setStep('a', ['x']), setStep('b', ['x']), setStep('c', ['x'])]);
    const done = await world.run(plan);
    expect(done.change).toMatchObject({ state: 'done', counts: { done: 2, failed: 1 } });
    const outcome = (await world.engine.outcomes(ACME.id, plan.id)).get(2)!;
    expect(outcome).toMatchObject({ state: 'failed', trackingId: 'TRACK_1' });
    expect(outcome.reason).toContain('Webex says: Badness');
    expect(outcome.changed).toBeUndefined();
  });

  it('records what a refused write has changed all the same', async () => {
    world.webex.after = (call) => {
      if (call.method !== 'POST') return undefined;
      world.webex.set('set a').delete('y');
      return Promise.reject(refused(400));
    };
    const plan = await world.plan([setStep('a', ['x', 'y'])]);
    await world.run(plan);
    expect((await world.engine.outcomes(ACME.id, plan.id)).get(1)).toMatchObject({ state: 'failed', changed: { after: { x: 'present' } } });
  });

  it('reads the truth when an answer is lost, and does not write twice', async () => {
    world.webex.after = (call) => (call.method === 'POST' ? Promise.reject(lost()) : undefined);
    const plan = await world.plan([setStep('a', ['x']), setStep('b', ['x'], 'server-set')]);
    await world.run(plan);
    expect(await world.states(plan)).toEqual(['1 done', '2 done']);
    expect(world.webex.writes().length).toBe(2);
  });

  it('writes once more when the lost call did not happen', async () => {
    let times = 0;
    world.webex.before = (call) => (call.method === 'POST' && ++times === 1 ? Promise.reject(lost()) : undefined);
    const plan = await world.plan([setStep('a', ['x'])]);
    await world.run(plan);
    expect(await world.states(plan)).toEqual(['1 done']);
    expect(world.webex.writes().length).toBe(2);
  });

  it('says that it does not know when neither the answer nor the truth can be had', async () => {
    let dead = false;
    world.webex.before = (call) => {
      if (call.method === 'POST') dead = true;
      return dead ? Promise.reject(call.method === 'POST' ? lost() : down()) : undefined;
    };
    const plan = await world.plan([setStep('a', ['x'])]);
    await world.run(plan);
    expect((await world.engine.outcomes(ACME.id, plan.id)).get(1)).toMatchObject({ state: 'failed', unconfirmed: true });
  });

  it('does the steps of one target in order, one at a time, and targets side by side', async () => {
    let most = 0;
    let now = 0;
    const busy = new Set<string>();
    world.webex.before = async (call) => {
      if (call.method !== 'POST') return;
      expect(busy.has(call.target)).toBe(false);
      busy.add(call.target);
      most = Math.max(most, ++now);
      await world.clock.sleep(5);
      now -= 1;
      busy.delete(call.target);
    };
    const plan = await world.plan(['a', 'b', 'c'].flatMap((name) => [setStep(name, ['one']), setStep(name, ['-one']), setStep(name, ['two'])]));
    await world.run(plan);
    expect((await world.engine.get(ACME.id, plan.id)).change?.counts?.done).toBe(9);
    expect(most).toBe(3);
    const ofA = world.webex.writes().filter((call) => call.target === 'set a').map((call) => JSON.stringify(call.body));
    expect(ofA).toEqual(['{"add":["one"],"remove":[]}', '{"add":[],"remove":["one"]}', '{"add":["two"],"remove":[]}']);
  });

  it('lets two changes take turns on one target', async () => {
    const first = await world.plan([setStep('room', ['amy', '-old'])]);
    const second = await world.plan([setStep('room', ['bob'])]);
    let inside = 0;
    world.webex.before = async () => {
      inside += 1;
      expect(inside).toBe(1);
      await world.clock.sleep(2);
      inside -= 1;
    };
    await Promise.all([world.run(first), world.run(second)]);
    expect([...world.webex.set('set room')].sort()).toEqual(['amy', 'bob']);
  });

  it('tells listeners how far it is, and what Webex asks for', async () => {
    world.webex.waitsUntil = 1_900_000_000_000;
    await world.run(await world.plan([setStep('a', ['x']), setStep('b', ['x'])]));
    const progress = world.events.flatMap((event) => (event.type === 'progress' ? [event.progress] : []));
    expect(progress.map((one) => one.counts.left)).toEqual([1, 0]);
    expect(progress[0]).toMatchObject({ total: 2, waitsUntil: 1_900_000_000_000 });
    expect(world.events.map((event) => event.type)).toEqual(['planned', 'approved', 'started', 'progress', 'progress', 'finished']);
  });

  it('acts with the requester’s account, whoever approves', async () => {
    const plan = await world.plan([setStep('a', ['x'], 'admin')]);
    const { BOB } = await import('./world.js');
    await world.run(plan, BOB);
    expect(new Set(world.webex.calls.map((call) => call.owner))).toEqual(new Set([ANNA.email]));
  });
});
