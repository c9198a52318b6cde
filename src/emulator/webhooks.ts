import { createHmac } from 'node:crypto';
import type { Timer } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { WebhookFaults } from './faults.js';
import type { Webhook } from './model.js';
import { createOutbound } from './outbound.js';
import type { Happening, State } from './state.js';
import { envelope } from './webhooks/envelope.js';
import { webhooksFor } from './webhooks/select.js';

const WINDOW_MS = 5 * 60_000;
const MAX_FAILURES = 100;
const TIMEOUT_MS = 10_000;
const MAX_REPLY_BYTES = 1024 * 1024;

export interface Webhooks {
  /** Ends deliveries under way and delivers nothing more. */
  close(): void;
}

/** Lowercase hex HMAC-SHA1 over the bytes that are sent, for `X-Spark-Signature`. */
export function signature(secret: string, bytes: Buffer): string {
  return createHmac('sha1', secret).update(bytes).digest('hex');
}

/**
 * Notes a failed delivery. Webex: 100 in five minutes disable a webhook; re-enabled within five minutes of that, the next failure
 * disables it at once. All failures therefore count from the moment of disabling.
 */
export function noteFailure(webhook: Webhook, now: number): void {
  webhook.failures = [...webhook.failures.filter((time) => now - time < WINDOW_MS), now];
  if (webhook.failures.length < MAX_FAILURES || webhook.status === 'inactive') return;
  webhook.status = 'inactive';
  webhook.failures = webhook.failures.map(() => now);
}

/** Delivers what happens in `state` to its webhooks, each delivery by itself: unordered, not repeated when it fails. `faults` is read at each delivery. */
export function createWebhooks(state: State, faults: WebhookFaults, log: Log): Webhooks {
  const outbound = createOutbound();
  const waiting = new Set<Timer>();
  let closed = false;

  const post = async (webhook: Webhook, body: Buffer): Promise<void> => {
    const headers: Record<string, string> = { 'Content-Type': 'application/json; charset=utf-8', 'User-Agent': 'webex-emulator' };
    if (webhook.secret !== undefined) headers['X-Spark-Signature'] = signature(webhook.secret, body);
    let reason: unknown;
    try {
      const { status } = await outbound.call({ method: 'POST', url: webhook.targetUrl, headers, body, timeoutMs: TIMEOUT_MS, maxBytes: MAX_REPLY_BYTES });
      if (status >= 200 && status < 300) return;
      reason = status;
    } catch (error) {
      reason = error instanceof Error ? error.message : error;
    }
    if (closed) return;
    noteFailure(webhook, state.clock.now());
    log.debug({ webhook: webhook.id, reason, status: webhook.status }, 'A webhook delivery failed.');
  };

  const deliver = (webhook: Webhook, body: Buffer): void => {
    if (faults.lose > 0) {
      faults.lose -= 1;
      return;
    }
    if (faults.delayMs === 0) {
      void post(webhook, body);
      return;
    }
    const timer = state.clock.after(faults.delayMs, () => {
      waiting.delete(timer);
      if (state.webhooks.get(webhook.id) === webhook) void post(webhook, body);
    });
    waiting.add(timer);
  };

  const onHappened = (happening: Happening): void => {
    for (const webhook of webhooksFor(state, happening)) {
      const body = Buffer.from(JSON.stringify(envelope(state, webhook, happening)));
      for (let copies = 0; copies <= faults.duplicate; copies += 1) deliver(webhook, body);
    }
  };
  state.events.on('happened', onHappened);

  return {
    close: () => {
      closed = true;
      state.events.off('happened', onHappened);
      for (const timer of waiting) timer.cancel();
      outbound.close();
    },
  };
}
