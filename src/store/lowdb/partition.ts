import { join } from 'node:path';
import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { StoreFailed, type Entry, type Partition, type Record } from '../store.js';
import { Collection } from './collection.js';
import { Entries } from './entries.js';
import { Marks } from './marks.js';
import { fileName } from './names.js';

/** One folder: `records/<collection>.json` and `.ndjson`, `logs/<log>.ndjson`, `marks.ndjson`. Files are opened at their first use. */
export class FolderPartition implements Partition {
  private readonly open = new Map<string, Promise<{ close(): Promise<void> }>>();
  private closed = false;

  /** `prepare` is awaited before anything is written. */
  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly prepare: () => Promise<void>,
  ) {}

  async get<T>(collection: string, id: string): Promise<Record<T> | undefined> {
    return (await this.collection(collection)).get<T>(id);
  }

  async list<T>(collection: string): Promise<Record<T>[]> {
    return (await this.collection(collection)).list<T>();
  }

  async put(collection: string, id: string, value: unknown, version: number): Promise<number> {
    await this.prepare();
    return (await this.collection(collection)).put(id, value, version);
  }

  async delete(collection: string, id: string, version: number): Promise<void> {
    await (await this.collection(collection)).delete(id, version);
  }

  async append(log: string, entries: readonly unknown[]): Promise<number> {
    await this.prepare();
    return (await this.entries(log)).append(entries);
  }

  async *read<T>(log: string, from = 1): AsyncGenerator<Entry<T>> {
    yield* (await this.entries(log)).read<T>(from);
  }

  async drop(log: string): Promise<void> {
    await (await this.entries(log)).drop();
  }

  async once(key: string, ttl: number): Promise<boolean> {
    await this.prepare();
    return (await this.marks()).take(`once:${key}`, '', ttl, false);
  }

  async lease(key: string, holder: string, ms: number): Promise<boolean> {
    await this.prepare();
    return (await this.marks()).take(`lease:${key}`, holder, ms, true);
  }

  async release(key: string, holder: string): Promise<void> {
    await (await this.marks()).release(`lease:${key}`, holder);
  }

  /** Refuses whatever comes from now on, and waits for what is under way. */
  async close(): Promise<void> {
    this.closed = true;
    for (const opened of await Promise.allSettled(this.open.values())) {
      if (opened.status === 'fulfilled') await opened.value.close();
    }
  }

  private collection(name: string): Promise<Collection> {
    return this.opened(`records/${fileName(name)}`, (path) => Collection.open(name, path, this.log));
  }

  private entries(name: string): Promise<Entries> {
    return this.opened(`logs/${fileName(name)}.ndjson`, (path) => Entries.open(path, this.log));
  }

  private marks(): Promise<Marks> {
    return this.opened('marks.ndjson', (path) => Marks.open(path, this.clock, this.log));
  }

  /** Opens a file once. One that cannot be read is tried again at the next use, and refused again: never taken for empty. */
  private async opened<T extends { close(): Promise<void> }>(name: string, open: (path: string) => Promise<T>): Promise<T> {
    if (this.closed) throw new StoreFailed('The store is closed.');
    const found = this.open.get(name) as Promise<T> | undefined;
    if (found) return found;
    const opening = open(join(this.folder, name));
    this.open.set(name, opening);
    try {
      return await opening;
    } catch (error) {
      this.open.delete(name);
      throw error;
    }
  }
}
