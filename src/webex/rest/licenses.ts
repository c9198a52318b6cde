import { z } from 'zod';
import type { ReadClient, WriteClient } from '../call.js';
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

/** One license to give or to take away. Webex: a calling license wants a number or an extension; without a number also the location. */
export interface LicenseOperation {
  id: string;
  operation: 'add' | 'remove';
  properties?: { locationId?: string; phoneNumber?: string; extension?: string };
}

/** All that one call changes for one person, of any organization; who is named by address need not be of the caller's. */
export interface Assignment {
  person: { personId: string } | { email: string };
  orgId?: string;
  licenses: readonly LicenseOperation[];
  /** To be an attendee on a site, or no longer. Webex: being a host comes with a license of the site. */
  attendee: readonly { siteUrl: string; operation: 'add' | 'remove' }[];
}

const siteSchema = z.object({ siteUrl: z.string(), accountType: z.string() });
const assignedSchema = z.object({
  licenses: z.array(z.string()),
  siteUrls: z.array(siteSchema).default([]),
  /** What a person of another organization has not yet accepted. */
  pendingLicenses: z.array(z.string()).default([]),
  pendingSiteUrls: z.array(siteSchema).default([]),
});

/** What a person holds after an assignment. */
export type Assigned = z.output<typeof assignedSchema> & { trackingId: string | undefined };

/**
 * Gives and takes licenses and attendee sites of one person; what is not named stays. Webex: 200, or 206 when only a part was done;
 * only the reply tells which, and on 200 too it must be compared with what was asked. Doing it twice does no harm.
 */
export async function assign(client: WriteClient, { person, orgId, licenses, attendee }: Assignment): Promise<Assigned> {
  const body = {
    ...person, ...(orgId === undefined ? {} : { orgId }),
    ...(licenses.length === 0 ? {} : { licenses }),
    ...(attendee.length === 0 ? {} : { siteUrls: attendee.map((one) => ({ ...one, accountType: 'attendee' })) }),
  };
  const reply = await client.send({ method: 'PATCH', path: path('licenses', 'users'), lane: 'licenses', body, repeatable: true });
  return { ...parse(assignedSchema, reply, 'the licenses of a person', true), trackingId: reply.trackingId };
}
