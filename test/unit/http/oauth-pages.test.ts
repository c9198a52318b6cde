import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import helmet from 'helmet';
import { oauthRoutes, type LinkHandlers } from '../../../src/http/routes/oauth.js';
import type { LinkPage } from '../../../src/http/pages/page.js';
import { CallerMistake } from '../../../src/lib/errors.js';
import { createLog } from '../../../src/lib/log.js';

const page: LinkPage = { status: 200, mood: 'ask', title: 'Link', lines: [] };

async function get(path: string, handlers: Partial<LinkHandlers>, options: { secure: boolean; cookie?: string }): Promise<{ status: number; text: string; headers: Headers }> {
  const app = express();
  app.use(helmet());
  const none = (): Promise<LinkPage> => Promise.reject(new Error('not expected'));
  app.use(oauthRoutes({ start: none, finish: none, ...handlers }, { secure: options.secure, log: createLog({ level: 'silent' }) }));
  const server = createServer(app);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers: options.cookie === undefined ? {} : { cookie: options.cookie } });
    return { status: response.status, text: await response.text(), headers: response.headers };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the pages of account linking', () => {
  it('set a __Host- cookie where browsers come by https, bound to this host and hidden from scripts', async () => {
    const { headers } = await get('/oauth/start?state=s', { start: () => Promise.resolve({ ...page, cookie: 'verifier' }) }, { secure: true });
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-steward-link=verifier; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/)]);
  });

  it('take no cookie but their own: a plain one is nothing by https', async () => {
    const seen: unknown[] = [];
    const start: LinkHandlers['start'] = (input) => { seen.push(input); return Promise.resolve(page); };
    await get('/oauth/start?state=s', { start }, { secure: true, cookie: 'steward-link=planted; x__Host-steward-link=no' });
    await get('/oauth/start?state=s', { start }, { secure: true, cookie: 'a=b; __Host-steward-link=mine' });
    expect(seen).toEqual([{ state: 's', cookie: undefined }, { state: 's', cookie: 'mine' }]);
  });

  it('take the cookie away when it is done with', async () => {
    const { headers } = await get('/oauth/callback?state=s&code=c', { finish: () => Promise.resolve({ ...page, cookie: null }) }, { secure: true });
    expect(headers.getSetCookie()[0]).toMatch(/^__Host-steward-link=; .*Expires=Thu, 01 Jan 1970/);
  });

  it('hand over what Webex sent, each once, nothing that is too long', async () => {
    const seen: unknown[] = [];
    const finish: LinkHandlers['finish'] = (input) => { seen.push(input); return Promise.resolve(page); };
    await get(`/oauth/callback?state=s&code=c&error=${'x'.repeat(3000)}`, { finish }, { secure: false });
    await get('/oauth/callback?state=s&code=c&code=d', { finish }, { secure: false });
    expect(seen).toEqual([{ state: 's', code: 'c', error: undefined, cookie: undefined }, { state: 's', code: undefined, error: undefined, cookie: undefined }]);
  });

  it('work under the strict policy of helmet: a style of their own, no script, nothing inline, an image nowhere', async () => {
    const shown = await get('/oauth/start?state=s', { start: () => Promise.resolve({ ...page, scopes: [{ scope: 'spark:all', reason: 'why' }], next: { url: 'https://webexapis.com/v1/authorize?a=1&b=2', label: 'Go' } }) }, { secure: false });
    expect(shown.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(shown.text).not.toMatch(/<script|<style|style=|<img|<form|onclick/);
    expect(shown.text).toContain('href="https://webexapis.com/v1/authorize?a=1&#38;b=2"');
    expect(shown.text).toMatch(/^<!doctype html>\n<html lang="en">/);
    const style = await get('/oauth/style.css', {}, { secure: false });
    expect(style.headers.get('content-type')).toContain('text/css');
    expect(style.text).toContain('prefers-color-scheme: dark');
  });

  it('show a page when something fails, with an id that finds the log line, and no inner words of ours', async () => {
    const bug = await get('/oauth/start?state=s', { start: () => Promise.reject(new Error('inner words')) }, { secure: false });
    expect(bug.status).toBe(500);
    expect(bug.text).not.toContain('inner words');
    const error = new CallerMistake({ code: 'X', message: 'Webex did not answer.' });
    const known = await get('/oauth/start?state=s', { start: () => Promise.reject(error) }, { secure: false });
    expect(known.text).toContain('Webex did not answer.');
    expect(known.text).toContain(error.id);
  });
});
