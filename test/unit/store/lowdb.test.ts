import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../../src/lib/log.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import { describeStore } from './contract.js';

describeStore('the embedded store', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'store-'));
  return {
    open: (clock) => openLowdbStore({ dataDir, clock, log: createLog({ level: 'silent' }) }),
    clear: () => rm(dataDir, { recursive: true }),
  };
});
