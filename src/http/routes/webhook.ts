import express, { type Router } from 'express';
import { z } from 'zod';
import { messageOf } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import { verify } from '../../webex/signature.js';

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

/** `POST /webhook`. Nothing is done, and nothing of the body is read, before its signature over the bytes as they came is right. */
export function webhookRoute({ secret, receive }: WebhookHandlers, log: Log): Router {
  const router = express.Router();
  router.post('/webhook', express.raw({ type: () => true, limit: LARGEST }), async (request, response) => {
    const body: unknown = request.body;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const verdict = verify(bytes, request.headers, secret);
    if (!verdict.ok) {
      log.warn({ reason: verdict.reason }, 'a webhook was refused');
      response.status(401).end();
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
