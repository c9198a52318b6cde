import { XMLParser } from 'fast-xml-parser';
import { createEmulator, type Emulator } from '../../../src/emulator/server.js';
import { createClock, type MovableClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';

export const US = 'acme.webex.com';
export const EU = 'acme-eu.webex.com';
export const anna = 'anna.berg@acme.test';
export const ben = 'ben.okoye@acme.test';
/** Full administrator, but site admin of nothing. */
export const carl = 'carl.jensen@acme.test';
export const cara = 'cara.olsen@acme.test';
export const amy = 'amy.adams@acme.test';
export const bob = 'bob.nguyen@acme.test';
/** A host on the European site only. */
export const ingrid = 'ingrid.dahl@acme.test';
/** An attendee. */
export const grace = 'grace.hall@acme.test';

/** What came over the wire; the assertions are its check. */
export type Loose = any;

export interface Answer {
  status: number;
  body: Loose;
}

export interface Place {
  emulator: Emulator;
  clock: MovableClock;
  url: string;
  stop(): Promise<void>;
  tokenOf(email: string): string;
  /** A second token with just these scopes. */
  tokenWith(email: string, scopes: string[]): string;
  rest(method: string, path: string, token: string, body?: unknown): Promise<Answer>;
  xml(body: string): Promise<Record<string, Loose>>;
  ticketOf(email: string, site?: string): Promise<string>;
  /** Calls an operation as somebody with a fresh ticket; the message element, prefixes taken off. */
  call(email: string, operation: string, content: string, site?: string): Promise<Record<string, Loose>>;
}

/** A query string. */
export function query(fields: Record<string, string>): string {
  return `?${new URLSearchParams(fields).toString()}`;
}

/** An emulator of its own on a free port. */
export async function openPlace(people = 60): Promise<Place> {
  const clock = createClock();
  const emulator = createEmulator({ clock, log: createLog({ level: 'silent' }), people });
  const { url, xmlUrl } = await emulator.start();
  const tokenOf = (email: string): string => emulator.accounts().people.find((person) => person.email === email)!.token;
  const place: Place = {
    emulator, clock, url, stop: () => emulator.stop(), tokenOf,
    tokenWith: (email, scopes) => {
      const token = { ...emulator.state.tokens.get(tokenOf(email))!, token: `${email} ${scopes.join()}`.replace(/[^a-z]/gi, ''), scopes };
      emulator.state.tokens.set(token.token, token);
      return token.token;
    },
    rest: async (method, path, token, body) => {
      const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      const reply = await fetch(`${url}/v1${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
    },
    xml: async (body) => {
      const reply = await fetch(xmlUrl, { method: 'POST', headers: { 'content-type': 'application/xml' }, body });
      expect(reply.status).toBe(200);
      return new XMLParser({ removeNSPrefix: true, parseTagValue: false, htmlEntities: true }).parse(await reply.text()).message;
    },
    ticketOf: async (email, site = 'acme') => {
      const reply = await place.xml(message('AuthenticateUser', `<accessToken>${tokenOf(email)}</accessToken>`, { site, webExId: email }));
      return String(reply.body.bodyContent.sessionTicket);
    },
    call: async (email, operation, content, site = 'acme') =>
      place.xml(message(operation, content, { site, webExId: email, ticket: await place.ticketOf(email, site) })),
  };
  return place;
}

/** A request message; what stands in `who` is not escaped. */
export function message(operation: string, content: string, who: { site: string; webExId: string; ticket?: string; more?: string }): string {
  const ticket = who.ticket === undefined ? '' : `<sessionTicket>${who.ticket}</sessionTicket>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<serv:message xmlns:serv="http://www.webex.com/schemas/2002/06/service" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<header><securityContext><siteName>${who.site}</siteName><webExID>${who.webExId}</webExID>${ticket}${who.more ?? ''}</securityContext></header>
<body><bodyContent xsi:type="java:com.webex.service.binding.user.${operation}">${content}</bodyContent></body></serv:message>`;
}

/** `result` and, of a failure, `exceptionID`, as one text. */
export function outcome(reply: Record<string, Loose>): string {
  const { result, exceptionID } = reply.header.response;
  return exceptionID === undefined ? result : `${result} ${exceptionID}`;
}
