import { createHash } from 'node:crypto';

/** An id as Webex shapes it, the same for the same name. */
export function webexId(type: string, name: string, cluster = 'us'): string {
  const hex = createHash('sha256').update(`${type} ${name}`).digest('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  const key = type === 'SCIM_GROUP' ? `${uuid}:11111111-2222-3333-4444-555555555555` : uuid;
  return Buffer.from(`ciscospark://${cluster}/${type}/${key}`).toString('base64').replace(/=+$/, '');
}
