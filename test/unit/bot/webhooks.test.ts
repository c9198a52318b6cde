import { startShell, type ShellWorld } from './shell.js';

let world: ShellWorld;
let token: string;
beforeEach(async () => {
  world = await startShell();
  const accounts = (await (await fetch(`${world.url}/_emulator/accounts`)).json()) as { bot: { token: string } };
  token = accounts.bot.token;
});
afterEach(async () => { await world.stop(); });

interface Hook { id: string; name: string; targetUrl: string; resource: string; event: string; status: string }
const call = async (method: string, path: string, body?: unknown): Promise<any> => {
  const answer = await fetch(`${world.url}/v1${path}`, { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return answer.status === 204 ? undefined : answer.json();
};
const hooks = async (): Promise<Hook[]> => (await call('GET', '/webhooks')).items as Hook[];
const shown = async (): Promise<string[]> => (await hooks()).map((hook) => `${hook.resource}/${hook.event} ${hook.status}`).sort();

it('trap 3: registers a webhook for presses beside the one for everything', async () => {
  expect(await shown()).toEqual(['all/all active', 'attachmentActions/created active']);
  expect((await hooks()).every((hook) => hook.targetUrl === world.webhookUrl)).toBe(true);
  expect(world.bot.state().isListening).toBe(true);
});

it('trap 5: a restart registers nothing twice, removes doubles, and leaves those of others alone', async () => {
  const [first] = await hooks();
  await call('POST', '/webhooks', { name: 'Someone else', targetUrl: 'https://other.acme.test/x', resource: 'messages', event: 'created', secret: 's' });
  await call('POST', '/webhooks', { name: first?.name, targetUrl: first?.targetUrl, resource: first?.resource, event: first?.event, secret: 'old' });
  await world.restart();
  expect((await hooks()).map((hook) => hook.name).sort()).toEqual(['Someone else', 'Steward: cards', 'Steward: messages']);
  await world.link('anna.berg');
  await world.person('anna.berg').ask('echo words heard', /You said: heard/);
});

it('trap 4: switches on again what Webex has switched off', async () => {
  const down = world.webhookUrl;
  await world.restart(async () => {
    // Nobody listens now: every delivery fails.
    const anna = world.person('anna.berg');
    for (let n = 0; n < 101; n += 1) await anna.say(`message ${n}`);
    await world.stream.until('the webhook to be switched off', async () => (await shown()).includes('all/all inactive') || undefined);
  });
  expect(world.webhookUrl).toBe(down);
  expect(await shown()).toEqual(['all/all active', 'attachmentActions/created active']);
}, 60_000);

it('trap 4: looks after them while it runs', async () => {
  for (const hook of await hooks()) await call('DELETE', `/webhooks/${hook.id}`);
  world.clock.advance(5 * 60_000 + 1);
  await world.stream.until('the webhooks to be there again', async () => ((await shown()).length === 2) || undefined);
});

it('tries again when Webex does not take them at the start', async () => {
  await world.control('faults', { rules: [{ path: '/webhooks', method: 'GET', status: 403, times: 1 }] });
  await world.restart();
  expect(world.bot.state().isListening).toBe(false);
  world.clock.advance(15_001);
  await world.stream.until('the bot to listen', () => Promise.resolve(world.bot.state().isListening || undefined));
});
