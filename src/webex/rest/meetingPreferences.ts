import { z } from 'zod';
import type { ReadClient, WriteClient } from '../call.js';
import { path } from '../urls.js';
import { flag, parse } from './parse.js';

const LANE = 'meetingPreferences';

const optionsSchema = z.object({
  /** Addresses of those who may schedule for this person on this site, as Webex spells them. Absent means none. */
  delegateEmails: z.array(z.string()).nullish().transform((list) => list ?? []),
  enabledJoinBeforeHost: flag.optional(),
  joinBeforeHostMinutes: z.number().optional(),
  enabledAutoShareRecording: flag.optional(),
  enabledWebexAssistantByDefault: flag.optional(),
});

const sitesSchema = z.object({ sites: z.array(z.object({ siteUrl: z.string(), default: flag.optional() })) });

export type SchedulingOptions = z.output<typeof optionsSchema>;

/** Whose preferences on which site. The site is always named: without it Webex takes the administrator's default site, not the person's. */
export interface Host {
  email: string;
  /** `acme.webex.com`, without a scheme. */
  siteUrl: string;
}

/** What a person lets others do, also who may schedule. Needs `meeting:admin_preferences_read` for others than oneself. */
export async function schedulingOptions(client: ReadClient, host: Host, options: { impatient?: boolean } = {}): Promise<SchedulingOptions> {
  const call = { method: 'GET', path: path(LANE, 'schedulingOptions'), lane: LANE, query: queryOf(host), ...options } as const;
  return parse(optionsSchema, await client.send(call), 'scheduling options');
}

/**
 * Lets these addresses schedule for the host, besides those who may already. Nothing else changes: PUT would reset the other options.
 * Sending it twice does no harm. Resolves with Webex's tracking id.
 */
export async function insertDelegates(client: WriteClient, host: Host, emails: readonly string[]): Promise<string | undefined> {
  return changeDelegates(client, host, emails, 'insert');
}

/** Takes the permission away from these addresses, and from nobody else. Sending it twice does no harm. */
export async function deleteDelegates(client: WriteClient, host: Host, emails: readonly string[]): Promise<string | undefined> {
  return changeDelegates(client, host, emails, 'delete');
}

/** The sites that a person is on, the default one marked. `siteUrl` is a site to search on; Webex takes the caller's default site else. */
export async function sites(client: ReadClient, email: string, options: { siteUrl?: string; impatient?: boolean } = {}): Promise<{ siteUrl: string; isDefault: boolean }[]> {
  const { siteUrl, ...rest } = options;
  const call = { method: 'GET', path: path(LANE, 'sites'), lane: LANE, query: { userEmail: email, siteUrl }, ...rest } as const;
  const reply = parse(sitesSchema, await client.send(call), 'a list of sites');
  return reply.sites.map((site) => ({ siteUrl: site.siteUrl, isDefault: site.default ?? false }));
}

async function changeDelegates(client: WriteClient, host: Host, emails: readonly string[], what: 'insert' | 'delete'): Promise<string | undefined> {
  const reply = await client.send({
    method: 'POST', path: path(LANE, 'schedulingOptions', 'delegateEmails', what), lane: LANE, query: queryOf(host), body: { emails }, repeatable: true,
  });
  return reply.trackingId;
}

function queryOf(host: Host): Record<string, string> {
  return { userEmail: host.email, siteUrl: host.siteUrl };
}
