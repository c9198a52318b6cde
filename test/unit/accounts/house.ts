import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import express from 'express';
import type { Account } from '../../../src/accounts/define.js';
import { createAccounts, type LinkedAccounts } from '../../../src/accounts/index.js';
import type { LinkCaller } from '../../../src/accounts/link.js';
import { createAccountRecords } from '../../../src/accounts/records.js';
import { FEATURES } from '../../../src/accounts/scopes.js';
import { createTokens, type AccountTokens } from '../../../src/accounts/tokens.js';
import { createEmulator, type Emulator } from '../../../src/emulator/server.js';
import { oauthRoutes } from '../../../src/http/routes/oauth.js';
import { createClock, type MovableClock } from '../../../src/lib/clock.js';
import { createLog, type Log } from '../../../src/lib/log.js';
import { createAuditLog, type AuditEntry, type AuditLog } from '../../../src/store/audit.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import type { Store } from '../../../src/store/store.js';
import { createVault, type Vault } from '../../../src/store/vault.js';
import { keysOf } from '../../support/keys.js';
import { createTransport } from '../../../src/webex/client.js';
import { refreshToken } from '../../../src/webex/oauth.js';

/** Accounts over an emulated Webex, with the OAuth pages on a real server. */
export interface House {
  accounts: LinkedAccounts;
  tokens: AccountTokens;
  emulator: Emulator;
  clock: MovableClock;
  log: Log;
  /** Everything that was logged, as text. */
  logged: () => string;
  store: Store;
  vault: Vault;
  audit: AuditLog;
  url: string;
  /** Accounts that were told that they are linked, people who were told why not, accounts that left. */
  told: { linked: Account[]; refused: { caller: LinkCaller; reason: string }[]; unlinked: string[]; gone: string[] };
  caller(email: string): LinkCaller;
  audited(organization: string): Promise<AuditEntry[]>;
  /** A call under `/_emulator`. */
  control(path: string, body?: unknown): Promise<any>;
  /** Goes the whole way in a browser: the link that `email` asked for, signing in as `as`. */
  link(email: string, options?: { features?: string[]; as?: string; decision?: 'allow' | 'deny' }): Promise<Shown>;
  begin(email: string, features?: string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface Shown {
  status: number;
  text: string;
  headers: Headers;
}

export async function openHouse(options: { organizations?: string[]; admins?: string[] } = {}): Promise<House> {
  const clock = createClock();
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: new Writable({ write: (chunk, _encoding, done) => { lines.push(String(chunk)); done(); } }) });
  const emulator = createEmulator({ clock, log: createLog({ level: 'silent' }), people: 60 });
  const { url: webexUrl, xmlUrl } = await emulator.start();
  const acme = [...emulator.state.organizations.values()].find(({ displayName }) => displayName === 'Acme')!;
  const dataDir = await mkdtemp(join(tmpdir(), 'steward-accounts-'));
  const store = await openLowdbStore({ dataDir, clock, log });
  const vault = createVault(keysOf(`k1:${randomBytes(32).toString('base64')}`));
  const audit = createAuditLog({ store, vault, clock, log });
  const transport = createTransport({ baseUrl: `${webexUrl}/v1`, xmlUrl, clock, log });
  const { clientId, clientSecret } = emulator.accounts().integration;
  const integration = { clientId, clientSecret };

  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const told: House['told'] = { linked: [], refused: [], unlinked: [], gone: [] };
  const records = createAccountRecords(store);
  const tokens = createTokens({
    store, vault, records, audit, clock, log, refresh: (token) => refreshToken(transport, integration, token),
    gone: ({ personId }) => { told.gone.push(personId); return Promise.resolve(); }, ending: () => Promise.resolve(),
  });
  const accounts = createAccounts({
    store, tokens, transport, integration, audit, clock, log, publicUrl: url,
    allowed: { organizations: options.organizations ?? [acme.id], admins: options.admins ?? ['@acme.test'] },
    linked: (account) => { told.linked.push(account); return Promise.resolve(); },
    refused: (caller, reason) => { told.refused.push({ caller, reason }); return Promise.resolve(); },
    unlinked: ({ personId }) => { told.unlinked.push(personId); return Promise.resolve(); },
  });
  app.use(oauthRoutes(accounts.linking, { secure: false, log }));

  const caller: House['caller'] = (email) => {
    const person = [...emulator.state.people.values()].find(({ emails }) => emails.includes(email))!;
    return { personId: person.id, email, displayName: person.displayName, orgId: person.orgId };
  };
  const begin: House['begin'] = (email, features = ['delegates']) =>
    accounts.linking.begin(caller(email), FEATURES.filter(({ name }) => features.includes(name)));

  return {
    accounts, tokens, emulator, clock, log, store, vault, audit, url, told, caller, begin,
    logged: () => lines.join(''),
    audited: async (organization) => {
      const all: AuditEntry[] = [];
      for await (const entry of audit.entries(organization)) all.push(entry);
      return all;
    },
    control: async (path, body) => {
      const response = await fetch(`${webexUrl}/_emulator${path}`, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return response.json();
    },
    link: async (email, { features, as = email, decision = 'allow' } = {}) => {
      const browser = createBrowser();
      await browser.open(await begin(email, features));
      return browser.open(await browser.decide(as, decision));
    },
    stop: async () => {
      transport.close();
      await store.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await emulator.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** One person's browser: keeps cookies, knows the page that it shows. */
export interface Browser {
  cookies: Map<string, string>;
  open(url: string): Promise<Shown>;
  /** Follows the button of our start page to Webex and answers there; gives the address that Webex sends the browser back to. */
  decide(email: string, decision: 'allow' | 'deny'): Promise<string>;
}

export function createBrowser(): Browser {
  const cookies = new Map<string, string>();
  let next = '';
  return {
    cookies,
    open: async (url) => {
      const response = await fetch(url, { redirect: 'manual', headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } });
      for (const line of response.headers.getSetCookie()) {
        const [name = '', value = ''] = line.split(';')[0]!.split(/=(.*)/s);
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      const text = await response.text();
      next = unescaped(/class="next"[^>]*href="([^"]+)"/.exec(text)?.[1] ?? '');
      return { status: response.status, text, headers: response.headers };
    },
    decide: async (email, decision) => {
      const asked = new URL(next);
      const form = new URLSearchParams([...asked.searchParams, ['email', email], ['decision', decision]]);
      const response = await fetch(`${asked.origin}${asked.pathname}`, { method: 'POST', redirect: 'manual', body: form });
      return response.headers.get('location') ?? '';
    },
  };
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
}
