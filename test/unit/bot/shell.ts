import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refusalOf } from '../../../src/accounts/allowed.js';
import { createAuthority } from '../../../src/accounts/authority.js';
import type { Account } from '../../../src/accounts/define.js';
import { createAccountRecords } from '../../../src/accounts/records.js';
import { createBot, type Bot } from '../../../src/bot/bot.js';
import { peopleOf, textOf, type Access, type Command, type Poster } from '../../../src/bot/define.js';
import type { Offer } from '../../../src/bot/ports.js';
import { SETTINGS } from '../../../src/capabilities/settings/index.js';
import { createCards } from '../../../src/cards/render.js';
import { createDirectory } from '../../../src/directory/directory.js';
import { createFinder } from '../../../src/directory/finder.js';
import { createEmulator } from '../../../src/emulator/server.js';
import { listen } from '../../../src/http/server.js';
import { createClock, type MovableClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { markdown } from '../../../src/lib/text.js';
import { createAuditLog, type AuditEntry } from '../../../src/store/audit.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import { createSettingsStore, type SettingsStore } from '../../../src/store/settings.js';
import { createSpaceOrganizations } from '../../../src/store/spaces.js';
import type { Store } from '../../../src/store/store.js';
import { createVault } from '../../../src/store/vault.js';
import type { TokenSource } from '../../../src/webex/call.js';
import { createClient, createTransport, readOnly } from '../../../src/webex/client.js';
import { createPerson, type Person } from '../../support/person.js';
import { openStream, type Stream } from '../../support/stream.js';
import type { RequestEntry } from '../../support/world.js';

export const SECRET = 'a secret for webhooks only';
const OPEN: Access = { linked: false, scopes: [], roles: [] };
const FULL: Access = { linked: true, scopes: ['spark-admin:people_read'], roles: ['Full Administrator'] };

/** The shell on a real emulator, store, framework and server, with a few commands that do next to nothing. */
export interface ShellWorld {
  bot: Bot;
  poster: Poster;
  store: Store;
  settings: SettingsStore;
  clock: MovableClock;
  stream: Stream;
  self: { id: string; email: string };
  organization: string;
  url: string;
  webhookUrl: string;
  /** What `try` and `note` were run with, in order. */
  ran: { command: string; values: Record<string, string>; by: string }[];
  person(name: string): Person & { id: string };
  /** Gives somebody a linked account, as after `account link`. */
  link(name: string, scopes?: string[]): Promise<void>;
  room(title: string): Promise<string>;
  control(path: string, body: unknown): Promise<void>;
  requests(containing: string): Promise<RequestEntry[]>;
  audit(): Promise<AuditEntry[]>;
  logged(): string;
  /** Stops the shell and its store, and starts them again on the same data. `while` runs when nothing listens. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function startShell(extra: Partial<Offer> = {}): Promise<ShellWorld> {
  const clock = createClock();
  const emulator = createEmulator({ clock, log: createLog({ level: 'silent' }), people: 45 });
  const { url, xmlUrl } = await emulator.start();
  const accounts = emulator.accounts();
  const dataDir = mkdtempSync(join(tmpdir(), 'steward-shell-'));
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  const transport = createTransport({ baseUrl: `${url}/v1`, xmlUrl, clock, log });
  const stream = await openStream(url);
  const tokenOf = (owner: string, token: string): TokenSource => ({ owner, token: () => Promise.resolve(token), refresh: () => Promise.resolve(token) });
  const botClient = createClient(transport, tokenOf('bot', accounts.bot.token));
  const vault = createVault([{ id: 'k', secret: randomBytes(32) }]);
  const state = (await (await fetch(`${url}/_emulator/state`)).json()) as { organizations: { id: string; displayName: string }[]; rooms: { id: string; title: string }[] };
  const organization = state.organizations.find((one) => one.displayName === 'Acme')?.id ?? '';
  const allowed = { organizations: [organization], admins: ['@acme.test'] };
  const ran: ShellWorld['ran'] = [];
  let port = 0;
  const offer: Offer = { capabilities: [{ name: 'tests', commands: testCommands(ran), stepKinds: [] }], planMaker: () => Promise.resolve(), ...extra };

  const idOf = (name: string): { id: string; email: string; token: string; displayName: string } => {
    const found = accounts.people.find((one) => one.email === name || one.email.startsWith(`${name}@`));
    if (!found) throw new Error(`Nobody called ${name}.`);
    return found;
  };

  const startParts = async (): Promise<{ bot: Bot; store: Store; settings: SettingsStore; records: ReturnType<typeof createAccountRecords>; audit: ReturnType<typeof createAuditLog>; stop(): Promise<void> }> => {
    const store = await openLowdbStore({ dataDir, clock, log });
    const records = createAccountRecords(store);
    const reader = (account: Pick<Account, 'email'>): ReturnType<typeof readOnly> => readOnly(createClient(transport, tokenOf(account.email, idOf(account.email).token)));
    const settings = createSettingsStore({ store, vault, clock, definitions: SETTINGS });
    const audit = createAuditLog({ store, vault, clock, log });
    const made: { bot?: Bot } = {};
    const server = await listen({
      config: { port, host: '127.0.0.1', ops: { host: '127.0.0.1', port: 0 }, publicUrl: 'http://127.0.0.1' },
      webhook: { secret: SECRET, receive: (event) => made.bot?.receive(event) ?? Promise.resolve('busy') },
      linking: { start: () => Promise.reject(new Error('not here')), finish: () => Promise.reject(new Error('not here')) },
      health: () => ({ isReady: true, numbers: {} }), clock, log,
    });
    port = server.port;
    const bot = createBot({
      bot: botClient, store, vault, clock, log, settings,
      audit,
      accounts: {
        authority: createAuthority({ records, reader, allowed, clock, log }),
        find: (org, personId) => records.find(org, personId), list: (org) => records.list(org), reader,
      },
      spaces: createSpaceOrganizations({ store, vault, clock }),
      schedules: () => undefined as never,
      outdate: () => Promise.resolve(),
      directory: createFinder(createDirectory({ clock, log })),
      refusalOf: (who) => refusalOf(allowed, who),
      cards: createCards(),
      webhook: { url: `http://127.0.0.1:${port}/webhook`, secret: SECRET },
    });
    made.bot = bot;
    await bot.start(offer);
    return {
      bot, store, settings, records, audit,
      stop: async () => {
        await server.stop();
        await bot.stop();
        await store.close();
      },
    };
  };
  let parts = await startParts();

  const world: ShellWorld = {
    get bot() { return parts.bot; },
    get poster() { return parts.bot.poster; },
    get store() { return parts.store; },
    get settings() { return parts.settings; },
    clock, stream, organization, url, ran,
    self: { id: accounts.bot.id, email: accounts.bot.email },
    get webhookUrl() { return `http://127.0.0.1:${port}/webhook`; },
    person: (name) => {
      const { id, email, token } = idOf(name);
      return { ...createPerson({ url, email, token, botEmail: accounts.bot.email, stream }), id };
    },
    link: async (name, scopes = ['spark-admin:people_read']) => {
      const { id, email, displayName } = idOf(name);
      await parts.records.put({ personId: id, email, displayName, orgId: organization, organizations: [{ id: organization, name: 'Acme' }], scopes, linkedAt: clock.iso(), state: 'linked' });
    },
    room: (title) => Promise.resolve(state.rooms.find((room) => room.title === title)?.id ?? ''),
    control: async (path, body) => {
      const answer = await fetch(`${url}/_emulator/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    requests: async (containing) => {
      const { items } = (await (await fetch(`${url}/_emulator/requests`)).json()) as { items: RequestEntry[] };
      return items.filter((one) => `${one.method} ${one.path}`.includes(containing));
    },
    audit: async () => {
      const found: AuditEntry[] = [];
      for (const chain of [organization, undefined]) for await (const entry of parts.audit.entries(chain)) found.push(entry);
      return found;
    },
    logged: () => lines.join(''),
    restart: async (meanwhile) => {
      await parts.stop();
      await meanwhile?.();
      parts = await startParts();
    },
    stop: async () => {
      stream.stop();
      await parts.stop();
      await emulator.stop();
      transport.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return world;
}

function testCommands(ran: ShellWorld['ran']): Command[] {
  const told = (values: Record<string, unknown>): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : peopleOf({ [name]: value as never }, name).people.map((person) => person.email).join(',')]));
  const text = { kind: 'text', help: 'any words', required: false } as const;
  return [
    {
      noun: 'echo', verb: 'words', summary: 'Say the words again', examples: ['echo words hello'], access: OPEN, plans: false,
      arguments: [{ ...text, name: 'words', label: 'Words', required: true, positional: true }, { ...text, name: 'note', label: 'Note' }],
      run: (context, values) => {
        ran.push({ command: 'echo words', values: told(values), by: context.caller.email });
        return Promise.resolve({ kind: 'view', view: { audience: 'open', markdown: `You said: ${markdown(textOf(values, 'words') ?? '', 7000)}`, card: { template: 'bot/text', data: { title: 'You said', lines: [textOf(values, 'words')] }, buttons: [{ title: 'Once', command: 'echo press', arguments: { bound: 'yes' }, once: true }, { title: 'Mine', command: 'echo press', arguments: { bound: 'mine' }, only: context.caller.personId }] } } });
      },
    },
    {
      noun: 'echo', verb: 'press', summary: 'Note a press', examples: [], access: FULL, plans: false,
      arguments: [{ ...text, name: 'bound', label: 'Bound' }],
      run: (context, values) => {
        ran.push({ command: 'echo press', values: told(values), by: context.caller.email });
        return Promise.resolve({ kind: 'view', view: { audience: 'open', markdown: `Pressed with ${textOf(values, 'bound') ?? ''}` } });
      },
    },
    {
      noun: 'team', verb: 'note', summary: 'Note people', examples: ['team note amy.adams@acme.test for=cara.olsen@acme.test'], access: FULL, plans: false, csv: ['person', 'note?'],
      arguments: [
        { name: 'who', kind: 'people', label: 'People', help: 'people', required: true, positional: true },
        { name: 'for', kind: 'people', label: 'Hosts', help: 'people', required: true, keywords: ['everyone'] },
        { name: 'mode', kind: 'choice', label: 'Mode', help: 'how', required: false, choices: [{ title: 'Add to it', value: 'add' }, { title: 'Replace it', value: 'set' }], default: 'add' },
      ],
      run: (context, values) => {
        ran.push({ command: 'team note', values: told({ ...values, ...(context.csv === undefined ? {} : { csv: context.csv.bytes.toString('utf8') }) }), by: context.caller.email });
        const names = [...peopleOf(values, 'who').people.map((person) => person.displayName), ...peopleOf(values, 'who').problems.map((problem) => `${problem.subject}: ${problem.reason}`)];
        return Promise.resolve({ kind: 'view', view: { audience: 'details', markdown: `Noted: ${names.map((name) => markdown(name)).join(', ')}` } });
      },
    },
    {
      noun: 'team', verb: 'fail', summary: 'Fail', examples: [], access: OPEN, plans: false, arguments: [],
      run: () => Promise.reject(new Error('the inside story')),
    },
    {
      noun: 'team', verb: 'file', summary: 'A file', examples: [], access: OPEN, plans: false, arguments: [],
      run: () => Promise.resolve({ kind: 'view', view: { audience: 'open', markdown: 'Here it is', card: { template: 'bot/text', data: { title: 'A file', lines: ['Here it is'] } }, files: [{ name: 'list.csv', content: Buffer.from('a,b\n') }] } }),
    },
  ];
}
