import { z } from 'zod';
import type { ReadClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { each, flag, item } from './parse.js';

const PAGE = 1000;

const teamMembershipSchema = item({
  id: z.string(),
  teamId: z.string(),
  personId: z.string(),
  personEmail: z.string().optional(),
  personDisplayName: z.string().optional(),
  personOrgId: z.string().optional(),
  isModerator: flag.default(false),
});

export type TeamMembership = z.output<typeof teamMembershipSchema>;

/** Everybody in a team. Needs `spark:team_memberships_read`. Streamed. */
export function list(client: ReadClient, teamId: string): AsyncGenerator<TeamMembership> {
  const call = { method: 'GET', path: path('team', 'memberships'), lane: 'teamMemberships', query: { teamId, max: PAGE } } as const;
  return each(pages(client, call, 'items'), teamMembershipSchema, 'a team membership');
}
