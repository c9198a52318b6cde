import { z } from 'zod';
import type { Clock } from '../lib/clock.js';
import { fits } from './globs.js';

const input = z.strictObject({
  kind: z.enum(['bucket', 'window', 'none']),
  perSecond: z.number().positive().default(10),
  /** Bucket: how many at once after a rest. Window: how many in a window of burst / perSecond seconds. */
  burst: z.number().int().positive().default(10),
  perOwner: z.boolean().default(true),
  /** Seconds said in `Retry-After`; without it the time until one call fits, rounded up. */
  retryAfter: z.number().int().nonnegative().optional(),
  only: z.array(z.string()).optional(),
});

interface Account {
  tokens: number;
  at: number;
}

export interface Limits {
  /** Takes the body of `POST /_emulator/limits`. Throws a ZodError. */
  set(body: unknown): void;
  clear(): void;
  /** Counts one call. The seconds to wait when it is over the limit (it is not counted then), else undefined. */
  take(owner: string, path: string): number | undefined;
}

/** How many calls each token owner may make: none is the default. */
export function createLimits(clock: Clock): Limits {
  let limit: z.infer<typeof input> | undefined;
  const accounts = new Map<string, Account>();

  const waitOf = (rule: NonNullable<typeof limit>, account: Account): number => {
    const now = clock.now();
    const windowMs = (rule.burst / rule.perSecond) * 1000;
    if (rule.kind === 'bucket') {
      account.tokens = Math.min(rule.burst, account.tokens + ((now - account.at) / 1000) * rule.perSecond);
      account.at = now;
    } else if (now - account.at >= windowMs) {
      account.tokens = rule.burst;
      account.at = now;
    }
    if (account.tokens >= 1) {
      account.tokens -= 1;
      return 0;
    }
    return rule.kind === 'bucket' ? (1 - account.tokens) / rule.perSecond : (account.at + windowMs - now) / 1000;
  };

  return {
    set: (body) => {
      const wanted = input.parse(body);
      limit = wanted.kind === 'none' ? undefined : wanted;
      accounts.clear();
    },
    clear: () => { limit = undefined; },
    take: (owner, path) => {
      if (limit === undefined || (limit.only && !limit.only.some((glob) => fits(glob, path)))) return undefined;
      const key = limit.perOwner ? owner : '';
      const account = accounts.get(key) ?? { tokens: limit.burst, at: clock.now() };
      accounts.set(key, account);
      const wait = waitOf(limit, account);
      return wait === 0 ? undefined : limit.retryAfter ?? Math.ceil(wait);
    },
  };
}
