import { createHash } from 'node:crypto';
import { decodeId } from '../../lib/ids.js';
import { StoreFailed } from '../store.js';

/** Names over this are cut and made unique by a hash: most file systems take 255 bytes, and endings are added. */
const LONGEST_NAME = 160;

/**
 * A file name for the name of a collection or log: lower-case letters, digits, `_` and `-` as they are, all else as `~` and hex.
 * Upper case too, because some file systems do not tell `A` from `a`.
 */
export function fileName(name: string): string {
  if (name === '') throw new StoreFailed('A collection or log must have a name.');
  const safe = name.replace(/[^a-z0-9_-]/gu, (sign) => `~${Buffer.from(sign, 'utf8').toString('hex')}.`);
  if (safe.length <= LONGEST_NAME) return safe;
  return `${safe.slice(0, 80)}~~${createHash('sha256').update(name).digest('hex')}`;
}

/** The folder of an organization: the key inside its Webex id, so that all spellings of one id share it. */
export function organizationFolder(id: string): string {
  const { type, key } = decodeId(id);
  if (!(type === 'ORGANIZATION' || type === '') || !/^[a-z0-9-]{1,64}$/.test(key)) {
    throw new StoreFailed('This is not the id of a Webex organization.');
  }
  return key;
}
