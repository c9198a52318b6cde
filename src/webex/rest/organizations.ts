import { z } from 'zod';
import type { ReadClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { all, each, parse } from './parse.js';

const organizationSchema = z.object({ id: z.string(), displayName: z.string(), created: z.string().optional() });

export type Organization = z.output<typeof organizationSchema>;

/** The organizations that the caller reaches: the own one, for partners all managed ones. Webex does not page this list. */
export function list(client: ReadClient): Promise<Organization[]> {
  return all(each(pages(client, { method: 'GET', path: path('organizations'), lane: 'organizations' }, 'items'), organizationSchema, 'an organization'));
}

export async function get(client: ReadClient, id: string): Promise<Organization> {
  return parse(organizationSchema, await client.send({ method: 'GET', path: path('organizations', id), lane: 'organizations' }), 'an organization');
}
