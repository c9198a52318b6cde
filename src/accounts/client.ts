import { idKey } from '../lib/ids.js';
import type { ReadClient, TokenSource, WriteClient } from '../webex/call.js';
import { createClient, readOnly, type Transport } from '../webex/client.js';
import type { Account } from './define.js';

/** The clients of accounts. Each is made of its own person's tokens only: nothing here knows a "current" person. */
export interface AccountClients {
  reader(account: Pick<Account, 'orgId' | 'personId'>): ReadClient;
  writer(account: Pick<Account, 'orgId' | 'personId'>): WriteClient;
  /** Forgets a person's client, when its grant has changed or gone. */
  forget(personId: string): void;
}

/** `source` gives a person's own tokens; it is asked once per person, since what waits for one refresh must share it. */
export function createAccountClients(transport: Transport, source: (account: Pick<Account, 'orgId' | 'personId'>) => TokenSource): AccountClients {
  const writers = new Map<string, WriteClient>();
  const writer: AccountClients['writer'] = (account) => {
    const key = idKey(account.personId);
    const known = writers.get(key) ?? createClient(transport, source(account));
    writers.set(key, known);
    return known;
  };
  return { writer, reader: (account) => readOnly(writer(account)), forget: (personId) => void writers.delete(idKey(personId)) };
}
