import { WebexRefused, WebexUnreachable } from './errors.js';

/** One answer of Webex as it came over the wire. Header names are in lower case. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
}

/** No answer came, or one that says nothing of what happened. `sent` is false when the call surely never reached Webex. */
export class Lost extends Error {
  constructor(readonly sent: boolean, readonly answer?: Answer, cause?: unknown) {
    super('No usable answer from Webex.', { cause });
  }
}

/** Webex processed nothing and asks to wait (429, or its twin in the XML API). `seconds` is undefined when it did not say how long. */
export class Throttled extends Error {
  constructor(readonly seconds: number | undefined, readonly trackingId: string | undefined) {
    super('Webex asks to wait.');
  }
}

const SENTENCES: Record<number, [code: string, sentence: string]> = {
  400: ['WEBEX_BAD_REQUEST', 'Webex did not accept what was asked of it.'],
  401: ['WEBEX_TOKEN_REFUSED', 'Webex does not accept the access of this account any more. Link the account again.'],
  403: ['WEBEX_FORBIDDEN', 'Webex does not let this account do that.'],
  404: ['WEBEX_NOT_FOUND', 'Webex does not know it, or does not show it to this account.'],
  405: ['WEBEX_BAD_REQUEST', 'Webex does not offer that.'],
  409: ['WEBEX_CONFLICT', 'Webex says that it is so already, or that it is being changed by somebody else.'],
  410: ['WEBEX_GONE', 'Webex does not keep it any more, or found it infected.'],
  415: ['WEBEX_BAD_REQUEST', 'Webex does not take this kind of content.'],
  423: ['WEBEX_LOCKED', 'Webex is still checking the file. Try again in a minute.'],
  428: ['WEBEX_UNSCANNABLE', 'Webex could not check the file for malware.'],
  429: ['WEBEX_TOO_MANY_CALLS', 'Webex asks this account to wait.'],
};

const LONGEST_WORDS = 500;

/** What an answer of 3xx or 4xx means. */
export function refusal(answer: Answer, retryAfter?: number): WebexRefused {
  const redirect: [string, string] = ['WEBEX_REDIRECT', 'The address of Webex answers with a redirect, which is not followed. Check the configured addresses.'];
  const other: [string, string] = ['WEBEX_REFUSED', 'Webex refused.'];
  const [code, sentence] = answer.status < 400 ? redirect : (SENTENCES[answer.status] ?? other);
  const { words, errorCode, trackingId } = whatItSays(answer);
  const message = retryAfter === undefined ? sentence : `${sentence} It can be asked again in ${duration(retryAfter)}.`;
  return new WebexRefused({ code, message, status: answer.status, words, errorCode, trackingId: trackingId ?? answer.headers['trackingid'], retryAfter });
}

/** A 429 that is not waited for. */
export function tooManyCalls(seconds: number, trackingId: string | undefined): WebexRefused {
  const headers: Record<string, string> = trackingId === undefined ? {} : { trackingid: trackingId };
  return refusal({ status: 429, headers, bytes: Buffer.alloc(0) }, Math.max(1, Math.ceil(seconds)));
}

/** What is left to say after the last try. */
export function unreachable(lost: Lost, changes: boolean): WebexUnreachable {
  const mayHaveHappened = changes && lost.sent;
  const what = lost.answer === undefined ? 'Webex did not answer.'
    : lost.answer.status < 300 ? 'The answer of Webex could not be read.' : `Webex has a problem of its own (status ${lost.answer.status}).`;
  const then = mayHaveHappened ? ' It is not known whether the change was made.' : ' Try again in a while.';
  const said = lost.answer === undefined ? undefined : whatItSays(lost.answer);
  return new WebexUnreachable({
    code: 'WEBEX_UNREACHABLE', message: what + then, cause: lost.cause ?? lost, mayHaveHappened,
    status: lost.answer?.status, trackingId: said?.trackingId ?? lost.answer?.headers['trackingid'], words: said?.words ?? '',
  });
}

/** Webex answered something that its description does not allow: not understood is not empty. */
export function unexpected(what: string, details: { changes?: boolean; trackingId?: string | undefined; cause?: unknown } = {}): WebexUnreachable {
  return new WebexUnreachable({
    code: 'WEBEX_UNEXPECTED', message: `Webex answered something that is not understood: ${what}.`, cause: details.cause,
    mayHaveHappened: details.changes ?? false, trackingId: details.trackingId,
  });
}

/** Webex gave more bytes than the caller takes. */
export function tooLarge(changes: boolean): WebexUnreachable {
  return new WebexUnreachable({ code: 'WEBEX_TOO_LARGE', message: 'What Webex gave is larger than is taken here.', mayHaveHappened: changes });
}

/** Seconds to wait as `Retry-After` says: a number, or a date. Undefined when it is missing or makes no sense. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

/**
 * Webex's words, error code and tracking id. The body is `{message, errors: [{description, errorCode}], trackingId}`, but cards have
 * `errors.attachments.attachmentErrors`, and some answers are HTML.
 */
function whatItSays(answer: Answer): { words: string; errorCode: string | undefined; trackingId: string | undefined } {
  const body = parseObject(answer.bytes);
  const errors = Array.isArray(body['errors']) ? (body['errors'] as unknown[]) : Object.values(asObject(body['errors']));
  const said = new Set<string>();
  if (typeof body['message'] === 'string') said.add(body['message']);
  for (const error of errors.map(asObject)) {
    for (const member of ['description', 'reason']) {
      if (typeof error[member] === 'string') said.add(error[member]);
    }
    if (Array.isArray(error['attachmentErrors'])) said.add(JSON.stringify(error['attachmentErrors']));
  }
  const code = asObject(errors[0])['errorCode'] ?? body['errorCode'];
  return {
    words: [...said].join(' ').slice(0, LONGEST_WORDS),
    errorCode: typeof code === 'string' || typeof code === 'number' ? String(code) : undefined,
    trackingId: typeof body['trackingId'] === 'string' ? body['trackingId'] : undefined,
  };
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  try {
    return asObject(JSON.parse(bytes.toString('utf8')));
  } catch {
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function duration(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
