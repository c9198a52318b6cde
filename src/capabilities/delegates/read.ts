import type { ReadClient } from '../../webex/call.js';
import { getUser } from '../../webex/meetings-xml/getUser.js';
import { schedulingOptions } from '../../webex/rest/meetingPreferences.js';

/** By which of Webex's APIs a site's delegates are read and changed. */
export type Backend = 'rest' | 'xml';

/** What reading by each API needs; writing by REST needs the scope ending in `_write` besides. Webex answers 403 to those who are not site admin there. */
export const READ_SCOPE: { [backend in Backend]: string } = { rest: 'meeting:admin_preferences_read', xml: 'spark:all' };

/**
 * Who may schedule for a host on one site, as Webex says now: addresses as Webex spells them.
 * `siteUrl` is always sent: without it Webex would look on the default site of the admin, not of the host.
 * Throws WebexRefused and WebexUnreachable; an unreadable list is never taken as empty.
 */
export async function readDelegates(webex: ReadClient, backend: Backend, at: { host: string; site: string }): Promise<string[]> {
  if (backend === 'xml') return (await getUser(webex, { site: at.site, webExId: at.host })).schedulingPermission;
  return (await schedulingOptions(webex, { email: at.host, siteUrl: at.site })).delegateEmails;
}
