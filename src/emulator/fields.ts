import { publicId } from './ids.js';
import { ApiError } from './route.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A text from a body; absent, null and empty are undefined. Throws 400 for another type. */
export function textField(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new ApiError(400, `Invalid value for '${name}'.`);
  return value;
}

/** A boolean from a body; absent and null are undefined. Throws 400 for another type. */
export function booleanField(body: Record<string, unknown>, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw new ApiError(400, `Invalid value for '${name}'.`);
  return value;
}

/** The spelling that the emulator itself uses for an id: Webex also takes bare UUIDs, padding and other clusters. What is no id stays as it is. */
export function canonicalId(type: string, given: string): string {
  if (UUID.test(given)) return publicId(type, given.toLowerCase());
  const key = /^ciscospark:\/\/[^/]+\/([A-Z_]+)\/(.+)$/.exec(Buffer.from(given, 'base64').toString('utf8'));
  return key?.[1] === type && key[2] !== undefined ? publicId(type, key[2]) : given;
}
