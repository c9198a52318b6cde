import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json, Reply, Wire } from './wire.js';

export interface Delivery {
  raw: Buffer;
  headers: Record<string, string | string[] | undefined>;
  json: Json;
}

export interface Receiver {
  url: string;
  deliveries: Delivery[];
  /** What the receiver answers; 200 at first. */
  status: number;
  /** The first delivery, past or to come, that fits. */
  until(fits: (delivery: Delivery) => boolean): Promise<Delivery>;
  stop(): Promise<void>;
}

/** A webhook target. */
export async function startReceiver(): Promise<Receiver> {
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const raw = Buffer.concat(parts);
      receiver.deliveries.push({ raw, headers: request.headers, json: JSON.parse(raw.toString('utf8')) });
      response.writeHead(receiver.status).end();
      for (const wake of waiting) wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, deliveries: [], status: 200,
    until: (fits) => new Promise((resolve) => {
      const wake = (): void => {
        const found = receiver.deliveries.find(fits);
        if (!found) return;
        waiting.delete(wake);
        resolve(found);
      };
      waiting.add(wake);
      wake();
    }),
    stop: () => new Promise((resolve) => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
  return receiver;
}

export const sha1 = (secret: string, bytes: Buffer): string => createHmac('sha1', secret).update(bytes).digest('hex');

/** Lets others work until something holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

/** What most tests here need of the seeded organization. */
export function cast(wire: Wire) {
  const { bot, people } = wire.emulator.accounts();
  const idOf = (local: string): string => people.find(({ email }) => email === `${local}@acme.test`)?.id ?? '';
  const roomOf = (title: string): string => [...wire.emulator.state.rooms.values()].find((room) => room.title === title)?.id ?? '';
  const as = (token: string) => (method: string, path: string, body?: unknown): Promise<Reply> => wire.call(method, `/v1${path}`, { token, ...(body === undefined ? {} : { body }) });
  return { bot, idOf, roomOf, asBot: as(bot.token), as: (local: string) => as(wire.token(local)) };
}

/** A small card that is right. */
export const CARD = {
  contentType: 'application/vnd.microsoft.card.adaptive',
  content: {
    type: 'AdaptiveCard', version: '1.3', body: [{ type: 'TextBlock', text: 'For whom?' }, { type: 'Input.Text', id: 'host', label: 'Host' }],
    actions: [{ type: 'Action.Submit', title: 'Next', data: { token: 'abc' } }],
  },
};
