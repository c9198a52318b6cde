import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApp } from './app.js';
import { loadConfig } from './config.js';
import { createEmulator } from './emulator/server.js';
import { createClock } from './lib/clock.js';
import { messageOf } from './lib/errors.js';
import { createLog } from './lib/log.js';

const PORT = 4010;

/** `npm run demo -- [--port N]`: Steward against its own emulated Webex, in one process on one clock. No token, no network, nothing kept. */
async function main(): Promise<void> {
  const port = portOf(process.argv);
  const clock = createClock({ keepAlive: true });
  const log = createLog({ level: process.env.LOG_LEVEL ?? 'warn' });
  const emulator = createEmulator({ clock, log, port });
  const { url, xmlUrl } = await emulator.start();
  const { bot, integration, people } = emulator.accounts();
  const acme = emulator.state.people.get(people[0]?.id ?? '')?.orgId ?? '';
  const ownPort = await freePort();
  const dataDir = mkdtempSync(join(tmpdir(), 'steward-demo-'));
  const app = await startApp(loadConfig({
    WEBEX_BOT_TOKEN: bot.token, WEBEX_CLIENT_ID: integration.clientId, WEBEX_CLIENT_SECRET: integration.clientSecret,
    WEBEX_API_URL: `${url}/v1`, WEBEX_XML_URL: xmlUrl, WEBEX_SITE: 'acme.webex.com',
    PUBLIC_URL: `http://127.0.0.1:${ownPort}`, PORT: String(ownPort), OPS_ADDRESS: '127.0.0.1:0', DATA_DIR: dataDir,
    WEBHOOK_SECRET: randomBytes(32).toString('hex'), TOKEN_KEYS: `demo:${randomBytes(32).toString('base64')}`,
    ALLOWED_ORGANIZATIONS: acme, ALLOWED_ADMINS: '@acme.test', LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  }), { clock, log });
  process.stdout.write(`\n  Steward is ready. Open  ${url}  and say hello to the bot. (Ctrl+C ends the demo; nothing is kept.)\n\n`);
  const stop = (): void => {
    void app.stop().then(() => emulator.stop()).finally(() => {
      rmSync(dataDir, { recursive: true, force: true });
      process.exit(0);
    });
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** The address must be known before the app starts: Webex is told it. */
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

/** The port behind `--port`. Throws for what is none. */
function portOf(words: readonly string[]): number {
  const at = words.indexOf('--port');
  const port = at < 0 ? PORT : Number(words[at + 1]);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`“${words[at + 1] ?? ''}” is no port. Write a number: npm run demo -- --port 4011`);
}

main().catch((error: unknown) => {
  const { code, port } = error as { code?: string; port?: number };
  process.stderr.write(code === 'EADDRINUSE' ? `Port ${port ?? PORT} is taken. Choose another one: npm run demo -- --port ${(port ?? PORT) + 1}\n` : `${messageOf(error)}\n`);
  process.exit(1);
});
