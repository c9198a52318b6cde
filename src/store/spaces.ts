import type { Clock } from '../lib/clock.js';
import { idKey } from '../lib/ids.js';
import { sealedRecords } from './sealed.js';
import { replace } from './settings.js';
import type { Store } from './store.js';
import type { Vault } from './vault.js';

/** Which organization a space works on, when it is not the home of the one who asks. */
export interface SpaceOrganization {
  organization: { id: string; name: string };
  /** Person id. */
  by: string;
  at: string;
}

/** Kept in the shared part, under seal: it is read before the organization is known. */
export interface SpaceOrganizations {
  /** Undefined when nobody chose one. Throws SealBroken. */
  find(roomId: string): Promise<SpaceOrganization | undefined>;
  use(roomId: string, organization: { id: string; name: string }, by: string): Promise<void>;
}

export function createSpaceOrganizations(options: { store: Store; vault: Vault; clock: Clock }): SpaceOrganizations {
  const records = sealedRecords<SpaceOrganization>({ partition: options.store.shared, vault: options.vault, organization: undefined, collection: 'spaces' });
  return {
    find: async (roomId) => (await records.get(idKey(roomId)))?.value,
    use: (roomId, organization, by) => replace(records, idKey(roomId), { organization, by, at: options.clock.iso() }),
  };
}
