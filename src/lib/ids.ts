import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a Webex id says when decoded. */
export interface DecodedId {
  /** PEOPLE, ROOM, SCIM_GROUP …; empty when the id is a bare key. */
  type: string;
  /** Usually a UUID; compound for memberships and groups. Lower case. */
  key: string;
}

/**
 * Reads a Webex id: unpadded base64 of `ciscospark://<cluster>/<TYPE>/<key>`, base64 of a bare UUID,
 * or a raw UUID (webex-facts §1). The cluster is left out on purpose: one object may be spelt with several.
 */
export function decodeId(id: string): DecodedId {
  const text = Buffer.from(id, 'base64').toString('utf8');
  const match = /^ciscospark:\/\/[^/]+\/([A-Z_]+)\/(.+)$/.exec(text);
  if (match) return { type: match[1] ?? '', key: (match[2] ?? '').toLowerCase() };
  const bare = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  if (bare.test(text)) return { type: '', key: text.toLowerCase() };
  if (bare.test(id)) return { type: '', key: id.toLowerCase() };
  return { type: '?', key: id };
}

/** One text for all spellings of one object: what to use as a map key. */
export function idKey(id: string): string {
  const { type, key } = decodeId(id);
  return type === '?' ? id : key;
}

/** Whether two ids name the same Webex object, whatever their cluster part or encoding. */
export function sameId(a: string, b: string): boolean {
  if (a === b) return true;
  const left = decodeId(a);
  const right = decodeId(b);
  return left.key === right.key && (left.type === right.type || left.type === '' || right.type === '');
}

/** A random, URL-safe token of `bytes` bytes (16 bytes are 128 bits). */
export function randomToken(bytes = 24): string {
  return randomBytes(bytes).toString('base64url');
}

/** How a token is stored: its SHA-256, so that the store does not hold what would be accepted. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Compares two texts in a time that does not depend on where they differ. */
export function sameSecret(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest();
  const right = createHash('sha256').update(b).digest();
  return timingSafeEqual(left, right);
}
