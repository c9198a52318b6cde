import type { Json } from '../lib/canonical.js';
import { messageOf } from '../lib/errors.js';
import type { Partition } from '../store/store.js';
import type { Outcome } from './define.js';

/** One line of the log `journal-<id>`. A step has at most one intent in force: `void` says that its call surely changed nothing. */
export type JournalEntry =
  | { t: 'intent'; n: number; at: string; live: Json }
  | { t: 'void'; n: number; at: string }
  | { t: 'outcome'; n: number; at: string; outcome: Outcome };

/** What the journal says of a change. */
export interface JournalState {
  /** By step number. */
  outcomes: Map<number, Outcome>;
  /** Steps with an intent and no outcome, with the live value before their call: whether it happened must be read from Webex. */
  doubts: Map<number, Json>;
}

/** Reads the journal of a change. */
export async function readJournal(partition: Partition, id: string): Promise<JournalState> {
  const outcomes = new Map<number, Outcome>();
  const doubts = new Map<number, Json>();
  for await (const { entry } of partition.read<JournalEntry>(journalLog(id))) {
    if (entry.t === 'intent') {
      // The first intent holds the value from before any call of ours.
      if (!doubts.has(entry.n)) doubts.set(entry.n, entry.live);
    } else {
      doubts.delete(entry.n);
      if (entry.t === 'outcome') outcomes.set(entry.n, entry.outcome);
    }
  }
  return { outcomes, doubts };
}

/** Writes the journal of one change. The store gathers what many steps append at once into one write. */
export class Journal {
  private readonly pending = new Set<Promise<unknown>>();
  private failure: Error | undefined;

  constructor(private readonly partition: Partition, private readonly id: string, private readonly now: () => string) {}

  /** Resolves when it is durable that the call is about to be made. */
  async intend(n: number, live: Json): Promise<void> {
    this.check();
    await this.append({ t: 'intent', n, at: this.now(), live });
  }

  /** Nobody waits for it: if it is lost in a crash, the step is read from Webex again. */
  void(n: number): void {
    this.later({ t: 'void', n, at: this.now() });
  }

  /** Nobody waits for it: if it is lost in a crash, the step is read from Webex again. */
  conclude(n: number, outcome: Outcome): void {
    this.later({ t: 'outcome', n, at: this.now(), outcome });
  }

  /** Resolves when all is durable; throws when anything could not be written. */
  async settled(): Promise<void> {
    await Promise.all(this.pending);
    this.check();
  }

  private check(): void {
    if (this.failure) throw this.failure;
  }

  private later(entry: JournalEntry): void {
    const done = this.append(entry).catch((error: unknown) => {
      this.failure ??= error instanceof Error ? error : new Error(messageOf(error));
    }).finally(() => this.pending.delete(done));
    this.pending.add(done);
  }

  private async append(entry: JournalEntry): Promise<void> {
    await this.partition.append(journalLog(this.id), [entry]);
  }
}

/** The name of a change's log. */
export function journalLog(id: string): string {
  return `journal-${id}`;
}
