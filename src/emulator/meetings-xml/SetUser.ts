import { delegateAddress, setDelegates } from '../delegates.js';
import type { ApiReply } from '../route.js';
import { EXCEPTION, success, tag, textAt, XmlFailure } from './envelope.js';
import { targetOf, type XmlRequest } from './sessions.js';

const KNOWN = new Set(['@type', '#text', 'webExId', 'firstName', 'lastName', 'schedulingPermission']);

/**
 * Changes the elements that are present and no others. Webex: schedulingPermission overwrites the whole list;
 * an empty element empties it (not confirmed, but there is no other way to take the last one off). One bad address refuses everything.
 */
export function setUser(request: XmlRequest): ApiReply {
  const { state, content, siteUrl, person } = request;
  const { target, targetSeat } = targetOf(request);
  const unknown = Object.keys(content).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw new XmlFailure(EXCEPTION.unsupported, `The element ${unknown} is not supported`, unknown);
  const permission = textAt(content, 'schedulingPermission');
  const delegates = permission?.split(';').map((text) => text.trim()).filter((text) => text !== '').map((email) => {
    const found = delegateAddress(state, target, siteUrl, email);
    if ('refused' in found) throw new XmlFailure(EXCEPTION.noUser, 'Corresponding User not found', email);
    return found.address;
  });
  target.firstName = textAt(content, 'firstName') ?? target.firstName;
  target.lastName = textAt(content, 'lastName') ?? target.lastName;
  if (delegates !== undefined) setDelegates(state, person, target, targetSeat, delegates);
  return success('setUserResponse', tag('use:userId', targetSeat.userId));
}
