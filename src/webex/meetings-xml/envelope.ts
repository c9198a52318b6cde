import { XMLParser } from 'fast-xml-parser';
import { xml } from '../../lib/text.js';
import type { XmlReply } from '../call.js';
import { WebexRefused } from '../errors.js';
import { unexpected } from '../failures.js';

/** An element by local names, without attributes. One that holds only text is that text; several of one name are a list. */
export interface Element {
  [name: string]: Content | Content[];
}
type Content = string | Element;

/** The operations in use. */
export type Operation = 'AuthenticateUser' | 'GetUser' | 'SetUser' | 'LstsummaryUser';

/** Webex: access denied, more privileges are needed. Also what a session that has ended is told. */
export const ACCESS_DENIED = '000001';
/** Webex: no record was found. An empty list, not an error. */
export const NO_RECORD = '000015';
/** Webex: wrong user name, password or token. */
export const BAD_CREDENTIALS = '030002';

const MEANINGS: Record<string, [status: number, code: string, sentence: string]> = {
  [ACCESS_DENIED]: [403, 'WEBEX_FORBIDDEN', 'Webex Meetings does not let this account do that. It needs to be site administrator of the site.'],
  [BAD_CREDENTIALS]: [403, 'WEBEX_XML_SIGN_IN', 'Webex Meetings does not let this account sign in on the site. It needs the scope spark:all and a seat on that site.'],
  '030001': [404, 'WEBEX_NOT_FOUND', 'Webex Meetings does not know this person on the site.'],
  '030004': [409, 'WEBEX_CONFLICT', 'Webex Meetings says that this login is taken.'],
  '030005': [409, 'WEBEX_CONFLICT', 'Webex Meetings says that this address is taken.'],
};

const PREDEFINED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const parser = new XMLParser({
  ignoreAttributes: true, removeNSPrefix: true, parseTagValue: false, trimValues: true,
  // Entities are ours to read: the five of XML and characters by number, nothing that a document could define.
  processEntities: false,
  tagValueProcessor: (_name, value) => decode(value),
});

/** `<name>value</name>`, the value escaped. */
export function element(name: string, value: string): string {
  return `<${name}>${xml(value)}</${name}>`;
}

/** A whole request. `content` is XML made by `element`; without a ticket only AuthenticateUser works. */
export function build(operation: Operation, caller: { site: string; webExId: string; ticket?: string }, content: string): string {
  const [siteName = ''] = caller.site.split('.');
  const security = element('siteName', siteName) + element('webExID', caller.webExId)
    + (caller.ticket === undefined ? '' : element('sessionTicket', caller.ticket));
  return '<?xml version="1.0" encoding="UTF-8"?>\n'
    + '<serv:message xmlns:serv="http://www.webex.com/schemas/2002/06/service" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    + `<header><securityContext>${security}</securityContext></header>`
    + `<body><bodyContent xsi:type="java:com.webex.service.binding.user.${operation}">${content}</bodyContent></body>`
    + '</serv:message>';
}

/**
 * The body of a reply. Webex answers HTTP 200 also when it refuses: `result` FAILURE throws WebexRefused whose `errorCode` is the
 * exceptionID as text, with its leading zeros. What is cut off, has a DTD or no result throws WebexUnreachable.
 */
export function read(reply: XmlReply, write: boolean): Element {
  const about = { changes: write, trackingId: reply.trackingId };
  const message = parsed(reply.text);
  const response = message === undefined ? undefined : elementAt(message, 'header', 'response');
  const result = textOf(response, 'result');
  if (result === 'FAILURE') throw refusedAs(textOf(response, 'exceptionID') ?? '', textOf(response, 'reason') ?? '', reply.trackingId);
  if (message === undefined || result !== 'SUCCESS') throw unexpected('XML without a result', about);
  return elementAt(message, 'body', 'bodyContent') ?? {};
}

/** The element at a path of local names; undefined when it is missing or only text. */
export function elementAt(from: Element, ...path: string[]): Element | undefined {
  let at: Content | undefined = from;
  for (const name of path) at = typeof at === 'object' ? childrenOf(at, name)[0] : undefined;
  return typeof at === 'object' ? at : undefined;
}

/** The text of a child: '' for an empty one, undefined for a missing one. */
export function textOf(from: Element | undefined, name: string): string | undefined {
  const child = from === undefined ? undefined : childrenOf(from, name)[0];
  return typeof child === 'string' ? child : undefined;
}

/** All children of a name: one is a list of one. */
export function elementsOf(from: Element, name: string): Element[] {
  return childrenOf(from, name).filter((child) => typeof child === 'object');
}

function childrenOf(from: Element, name: string): Content[] {
  const child = Object.hasOwn(from, name) ? from[name] : undefined;
  if (child === undefined) return [];
  return Array.isArray(child) ? child : [child];
}

function parsed(text: string): Element | undefined {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return undefined;
  try {
    // A reply that is cut off must not look like a shorter list. The successor of this check is a package of its own.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return elementAt(parser.parse(text, true) as Element, 'message');
  } catch {
    return undefined;
  }
}

/** In one pass, so that what an entity stands for is not read as another. */
function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return PREDEFINED[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function refusedAs(exceptionId: string, reason: string, trackingId: string | undefined): WebexRefused {
  const [status, code, sentence] = MEANINGS[exceptionId] ?? [400, 'WEBEX_XML_REFUSED', 'Webex Meetings refused.'];
  return new WebexRefused({ status, code, message: sentence, words: reason, errorCode: exceptionId, trackingId });
}
