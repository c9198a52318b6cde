import express, { type Router } from 'express';

/** What is known of the process by those who watch it. */
export interface Health {
  /** Whether it hears Webex and can do its work. */
  isReady: boolean;
  /** Numbers by name, in lower snake case: `events_waiting`. */
  numbers: Record<string, number>;
}

/** `GET /health` on the public port: the process answers. Says nothing else. */
export function livenessRoute(): Router {
  const router = express.Router();
  router.get('/health', (_request, response) => {
    response.status(200).type('text').send('ok\n');
  });
  return router;
}

/** `GET /ready` and `GET /metrics` (Prometheus text) for the operator's own address. */
export function operationRoutes(health: () => Health): Router {
  const router = express.Router();
  router.get('/ready', (_request, response) => {
    const { isReady } = health();
    response.status(isReady ? 200 : 503).type('text').send(isReady ? 'ready\n' : 'not ready\n');
  });
  router.get('/metrics', (_request, response) => {
    const { isReady, numbers } = health();
    const all = { ready: isReady ? 1 : 0, resident_memory_bytes: process.memoryUsage.rss(), ...numbers };
    response.type('text/plain; version=0.0.4').send(Object.entries(all).map(([name, value]) => `steward_${name} ${value}\n`).join(''));
  });
  return router;
}
