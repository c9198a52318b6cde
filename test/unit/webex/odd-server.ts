import nock from 'nock';
import { createLog, type Log } from '../../../src/lib/log.js';
import type { TokenSource, WriteClient } from '../../../src/webex/call.js';
import { createClient, createTransport, type Transport } from '../../../src/webex/client.js';
import { eagerClock } from './simulation.js';

/** A server that exists only in the test, for answers that the emulator does not give. */
export const ORIGIN = 'https://webex.test';
export const BASE = `${ORIGIN}/v1`;
export const XML = `${ORIGIN}/WBXService/XMLService`;

export interface Odd {
  transport: Transport;
  client: WriteClient;
  /** Lines of the log, all levels. */
  lines: string[];
  /** Tokens that were asked to be renewed. */
  rejected: string[];
}

/** A client of the odd server. Its first token is `token-number-1`, each refresh gives the next. Waits are over at once. */
export function oddClient(source: Partial<TokenSource> = {}): Odd {
  const lines: string[] = [];
  const log: Log = createLog({ level: 'debug', destination: { write: (line: string) => { lines.push(line); } } });
  const transport = createTransport({ baseUrl: BASE, xmlUrl: XML, clock: eagerClock(), log });
  const rejected: string[] = [];
  let n = 1;
  const client = createClient(transport, {
    owner: 'ada@acme.test',
    token: () => Promise.resolve(`token-number-${n}`),
    refresh: (token) => {
      rejected.push(token);
      n += 1;
      return Promise.resolve(`token-number-${n}`);
    },
    ...source,
  });
  return { transport, client, lines, rejected };
}

/** To be called in every file that uses the odd server: nothing may leave the machine, everything expected must be asked for. */
export function guardNetwork(): void {
  beforeAll(() => {
    nock.disableNetConnect();
  });
  afterEach(() => {
    const left = nock.pendingMocks();
    nock.cleanAll();
    expect(left).toEqual([]);
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}
