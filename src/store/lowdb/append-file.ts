import { rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from '../../lib/log.js';
import { messageOf } from '../../lib/errors.js';
import { StoreFailed } from '../store.js';
import { linesOf, openFile, sizeOf, syncFolder, writeWhole } from './files.js';

interface Waiting {
  text: string;
  /** Called in the order of the file, before anybody is told, once the text is durable. */
  onDurable: () => void;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** The files that were written last stay open, since opening costs more than writing. None that is being written is among them. */
const open = new Map<AppendFile, FileHandle>();
const MOST_OPEN = 64;

/**
 * A file of lines that only grows, with group commit: what comes while one write and fsync are under way shares the next.
 * After a failed write the file is as before it, everybody who waited is told, and the next write tries again.
 */
export class AppendFile {
  /** Bytes that are durable. What stands behind them is a torn write. */
  size = 0;
  private waiting: Waiting[] = [];
  private torn = false;
  private closed = false;
  /** Everything that touches the file goes through this chain. */
  private tail: Promise<void> = Promise.resolve();

  constructor(readonly path: string, private readonly log: Log) {}

  /** Reads what is there, line by line with the offset behind each, and cuts off a torn last line. */
  async load(onLine: (line: string, end: number) => void): Promise<void> {
    const bytes = await sizeOf(this.path);
    let number = 0;
    try {
      for await (const lines of linesOf(this.path, 0, bytes)) {
        for (const line of lines) {
          number += 1;
          this.size += Buffer.byteLength(line) + 1;
          onLine(line, this.size);
        }
      }
    } catch (error) {
      throw new StoreFailed(`The file ${this.path} cannot be read at line ${number}: ${messageOf(error)} Restore it from a backup.`, error);
    }
    if (bytes <= this.size) return;
    this.log.warn({ file: this.path, bytes: bytes - this.size }, 'a torn last line was cut off');
    this.torn = true;
    await this.exclusive(async () => {
      await this.write('');
    });
  }

  /** Appends whole lines; resolves when they are durable. */
  append(text: string, onDurable: () => void = () => undefined): Promise<void> {
    if (this.closed) return Promise.reject(new StoreFailed('The store is closed.'));
    return new Promise((resolve, reject) => {
      this.waiting.push({ text, onDurable, resolve, reject });
      if (this.waiting.length === 1) void this.exclusive(() => this.flush());
    });
  }

  /** Puts other lines in the place of all, after `before` has been done; nothing is appended meanwhile. */
  replace(parts: () => Iterable<string>, before: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    return this.exclusive(async () => {
      await before();
      await this.letGo();
      this.size = await writeWhole(this.path, parts());
      this.torn = false;
    });
  }

  /** Removes the file; `onRemoved` runs before anything is appended anew. */
  remove(onRemoved: () => void): Promise<void> {
    return this.exclusive(async () => {
      const known = this.size > 0;
      await this.letGo();
      await rm(this.path, { force: true });
      if (known) await syncFolder(dirname(this.path));
      this.size = 0;
      this.torn = false;
      onRemoved();
    });
  }

  /** Refuses whatever comes from now on, and resolves when nothing is under way. */
  async close(): Promise<void> {
    this.closed = true;
    await this.tail;
    await this.letGo();
  }

  private exclusive(task: () => Promise<void>): Promise<void> {
    const done = this.closed ? Promise.reject(new StoreFailed('The store is closed.')) : this.tail.then(task);
    this.tail = done.catch(() => undefined);
    return done;
  }

  private async flush(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    try {
      await this.write(batch.map((one) => one.text).join(''));
    } catch (error) {
      const failure = new StoreFailed(`The file ${this.path} cannot be written: ${messageOf(error)}`, error);
      this.log.error({ file: this.path, error }, 'the store cannot write');
      for (const one of batch) one.reject(failure);
      return;
    }
    for (const one of batch) one.onDurable();
    for (const one of batch) one.resolve();
  }

  private async write(text: string): Promise<void> {
    const buffer = Buffer.from(text, 'utf8');
    const handle = open.get(this) ?? (await openFile(this.path));
    open.delete(this);
    try {
      if (this.torn) await handle.truncate(this.size);
      this.torn = true;
      for (let done = 0; done < buffer.length; ) {
        done += (await handle.write(buffer, done, buffer.length - done, this.size + done)).bytesWritten;
      }
      await handle.datasync();
      this.torn = false;
      this.size += buffer.length;
    } catch (error) {
      await handle.truncate(this.size).catch(() => undefined);
      await handle.close().catch(() => undefined);
      throw error;
    }
    open.set(this, handle);
    if (open.size > MOST_OPEN) await open.keys().next().value?.letGo();
  }

  private async letGo(): Promise<void> {
    const handle = open.get(this);
    open.delete(this);
    // All that was written is durable: a close that fails loses nothing.
    await handle?.close().catch(() => undefined);
  }
}
