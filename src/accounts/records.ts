import { idKey, sameId } from '../lib/ids.js';
import { update, type Store } from '../store/store.js';
import type { Account } from './define.js';

/** The records of linked accounts: one per person, in the part of his home organization. Keyed by person, never by address. */
export interface AccountRecords {
  /** The person's account, if it reaches the organization. */
  find(organization: string, personId: string): Promise<Account | undefined>;
  /** The person's account, wherever he is at home. */
  findAnywhere(personId: string): Promise<Account | undefined>;
  list(organization: string): Promise<Account[]>;
  /** All of everyone, for the jobs that go round. */
  listAll(): Promise<Account[]>;
  put(account: Account): Promise<void>;
  /** Changes the account if it is still there. */
  change(account: Pick<Account, 'orgId' | 'personId'>, change: (account: Account) => Account): Promise<void>;
  remove(account: Pick<Account, 'orgId' | 'personId'>): Promise<void>;
}

const COLLECTION = 'accounts';

/** Whether an account reaches an organization, by what Webex listed when it was linked. Authority asks again. */
export function reaches(account: Account, organization: string): boolean {
  return sameId(account.orgId, organization) || account.organizations.some(({ id }) => sameId(id, organization));
}

export function createAccountRecords(store: Store): AccountRecords {
  const listAll = async (): Promise<Account[]> => {
    const parts = await Promise.all((await store.organizations()).map((id) => store.organization(id).list<Account>(COLLECTION)));
    return parts.flat().map(({ value }) => value);
  };
  const homeOf = async (personId: string, first?: string): Promise<Account | undefined> => {
    const homes = [...(first === undefined ? [] : [first]), ...(await store.organizations())];
    for (const home of homes) {
      const found = await store.organization(home).get<Account>(COLLECTION, idKey(personId));
      if (found !== undefined) return found.value;
    }
    return undefined;
  };
  return {
    listAll,
    findAnywhere: (personId) => homeOf(personId),
    find: async (organization, personId) => {
      const account = await homeOf(personId, organization);
      return account !== undefined && reaches(account, organization) ? account : undefined;
    },
    list: async (organization) => (await listAll()).filter((account) => reaches(account, organization)),
    put: async (account) => {
      await update<Account>(store.organization(account.orgId), COLLECTION, idKey(account.personId), () => account);
    },
    change: async ({ orgId, personId }, change) => {
      await update<Account>(store.organization(orgId), COLLECTION, idKey(personId), (found) => found && change(found));
    },
    remove: async ({ orgId, personId }) => {
      const partition = store.organization(orgId);
      const found = await partition.get(COLLECTION, idKey(personId));
      if (found !== undefined) await partition.delete(COLLECTION, found.id, found.version);
    },
  };
}
