import { z } from 'zod';
import type { ReadClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { all, each, parse } from './parse.js';

/** The most users that Webex gives in one page. */
const MOST_USERS = 300;

const licenseSchema = z.object({
  id: z.string(),
  /** Names repeat over subscriptions and sites: the id is the key. */
  name: z.string(),
  totalUnits: z.number().optional(),
  consumedUnits: z.number().optional(),
  consumedByUsers: z.number().optional(),
  consumedByWorkspaces: z.number().optional(),
  subscriptionId: z.string().optional(),
  /** `acme.webex.com`, for meeting licenses. */
  siteUrl: z.string().optional(),
  siteType: z.string().optional(),
});

const userSchema = z.object({
  id: z.string(),
  /** `INTERNAL` or `EXTERNAL`. */
  type: z.string().optional(),
  displayName: z.string().optional(),
  email: z.string().optional(),
});

export type License = z.output<typeof licenseSchema>;
export type LicenseUser = z.output<typeof userSchema>;

/** All licenses of the organization. Webex does not page this list. */
export function list(client: ReadClient, options: { orgId?: string } = {}): Promise<License[]> {
  return all(each(pages(client, { method: 'GET', path: path('licenses'), lane: 'licenses', query: options }, 'items'), licenseSchema, 'a license'));
}

export async function get(client: ReadClient, id: string): Promise<License> {
  return parse(licenseSchema, await client.send({ method: 'GET', path: path('licenses', id), lane: 'licenses' }), 'a license');
}

/** How many calls `users` takes, as far as the license tells. */
export function pagesOfUsers({ consumedByUsers, consumedUnits, totalUnits }: License): number {
  return Math.max(1, Math.ceil((consumedByUsers ?? consumedUnits ?? totalUnits ?? Infinity) / MOST_USERS));
}

/** Everybody who holds the license, paged by `limit` and `next`. Streamed. */
export function users(client: ReadClient, id: string): AsyncGenerator<LicenseUser> {
  const call = { method: 'GET', path: path('licenses', id), lane: 'licenses', query: { includeAssignedTo: 'user', limit: MOST_USERS } } as const;
  return each(pages(client, call, 'users'), userSchema, "a license's user");
}
