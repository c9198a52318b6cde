import { callerOf } from '../api.js';
import type { ApiReply } from '../route.js';
import { EXCEPTION, success, tag, textAt, XmlFailure } from './envelope.js';
import { issueTicket, TICKET_SECONDS, type XmlRequest } from './sessions.js';

/** Changes a Webex token into a session ticket. Webex: the token must carry `spark:all` and be the named user's own. */
export function authenticateUser({ state, content, siteUrl, person }: XmlRequest): ApiReply {
  const refused = (): XmlFailure => new XmlFailure(EXCEPTION.badCredentials, 'Invalid user name or password');
  let caller;
  try {
    caller = callerOf(state, `Bearer ${textAt(content, 'accessToken') ?? ''}`);
  } catch {
    throw refused();
  }
  if (caller.person.id !== person.id || !caller.token.scopes.includes('spark:all')) throw refused();
  return success('authenticateUserResponse',
    tag('use:sessionTicket', issueTicket(state, person.id, siteUrl)) + tag('use:createTime', state.clock.now()) + tag('use:timeToLive', TICKET_SECONDS));
}
