import { createServer, request as send, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Exchange } from './checker.js';

/** Stands between a client and the emulator and writes down every call under `/v1`. Links in answers lead back through it. */
export interface Recorder {
  url: string;
  exchanges: Exchange[];
  stop(): Promise<void>;
}

export async function startRecorder(target: string): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await bytesOf(incoming);
      const forwarded = send(new URL(incoming.url ?? '/', target), { method: incoming.method, headers: incoming.headers }, (answer) => {
        void (async () => {
          const reply = await bytesOf(answer);
          const url = new URL(incoming.url ?? '/', target);
          if (url.pathname.startsWith('/v1/')) {
            exchanges.push({
              method: incoming.method ?? '', path: url.pathname.slice('/v1'.length), query: Object.fromEntries(url.searchParams),
              requestType: mediaType(incoming), request: parsed(body), status: answer.statusCode ?? 0, responseType: mediaType(answer), response: parsed(reply),
            });
          }
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(reply);
        })();
      });
      forwarded.on('error', () => { outgoing.destroy(); });
      forwarded.end(body);
    })();
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    exchanges,
    stop: () => new Promise((resolve) => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function mediaType(message: IncomingMessage): string {
  return (message.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
}

function parsed(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return bytes.toString('utf8');
  }
}
