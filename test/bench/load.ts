import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/*
 * The load as a process of its own: posts signed webhooks at a steady rate, whether or not the ones before were answered, and prints
 * the statuses and how long each took from the moment at which it was due. Its task comes as JSON on standard input.
 */

interface Task {
  url: string;
  secret: string;
  perSecond: number;
  events: unknown[];
}

/** Milliseconds of each answer, and how many there were of each status. */
export interface LoadResult {
  ms: number[];
  statuses: Record<string, number>;
}

const { url, secret, perSecond, events } = JSON.parse(await text(process.stdin)) as Task;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const result: LoadResult = { ms: [], statuses: {} };

function post(event: unknown, due: number): Promise<void> {
  const body = JSON.stringify(event);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'X-Spark-Signature': createHmac('sha1', secret).update(body).digest('hex') };
  return new Promise((resolve) => {
    const answered = (status: string): void => {
      result.ms.push(performance.now() - due);
      result.statuses[status] = (result.statuses[status] ?? 0) + 1;
      resolve();
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => { answered(String(response.statusCode)); });
    });
    sent.once('error', (error: NodeJS.ErrnoException) => { answered(error.code ?? 'error'); });
    sent.end(body);
  });
}

const began = performance.now();
const posts: Promise<void>[] = [];
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    while (posts.length < events.length && (posts.length / perSecond) * 1000 <= performance.now() - began) {
      posts.push(post(events[posts.length], began + (posts.length / perSecond) * 1000));
    }
    if (posts.length < events.length) return;
    clearInterval(timer);
    resolve();
  }, 2);
});
await Promise.all(posts);
agent.destroy();
process.stdout.write(`${JSON.stringify(result)}\n`);
