import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonical } from '../lib/canonical.js';
import { Bug, StewardError } from '../lib/errors.js';
import { idKey } from '../lib/ids.js';

/** One of the keys of TOKEN_KEYS. */
export interface TokenKey {
  id: string;
  /** 32 bytes. */
  secret: Buffer;
}

/** What an encrypted text belongs to. Decrypting it as anything else fails. */
export interface Belongs {
  /** Webex ids, in any spelling. */
  organization: string;
  person: string;
  /** What it is: `access`, `refresh` … */
  kind: string;
  /** Of the form of the text, so that an old form is not taken for a new one. */
  version: number;
}

/** Where a sealed record stands. Moved elsewhere, its seal is broken. */
export interface Place {
  /** A Webex id, in any spelling; undefined for the shared part. */
  organization: string | undefined;
  collection: string;
  id: string;
}

/** A value with the seal that shows that Steward wrote it at this place. */
export interface Sealed<T = unknown> {
  value: T;
  seal: string;
}

/** An encrypted text cannot be decrypted: another key, another owner, or altered. */
export class CannotDecrypt extends StewardError {
  constructor(why: string) {
    super({ code: 'CANNOT_DECRYPT', message: `A stored token cannot be decrypted: ${why}` });
  }
}

/** A stored record was not written by Steward as it stands there. It must not be acted on. */
export class SealBroken extends StewardError {
  constructor(readonly collection: string, readonly recordId: string) {
    super({ code: 'SEAL_BROKEN', message: `The stored record ${collection}/${recordId} was changed outside Steward, or its key is no longer in TOKEN_KEYS. It is refused.` });
  }
}

/** Encrypts and seals what is stored. The first key is used for new texts, all are tried by their id for old ones. */
export interface Vault {
  /** AES-256-GCM with a fresh nonce: `v1.<key id>.<nonce>.<text and tag>`. */
  encrypt(text: string, belongs: Belongs): string;
  /** Throws CannotDecrypt. */
  decrypt(encrypted: string, belongs: Belongs): string;
  /** True when the text was encrypted by an older key, and should be encrypted anew. */
  isOld(encrypted: string): boolean;
  /** HMAC-SHA-256 over the canonical JSON: `<key id>.<mac>`. Each purpose has a key of its own. */
  mac(purpose: string, value: unknown): string;
  verify(purpose: string, value: unknown, mac: string): boolean;
  seal<T>(place: Place, value: T): Sealed<T>;
  /** The value. Throws SealBroken. */
  unseal<T>(place: Place, sealed: Sealed<T>): T;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A vault over at least one key. */
export function createVault(keys: readonly TokenKey[]): Vault {
  const first = keys[0];
  if (!first) throw new Bug('A vault needs at least one key.');
  const derived = new Map<string, Buffer>();
  const keyFor = (id: string, purpose: string): Buffer | undefined => {
    const name = `${id} ${purpose}`;
    let key = derived.get(name);
    const secret = keys.find((one) => one.id === id)?.secret;
    if (!key && secret) {
      key = Buffer.from(hkdfSync('sha256', secret, '', `steward ${purpose}`, KEY_BYTES));
      derived.set(name, key);
    }
    return key;
  };
  const macWith = (id: string, purpose: string, value: unknown): Buffer | undefined => {
    const key = keyFor(id, `mac ${purpose}`);
    return key && createHmac('sha256', key).update(canonical(value)).digest();
  };
  const mac = (purpose: string, value: unknown): string => `${first.id}.${macWith(first.id, purpose, value)?.toString('base64url') ?? ''}`;
  const verify = (purpose: string, value: unknown, given: string): boolean => {
    const [id = '', text = ''] = given.split('.');
    const wanted = macWith(id, purpose, value);
    const found = Buffer.from(text, 'base64url');
    return wanted !== undefined && found.length === wanted.length && timingSafeEqual(found, wanted);
  };

  return {
    mac,
    verify,
    isOld: (encrypted) => encrypted.split('.')[1] !== first.id,
    encrypt: (text, belongs) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyFor(first.id, 'encrypt') ?? '', nonce);
      cipher.setAAD(additional(first.id, belongs));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return ['v1', first.id, nonce.toString('base64url'), body.toString('base64url')].join('.');
    },
    decrypt: (encrypted, belongs) => {
      const [form, id = '', nonce = '', body = ''] = encrypted.split('.');
      const key = keyFor(id, 'encrypt');
      if (form !== 'v1' || !key) throw new CannotDecrypt('its key is not in TOKEN_KEYS.');
      const bytes = Buffer.from(body, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES });
        decipher.setAAD(additional(id, belongs));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        throw new CannotDecrypt('it was altered, or belongs to somebody else.');
      }
    },
    seal: (place, value) => ({ value, seal: mac('seal', sealedText(place, value)) }),
    unseal: <T>(place: Place, sealed: Sealed<T>): T => {
      if (!isSealed(sealed) || !verify('seal', sealedText(place, sealed.value), sealed.seal)) throw new SealBroken(place.collection, place.id);
      return sealed.value;
    },
  };
}

/** What was read from a file may be anything. */
function isSealed(found: unknown): boolean {
  return typeof found === 'object' && found !== null && 'value' in found && 'seal' in found && typeof found.seal === 'string';
}

function sealedText({ organization, collection, id }: Place, value: unknown): unknown {
  return [organization === undefined ? null : idKey(organization), collection, id, value];
}

function additional(keyId: string, { organization, person, kind, version }: Belongs): Buffer {
  return Buffer.from(canonical(['v1', keyId, idKey(organization), idKey(person), kind, version]));
}
