import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, link, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import { StoreFailed, type Store } from '../../../src/store/store.js';
import { allOf } from './contract.js';
import { ACME } from './names.js';

const PART = join('organizations', '7a1c2f66-0b0e-4a4d-9d0e-2f4c6a8b1c01');
const WORKER = join(import.meta.dirname, 'worker.ts');
const LOCKER = join(import.meta.dirname, 'locker.ts');

describe('the embedded store and its files', () => {
  let dataDir: string;
  let store: Store | undefined;
  const warnings: string[] = [];

  const open = async (folder = dataDir): Promise<Store> => {
    const log = createLog({ level: 'warn', destination: { write: (line) => void warnings.push(line) } });
    store = await openLowdbStore({ dataDir: folder, clock: createClock(), log });
    return store;
  };
  const close = async (): Promise<void> => {
    await store?.close();
    store = undefined;
  };

  beforeEach(async () => {
    warnings.length = 0;
    dataDir = await mkdtemp(join(tmpdir(), 'store-'));
  });
  afterEach(async () => {
    await close();
    await rm(dataDir, { recursive: true });
  });

  it('cuts off a torn last line, says so, and goes on with the next number', async () => {
    await (await open()).organization(ACME).append('journal', ['a', 'b']);
    await close();
    const file = join(dataDir, PART, 'logs', 'journal.ndjson');
    await appendFile(file, '{"half":"writt');
    const acme = (await open()).organization(ACME);
    expect(await allOf(acme, 'journal')).toEqual([{ n: 1, entry: 'a' }, { n: 2, entry: 'b' }]);
    expect(await acme.append('journal', ['c'])).toBe(3);
    expect(await readFile(file, 'utf8')).toBe('"a"\n"b"\n"c"\n');
    expect(warnings.join('')).toContain('torn');
  });

  it('cuts off a torn last change of a record', async () => {
    await (await open()).organization(ACME).put('plans', 'p1', 'whole', 0);
    await close();
    await appendFile(join(dataDir, PART, 'records', 'plans.ndjson'), '{"id":"p1","version":2,"val');
    const acme = (await open()).organization(ACME);
    expect(await acme.get('plans', 'p1')).toEqual({ id: 'p1', value: 'whole', version: 1 });
    expect(await acme.put('plans', 'p1', 'again', 1)).toBe(2);
    await close();
    expect((await (await open()).organization(ACME).get('plans', 'p1'))?.value).toBe('again');
  });

  it.each([
    ['records/plans.ndjson', '"not a change"\nthis is no JSON\n'],
    ['records/plans.json', '{"floor":0,"records":[{"id":"p1","ver'],
    ['records/plans.json', ''],
  ])('refuses a damaged %s by its name and never takes it for empty', async (name, content) => {
    await (await open()).organization(ACME).put('plans', 'p1', 1, 0);
    await close();
    const file = join(dataDir, PART, name);
    await writeFile(file, content);
    const acme = (await open()).organization(ACME);
    for (const attempt of [acme.get('plans', 'p1'), acme.list('plans'), acme.put('plans', 'p2', 1, 0)]) {
      const error: unknown = await attempt.then(() => undefined, (thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StoreFailed);
      expect((error as Error).message).toContain(file);
    }
    expect(await readFile(file, 'utf8')).toBe(content);
    expect(await acme.get('other', 'x')).toBeUndefined();
  });

  it('refuses a log that is damaged in the middle, by file and line', async () => {
    await (await open()).organization(ACME).append('journal', ['a', 'b', 'c']);
    await close();
    const file = join(dataDir, PART, 'logs', 'journal.ndjson');
    await writeFile(file, '"a"\n"b\n"c"\n');
    await expect(allOf((await open()).organization(ACME), 'journal')).rejects.toThrow(`${file} is damaged at line 2`);
  });

  it('refuses a write that fails, and goes on when the disk is well again', async () => {
    const acme = (await open()).organization(ACME);
    await acme.append('journal', ['a']);
    await acme.put('plans', 'p1', 'first', 0);
    const inTheWay = ['logs/other.ndjson', 'records/other.ndjson'].map((name) => join(dataDir, PART, name));
    await Promise.all([allOf(acme, 'other'), acme.get('other', 'x')]);
    for (const path of inTheWay) await mkdir(path);
    await expect(acme.append('other', ['lost'])).rejects.toThrow(StoreFailed);
    await expect(acme.put('other', 'x', 'lost', 0)).rejects.toThrow(StoreFailed);
    expect(await acme.get('other', 'x')).toBeUndefined();
    for (const path of inTheWay) await rm(path, { recursive: true });
    expect(await acme.append('other', ['kept'])).toBe(1);
    expect(await acme.put('other', 'x', 'kept', 0)).toBe(1);
    expect(await allOf(acme, 'other')).toEqual([{ n: 1, entry: 'kept' }]);
  });

  it('folds the journal of records into the main file by lowdb and keeps all', async () => {
    const acme = (await open()).organization(ACME);
    const text = 'x'.repeat(2000);
    for (let version = 0; version < 4; version += 1) {
      await Promise.all(Array.from({ length: 300 }, (_, i) => acme.put('plans', `p${i}`, { text, version }, version)));
    }
    await acme.delete('plans', 'p0', 4);
    await close();
    const records = join(dataDir, PART, 'records');
    const main = JSON.parse(await readFile(join(records, 'plans.json'), 'utf8')) as { records: unknown[] };
    expect(main.records.length).toBeGreaterThanOrEqual(299);
    expect((await stat(join(records, 'plans.ndjson'))).size).toBeLessThan(1.7e6);
    expect(await readdir(records)).toEqual(['plans.json', 'plans.ndjson']);
    const again = await (await open()).organization(ACME).list<{ version: number }>('plans');
    expect(again).toHaveLength(299);
    expect(again.every((record) => record.version === 4 && record.value.version === 3)).toBe(true);
  });

  it('does not mind a journal that says again what the main file says', async () => {
    const acme = (await open()).organization(ACME);
    await acme.put('plans', 'p1', 1, 0);
    await acme.delete('plans', 'p1', 1);
    await acme.put('plans', 'p1', 2, 0);
    await close();
    await writeFile(join(dataDir, PART, 'records', 'plans.json'), '{"floor":1,"records":[{"id":"p1","version":2,"value":2}]}');
    expect(await (await open()).organization(ACME).list('plans')).toEqual([{ id: 'p1', version: 2, value: 2 }]);
  });

  it('sweeps keys whose time is over out of its file at the start', async () => {
    const clock = createClock();
    const log = createLog({ level: 'silent' });
    const first = (store = await openLowdbStore({ dataDir, clock, log }));
    await Promise.all(Array.from({ length: 500 }, (_, i) => first.shared.once(`short ${i}`, 1000)));
    await first.shared.once('long', 100_000);
    await close();
    clock.advance(2000);
    store = await openLowdbStore({ dataDir, clock, log });
    expect(await store.shared.once('long', 100_000)).toBe(false);
    expect(await store.shared.once('short 1', 1000)).toBe(true);
    await close();
    expect((await readFile(join(dataDir, 'shared', 'marks.ndjson'), 'utf8')).trim().split('\n')).toHaveLength(2);
  });

  it('makes files for its owner only, whatever the names', async () => {
    const acme = (await open()).organization(ACME);
    await acme.put('plans', 'p1', 1, 0);
    await acme.append('../../../escape', [1]);
    await acme.append(`journal/${ACME.repeat(8)}`, [1]);
    await acme.append('Journal', ['upper']);
    await acme.append('journal', ['lower']);
    await acme.lease('t', 'h', 1000);
    expect(await allOf(acme, 'Journal')).toEqual([{ n: 1, entry: 'upper' }]);
    const names = (await readdir(dataDir, { recursive: true })).filter((name) => !name.startsWith('lock.'));
    const lower = names.map((name) => name.toLowerCase());
    expect(new Set(lower).size).toBe(names.length);
    expect(names.some((name) => name.startsWith(join(PART, 'logs', '~2e.~2e.~2f.')))).toBe(true);
    for (const name of names) {
      const found = await stat(join(dataDir, name));
      expect([name, (found.mode & 0o777).toString(8)]).toEqual([name, found.isDirectory() ? '700' : '600']);
    }
    expect(((await stat(dataDir)).mode & 0o777).toString(8)).toBe('700');
  });

  it('throws after it was closed, and has done by then what it does at all', async () => {
    const closed = await open();
    await closed.shared.put('plans', 'p0', 1, 0);
    const puts = Array.from({ length: 20 }, (_, i) => closed.shared.put('plans', `p${i % 4}`, i, i < 4 ? 0 : 1));
    const results = Promise.allSettled(puts);
    await close();
    const file = await readFile(join(dataDir, 'shared', 'records', 'plans.ndjson'), 'utf8');
    const done = (await results).filter((result) => result.status === 'fulfilled');
    expect(file.trim().split('\n')).toHaveLength(1 + done.length);
    await expect(closed.shared.put('plans', 'p1', 1, 0)).rejects.toThrow('closed');
    await expect(allOf(closed.shared, 'journal')).rejects.toThrow('closed');
  });

  describe('the lock', () => {
    it('lets nobody else in until closed, and does not stop who is in', async () => {
      const first = await open();
      await expect(openLowdbStore({ dataDir, clock: createClock(), log: createLog({ level: 'silent' }) })).rejects.toThrow(/in use by another process.*DATA_DIR/);
      expect(await first.shared.put('plans', 'p1', 1, 0)).toBe(1);
      await close();
      expect((await (await open()).shared.get('plans', 'p1'))?.value).toBe(1);
    });

    it('of a dead process is replaced', async () => {
      const child = spawnWorker(dataDir);
      await firstLine(child);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await locksIn(dataDir)).toHaveLength(1);
      await open();
      expect(await locksIn(dataDir)).toHaveLength(1);
      await close();
      expect(await locksIn(dataDir)).toEqual([]);
    });

    it('is never held by two of several processes that come at once to a dead one', async () => {
      const lockers = Array.from({ length: 5 }, () => {
        const child = spawn(process.execPath, ['--import', 'tsx', LOCKER], { stdio: ['pipe', 'pipe', 'inherit'] });
        return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
      });
      const ask = (line: string): Promise<unknown[]> => Promise.all(lockers.map(async ({ child, lines }) => {
        child.stdin.write(`${line}\n`);
        return (await lines.next()).value;
      }));
      const holders: number[] = [];
      try {
        for (let round = 0; round < 20; round += 1) {
          const folder = await mkdtemp(join(dataDir, 'race-'));
          await leaveDeadSocket(folder, 'lock.dead');
          // Nobody lets go before all have answered, so those that hold it hold it together.
          const answers = await ask(folder);
          expect(answers.filter((answer) => answer !== 'held' && answer !== 'taken')).toEqual([]);
          holders.push(answers.filter((answer) => answer === 'held').length);
          await ask('release');
          expect(await locksIn(folder)).toEqual([]);
        }
      } finally {
        for (const { child } of lockers) child.kill();
      }
      expect(Math.max(...holders)).toBe(1);
    }, 120_000);

    it('works in a folder whose path is longer than that of a socket may be', async () => {
      const deep = join(dataDir, 'long'.repeat(30), 'longer'.repeat(20));
      const first = await open(deep);
      await expect(openLowdbStore({ dataDir: deep, clock: createClock(), log: createLog({ level: 'silent' }) })).rejects.toThrow('in use');
      await first.close();
      expect(await locksIn(deep)).toEqual([]);
      await open(deep);
    });
  });

  it('has everything that was acknowledged after kill -9 at any moment', async () => {
    const acknowledged = { records: new Map<string, number>(), entries: 0, keys: new Set<string>() };
    for (let round = 0; round < 6; round += 1) {
      const child = spawnWorker(dataDir);
      const wanted = 40 + round * 90;
      let seen = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        const [what, id, number] = JSON.parse(line) as [string, string, number];
        if (what === 'put') acknowledged.records.set(id, number);
        if (what === 'append') acknowledged.entries += 1;
        if (what === 'once') acknowledged.keys.add(id);
        seen += 1;
        if (seen === wanted) child.kill('SIGKILL');
      }
      expect(seen).toBeGreaterThanOrEqual(wanted);
      const opened = await open();
      const acme = opened.organization(ACME);
      for (const [id, version] of acknowledged.records) expect((await acme.get('plans', id))?.version ?? 0).toBeGreaterThanOrEqual(version);
      const entries = await allOf<{ worker: number; i: number }>(acme, 'journal');
      expect(entries.length).toBeGreaterThanOrEqual(acknowledged.entries);
      expect(entries.every(({ n }, index) => n === index + 1)).toBe(true);
      for (const key of acknowledged.keys) expect(await opened.shared.once(key, 1000)).toBe(false);
      await close();
    }
    expect(acknowledged.keys.size).toBeGreaterThan(50);
  }, 120_000);
});

function spawnWorker(dataDir: string): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, ['--import', 'tsx', WORKER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function locksIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('lock'));
}

/** What a killed process leaves: the file of a socket at which nobody listens. */
async function leaveDeadSocket(folder: string, name: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(folder, 'alive'), resolve));
  await link(join(folder, 'alive'), join(folder, name));
  await new Promise((resolve) => server.close(resolve));
}

async function firstLine(child: ChildProcessByStdio<null, Readable, null>): Promise<void> {
  for await (const _ of createInterface({ input: child.stdout })) return;
}
