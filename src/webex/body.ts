import type { ClientRequest } from 'node:http';
import type { Readable } from 'node:stream';
import { Lost } from './failures.js';

/**
 * The bytes of an answer that axios gives as a stream. Undefined when there are more than `most`. Throws when it ends too early, or when
 * nothing comes for as long as the request may wait.
 * Read by axios itself, the pieces stay in memory until the next full garbage collection: of a list with 100 pages, 80 MB.
 */
export async function bytesOf({ data, request }: { data?: unknown; request?: unknown }, most: number): Promise<Buffer | undefined> {
  const body = data as Readable;
  // axios stops watching when the head of the answer is there.
  (request as ClientRequest).once('timeout', () => { body.destroy(new Lost(true, undefined, new Error('ETIMEDOUT'))); });
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    pieces.push(piece);
    size += piece.length;
    // Leaving the loop closes the connection.
    if (size > most) return undefined;
  }
  return Buffer.concat(pieces, size);
}
