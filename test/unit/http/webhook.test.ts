import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Agent, createServer, request } from 'node:http';
import { listen, type Listening } from '../../../src/http/server.js';
import type { WebhookEvent } from '../../../src/http/routes/webhook.js';
import { createClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';

const SECRET = 'a secret of the webhooks';
const received: WebhookEvent[] = [];
let answer: () => Promise<'taken' | 'busy'>;
let isReady = true;
let server: Listening;
const start = (): Promise<Listening> => listen({
  config: { port: 0, host: '127.0.0.1', ops: { host: '127.0.0.1', port: 0 }, publicUrl: 'https://steward.acme.test' },
  webhook: { secret: SECRET, receive: (event) => { received.push(event); return answer(); } },
  linking: { start: () => Promise.reject(new Error('not here')), finish: () => Promise.reject(new Error('not here')) },
  health: () => ({ isReady, numbers: { events_waiting: 3 } }), clock: createClock(), log: createLog({ level: 'silent' }),
});
beforeAll(async () => { server = await start(); });
afterAll(async () => { await server.stop(); });
beforeEach(() => {
  received.length = 0;
  answer = () => Promise.resolve('taken');
});

const sign = (body: string | Buffer, secret = SECRET): string => createHmac('sha1', secret).update(body).digest('hex');
const url = (path: string, port = server.port): string => `http://127.0.0.1:${port}${path}`;
const send = async (body: string, headers: Record<string, string>): Promise<number> => (await fetch(url('/webhook'), { method: 'POST', body, headers })).status;
// Spelt as no JSON writer would: only the bytes as they came have this signature.
const BODY = '{ "resource":"messages",\n "event" : "created", "name":"x", "data": {"id":"M\\u0031","roomId":"R1","personId":"P1","text":"do it"} }';

describe('trap 1: the signature', () => {
  it('is made over the bytes as they came', async () => {
    expect(await send(BODY, { 'X-Spark-Signature': sign(BODY), 'Content-Type': 'application/json' })).toBe(200);
    expect(received).toEqual([{ resource: 'messages', event: 'created', id: 'M1', roomId: 'R1', personId: 'P1' }]);
  });

  it('is wanted: none, a wrong one, one of another body, two, or one by another secret is 401 and does nothing', async () => {
    for (const headers of [
      {}, { 'X-Spark-Signature': '' }, { 'X-Spark-Signature': '0'.repeat(40) }, { 'X-Spark-Signature': 'é' }, { 'X-Spark-Signature': sign(JSON.stringify(JSON.parse(BODY))) },
      { 'X-Spark-Signature': sign(BODY, 'another secret') }, { 'X-Spark-Signature': sign(BODY, '') }, { 'X-Spark-Signature': `${sign(BODY)}00` }, { 'X-Webex-Signature': sign(BODY) },
    ]) expect(await send(BODY, { ...headers, 'Content-Type': 'application/json' }).catch(() => 401)).toBe(401);
    expect(received).toEqual([]);
  });

  it('is wanted of an empty body too', async () => {
    expect(await send('', {})).toBe(401);
    expect(await send('', { 'X-Spark-Signature': sign('') })).toBe(200);
    expect(received).toEqual([]);
  });
});

it('uses ids only, and is quiet about what it does not understand', async () => {
  for (const body of ['not json', '[]', 'null', '{"resource":"messages","event":"created"}', '{"resource":"messages","event":"created","data":{"id":{"$ne":1}}}']) {
    expect(await send(body, { 'X-Spark-Signature': sign(body) })).toBe(200);
  }
  expect(received).toEqual([]);
});

it('asks for another delivery when it is full or cannot store', async () => {
  answer = () => Promise.resolve('busy');
  expect(await send(BODY, { 'X-Spark-Signature': sign(BODY) })).toBe(503);
  answer = () => Promise.reject(new Error('the disk is full'));
  expect(await send(BODY, { 'X-Spark-Signature': sign(BODY) })).toBe(503);
});

it('takes at most 256 KB', async () => {
  const big = JSON.stringify({ resource: 'messages', event: 'created', data: { id: 'M', roomId: 'R', personId: 'P', more: 'x'.repeat(300_000) } });
  expect(await send(big, { 'X-Spark-Signature': sign(big) })).toBe(413);
  expect(received).toEqual([]);
});

it('answers other ways and paths with nothing', async () => {
  expect((await fetch(url('/webhook'))).status).toBe(404);
  expect((await fetch(url('/'))).status).toBe(404);
  const live = await fetch(url('/health'));
  expect(live.status).toBe(200);
  expect(live.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(live.headers.get('x-powered-by')).toBeNull();
  expect((await fetch(url('/ready'))).status).toBe(404);
});

it('shows readiness and numbers at the operator’s address', async () => {
  expect((await fetch(url('/ready', server.opsPort))).status).toBe(200);
  isReady = false;
  expect((await fetch(url('/ready', server.opsPort))).status).toBe(503);
  expect(await (await fetch(url('/metrics', server.opsPort))).text()).toMatch(/^steward_ready 0\n[\s\S]*steward_events_waiting 3\n$/);
});

it('stops an address that asks for too many pages', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 605; n += 1) statuses.push((await fetch(url('/nothing'))).status);
  expect(statuses.at(-1)).toBe(429);
  expect(await send(BODY, { 'X-Spark-Signature': sign(BODY) })).toBe(200);
});

it('stops an address that sends much without a signature, and takes what is signed all the same', async () => {
    const own = await start();
    const to = (headers: Record<string, string>): Promise<Response> => fetch(url('/webhook', own.port), { method: 'POST', body: BODY, headers });
    const statuses: number[] = [];
    for (let n = 0; n < 605; n += 1) statuses.push((await to({ 'X-Spark-Signature': '0'.repeat(40) })).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
    expect((await to({ 'X-Spark-Signature': sign(BODY) })).status).toBe(200);
    // Behind a reverse proxy on this machine, addresses are those that it names.
    expect((await to({ 'X-Spark-Signature': '', 'X-Forwarded-For': '203.0.113.7' })).status).toBe(401);
    await own.stop();
});

it('stops when what is under way is answered, though the other side keeps its connection', async () => {
  const stopping = await start();
  const agent = new Agent({ keepAlive: true });
  let answered: Promise<number | undefined> = Promise.resolve(undefined);
  const taken = new Promise<() => void>((resolve) => {
    answer = () => new Promise((take) => { resolve(() => { take('taken'); }); });
    answered = new Promise((done, failed) => {
      const sent = request(url('/webhook', stopping.port), { method: 'POST', agent, headers: { 'X-Spark-Signature': sign(BODY) } }, (response) => {
        response.resume().once('end', () => { done(response.statusCode); });
      });
      sent.once('error', failed).end(BODY);
    });
  });
  const take = await taken;
  const stopped = stopping.stop();
  take();
  expect(await answered).toBe(200);
  await stopped;
  agent.destroy();
}, 30_000);

it('says so when its port is taken', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => { other.listen(0, '127.0.0.1', () => { resolve(); }); });
  const { port } = other.address() as AddressInfo;
  await expect(listen({
    config: { port: 0, host: '127.0.0.1', ops: { host: '127.0.0.1', port }, publicUrl: 'http://localhost' },
    webhook: { secret: SECRET, receive: () => Promise.resolve('taken') },
    linking: { start: () => Promise.reject(new Error('not here')), finish: () => Promise.reject(new Error('not here')) },
    health: () => ({ isReady, numbers: {} }), clock: createClock(), log: createLog({ level: 'silent' }),
  })).rejects.toThrow(/EADDRINUSE/);
  other.close();
});

it('refuses two signatures, one of which may be right', async () => {
  const status = await new Promise<number>((resolve, reject) => {
    const call = request(url('/webhook'), { method: 'POST', headers: { 'X-Spark-Signature': [sign(BODY), '0'.repeat(40)] as never } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end(BODY);
  });
  expect(status).toBe(401);
  expect(received).toEqual([]);
});
