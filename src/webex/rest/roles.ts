import { z } from 'zod';
import type { ReadClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { all, each } from './parse.js';

const roleSchema = z.object({ id: z.string(), name: z.string() });

export type Role = z.output<typeof roleSchema>;

/** All roles that there are; a person's `roles` are ids of these. Webex does not page this list. */
export function list(client: ReadClient): Promise<Role[]> {
  return all(each(pages(client, { method: 'GET', path: path('roles'), lane: 'roles' }, 'items'), roleSchema, 'a role'));
}
