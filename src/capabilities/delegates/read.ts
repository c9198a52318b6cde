import type { ReadClient } from '../../webex/call.js';
import { getUser } from '../../webex/meetings-xml/getUser.js';
import { getSchedulingOptions } from '../../webex/rest/meetingPreferences.js';

/** By which of Webex's APIs a site's delegates are read and changed. */
export type Backend = 'rest' | 'xml';

/**
 * Who may schedule for a host on one site, as Webex says now: addresses as Webex spells them.
 * `siteUrl` is always sent: without it Webex would look on the default site of the admin, not of the host.
 * Throws WebexRefused and WebexUnreachable; an unreadable list is never taken as empty.
 */
export async function readDelegates(webex: ReadClient, backend: Backend, at: { host: string; site: string }): Promise<string[]> {
  if (backend === 'xml') return (await getUser(webex, { site: at.site, webExId: at.host })).schedulingPermission;
  return (await getSchedulingOptions(webex, { userEmail: at.host, siteUrl: at.site })).delegateEmails;
}
