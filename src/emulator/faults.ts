import { z } from 'zod';
import { fits } from './globs.js';

const rule = z.strictObject({
  method: z.string().toUpperCase().optional(),
  path: z.string().optional(),
  owner: z.string().toLowerCase().optional(),
  /** Each named parameter must have this value; `*` is any value. */
  query: z.record(z.string(), z.string()).optional(),
  status: z.number().int().min(200).max(599).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  delayMs: z.number().nonnegative().optional(),
  drop: z.enum(['request', 'reply']).optional(),
  times: z.number().int().positive().optional(),
  every: z.number().int().positive().optional(),
});
const input = z.strictObject({
  rules: z.array(rule).optional(),
  webhooks: z.strictObject({
    /** Every delivery is made this many times more. */
    duplicate: z.union([z.boolean().transform(Number), z.number().int().nonnegative()]).optional(),
    delayMs: z.number().nonnegative().optional(),
    /** The next n deliveries are not made. */
    lose: z.number().int().nonnegative().optional(),
  }).optional(),
});

type Rule = z.infer<typeof rule> & { seen: number; used: number };

/** What shall go wrong with one request. */
export interface Fault {
  /** Answered with this instead of being handled. */
  status?: number;
  headers: Record<string, string>;
  body?: unknown;
  /** How long the reply is held back; a handled request is handled at once. */
  delayMs: number;
  /** `request`: the connection breaks, nothing is handled. `reply`: it is handled, then the connection breaks. */
  drop?: 'request' | 'reply';
}

/** What shall go wrong with webhook deliveries. `lose` is counted down by whoever delivers. */
export interface WebhookFaults {
  duplicate: number;
  delayMs: number;
  lose: number;
}

export interface Faults {
  /** Kept up to date in place, so that a reference to it stays good. */
  readonly webhooks: WebhookFaults;
  /** Takes the body of `POST /_emulator/faults`: `rules` replaces all rules, `webhooks` all webhook faults. Throws a ZodError. */
  set(body: unknown): void;
  clear(): void;
  /** The sum of all rules that fit: delays add up, the first status or drop counts. */
  of(method: string, path: string, owner: string, query?: Record<string, string>): Fault;
}

const NO_FAULT: Fault = { headers: {}, delayMs: 0 };

export function createFaults(): Faults {
  let rules: Rule[] = [];
  const webhooks: WebhookFaults = { duplicate: 0, delayMs: 0, lose: 0 };
  const setWebhooks = (wanted: Partial<Record<keyof WebhookFaults, number | undefined>>): void => {
    Object.assign(webhooks, { duplicate: wanted.duplicate ?? 0, delayMs: wanted.delayMs ?? 0, lose: wanted.lose ?? 0 });
  };
  const fires = (item: Rule, method: string, path: string, owner: string, query: Record<string, string>): boolean => {
    if (item.method !== undefined && item.method !== method) return false;
    if (item.path !== undefined && !fits(item.path, path)) return false;
    if (item.owner !== undefined && item.owner !== owner) return false;
    if (!Object.entries(item.query ?? {}).every(([name, value]) => (value === '*' ? name in query : query[name] === value))) return false;
    item.seen += 1;
    if (item.seen % (item.every ?? 1) !== 0 || item.used >= (item.times ?? Infinity)) return false;
    item.used += 1;
    return true;
  };
  return {
    webhooks,
    set: (body) => {
      const wanted = input.parse(body);
      if (wanted.rules) rules = wanted.rules.map((item) => ({ ...item, seen: 0, used: 0 }));
      if (wanted.webhooks) setWebhooks(wanted.webhooks);
    },
    clear: () => {
      rules = [];
      setWebhooks({});
    },
    of: (method, path, owner, query = {}) => {
      if (rules.length === 0) return NO_FAULT;
      const fault: Fault = { headers: {}, delayMs: 0 };
      for (const item of rules) {
        if (!fires(item, method, path, owner.toLowerCase(), query)) continue;
        fault.delayMs += item.delayMs ?? 0;
        Object.assign(fault.headers, item.headers);
        if (fault.status !== undefined || fault.drop !== undefined) continue;
        if (item.status !== undefined) Object.assign(fault, { status: item.status, body: item.body });
        if (item.drop !== undefined) fault.drop = item.drop;
      }
      return fault;
    },
  };
}
