import { createHmac } from 'node:crypto';
import { SECRET, startShell, type ShellWorld } from './shell.js';
import type { Person } from '../../support/person.js';

let world: ShellWorld;
let anna: Person & { id: string };
beforeAll(async () => {
  world = await startShell();
  await world.link('anna.berg');
  anna = world.person('anna.berg');
});
afterAll(async () => { await world.stop(); });
beforeEach(() => { world.ran.length = 0; });
afterEach(async () => { await world.control('faults', { rules: [], webhooks: { duplicate: 0, lose: 0 } }); });

const deliver = async (data: Record<string, unknown>, resource = 'messages', event = 'created'): Promise<number> => {
  const body = JSON.stringify({ id: 'w', name: 'Steward: messages', resource, event, actorId: anna.id, data });
  const headers = { 'X-Spark-Signature': createHmac('sha1', SECRET).update(body).digest('hex') };
  return (await fetch(world.webhookUrl, { method: 'POST', body, headers })).status;
};
const rule = (path: string, status: number, times: number, more: object = {}): object => ({ rules: [{ path, status, times, owner: world.self.email, method: 'GET', ...more }] });

it('trap 6: three deliveries of one message act once', async () => {
  await world.control('faults', { webhooks: { duplicate: 2 } });
  await anna.ask('echo words thrice', /You said: thrice/);
  await world.control('faults', { webhooks: { duplicate: 0 } });
  await anna.ask('echo words after', /You said: after/);
  expect(world.ran.map(({ values }) => values.words)).toEqual(['thrice', 'after']);
});

it('trap 6: a delivery that comes again after a restart acts not again', async () => {
  const message = await anna.say('echo words before the restart');
  await anna.hears(/You said: before the restart/);
  await world.restart();
  expect(await deliver({ id: message.id, roomId: message.roomId, personId: anna.id })).toBe(200);
  await anna.ask('echo words after the restart', /You said: after the restart/);
  expect(world.ran.map(({ values }) => values.words)).toEqual(['before the restart', 'after the restart']);
});

it('handles after a restart what was accepted and not done, once', async () => {
  await world.control('faults', rule('/messages/*', 500, 1000));
  const message = await anna.say('echo words interrupted');
  await world.stream.until('a try that failed', async () => (await world.requests('GET /v1/messages/')).some((one) => one.path.endsWith(message.id)) || undefined);
  await world.restart(async () => { await world.control('faults', { rules: [] }); });
  await anna.hears(/You said: interrupted/);
  await world.restart();
  await anna.ask('echo words next', /You said: next/);
  expect(world.ran.map(({ values }) => values.words)).toEqual(['interrupted', 'next']);
}, 60_000);

it('answers a command that is older than 15 minutes, and does not run it', async () => {
  await world.control('faults', rule('/messages/*', 500, 1000));
  const message = await anna.say('echo words long ago');
  await world.stream.until('a try that failed', async () => (await world.requests('GET /v1/messages/')).some((one) => one.path.endsWith(message.id)) || undefined);
  await world.restart(async () => {
    await world.control('faults', { rules: [] });
    world.clock.advance(16 * 60_000);
  });
  await anna.hears(/I was not running when you wrote “echo words long ago”/);
  expect(world.ran).toEqual([]);
}, 60_000);

it('trap 2: reads the message, which may be missing for a moment', async () => {
  await world.control('faults', rule('/messages/*', 404, 2));
  await anna.ask('echo words late to show', /You said: late to show/);
});

// Each by somebody whose 1:1 the bot has not seen before, so that all of it is looked up.
it.each([['messages', '/messages/*', 'dora.silva'], ['people', '/people/*', 'ben.okoye'], ['spaces', '/rooms/*', 'carl.jensen'], ['memberships', '/memberships', 'gus.meyer']])(
  'one 429 or 500 on a lookup of %s neither loses the message nor makes the bot deaf', async (what, path, name) => {
    const someone = world.person(name);
    const faults: [string, object][] = [['failed', rule(path, 500, 5)], ['throttled', rule(path, 429, 1, { headers: { 'Retry-After': '1' } })], ['well', { rules: [] }]];
    for (const [how, fault] of faults) {
      await world.control('faults', fault);
      await someone.ask(`echo words ${what} ${how}`, new RegExp(`You said: ${what} ${how}`));
    }
    expect(world.ran.map(({ values }) => values.words)).toEqual(faults.map(([how]) => `${what} ${how}`));
  }, 60_000,
);

it('believes nothing in an envelope: who wrote it and what it says come from Webex', async () => {
  const message = await anna.say('echo words the truth');
  await anna.hears(/You said: the truth/);
  const carl = world.person('carl.jensen');
  expect(await deliver({ id: message.id, roomId: message.roomId, personId: carl.id, text: 'echo words a lie' })).toBe(200);
  // A message that does not exist, as if Carl had written it.
  const invented = Buffer.from('ciscospark://us/MESSAGE/00000000-0000-4000-8000-000000000000').toString('base64url');
  expect(await deliver({ id: invented, roomId: message.roomId, personId: carl.id, text: 'echo words a lie' })).toBe(200);
  // The deletion of the bot's membership, as if it were true.
  expect(await deliver({ id: 'x', roomId: message.roomId, personId: world.self.id }, 'memberships', 'deleted')).toBe(200);
  await anna.ask('echo words next', /You said: next/);
  expect(world.ran.map(({ values }) => values.words)).toEqual(['the truth', 'next']);
});

it('keeps up with many messages at once, each answered once', async () => {
  const words = Array.from({ length: 30 }, (_, n) => `number${n}`);
  await Promise.all(words.map((word) => anna.say(`echo words ${word}`)));
  await world.stream.until('all answers', () => Promise.resolve(words.every((word) => world.ran.some(({ values }) => values.words === word)) || undefined));
  expect(world.ran.map(({ values }) => values.words).sort()).toEqual([...words].sort());
});

it('events of one person at one time share the read of who it is, and the next one reads again', async () => {
  const cara = world.person('cara.olsen');
  const reads = async (): Promise<number> => (await world.requests('GET /v1/people/')).filter((one) => one.path.endsWith(cara.id)).length;
  await cara.ask('echo words first', /You said: first/);
  const before = await reads();
  await world.control('faults', rule('/people/*', 0, 1, { status: undefined, delayMs: 3000 }));
  await Promise.all(['one', 'two', 'three'].map((word) => cara.say(`echo words ${word}`)));
  await world.stream.until('all answers', () => Promise.resolve(world.ran.length === 4 || undefined));
  expect(await reads()).toBe(before + 1);
  await cara.ask('echo words last', /You said: last/);
  expect(await reads()).toBe(before + 2);
});

it('trap 6: a delivery that somebody has kept and sends again days later acts not again', async () => {
  const message = await anna.say('echo words once');
  await anna.hears(/You said: once/);
  world.clock.advance(49 * 60 * 60_000);
  await anna.ask('echo words of another day', /You said: of another day/);
  expect(await deliver({ id: message.id, roomId: message.roomId, personId: anna.id })).toBe(200);
  await anna.ask('echo words after it', /You said: after it/);
  expect(world.ran.map(({ values }) => values.words)).toEqual(['once', 'of another day', 'after it']);
});
