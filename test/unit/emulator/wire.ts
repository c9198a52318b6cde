import { createClock, type MovableClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator/server.js';

/** Whatever a reply holds: the assertions are the check. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  json: Json;
}

export interface CallOptions {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Wire {
  emulator: Emulator;
  clock: MovableClock;
  url: string;
  /** Any path of the emulator; an object as body goes as JSON, URLSearchParams as a form. Redirects are not followed. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** The test token of `<local>@acme.test`. */
  token(local: string): string;
  stop(): Promise<void>;
}

/** A started emulator and a plain client of it. */
export async function startWire(options: Partial<EmulatorOptions> = {}): Promise<Wire> {
  const clock = createClock();
  const emulator = createEmulator({ clock, log: createLog({ level: 'silent' }), people: 60, ...options });
  const { url } = await emulator.start();
  return {
    emulator, clock, url,
    call: async (method, path, { token, body, headers } = {}) => {
      const isForm = body instanceof URLSearchParams;
      const response = await fetch(path.startsWith('http') ? path : `${url}${path}`, {
        method, redirect: 'manual',
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: isForm || typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: text !== '' && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined };
    },
    token: (local) => emulator.accounts().people.find(({ email }) => email === `${local}@acme.test`)?.token ?? '',
    stop: () => emulator.stop(),
  };
}

/** The address of the next page in a Link header. */
export function nextOf(reply: Reply): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(reply.headers.get('link') ?? '')?.[1];
}
