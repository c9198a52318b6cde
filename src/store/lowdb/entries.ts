import type { Log } from '../../lib/log.js';
import { messageOf } from '../../lib/errors.js';
import { StoreFailed, type Entry } from '../store.js';
import { AppendFile } from './append-file.js';
import { linesOf } from './files.js';

/** So that reading from the middle need not read from the start: where every thousandth entry begins. */
const MARK_EVERY = 1000;

/** One numbered log: a file with one JSON text a line. */
export class Entries {
  private count = 0;
  /** Bytes that hold these entries. */
  private end = 0;
  private marks: number[] = [0];

  private constructor(private readonly file: AppendFile) {}

  static async open(path: string, log: Log): Promise<Entries> {
    const entries = new Entries(new AppendFile(path, log));
    await entries.file.load((_line, end) => { entries.counted(end); });
    return entries;
  }

  async append(values: readonly unknown[]): Promise<number> {
    if (values.length === 0) return this.count + 1;
    const lines = values.map((value) => {
      const text = JSON.stringify(value) as string | undefined;
      if (text === undefined) throw new TypeError('An entry is not JSON.');
      return `${text}\n`;
    });
    let first = 0;
    let end = 0;
    await this.file.append(lines.join(''), () => {
      first = this.count + 1;
      end = this.end;
      for (const line of lines) this.counted((end += Buffer.byteLength(line)));
    });
    return first;
  }

  /** What was durable when reading began. */
  async *read<T>(from: number): AsyncGenerator<Entry<T>> {
    const start = Math.max(1, from);
    if (start > this.count) return;
    const mark = Math.floor((start - 1) / MARK_EVERY);
    let n = mark * MARK_EVERY;
    for await (const lines of linesOf(this.file.path, this.marks[mark] ?? 0, this.end)) {
      for (const line of lines) {
        n += 1;
        if (n >= start) yield { n, entry: this.parse(line, n) as T };
      }
    }
  }

  async drop(): Promise<void> {
    await this.file.remove(() => {
      this.count = 0;
      this.marks = [0];
      this.end = 0;
    });
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private counted(end: number): void {
    this.count += 1;
    this.end = end;
    if (this.count % MARK_EVERY === 0) this.marks.push(end);
  }

  private parse(line: string, n: number): unknown {
    try {
      return JSON.parse(line) as unknown;
    } catch (error) {
      throw new StoreFailed(`The file ${this.file.path} is damaged at line ${n}: ${messageOf(error)}. Restore it from a backup.`, error);
    }
  }
}
