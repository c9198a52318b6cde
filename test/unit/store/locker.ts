/** Takes the lock of each folder that it is told on standard input, says `held` or `taken`, and lets go at `release`. */
import { createInterface } from 'node:readline';
import { lockFolder, type FolderLock } from '../../../src/store/lowdb/lock.js';
import { StoreFailed } from '../../../src/store/store.js';

let lock: FolderLock | undefined;

async function answer(line: string): Promise<string> {
  if (line === 'release') {
    await lock?.release();
    lock = undefined;
    return 'released';
  }
  try {
    lock = await lockFolder(line);
    return 'held';
  } catch (error) {
    if (error instanceof StoreFailed && error.message.includes('in use')) return 'taken';
    throw error;
  }
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${await answer(line)}\n`);
