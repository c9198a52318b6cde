import { CallerMistake } from '../lib/errors.js';
import type { WebexCall } from './call.js';

const SEGMENT = /^[A-Za-z0-9_=-]{1,512}$/;

/** A path below the API's base. Every segment is a resource's name or an id; anything else (an address, a slash) is refused. */
export function path(...segments: string[]): string {
  for (const segment of segments) {
    if (!SEGMENT.test(segment)) throw new CallerMistake({ code: 'NOT_AN_ID', message: 'That is not an id as Webex makes them.' });
  }
  return `/${segments.join('/')}`;
}

/** The absolute address of a call. Members of the query that are undefined are left out. */
export function address(base: string, call: Pick<WebexCall, 'path' | 'query'>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  // A plus sign means a space in forms only; %20 means it everywhere.
  const text = query.toString().replaceAll('+', '%20');
  return `${base.replace(/\/+$/, '')}${call.path}${text === '' ? '' : `?${text}`}`;
}

/** Whether a link goes to the very origin of `base`, without a user name in it: only there may a token be sent. */
export function sameOrigin(base: string, link: string): boolean {
  if (!URL.canParse(link)) return false;
  const url = new URL(link);
  return url.origin === new URL(base).origin && url.username === '' && url.password === '';
}
