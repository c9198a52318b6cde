import type { Clock, Timer } from '../lib/clock.js';
import { Lost, Throttled, tooManyCalls } from './failures.js';
import type { WebexRefused } from './errors.js';
import { LearnedRate } from './rate.js';

const MOST_IN_FLIGHT = 64;
/** Calls that a lane may send at once after a pause. */
const BURST = 4;
/** A wait when Webex did not say how long, doubled while the first call after it is refused again. */
const UNSAID_WAIT_S = 5;
const LONGEST_UNSAID_WAIT_S = 60;
const SHORTEST_WAIT_S = 1;
/** How long a call for a chat reply waits for a closed lane. */
export const PATIENCE_MS = 3_000;
/** How long such a call goes on after several short waits. */
const LONGEST_PATIENCE_MS = 10_000;
/** A lane that nobody used for this long is forgotten, since limits change. */
const FORGET_AFTER_MS = 15 * 60_000;

/** How a call wants to wait. */
export interface Manner {
  impatient?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** Paces calls by lane (any text). */
export interface Pacer {
  /**
   * Runs `attempt` when the lane's turn comes. An attempt that throws Throttled is run again when Webex allows, until the signal aborts.
   * Impatient calls throw WebexRefused (429) instead when the wait is longer than PATIENCE_MS. Other errors pass through.
   */
  run<T>(lane: string, attempt: () => Promise<T>, manner?: Manner): Promise<T>;
  /** The latest time (ms) until which a lane whose name starts with `prefix` is closed. */
  closedUntil(prefix: string): number | undefined;
}

export function createPacer(clock: Clock): Pacer {
  const lanes = new Map<string, Lane>();
  const laneOf = (name: string): Lane => {
    let lane = lanes.get(name);
    if (lane === undefined) {
      for (const [key, old] of lanes) if (old.isForgotten()) lanes.delete(key);
      lane = new Lane(clock);
      lanes.set(name, lane);
    } else if (lane.isForgotten()) {
      lane = new Lane(clock);
      lanes.set(name, lane);
    }
    return lane;
  };
  return {
    run: (name, attempt, manner = {}) => laneOf(name).run(attempt, manner),
    closedUntil: (prefix) => {
      const times = [...lanes].filter(([name]) => name.startsWith(prefix)).map(([, lane]) => lane.closedUntil);
      const latest = Math.max(0, ...times);
      return latest > clock.now() ? latest : undefined;
    },
  };
}

interface Waiter {
  go: (sent: Sent) => void;
  fail: (error: Error) => void;
}

/** A call on its way. */
interface Sent {
  n: number;
  at: number;
}

class Lane {
  closedUntil = 0;
  private readonly rate = new LearnedRate();
  private tokens = BURST;
  private filledAt: number;
  private lastUse: number;
  private inFlight = 0;
  private readonly urgent: Waiter[] = [];
  private readonly waiting: Waiter[] = [];
  private timer: Timer | undefined;
  /** Calls sent so far. */
  private sent = 0;
  /** All calls up to this one were sent before the last 429 was known. */
  private knownUpTo = 0;
  /** After a 429 one call goes first, and the others wait for its answer. */
  private scouting: 'no' | 'due' | 'out' = 'no';
  private unsaidWait = UNSAID_WAIT_S;
  private trackingId: string | undefined;

  constructor(private readonly clock: Clock) {
    this.filledAt = clock.now();
    this.lastUse = clock.now();
  }

  isForgotten(): boolean {
    const idle = this.inFlight === 0 && this.urgent.length === 0 && this.waiting.length === 0;
    const now = this.clock.now();
    return idle && now > this.closedUntil && now - this.lastUse > FORGET_AFTER_MS;
  }

  async run<T>(attempt: () => Promise<T>, manner: Manner): Promise<T> {
    const began = this.clock.now();
    for (let again = false; ; again = true) {
      const sent = await this.turn(manner, again);
      try {
        const value = await attempt();
        this.accepted(sent);
        return value;
      } catch (error) {
        if (!(error instanceof Throttled)) {
          this.ended(sent, error);
          throw error;
        }
        this.refused(sent, error);
        if (manner.impatient === true && this.closedUntil - began > LONGEST_PATIENCE_MS) throw this.refusal();
      } finally {
        this.inFlight -= 1;
        this.pump();
      }
    }
  }

  private turn(manner: Manner, again: boolean): Promise<Sent> {
    const { signal, impatient } = manner;
    return new Promise<Sent>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(reasonOf(signal));
        return;
      }
      if (impatient === true && this.isClosedForLong()) {
        reject(this.refusal());
        return;
      }
      const queue = impatient === true ? this.urgent : this.waiting;
      const onAbort = (): void => {
        queue.splice(queue.indexOf(waiter), 1);
        if (signal !== undefined) reject(reasonOf(signal));
      };
      const done = (): void => { signal?.removeEventListener('abort', onAbort); };
      const waiter: Waiter = {
        go: (sent) => { done(); resolve(sent); },
        fail: (error) => { done(); reject(error); },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      if (again) queue.unshift(waiter);
      else queue.push(waiter);
      this.pump();
    });
  }

  /** Sends what may be sent now, and comes back when more may. */
  private pump(): void {
    this.timer?.cancel();
    this.timer = undefined;
    for (;;) {
      const now = this.clock.now();
      if (this.urgent.length === 0 && this.waiting.length === 0) return;
      if (now < this.closedUntil) {
        this.timer = this.clock.after(this.closedUntil - now, () => { this.pump(); });
        return;
      }
      if (this.scouting === 'out' || this.inFlight >= MOST_IN_FLIGHT) return;
      this.fill(now);
      if (this.tokens < 1) {
        this.timer = this.clock.after(Math.max(1, ((1 - this.tokens) / this.rate.perSecond) * 1000), () => { this.pump(); });
        return;
      }
      this.tokens -= 1;
      const waiter = this.urgent.shift() ?? this.waiting.shift();
      waiter?.go(this.send(now));
    }
  }

  private send(now: number): Sent {
    this.sent += 1;
    this.inFlight += 1;
    const call = { n: this.sent, at: now };
    if (this.scouting === 'due') this.scouting = 'out';
    this.rate.sent(now);
    this.lastUse = now;
    return call;
  }

  private fill(now: number): void {
    const most = Math.max(BURST, this.rate.perSecond / 10);
    this.tokens = Math.min(most, this.tokens + ((now - this.filledAt) / 1000) * this.rate.perSecond);
    this.filledAt = now;
  }

  private accepted(call: Sent): void {
    if (call.n <= this.knownUpTo) return;
    this.scouting = 'no';
    this.unsaidWait = UNSAID_WAIT_S;
    this.rate.accepted(this.waiting.length + this.urgent.length > 0);
  }

  /** A call that failed otherwise: an answer was accepted by the limit, a lost one says nothing. */
  private ended(call: Sent, error: unknown): void {
    if (!(error instanceof Lost) || error.answer !== undefined) this.accepted(call);
    else if (this.scouting === 'out' && call.n > this.knownUpTo) this.scouting = 'due';
  }

  private refused(call: Sent, throttled: Throttled): void {
    const now = this.clock.now();
    const wait = Math.max(SHORTEST_WAIT_S, throttled.seconds ?? this.unsaidWait);
    if (throttled.seconds === undefined) this.unsaidWait = Math.min(LONGEST_UNSAID_WAIT_S, this.unsaidWait * 2);
    this.trackingId = throttled.trackingId;
    this.closedUntil = Math.max(this.closedUntil, now + wait * 1000);
    if (call.n > this.knownUpTo) {
      this.rate.refused(call.at, wait);
      this.knownUpTo = this.sent;
      this.scouting = 'due';
      this.tokens = 1;
      this.filledAt = this.closedUntil;
    }
    if (this.isClosedForLong()) for (const waiter of this.urgent.splice(0)) waiter.fail(this.refusal());
  }

  private isClosedForLong(): boolean {
    return this.closedUntil - this.clock.now() > PATIENCE_MS;
  }

  private refusal(): WebexRefused {
    return tooManyCalls((this.closedUntil - this.clock.now()) / 1000, this.trackingId);
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Stopped.');
}
