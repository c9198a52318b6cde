import type { ReadClient, WebexCall, WebexReply } from './call.js';
import { unexpected } from './failures.js';

/** Names by which a `next` link moves on: what it says of these stands, the first request's value is not put back. */
const CURSORS = new Set(['after', 'before', 'beforeMessage', 'cursor', 'next', 'offset', 'start', 'startIndex']);

/** One page: its items, and the id of the call that gave them. */
export interface Page {
  items: unknown[];
  trackingId: string | undefined;
}

/**
 * All pages of a list that pages by `Link: <…>; rel="next"`, to the end: an empty page with a `next` is not the end.
 * The next page is asked for while the caller works on this one, and keeps of its items only the fields `only` until its turn comes: of
 * people, a page with all fields is some megabytes. A link to another origin, a link that comes twice and a reply without the list
 * throw: unknown is not empty.
 */
export async function* pages(client: ReadClient, call: WebexCall, key: string, only?: readonly string[]): AsyncGenerator<Page> {
  const seen = new Set<string>();
  const read = async (asked: Promise<WebexReply<unknown>>): Promise<Page & { next: string | undefined }> => {
    const reply = await asked;
    const items = listOf(reply, key);
    return { items: only === undefined ? items : items.map((item) => picked(item, only)), trackingId: reply.trackingId, next: nextLink(reply.headers['link']) };
  };
  let coming: ReturnType<typeof read> | undefined = read(client.send(call));
  while (coming !== undefined) {
    const { next, items, trackingId }: Awaited<ReturnType<typeof read>> = await coming;
    if (next === undefined) {
      coming = undefined;
    } else {
      const link = withLostQuery(next, call);
      if (seen.has(link)) throw unexpected('a list whose next page is one that was read already', { trackingId });
      seen.add(link);
      coming = read(client.follow(link, call));
      // When the caller stops early nobody awaits this one.
      coming.catch(() => undefined);
    }
    yield { items, trackingId };
  }
}

/** How a list by `startIndex` and `count` names its parts. */
export interface Indexed {
  /** `groups`, `members`. */
  key: string;
  /** The member with the number of all: `totalResults`, `memberSize`. */
  total: string;
  /** Items to ask for in one page; the server may give fewer. */
  count: number;
}

/**
 * All pages of a list that pages by `startIndex` (from 1) and `count`, each item once. Ends when as many were read as were announced.
 * Throws when fewer come than were announced, or the same again: a list that is short by mistake must not look like people who left.
 */
export async function* indexedPages(client: ReadClient, call: WebexCall, form: Indexed): AsyncGenerator<Page> {
  const seen = new Set<unknown>();
  for (let startIndex = 1; ;) {
    const reply = await client.send<Record<string, unknown>>({ ...call, query: { ...call.query, startIndex, count: form.count } });
    const total = (reply.data as Record<string, unknown> | undefined)?.[form.total];
    if (typeof total !== 'number') throw unexpected(`a list without its ${form.total}`, { trackingId: reply.trackingId });
    // A group without members has no list of them.
    const list = total === 0 && reply.data[form.key] === undefined ? [] : listOf(reply, form.key);
    const items = list.filter((item) => !seen.has(idOf(item)));
    for (const item of items) seen.add(idOf(item));
    if (items.length === 0 && seen.size < total) throw unexpected(`${seen.size} items of a list of ${total}`, { trackingId: reply.trackingId });
    yield { items, trackingId: reply.trackingId };
    if (seen.size >= total) return;
    startIndex += list.length;
  }
}

/** All pages of a list that pages by `offset`, from 0, until a page is empty. */
export async function* offsetPages(client: ReadClient, call: WebexCall, key: string): AsyncGenerator<Page> {
  for (let offset = 0; ;) {
    const reply = await client.send<Record<string, unknown>>({ ...call, query: { ...call.query, offset } });
    const items = listOf(reply, key);
    if (items.length === 0) return;
    yield { items, trackingId: reply.trackingId };
    offset += items.length;
  }
}

/** The address behind `rel="next"` in a Link header, which may hold several links. */
export function nextLink(header: string | undefined): string | undefined {
  for (const [, link, parameters = ''] of (header ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^",;]*))*)/g)) {
    const [, quoted, bare = ''] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]*))/i.exec(parameters) ?? [];
    if ((quoted ?? bare).toLowerCase().split(/\s+/).includes('next')) return link;
  }
  return undefined;
}

/** A `next` link with the first request's parameters that it lost (seen with `mentionedPeople`). */
function withLostQuery(link: string, call: WebexCall): string {
  if (!URL.canParse(link)) throw unexpected('a next page without an absolute address');
  const url = new URL(link);
  let lost = false;
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value === undefined || CURSORS.has(name) || url.searchParams.has(name)) continue;
    url.searchParams.set(name, String(value));
    lost = true;
  }
  return lost ? url.href : link;
}

/** What is no object stays as it is: whoever reads it refuses it. */
function picked(item: unknown, only: readonly string[]): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const all = item as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const name of only) if (name in all) kept[name] = all[name];
  return kept;
}

function idOf(item: unknown): unknown {
  return (item as { id?: unknown } | null)?.id;
}

function listOf(reply: WebexReply<unknown>, key: string): unknown[] {
  const list = (reply.data as Record<string, unknown> | null | undefined)?.[key];
  if (!Array.isArray(list)) throw unexpected(`a list without its ${key}`, { trackingId: reply.trackingId });
  return list;
}
