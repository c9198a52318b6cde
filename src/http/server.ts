import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../lib/clock.js';
import { messageOf } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import { rateLimit } from './rate-limit.js';
import { livenessRoute, operationRoutes, type Health } from './routes/health.js';
import { oauthRoutes, type LinkHandlers } from './routes/oauth.js';
import { webhookRoute, type WebhookHandlers } from './routes/webhook.js';

/** Requests a minute from one address. */
const PAGES_PER_MINUTE = 600;
/** Whose word on where a request comes from is taken: reverse proxies stand on this machine or in its own network. */
const PROXIES = ['loopback', 'linklocal', 'uniquelocal'];
const SLOWEST_REQUEST_MS = 15_000;
const LOOK_FOR_SLOW_MS = 2_000;
/** Longer than proxies and clients keep a connection that rests: whoever closes first must not be us, while the next request is on its way. */
const RESTING_MS = 75_000;
const LOOK_FOR_IDLE_MS = 20;

export interface ServerOptions {
  config: {
    /** 0 takes a free one. */
    port: number;
    /** All addresses unless given. */
    host?: string;
    /** Where readiness and metrics are served. */
    ops: { host: string; port: number };
    /** As browsers and Webex write it. */
    publicUrl: string;
  };
  webhook: WebhookHandlers;
  linking: LinkHandlers;
  health: () => Health;
  clock: Clock;
  log: Log;
}

/** A server that listens. */
export interface Listening {
  port: number;
  opsPort: number;
  /** Stops listening, and ends connections that are idle. */
  stop(): Promise<void>;
}

/** The public server, and beside it the operator's own. Rejects when a port is taken. */
export async function listen({ config, webhook, linking, health, clock, log }: ServerOptions): Promise<Listening> {
  const app = bare();
  // Before what only browsers need: it must be answered fast.
  app.use(webhookRoute(webhook, { clock, log }));
  app.use(headers());
  app.use(livenessRoute());
  app.use(rateLimit(clock, PAGES_PER_MINUTE));
  app.use(oauthRoutes(linking, { secure: config.publicUrl.startsWith('https:'), log }));
  const publicServer = finished(app, log);
  const opsServer = finished(bare().use(headers(), operationRoutes(health)), log);
  const port = await bind(publicServer, config.port, config.host);
  try {
    const opsPort = await bind(opsServer, config.ops.port, config.ops.host);
    return { port, opsPort, stop: async () => { await Promise.all([close(publicServer), close(opsServer)]); } };
  } catch (error) {
    await close(publicServer);
    throw error;
  }
}

function bare(): Express {
  return express().disable('x-powered-by').disable('etag').set('trust proxy', PROXIES);
}

/** The pages of linking have one form-less button that leads to Webex, and no script. */
function headers(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'style-src': ["'self'"], 'base-uri': ["'none'"], 'form-action': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
  });
}

function finished(app: Express, log: Log): HttpServer {
  app.use((_request, response) => {
    response.status(404).type('text').send('Not found.\n');
  });
  const failed: ErrorRequestHandler = (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = (error as { status?: unknown }).status;
    const known = typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
    if (known === 500) log.error({ error, reason: messageOf(error) }, 'a request failed');
    response.status(known).end();
  };
  app.use(failed);
  // Else Node looks for slow ones twice a minute only.
  const server = createHttpServer({ connectionsCheckingInterval: LOOK_FOR_SLOW_MS }, app);
  server.requestTimeout = SLOWEST_REQUEST_MS;
  server.headersTimeout = SLOWEST_REQUEST_MS;
  server.keepAliveTimeout = RESTING_MS;
  return server;
}

function bind(server: HttpServer, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Waits for what is being answered. The connections of that rest afterwards, and are ended then. */
function close(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    const ending = setInterval(() => { server.closeIdleConnections(); }, LOOK_FOR_IDLE_MS);
    server.close(() => {
      clearInterval(ending);
      resolve();
    });
  });
}
