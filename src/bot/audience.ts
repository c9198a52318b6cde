import type { Clock } from '../lib/clock.js';
import { idKey, sameId } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import type { ReadClient } from '../webex/call.js';
import * as memberships from '../webex/rest/memberships.js';
import type { Place, View } from './define.js';
import type { Identity, ShellParts } from './ports.js';

/** Members are read again after this time even when no event told of a change, since events may be lost. */
const MEMBERS_MS = 10_000;
/** Bots see only what mentions them, so they are no audience. */
const BOT_ADDRESS = /@(webex\.bot|sparkbot\.io)$/i;

/** Where something may be shown. */
export type Shown = 'here' | 'direct';

/** Decides who sees what. When it cannot be known who is in a space, nothing personal is shown there. */
export interface Audience {
  /** For what is asked for or reported at a place, about one organization. */
  decide(place: Place | undefined, audience: View['audience'], organization: string): Promise<Shown>;
  /** Somebody came or went. */
  changed(roomId: string): void;
}

export function createAudience(options: {
  bot: ReadClient; settings: Pick<ShellParts['settings'], 'find'>; refusalOf: (who: Identity) => string | undefined; clock: Clock; log: Log;
}): Audience {
  const { bot, settings, refusalOf, clock, log } = options;
  const rooms = new Map<string, { until: number; members: Promise<Identity[] | undefined> }>();

  const readMembers = async (roomId: string): Promise<Identity[] | undefined> => {
    const members: Identity[] = [];
    try {
      for await (const { personEmail = '', personOrgId = '' } of memberships.list(bot, roomId, { impatient: true })) {
        // A membership does not say what somebody is; the allow list checks people, and every bot was left out by its address.
        if (!BOT_ADDRESS.test(personEmail)) members.push({ email: personEmail, orgId: personOrgId, type: 'person' });
      }
    } catch (error) {
      log.warn({ error, roomId }, 'the members of a space cannot be read, so details go to 1:1');
      return undefined;
    }
    return members;
  };
  const membersOf = (roomId: string): Promise<Identity[] | undefined> => {
    const key = idKey(roomId);
    const known = rooms.get(key);
    if (known && known.until > clock.now()) return known.members;
    for (const [old, { until }] of rooms) if (until <= clock.now()) rooms.delete(old);
    const members = readMembers(roomId);
    rooms.set(key, { until: clock.now() + MEMBERS_MS, members });
    return members;
  };

  return {
    changed: (roomId) => { rooms.delete(idKey(roomId)); },
    decide: async (place, audience, organization) => {
      if (place === undefined) return 'direct';
      if (place.roomType === 'direct' || audience === 'open') return 'here';
      if (audience === 'private') return 'direct';
      const set = (await settings.find(organization, 'space.details', { kind: 'space', roomId: place.roomId }))?.value;
      if (set === 'direct') return 'direct';
      const members = await membersOf(place.roomId);
      if (members === undefined || members.length === 0) return 'direct';
      if (!members.every((member) => sameId(member.orgId, organization))) return 'direct';
      return set === 'here' || members.every((member) => refusalOf(member) === undefined) ? 'here' : 'direct';
    },
  };
}
