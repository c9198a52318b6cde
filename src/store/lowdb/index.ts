import { chmod, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../../lib/clock.js';
import { messageOf } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import { StoreFailed, type Partition, type Store } from '../store.js';
import { isMissing, makeFolder, writeWhole } from './files.js';
import { lockFolder } from './lock.js';
import { organizationFolder } from './names.js';
import { FolderPartition } from './partition.js';

/**
 * The embedded store: a folder that one process at a time may open.
 * `shared/` and `organizations/<key of the id>/` are its parts. Throws StoreFailed when another process has the folder.
 */
export async function openLowdbStore(options: { dataDir: string; clock: Clock; log: Log }): Promise<Store> {
  const { clock, log } = options;
  const folder = resolve(options.dataDir);
  await makeFolder(folder);
  await chmod(folder, 0o700).catch((error: unknown) => {
    log.warn({ folder, error }, 'the data folder is not ours, its permissions stay as they are');
  });
  const lock = await lockFolder(folder);
  const home = join(folder, 'organizations');
  const shared = new FolderPartition(join(folder, 'shared'), clock, log, () => Promise.resolve());
  const partitions = new Map<string, FolderPartition>();

  const organization = (id: string): Partition => {
    const key = organizationFolder(id);
    let partition = partitions.get(key);
    if (!partition) {
      const path = join(home, key);
      partition = new FolderPartition(path, clock, log, once(() => keepId(path, id)));
      partitions.set(key, partition);
    }
    return partition;
  };

  return {
    organization,
    shared,
    organizations: async () => {
      const names = await readdir(home).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      const ids = await Promise.all(names.sort().map((name) => readId(join(home, name))));
      return ids.filter((id) => id !== undefined);
    },
    close: async () => {
      await Promise.all([shared, ...partitions.values()].map((partition) => partition.close()));
      await lock.release();
    },
  };
}

/** The id as Webex spelt it stands in the folder, since the folder's name is only its key. */
async function keepId(folder: string, id: string): Promise<void> {
  if ((await readId(folder)) === undefined) await writeWhole(join(folder, 'organization.json'), [JSON.stringify({ id }), '\n']);
}

async function readId(folder: string): Promise<string | undefined> {
  const path = join(folder, 'organization.json');
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { id: string }).id;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new StoreFailed(`The file ${path} cannot be read: ${messageOf(error)}. Restore it from a backup.`, error);
  }
}

/** Runs a task at the first call and again only after it failed. */
function once(task: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= task().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
