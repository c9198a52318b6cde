import { randomUUID } from 'node:crypto';

/** A public Webex id: unpadded base64 of `ciscospark://us/<TYPE>/<key>`. */
export function publicId(type: string, key: string = randomUUID()): string {
  return Buffer.from(`ciscospark://us/${type}/${key}`).toString('base64').replace(/=+$/, '');
}

/** The part of a public id after the last slash: a UUID, or a compound key. */
export function keyOf(id: string): string {
  return Buffer.from(id, 'base64').toString('utf8').split('/').at(-1) ?? '';
}

/** Plain base64 of a bare UUID, as webhook envelopes, events and audit items spell organizations and people. */
export function bareId(id: string): string {
  return Buffer.from(keyOf(id)).toString('base64').replace(/=+$/, '');
}

/** `<personUuid>:<roomUuid>` as a membership's id. */
export function membershipId(personId: string, roomId: string): string {
  return publicId('MEMBERSHIP', `${keyOf(personId)}:${keyOf(roomId)}`);
}
