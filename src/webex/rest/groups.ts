import { z } from 'zod';
import { CallerMistake } from '../../lib/errors.js';
import type { ReadClient, WebexCall } from '../call.js';
import { indexedPages } from '../paging.js';
import { path } from '../urls.js';
import { all, each, parse } from './parse.js';

/** The most members that Webex gives in one page; groups likewise. */
const PAGE = 500;

const groupSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  orgId: z.string().optional(),
  memberSize: z.number().optional(),
  description: z.string().optional(),
});

const memberSchema = z.object({
  /** A person's id, where `type` is `user`. */
  id: z.string(),
  /** `user`, `machine` or `group`; members of nested groups are not given. */
  type: z.string().default('user'),
  displayName: z.string().optional(),
});

export type Group = z.output<typeof groupSchema>;
export type GroupMember = z.output<typeof memberSchema>;

const readCall = (query: NonNullable<WebexCall['query']>): WebexCall => ({ method: 'GET', path: path('groups'), lane: 'groups', query });

/** All groups of the organization. */
export function list(client: ReadClient, options: { orgId?: string } = {}): Promise<Group[]> {
  return all(each(indexedPages(client, readCall(options), { key: 'groups', total: 'totalResults', count: PAGE }), groupSchema, 'a group'));
}

export async function get(client: ReadClient, id: string): Promise<Group> {
  return parse(groupSchema, await client.send({ method: 'GET', path: path('groups', id), lane: 'groups' }), 'a group');
}

/** The groups of exactly this name (whatever its case); names need not be unique. */
export async function byName(client: ReadClient, name: string, options: { orgId?: string } = {}): Promise<Group[]> {
  if (/["\\]/.test(name)) throw new CallerMistake({ code: 'BAD_NAME', message: 'A group name cannot have quotation marks or backslashes in it here.' });
  const call = readCall({ ...options, filter: `displayName eq "${name}"` });
  const found = await all(each(indexedPages(client, call, { key: 'groups', total: 'totalResults', count: PAGE }), groupSchema, 'a group'));
  return found.filter(({ displayName }) => displayName.toLowerCase() === name.toLowerCase());
}

/** All members of a group, of all types. Streamed; throws when fewer come than the group says to have. */
export function members(client: ReadClient, id: string): AsyncGenerator<GroupMember> {
  const call: WebexCall = { method: 'GET', path: path('groups', id, 'members'), lane: 'groups' };
  return each(indexedPages(client, call, { key: 'members', total: 'memberSize', count: PAGE }), memberSchema, "a group's member");
}
