import type { ReadClient, WriteClient } from '../webex/call.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { AuditLog } from '../store/audit.js';
import type { Store } from '../store/store.js';
import type { Vault } from '../store/vault.js';
import type { StepKind } from './define.js';

/** What the engine needs to know of a linked account. */
export interface EngineAccount {
  personId: string;
  email: string;
  displayName: string;
  scopes: string[];
  state: string;
}

/** What Webex says of a person now. The code `UNREADABLE` means that Webex could not be asked. */
export type EngineAuthority = { ok: true; account: EngineAccount; roles: string[] } | { ok: false; reason: string; code: string };

/** Accounts as the engine sees them; accounts/define.ts fits. */
export interface EngineAccounts {
  /** Live, never from a cache. */
  authority(organization: string, personId: string): Promise<EngineAuthority>;
  /** All accounts that reach the organization. */
  list(organization: string): Promise<EngineAccount[]>;
  /** Takes what `authority` or `list` gave. */
  reader(account: EngineAccount): ReadClient;
  writer(account: EngineAccount): WriteClient;
}

/** How much of a set is too much: a number, or a share of what is there, whichever comes first. */
export interface Limit {
  count: number;
  /** 0 to 100. */
  percent: number;
}

export interface EngineSettings {
  /** So many steps in 24 h a requester may approve himself; `off`: any number. */
  approvalSteps: number | 'off';
  /** More additions to one set, or removals from it, in 24 h need a second person. Absent: no limit. */
  limits?: Record<'removal' | 'add', Limit>;
  /** `look`: everything is planned, nothing applied. */
  mode(organization: string): Promise<'apply' | 'look'>;
}

/** What the engine is made of. */
export interface EngineParts {
  store: Store;
  vault: Vault;
  audit: AuditLog;
  accounts: EngineAccounts;
  kinds: readonly StepKind[];
  settings: EngineSettings;
  clock: Clock;
  log: Log;
  /** Names this process among several on one store. The embedded store has one process, whose restart takes its leases over at once. */
  instance?: string;
  /** After so many days all of a plan that has ended is removed, and it cannot be undone any more. Absent: never. */
  retentionDays?: number;
  /** Waits in ms between the readings by which a write is verified, since Webex shows some changes late. */
  patience?: readonly number[];
}
