import { createHash, randomUUID } from 'node:crypto';

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

/** `<personUuid>:<teamUuid>` as a team membership's id. */
export function teamMembershipId(personId: string, teamId: string): string {
  return publicId('TEAM_MEMBERSHIP', `${keyOf(personId)}:${keyOf(teamId)}`);
}

/** A UUID that is always the same for the same name, so that seeded ids repeat from run to run. */
export function stableUuid(name: string): string {
  const hex = createHash('sha1').update(name).digest('hex');
  const variant = ((parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16).padStart(2, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}

/** A token as the emulator makes them: hex, so that nothing in it looks like a part of a longer form. */
export function tokenText(seed: string): string {
  return createHash('sha256').update(seed).digest('hex');
}
