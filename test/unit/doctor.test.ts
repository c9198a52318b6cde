import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config } from '../../src/config.js';
import { runDoctor, type Diagnosis } from '../../src/doctor.js';
import { createEmulator, type Emulator } from '../../src/emulator/server.js';
import { createClock } from '../../src/lib/clock.js';
import { createLog } from '../../src/lib/log.js';
import { createAuditLog } from '../../src/store/audit.js';
import { openLowdbStore } from '../../src/store/lowdb/index.js';
import { createVault } from '../../src/store/vault.js';

const means = { clock: createClock(), log: createLog({ level: 'silent' }) };
let dataDir: string;
let emulator: Emulator;
let url: string;
let steward: Server;
let config: Config;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'steward-doctor-'));
  emulator = createEmulator({ ...means, people: 60 });
  ({ url } = await emulator.start());
  steward = createServer((_request, response) => { response.end('<p class="name">Steward</p>'); });
  await new Promise<void>((resolve) => { steward.listen(0, '127.0.0.1', resolve); });
  const { bot, integration } = emulator.accounts();
  config = loadConfig({
    WEBEX_BOT_TOKEN: bot.token, WEBEX_CLIENT_ID: integration.clientId, WEBEX_CLIENT_SECRET: integration.clientSecret, WEBEX_API_URL: `${url}/v1`,
    WEBEX_XML_URL: `${url}/WBXService/XMLService`, PUBLIC_URL: `http://127.0.0.1:${(steward.address() as AddressInfo).port}`, WEBHOOK_SECRET: 'x'.repeat(32), DATA_DIR: dataDir,
    TOKEN_KEYS: `k1:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`, ALLOWED_ORGANIZATIONS: [...emulator.state.organizations.keys()][0], ALLOWED_ADMINS: '@acme.test',
  });
});
afterEach(async () => {
  steward.closeAllConnections();
  steward.close();
  await emulator.stop();
  await rm(dataDir, { recursive: true });
});

const look = async (change: Partial<Config> = {}): Promise<Diagnosis & { text: string }> => {
  const found = await runDoctor({ ...config, ...change }, means);
  return { ...found, text: found.lines.join('\n') };
};

async function hook(targetUrl: string, status: 'active' | 'inactive' = 'active'): Promise<void> {
  const answer = await fetch(`${url}/v1/webhooks`, {
    method: 'POST', headers: { authorization: `Bearer ${config.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'w', targetUrl, resource: 'messages', event: 'created' }),
  });
  const { id } = await answer.json() as { id: string };
  emulator.state.webhooks.get(id)!.status = status;
}

describe('npm run doctor', () => {
  it('says what the portal needs, and finds nothing wrong where all is well', async () => {
    await hook(`${config.publicUrl}/webhook`);
    const { ok, text } = await look();
    expect(text).toContain(`Redirect URI: ${config.publicUrl}/oauth/callback`);
    expect(text).toMatch(/spark-admin:people_read +to find people/);
    for (const line of ['ok    Webex is reached and takes the token of the bot Steward', 'ok    Webex knows the integration', 'ok    The Meetings XML API', 'ok    1 webhooks are active', 'ok    The store in', 'ok    An audit log of 0 entries is whole']) expect(text).toContain(line);
    expect(text).toContain('Steward answers at');
    expect(ok).toBe(true);
  });

  it('trap 33: shows no secret', async () => {
    const { text } = await look();
    for (const secret of [config.botToken, config.clientSecret, config.webhookSecret, config.tokenKeys[0]!.secret.toString('base64')]) expect(text).not.toContain(secret);
  });

  it('names a token that is not taken, or is a person’s', async () => {
    expect(await look({ botToken: 'nonsense-token' })).toMatchObject({ ok: false, text: expect.stringContaining('WRONG WEBEX_BOT_TOKEN is not taken by Webex') });
    const person = emulator.accounts().people[0]!;
    expect(await look({ botToken: person.token })).toMatchObject({ ok: false, text: expect.stringContaining(`WRONG WEBEX_BOT_TOKEN is the token of ${person.displayName}`) });
  });

  it('names a secret that the integration does not have', async () => {
    expect(await look({ clientSecret: 'another-secret' })).toMatchObject({ ok: false, text: expect.stringContaining('WRONG Webex does not know the integration') });
  });

  it('says by which way Webex is not reached', async () => {
    const { ok, text } = await look({ apiUrl: 'http://127.0.0.1:9/v1' });
    expect(ok).toBe(false);
    expect(text).toContain('WRONG The bot cannot be read at http://127.0.0.1:9/v1 by no proxy (HTTPS_PROXY)');
  });

  it('tells webhooks that Webex has switched off, and those of another program', async () => {
    expect((await look()).text).toContain('note  There are no webhooks yet');
    await hook('http://127.0.0.1:9/elsewhere');
    await hook(`${config.publicUrl}/webhook`);
    expect((await look()).text).toContain('note  1 webhooks are active. 1 of this bot lead elsewhere');
    await hook(`${config.publicUrl}/webhook`, 'inactive');
    expect(await look()).toMatchObject({ ok: false, text: expect.stringContaining('WRONG Webex has switched off 1 of 2 webhooks') });
  });

  it('tells an address that does not answer, or is somebody else’s', async () => {
    expect((await look({ publicUrl: 'http://127.0.0.1:9' })).text).toContain('http://127.0.0.1:9 does not answer from here');
    expect((await look({ publicUrl: url })).text).toContain('answers, but not as Steward');
  });

  it('leaves the store of a running Steward alone', async () => {
    const store = await openLowdbStore({ dataDir, ...means });
    const { ok, text } = await look();
    await store.close();
    expect(ok).toBe(true);
    expect(text).toContain('note  The store was not looked into');
  });

  it('finds keys that do not fit what is stored', async () => {
    const store = await openLowdbStore({ dataDir, ...means });
    await createAuditLog({ store, vault: createVault(config.tokenKeys), ...means }).record(config.organizations[0], { actor: 'steward', action: 'test' });
    await store.close();
    expect(await look()).toMatchObject({ ok: true, text: expect.stringContaining('An audit log of 1 entries is whole') });
    const other = [{ id: 'k1', secret: Buffer.from('fedcba9876543210fedcba9876543210') }];
    expect(await look({ tokenKeys: other })).toMatchObject({ ok: false, text: expect.stringContaining('WRONG An audit log is broken') });
  });
});
