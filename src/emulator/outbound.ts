import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface OutboundCall {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: Buffer;
  timeoutMs: number;
  /** The reply is refused when it is larger. */
  maxBytes: number;
}

export interface OutboundReply {
  status: number;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
}

/** What the emulator itself calls: webhook targets, and files that are posted by address. Redirects are not followed. */
export interface Outbound {
  /** Rejects when nothing is there, after `timeoutMs` of silence, and when the reply is too large. */
  call(call: OutboundCall): Promise<OutboundReply>;
  /** Ends what is under way. */
  close(): void;
}

export function createOutbound(): Outbound {
  const plain = new HttpAgent({ keepAlive: true, maxSockets: 256 });
  const secure = new HttpsAgent({ keepAlive: true, maxSockets: 256 });
  const open = (url: string, options: RequestOptions): ClientRequest =>
    url.startsWith('https:') ? httpsRequest(url, { ...options, agent: secure }) : httpRequest(url, { ...options, agent: plain });

  const once = (call: OutboundCall): Promise<OutboundReply> => new Promise((resolve, reject) => {
    const length: Record<string, string> = call.body === undefined ? {} : { 'Content-Length': String(call.body.length) };
    const request = open(call.url, { method: call.method, headers: { ...call.headers, ...length }, timeout: call.timeoutMs });
    request.once('timeout', () => request.destroy(new Error('Nothing came in time.')));
    // A kept connection may have been closed by the other side just now: nothing was handled, so it is sent again.
    request.once('error', (error: NodeJS.ErrnoException) => { reject(request.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection() : error); });
    request.once('response', (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > call.maxBytes) request.destroy(new Error('The reply is too large.'));
        else parts.push(part);
      });
      response.once('error', reject);
      response.once('end', () => { resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts) }); });
    });
    request.end(call.body);
  });

  const call = async (wanted: OutboundCall): Promise<OutboundReply> => {
    try {
      return await once(wanted);
    } catch (error) {
      if (error instanceof StaleConnection) return call(wanted);
      throw error;
    }
  };
  return {
    call,
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

class StaleConnection extends Error {}
