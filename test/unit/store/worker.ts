/** Writes to a store without end and tells on standard output what was acknowledged, until it is killed. */
import { writeSync } from 'node:fs';
import { createClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import { ACME } from './names.js';

const store = await openLowdbStore({ dataDir: process.argv[2] ?? '', clock: createClock(), log: createLog({ level: 'error', destination: process.stderr }) });
const acme = store.organization(ACME);
const run = `${process.pid}`;
const tell = (...what: unknown[]): void => void writeSync(1, `${JSON.stringify(what)}\n`);

/** Values are big, so that the journal is folded while it is killed. */
const padding = 'x'.repeat(3000);

async function work(worker: number): Promise<never> {
  const id = `p${worker}`;
  for (let i = 0; ; i += 1) {
    const found = await acme.get('plans', id);
    tell('put', id, await acme.put('plans', id, { i, padding }, found?.version ?? 0));
    tell('append', '', await acme.append('journal', [{ worker, i }]));
    const key = `${run} ${worker} ${i}`;
    await store.shared.once(key, 3_600_000);
    tell('once', key, 0);
  }
}

await Promise.all(Array.from({ length: 20 }, (_, worker) => work(worker)));
