import type { RequestHandler } from 'express';
import type { Clock } from '../lib/clock.js';

const WINDOW_MS = 60_000;
/** Addresses that are counted at once; beyond it the window is closed early, so that memory has an end. */
const MOST_ADDRESSES = 10_000;

/** Answers 429 to an address that has sent more than `most` requests in the running minute. */
export function rateLimit(clock: Clock, most: number): RequestHandler {
  const seen = new Map<string, number>();
  let ends = 0;
  return (request, response, next) => {
    const now = clock.now();
    if (now >= ends || seen.size >= MOST_ADDRESSES) {
      seen.clear();
      ends = now + WINDOW_MS;
    }
    const address = request.ip ?? '';
    const count = (seen.get(address) ?? 0) + 1;
    seen.set(address, count);
    if (count <= most) {
      next();
      return;
    }
    response.status(429).set('Retry-After', String(Math.ceil((ends - now) / 1000))).end();
  };
}
