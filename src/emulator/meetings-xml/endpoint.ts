import { callerOf } from '../api.js';
import type { ApiReply, ReadXmlCall } from '../route.js';
import type { State } from '../state.js';
import { authenticateUser } from './AuthenticateUser.js';
import { elementAt, EXCEPTION, failure, readMessage, textAt, XmlFailure, type Element } from './envelope.js';
import { getUser } from './GetUser.js';
import { lstsummaryUser } from './LstsummaryUser.js';
import { claimOf, sessionOf, type XmlRequest } from './sessions.js';
import { setUser } from './SetUser.js';

const OPERATIONS = new Map<string, (request: XmlRequest) => ApiReply>([
  ['AuthenticateUser', authenticateUser], ['GetUser', getUser], ['SetUser', setUser], ['LstsummaryUser', lstsummaryUser],
]);

/** Answers a failure for what `work` throws as one. */
function answered(work: () => ApiReply): ApiReply {
  try {
    return work();
  } catch (error) {
    if (error instanceof XmlFailure) return failure(error);
    throw error;
  }
}

/** The body and the name of the operation: the last label of its type, whatever package it is said to be in. */
function contentOf(message: Element): { content: Element; operation: string } {
  const content = elementAt(message, 'body', 'bodyContent');
  if (content === undefined || typeof content === 'string') throw new XmlFailure(EXCEPTION.unreadable, 'The message has no bodyContent.');
  return { content, operation: textAt(content, '@type')?.split(/[.:]/).at(-1) ?? '' };
}

/** Address of the caller if the message proves it by a ticket, or by a token for AuthenticateUser; else ''. */
function ownerOf(state: State, message: Element, content: Element, operation: string): string {
  try {
    const token = textAt(content, 'accessToken') ?? '';
    const person = operation === 'AuthenticateUser' ? callerOf(state, `Bearer ${token}`).person : sessionOf(state, message).person;
    return person.emails[0] ?? '';
  } catch {
    return '';
  }
}

/** Reads one call of the Meetings XML API. What is wrong with it is answered as a failure when it is carried out. */
export const readXmlCall: ReadXmlCall = (state, text) => {
  const tooMany = (): ApiReply => failure(new XmlFailure(EXCEPTION.tooMany, 'The API call rate limit has been exceeded'));
  try {
    const message = readMessage(text);
    const { content, operation } = contentOf(message);
    const perform = OPERATIONS.get(operation);
    const respond = (): ApiReply => answered(() => {
      if (!perform) throw new XmlFailure(EXCEPTION.unsupported, `The operation ${operation} is not supported`, operation);
      const claim = operation === 'AuthenticateUser' ? claimOf(state, message) : sessionOf(state, message);
      return perform({ state, content, ...claim });
    });
    return { operation: perform ? operation : 'unknown', owner: ownerOf(state, message, content, operation), respond, tooMany };
  } catch (error) {
    return { operation: 'unknown', owner: '', respond: () => answered(() => { throw error; }), tooMany };
  }
};
