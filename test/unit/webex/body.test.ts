import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { createTransport, type Exchange, type Transport } from '../../../src/webex/client.js';
import { Lost, type Answer } from '../../../src/webex/failures.js';
import { errorOf } from './error-of.js';

const PACKED = gzipSync(JSON.stringify({ items: Array.from({ length: 5000 }, (_, n) => n * 7919) }));

let server: Server;
const opened: Transport[] = [];
/** Called when the head of an answer is on its way. */
let onHead: () => void;

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    response.writeHead(200, url?.startsWith('/packed') === true ? { 'content-encoding': 'gzip' } : { 'content-length': 100 });
    const stays = url?.endsWith('-stays') === true;
    if (url === '/packed') response.end(PACKED);
    else response.write(PACKED.subarray(0, 50), () => { if (stays) onHead(); else response.destroy(); });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => { onHead = () => undefined; });
afterEach(() => { for (const transport of opened.splice(0)) transport.close(); });
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function exchange(path: string, more: Partial<Exchange> = {}, timeouts = {}): Promise<Answer> {
  const transport = createTransport({ baseUrl: '', xmlUrl: '', clock: createClock(), log: createLog({ level: 'silent' }), timeouts });
  opened.push(transport);
  return transport.exchange({ method: 'GET', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, headers: {}, ...more });
}

describe('the body of an answer', () => {
  it('that comes packed is unpacked', async () => {
    expect((JSON.parse((await exchange('/packed')).bytes.toString('utf8')) as { items: number[] }).items[4999]).toBe(4999 * 7919);
  });

  it.each(['/plain', '/packed-cut', '/plain-stays', '/packed-stays'])('%s, which ends too early or stands still, is a lost answer', async (path) => {
    const error = await errorOf(exchange(path, {}, path.endsWith('-stays') ? { replyMs: 300 } : {}));
    expect(error).toBeInstanceOf(Lost);
    expect(error).toMatchObject({ sent: true });
  });

  it('is no longer waited for when the reader gives up', async () => {
    const stop = new AbortController();
    onHead = () => { stop.abort(new Error('paused')); };
    expect((await errorOf(exchange('/plain-stays', { signal: stop.signal }))).message).toBe('paused');
  });
});
