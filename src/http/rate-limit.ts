import type { RequestHandler } from 'express';
import type { Clock } from '../lib/clock.js';

const WINDOW_MS = 60_000;
/** Addresses that are counted at once; beyond it the window is closed early, so that memory has an end. */
const MOST_ADDRESSES = 10_000;

/** Counts what an address does in the running minute. */
export interface MinuteCount {
  /** One more: how many there are now. */
  add(address: string | undefined): number;
  /** Whole seconds until the count begins anew. */
  left(): number;
}

export function minuteCount(clock: Clock): MinuteCount {
  const seen = new Map<string, number>();
  let ends = 0;
  return {
    add: (address = '') => {
      const now = clock.now();
      if (now >= ends || seen.size >= MOST_ADDRESSES) {
        seen.clear();
        ends = now + WINDOW_MS;
      }
      const count = (seen.get(address) ?? 0) + 1;
      seen.set(address, count);
      return count;
    },
    left: () => Math.max(0, Math.ceil((ends - clock.now()) / 1000)),
  };
}

/** Answers 429 to an address that has sent more than `most` requests in the running minute. */
export function rateLimit(clock: Clock, most: number): RequestHandler {
  const counted = minuteCount(clock);
  return (request, response, next) => {
    if (counted.add(request.ip) <= most) next();
    else response.status(429).set('Retry-After', String(counted.left())).end();
  };
}
