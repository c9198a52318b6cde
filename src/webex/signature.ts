import { createHmac, timingSafeEqual } from 'node:crypto';

/** Headers that may carry the signature, with the algorithm of each. Webex documents this one. */
const SCHEMES: readonly { header: string; algorithm: 'sha1' | 'sha256' | 'sha512' }[] = [{ header: 'x-spark-signature', algorithm: 'sha1' }];

/** `reason` is for the log. */
export type Verdict = { ok: true } | { ok: false; reason: 'no secret' | 'no signature' | 'several signatures' | 'wrong signature' };

/**
 * Whether a webhook's body was signed with our secret: hex HMAC over the bytes as they came (a body that was parsed and written
 * again has another signature). Takes as long for a wrong signature as for a right one. Anything missing means no.
 */
export function verify(rawBody: Uint8Array, headers: Record<string, string | string[] | undefined>, secret: string): Verdict {
  if (secret === '') return { ok: false, reason: 'no secret' };
  const scheme = SCHEMES.find(({ header }) => headers[header] !== undefined);
  const given = scheme === undefined ? undefined : headers[scheme.header];
  if (scheme === undefined || given === undefined || given === '') return { ok: false, reason: 'no signature' };
  if (Array.isArray(given)) return { ok: false, reason: 'several signatures' };
  const wanted = createHmac(scheme.algorithm, secret).update(rawBody).digest();
  const isHex = given.length === wanted.length * 2 && /^[0-9a-fA-F]+$/.test(given);
  const bytes = isHex ? Buffer.from(given, 'hex') : Buffer.alloc(wanted.length);
  return timingSafeEqual(bytes, wanted) && isHex ? { ok: true } : { ok: false, reason: 'wrong signature' };
}
