import { z } from 'zod';
import type { ReadClient } from '../call.js';
import { path } from '../urls.js';
import { parse } from './parse.js';

const actionSchema = z.object({
  id: z.string(),
  type: z.string().default('submit'),
  messageId: z.string(),
  /** Who pressed; the only thing in it that is Webex's own word. */
  personId: z.string(),
  roomId: z.string(),
  /** Made by whoever sent it, also the keys of `data`: trust nothing in it. */
  inputs: z.record(z.string(), z.unknown()).default({}),
  created: z.string().optional(),
});

export type AttachmentAction = z.output<typeof actionSchema>;

/** A press of a card's button. May answer 404 for a moment after its webhook came. */
export async function get(client: ReadClient, id: string): Promise<AttachmentAction> {
  return parse(actionSchema, await client.send({ method: 'GET', path: path('attachment', 'actions', id), lane: 'attachmentActions' }), "a card's action");
}
