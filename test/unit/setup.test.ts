import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { loadConfig } from '../../src/config.js';
import { createEmulator, type Emulator } from '../../src/emulator/server.js';
import { createClock } from '../../src/lib/clock.js';
import { createLog } from '../../src/lib/log.js';
import { program } from '../support/program.js';

let folder: string;
let emulator: Emulator;
let url: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steward-setup-'));
  emulator = createEmulator({ clock: createClock(), log: createLog({ level: 'silent' }), people: 60 });
  ({ url } = await emulator.start());
});
afterEach(async () => {
  await emulator.stop();
  await rm(folder, { recursive: true });
});

/** Runs `npm run setup` in the folder with these lines typed. */
function setup(lines: string[]): Promise<{ code: number | null; shown: string }> {
  const child = spawn(process.execPath, program('setup'), { cwd: folder, stdio: 'pipe' });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => { shown += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { shown += chunk.toString(); });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${lines.join('\n')}\n`);
  return new Promise((done) => child.on('close', (code) => { done({ code, shown }); }));
}

const answers = (): string[] => {
  const { bot, integration } = emulator.accounts();
  return [`${url}/v1`, `${url}/WBXService/XMLService`, '', bot.token, integration.clientId, integration.clientSecret, 'http://localhost:8080', '', '', '@acme.test', 'acme.webex.com'];
};
const written = async (): Promise<Record<string, string | undefined>> => parseEnv(await readFile(join(folder, '.env'), 'utf8'));

describe('npm run setup', () => {
  it('tests the token, makes the keys and writes a configuration that loads, for its owner only', async () => {
    const { code, shown } = await setup(answers());
    expect(shown).toContain('takes the token of the bot Steward (steward@webex.bot)');
    expect(shown).toContain('Webex knows the integration');
    expect(shown).toContain('Redirect URI: http://localhost:8080/oauth/callback');
    expect(shown).toMatch(/meeting:admin_preferences_write +to change who may schedule/);
    expect(code).toBe(0);
    const config = loadConfig(await written());
    expect(config).toMatchObject({ admins: ['@acme.test'], site: 'acme.webex.com', port: 8080, organizations: [[...emulator.state.organizations.values()][0]!.id] });
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['.env']);
    // Comments and unused keys of the example stay, for whoever edits it later.
    expect(await readFile(join(folder, '.env'), 'utf8')).toContain('#APPROVAL_STEPS=20');
    for (const secret of [config.botToken, config.clientSecret, config.webhookSecret, config.tokenKeys[0]!.secret.toString('base64')]) expect(shown).not.toContain(secret);
  });

  it('asks again for what cannot be right, and for a token that Webex does not take', async () => {
    const lines = answers();
    lines.splice(6, 1, 'http://steward.acme.test', 'http://localhost:8080');
    lines.splice(3, 1, 'not-a-token', lines[3]!);
    const { code, shown } = await setup(lines);
    expect(shown).toContain('WEBEX_BOT_TOKEN is not taken by Webex');
    expect(shown).toContain('PUBLIC_URL must begin with https://');
    expect(code).toBe(0);
  });

  it('refuses the token of a person', async () => {
    const lines = answers();
    lines[3] = emulator.accounts().people[0]!.token;
    const { code, shown } = await setup(lines);
    expect(shown).toContain('who is no bot');
    expect(code).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('never overwrites silently: no, and nothing, leave the file as it is', async () => {
    await writeFile(join(folder, '.env'), 'WEBEX_BOT_TOKEN=mine\n');
    for (const lines of [[''], ['no'], ['y']]) {
      const { shown } = await setup(lines);
      expect(shown).toMatch(/Nothing was (changed|written)/);
      expect(await readFile(join(folder, '.env'), 'utf8')).toBe('WEBEX_BOT_TOKEN=mine\n');
    }
  });

  it('keeps keys, secrets and settings of its own when it is run again, and a copy of the old file', async () => {
    await setup(answers());
    await writeFile(join(folder, '.env'), `${await readFile(join(folder, '.env'), 'utf8')}APPROVAL_STEPS=off\nOTHER='two words'\n`);
    const before = await written();
    const { code } = await setup(['yes', ...Array.from({ length: 9 }, () => ''), 'anna.berg@acme.test', '']);
    expect(code).toBe(0);
    expect(await written()).toEqual({ ...before, ALLOWED_ADMINS: 'anna.berg@acme.test' });
    expect(parseEnv(await readFile(join(folder, '.env.before'), 'utf8'))).toEqual(before);
    expect((await stat(join(folder, '.env.before'))).mode & 0o777).toBe(0o600);
  });
});
