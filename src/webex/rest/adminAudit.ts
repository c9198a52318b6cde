import { z } from 'zod';
import type { ReadClient } from '../call.js';
import { offsetPages } from '../paging.js';
import { path } from '../urls.js';
import { each } from './parse.js';

/** The most events that Webex gives in one page. */
const PAGE = 200;

const eventSchema = z.object({
  id: z.string(),
  created: z.string(),
  actorId: z.string(),
  data: z.object({
    actorName: z.string().optional(),
    actorEmail: z.string().optional(),
    eventCategory: z.string().optional(),
    eventDescription: z.string().optional(),
    actionText: z.string().optional(),
    targetType: z.string().optional(),
    targetId: z.string().optional(),
    targetName: z.string().optional(),
    trackingId: z.string().optional(),
    /** With these what was tried has failed. */
    errorCode: z.union([z.string(), z.number()]).optional(),
    errorMessage: z.string().optional(),
  }),
});

export type AdminAuditEvent = z.output<typeof eventSchema>;

/** What administrators did, between two ISO dates with milliseconds, at most a year apart. Streamed. */
export function list(client: ReadClient, options: { orgId: string; from: string; to: string; actorId?: string; eventCategories?: readonly string[] }): AsyncGenerator<AdminAuditEvent> {
  const query = { ...options, eventCategories: options.eventCategories?.join(','), max: PAGE };
  return each(offsetPages(client, { method: 'GET', path: path('adminAudit', 'events'), lane: 'adminAudit', query }, 'items'), eventSchema, 'an audit event');
}
