import { existsSync } from 'node:fs';
import { startApp } from './app.js';
import { loadConfig } from './config.js';
import { runDoctor } from './doctor.js';
import { createClock } from './lib/clock.js';
import { messageOf } from './lib/errors.js';
import { createLog } from './lib/log.js';

const STILL_HERE_MS = 1_000;

/** `npm start`, and `npm run doctor`: environment (and .env) → config → app, until a signal asks to stop. */
async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env);
  const clock = createClock();
  const log = createLog({ level: config.logLevel });
  if (process.argv[2] === 'doctor') {
    const { ok, lines } = await runDoctor(config, { clock, log });
    process.stdout.write(`${lines.join('\n')}\n`);
    process.exitCode = ok ? 0 : 1;
    return;
  }
  const app = await startApp(config, { clock, log });
  process.stdout.write(`Steward listens on port ${app.port}; Webex and browsers reach it at ${config.publicUrl}\n`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping');
      // Waits of the clock keep no process alive; what is being finished must not be cut off by there being nothing else.
      setInterval(() => undefined, STILL_HERE_MS);
      app.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ error }, 'did not stop cleanly; the next start takes up what is left');
          process.exit(1);
        },
      );
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
