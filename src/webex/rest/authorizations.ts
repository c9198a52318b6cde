import { z } from 'zod';
import type { ReadClient, WriteClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { all, each, parse } from './parse.js';

const authorizationSchema = z.object({
  id: z.string(),
  clientId: z.string().optional(),
  personId: z.string().optional(),
  applicationName: z.string().optional(),
  created: z.string().optional(),
  /** `refresh` or `access`. */
  type: z.string().optional(),
});

export type Authorization = z.output<typeof authorizationSchema>;

/** When the token in use ends, in milliseconds since 1970 (unlike `expires_in`, which is in seconds); undefined for one that does not. */
export async function tokenExpiry(client: ReadClient): Promise<number | undefined> {
  const reply = await client.send({ method: 'GET', path: path('authorizations', 'tokenExpiry'), lane: 'authorizations' });
  return parse(z.object({ exp: z.number().nullish() }), reply, "a token's end").exp ?? undefined;
}

/** A person's grants to all integrations. Needs `identity:tokens_read`. Webex does not page this list. */
export function list(client: ReadClient, personId: string): Promise<Authorization[]> {
  const call = { method: 'GET', path: path('authorizations'), lane: 'authorizations', query: { personId } } as const;
  return all(each(pages(client, call, 'items'), authorizationSchema, 'an authorization'));
}

/** Ends one grant; a refresh token's end is that of its access tokens. Needs `identity:tokens_write`. */
export async function remove(client: WriteClient, id: string): Promise<void> {
  await client.send({ method: 'DELETE', path: path('authorizations', id), lane: 'authorizations' });
}
