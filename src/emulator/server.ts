import express from 'express';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MovableClock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { createApi } from './api.js';
import { accountsOf, createControl, type Accounts } from './control.js';
import { createFaults } from './faults.js';
import type { Gateway } from './gateway.js';
import { createGuard } from './guard.js';
import { createLimits } from './limits.js';
import { createOAuth } from './oauth.js';
import { readXmlCall } from './meetings-xml/endpoint.js';
import { createPageRouter } from './page/router.js';
import { createRequestLog } from './requests.js';
import type { Route } from './route.js';
import { ROUTES } from './routes.js';
import { resetState, type SeedOptions } from './seed.js';
import { emptyState, type State } from './state.js';
import { createWebhooks, type Webhooks } from './webhooks.js';
import { createXml } from './xml.js';

export interface EmulatorOptions extends SeedOptions {
  clock: MovableClock;
  log: Log;
  /** 0 takes a free one; the default. */
  port?: number;
  /** 127.0.0.1 unless given. */
  host?: string;
  /** Instead of the whole table; for tests. */
  routes?: readonly Route[];
}

export interface Emulator {
  /** Listens. `url` is the address of everything, without a path; REST is at `${url}/v1`. Rejects when the port is taken. */
  start(): Promise<{ url: string; xmlUrl: string }>;
  /** Ends all connections and stops listening. */
  stop(): Promise<void>;
  readonly state: State;
  /** What `GET /_emulator/accounts` gives. Needs a started emulator. */
  accounts(): Accounts;
}

/** A local Webex. Nothing of it leaves the machine. */
export function createEmulator(options: EmulatorOptions): Emulator {
  const { clock, log, port = 0, host = '127.0.0.1', routes = ROUTES } = options;
  const state = emptyState(clock);
  resetState(state, options);
  const gateway: Gateway = { clock, log, requests: createRequestLog(clock), faults: createFaults(), limits: createLimits(clock) };
  let server: Server | undefined;
  let webhooks: Webhooks | undefined;
  let url = '';

  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(createGuard(host));
  const api = createApi(state, gateway, routes);
  const oauth = createOAuth(state, gateway);
  app.use('/v1', (request, response) => (oauth(request.baseUrl + request.path) ?? api)(request, response));
  app.use('/WBXService/XMLService', createXml(state, gateway, readXmlCall));
  app.use('/_emulator', createControl({ state, clock, gateway, seed: options, url: () => url }));
  app.use(createPageRouter());

  return {
    state,
    accounts: () => accountsOf(state, url, false),
    start: () => new Promise((resolve, reject) => {
      server = createServer(app);
      server.once('error', reject);
      server.listen(port, host, () => {
        const { port: taken } = server?.address() as AddressInfo;
        webhooks = createWebhooks(state, gateway.faults.webhooks, log);
        url = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
        resolve({ url, xmlUrl: `${url}/WBXService/XMLService` });
      });
    }),
    stop: () => new Promise((resolve) => {
      webhooks?.close();
      if (!server) {
        resolve();
        return;
      }
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
}
