import { z } from 'zod';
import type { ReadClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { all, each } from './parse.js';

const PAGE = 1000;

const locationSchema = z.object({ id: z.string(), name: z.string() });

/** Where people with Webex Calling are called. */
export type Location = z.output<typeof locationSchema>;

/** All locations of the organization. */
export function list(client: ReadClient, options: { orgId?: string } = {}): Promise<Location[]> {
  return all(each(pages(client, { method: 'GET', path: path('locations'), lane: 'locations', query: { ...options, max: PAGE } }, 'items'), locationSchema, 'a location'));
}
