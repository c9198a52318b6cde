import type { ReadClient } from '../call.js';
import { unexpected } from '../failures.js';
import { element, elementAt, textOf, type Element } from './envelope.js';
import { perform } from './sessions.js';

/** A user of one site. */
export interface SiteUser {
  webExId: string;
  email: string;
  firstName: string;
  lastName: string;
  /** `ACTIVATED`, `DEACTIVATED` … */
  active: string;
  isHost: boolean;
  isSiteAdmin: boolean;
  /** Who may schedule for this user, as Webex spells them. */
  schedulingPermission: string[];
}

/** Whom on which site. */
export interface Seat {
  /** `acme.webex.com`. */
  site: string;
  /** The login: on sites of Control Hub the address. */
  webExId: string;
}

/** One user. Others than oneself only for a site admin. Throws WebexRefused: 404 not on this site, 403 not allowed. */
export async function getUser(client: ReadClient, seat: Seat, options: { impatient?: boolean } = {}): Promise<SiteUser> {
  const { body, trackingId } = await perform(client, { site: seat.site, operation: 'GetUser', content: element('webExId', seat.webExId), ...options });
  const webExId = textOf(body, 'webExId');
  // A reply about somebody else, or about nobody, must not look like a user without delegates.
  if (webExId?.toLowerCase() !== seat.webExId.toLowerCase() && textOf(body, 'email')?.toLowerCase() !== seat.webExId.toLowerCase()) {
    throw unexpected('another user than the one asked for', { trackingId });
  }
  return userOf(body, webExId ?? seat.webExId);
}

function userOf(body: Element, webExId: string): SiteUser {
  const privilege = elementAt(body, 'privilege');
  return {
    webExId,
    email: textOf(body, 'email') ?? webExId,
    firstName: textOf(body, 'firstName') ?? '',
    lastName: textOf(body, 'lastName') ?? '',
    active: textOf(body, 'active') ?? '',
    isHost: textOf(privilege, 'host') === 'true',
    isSiteAdmin: textOf(privilege, 'siteAdmin') === 'true',
    // Webex leaves the element out when nobody may schedule.
    schedulingPermission: (textOf(body, 'schedulingPermission') ?? '').split(';').map((text) => text.trim()).filter(Boolean),
  };
}
