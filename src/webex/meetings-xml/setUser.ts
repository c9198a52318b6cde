import { CallerMistake } from '../../lib/errors.js';
import type { WriteClient } from '../call.js';
import { element } from './envelope.js';
import type { Seat } from './getUser.js';
import { perform } from './sessions.js';

/**
 * Makes `addresses` all those who may schedule for the user: Webex overwrites the whole list, so read it just before and keep what is
 * there. Only this element is sent, since SetUser changes whatever is in it (licenses, activation). Doubles and the user's own address
 * are left out. May be sent twice.
 */
export async function setSchedulingPermission(client: WriteClient, seat: Seat, addresses: readonly string[]): Promise<{ trackingId: string | undefined }> {
  const own = seat.webExId.toLowerCase();
  const wanted = new Map(addresses.map((address) => [address.trim().toLowerCase(), address.trim()]));
  wanted.delete(own);
  for (const address of wanted.values()) {
    if (address === '' || /[;,\s]/.test(address)) throw new CallerMistake({ code: 'BAD_ADDRESS', message: 'An address in the list has a sign in it that Webex Meetings takes for the end of it.' });
  }
  const content = element('webExId', seat.webExId) + element('schedulingPermission', [...wanted.values()].join(';'));
  const { trackingId } = await perform(client, { site: seat.site, operation: 'SetUser', content, write: true });
  return { trackingId };
}
