import type { Clock } from '../lib/clock.js';
import { idKey } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import { StewardError } from '../lib/errors.js';
import { update, type Partition, type Store } from './store.js';
import type { Sealed, Vault } from './vault.js';

/** What happened: who asked, approved, changed, linked, was refused. */
export interface AuditEvent {
  /** A person id, or `steward` for what the program does by itself. */
  actor: string;
  /** Stable words with dots: `plan.approved`, `account.linked`, `card.refused` … */
  action: string;
  /** What it was done to: a plan, a person, a setting. */
  subject?: string | undefined;
  /** JSON. Never a token. */
  details?: { [key: string]: unknown } | undefined;
}

/** One link of the chain. */
export interface AuditEntry extends AuditEvent {
  /** From 1, without a gap. */
  n: number;
  /** ISO 8601. */
  at: string;
  /** The mac of the entry before; empty for the first. */
  previous: string;
  /** HMAC over all of the above. */
  mac: string;
}

/** What `verify` found. `head` is `<count>:<mac>` of the last entry, to be compared with one noted earlier. */
export type AuditVerdict = { ok: true; count: number; head: string } | { ok: false; firstBad: number; reason: string };

/** Tells who did what. `organization` is undefined for what belongs to none. */
export interface AuditLog {
  /** Resolves when the entry is durable. */
  record(organization: string | undefined, event: AuditEvent): Promise<void>;
  /** Checks every entry and its place in the chain, the stored head, and `head` when given (as `verify` or `heads` gave it). */
  verify(organization: string | undefined, head?: string): Promise<AuditVerdict>;
  /** The entries from number `from`, for reading and export. They are not checked here. */
  entries(organization: string | undefined, from?: number): AsyncIterable<AuditEntry>;
  /** The head of every chain that has entries: to be logged once a day, where the store's files cannot reach. */
  heads(): Promise<{ organization: string | undefined; head: string }[]>;
}

/** The audit log cannot go on. Nothing that must be audited may be done. */
export class AuditFailed extends StewardError {
  constructor(message: string, cause?: unknown) {
    super({ code: 'AUDIT_FAILED', message, cause });
  }
}

interface Head {
  count: number;
  mac: string;
}

interface Waiting {
  event: AuditEvent;
  resolve: () => void;
  reject: (error: unknown) => void;
}

const LOG = 'audit';
const HEADS = 'audit-heads';
const HEAD = 'head';
const NO_HEAD: Head = { count: 0, mac: '' };

/** An audit log with one keyed chain per organization. Only one process may write a chain. */
export function createAuditLog(options: { store: Store; vault: Vault; clock: Clock; log: Log }): AuditLog {
  const { store, vault, log } = options;
  const chains = new Map<Partition, Chain>();
  const partitionOf = (organization: string | undefined): Partition =>
    organization === undefined ? store.shared : store.organization(organization);
  const chainOf = (organization: string | undefined): Chain => {
    const partition = partitionOf(organization);
    let chain = chains.get(partition);
    if (!chain) {
      chain = new Chain(partition, organization, options);
      chains.set(partition, chain);
    }
    return chain;
  };

  return {
    record: (organization, event) => chainOf(organization).add(event),
    verify: (organization, head) => chainOf(organization).verify(head),
    entries: async function* (organization, from = 1) {
      for await (const { entry } of partitionOf(organization).read<AuditEntry>(LOG, from)) yield entry;
    },
    heads: async () => {
      const found: { organization: string | undefined; head: string }[] = [];
      for (const organization of [undefined, ...(await store.organizations())]) {
        const head = await readHead(partitionOf(organization), organization, vault).catch((error: unknown) => {
          log.error({ organization, error }, 'the head of an audit log cannot be trusted');
          return undefined;
        });
        if (head && head.count > 0) found.push({ organization, head: textOf(head) });
      }
      return found;
    },
  };
}

class Chain {
  private head: Head | undefined;
  private waiting: Waiting[] = [];
  private tail: Promise<void> = Promise.resolve();

  constructor(
    private readonly partition: Partition,
    private readonly organization: string | undefined,
    private readonly means: { vault: Vault; clock: Clock; log: Log },
  ) {}

  add(event: AuditEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ event, resolve, reject });
      if (this.waiting.length === 1) this.tail = this.tail.then(() => this.flush());
    });
  }

  async verify(wanted: string | undefined): Promise<AuditVerdict> {
    // What is being recorded now would be in the log and not yet in the head.
    await this.tail;
    const stored = await readHead(this.partition, this.organization, this.means.vault).catch(() => undefined);
    if (!stored) return { ok: false, firstBad: 0, reason: 'The stored head was changed.' };
    const heads = [stored];
    if (wanted !== undefined) {
      const [, count, mac] = /^(\d+):(\S+)$/.exec(wanted) ?? [];
      if (count === undefined || mac === undefined) return { ok: false, firstBad: 0, reason: 'The given head is not <count>:<mac>.' };
      heads.push({ count: Number(count), mac });
    }
    let last = NO_HEAD;
    for await (const { n, entry } of this.partition.read<AuditEntry>(LOG)) {
      const reason = this.fault(n, entry, last);
      if (reason !== undefined) return { ok: false, firstBad: n, reason };
      last = { count: n, mac: entry.mac };
      if (heads.some((head) => head.count === n && head.mac !== entry.mac)) return { ok: false, firstBad: n, reason: 'It is not the entry that the head names.' };
    }
    const longest = Math.max(...heads.map((head) => head.count));
    if (longest > last.count) return { ok: false, firstBad: last.count + 1, reason: `The end is missing: there were ${longest} entries, now there are ${last.count}.` };
    return { ok: true, count: last.count, head: textOf(last) };
  }

  private fault(n: number, entry: AuditEntry, last: Head): string | undefined {
    const { mac, ...rest } = entry;
    if (!this.means.vault.verify('audit', this.signed(rest), mac)) return 'It was changed, or its key is no longer in TOKEN_KEYS.';
    if (entry.n !== n) return `An entry was removed, added or moved: number ${entry.n} stands in place ${n}.`;
    if (entry.previous !== last.mac) return 'It does not follow from the entry before it.';
    return undefined;
  }

  private async flush(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    try {
      let head = (this.head ??= await this.load());
      const entries = batch.map(({ event }) => {
        const body = { n: head.count + 1, at: this.means.clock.iso(), ...event, previous: head.mac };
        const entry: AuditEntry = { ...body, mac: this.means.vault.mac('audit', this.signed(body)) };
        head = { count: entry.n, mac: entry.mac };
        return entry;
      });
      await this.partition.append(LOG, entries);
      this.head = head;
      await this.keepHead(head);
    } catch (error) {
      // What is durable now is not known for sure: it is read again before the next entry.
      this.head = undefined;
      for (const one of batch) one.reject(error);
      return;
    }
    for (const one of batch) one.resolve();
  }

  /**
   * Where the chain goes on: the stored head, and what a crash left between an entry and its head.
   * After a cut tail it goes on from the head, so that the gap stays to be seen for ever.
   */
  private async load(): Promise<Head> {
    let head = await readHead(this.partition, this.organization, this.means.vault);
    for await (const { entry } of this.partition.read<AuditEntry>(LOG, head.count + 1)) {
      const reason = this.fault(head.count + 1, entry, head);
      if (reason !== undefined) {
        this.means.log.error({ organization: this.organization, n: head.count + 1, reason }, 'the audit log was changed outside');
        throw new AuditFailed(`The audit log is broken at entry ${head.count + 1}: ${reason} Run audit verify.`);
      }
      head = { count: entry.n, mac: entry.mac };
    }
    return head;
  }

  private async keepHead(head: Head): Promise<void> {
    const place = { organization: this.organization, collection: HEADS, id: HEAD };
    await update<Sealed<Head>>(this.partition, HEADS, HEAD, () => this.means.vault.seal(place, head));
  }

  private signed(body: Omit<AuditEntry, 'mac'>): unknown {
    const { n, at, actor, action, subject, details, previous } = body;
    return { organization: this.organization && idKey(this.organization), n, at, actor, action, subject, details, previous };
  }
}

async function readHead(partition: Partition, organization: string | undefined, vault: Vault): Promise<Head> {
  const found = await partition.get<Sealed<Head>>(HEADS, HEAD);
  return found ? vault.unseal({ organization, collection: HEADS, id: HEAD }, found.value) : NO_HEAD;
}

function textOf({ count, mac }: Head): string {
  return `${count}:${mac}`;
}
