import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { randomToken } from '../../lib/ids.js';
import { StoreFailed } from '../store.js';

/** A socket's path has at most 107 bytes on Linux and 103 on macOS. */
const LONGEST_PATH = 103;
const PREFIX = 'lock.';
/** Several who begin at the same moment all give way; after different pauses one of them gets in. */
const ATTEMPTS = 4;
const LONGEST_PAUSE_MS = 250;

/** The hold on a folder, until released or the process ends, however it ends. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Locks a folder by a listening socket in it. Throws StoreFailed when another process has the folder.
 * Everybody listens under a name of his own first and looks for others then: of two at least one sees the other and gives way.
 * No name is used twice, so the socket of a dead process, which refuses connections, can be removed without hitting a living one.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  for (let attempt = 1; ; attempt += 1) {
    const lock = await listen(folder);
    try {
      // Asked a moment before it listened, ours was taken for dead and removed: then nobody would see us any more.
      if (!(await othersLive(folder, lock.name)) && (await readdir(folder)).includes(lock.name)) return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
    await lock.release();
    if (attempt === ATTEMPTS) throw new StoreFailed(`The data folder ${folder} is in use by another process. Stop that one first, or set another DATA_DIR.`);
    await pause(randomInt(LONGEST_PAUSE_MS));
  }
}

async function listen(folder: string): Promise<FolderLock & { name: string }> {
  const name = `${PREFIX}${randomToken(9)}`;
  const short = await shortPath(folder, name);
  const server = createServer((connection) => connection.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(join(short.path, name), resolve);
    });
  } catch (error) {
    throw new StoreFailed(`The data folder ${folder} cannot be locked by a socket in it.`, error);
  } finally {
    await short.done();
  }
  server.unref();
  return { name, release: () => release(server, join(folder, name)) };
}

async function release(server: Server, path: string): Promise<void> {
  await rm(path, { force: true });
  await new Promise((resolve) => server.close(resolve));
}

/** Whether somebody else listens. The sockets of the dead are removed. */
async function othersLive(folder: string, mine: string): Promise<boolean> {
  const others = (await readdir(folder)).filter((name) => name.startsWith(PREFIX) && name !== mine);
  for (const name of others) {
    const short = await shortPath(folder, name);
    try {
      if (await answers(join(short.path, name))) return true;
    } finally {
      await short.done();
    }
    await rm(join(folder, name), { force: true });
  }
  return false;
}

/** Whether a process listens. Anything but a clear no counts as yes. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', (error: NodeJS.ErrnoException) => { resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'); });
  });
}

/** The folder, or a short symbolic link to it for as long as the socket's path is needed. */
async function shortPath(folder: string, name: string): Promise<{ path: string; done: () => Promise<void> }> {
  if (Buffer.byteLength(join(folder, name)) <= LONGEST_PATH) return { path: folder, done: () => Promise.resolve() };
  const home = await mkdtemp(join(tmpdir(), 'lock-'));
  const path = join(home, 'd');
  await symlink(folder, path, 'dir');
  return { path, done: () => rm(home, { recursive: true, force: true }) };
}
