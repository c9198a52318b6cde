import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { AuditLog } from '../store/audit.js';
import type { Store } from '../store/store.js';
import type { Transport } from '../webex/client.js';
import type { Integration } from '../webex/oauth.js';
import type { Allowed } from './allowed.js';
import { createAuthority } from './authority.js';
import { createAccountClients } from './client.js';
import type { Account, Accounts } from './define.js';
import { revokeGrant } from './grant.js';
import { createLinking, type Linking, type LinkParts } from './link.js';
import { createAccountRecords, type AccountRecords } from './records.js';
import type { AccountTokens } from './tokens.js';

export interface AccountsParts {
  store: Store;
  tokens: AccountTokens;
  transport: Transport;
  integration: Integration;
  allowed: Allowed;
  audit: Pick<AuditLog, 'record'>;
  clock: Clock;
  log: Log;
  publicUrl: string;
  /** Told when an account was linked; shows the person in his 1:1 what works now. */
  linked: LinkParts['linked'];
  /** Told when somebody came back from Webex who may not be linked. */
  refused: LinkParts['refused'];
  /** Told when somebody unlinked: pending plans are cancelled, changes paused. */
  unlinked?(account: Account): Promise<void>;
}

/** Linked accounts: who may do what, and the way to link and unlink. */
export interface LinkedAccounts extends Accounts {
  readonly linking: Linking;
  readonly records: AccountRecords;
  /** When the grant ends unless it is refreshed before, in milliseconds since 1970; undefined when not known. */
  refreshExpires(account: Account): Promise<number | undefined>;
  /** Forgets the account and its tokens; true when the grant was taken back at Webex too. */
  unlink(account: Account): Promise<{ revoked: boolean }>;
}

export function createAccounts(parts: AccountsParts): LinkedAccounts {
  const { tokens, transport, integration, audit, log } = parts;
  const records = createAccountRecords(parts.store);
  const clients = createAccountClients(transport, (account) => tokens.source(account));
  return {
    records,
    authority: createAuthority({ ...parts, records, reader: (account) => clients.reader(account) }),
    find: (organization, personId) => records.find(organization, personId),
    list: (organization) => records.list(organization),
    reader: (account) => clients.reader(account),
    writer: (account) => clients.writer(account),
    refreshExpires: (account) => tokens.refreshExpires(account),
    linking: createLinking({ ...parts, records, changed: (personId) => { clients.forget(personId); } }),
    unlink: async (account) => {
      const grant = { personId: account.personId, clientId: integration.clientId, scopes: account.scopes };
      const revoked = await revokeGrant(clients.writer(account), grant, 'all', log);
      // The record first: without it nobody acts as this person any more, whatever happens to the rest.
      await records.remove(account);
      await tokens.remove(account);
      clients.forget(account.personId);
      await audit.record(account.orgId, { actor: account.personId, action: 'account.unlinked', details: { revoked } });
      await parts.unlinked?.(account);
      return { revoked };
    },
  };
}
