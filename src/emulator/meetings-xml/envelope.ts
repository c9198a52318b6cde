import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { ApiReply } from '../route.js';

/** An element: attributes by `@name`, children by local name; one that holds only text is that text. */
export interface Element {
  [name: string]: Node | Node[];
}
export type Node = string | Element;

/** The exceptionIDs that are answered: texts with leading zeros. `unreadable` and `unsupported` are guesses, the others are known. */
export const EXCEPTION = {
  denied: '000001', noRecord: '000015', tooMany: '000045', noUser: '030001', badCredentials: '030002', unsupported: '030048', unreadable: '999999',
} as const;

/** Becomes a FAILURE inside HTTP 200. */
export class XmlFailure extends Error {
  constructor(readonly exceptionId: string, reason: string, readonly value?: string) {
    super(reason);
  }
}

export const accessDenied = (): XmlFailure => new XmlFailure(EXCEPTION.denied, 'Access denied, additional privileges are required');

const PREDEFINED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** One pass, so that what an entity stands for is never read as an entity again. */
function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (_whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    const sign = name === undefined ? (code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : PREDEFINED[name];
    if (sign === undefined) throw new XmlFailure(EXCEPTION.unreadable, 'The message uses an undeclared entity.');
    return sign;
  });
}

const parser = new XMLParser({
  ignoreAttributes: false, attributeNamePrefix: '@', removeNSPrefix: true, parseTagValue: false, parseAttributeValue: false, processEntities: false,
  tagValueProcessor: (_name, value) => decode(value), attributeValueProcessor: (_name, value) => decode(value),
});

/** The `message` element. Throws an XmlFailure: not well-formed, another root, or a DTD, which could define entities. */
export function readMessage(text: string): Element {
  // The parser takes tags that do not match. The validator's successor is a package of its own.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text) || XMLValidator.validate(text) !== true) throw new XmlFailure(EXCEPTION.unreadable, 'The message is not well-formed XML without a DTD.');
  const message = (parser.parse(text) as Element).message;
  if (message === undefined || typeof message === 'string' || Array.isArray(message)) throw new XmlFailure(EXCEPTION.unreadable, 'The root element is not message.');
  return message;
}

/** The first element at a path of local names. */
export function elementAt(from: Node | undefined, ...path: string[]): Node | undefined {
  let node = from;
  for (const name of path) {
    const next: Node | Node[] | undefined = typeof node === 'object' && Object.hasOwn(node, name) ? node[name] : undefined;
    node = Array.isArray(next) ? next[0] : next;
  }
  return node;
}

/** Text of the first element at a path: '' for an empty one, undefined for an absent one. */
export function textAt(from: Node | undefined, ...path: string[]): string | undefined {
  const node = elementAt(from, ...path);
  return typeof node === 'object' ? textAt(node, '#text') ?? '' : node?.trim();
}

/** Character data: what XML 1.0 forbids is left out, markup is escaped. */
export function escapeXml(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu, '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** `<name>value</name>`, the value escaped; nothing for undefined. */
export function tag(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;
}

function envelope(response: string, content: string): ApiReply {
  const namespaces = 'xmlns:serv="http://www.webex.com/schemas/2002/06/service" xmlns:com="http://www.webex.com/schemas/2002/06/common" xmlns:use="http://www.webex.com/schemas/2002/06/service/user"';
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<serv:message ${namespaces}><serv:header><serv:response>${response}</serv:response></serv:header><serv:body>${content}</serv:body></serv:message>`;
  return { status: 200, headers: { 'Content-Type': 'text/xml;charset=UTF-8' }, body };
}

/** SUCCESS with the children of bodyContent, ready-made XML. */
export function success(type: string, content: string): ApiReply {
  return envelope('<serv:result>SUCCESS</serv:result><serv:gsbStatus>PRIMARY</serv:gsbStatus>',
    `<serv:bodyContent xsi:type="use:${type}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${content}</serv:bodyContent>`);
}

/** FAILURE, in HTTP 200 all the same. */
export function failure({ exceptionId, message, value }: XmlFailure): ApiReply {
  return envelope(`<serv:result>FAILURE</serv:result>${tag('serv:reason', message)}<serv:gsbStatus>PRIMARY</serv:gsbStatus>${tag('serv:exceptionID', exceptionId)}${tag('serv:value', value)}`,
    '<serv:bodyContent/>');
}
