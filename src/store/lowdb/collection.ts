import { readFile } from 'node:fs/promises';
import { Low, type Adapter } from 'lowdb';
import type { Log } from '../../lib/log.js';
import { messageOf } from '../../lib/errors.js';
import { StaleRecord, StoreFailed, type Record } from '../store.js';
import { AppendFile } from './append-file.js';
import { isMissing, sizeOf, writeWhole } from './files.js';
import { Turns } from './turns.js';

/** The records of one collection. Values are kept as JSON text, so that nobody can change one by holding it. */
interface Data {
  /** The highest version that a removed record had: new records start above it. */
  floor: number;
  records: Map<string, { version: number; text: string }>;
}

/** A journal is folded into the main file when it has outgrown it, and this. */
const JOURNAL_BYTES = 1024 * 1024;

/** Reads and writes a collection's main file whole or not at all. A file that is not JSON is an error, never an empty one. */
class CollectionFile implements Adapter<Data> {
  constructor(private readonly path: string) {}

  async read(): Promise<Data | null> {
    try {
      const file = JSON.parse(await readFile(this.path, 'utf8')) as { floor: number; records: Record<unknown>[] };
      return {
        floor: file.floor,
        records: new Map(file.records.map(({ id, version, value }) => [id, { version, text: JSON.stringify(value) }])),
      };
    } catch (error) {
      if (isMissing(error)) return null;
      throw new StoreFailed(`The file ${this.path} cannot be read: ${messageOf(error)}. Restore it from a backup.`, error);
    }
  }

  async write(data: Data): Promise<void> {
    await writeWhole(this.path, fileText(data));
  }
}

function* fileText({ floor, records }: Data): Generator<string> {
  yield `{"floor":${floor},"records":[`;
  let between = '\n';
  for (const [id, { version, text }] of records) {
    yield `${between}{"id":${JSON.stringify(id)},"version":${version},"value":${text}}`;
    between = ',\n';
  }
  yield '\n]}\n';
}

/**
 * Records by lowdb, with a journal of the changes since lowdb wrote its file:
 * a put costs one shared append, however many records there are. Memory holds only what is durable.
 */
export class Collection {
  private readonly turns = new Turns();
  private folding = false;
  private mainBytes = 0;

  private constructor(
    private readonly name: string,
    private readonly low: Low<Data>,
    private readonly journal: AppendFile,
    private readonly mainPath: string,
    private readonly log: Log,
  ) {}

  /** Reads `<path>.json` and the journal `<path>.ndjson` beside it. */
  static async open(name: string, path: string, log: Log): Promise<Collection> {
    const low = new Low<Data>(new CollectionFile(`${path}.json`), { floor: 0, records: new Map() });
    await low.read();
    const collection = new Collection(name, low, new AppendFile(`${path}.ndjson`, log), `${path}.json`, log);
    await collection.journal.load((line) => {
      const { id, version, value } = JSON.parse(line) as Record<unknown>;
      collection.apply(id, version, value === undefined ? undefined : JSON.stringify(value));
    });
    collection.mainBytes = await sizeOf(collection.mainPath);
    return collection;
  }

  get<T>(id: string): Record<T> | undefined {
    const found = this.low.data.records.get(id);
    return found && { id, version: found.version, value: JSON.parse(found.text) as T };
  }

  list<T>(): Record<T>[] {
    return [...this.low.data.records]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, { version, text }]) => ({ id, version, value: JSON.parse(text) as T }));
  }

  put(id: string, value: unknown, version: number): Promise<number> {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`The value of ${this.name}/${id} is not JSON.`);
    return this.turns.take(id, async () => {
      const found = this.low.data.records.get(id);
      if ((found?.version ?? 0) !== version) throw new StaleRecord(this.name, id);
      const next = (found?.version ?? this.low.data.floor) + 1;
      await this.write(id, next, text);
      return next;
    });
  }

  delete(id: string, version: number): Promise<void> {
    return this.turns.take(id, async () => {
      const found = this.low.data.records.get(id);
      if (!found) return;
      if (found.version !== version) throw new StaleRecord(this.name, id);
      await this.write(id, version, undefined);
    });
  }

  async close(): Promise<void> {
    await this.journal.close();
  }

  private async write(id: string, version: number, text: string | undefined): Promise<void> {
    const value = text === undefined ? '' : `,"value":${text}`;
    await this.journal.append(`{"id":${JSON.stringify(id)},"version":${version}${value}}\n`, () => {
      this.apply(id, version, text);
    });
    if (!this.folding && this.journal.size > Math.max(JOURNAL_BYTES, this.mainBytes)) void this.fold();
  }

  private apply(id: string, version: number, text: string | undefined): void {
    const { data } = this.low;
    if (text !== undefined) data.records.set(id, { version, text });
    else if (data.records.delete(id)) data.floor = Math.max(data.floor, version);
  }

  /** Writes the main file and empties the journal. A crash between both is harmless: the journal says the same again. */
  private async fold(): Promise<void> {
    this.folding = true;
    try {
      await this.journal.replace(() => [], () => this.low.write());
      this.mainBytes = await sizeOf(this.mainPath);
    } catch (error) {
      this.log.error({ file: this.mainPath, error }, 'the journal could not be folded and goes on growing');
    } finally {
      this.folding = false;
    }
  }
}
