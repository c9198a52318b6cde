import { createEmulator, type Emulator } from '../../../src/emulator/server.js';
import { createClock, type MovableClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import type { TokenSource, WriteClient } from '../../../src/webex/call.js';
import { createClient, createTransport, type Transport } from '../../../src/webex/client.js';

export const US = 'acme.webex.com';
export const EU = 'acme-eu.webex.com';

/** One request as the emulator saw it. */
export interface Seen {
  method: string;
  path: string;
  query: Record<string, string>;
  status: number;
  owner: string;
  body: any;
}

/** The emulator, and clients of its people. */
export interface World {
  emulator: Emulator;
  clock: MovableClock;
  transport: Transport;
  /** A client of `<local>@acme.test`, or of the bot. */
  as(local: string, source?: Partial<TokenSource>): WriteClient;
  idOf(email: string): string;
  roomId(title: string): string;
  /** What was asked of the emulator since the last time. */
  seen(): Promise<Seen[]>;
  control(path: string, body: unknown): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorld(people = 60): Promise<World> {
  const clock = createClock();
  const log = createLog({ level: 'silent' });
  const emulator = createEmulator({ clock, log, people });
  const { url, xmlUrl } = await emulator.start();
  const transport = createTransport({ baseUrl: `${url}/v1`, xmlUrl, clock, log });
  let since = 0;
  const tokenOf = (local: string): string => {
    const { bot, people: all } = emulator.accounts();
    return local === 'bot' ? bot.token : (all.find(({ email }) => email === `${local}@acme.test`)?.token ?? '');
  };
  return {
    emulator, clock, transport,
    as: (local, source = {}) => createClient(transport, {
      owner: local, token: () => Promise.resolve(tokenOf(local)), refresh: () => Promise.reject(new Error('not to be renewed')), ...source,
    }),
    idOf: (email) => emulator.state.peopleByEmail.get(email.includes('@') ? email : `${email}@acme.test`) ?? '',
    roomId: (title) => [...emulator.state.rooms.values()].find((room) => room.title === title)?.id ?? '',
    seen: async () => {
      const { items } = await (await fetch(`${url}/_emulator/requests?since=${since}`)).json() as { items: (Seen & { seq: number })[] };
      since = items.at(-1)?.seq ?? since;
      return items;
    },
    control: async (path, body) => {
      const reply = await fetch(`${url}/_emulator/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
    },
    stop: async () => {
      transport.close();
      await emulator.stop();
    },
  };
}
