import { Throttled } from '../../../src/webex/failures.js';
import { createPacer } from '../../../src/webex/pacing.js';
import { bucket, fixedWindow, simulate, simulatedClock, slidingWindow, type Limit } from './simulation.js';

const BULK = 5000;

describe('the pace of a bulk change of 5,000 calls at 50 ms, in simulated time', () => {
  const limits: [name: string, own: number, make: () => Limit][] = [
    ['a bucket of 20/s with 5 at once', 20, () => bucket(20, 5)],
    ['a bucket of 20/s with 10 at once', 20, () => bucket(20, 10)],
    ['a bucket of 20/s with 20 at once', 20, () => bucket(20, 20)],
    ['a bucket of 10/s with 10 at once', 10, () => bucket(10, 10)],
    ['a bucket of 50/s with 50 at once', 50, () => bucket(50, 50)],
    ['a bucket of 100/s with 100 at once', 100, () => bucket(100, 100)],
    ['300 in each minute', 5, () => fixedWindow(300, 60)],
    ['300 in any minute', 5, () => slidingWindow(300, 60)],
  ];
  it.each(limits)('reaches 95 %% of %s with at most 1 %% of answers 429', async (_name, own, make) => {
    const shares = await simulate({ calls: BULK, limit: make() });
    expect(shares.rate / own).toBeGreaterThanOrEqual(0.95);
    expect(shares.refused).toBeLessThanOrEqual(0.01);
  });

  it('is 20 times faster than one call after the other where there is no limit', async () => {
    const limit: Limit = () => 0;
    const one = await simulate({ calls: 200, limit, workers: 1 });
    const many = await simulate({ calls: BULK, limit });
    expect(many.refused).toBe(0);
    expect(many.rate / one.rate).toBeGreaterThanOrEqual(20);
  });

  it('finds a limit that was raised', async () => {
    const slow = bucket(10, 10);
    const fast = bucket(40, 40);
    let began: number | undefined;
    const shares = await simulate({ calls: 20_000, limit: (now) => (now - (began ??= now) < 60_000 ? slow(now) : fast(now)) });
    expect(shares.rate).toBeGreaterThan(20);
  });

  it('finds a limit that was lowered, and keeps to it', async () => {
    const fast = bucket(40, 40);
    const slow = bucket(10, 10);
    let began: number | undefined;
    const shares = await simulate({ calls: BULK, limit: (now) => (now - (began ??= now) < 60_000 ? fast(now) : slow(now)) });
    expect(shares.refused).toBeLessThanOrEqual(0.01);
    // 2,400 calls in the first minute, the rest at 10/s.
    expect(shares.seconds).toBeLessThan((60 + 260) / 0.95);
  });
});

describe('a lane that Webex closed', () => {
  const closed = (seconds: number | undefined) => {
    const clock = simulatedClock();
    const pacer = createPacer(clock);
    const began = clock.now();
    const times: number[] = [];
    let first = true;
    const call = (name: string, answers: string[]) => async (): Promise<string> => {
      times.push(clock.now() - began);
      if (first) {
        first = false;
        throw new Throttled(seconds, 'T_1');
      }
      await clock.sleep(100);
      answers.push(name);
      return name;
    };
    return { clock, pacer, times, call, began };
  };

  it('trap 29: sends nothing until an hour is over, then one call that tries, then the others', async () => {
    const { clock, pacer, times, call } = closed(3600);
    const answers: string[] = [];
    const all = Promise.all(['a', 'b', 'c'].map((name, n) => (n === 0 ? pacer.run('lane', call(name, answers)) : clock.sleep(10).then(() => pacer.run('lane', call(name, answers))))));
    await clock.drive(() => answers.length === 3);
    expect(await all).toEqual(['a', 'b', 'c']);
    expect(times[0]).toBe(0);
    expect(times[1]).toBeGreaterThanOrEqual(3_600_000);
    // The second waits for the answer of the first, which takes 100 ms.
    expect(times[2]).toBeGreaterThanOrEqual(3_600_100);
    expect(times).toHaveLength(4);
  });

  it('trap 29: a call for a chat reply fails at once and says how long Webex asks to wait, also when it waited already', async () => {
    const { clock, pacer, call } = closed(3600);
    const answers: string[] = [];
    const stop = new AbortController();
    const bulk = pacer.run('lane', call('bulk', answers), { signal: stop.signal });
    await clock.drive(() => pacer.closedUntil('lane') !== undefined);
    const now = clock.now();
    await expect(pacer.run('lane', call('chat', answers), { impatient: true })).rejects.toMatchObject({ code: 'WEBEX_TOO_MANY_CALLS', status: 429, retryAfter: 3600, trackingId: 'T_1' });
    expect(clock.now()).toBe(now);
    expect(answers).toEqual([]);
    // Another lane is open.
    const other = pacer.run('other', call('other', answers), { impatient: true });
    await clock.drive(() => answers.length === 1);
    expect(await other).toBe('other');
    stop.abort(new Error('cancelled'));
    await expect(bulk).rejects.toThrow('cancelled');
  });

  it('waits for a short closing even for a chat reply', async () => {
    const { clock, pacer, call } = closed(1);
    const answers: string[] = [];
    const reply = pacer.run('lane', call('chat', answers), { impatient: true });
    await clock.drive(() => answers.length === 1);
    expect(await reply).toBe('chat');
  });

  it('does not let a chat reply wait for ever in short closings', async () => {
    const clock = simulatedClock();
    const pacer = createPacer(clock);
    let tries = 0;
    let over = false;
    const reply = pacer.run('lane', () => { tries += 1; return Promise.reject(new Throttled(2, undefined)); }, { impatient: true }).catch((error: unknown) => { over = true; return error; });
    await clock.drive(() => over);
    expect(await reply).toMatchObject({ code: 'WEBEX_TOO_MANY_CALLS' });
    expect(tries).toBeLessThan(10);
  });

  it('waits a few seconds, and longer each time, when Webex does not say how long', async () => {
    const clock = simulatedClock();
    const pacer = createPacer(clock);
    const began = clock.now();
    const times: number[] = [];
    let done = false;
    const call = pacer.run('lane', () => {
      times.push((clock.now() - began) / 1000);
      return times.length < 4 ? Promise.reject(new Throttled(undefined, undefined)) : Promise.resolve();
    }).then(() => { done = true; });
    await clock.drive(() => done);
    await call;
    expect(times).toEqual([0, 5, 15, 35]);
  });

  it('ends the waiting of a call that is taken back', async () => {
    const { clock, pacer, call } = closed(3600);
    const stop = new AbortController();
    const waiting = pacer.run('lane', call('a', []), { signal: stop.signal });
    await clock.drive(() => pacer.closedUntil('lane') !== undefined);
    stop.abort(new Error('paused'));
    await expect(waiting).rejects.toThrow('paused');
  });
});

describe('calls of one lane', () => {
  it('lets those for a chat reply go before a waiting bulk change', async () => {
    const clock = simulatedClock();
    const pacer = createPacer(clock);
    const order: string[] = [];
    const call = (name: string) => async (): Promise<void> => {
      order.push(name);
      await clock.sleep(50);
    };
    const bulk = Array.from({ length: 50 }, (_, n) => pacer.run('lane', call(`bulk ${n}`)));
    const chat = pacer.run('lane', call('chat'), { impatient: true });
    let done = false;
    void Promise.all([...bulk, chat]).then(() => { done = true; });
    await clock.drive(() => done);
    expect(order).toHaveLength(51);
    expect(order.indexOf('chat')).toBeLessThan(10);
  });

  it('never has more than 64 on their way', async () => {
    const clock = simulatedClock();
    const pacer = createPacer(clock);
    let onTheWay = 0;
    let most = 0;
    let done = 0;
    const all = Promise.all(Array.from({ length: 3000 }, () => pacer.run('lane', async () => {
      most = Math.max(most, (onTheWay += 1));
      await clock.sleep(500);
      onTheWay -= 1;
    }).then(() => { done += 1; })));
    await clock.drive(() => done === 3000);
    await all;
    expect(most).toBe(64);
  });

  it('does not slow down for one stray 429', async () => {
    const clock = simulatedClock();
    const pacer = createPacer(clock);
    let tries = 0;
    let done = false;
    const one = pacer.run('lane', () => ((tries += 1) === 1 ? Promise.reject(new Throttled(2, undefined)) : Promise.resolve())).then(() => { done = true; });
    await clock.drive(() => done);
    await one;
    const began = clock.now();
    let answered = 0;
    const all = Promise.all(Array.from({ length: 40 }, () => pacer.run('lane', () => Promise.resolve()).then(() => { answered += 1; })));
    await clock.drive(() => answered === 40);
    await all;
    expect(clock.now() - began).toBeLessThan(2000);
  });
});
