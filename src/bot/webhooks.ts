import type { Clock, Timer } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { update, type Store } from '../store/store.js';
import type { WriteClient } from '../webex/call.js';
import { WebexRefused } from '../webex/errors.js';
import * as webhooks from '../webex/rest/webhooks.js';

/** Webex: `all/all` covers messages, memberships and rooms; presses of cards need a webhook of their own. */
const WANTED = [
  { name: 'Steward: messages', resource: 'all', event: 'all' },
  { name: 'Steward: cards', resource: 'attachmentActions', event: 'created' },
] as const;
/** Webex switches a webhook off after 100 failures in 5 minutes, and never on again. */
const CHECK_MS = 5 * 60_000;
const AGAIN_MS = 15_000;

/** Our webhooks at Webex. */
export interface Registration {
  /** Registers, and looks after them from then on. A failure is logged and tried again. */
  start(): Promise<void>;
  /** The webhooks stay: events that come while we are away are lost otherwise. */
  stop(): void;
  /** Whether both were there and active when last looked at. */
  readonly isComplete: boolean;
  /** Looks once: adds what is missing, switches on what is off, removes doubles and those that we made for an earlier address. */
  check(): Promise<void>;
}

export function createRegistration(options: { bot: WriteClient; store: Store; targetUrl: string; secret: string; clock: Clock; log: Log }): Registration {
  const { bot, store, targetUrl, secret, clock, log } = options;
  let timer: Timer | undefined;
  let isStopped = false;
  let isComplete = false;
  /** The secret at Webex cannot be read, so it is written once per start. */
  let hasSecret = false;

  const check = async (): Promise<void> => {
    const found = await webhooks.list(bot);
    const kept: string[] = [];
    const doubles: string[] = [];
    for (const wanted of WANTED) {
      const [first, ...more] = found.filter((hook) => hook.name === wanted.name && hook.targetUrl === targetUrl && hook.resource === wanted.resource && hook.event === wanted.event);
      doubles.push(...more.map(({ id }) => id));
      if (!first) {
        kept.push((await webhooks.create(bot, { ...wanted, targetUrl, secret })).id);
        log.info({ name: wanted.name, targetUrl }, 'a webhook was registered');
        continue;
      }
      kept.push(first.id);
      if (first.status !== 'active') log.warn({ name: wanted.name }, 'Webex had switched a webhook off');
      if (first.status !== 'active' || !hasSecret) await webhooks.update(bot, first.id, { name: wanted.name, targetUrl, secret, status: 'active' });
    }
    const own = (await store.shared.get<string[]>('webhooks', 'own'))?.value ?? [];
    const stale = found.filter(({ id }) => own.includes(id) && !kept.includes(id)).map(({ id }) => id);
    // Only after the new ones are there: webhooks of other programs on the same bot are left alone.
    for (const id of new Set([...doubles, ...stale])) await webhooks.remove(bot, id).catch(ignoreGone);
    await update<string[]>(store.shared, 'webhooks', 'own', () => kept);
    hasSecret = true;
    isComplete = true;
  };

  const round = async (): Promise<void> => {
    let next = CHECK_MS;
    try {
      await check();
    } catch (error) {
      isComplete = false;
      next = AGAIN_MS;
      log.error({ error }, 'the webhooks could not be checked, Steward may hear nothing');
    }
    if (!isStopped) timer = clock.after(next, () => { void round(); });
  };

  return {
    check,
    get isComplete() { return isComplete; },
    start: round,
    stop: () => {
      isStopped = true;
      timer?.cancel();
    },
  };
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof WebexRefused) || error.status !== 404) throw error;
}
