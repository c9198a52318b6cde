import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { createClient, createTransport, type Transport, type TransportOptions } from '../../../src/webex/client.js';
import { startProxy, type TestProxy } from '../../support/proxy.js';
import { errorOf } from './error-of.js';

const TLS = new URL('../../fixtures/tls/', import.meta.url);
const CA = new URL('localhost.pem', TLS).pathname;

let proxy: TestProxy;
let straight: Server;
let secure: Server;
const opened: Transport[] = [];
const environment = { ...process.env };

const answer: RequestListener = (request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ items: [], authorization: request.headers.authorization }));
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listening = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

function clientOf(options: Partial<TransportOptions> & { baseUrl: string }) {
  const transport = createTransport({ xmlUrl: options.baseUrl, clock: createClock(), log: createLog({ level: 'silent' }), ...options });
  opened.push(transport);
  return createClient(transport, { owner: 'ada', token: () => Promise.resolve('the-token'), refresh: () => Promise.reject(new Error('none')) });
}
const read = { method: 'GET', path: '/rooms', lane: 'rooms' } as const;

beforeAll(async () => {
  proxy = await startProxy();
  straight = createHttpServer(answer);
  secure = createHttpsServer({ key: readFileSync(new URL('localhost-key.pem', TLS)), cert: readFileSync(CA) }, answer);
  await Promise.all([listening(straight), listening(secure)]);
});
beforeEach(() => {
  proxy.seen.length = 0;
  proxy.credentials.length = 0;
});
afterEach(() => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'NO_PROXY', 'no_proxy']) {
    if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = environment[name];
  }
  for (const transport of opened.splice(0)) transport.close();
});
afterAll(async () => {
  for (const server of [straight, secure]) server.closeAllConnections();
  await Promise.all([proxy.stop(), ...[straight, secure].map((server) => new Promise((resolve) => server.close(resolve)))]);
});

describe('a configured proxy', () => {
  it('carries plain HTTP', async () => {
    const client = clientOf({ baseUrl: `http://127.0.0.1:${portOf(straight)}/v1`, proxyUrl: proxy.url });
    expect((await client.send<{ authorization: string }>(read)).data.authorization).toBe('Bearer the-token');
    expect(proxy.seen).toEqual([`GET http://127.0.0.1:${portOf(straight)}/v1/rooms`]);
  });

  it('carries HTTPS in a tunnel that it cannot look into, with its own user name and password', async () => {
    const client = clientOf({ baseUrl: `https://localhost:${portOf(secure)}/v1`, proxyUrl: proxy.url.replace('//', '//me:se%40cret@'), caFile: CA });
    expect((await client.send(read)).status).toBe(200);
    expect((await client.send(read)).status).toBe(200);
    // One tunnel: the connection is kept.
    expect(proxy.seen).toEqual([`CONNECT localhost:${portOf(secure)}`]);
    expect(proxy.credentials).toEqual([`Basic ${Buffer.from('me:se@cret').toString('base64')}`]);
  });

  it('carries calls of the XML API too', async () => {
    const client = clientOf({ baseUrl: `http://127.0.0.1:${portOf(straight)}/v1`, proxyUrl: proxy.url });
    await client.xml({ site: 'acme.webex.com', document: '<x/>', operation: 'GetUser', write: false });
    expect(proxy.seen).toHaveLength(1);
  });

  it('is left out for the hosts that are named', async () => {
    const client = clientOf({ baseUrl: `http://127.0.0.1:${portOf(straight)}/v1`, proxyUrl: proxy.url, noProxy: 'localhost,127.0.0.1' });
    expect((await client.send(read)).status).toBe(200);
    expect(proxy.seen).toEqual([]);
  });

  it('that cannot be reached is an error, not a reason to go straight', async () => {
    const unused = createHttpServer();
    await listening(unused);
    const port = portOf(unused);
    await new Promise((resolve) => unused.close(resolve));
    const client = clientOf({ baseUrl: `http://127.0.0.1:${portOf(straight)}/v1`, proxyUrl: `http://127.0.0.1:${port}` });
    expect(await errorOf(client.send({ ...read, method: 'POST', repeatable: false }))).toMatchObject({ code: 'WEBEX_UNREACHABLE', mayHaveHappened: false });
  });
});

describe('without a configured proxy', () => {
  it('a proxy of the environment is not used behind the configuration’s back', async () => {
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy']) process.env[name] = proxy.url;
    for (const name of ['NO_PROXY', 'no_proxy']) Reflect.deleteProperty(process.env, name);
    const plain = clientOf({ baseUrl: `http://127.0.0.1:${portOf(straight)}/v1` });
    const encrypted = clientOf({ baseUrl: `https://localhost:${portOf(secure)}/v1`, caFile: CA });
    expect((await plain.send(read)).status).toBe(200);
    expect((await encrypted.send(read)).status).toBe(200);
    expect(proxy.seen).toEqual([]);
  });

  it('NO_PROXY of the environment does not undo a configured proxy', async () => {
    process.env['NO_PROXY'] = '*';
    process.env['no_proxy'] = '*';
    const client = clientOf({ baseUrl: `http://127.0.0.1:${portOf(straight)}/v1`, proxyUrl: proxy.url });
    await client.send(read);
    expect(proxy.seen).toHaveLength(1);
  });
});

it('a certificate that nobody vouches for is refused', async () => {
  const client = clientOf({ baseUrl: `https://localhost:${portOf(secure)}/v1` });
  expect(await errorOf(client.send({ ...read, method: 'POST', repeatable: false }))).toMatchObject({ code: 'WEBEX_UNREACHABLE', mayHaveHappened: false });
});

it('a server that never answers is given up after the timeout', async () => {
  const silent = createHttpServer(() => undefined);
  await listening(silent);
  const client = clientOf({ baseUrl: `http://127.0.0.1:${portOf(silent)}/v1`, timeouts: { replyMs: 50 } });
  expect(await errorOf(client.send({ method: 'POST', path: '/rooms', lane: 'rooms', body: {} }))).toMatchObject({ code: 'WEBEX_UNREACHABLE', mayHaveHappened: true });
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
});
