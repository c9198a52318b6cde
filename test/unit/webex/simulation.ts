import type { Clock, Timer } from '../../../src/lib/clock.js';
import { Throttled } from '../../../src/webex/failures.js';
import { createPacer } from '../../../src/webex/pacing.js';

/** A clock that stands still until it is driven to the next thing that falls due. */
export interface SimulatedClock extends Clock {
  /** Goes from event to event until `done` is true or nothing is left to come. */
  drive(done: () => boolean): Promise<void>;
}

export function simulatedClock(): SimulatedClock {
  let time = 1_000_000_000_000;
  let order = 0;
  const pending: { due: number; order: number; action: () => void }[] = [];
  const after = (ms: number, action: () => void): Timer => {
    const entry = { due: time + Math.max(0, ms), order: (order += 1), action };
    let at = pending.length;
    while (at > 0 && (pending[at - 1]?.due ?? 0) > entry.due) at -= 1;
    pending.splice(at, 0, entry);
    return {
      cancel: () => {
        const place = pending.indexOf(entry);
        if (place >= 0) pending.splice(place, 1);
      },
    };
  };
  return {
    now: () => time,
    iso: () => new Date(time).toISOString(),
    after,
    sleep: (ms) => new Promise((resolve) => { after(ms, resolve); }),
    drive: async (done) => {
      for (;;) {
        // What the last event set going runs to its end before time moves.
        await new Promise((resolve) => setImmediate(resolve));
        const next = done() ? undefined : pending.shift();
        if (next === undefined) return;
        time = next.due;
        next.action();
      }
    },
  };
}

/** A limit of a server: seconds to wait, or 0 when the call was taken. */
export type Limit = (now: number) => number;

export function bucket(perSecond: number, burst: number): Limit {
  let tokens = burst;
  let at = 0;
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
    at = now;
    if (tokens < 1) return (1 - tokens) / perSecond;
    tokens -= 1;
    return 0;
  };
}

/** At most `calls` in any window that begins with a call after the last one is over. */
export function fixedWindow(calls: number, seconds: number): Limit {
  let began = -Infinity;
  let left = 0;
  return (now) => {
    if (now - began >= seconds * 1000) {
      began = now;
      left = calls;
    }
    if (left === 0) return (began + seconds * 1000 - now) / 1000;
    left -= 1;
    return 0;
  };
}

/** At most `calls` within the last `seconds`, whenever one looks. */
export function slidingWindow(calls: number, seconds: number): Limit {
  const taken: number[] = [];
  return (now) => {
    while ((taken[0] ?? now) < now - seconds * 1000) taken.shift();
    if (taken.length >= calls) return ((taken[0] ?? now) + seconds * 1000 - now) / 1000;
    taken.push(now);
    return 0;
  };
}

export interface Shares {
  seconds: number;
  /** Calls done a second. */
  rate: number;
  /** Calls answered 429 as a share of all answers. */
  refused: number;
}

/** A bulk change of `calls` calls, at most `workers` at once, against a server with this limit and latency. */
export async function simulate(options: { calls: number; limit: Limit; latencyMs?: number; jitterMs?: number; workers?: number }): Promise<Shares> {
  const { calls, limit, latencyMs = 50, jitterMs = 10, workers = 64 } = options;
  const clock = simulatedClock();
  const pacer = createPacer(clock);
  let seed = 42;
  const random = (): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  let answered = 0;
  let refused = 0;
  const attempt = async (): Promise<void> => {
    const way = latencyMs / 2 + random() * jitterMs;
    await clock.sleep(way);
    const wait = limit(clock.now());
    await clock.sleep(latencyMs / 2);
    answered += 1;
    if (wait > 0) {
      refused += 1;
      throw new Throttled(Math.ceil(wait), undefined);
    }
  };
  const began = clock.now();
  let next = 0;
  let done = 0;
  let ended = began;
  const worker = async (): Promise<void> => {
    while (next < calls) {
      next += 1;
      await pacer.run('lane', attempt);
      done += 1;
      ended = clock.now();
    }
  };
  const all = Promise.all(Array.from({ length: workers }, worker));
  await clock.drive(() => done === calls);
  await all;
  const seconds = (ended - began) / 1000;
  return { seconds, rate: calls / seconds, refused: refused / answered };
}

/** A clock on which every wait is over at once: time jumps to what falls due next. For real calls that must not be waited for. */
export function eagerClock(): Clock {
  const inner = simulatedClock();
  let moving = false;
  const move = (): void => {
    if (moving) return;
    moving = true;
    setImmediate(() => {
      moving = false;
      void inner.drive(() => false);
    });
  };
  return {
    ...inner,
    after: (ms, action) => {
      const timer = inner.after(ms, action);
      move();
      return timer;
    },
    sleep: (ms) => {
      const slept = inner.sleep(ms);
      move();
      return slept;
    },
  };
}
