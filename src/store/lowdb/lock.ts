import { symlink, mkdtemp, rename, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreFailed } from '../store.js';
import { randomToken } from '../../lib/ids.js';

/** A socket's path has at most 107 bytes on Linux and 103 on macOS. */
const LONGEST_PATH = 103;

/** The hold on a folder, until released or the process ends, however it ends. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Locks a folder by a listening socket in it. The socket of a dead process refuses connections and is replaced.
 * Throws StoreFailed when another process has the folder.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const { path, done } = await shortPath(folder);
  const socket = join(path, 'lock');
  try {
    for (;;) {
      const server = await listen(socket);
      if (server) {
        return { release: () => release(server, path === folder ? undefined : join(folder, 'lock')) };
      }
      await replaceDead(socket, folder);
    }
  } finally {
    await done();
  }
}

/**
 * Closing removes the file that was listened at, before it closes. Through a link that is gone it cannot, so `left` is removed by us first:
 * afterwards the file might be that of the next process.
 */
async function release(server: Server, left: string | undefined): Promise<void> {
  if (left !== undefined) await rm(left, { force: true });
  await new Promise((resolve) => server.close(resolve));
}

/** Listens, or gives undefined when the socket's file is there already. Binding is atomic: only one process can do it. */
function listen(socket: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(new StoreFailed(`The data folder cannot be locked: ${error.message}`, error));
    });
    server.listen(socket, () => {
      server.unref();
      resolve(server);
    });
  });
}

async function replaceDead(socket: string, folder: string): Promise<void> {
  const taken = `The data folder ${folder} is in use by another process. Stop that one first, or set another DATA_DIR.`;
  if (await alive(socket)) throw new StoreFailed(taken);
  // Moved aside and asked again: another process may have put its own there since.
  const aside = `${socket}.${randomToken(6)}`;
  await rename(socket, aside).catch(() => undefined);
  if (await alive(aside)) {
    await rename(aside, socket);
    throw new StoreFailed(taken);
  }
  await rm(aside, { force: true });
}

/** Whether a process listens. Anything but a clear no counts as yes. */
function alive(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', (error: NodeJS.ErrnoException) => { resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'); });
  });
}

/** The folder, or a short symbolic link to it for as long as the socket is being made. */
async function shortPath(folder: string): Promise<{ path: string; done: () => Promise<void> }> {
  if (Buffer.byteLength(join(folder, 'lock.12345678')) <= LONGEST_PATH) return { path: folder, done: () => Promise.resolve() };
  const home = await mkdtemp(join(tmpdir(), 'lock-'));
  const path = join(home, 'd');
  await symlink(folder, path, 'dir');
  return { path, done: () => rm(home, { recursive: true, force: true }) };
}
