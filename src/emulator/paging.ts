import { ApiError, type ApiReply, type ApiRequest } from './route.js';

/** A page size: `max` from the query, at least 1, silently cut to `ceiling`. Webex: larger values are clamped, not refused. */
function pageSize(request: ApiRequest, name: string, fallback: number, ceiling: number): number {
  const given = request.query.get(name);
  if (given === null) return Math.min(fallback, ceiling);
  const size = Number(given);
  if (!Number.isInteger(size) || size < 1) throw new ApiError(400, `Invalid value for parameter '${name}'.`);
  return Math.min(size, ceiling);
}

const cursorOf = (offset: number): string => Buffer.from(`after:${offset}`).toString('base64url');

function offsetOf(cursor: string | null, name: string): number {
  if (cursor === null) return 0;
  const match = /^after:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!match) throw new ApiError(400, `Invalid value for parameter '${name}'.`);
  return Number(match[1]);
}

export interface PageOptions<T> {
  /** Leaves items out. The cursor counts those left out too, so that later pages need not look at them again. */
  where?: (item: T) => boolean;
  /** `max` when none is given; 100. */
  fallback?: number;
  /** The largest page; 1000. */
  ceiling?: number;
  /** Query parameters of size and cursor; `max` and `cursor`. */
  sizeName?: string;
  cursorName?: string;
}

/** One page of `all`, with the headers of the reply. Reads `all` no further than needed. */
export function slicePage<T>(request: ApiRequest, all: Iterable<T>, options: PageOptions<T> = {}): { items: T[]; headers: Record<string, string> } {
  const cursorName = options.cursorName ?? 'cursor';
  const size = pageSize(request, options.sizeName ?? 'max', options.fallback ?? 100, options.ceiling ?? 1000);
  const offset = offsetOf(request.query.get(cursorName), cursorName);
  const items: T[] = [];
  let at = 0;
  for (const item of all) {
    at += 1;
    if (at <= offset || options.where?.(item) === false) continue;
    items.push(item);
    if (items.length === size) break;
  }
  if (items.length < size) return { items, headers: {} };
  const next = new URL(request.url, request.baseUrl);
  next.searchParams.set(cursorName, cursorOf(at));
  return { items, headers: { Link: `<${next.href}>; rel="next"` } };
}

/**
 * A page as `{items}` with `Link: <…>; rel="next"`.
 * A page that is just full has a next link even if nothing follows: Webex's last page may be empty.
 */
export function page<T>(request: ApiRequest, all: Iterable<T>, show: (item: T) => unknown, options: PageOptions<T> = {}): ApiReply {
  const { items, headers } = slicePage(request, all, options);
  return { status: 200, headers, body: { items: items.map(show) } };
}

/** `startIndex` (from 1) and `count` of groups and their members. `count` is cut to `ceiling`. */
export function indexPage<T>(request: ApiRequest, all: readonly T[], fallback: number, ceiling: number): { items: readonly T[]; startIndex: number } {
  const count = pageSize(request, 'count', fallback, ceiling);
  const startIndex = Number(request.query.get('startIndex') ?? 1);
  if (!Number.isInteger(startIndex) || startIndex < 1) throw new ApiError(400, "Invalid value for parameter 'startIndex'.");
  return { items: all.slice(startIndex - 1, startIndex - 1 + count), startIndex };
}

/** The items of an iterable that fit. */
export function* filtered<T>(all: Iterable<T>, test: (item: T) => boolean): Generator<T> {
  for (const item of all) if (test(item)) yield item;
}
