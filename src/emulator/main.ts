import { parseArgs } from 'node:util';
import { createClock } from '../lib/clock.js';
import { createLog } from '../lib/log.js';
import { createEmulator } from './server.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' }, host: { type: 'string' }, org: { type: 'string' }, people: { type: 'string' },
    log: { type: 'string', default: 'silent' },
  },
});

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new Error(`--${name} must be a whole number.`);
  return Number(text);
}

try {
  const emulator = createEmulator({
    clock: createClock({ keepAlive: true }),
    // The one line on standard output is for programs: what is logged goes to standard error.
    log: createLog({ level: values.log, destination: process.stderr }),
    port: wholeNumber('port', values.port),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.org === undefined ? {} : { organizationFile: values.org }),
    ...(values.people === undefined ? {} : { people: wholeNumber('people', values.people) }),
  });
  const { url } = await emulator.start();
  process.stdout.write(`${JSON.stringify({ ready: true, url })}\n`);
  const stop = (): void => void emulator.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  process.stderr.write(`The emulator did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
