import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, copyFile, rename, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { parseEnv } from 'node:util';
import { ConfigError, loadConfig } from './config.js';
import { checkBot, checkIntegration, portalLines, transportFor } from './doctor.js';
import { createClock } from './lib/clock.js';
import { createLog } from './lib/log.js';

/*
 * `npm run setup`: writes `.env` question by question, beside package.json. What is in it already is offered as the answer.
 * Nothing is written before the last question is answered.
 */

const FILE = '.env';
const OWNER_ONLY = 0o600;

interface Question {
  key: string;
  text: string;
  /** Neither shown while typed nor when kept. */
  secret?: true;
  optional?: true;
  /** Used when nothing is typed and nothing was there. */
  proposal?: string;
}

/** Asks line by line. A secret is not echoed on a terminal. Rejects when the input ends. */
function createPrompt(): { ask(text: string, secret?: boolean): Promise<string>; say(text: string): void; close(): void } {
  let muted = false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!muted) process.stdout.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
  const next = lines[Symbol.asyncIterator]();
  return {
    ask: async (text, secret = false) => {
      process.stdout.write(`${text} `);
      muted = secret && process.stdin.isTTY;
      const line = await next.next();
      if (muted) process.stdout.write('\n');
      muted = false;
      if (line.done === true) throw new Error('The input ended before the last question. Nothing was written.');
      return line.value.trim();
    },
    say: (text) => { process.stdout.write(`${text}\n`); },
    close: () => { lines.close(); },
  };
}

/** What is wrong with one value by itself; undefined when nothing is. */
function problemOf(key: string, value: string): string | undefined {
  try {
    loadConfig({ [key]: value });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.find((problem) => problem.key === key)?.problem;
  }
}

async function setup(): Promise<void> {
  const prompt = createPrompt();
  const before: Record<string, string | undefined> = existsSync(FILE) ? parseEnv(readFileSync(FILE, 'utf8')) : {};
  const values: Record<string, string> = {};
  const keep = (key: string): string | undefined => (before[key] === '' ? undefined : before[key]);

  const answer = async ({ key, text, secret, optional, proposal }: Question): Promise<void> => {
    const known = keep(key) ?? proposal;
    const shown = known === undefined ? (optional === true ? ' [none]' : '') : secret === true ? ' [keep]' : ` [${known}]`;
    for (;;) {
      const given = await prompt.ask(`${text}${shown}:`, secret === true);
      const value = given === '' ? (known ?? '') : given;
      if (value === '' && optional === true) return;
      const problem = problemOf(key, value);
      if (problem === undefined) {
        values[key] = value;
        return;
      }
      prompt.say(`  ${key} ${problem}`);
    }
  };

  try {
    prompt.say(`This writes ${FILE}. Answers in brackets are taken when you press Enter.\n`);
    if (existsSync(FILE) && !/^y(es)?$/i.test(await prompt.ask(`There is a ${FILE} already. Change it? A copy is kept as ${FILE}.before [no]:`))) {
      prompt.say('Nothing was changed.');
      return;
    }
    await answer({ key: 'WEBEX_API_URL', text: 'Address of the Webex API', proposal: 'https://webexapis.com/v1' });
    await answer({ key: 'WEBEX_XML_URL', text: 'Address of the Meetings XML API', proposal: 'https://api.webex.com/WBXService/XMLService' });
    await answer({ key: 'HTTPS_PROXY', text: 'Proxy to the internet', optional: true });
    const transport = transportFor({ apiUrl: values['WEBEX_API_URL'] ?? '', xmlUrl: values['WEBEX_XML_URL'] ?? '', proxy: values['HTTPS_PROXY'] }, { clock: createClock({ keepAlive: true }), log: createLog({ level: 'silent' }) });

    let organization: string | undefined;
    for (let tries = 0; tries < 3; tries += 1) {
      await answer({ key: 'WEBEX_BOT_TOKEN', text: 'Token of the bot (developer.webex.com > My Webex Apps > Create a Bot)', secret: true });
      const found = await checkBot({ botToken: values['WEBEX_BOT_TOKEN'] ?? '', apiUrl: values['WEBEX_API_URL'] ?? '', proxy: values['HTTPS_PROXY'] }, transport);
      prompt.say(`  ${found.text}`);
      organization = found.organization;
      if (found.state === 'ok') break;
      before['WEBEX_BOT_TOKEN'] = '';
    }
    if (organization === undefined) throw new Error('The token of the bot could not be tested. Nothing was written.');

    await answer({ key: 'WEBEX_CLIENT_ID', text: 'Client id of the integration (Create an Integration)' });
    await answer({ key: 'WEBEX_CLIENT_SECRET', text: 'Client secret of the integration', secret: true });
    prompt.say(`  ${(await checkIntegration({ clientId: values['WEBEX_CLIENT_ID'] ?? '', clientSecret: values['WEBEX_CLIENT_SECRET'] ?? '' }, transport)).text}`);
    transport.close();
    await answer({ key: 'PUBLIC_URL', text: 'Address at which Webex and browsers reach Steward (https://…)' });
    await answer({ key: 'PORT', text: 'Port on which Steward listens', proposal: '8080' });
    await answer({ key: 'ALLOWED_ORGANIZATIONS', text: 'Ids of the organizations that may use it', proposal: organization });
    await answer({ key: 'ALLOWED_ADMINS', text: 'Addresses of those who may use it, or @domain, with commas' });
    await answer({ key: 'WEBEX_SITE', text: 'Webex site that is meant when none is named (acme.webex.com)', optional: true });
    values['WEBHOOK_SECRET'] = keep('WEBHOOK_SECRET') ?? randomBytes(32).toString('hex');
    values['TOKEN_KEYS'] = keep('TOKEN_KEYS') ?? `k1:${randomBytes(32).toString('base64')}`;

    const all = { ...before, ...values };
    const config = loadConfig(all);
    if (existsSync(FILE)) {
      await copyFile(FILE, `${FILE}.before`);
      await chmod(`${FILE}.before`, OWNER_ONLY);
    }
    await writeOwnerOnly(FILE, filled(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'), all));
    prompt.say(['', `${FILE} is written; only you can read it. Keep a copy of TOKEN_KEYS: without it linked accounts are lost.`, '', ...portalLines(config), '', 'Then: npm start. To look at everything again: npm run doctor'].join('\n'));
  } finally {
    prompt.close();
  }
}

/** The example with the values in it, so that its comments stay; what it does not know comes at the end. */
function filled(example: string, values: Readonly<Record<string, string | undefined>>): string {
  const rest = new Map(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
  const lines = example.trimEnd().split('\n').map((line) => {
    const key = /^#?([A-Z_]+)=/.exec(line)?.[1] ?? '';
    const value = rest.get(key);
    if (value === undefined) return line;
    rest.delete(key);
    return `${key}=${quoted(value)}`;
  });
  return `${[...lines, ...[...rest].map(([key, value]) => `${key}=${quoted(value ?? '')}`)].join('\n')}\n`;
}

function quoted(value: string): string {
  if (/^[\w:/.,@%+=~-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}

/** Never readable by others, not even for a moment; never half written. */
async function writeOwnerOnly(file: string, text: string): Promise<void> {
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(fresh, text, { mode: OWNER_ONLY, flag: 'wx' });
  await rename(fresh, file);
}

try {
  await setup();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
