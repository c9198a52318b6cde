import { z } from 'zod';
import type { ReadClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { each, flag, item, parse } from './parse.js';

const PAGE = 1000;

const roomSchema = item({
  id: z.string(),
  /** Not unique. When `unreadable` names it, it is an encrypted blob. */
  title: z.string().default(''),
  /** `direct` or `group`. */
  type: z.string(),
  isLocked: flag.default(false),
  isAnnouncementOnly: flag.default(false),
  isReadOnly: flag.default(false),
  isPublic: flag.default(false),
  teamId: z.string().optional(),
  creatorId: z.string().optional(),
  /** The organization that owns the space. */
  ownerId: z.string().optional(),
  lastActivity: z.string().optional(),
  created: z.string().optional(),
});

export type Room = z.output<typeof roomSchema>;

/** The spaces that the token's owner is in. An administrator does not see others. Streamed. */
export function list(client: ReadClient, options: { type?: 'direct' | 'group' } = {}): AsyncGenerator<Room> {
  return each(pages(client, { method: 'GET', path: path('rooms'), lane: 'rooms', query: { ...options, max: PAGE } }, 'items'), roomSchema, 'a space');
}

export async function get(client: ReadClient, id: string, options: { impatient?: boolean } = {}): Promise<Room> {
  return parse(roomSchema, await client.send({ method: 'GET', path: path('rooms', id), lane: 'rooms', ...options }), 'a space');
}
