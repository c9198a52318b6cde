import { Router, json, type ErrorRequestHandler } from 'express';
import { z } from 'zod';
import type { MovableClock } from '../lib/clock.js';
import { applyChange } from './change.js';
import type { Gateway } from './gateway.js';
import { ApiError } from './route.js';
import { resetState, testToken, type SeedOptions } from './seed.js';
import type { Happening, State } from './state.js';
import { shownState } from './seed/file.js';

export interface Accounts {
  url: string;
  xmlUrl: string;
  bot: { email: string; id: string; token: string };
  integration: { clientId: string; clientSecret: string };
  people: { email: string; id: string; displayName: string; roles: string[]; siteAdminOf: string[]; token: string }[];
}

/** Who there is, with a token for each. People who were generated to fill the organization only with `all`. */
export function accountsOf(state: State, url: string, all: boolean): Accounts {
  const everyone = [...state.people.values()];
  const bot = everyone.find((person) => person.type === 'bot');
  const integration = [...state.integrations.values()][0];
  if (!bot || !integration) throw new Error('The organization has no bot or no integration.');
  return {
    url, xmlUrl: `${url}/WBXService/XMLService`,
    bot: { email: bot.emails[0] ?? '', id: bot.id, token: testToken(state, bot.id) },
    integration: { clientId: integration.clientId, clientSecret: integration.clientSecret },
    people: everyone.filter((person) => person.type === 'person' && (all || person.generated !== true)).map((person) => ({
      email: person.emails[0] ?? '', id: person.id, displayName: person.displayName, roles: person.roles,
      siteAdminOf: person.sites.filter((site) => site.isSiteAdmin).map((site) => site.siteUrl), token: testToken(state, person.id),
    })),
  };
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const duration = z.string().regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/);
const lagInput = z.strictObject({ licenses: duration });
const clockInput = z.union([
  z.strictObject({ advance: duration }),
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
]);

/** How far to move the clock, in milliseconds. */
function distance(body: unknown, now: number): number {
  const wanted = clockInput.parse(body);
  if ('now' in wanted) return Date.parse(wanted.now) - now;
  return milliseconds(wanted.advance);
}

function milliseconds(text: string): number {
  const [, number = '0', unit = 'ms'] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
  return Number(number) * (UNITS[unit] ?? 1);
}

/** A Happening as the stream shows it: no content, only what it is about. */
function toldOf({ resource, event, subject }: Happening): unknown {
  const { id, roomId } = subject as { id?: string; roomId?: string };
  return { resource, event, id, ...(roomId === undefined ? {} : { roomId }) };
}

export interface ControlParts {
  state: State;
  clock: MovableClock;
  gateway: Gateway;
  seed: SeedOptions;
  url: () => string;
}

const badRequest: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const message = error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
  response.status(error instanceof ApiError ? error.status : 400).json({ message });
};

/** Everything under `/_emulator`: for people and tests, no part of Webex. */
export function createControl({ state, clock, gateway, seed, url }: ControlParts): Router {
  const { requests, faults, limits } = gateway;
  const router = Router();
  router.use(json({ limit: '10mb' }));
  router.get('/accounts', (request, response) => { response.json(accountsOf(state, url(), request.query.all === 'true')); });
  router.get('/requests', (request, response) => {
    const since = Number(request.query.since ?? 0);
    response.json({ items: requests.since(Number.isFinite(since) ? since : 0) });
  });
  router.post('/faults', (request, response) => {
    faults.set(request.body);
    response.json({});
  });
  router.post('/limits', (request, response) => {
    limits.set(request.body);
    response.json({});
  });
  router.post('/clock', (request, response) => {
    const ms = distance(request.body, clock.now());
    if (ms < 0) throw new ApiError(400, 'The clock only goes forward.');
    clock.advance(ms);
    response.json({ now: clock.iso() });
  });
  router.post('/change', (request, response) => {
    response.json(applyChange(state, request.body));
  });
  router.post('/lag', (request, response) => {
    state.licenseLagMs = milliseconds(lagInput.parse(request.body).licenses);
    response.json({});
  });
  router.post('/reset', (_request, response) => {
    resetState(state, seed);
    faults.clear();
    limits.clear();
    requests.clear();
    state.events.emit('reset');
    response.json({});
  });
  router.get('/state', (_request, response) => { response.json(shownState(state)); });
  router.get('/stream', (request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': open\n\n');
    const tell = (data: unknown): void => { response.write(`data: ${JSON.stringify(data)}\n\n`); };
    const onHappened = (happening: Happening): void => { tell(toldOf(happening)); };
    const onReset = (): void => { tell({ resource: 'emulator', event: 'reset' }); };
    state.events.on('happened', onHappened).on('reset', onReset);
    request.on('close', () => state.events.off('happened', onHappened).off('reset', onReset));
  });
  router.use((_request, response) => { response.status(404).json({ message: 'There is no such call.' }); });
  return router.use(badRequest);
}
