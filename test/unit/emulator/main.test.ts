import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { program } from '../../support/program.js';
import type { Json } from './wire.js';

const run = (...values: string[]): ChildProcess =>
  spawn(process.execPath, [...program('emulator'), ...values], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } });

/** All of a stream, when it ends. */
async function all(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const part of stream ?? []) text += String(part);
  return text;
}

describe('npm run emulator', () => {
  it('prints one JSON line when it listens, serves N people, and ends on a signal', async () => {
    const child = run('--port', '0', '--people', '45');
    const rest = all(child.stdout);
    const [first] = (await once(child.stdout!, 'data')) as [Buffer];
    const ready = JSON.parse(first.toString());
    expect(ready).toEqual({ ready: true, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    const state: Json = await (await fetch(`${String(ready.url)}/_emulator/state`)).json();
    expect(state.people.filter(({ type, emails }: { type: string; emails: string[] }) => type === 'person' && emails[0]?.endsWith('@acme.test'))).toHaveLength(45);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect((await rest).trim().split('\n')).toHaveLength(1);
  });

  it('ends when npm is told to end', async () => {
    const child = spawn('npm', ['run', '--silent', 'emulator', '--', '--port', '0', '--people', '45'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    // Whoever still runs holds the other end of the output.
    await once(child.stdout.resume(), 'end');
  });

  it('says why it did not start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const child = run('--port', String((taken.address() as AddressInfo).port));
    const [said, exit] = await Promise.all([all(child.stderr), once(child, 'exit')]);
    taken.close();
    expect(exit).toEqual([1, null]);
    expect(said).toContain('The emulator did not start');
    const wrong = run('--people', 'many');
    expect(await once(wrong, 'exit')).toEqual([1, null]);
  });
});
