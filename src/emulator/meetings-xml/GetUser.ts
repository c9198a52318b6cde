import { keyOf } from '../ids.js';
import type { ApiReply } from '../route.js';
import { success, tag } from './envelope.js';
import { targetOf, type XmlRequest } from './sessions.js';

/** One user of the site. Webex: schedulingPermission is one text with semicolons, and is absent when nobody may schedule. */
export function getUser(request: XmlRequest): ApiReply {
  const { target, targetSeat } = targetOf(request);
  const email = target.emails[0] ?? '';
  return success('getUserResponse', [
    tag('use:firstName', target.firstName), tag('use:lastName', target.lastName), tag('use:webExId', email), tag('use:email', email),
    `<use:privilege>${tag('use:host', targetSeat.accountType === 'host')}${tag('use:siteAdmin', targetSeat.isSiteAdmin)}</use:privilege>`,
    tag('use:active', target.loginEnabled ? 'ACTIVATED' : 'DEACTIVATED'), tag('use:userId', targetSeat.userId), tag('use:objectGUID', keyOf(target.id)),
    tag('use:schedulingPermission', targetSeat.delegates.length === 0 ? undefined : targetSeat.delegates.join(';')),
  ].join(''));
}
