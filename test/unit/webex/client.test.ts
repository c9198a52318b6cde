import nock from 'nock';
import { Bug } from '../../../src/lib/errors.js';
import type { WebexCall } from '../../../src/webex/call.js';
import { readOnly } from '../../../src/webex/client.js';
import { WebexRefused, WebexUnreachable } from '../../../src/webex/errors.js';
import { errorOf } from './error-of.js';
import { guardNetwork, oddClient, ORIGIN } from './odd-server.js';

guardNetwork();

const read: WebexCall = { method: 'GET', path: '/rooms', lane: 'rooms', query: { max: 3, teamId: undefined } };
const write: WebexCall = { method: 'POST', path: '/rooms', lane: 'rooms', body: { title: 'A' } };
const server = () => nock(ORIGIN);

describe('a call', () => {
  it('carries the token, an own tracking id and JSON, and keeps the reply’s tracking id', async () => {
    let headers: Record<string, string> = {};
    server().post('/v1/rooms', { title: 'A' }).reply(function answer() {
      headers = this.req.headers;
      return [200, { id: 'x' }, { trackingid: 'ROUTER_1' }];
    });
    const { client } = oddClient();
    const reply = await client.send(write);
    expect(reply).toMatchObject({ status: 200, data: { id: 'x' }, trackingId: 'ROUTER_1' });
    expect(headers).toMatchObject({ authorization: 'Bearer token-number-1', 'content-type': 'application/json; charset=utf-8' });
    expect(headers['trackingid']).toMatch(/^STEWARD_[0-9a-f-]{36}$/);
  });

  it('leaves undefined members of the query out and writes a space as %20', async () => {
    server().get(/.*/).reply(200, function echo(uri) { return { uri }; });
    const { client } = oddClient();
    const { data } = await client.send({ ...read, query: { max: 3, teamId: undefined, filter: 'displayName eq "A+B"' } });
    expect(data).toEqual({ uri: '/v1/rooms?max=3&filter=displayName%20eq%20%22A%2BB%22' });
  });

  it('gives undefined for an empty reply, and bytes as they are', async () => {
    server().delete('/v1/rooms/x').reply(204).get('/v1/contents/x').reply(200, Buffer.from([0, 255, 1]), { 'content-type': 'application/pdf' });
    const { client } = oddClient();
    expect((await client.send({ method: 'DELETE', path: '/rooms/x', lane: 'rooms' })).data).toBeUndefined();
    const { data } = await client.send<Buffer>({ method: 'GET', path: '/contents/x', lane: 'contents', as: 'bytes' });
    expect([...data]).toEqual([0, 255, 1]);
  });

  it('refuses a reply that is longer than was asked for', async () => {
    server().get('/v1/contents/x').reply(200, Buffer.alloc(2000)).get('/v1/contents/x').reply(200, Buffer.alloc(200_000)).get('/v1/contents/x').reply(410, { message: 'x'.repeat(2000) });
    const { client } = oddClient();
    const load = () => errorOf(client.send({ method: 'GET', path: '/contents/x', lane: 'contents', as: 'bytes', maxBytes: 1000 }));
    expect(await load()).toMatchObject({ code: 'WEBEX_TOO_LARGE', mayHaveHappened: false });
    expect(await load()).toMatchObject({ code: 'WEBEX_TOO_LARGE', mayHaveHappened: false });
    expect(await load()).toMatchObject({ code: 'WEBEX_GONE' });
  });

  it('does not follow a redirect, which could take the token elsewhere', async () => {
    server().get('/v1/rooms?max=3').reply(302, '', { location: 'https://elsewhere.test/' });
    const { client } = oddClient();
    expect(await errorOf(client.send(read))).toMatchObject({ code: 'WEBEX_REDIRECT', status: 302 });
  });
});

describe('a refusal', () => {
  it('has Webex’s words, error code, tracking id, and a sentence of ours', async () => {
    server().get('/v1/rooms?max=3').reply(403, { message: 'No.', errors: [{ description: 'Missing role', errorCode: 400216 }], trackingId: 'ATLAS_1' });
    const { client } = oddClient();
    const error = await errorOf(client.send(read));
    expect(error).toBeInstanceOf(WebexRefused);
    expect(error).toMatchObject({ code: 'WEBEX_FORBIDDEN', status: 403, words: 'No. Missing role', errorCode: '400216', trackingId: 'ATLAS_1' });
    expect(error.message).toBe('Webex does not let this account do that.');
  });

  it('of a card has the words from the nested form', async () => {
    server().post('/v1/rooms').reply(400, { message: 'Bad', errors: { attachments: { code: 'invalid_attachments', reason: 'Invalid card', attachmentErrors: ['#/body/5: required key [text] not found'] } } });
    const { client } = oddClient();
    expect((await errorOf(client.send(write))).words).toContain('Invalid card ["#/body/5: required key [text] not found"]');
  });

  it('with a body that is no JSON is told by its status', async () => {
    server().get('/v1/rooms?max=3').reply(404, '<html>gone</html>', { 'content-type': 'text/html' });
    const { client } = oddClient();
    expect(await errorOf(client.send(read))).toMatchObject({ code: 'WEBEX_NOT_FOUND', words: '' });
  });

  it('and the log tell neither the token nor the query', async () => {
    server().get(/.*/).reply(400, { message: 'Bad' });
    const { client, lines } = oddClient();
    const error = await errorOf(client.send({ ...read, query: { email: 'secret-person@acme.test' } }));
    const everything = `${JSON.stringify(error)} ${String(error)} ${String(error.stack)} ${lines.join('')}`;
    expect(lines.join('')).toContain('"path":"/v1/rooms"');
    expect(everything).not.toContain('token-number');
    expect(everything).not.toContain('secret-person');
  });
});

describe('a 429', () => {
  it('trap 29: in HTML and without Retry-After is waited for like any other, also for writes, which were not processed', async () => {
    server().post('/v1/rooms').times(2).reply(429, '<html>slow down</html>', { 'content-type': 'text/html' }).post('/v1/rooms').reply(200, { id: 'x' });
    const { client } = oddClient();
    expect((await client.send(write)).data).toEqual({ id: 'x' });
  });

  it('trap 29: with a date in Retry-After closes the lane for an impatient call', async () => {
    const { client, transport } = oddClient();
    const date = new Date(transport.clock.now() + 7_200_000).toUTCString();
    server().get('/v1/rooms?max=3').reply(429, '', { 'retry-after': date });
    const error = await errorOf(client.send({ ...read, impatient: true }));
    expect(error).toMatchObject({ code: 'WEBEX_TOO_MANY_CALLS', status: 429 });
    expect(error.retryAfter).toBeGreaterThan(7_100);
    expect(error.retryAfter).toBeLessThanOrEqual(7_201);
    expect(error.message).toContain('asked again in');
    expect(client.waitingUntil()).toBeGreaterThan(transport.clock.now());
  });
});

describe('an answer that says nothing', () => {
  it('is asked for again by a read, three times', async () => {
    server().get('/v1/rooms?max=3').reply(503).get('/v1/rooms?max=3').reply(200, 'not { json').get('/v1/rooms?max=3').replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
      .get('/v1/rooms?max=3').reply(200, { items: [] });
    const { client } = oddClient();
    expect((await client.send(read)).data).toEqual({ items: [] });
  });

  it('ends a read after four tries', async () => {
    server().get('/v1/rooms?max=3').times(4).reply(500, { message: 'Oops', trackingId: 'T_9' });
    const { client } = oddClient();
    const error = await errorOf(client.send(read));
    expect(error).toBeInstanceOf(WebexUnreachable);
    expect(error).toMatchObject({ code: 'WEBEX_UNREACHABLE', mayHaveHappened: false, status: 500, trackingId: 'T_9', words: 'Oops' });
  });

  it.each([
    ['a 502', (scope: nock.Interceptor) => scope.reply(502, { message: 'Add participant failed.' })],
    ['a lost connection', (scope: nock.Interceptor) => scope.replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))],
    ['a good status with broken JSON', (scope: nock.Interceptor) => scope.reply(200, '{"id":')],
  ])('trap 29: after %s a write is not sent again and is said to be possibly done', async (_name, answer) => {
    answer(server().post('/v1/rooms'));
    const { client } = oddClient();
    expect(await errorOf(client.send(write))).toMatchObject({ code: 'WEBEX_UNREACHABLE', mayHaveHappened: true });
  });

  it('is asked for again by a write that may be sent twice', async () => {
    server().post('/v1/rooms').reply(502).post('/v1/rooms').reply(200, {});
    const { client } = oddClient();
    expect((await client.send({ ...write, repeatable: true })).status).toBe(200);
  });

  it('of a connection that was never made lets a write be sent again', async () => {
    server().post('/v1/rooms').replyWithError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })).post('/v1/rooms').reply(200, {});
    const { client } = oddClient();
    expect((await client.send(write)).status).toBe(200);
  });
});

describe('a 401', () => {
  it('trap 30: has the token renewed once and the call sent once more', async () => {
    server().get('/v1/rooms?max=3').matchHeader('authorization', 'Bearer token-number-1').reply(401)
      .get('/v1/rooms?max=3').matchHeader('authorization', 'Bearer token-number-2').reply(200, { items: [] });
    const { client, rejected } = oddClient();
    expect((await client.send(read)).status).toBe(200);
    expect(rejected).toEqual(['token-number-1']);
  });

  it('trap 30: twice ends the call', async () => {
    server().get('/v1/rooms?max=3').times(2).reply(401, { message: 'The request requires a valid access token.' });
    const { client, rejected } = oddClient();
    expect(await errorOf(client.send(read))).toMatchObject({ code: 'WEBEX_TOKEN_REFUSED', status: 401 });
    expect(rejected).toHaveLength(1);
  });

  it('with a grant that is gone passes on what the account says', async () => {
    server().get('/v1/rooms?max=3').reply(401);
    const { client } = oddClient({ refresh: () => Promise.reject(new Error('gone')) });
    expect((await errorOf(client.send(read))).message).toBe('gone');
  });
});

describe('a link', () => {
  it.each(['https://elsewhere.test/v1/rooms', 'http://webex.test/v1/rooms', 'https://webex.test.evil.test/v1', 'https://user@webex.test/v1/rooms', '/v1/rooms', 'https://webex.test:8443/v1'])(
    'trap 20: to %s is not followed', async (link) => {
      const { client } = oddClient();
      expect(await errorOf(client.follow(link, read))).toMatchObject({ code: 'WEBEX_UNEXPECTED' });
    });
});

describe('a client that only reads', () => {
  it('refuses every write as a bug, and sends nothing', async () => {
    const { client } = oddClient();
    const reader = readOnly(client);
    expect(reader).not.toHaveProperty('writes');
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      expect(await errorOf(reader.send({ method, path: '/rooms', lane: 'rooms' }))).toBeInstanceOf(Bug);
    }
    expect(await errorOf(reader.xml({ site: 'acme.webex.com', document: '', operation: 'SetUser', write: true }))).toBeInstanceOf(Bug);
  });

  it('reads, also by POST to the XML API', async () => {
    server().get('/v1/rooms?max=3').reply(200, { items: [] }).post('/WBXService/XMLService').reply(200, '<a/>');
    const reader = readOnly(oddClient().client);
    expect((await reader.send(read)).data).toEqual({ items: [] });
    expect((await reader.xml({ site: 'acme.webex.com', document: '<x/>', operation: 'GetUser', write: false })).text).toBe('<a/>');
  });
});

describe('files', () => {
  it('go as multipart with the members of the body', async () => {
    let sent = '';
    server().post('/v1/messages', (body: string) => { sent = body; return true; }).reply(200, { id: 'm' });
    const { client } = oddClient();
    await client.send({ method: 'POST', path: '/messages', lane: 'messages', body: { roomId: 'r', text: 'Läuft', parentId: undefined },
      files: [{ field: 'files', filename: 'steps "1".csv', contentType: 'text/csv', content: Buffer.from('a,b\n1,2') }] });
    expect(sent).toContain('name="roomId"\r\n\r\nr');
    expect(sent).toMatch(/name="files"; filename="steps (%22|\\")1(%22|\\").csv"\r\nContent-Type: text\/csv/);
    expect(sent).toContain('a,b\n1,2');
    expect(sent).not.toContain('parentId');
  });
});

describe('taking back', () => {
  it('ends a read on its way, but not a write, which may have happened', async () => {
    const stop = new AbortController();
    server().get('/v1/rooms?max=3').delay(50).reply(200, {}).post('/v1/rooms').delay(50).reply(200, { id: 'done' });
    const { client } = oddClient();
    const reading = errorOf(client.send({ ...read, signal: stop.signal }));
    const writing = client.send({ ...write, signal: stop.signal });
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('paused'));
    expect((await reading).message).toBe('paused');
    expect((await writing).data).toEqual({ id: 'done' });
  });
});
