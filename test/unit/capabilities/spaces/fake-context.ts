import type { Context } from '../../../../src/bot/define.js';
import { createLog } from '../../../../src/lib/log.js';
import type { SealedRecords } from '../../../../src/store/sealed.js';
import type { World } from '../../webex/world.js';

/** Sealed records in memory. */
export function records(): { sealed: Context['sealed']; writes: () => number } {
  const collections = new Map<string, Map<string, { value: unknown; version: number }>>();
  let writes = 0;
  const sealed = <T>(collection: string): SealedRecords<T> => {
    const kept = collections.get(collection) ?? new Map<string, { value: unknown; version: number }>();
    collections.set(collection, kept);
    const shown = (id: string): { id: string; value: T; version: number } | undefined => {
      const found = kept.get(id);
      return found && { id, value: structuredClone(found.value) as T, version: found.version };
    };
    return {
      get: (id) => Promise.resolve(shown(id)),
      list: () => Promise.resolve([...kept.keys()].sort().flatMap((id) => shown(id) ?? [])),
      put: (id, value, version) => {
        if ((kept.get(id)?.version ?? 0) !== version) return Promise.reject(Object.assign(new Error('stale'), { name: 'StaleRecord' }));
        writes += 1;
        kept.set(id, { value: structuredClone(value), version: version + 1 });
        return Promise.resolve(version + 1);
      },
      delete: (id) => {
        writes += 1;
        kept.delete(id);
        return Promise.resolve();
      },
    };
  };
  return { sealed, writes: () => writes };
}

/** What gathering and its commands use of a context; anything else is missing and fails. */
export function contextOf(world: World, local: string, store = records(), scopes = ['spark:team_memberships_read']): Context {
  const personId = world.idOf(local);
  const orgId = world.emulator.state.people.get(personId)?.orgId ?? '';
  const fake: Partial<Context> = {
    caller: { personId, email: `${local}@acme.test`, displayName: local, orgId },
    account: { personId, email: `${local}@acme.test`, scopes, roles: [] },
    organization: { id: orgId, name: 'Acme' },
    webex: world.as(local, { owner: personId }), clock: world.clock, log: createLog({ level: 'silent' }), sealed: store.sealed,
  };
  return fake as Context;
}
