import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { Faults } from './faults.js';
import type { Limits } from './limits.js';
import type { RequestEntry, RequestLog } from './requests.js';
import { ApiError, type ApiReply } from './route.js';

/** What stands between the network and every emulated call: request log, faults, limits, Webex's error body. */
export interface Gateway {
  clock: Clock;
  log: Log;
  requests: RequestLog;
  faults: Faults;
  limits: Limits;
}

/** How one kind of call is carried out, once it is known whose it is. */
export interface Work {
  respond: () => ApiReply | Promise<ApiReply>;
  /** The reply over the limit; Webex's 429 unless given. */
  tooMany?: (seconds: number) => ApiReply;
}

/** Webex: repeats the client's TrackingID, or makes one. */
function trackingIdOf(request: IncomingMessage): string {
  const given = request.headers.trackingid;
  return typeof given === 'string' && /^[\w.:-]{1,120}$/.test(given) ? given : `ROUTER_${randomBytes(12).toString('hex').toUpperCase()}`;
}

function errorReply(error: unknown, trackingId: string, log: Log): ApiReply {
  const known = error instanceof ApiError ? error : new ApiError(500, 'An unexpected error occurred on the server.');
  if (known !== error) log.error({ error, trackingId }, 'The emulator failed.');
  const description = known.errorCode === undefined ? { description: known.description } : { description: known.description, errorCode: known.errorCode };
  return { status: known.status, headers: known.headers, body: { message: known.message, errors: known.errors ?? [description], trackingId } };
}

/** Writes a reply: JSON, bytes or text as they are, nothing for HEAD. */
export function send(request: IncomingMessage, response: ServerResponse, reply: ApiReply, trackingId: string): void {
  if (response.writableEnded || response.destroyed) return;
  const { body } = reply;
  const asItIs = Buffer.isBuffer(body) || typeof body === 'string';
  const bytes = body === undefined ? undefined : asItIs ? Buffer.from(body as Buffer) : Buffer.from(JSON.stringify(body));
  const headers: Record<string, string | number> = { TrackingID: trackingId, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  if (bytes !== undefined) headers['Content-Type'] = Buffer.isBuffer(body) ? 'application/octet-stream' : typeof body === 'string' ? 'text/html;charset=UTF-8' : 'application/json;charset=UTF-8';
  if (reply.status !== 204) headers['Content-Length'] = bytes?.length ?? 0;
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    const same = Object.keys(headers).find((key) => key.toLowerCase() === name.toLowerCase());
    headers[same ?? name] = value;
  }
  response.writeHead(reply.status, headers);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/**
 * Carries one call through: `prepare` reads the request (it may throw an ApiError) and says whose it is in `entry.owner`.
 * Faults come before the work, so that a dropped or refused request is not handled; then the limit; then the work.
 */
export async function carry(
  gateway: Gateway, request: IncomingMessage, response: ServerResponse, entry: RequestEntry, prepare: () => Promise<Work> | Work,
): Promise<void> {
  const trackingId = trackingIdOf(request);
  const { clock, faults, limits, log } = gateway;
  let work: Work;
  try {
    work = await prepare();
  } catch (error) {
    work = { respond: () => errorReply(error, trackingId, log) };
  }
  const fault = faults.of(entry.method, entry.path, entry.owner, entry.query);
  if (fault.drop === 'request') {
    if (fault.delayMs > 0) await clock.sleep(fault.delayMs);
    request.socket.destroy();
    return;
  }
  let reply: ApiReply;
  try {
    reply = fault.status === undefined ? await respond(work, limits, entry) : faultReply(fault.status, fault.body, trackingId);
  } catch (error) {
    reply = errorReply(error, trackingId, log);
  }
  entry.status = reply.status;
  if (fault.delayMs > 0) await clock.sleep(fault.delayMs);
  if (fault.drop === 'reply') {
    request.socket.destroy();
    return;
  }
  entry.repliedAt = clock.now();
  send(request, response, Object.keys(fault.headers).length === 0 ? reply : { ...reply, headers: { ...reply.headers, ...fault.headers } }, trackingId);
}

function respond(work: Work, limits: Limits, entry: RequestEntry): ApiReply | Promise<ApiReply> {
  const seconds = limits.take(entry.owner, entry.path);
  if (seconds === undefined) return work.respond();
  if (work.tooMany) return work.tooMany(seconds);
  throw new ApiError(429, 'Too many requests. Please wait and try again.', undefined, { 'Retry-After': String(seconds) });
}

function faultReply(status: number, body: unknown, trackingId: string): ApiReply {
  if (body !== undefined) return { status, body };
  const message = `Emulated fault ${status}.`;
  return status === 204 ? { status } : { status, body: { message, errors: [{ description: message }], trackingId } };
}
