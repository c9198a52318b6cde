import { z } from 'zod';
import type { ReadClient, WriteClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { all, each, parse } from './parse.js';

const webhookSchema = z.object({
  id: z.string(),
  name: z.string(),
  targetUrl: z.string(),
  resource: z.string(),
  event: z.string(),
  filter: z.string().optional(),
  /** `inactive` after 100 failures in 5 minutes; never active again by itself. */
  status: z.enum(['active', 'inactive']).optional(),
  created: z.string().optional(),
});

export type Webhook = z.output<typeof webhookSchema>;

export interface WebhookDraft {
  name: string;
  targetUrl: string;
  resource: string;
  event: string;
  secret: string;
  filter?: string;
}

export function list(client: ReadClient): Promise<Webhook[]> {
  return all(each(pages(client, { method: 'GET', path: path('webhooks'), lane: 'webhooks', query: { max: 100 } }, 'items'), webhookSchema, 'a webhook'));
}

export async function create(client: WriteClient, draft: WebhookDraft): Promise<Webhook> {
  return parse(webhookSchema, await client.send({ method: 'POST', path: path('webhooks'), lane: 'webhooks', body: draft }), 'a webhook', true);
}

/** Changes what can be changed. `status` can only be `active`; resource, event and filter need a new webhook. */
export async function update(client: WriteClient, id: string, change: { name: string; targetUrl: string; secret: string; status?: 'active' }): Promise<Webhook> {
  const call = { method: 'PUT', path: path('webhooks', id), lane: 'webhooks', body: change, repeatable: true } as const;
  return parse(webhookSchema, await client.send(call), 'a webhook', true);
}

export async function remove(client: WriteClient, id: string): Promise<void> {
  await client.send({ method: 'DELETE', path: path('webhooks', id), lane: 'webhooks' });
}
