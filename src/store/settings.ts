import { Bug } from '../lib/errors.js';
import type { Clock } from '../lib/clock.js';
import { idKey } from '../lib/ids.js';
import { sealedRecords, type SealedRecords } from './sealed.js';
import { StaleRecord, type Store } from './store.js';
import type { Vault } from './vault.js';

export type ScopeKind = 'site' | 'space' | 'organization';

/** What the store must know of a setting; the table of all is in capabilities/settings. */
export interface SettingDefinition {
  key: string;
  default: string;
  /** For what it can be set. */
  scopes: readonly ScopeKind[];
}

/** One site, one space, or the whole organization. */
export type SettingScope = { kind: 'organization' } | { kind: 'site'; site: string } | { kind: 'space'; roomId: string };

/** Where something is asked for; what is not named does not count. */
export interface SettingPlace {
  site?: string | undefined;
  roomId?: string | undefined;
}

export interface StoredSetting {
  value: string;
  /** Person id. */
  by: string;
  at: string;
}

/** Settings of all organizations, as sealed records. A record that was not written by us makes reading fail. */
export interface SettingsStore {
  /** As it holds at the place: of the site, the space, the organization, else the default. Throws SealBroken, or Bug for an unknown key. */
  get(organization: string, key: string, place?: SettingPlace): Promise<string>;
  /** What is set for exactly this scope. */
  find(organization: string, key: string, scope: SettingScope): Promise<StoredSetting | undefined>;
  set(organization: string, key: string, scope: SettingScope, value: string, by: string): Promise<void>;
  /** The reader that a command gets. */
  at(organization: string, place: SettingPlace): { get(key: string, scope?: { site?: string }): Promise<string> };
}

const COLLECTION = 'settings';

export function createSettingsStore(options: { store: Store; vault: Vault; clock: Clock; definitions: readonly SettingDefinition[] }): SettingsStore {
  const { store, vault, clock, definitions } = options;
  const settingOf = (key: string): SettingDefinition => {
    const definition = definitions.find((one) => one.key === key);
    if (definition === undefined) throw new Bug(`There is no setting ${key}.`);
    return definition;
  };
  const records = (organization: string): SealedRecords<StoredSetting> =>
    sealedRecords({ partition: store.organization(organization), vault, organization, collection: COLLECTION });
  const find: SettingsStore['find'] = async (organization, key, scope) => (await records(organization).get(recordId(key, scope)))?.value;
  const get: SettingsStore['get'] = async (organization, key, place = {}) => {
    const definition = settingOf(key);
    for (const scope of nearestFirst(place)) {
      const found = definition.scopes.includes(scope.kind) ? await find(organization, key, scope) : undefined;
      if (found !== undefined) return found.value;
    }
    return definition.default;
  };
  return {
    get,
    find,
    set: async (organization, key, scope, value, by) => {
      if (!settingOf(key).scopes.includes(scope.kind)) throw new Bug(`The setting ${key} is not kept per ${scope.kind}.`);
      await replace(records(organization), recordId(key, scope), { value, by, at: clock.iso() });
    },
    at: (organization, place) => ({ get: (key, scope) => get(organization, key, { ...place, ...scope }) }),
  };
}

/** Writes a sealed record, whatever stood there. */
export async function replace<T>(records: SealedRecords<T>, id: string, value: T): Promise<void> {
  for (;;) {
    const found = await records.get(id);
    try {
      await records.put(id, value, found?.version ?? 0);
      return;
    } catch (error) {
      if (!(error instanceof StaleRecord)) throw error;
    }
  }
}

function nearestFirst({ site, roomId }: SettingPlace): SettingScope[] {
  return [
    ...(site === undefined ? [] : [{ kind: 'site' as const, site }]),
    ...(roomId === undefined ? [] : [{ kind: 'space' as const, roomId }]),
    { kind: 'organization' },
  ];
}

function recordId(key: string, scope: SettingScope): string {
  if (scope.kind === 'site') return `site ${scope.site.toLowerCase()} ${key}`;
  return scope.kind === 'space' ? `space ${idKey(scope.roomId)} ${key}` : `organization ${key}`;
}
