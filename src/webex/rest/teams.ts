import { z } from 'zod';
import type { ReadClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { each, item } from './parse.js';

const PAGE = 1000;

const teamSchema = item({
  id: z.string(),
  /** Not unique. */
  name: z.string().default(''),
  creatorId: z.string().optional(),
  created: z.string().optional(),
});

export type Team = z.output<typeof teamSchema>;

/** The teams that the token's owner is in. Streamed. */
export function list(client: ReadClient): AsyncGenerator<Team> {
  return each(pages(client, { method: 'GET', path: path('teams'), lane: 'teams', query: { max: PAGE } }, 'items'), teamSchema, 'a team');
}
