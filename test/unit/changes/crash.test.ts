import fc from 'fast-check';
import type { Account } from '../../../src/accounts/define.js';
import type { StepDraft } from '../../../src/changes/define.js';
import type { Partition, Store } from '../../../src/store/store.js';
import { setStep, valueStep } from './fake-webex.js';
import { ACME, ANNA, World, type FakeAccounts } from './world.js';

let world: World;
beforeEach(async () => { world = await World.open({ approvalSteps: 'off' }); });
afterEach(() => world.close());

/** A process that dies at its nth touch of store or Webex: before it is done, or when it is done and nobody was told. */
class Mortal {
  private touches = 0;
  private readonly under = new Set<Promise<unknown>>();
  dead = false;
  private died: () => void = () => undefined;
  readonly death = new Promise<void>((resolve) => { this.died = resolve; });

  constructor(private readonly at: number, private readonly told: boolean) {}

  async touch<T>(work: () => Promise<T>): Promise<T> {
    this.touches += 1;
    const mine = this.touches === this.at;
    if (mine) this.kill();
    if (this.dead && !(mine && !this.told)) return forever();
    const working = work();
    const quiet = working.catch(() => undefined);
    this.under.add(quiet);
    void quiet.then(() => this.under.delete(quiet));
    const result = await working;
    return this.dead ? forever() : result;
  }

  kill(): void {
    this.dead = true;
    this.died();
  }

  /** What was on its way to disk or to Webex arrives all the same. */
  async quiet(): Promise<void> {
    await Promise.all(this.under);
  }

  store(inner: Store): Store {
    const part = (partition: Partition): Partition => ({
      get: (...args) => this.touch(() => partition.get(...args)),
      list: (...args) => this.touch(() => partition.list(...args)),
      put: (...args) => this.touch(() => partition.put(...args)),
      delete: (...args) => this.touch(() => partition.delete(...args)),
      append: (...args) => this.touch(() => partition.append(...args)),
      read: (...args) => partition.read(...args),
      drop: (...args) => this.touch(() => partition.drop(...args)),
      once: (...args) => this.touch(() => partition.once(...args)),
      lease: (...args) => this.touch(() => partition.lease(...args)),
      release: (...args) => this.touch(() => partition.release(...args)),
    });
    const parts = new Map<Partition, Partition>();
    const wrapped = (partition: Partition): Partition => {
      const found = parts.get(partition) ?? part(partition);
      parts.set(partition, found);
      return found;
    };
    return { organization: (id) => wrapped(inner.organization(id)), shared: inner.shared, organizations: () => inner.organizations(), close: () => inner.close() };
  }

  accounts(inner: FakeAccounts): FakeAccounts {
    const client = (of: Account): ReturnType<FakeAccounts['writer']> => {
      const real = inner.writer(of);
      return { ...real, send: (call) => this.touch(() => real.send(call)) };
    };
    return Object.assign(Object.create(inner) as FakeAccounts, { reader: client, writer: client });
  }
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}

/** Plans and approves in a process that dies at the given touch, then lets a new process take up what it left. */
async function lifeAndDeath(steps: StepDraft[], deaths: { at: number; told: boolean }[], name: string): Promise<{ id: string; approved: boolean }> {
  let id = '';
  let approved = false;
  for (const [round, { at, told }] of deaths.entries()) {
    const mortal = new Mortal(at, told);
    const engine = world.newEngine(mortal.store(world.store), mortal.accounts(world.accounts));
    const finished = new Promise<void>((resolve) => {
      engine.on((event) => {
        if ((event.type === 'finished' || event.type === 'paused') && event.plan.title === name) resolve();
      });
    });
    const life = round > 0 ? engine.start() : (async () => {
      const plan = await engine.plan({ organization: ACME, requester: ANNA, draft: { title: name, command: name, steps, warnings: [], problems: [] } });
      id = plan.id;
      await engine.approve({ organization: ACME.id, id, hash: plan.hash, by: ANNA });
      approved = true;
    })();
    const plan = round === 0 ? undefined : (await world.engine.list(ACME.id)).find((one) => one.title === name);
    const hasWork = round === 0 || (plan?.change !== undefined && plan.change.finishedAt === undefined);
    await Promise.race([mortal.death, hasWork ? Promise.all([life, finished]) : life]);
    mortal.kill();
    await mortal.quiet();
  }
  if (id === '') id = (await world.newEngine(world.store).list(ACME.id)).find((plan) => plan.title === name)?.id ?? '';
  return { id, approved };
}

const someSteps = (name: string): StepDraft[] => [
  setStep(`${name} a`, ['x', 'y']), valueStep(`${name} v`, null, 1), setStep(`${name} a`, ['z']), setStep(`${name} s`, ['x'], 'server-set'),
  valueStep(`${name} r`, null, 'on', 'reply-value'), setStep(`${name} a`, ['-y']), valueStep(`${name} v`, 1, 2),
];

describe('a crash', () => {
  it('at any moment, also of the recovery: each write happens exactly once, and the end is as planned', async () => {
    let n = 0;
    const death = fc.record({ at: fc.integer({ min: 1, max: 90 }), told: fc.boolean() });
    let applied = 0;
    await fc.assert(fc.asyncProperty(fc.array(death, { minLength: 1, maxLength: 3 }), async (deaths) => {
      const name = `run ${++n}`;
      world.webex.calls.length = 0;
      const { id, approved } = await lifeAndDeath(someSteps(name), deaths, name);
      const engine = world.newEngine(world.store);
      await engine.start();
      if (id === '') return;
      await engine.idle(ACME.id, id);
      const plan = await engine.get(ACME.id, id);
      await engine.reported(plan);
      await engine.stop();
      if (plan.state === 'pending') {
        expect(approved).toBe(false);
        expect(world.webex.writes()).toEqual([]);
        return;
      }
      applied += 1;
      expect(plan.change).toMatchObject({ state: 'done', counts: { done: 7, skipped: 0, failed: 0, conflict: 0, left: 0 } });
      expect([...world.webex.set(`set ${name} a`)].sort()).toEqual(['x', 'z']);
      expect(world.webex.values.get(`value ${name} v`)).toBe(2);
      expect(world.webex.values.get(`value ${name} r`)).toBe('on');
      const writes = world.webex.writes().map((call) => `${call.target} ${JSON.stringify(call.body)}`);
      expect(new Set(writes).size).toBe(7);
      expect(writes.length).toBe(7);
    }), { numRuns: 60 });
    expect(applied).toBeGreaterThan(10);
  }, 120_000);

  it('spends no call on steps that were finished', async () => {
    const plan = await world.plan(Array.from({ length: 6 }, (_, index) => setStep('one', [`x${index}`])));
    let writes = 0;
    const there = new Promise<void>((resolve) => {
      world.webex.before = (call) => {
        if (call.method === 'GET' || ++writes < 4) return undefined;
        resolve();
        return forever();
      };
    });
    await world.approve(plan);
    await there;
    const calls = world.webex.calls.length;
    world.webex.before = () => undefined;
    world.engine = world.newEngine(world.store);
    const rest = world.rest(plan);
    await world.engine.start();
    expect((await rest).change?.counts).toMatchObject({ done: 6 });
    // The step in doubt is read until the patience is at its end (3), written and verified (2); the two others take 3 calls each.
    expect(world.webex.calls.length - calls).toBe(3 + 2 + 6);
  });

  it('does not forget a cancel: what is in doubt is found out, nothing more is written', async () => {
    const plan = await world.plan(Array.from({ length: 4 }, (_, index) => setStep('one', [`x${index}`])));
    let writes = 0;
    const there = new Promise<void>((resolve) => {
      world.webex.after = (call) => {
        if (call.method === 'GET' || ++writes < 2) return undefined;
        resolve();
        return forever();
      };
    });
    await world.approve(plan);
    await there;
    await world.engine.cancel(world.ask(plan));
    world.webex.after = () => undefined;
    world.engine = world.newEngine(world.store);
    const rest = world.rest(plan);
    await world.engine.start();
    expect((await rest).change).toMatchObject({ state: 'cancelled', counts: { done: 2, cancelled: 2 } });
    expect(world.webex.writes().length).toBe(2);
  });

  it('stop finishes the calls under way and leaves the rest for the next start', async () => {
    const plan = await world.plan(Array.from({ length: 4 }, (_, index) => setStep('one', [`x${index}`])));
    let goOn = (): void => undefined;
    const there = new Promise<void>((resolve) => {
      world.webex.before = (call) => {
        if (call.method === 'GET' || world.webex.writes().length !== 2) return undefined;
        resolve();
        return new Promise<void>((go) => { goOn = go; });
      };
    });
    await world.approve(plan);
    await there;
    const stopped = world.engine.stop();
    goOn();
    await stopped;
    expect((await world.engine.get(ACME.id, plan.id)).change?.state).toBe('running');
    expect(await world.states(plan)).toEqual(['1 done', '2 done']);
    world.engine = world.newEngine(world.store);
    const rest = world.rest(plan);
    await world.engine.start();
    expect((await rest).change?.counts).toMatchObject({ done: 4 });
    expect(world.webex.writes().length).toBe(4);
    expect(world.webex.calls.length).toBe(12);
  });

  it('tells again what nobody was told: plans that wait, results and pauses without a report', async () => {
    const waiting = await world.plan([setStep('a', ['x'])]);
    const told = await world.plan([setStep('b', ['x'])]);
    const untold = await world.plan([setStep('c', ['x'])]);
    const paused = await world.plan([setStep('d', ['x']), setStep('e', ['x'])]);
    await world.engine.reported(await world.run(told));
    await world.run(untold);
    await world.run(paused, ANNA, { first: 1 });
    await world.engine.stop();
    world.events.length = 0;
    world.engine = world.newEngine(world.store);
    await world.engine.start();
    const events = world.events.map((event) => `${event.type} ${event.plan.id} ${'again' in event}`).sort();
    expect(events).toEqual([`finished ${untold.id} true`, `paused ${paused.id} true`, `planned ${waiting.id} true`]);
  });

  it('between plan and expiry: the plan expires at the next start', async () => {
    const plan = await world.plan([setStep('a', ['x'])]);
    await world.engine.stop();
    world.clock.advance(2 * 3600_000);
    world.engine = world.newEngine(world.store);
    await world.engine.start();
    expect((await world.engine.get(ACME.id, plan.id)).state).toBe('expired');
  });

  it('long ago is no reason to keep it: ended plans go after the retention, paused ones stay', async () => {
    const ended = await world.plan([setStep('a', ['x'])]);
    const paused = await world.plan([setStep('b', ['x']), setStep('c', ['x'])]);
    await world.engine.reported(await world.run(ended));
    await world.run(paused, ANNA, { first: 1 });
    const restarted = async (days: number): Promise<string[]> => {
      await world.engine.stop();
      world.clock.advance(days * 24 * 3600_000);
      world.engine = world.newEngine(world.store);
      await world.engine.start();
      return (await world.engine.list(ACME.id)).map((plan) => plan.id).sort();
    };
    expect(await restarted(29)).toEqual([ended.id, paused.id].sort());
    expect(await restarted(2)).toEqual([paused.id]);
    const left: unknown[] = [];
    for (const log of ['plan-steps', 'journal']) for await (const entry of world.store.organization(ACME.id).read(`${log}-${ended.id}`)) left.push(entry);
    expect(left).toEqual([]);
    expect(await world.store.organization(ACME.id).get('reported', ended.id)).toBeUndefined();
  });
});
