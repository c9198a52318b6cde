import { StewardError } from '../lib/errors.js';

/** A record with the version that a later put must name. */
export interface Record<T> {
  id: string;
  value: T;
  version: number;
}

/** An entry of a log with its number. */
export interface Entry<T> {
  n: number;
  entry: T;
}

/** One organization's part of the store, or the shared part. Values are JSON. */
export interface Partition {
  /** The record, or undefined. */
  get<T>(collection: string, id: string): Promise<Record<T> | undefined>;
  /** All records of a collection, in the order of their ids. */
  list<T>(collection: string): Promise<Record<T>[]>;
  /**
   * Writes when the stored version is `version` (0: must not exist yet). Resolves with the new version once durable.
   * Throws StaleRecord when somebody was faster. Versions grow by 1 and are never given twice to one id,
   * so a version read before a delete is still stale after the record was made anew.
   */
  put(collection: string, id: string, value: unknown, version: number): Promise<number>;
  /** Removes the record if its version is still `version`. Throws StaleRecord otherwise; nothing when it is gone already. */
  delete(collection: string, id: string, version: number): Promise<void>;
  /** Appends entries to a log; resolves with the number of the first when all are durable. Entries are numbered from 1 per log. */
  append(log: string, entries: readonly unknown[]): Promise<number>;
  /** The entries of a log from number `from` (default 1), in order. */
  read<T>(log: string, from?: number): AsyncIterable<Entry<T>>;
  /** Removes a log and what it held. */
  drop(log: string): Promise<void>;
  /** True for the first caller with this key within `ttl` milliseconds, false for all others, also after a restart. */
  once(key: string, ttl: number): Promise<boolean>;
  /** Takes or renews a lease for `ms`. False when another holder has it. In force until released or run out, also over a restart. */
  lease(key: string, holder: string, ms: number): Promise<boolean>;
  release(key: string, holder: string): Promise<void>;
}

/** The port behind which all that lasts is kept (embedded files, or PostgreSQL). */
export interface Store {
  /** The part of one organization. Everything there is looked up by (organization, id). */
  organization(id: string): Partition;
  /** Inbox, OAuth states, space settings: what belongs to no organization. */
  readonly shared: Partition;
  /** Ids of all organizations that have a part. */
  organizations(): Promise<string[]>;
  close(): Promise<void>;
}

/** What is stored cannot be read, or cannot be written. The message names the file and the fix; nothing was changed. */
export class StoreFailed extends StewardError {
  constructor(message: string, cause?: unknown) {
    super({ code: 'STORE_FAILED', message, cause });
  }
}

/** A put or delete named a version that is no longer the stored one. */
export class StaleRecord extends Error {
  constructor(readonly collection: string, readonly recordId: string) {
    super(`The record ${collection}/${recordId} was changed by somebody else in the meantime.`);
    this.name = 'StaleRecord';
  }
}

/** Reads, changes and writes a record until nobody was faster. `change` returns undefined to leave it as it is. */
export async function update<T>(
  partition: Partition,
  collection: string,
  id: string,
  change: (value: T | undefined) => T | undefined,
): Promise<T | undefined> {
  for (;;) {
    const found = await partition.get<T>(collection, id);
    const next = change(found?.value);
    if (next === undefined) return found?.value;
    try {
      await partition.put(collection, id, next, found?.version ?? 0);
      return next;
    } catch (error) {
      if (!(error instanceof StaleRecord)) throw error;
    }
  }
}
