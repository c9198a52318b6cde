import type { Clock } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import { AppendFile } from './append-file.js';
import { Turns } from './turns.js';

interface Mark {
  holder: string;
  /** Milliseconds since 1970. */
  until: number;
}

type Line = [key: string, holder: string, until: number];

/** The file is written anew when more of its lines are void than this and twice the valid ones. */
const VOID_LINES = 10_000;

/** Keys that are held until a time: what `once` and `lease` are made of. A file that grows, and a map of what is in force. */
export class Marks {
  private readonly marks = new Map<string, Mark>();
  private readonly turns = new Turns();
  private lines = 0;
  private valid = 0;
  private sweeping = false;

  private constructor(private readonly file: AppendFile, private readonly clock: Clock, private readonly log: Log) {}

  static async open(path: string, clock: Clock, log: Log): Promise<Marks> {
    const marks = new Marks(new AppendFile(path, log), clock, log);
    await marks.file.load((line) => { marks.apply(JSON.parse(line) as Line); });
    if (marks.lines > 0) await marks.sweep();
    return marks;
  }

  /** Holds the key unless somebody else does, or, without `renew`, anybody. True when it is now held. */
  take(key: string, holder: string, ms: number, renew: boolean): Promise<boolean> {
    return this.turns.take(key, async () => {
      const found = this.inForce(key);
      if (found && !(renew && found.holder === holder)) return false;
      await this.write([key, holder, this.clock.now() + ms]);
      return true;
    });
  }

  release(key: string, holder: string): Promise<void> {
    return this.turns.take(key, async () => {
      if (this.inForce(key)?.holder === holder) await this.write([key, holder, 0]);
    });
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private inForce(key: string): Mark | undefined {
    const found = this.marks.get(key);
    return found && found.until > this.clock.now() ? found : undefined;
  }

  private async write(line: Line): Promise<void> {
    await this.file.append(`${JSON.stringify(line)}\n`, () => { this.apply(line); });
    if (!this.sweeping && this.lines > 2 * this.valid + VOID_LINES) {
      void this.sweep().catch((error: unknown) => {
        this.log.error({ error }, 'old keys could not be swept out and the file goes on growing');
      });
    }
  }

  private apply([key, holder, until]: Line): void {
    this.lines += 1;
    if (until === 0) this.marks.delete(key);
    else this.marks.set(key, { holder, until });
  }

  private async sweep(): Promise<void> {
    this.sweeping = true;
    try {
      await this.file.replace(() => this.remaining());
      this.lines = this.valid = this.marks.size;
    } finally {
      this.sweeping = false;
    }
  }

  private *remaining(): Generator<string> {
    const now = this.clock.now();
    for (const [key, { holder, until }] of this.marks) {
      if (until <= now) this.marks.delete(key);
      else yield `${JSON.stringify([key, holder, until])}\n`;
    }
  }
}
