import type { Partition, Record } from './store.js';
import { SealBroken, type Sealed, type Vault } from './vault.js';

/** A collection whose records carry a seal. One that was not written by us is refused, never shown. */
export interface SealedRecords<T> {
  /** Throws SealBroken. */
  get(id: string): Promise<Record<T> | undefined>;
  /** In the order of ids. A broken one is handed to `onBroken` and left out; without it SealBroken is thrown. */
  list(onBroken?: (error: SealBroken) => void): Promise<Record<T>[]>;
  /** As Partition.put. */
  put(id: string, value: T, version: number): Promise<number>;
  delete(id: string, version: number): Promise<void>;
}

/** Plans, approvals, rules, schedules and settings: records of `collection` under seal. `organization` is undefined for the shared part. */
export function sealedRecords<T>(options: { partition: Partition; vault: Vault; organization: string | undefined; collection: string }): SealedRecords<T> {
  const { partition, vault, organization, collection } = options;
  const opened = ({ id, value, version }: Record<Sealed<T>>): Record<T> => ({
    id,
    version,
    value: vault.unseal<T>({ organization, collection, id }, value),
  });
  return {
    get: async (id) => {
      const found = await partition.get<Sealed<T>>(collection, id);
      return found && opened(found);
    },
    list: async (onBroken) => {
      const good: Record<T>[] = [];
      for (const found of await partition.list<Sealed<T>>(collection)) {
        try {
          good.push(opened(found));
        } catch (error) {
          if (!(error instanceof SealBroken) || !onBroken) throw error;
          onBroken(error);
        }
      }
      return good;
    },
    put: (id, value, version) => partition.put(collection, id, vault.seal({ organization, collection, id }, value), version),
    delete: (id, version) => partition.delete(collection, id, version),
  };
}
