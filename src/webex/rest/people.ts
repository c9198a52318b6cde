import { z } from 'zod';
import { idKey } from '../../lib/ids.js';
import type { ReadClient, WebexCall } from '../call.js';
import { pages, type Page } from '../paging.js';
import { path } from '../urls.js';
import { all, each, fieldsOf, flag, item, parse } from './parse.js';

/** Webex takes at most this many ids in one `GET /people?id=`. */
const MOST_IDS = 85;
const PAGE = 1000;

/** Who somebody is. */
const whoShape = {
  id: z.string(),
  /** The primary address first, as a rule. */
  emails: z.array(z.string()).default([]),
  displayName: z.string().default(''),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  orgId: z.string(),
  department: z.string().optional(),
  /** `person`, `bot` or `appuser` (a guest). */
  type: z.string().default('person'),
};

const whoSchema = item(whoShape);

const personShape = {
  ...whoShape,
  /** Role ids. Only shown to administrators, and only by `get`, `me` and `list`; absent means not shown. */
  roles: z.array(z.string()).optional(),
  /** License ids, as with roles. */
  licenses: z.array(z.string()).optional(),
  title: z.string().optional(),
  /** `acme.webex.com` for a host, `acme.webex.com#attendee` for an attendee. As with roles. */
  siteUrls: z.array(z.string()).optional(),
  /** `work`, `work_extension`, `mobile`, `fax`. */
  phoneNumbers: z.array(z.object({ type: z.string(), value: z.string(), primary: z.boolean().optional() })).optional(),
  /** Of Webex Calling, without the routing prefix; only with `callingData`. */
  extension: z.string().optional(),
  /** As with extension. */
  locationId: z.string().optional(),
  status: z.string().optional(),
  lastActivity: z.string().optional(),
  created: z.string().optional(),
  timezone: z.string().optional(),
  /** Only shown to administrators of the same organization. */
  loginEnabled: flag.optional(),
  invitePending: flag.optional(),
};

const personSchema = item(personShape);

export type Who = z.output<typeof whoSchema>;
export type Person = z.output<typeof personSchema>;

const readCall = (query: WebexCall['query'] = {}): WebexCall => ({ method: 'GET', path: path('people'), lane: 'people', query });

/** The owner of the token. */
export async function me(client: ReadClient): Promise<Person> {
  return parse(personSchema, await client.send({ method: 'GET', path: path('people', 'me'), lane: 'people' }), 'a person');
}

/** One person, with roles and licenses if the caller is an administrator. `callingData`: with extension and location, which Webex looks up more slowly. */
export async function get(client: ReadClient, id: string, options: { impatient?: boolean; callingData?: boolean } = {}): Promise<Person> {
  const { callingData, ...rest } = options;
  return parse(personSchema, await client.send({ method: 'GET', path: path('people', id), lane: 'people', ...(callingData === true ? { query: { callingData } } : {}), ...rest }), 'a person');
}

/** The person with this address (whatever its case), of the own or a managed organization; undefined when there is none. */
export async function byEmail(client: ReadClient, email: string, options: { orgId?: string; impatient?: boolean } = {}): Promise<Person | undefined> {
  const { orgId, ...rest } = options;
  const wanted = email.trim().toLowerCase();
  const call = { ...readCall({ email: email.trim(), orgId }), ...rest };
  for await (const person of each(pages(client, call, 'items'), personSchema, 'a person')) {
    if (person.emails.some((address) => address.toLowerCase() === wanted)) return person;
  }
  return undefined;
}

/** People by id, any number of them, 85 a call; without roles and licenses. `notFound` are those that Webex did not give. */
export async function byIds(client: ReadClient, ids: readonly string[], options: { orgId?: string } = {}): Promise<{ people: Person[]; notFound: string[] }> {
  const wanted = [...new Map(ids.map((id) => [idKey(id), id])).values()];
  const chunks: string[][] = [];
  for (let from = 0; from < wanted.length; from += MOST_IDS) chunks.push(wanted.slice(from, from + MOST_IDS));
  const people = (await Promise.all(chunks.map((chunk) => {
    for (const id of chunk) path('people', id);
    return all(each(pages(client, readCall({ id: chunk.join(','), orgId: options.orgId, max: PAGE }), 'items'), personSchema, 'a person'));
  }))).flat();
  const found = new Set(people.map(({ id }) => idKey(id)));
  return { people, notFound: wanted.filter((id) => !found.has(idKey(id))) };
}

interface ListOptions {
  orgId?: string;
  displayName?: string;
  roles?: readonly string[];
  excludeStatus?: boolean;
  max?: number;
  callingData?: true;
}

/** All people of an organization (administrators only), or those whose name begins with `displayName`, or who hold one of `roles` (ids). Streamed; with `callingData` in much smaller pages. */
export function list(client: ReadClient, options: ListOptions = {}): AsyncGenerator<Person> {
  return each(listed(client, options, personShape), personSchema, 'a person');
}

/** As `list`, but only who they are: of a large organization the rest is most of the work. */
export function listWho(client: ReadClient, options: ListOptions = {}): AsyncGenerator<Who> {
  return each(listed(client, options, whoShape), whoSchema, 'a person');
}

function listed(client: ReadClient, { orgId, displayName, roles, excludeStatus = true, max = PAGE, callingData }: ListOptions, shape: z.ZodRawShape): AsyncGenerator<Page> {
  return pages(client, readCall({ orgId, displayName, roles: roles?.join(','), excludeStatus, max, callingData }), 'items', fieldsOf(shape));
}
