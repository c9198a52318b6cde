import type { Clock } from '../../lib/clock.js';
import type { ReadClient, WebexCall } from '../call.js';
import { WebexRefused } from '../errors.js';

/** Tries while Webex still checks a file for malware (423). */
const TRIES = 5;
const UNSAID_WAIT_S = 5;
const LONGEST_WAIT_S = 60;

export interface Content {
  name: string;
  contentType: string;
  bytes: Buffer;
}

/**
 * A file of a message, by the address in `message.files`, which must be Webex's own. At most `maxBytes`. Waits while Webex still checks
 * it. Throws WebexRefused: 410 infected, 428 could not be checked (nothing of it is loaded then).
 */
export async function download(client: ReadClient, clock: Clock, url: string, options: { maxBytes: number; signal?: AbortSignal }): Promise<Content> {
  const call: WebexCall = { method: 'GET', path: '', lane: 'contents', as: 'bytes', ...options };
  for (let tries = 1; ; tries += 1) {
    try {
      const { data, headers } = await client.follow<Buffer>(url, call);
      return { name: nameOf(headers['content-disposition']), contentType: headers['content-type'] ?? 'application/octet-stream', bytes: data };
    } catch (error) {
      if (!(error instanceof WebexRefused) || error.status !== 423 || tries === TRIES) throw error;
      await clock.sleep(Math.min(LONGEST_WAIT_S, error.retryAfter ?? UNSAID_WAIT_S) * 1000, options.signal);
    }
  }
}

/** The file's name without any folder: it comes from outside. */
function nameOf(disposition = ''): string {
  const [, encoded] = /filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(disposition) ?? [];
  const [, quoted, bare] = /filename\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;\s]+))/i.exec(disposition) ?? [];
  let name = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? 'file';
  try {
    if (encoded !== undefined) name = decodeURIComponent(encoded);
  } catch {
    // The plain form stands.
  }
  return name.replace(/^.*[/\\]/, '') || 'file';
}
