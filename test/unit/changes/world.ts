import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account, Accounts, Authority } from '../../../src/accounts/define.js';
import type { PlanDraft, StepDraft } from '../../../src/changes/define.js';
import { createChangeEngine, type ChangeEngine, type Person, type Plan } from '../../../src/changes/engine.js';
import type { EngineSettings } from '../../../src/changes/ports.js';
import type { EngineEvent } from '../../../src/changes/records.js';
import { createClock } from '../../../src/lib/clock.js';
import { sameId } from '../../../src/lib/ids.js';
import { createLog } from '../../../src/lib/log.js';
import { createAuditLog } from '../../../src/store/audit.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import type { Store } from '../../../src/store/store.js';
import { createVault } from '../../../src/store/vault.js';
import { FakeWebex, KINDS } from './fake-webex.js';

export function webexId(type: string, key: string): string {
  return Buffer.from(`ciscospark://us/${type}/${key}`).toString('base64url');
}

export const ACME = { id: webexId('ORGANIZATION', '11111111-1111-1111-1111-111111111111'), name: 'Acme' };
export const OTHER = { id: webexId('ORGANIZATION', '22222222-2222-2222-2222-222222222222'), name: 'Other' };

function person(name: string, n: number): Person {
  return { personId: webexId('PEOPLE', `00000000-0000-0000-0000-00000000000${n}`), email: `${name.toLowerCase()}@acme.test`, displayName: name };
}

export const ANNA = person('Anna', 1);
export const BOB = person('Bob', 2);
export const CARA = person('Cara', 3);

/** Linked people and what Webex says of them; `lost` and `roles` are changed by tests. */
export class FakeAccounts implements Accounts {
  readonly people: { person: Person; roles: string[]; scopes: string[]; lost?: { reason: string; code: 'LOGIN_DISABLED' | 'UNREADABLE' | 'NOT_LINKED' } }[];
  asked = 0;

  constructor(private readonly webex: FakeWebex, people: Person[]) {
    this.people = people.map((one) => ({ person: one, roles: ['Full Administrator'], scopes: ['write'] }));
  }

  of(person: Person): FakeAccounts['people'][number] {
    return this.people.find((one) => sameId(one.person.personId, person.personId))!;
  }

  authority(_organization: string, personId: string): Promise<Authority> {
    this.asked += 1;
    const found = this.people.find((one) => sameId(one.person.personId, personId));
    if (!found) return Promise.resolve({ ok: false, code: 'NOT_LINKED', reason: 'No account is linked.' });
    if (found.lost) return Promise.resolve({ ok: false, ...found.lost });
    return Promise.resolve({ ok: true, account: account(found.person, found.scopes), roles: found.roles });
  }

  find(_organization: string, personId: string): Promise<Account | undefined> {
    const found = this.people.find((one) => sameId(one.person.personId, personId));
    return Promise.resolve(found && account(found.person, found.scopes));
  }

  list(): Promise<Account[]> {
    return Promise.resolve(this.people.map((one) => account(one.person, one.scopes)));
  }

  reader(of: Account): ReturnType<FakeWebex['client']> {
    return this.webex.client(of.email);
  }

  writer(of: Account): ReturnType<FakeWebex['client']> {
    return this.webex.client(of.email);
  }
}

function account(of: Person, scopes: string[]): Account {
  return { ...of, orgId: ACME.id, organizations: [ACME], scopes, linkedAt: '2026-01-01T00:00:00.000Z', state: 'linked' };
}

export interface WorldOptions {
  approvalSteps?: number | 'off';
  people?: Person[];
  kinds?: typeof KINDS;
  limits?: EngineSettings['limits'];
}

/** An engine on a real embedded store in a temporary folder, and a Webex in memory. */
export class World {
  readonly webex = new FakeWebex();
  readonly clock = createClock();
  readonly accounts: FakeAccounts;
  readonly log = createLog({ level: 'silent' });
  readonly vault = createVault([{ id: 'k1', secret: randomBytes(32) }]);
  readonly events: EngineEvent[] = [];
  mode: 'apply' | 'look' = 'apply';
  approvalSteps: number | 'off';
  engine!: ChangeEngine;
  store!: Store;
  folder!: string;
  private waiting: { wished: (event: EngineEvent) => boolean; resolve: (event: EngineEvent) => void }[] = [];

  constructor(private readonly options: WorldOptions = {}) {
    this.approvalSteps = options.approvalSteps ?? 50;
    this.accounts = new FakeAccounts(this.webex, options.people ?? [ANNA, BOB]);
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    world.folder = await mkdtemp(join(tmpdir(), 'changes-'));
    await world.openStore();
    world.engine = world.newEngine(world.store);
    return world;
  }

  async openStore(): Promise<void> {
    this.store = await openLowdbStore({ dataDir: this.folder, clock: this.clock, log: this.log });
  }

  newEngine(store: Store, accounts: Accounts = this.accounts, kinds = this.options.kinds ?? KINDS): ChangeEngine {
    const { vault, clock, log } = this;
    const settings = { mode: () => Promise.resolve(this.mode), approvalSteps: this.approvalSteps, ...(this.options.limits === undefined ? {} : { limits: this.options.limits }) };
    Object.defineProperty(settings, 'approvalSteps', { get: () => this.approvalSteps });
    const engine = createChangeEngine({
      store, settings, vault, clock, log, kinds, accounts: accounts,
      audit: createAuditLog({ store, vault, clock, log }),
      patience: [0, 1], retentionDays: 30,
    });
    engine.on((event) => {
      this.events.push(event);
      for (const one of [...this.waiting]) {
        if (!one.wished(event)) continue;
        this.waiting = this.waiting.filter((other) => other !== one);
        one.resolve(event);
      }
    });
    return engine;
  }

  /** The next event that is as wished. */
  next(wished: (event: EngineEvent) => boolean): Promise<EngineEvent> {
    return new Promise((resolve) => {
      this.waiting.push({ wished, resolve });
    });
  }

  plan(steps: StepDraft[], requester = ANNA, more: Partial<PlanDraft> = {}): Promise<Plan> {
    return this.engine.plan({
      organization: ACME, requester,
      draft: { title: 'A test', command: 'test it', steps, warnings: [], problems: [], ...more },
    });
  }

  approve(plan: Plan, by = ANNA, more: { first?: number } = {}): Promise<Plan> {
    return this.engine.approve({ organization: ACME.id, id: plan.id, hash: plan.hash, by, ...more });
  }

  ask(plan: Plan, by = ANNA): { organization: string; id: string; by: Person } {
    return { organization: ACME.id, id: plan.id, by };
  }

  /** Approves and waits until the change rests: done, cancelled or paused. */
  async run(plan: Plan, by = ANNA, more: { first?: number } = {}): Promise<Plan> {
    const rest = this.rest(plan);
    await this.approve(plan, by, more);
    return rest;
  }

  async rest(plan: Plan): Promise<Plan> {
    const { plan: rested } = await this.next((event) => (event.type === 'finished' || event.type === 'paused') && event.plan.id === plan.id);
    await this.engine.idle(ACME.id, plan.id);
    return rested;
  }

  states(plan: Plan): Promise<string[]> {
    return this.engine.outcomes(ACME.id, plan.id).then((outcomes) => [...outcomes].sort(([a], [b]) => a - b).map(([n, { state }]) => `${n} ${state}`));
  }

  async audited(): Promise<string[]> {
    const found: string[] = [];
    for await (const entry of createAuditLog(this).entries(ACME.id)) found.push(`${entry.action} ${(entry.details?.['code'] as string | undefined) ?? ''}`.trim());
    return found;
  }

  async close(): Promise<void> {
    await this.engine.stop().catch(() => undefined);
    await this.store.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The code of what a promise is refused with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => 'nothing was thrown', (error: unknown) => (error as { code?: string }).code ?? String(error));
}
