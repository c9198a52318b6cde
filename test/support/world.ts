import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import { createEmulator, type Emulator } from '../../src/emulator/server.js';
import { createClock, type MovableClock } from '../../src/lib/clock.js';
import { createLog, type Log } from '../../src/lib/log.js';
import { ROOT } from '../structure/house.js';
import { link } from './link.js';
import { createPerson, type Person } from './person.js';
import { program } from './program.js';
import { openStream, type Stream } from './stream.js';

/** `processes`: the same tests against `npm run emulator` and `npm start` as two processes over the network. */
const AS_PROCESSES = process.env.STEWARD_WORLD === 'processes';

export interface RequestEntry {
  seq: number;
  at: number;
  /** Null while no reply was sent. */
  repliedAt: number | null;
  method: string;
  path: string;
  query: Record<string, string>;
  status: number | null;
  owner: string;
  body: any;
}

/** An emulated Webex with Steward at work in it. */
export interface World {
  /** The emulator's address, without a path. */
  url: string;
  /** Steward's own address. */
  publicUrl: string;
  botEmail: string;
  webhookSecret: string;
  stream: Stream;
  /** What is logged from here on, as text. */
  logged(): string;
  person(name: string): Person;
  /** Links an account through the pages, as a person with a browser would. */
  link(person: Person, what?: string): Promise<void>;
  control(method: 'GET' | 'POST', path: string, body?: unknown): Promise<any>;
  /** Requests since the last call of `mark`, only those with this text in method and path. */
  requests(containing?: string): Promise<RequestEntry[]>;
  mark(): Promise<void>;
  /** Who may schedule for a host now, as the emulator's own state says. */
  delegatesOf(host: string, site?: string): Promise<string[]>;
  /** Every entry of the audit logs, as they lie on disk. */
  audit(): { actor: string; action: string; subject?: string; details?: Record<string, unknown> }[];
  /** `meanwhile` is done while Steward does not run. */
  restart(kill?: 'kill', meanwhile?: () => Promise<void>): Promise<void>;
  /** Steward's process; undefined when it runs in this one. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

export interface WorldOptions {
  people?: number;
  organizationFile?: string;
  env?: Record<string, string>;
  /** Puts something between Steward and Webex's REST: given Webex's address, gives the one that Steward uses. */
  through?: (url: string) => Promise<string>;
  /** Always as processes: for tests that kill them. */
  processes?: boolean;
  /** Words before the commands of the two processes, as `taskset -c 0`. */
  prefix?: { webex: string[]; steward: string[] };
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'steward-test-'));
  const logLines: string[] = [];
  const asProcesses = options.processes ?? AS_PROCESSES;
  const webex = asProcesses ? await webexProcess(options) : await webexHere(options);
  const accounts = (await (await fetch(`${webex.url}/_emulator/accounts`)).json()) as Accounts;
  const webhookSecret = randomBytes(24).toString('hex');
  const environment: Record<string, string> = {
    ...environmentOf(webex.url, accounts, { port: await freePort(), dataDir, organization: await acme(webex.url), webhookSecret }),
    ...(options.through === undefined ? {} : { WEBEX_API_URL: `${await options.through(webex.url)}/v1` }), ...options.env,
  };
  const start = (): Promise<Running> => (asProcesses ? stewardProcess(environment, logLines, options.prefix?.steward) : stewardHere(environment, webex.clock, logLines));
  let steward = await start();
  const stream = await openStream(webex.url);
  let seen = 0;

  const control: World['control'] = async (method, path, body) => {
    const response = await fetch(`${webex.url}/_emulator/${path}`, { method, ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /_emulator/${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const world: World = {
    url: webex.url, publicUrl: environment.PUBLIC_URL ?? '', botEmail: accounts.bot.email, webhookSecret, stream, control,
    logged: () => logLines.join(''),
    person: (name) => {
      const found = accounts.people.find((one) => one.email === name || one.email.startsWith(`${name}@`));
      if (found === undefined) throw new Error(`Nobody called ${name} in the emulator.`);
      return createPerson({ url: webex.url, email: found.email, token: found.token, botEmail: accounts.bot.email, stream });
    },
    link: (person, what = 'delegates') => link(world, person, what),
    requests: async (containing = '') => {
      const { items } = (await control('GET', `requests?since=${seen}`)) as { items: RequestEntry[] };
      return items.filter((one) => `${one.method} ${one.path}`.includes(containing));
    },
    mark: async () => {
      seen = ((await control('GET', `requests?since=${seen}`)) as { items: RequestEntry[] }).items.at(-1)?.seq ?? seen;
    },
    delegatesOf: async (host, site = 'acme.webex.com') => {
      const { people } = (await control('GET', 'state')) as { people: { emails: string[]; sites: { siteUrl: string; delegates: string[] }[] }[] };
      const sites = people.find((one) => one.emails.some((email) => email === host || email.startsWith(`${host}@`)))?.sites ?? [];
      return [...(sites.find((one) => one.siteUrl === site)?.delegates ?? [])].sort();
    },
    audit: () => readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(join('logs', 'audit.ndjson')))
      .flatMap((path) => readFileSync(join(dataDir, path), 'utf8').split('\n').slice(0, -1))
      .map((line) => JSON.parse(line) as ReturnType<World['audit']>[number]),
    restart: async (kill, meanwhile) => {
      await steward.stop(kill);
      await meanwhile?.();
      steward = await start();
    },
    pid: () => steward.pid,
    stop: async () => {
      stream.stop();
      await steward.stop();
      await webex.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return world;
}

/** Steward and its Webex in this process, for tests that look at the program itself. */
export async function startHere(): Promise<{ app: App; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'steward-test-'));
  const webex = await webexHere({ people: 45 });
  const accounts = (await (await fetch(`${webex.url}/_emulator/accounts`)).json()) as Accounts;
  const environment = environmentOf(webex.url, accounts, { port: await freePort(), dataDir, organization: await acme(webex.url), webhookSecret: randomBytes(24).toString('hex') });
  const app = await startApp(loadConfig(environment), { clock: webex.clock, log: createLog({ level: 'silent' }) });
  return {
    app,
    stop: async () => {
      await app.stop();
      await webex.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

interface Accounts {
  xmlUrl: string;
  bot: { email: string; token: string };
  integration: { clientId: string; clientSecret: string };
  people: { email: string; token: string }[];
}

async function acme(url: string): Promise<string> {
  const state = (await (await fetch(`${url}/_emulator/state`)).json()) as { organizations: { id: string; displayName: string }[] };
  return state.organizations.find((one) => one.displayName === 'Acme')?.id ?? '';
}

/** What Steward's environment is in a world. */
function environmentOf(url: string, accounts: Accounts, own: { port: number; dataDir: string; organization: string; webhookSecret: string }): Record<string, string> {
  return {
    WEBEX_BOT_TOKEN: accounts.bot.token, WEBEX_CLIENT_ID: accounts.integration.clientId, WEBEX_CLIENT_SECRET: accounts.integration.clientSecret,
    WEBEX_API_URL: `${url}/v1`, WEBEX_XML_URL: accounts.xmlUrl, PUBLIC_URL: `http://127.0.0.1:${own.port}`, PORT: String(own.port), OPS_ADDRESS: '127.0.0.1:0',
    DATA_DIR: own.dataDir, WEBHOOK_SECRET: own.webhookSecret, TOKEN_KEYS: `test:${randomBytes(32).toString('base64')}`,
    ALLOWED_ORGANIZATIONS: own.organization, ALLOWED_ADMINS: '@acme.test', LOG_LEVEL: 'info',
  };
}

interface Webex {
  url: string;
  clock: MovableClock;
  stop(): Promise<void>;
}

interface Running {
  pid?: number | undefined;
  stop(kill?: 'kill'): Promise<void>;
}

async function webexHere(options: WorldOptions): Promise<Webex> {
  const clock = createClock();
  const emulator: Emulator = createEmulator({
    clock, log: createLog({ level: 'silent' }), ...(options.people === undefined ? {} : { people: options.people }), ...(options.organizationFile === undefined ? {} : { organizationFile: options.organizationFile }),
  });
  const { url } = await emulator.start();
  return { url, clock, stop: () => emulator.stop() };
}

async function webexProcess(options: WorldOptions): Promise<Webex> {
  const flags = [...(options.people === undefined ? [] : ['--people', String(options.people)]), ...(options.organizationFile === undefined ? [] : ['--org', options.organizationFile])];
  const [command, ...words] = [...(options.prefix?.webex ?? []), process.execPath];
  const child = spawn(command, [...words, ...program('emulator'), '--port', '0', ...flags], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await firstLine(child, /^\{.*\}$/m);
  return { url: (JSON.parse(line) as { url: string }).url, clock: createClock(), stop: () => ended(child, 'SIGKILL') };
}

async function stewardHere(environment: Record<string, string>, clock: MovableClock, lines: string[]): Promise<Running> {
  const log: Log = createLog({ level: environment.LOG_LEVEL ?? 'info', destination: { write: (line: string) => void lines.push(line) } });
  const app: App = await startApp(loadConfig(environment), { clock, log });
  return { stop: () => app.stop() };
}

async function stewardProcess(environment: Record<string, string>, lines: string[], prefix: readonly string[] | undefined): Promise<Running> {
  const [command, ...words] = [...(prefix ?? []), process.execPath];
  const child = spawn(command, [...words, ...program('start')], { cwd: ROOT, env: { PATH: process.env.PATH ?? '', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => void lines.push(chunk.toString('utf8')));
  await firstLine(child, /Steward listens/);
  return { pid: child.pid, stop: (kill) => ended(child, kill === 'kill' ? 'SIGKILL' : 'SIGTERM') };
}

function firstLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const match = pattern.exec(text);
      if (match !== null) resolve(match[0]);
    });
    child.stderr?.on('data', (chunk: Buffer) => { text += chunk.toString('utf8'); });
    child.once('exit', (code) => { reject(new Error(`Ended with ${String(code)} before it was ready:\n${text}`)); });
  });
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => { resolve(); });
    child.kill(signal);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => { resolve(port); });
    });
  });
}
