import { readFileSync } from 'node:fs';
import express, { type Request, type Response, type Router } from 'express';
import { StewardError } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import { renderPage, type LinkPage } from '../pages/page.js';

/** Who knows how accounts are linked. Both answer with a page for every input, however wrong. */
export interface LinkHandlers {
  /** Shows who the link is for. Changes nothing but the cookie that belongs to it. */
  start(input: { state: string; cookie: string | undefined }): Promise<LinkPage>;
  /** Takes what Webex sends back through the browser. */
  finish(input: { state: string; code: string | undefined; error: string | undefined; cookie: string | undefined }): Promise<LinkPage>;
}

const LIFE_SECONDS = 600;
const LONGEST_PARAMETER = 2048;

/**
 * `/oauth/start`, `/oauth/callback` and their style. `secure`: whether browsers reach us by https, which `__Host-` cookies need;
 * without it (loopback only) the cookie has a plain name.
 */
export function oauthRoutes(handlers: LinkHandlers, options: { secure: boolean; log: Log }): Router {
  const { secure, log } = options;
  const name = secure ? '__Host-steward-link' : 'steward-link';
  const style = readFileSync(new URL('../pages/style.css', import.meta.url), 'utf8');
  // Lax: the browser comes back from Webex by a link, which Strict would send without the cookie.
  const attributes = { httpOnly: true, secure, sameSite: 'lax', path: '/' } as const;
  const answer = async (response: Response, page: Promise<LinkPage>): Promise<void> => {
    const shown = await page.catch((error: unknown) => failed(error, log));
    if (shown.cookie === null) response.clearCookie(name, attributes);
    else if (shown.cookie !== undefined) response.cookie(name, shown.cookie, { ...attributes, maxAge: LIFE_SECONDS * 1000 });
    response.status(shown.status).set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }).type('html').send(renderPage(shown));
  };

  const router = express.Router();
  router.get('/oauth/style.css', (_request, response) => {
    response.set('Cache-Control', 'max-age=3600').type('css').send(style);
  });
  router.get('/oauth/start', (request, response) => answer(response, handlers.start({
    state: parameter(request, 'state') ?? '', cookie: cookieOf(request, name),
  })));
  router.get('/oauth/callback', (request, response) => answer(response, handlers.finish({
    state: parameter(request, 'state') ?? '', code: parameter(request, 'code'), error: parameter(request, 'error'), cookie: cookieOf(request, name),
  })));
  return router;
}

/** One text, once: what comes twice or is too long is not there. */
function parameter(request: Request, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_PARAMETER ? value : undefined;
}

function cookieOf(request: Request, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

function failed(error: unknown, log: Log): LinkPage {
  log.error({ error }, 'a page of account linking failed');
  const known = error instanceof StewardError && error.code !== 'BUG';
  return {
    status: 500, mood: 'bad', title: 'That did not work',
    lines: [known ? error.message : 'Something went wrong on our side.', 'Nothing was linked. Write “account link” to the bot and try again.',
      ...(error instanceof StewardError ? [`If it happens again, tell your operator this: ${error.id}`] : [])],
  };
}
