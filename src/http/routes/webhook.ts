import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.js';
import { messageOf } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import { verify } from '../../webex/signature.js';
import { minuteCount } from '../rate-limit.js';

/** What is used of an envelope: what happened, and ids. Everything else is read from Webex. */
export interface WebhookEvent {
  resource: string;
  event: string;
  id: string;
  roomId: string;
  personId: string;
}

export interface WebhookHandlers {
  secret: string;
  /** Resolves when the event is durable, long before it is handled. `busy`: not taken. Rejects when the store fails. */
  receive: (event: WebhookEvent) => Promise<'taken' | 'busy'>;
}

const ID = z.string().max(1024);
const Envelope = z.object({
  resource: z.string().max(64),
  event: z.string().max(64),
  data: z.object({ id: ID, roomId: ID.default(''), personId: ID.default('') }),
});

const LARGEST = '256kb';
/** Refused in a minute from one address: so many are answered as such, and so many are logged one by one. */
const MOST_REFUSED = 600;
const MOST_LOGGED = 20;

/**
 * `POST /webhook`. Nothing is done, and nothing of the body is read, before its signature over the bytes as they came is right. Only what is
 * refused is counted: whoever sends much without a signature must not keep out what Webex sends through the same reverse proxy.
 */
export function webhookRoute({ secret, receive }: WebhookHandlers, { clock, log }: { clock: Clock; log: Log }): Router {
  const refusals = minuteCount(clock);
  const refuse = (request: Request, response: Response, reason: string): void => {
    const n = refusals.add(request.ip);
    if (n <= MOST_LOGGED) log.warn({ reason, address: request.ip }, n < MOST_LOGGED ? 'a webhook was refused' : 'a webhook was refused; others of this minute and address are not logged');
    if (n > MOST_REFUSED) response.set('Retry-After', String(refusals.left()));
    response.status(n > MOST_REFUSED ? 429 : 401).end();
  };
  const router = express.Router();
  router.post('/webhook', express.raw({ type: () => true, limit: LARGEST }), async (request, response) => {
    const body: unknown = request.body;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const verdict = verify(bytes, request.headers, secret);
    if (!verdict.ok) {
      refuse(request, response, verdict.reason);
      return;
    }
    const event = eventIn(bytes);
    if (event === undefined) {
      // It is from Webex, so asking for it again does not help.
      log.warn({ bytes: bytes.length }, 'a webhook was not understood');
      response.status(200).end();
      return;
    }
    try {
      const taken = await receive(event);
      response.status(taken === 'taken' ? 200 : 503).end();
    } catch (error) {
      log.error({ error, reason: messageOf(error) }, 'an event could not be kept');
      response.status(503).end();
    }
  });
  return router;
}

function eventIn(bytes: Buffer): WebhookEvent | undefined {
  try {
    const { resource, event, data } = Envelope.parse(JSON.parse(bytes.toString('utf8')));
    return { resource, event, ...data };
  } catch {
    return undefined;
  }
}
