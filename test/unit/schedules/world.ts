import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import type { Owner, Schedule, ScheduleDraft, Schedules } from '../../../src/schedules/define.js';
import { createScheduler, type RunOrder, type RunResult, type Scheduler } from '../../../src/schedules/scheduler.js';
import { createAuditLog, type AuditEntry } from '../../../src/store/audit.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import type { Store } from '../../../src/store/store.js';
import { createVault } from '../../../src/store/vault.js';

const webexId = (type: string, key: string): string => Buffer.from(`ciscospark://us/${type}/${key}`).toString('base64url');

export const ACME = { id: webexId('ORGANIZATION', '11111111-1111-1111-1111-111111111111'), name: 'Acme' };
export const OTHER = { id: webexId('ORGANIZATION', '22222222-2222-2222-2222-222222222222'), name: 'Other' };
export const ANNA: Owner = { personId: webexId('PEOPLE', '00000000-0000-0000-0000-000000000001'), email: 'anna@acme.test', displayName: 'Anna', orgId: ACME.id };
export const BOB: Owner = { personId: webexId('PEOPLE', '00000000-0000-0000-0000-000000000002'), email: 'bob@acme.test', displayName: 'Bob', orgId: ACME.id };

export const HOUR = 60 * 60_000;
export const DAY = 24 * HOUR;

/** A run that the scheduler has begun, and that the test ends. */
export interface Call {
  schedule: Schedule;
  run: RunOrder;
  /** Which scheduler it came from. */
  by: string;
  end(result?: Partial<RunResult>): void;
  fail(error: Error): void;
}

/** Schedulers on a real embedded store in a temporary folder. What they run waits for the test. */
export class World {
  readonly clock = createClock();
  readonly lines: string[] = [];
  /** All runs so far. */
  readonly calls: Call[] = [];
  readonly vault = createVault([{ id: 'k1', secret: randomBytes(32) }]);
  store!: Store;
  scheduler!: Scheduler;
  private readonly log = createLog({ level: 'info', destination: { write: (line) => void this.lines.push(line) } });
  private readonly schedulers: Scheduler[] = [];
  private taken = 0;
  private waiting: (() => void) | undefined;

  private constructor(private readonly folder: string) {}

  static async open(): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), 'schedules-')));
    await world.begin();
    return world;
  }

  get anna(): Schedules {
    return this.scheduler.of(ACME, ANNA);
  }

  /** Opens the store and starts a scheduler, as the program does at its start. */
  async begin(): Promise<void> {
    this.store = await openLowdbStore({ dataDir: this.folder, clock: this.clock, log: this.log });
    this.scheduler = this.another();
    await this.scheduler.start();
  }

  /** The program ends in the middle of everything, and begins again after `ms`. */
  async crash(ms = 0): Promise<void> {
    await this.store.close();
    // What the dead process would have done at its timers cannot reach the store any more.
    await this.scheduler.stop();
    this.clock.advance(ms);
    await this.begin();
  }

  /** The program ends in good order, and begins again after `ms`. */
  async restart(ms = 0): Promise<void> {
    await this.scheduler.stop();
    await this.store.close();
    this.clock.advance(ms);
    await this.begin();
  }

  another(instance?: string): Scheduler {
    const { store, vault, clock, log } = this;
    const scheduler = createScheduler({
      store, vault, clock, log, audit: createAuditLog({ store, vault, clock, log }), ...(instance === undefined ? {} : { instance }),
      execute: (schedule, run) => new Promise((resolve, reject) => {
        this.calls.push({ schedule, run, by: instance ?? '', end: (result = {}) => { resolve({ outcome: 'done', note: 'Well.', ...result }); }, fail: reject });
        this.waiting?.();
      }),
    });
    this.schedulers.push(scheduler);
    return scheduler;
  }

  /** The next run that is begun. */
  async call(): Promise<Call> {
    while (this.calls.length <= this.taken) await new Promise<void>((resolve) => { this.waiting = resolve; });
    return this.calls[this.taken++]!;
  }

  /** Ends the next run, and gives the record after it. */
  async done(result: Partial<RunResult> = {}): Promise<Schedule> {
    const call = await this.call();
    call.end(result);
    await this.scheduler.idle();
    return this.get(call.schedule.id);
  }

  add(draft: Partial<ScheduleDraft> = {}): Promise<Schedule> {
    const every = { kind: 'every' as const, ms: 12 * HOUR, from: this.clock.iso() };
    return this.anna.add({ job: 'spaces sync', input: { rules: ['r1'] }, title: 'Spaces follow their groups', when: every, tz: 'Europe/Berlin', ...draft });
  }

  async get(id: string): Promise<Schedule> {
    return (await this.scheduler.get(ACME.id, id))!;
  }

  /** Resolves with the record when it is as wished. */
  async until(id: string, wished: (schedule: Schedule) => boolean): Promise<Schedule> {
    for (;;) {
      const found = await this.get(id);
      if (wished(found)) return found;
      await new Promise((resolve) => { setImmediate(resolve); });
    }
  }

  /** What was audited of schedules: `<action> <actor>`. */
  async audited(): Promise<AuditEntry[]> {
    const entries: AuditEntry[] = [];
    for await (const { entry } of this.store.organization(ACME.id).read<AuditEntry>('audit')) entries.push(entry);
    return entries;
  }

  async close(): Promise<void> {
    for (const scheduler of this.schedulers) await scheduler.stop();
    await this.store.close();
    await rm(this.folder, { recursive: true });
  }
}

/** The moment so many milliseconds after another (ISO 8601). */
export function later(iso: string | undefined, ms: number): string {
  return new Date(Date.parse(iso ?? '') + ms).toISOString();
}
