import { z } from 'zod';
import { sameId } from '../../lib/ids.js';
import type { ReadClient, WriteClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { each, flag, item, parse } from './parse.js';

const PAGE = 1000;

const membershipSchema = item({
  id: z.string(),
  roomId: z.string(),
  roomType: z.string().optional(),
  personId: z.string(),
  personEmail: z.string().optional(),
  personDisplayName: z.string().optional(),
  personOrgId: z.string().optional(),
  isModerator: flag.default(false),
  created: z.string().optional(),
});

export type Membership = z.output<typeof membershipSchema>;

/** Everybody in a space. Empty pages in the middle are read over. Streamed. */
export function list(client: ReadClient, roomId: string, options: { impatient?: boolean } = {}): AsyncGenerator<Membership> {
  const call = { method: 'GET', path: path('memberships'), lane: 'memberships', query: { roomId, max: PAGE }, ...options } as const;
  return each(pages(client, call, 'items'), membershipSchema, 'a membership');
}

/** One person's membership in a space; undefined when not in it. */
export async function find(client: ReadClient, roomId: string, personId: string): Promise<Membership | undefined> {
  const call = { method: 'GET', path: path('memberships'), lane: 'memberships', query: { roomId, personId } } as const;
  for await (const membership of each(pages(client, call, 'items'), membershipSchema, 'a membership')) {
    if (sameId(membership.personId, personId)) return membership;
  }
  return undefined;
}

export async function get(client: ReadClient, id: string): Promise<Membership> {
  return parse(membershipSchema, await client.send({ method: 'GET', path: path('memberships', id), lane: 'memberships' }), 'a membership');
}

/**
 * Adds a person to a space; `isModerator` only where it is locked. Webex: 409 when he is in it already. Not repeated by itself:
 * a second try would answer 409 and hide that the first one was ours; whoever calls reads the truth.
 */
export async function create(client: WriteClient, wanted: { roomId: string; personId: string; isModerator?: boolean }): Promise<{ membership: Membership; trackingId: string | undefined }> {
  const reply = await client.send({ method: 'POST', path: path('memberships'), lane: 'memberships', body: wanted });
  return { membership: parse(membershipSchema, reply, 'a membership', true), trackingId: reply.trackingId };
}

/** Takes somebody out of a space. Webex: 404 when there is no such membership any more. Not repeated by itself, as with `create`. Resolves with Webex's tracking id. */
export async function remove(client: WriteClient, id: string): Promise<string | undefined> {
  return (await client.send({ method: 'DELETE', path: path('memberships', id), lane: 'memberships' })).trackingId;
}
