import { randomUUID } from 'node:crypto';
import { AxiosHeaders, getAdapter } from 'axios';
import type { Clock } from '../lib/clock.js';
import { Bug } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import { createAgents, type Route } from './agents.js';
import { bytesOf } from './body.js';
import type { ReadClient, TokenSource, WebexCall, WebexReply, WriteClient, XmlCall, XmlReply, XmlTickets } from './call.js';
import { WebexUnreachable } from './errors.js';
import { Lost, refusal, retryAfter, Throttled, tooLarge, unexpected, unreachable, type Answer } from './failures.js';
import { createPacer, type Pacer } from './pacing.js';
import { address, sameOrigin } from './urls.js';

const TIMEOUT_MS = 30_000;
const FILE_TIMEOUT_MS = 180_000;
const LONGEST_REPLY = 20 * 1024 * 1024;
/** A refusal may be this long, however little is wanted of a good answer. */
const LONGEST_REFUSAL = 64 * 1024;
/** Tries after the first, for calls that may be sent twice. 429 does not count: it is waited for. */
const RETRIES = 3;
const FIRST_PAUSE_MS = 300;
/** The XML API counts calls by the minute (exceptionID 000045). */
const XML_WINDOW_S = 60;
/** axios without interceptors, transforms and merged defaults: none is used here, and they take as much of the processor as the call itself. */
const send = getAdapter('http');
/** Errors of a connection that was never made: nothing can have happened. */
const NEVER_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

export interface TransportOptions extends Route {
  /** `https://webexapis.com/v1`. */
  baseUrl: string;
  /** `https://api.webex.com/WBXService/XMLService`. */
  xmlUrl: string;
  clock: Clock;
  log: Log;
  /** Milliseconds until a call counts as lost. Defaults 30 s; 180 s for files. */
  timeouts?: { replyMs?: number; filesMs?: number };
}

/** One request as it goes out. */
export interface Exchange {
  method: WebexCall['method'];
  url: string;
  headers: Record<string, string>;
  body?: string | FormData;
  maxBytes?: number | undefined;
  /** Whether files are moved, which takes longer. */
  files?: boolean;
  signal?: AbortSignal | undefined;
}

/** The way to Webex that all clients share: connections, paces, session tickets. */
export interface Transport {
  readonly baseUrl: string;
  readonly xmlUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly pacer: Pacer;
  /** Sends one request as it is. Throws Lost when no answer came; every answer, whatever its status, is returned. */
  exchange(request: Exchange): Promise<Answer>;
  tickets(owner: string): XmlTickets;
  /** Closes the idle connections. */
  close(): void;
}

export function createTransport(options: TransportOptions): Transport {
  const { baseUrl, xmlUrl, clock, log } = options;
  const agents = createAgents(options);
  const tickets = new Map<string, XmlTickets>();
  const exchange = async (request: Exchange): Promise<Answer> => {
    const longest = request.maxBytes ?? LONGEST_REPLY;
    try {
      request.signal?.throwIfAborted();
      const reply = await send({
        method: request.method,
        url: request.url,
        headers: new AxiosHeaders({ Accept: 'application/json', 'User-Agent': 'webex-steward', TrackingID: `STEWARD_${randomUUID()}`, ...request.headers }),
        data: request.body,
        responseType: 'stream',
        timeout: request.files === true ? (options.timeouts?.filesMs ?? FILE_TIMEOUT_MS) : (options.timeouts?.replyMs ?? TIMEOUT_MS),
        maxRedirects: 0,
        maxBodyLength: Infinity,
        validateStatus: () => true,
        // axios would read HTTPS_PROXY from the environment, past the configuration.
        proxy: false,
        ...agents.for(request.url),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      });
      const bytes = await bytesOf(reply, reply.status < 300 ? longest : Math.max(longest, LONGEST_REFUSAL));
      if (bytes === undefined) throw tooLarge(request.method !== 'GET');
      return { status: reply.status, headers: plainHeaders(reply.headers), bytes };
    } catch (error) {
      if (error instanceof WebexUnreachable || error instanceof Lost) throw error;
      if (request.signal?.aborted === true) throw request.signal.reason;
      const { code } = error as { code?: string };
      throw new Lost(!NEVER_SENT.test(code ?? ''), undefined, new Error(code ?? 'no answer'));
    }
  };
  return {
    baseUrl, xmlUrl, clock, log, exchange,
    pacer: createPacer(clock),
    tickets: (owner) => {
      const known = tickets.get(owner) ?? { bySite: new Map(), now: () => clock.now(), hide: (ticket: string) => { log.hide(ticket); } };
      tickets.set(owner, known);
      return known;
    },
    close: () => { agents.close(); },
  };
}

/** A client that acts with one source's token. */
export function createClient(transport: Transport, source: TokenSource): WriteClient {
  const { clock, log, pacer } = transport;
  const prefix = `${source.owner} `;

  /** Runs `once` at the lane's pace, and again where that can do no harm. */
  const tried = async <T>(lane: string, call: { repeatable: boolean; changes: boolean; impatient?: boolean | undefined; signal?: AbortSignal | undefined }, once: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await pacer.run(prefix + lane, once, call);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        if (tries === RETRIES || !(call.repeatable || !error.sent)) throw unreachable(error, call.changes);
        await clock.sleep(FIRST_PAUSE_MS * 2 ** tries * (0.5 + Math.random()), call.signal);
      }
    }
  };

  /** One answer that says what happened: 2xx. Refreshes a refused token once. */
  const answered = async (call: WebexCall, url: string): Promise<Answer> => {
    const began = clock.now();
    const exchange = (token: string): Promise<Answer> => transport.exchange({
      method: call.method, url,
      headers: { ...contentType(call), Authorization: `Bearer ${token}` },
      ...bodyOf(call),
      maxBytes: call.maxBytes,
      files: call.files !== undefined || call.as === 'bytes',
      signal: isRead(call) ? call.signal : undefined,
    });
    const token = await tokenOf(source, log);
    let answer = await exchange(token);
    if (answer.status === 401) answer = await exchange(await renewed(source, token, log));
    const { status, headers } = answer;
    log.debug({ owner: source.owner, lane: call.lane, method: call.method, path: new URL(url).pathname, status, ms: clock.now() - began, trackingId: headers['trackingid'] }, 'Webex call');
    if (status === 429) throw new Throttled(retryAfter(headers['retry-after'], clock.now()), headers['trackingid']);
    if (status >= 500) throw new Lost(true, answer);
    if (status < 200 || status >= 300) throw refusal(answer, retryAfter(headers['retry-after'], clock.now()));
    return answer;
  };

  const request = async <T>(call: WebexCall, url: string): Promise<WebexReply<T>> => {
    const changes = !isRead(call);
    const about = { repeatable: call.repeatable ?? !changes, changes, impatient: call.impatient, signal: call.signal };
    return tried(call.lane, about, async () => {
      const answer = await answered(call, url);
      return { status: answer.status, data: dataOf(answer, call) as T, headers: answer.headers, trackingId: answer.headers['trackingid'] };
    });
  };

  return {
    writes: true,
    owner: source.owner,
    tickets: transport.tickets(source.owner),
    waitingUntil: () => pacer.closedUntil(prefix),
    send: (call) => request(call, address(transport.baseUrl, call)),
    follow: async (link, like) => {
      if (!sameOrigin(transport.baseUrl, link)) throw unexpected('a link to another address, which gets no token');
      const { body: _body, files: _files, ...rest } = like;
      return request({ ...rest, method: 'GET' }, link);
    },
    xml: (call) => tried(`xml:${call.site.toLowerCase()}`, { ...call, repeatable: !call.write, changes: call.write }, () => xmlExchange(transport, source, call)),
  };
}

/** The same client without the power to change anything: writes throw a Bug, whoever built the call. */
export function readOnly(client: ReadClient): ReadClient {
  return {
    owner: client.owner,
    tickets: client.tickets,
    waitingUntil: () => client.waitingUntil(),
    send: async (call) => {
      if (!isRead(call)) throw new Bug(`A write (${call.method} ${call.path}) went to a client that only reads.`);
      return client.send(call);
    },
    follow: (link, like) => client.follow(link, like),
    xml: async (call) => {
      if (call.write) throw new Bug(`A write (${call.operation}) went to a client that only reads.`);
      return client.xml(call);
    },
  };
}

async function xmlExchange(transport: Transport, source: TokenSource, call: XmlCall): Promise<XmlReply> {
  let document = call.document;
  if (typeof document === 'function') {
    const token = await tokenOf(source, transport.log);
    document = document(call.renewToken === true ? await renewed(source, token, transport.log) : token);
  }
  const began = transport.clock.now();
  const answer = await transport.exchange({
    method: 'POST', url: transport.xmlUrl, headers: { 'Content-Type': 'text/xml; charset=utf-8', Accept: 'text/xml' }, body: document,
    signal: call.write ? undefined : call.signal,
  });
  const { status, headers } = answer;
  const text = answer.bytes.toString('utf8');
  transport.log.debug({ owner: source.owner, site: call.site, operation: call.operation, status, ms: transport.clock.now() - began }, 'Webex XML call');
  if (status === 429) throw new Throttled(retryAfter(headers['retry-after'], transport.clock.now()), headers['trackingid']);
  if (status >= 500) throw new Lost(true, answer);
  if (status < 200 || status >= 300) throw refusal(answer);
  if (/<(?:[\w-]+:)?exceptionID>\s*000045\s*</.test(text)) throw new Throttled(XML_WINDOW_S, headers['trackingid']);
  return { status, text, trackingId: headers['trackingid'] };
}

async function tokenOf(source: TokenSource, log: Log): Promise<string> {
  const token = await source.token();
  log.hide(token);
  return token;
}

async function renewed(source: TokenSource, rejected: string, log: Log): Promise<string> {
  const token = await source.refresh(rejected);
  log.hide(token);
  return token;
}

function isRead(call: WebexCall): boolean {
  return call.method === 'GET' || call.method === 'HEAD';
}

function contentType(call: WebexCall): Record<string, string> {
  return call.body === undefined || call.files !== undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' };
}

function bodyOf(call: WebexCall): { body?: string | FormData } {
  if (call.files === undefined) return call.body === undefined ? {} : { body: JSON.stringify(call.body) };
  const form = new FormData();
  for (const [name, value] of Object.entries((call.body ?? {}) as Record<string, unknown>)) {
    if (value !== undefined) form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  for (const file of call.files) form.set(file.field, new Blob([new Uint8Array(file.content)], { type: file.contentType }), file.filename);
  return { body: form };
}

/** Bytes, or JSON. A good status with a body that cannot be read is a lost answer: for a write it was made all the same. */
function dataOf(answer: Answer, call: WebexCall): unknown {
  if (call.as === 'bytes') return answer.bytes;
  if (answer.bytes.length === 0) return undefined;
  try {
    return JSON.parse(answer.bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw new Lost(true, answer, error);
  }
}

function plainHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)]));
}
