import type { Clock } from '../lib/clock.js';
import { idKey, sameId } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import type { AuditLog } from '../store/audit.js';
import { StaleRecord, update, type Partition, type Record, type Store } from '../store/store.js';
import type { Belongs, Vault } from '../store/vault.js';
import type { TokenSource } from '../webex/call.js';
import { WebexRefused } from '../webex/errors.js';
import { GRANT_GONE, type Tokens } from '../webex/oauth.js';
import type { Account } from './define.js';
import type { AccountRecords } from './records.js';

/** Whose tokens. */
export type Owner = Pick<Account, 'orgId' | 'personId'>;

export interface TokenParts {
  store: Store;
  vault: Vault;
  records: Pick<AccountRecords, 'change'>;
  /** `refreshToken` of webex/oauth.ts, bound to the integration. */
  refresh: (refreshToken: string) => Promise<Tokens>;
  audit: Pick<AuditLog, 'record'>;
  clock: Clock;
  log: Log;
  /** Called when Webex no longer takes a grant and the account was set to `relink`. */
  gone(owner: Owner): Promise<void>;
  /** Called once for each of 14, 7 and 1 days before a grant ends that Webex does not prolong. When it fails it is tried again. */
  ending(owner: Owner, daysLeft: number): Promise<void>;
  /** Names this process among several over one store. */
  instance?: string;
}

/** Keeps the tokens of linked accounts, encrypted, and fresh. */
export interface AccountTokens {
  /** Keeps a new grant in the place of any older one of this person. */
  save(owner: Owner, grant: Tokens): Promise<void>;
  /** Forgets the grant. */
  remove(owner: Owner): Promise<void>;
  /** The person's own tokens. Throws WebexRefused (401, GRANT_GONE) when there is no grant any more. */
  source(owner: Owner): TokenSource;
  /** When the grant ends unless it is refreshed before; undefined when there is none, or Webex did not say. */
  refreshExpires(owner: Owner): Promise<number | undefined>;
  /** Refreshes what is due in all organizations, and tells of grants that end. What fails is logged and tried at the next time. */
  refreshDue(): Promise<void>;
  /** Runs `refreshDue` now and every hour, also when nobody uses the bot. Stopping waits for what is under way. */
  start(): { stop(): Promise<void> };
}

/** Collection `tokens`, id = idKey(person id), in the part of the person's home organization. Times are milliseconds since 1970. */
interface Stored {
  personId: string;
  /** Encrypted JSON [access token, refresh token]: both change in one write. */
  secret: string;
  issued: number;
  accessExpires: number;
  refreshExpires?: number;
  /** The least number of days of which the person was told. */
  warned?: number;
}

/** Whether what is stored must be refreshed: asked again when the lease is held, since somebody may have done it. */
type Wanted = (stored: Stored, access: string) => boolean;

type Opened = [access: string, refresh: string];

const COLLECTION = 'tokens';
const DAY_MS = 24 * 60 * 60_000;
const ROUND_MS = 60 * 60_000;
/** An access token this near to its end is not used any more: a call may take a while. */
const MARGIN_MS = 5 * 60_000;
/** Longer than a token call may take, so that nobody else begins meanwhile. */
const LEASE_MS = 2 * 60_000;
const LEASE_POLL_MS = 250;
/** After a failed early refresh the next is not tried sooner. */
const RETRY_MS = 5 * 60_000;
const WARN_DAYS = [1, 7, 14];

export function createTokens(parts: TokenParts): AccountTokens {
  const { store, vault, clock, log } = parts;
  const instance = parts.instance ?? 'steward';
  const underWay = new Map<string, Promise<string>>();
  const notBefore = new Map<string, number>();
  /** Every call of a change asks for the token: a record is decrypted once. */
  const lastOpened = new Map<string, { secret: string; tokens: Opened }>();

  const partitionOf = (owner: Owner): Partition => store.organization(owner.orgId);
  const find = (owner: Owner): Promise<Record<Stored> | undefined> => partitionOf(owner).get<Stored>(COLLECTION, idKey(owner.personId));

  const open = (owner: Owner, stored: Stored): Opened => {
    const key = fullKey(owner);
    const last = lastOpened.get(key);
    if (last?.secret === stored.secret) return last.tokens;
    const tokens = JSON.parse(vault.decrypt(stored.secret, belongs(owner))) as Opened;
    tokens.forEach((token) => { log.hide(token); });
    lastOpened.set(key, { secret: stored.secret, tokens });
    return tokens;
  };
  const close = (owner: Owner, grant: Tokens): Stored => ({
    personId: owner.personId,
    secret: vault.encrypt(JSON.stringify([grant.accessToken, grant.refreshToken]), belongs(owner)),
    issued: clock.now(),
    accessExpires: grant.accessExpires,
    ...(grant.refreshExpires === undefined ? {} : { refreshExpires: grant.refreshExpires }),
  });

  /** The access token after a refresh by us or by somebody else meanwhile. */
  const refreshOnce = async (owner: Owner, wanted: Wanted): Promise<string> => {
    const found = await find(owner);
    if (!found) throw goneError();
    const [access, refresh] = open(owner, found.value);
    if (!wanted(found.value, access)) return access;
    let grant: Tokens;
    try {
      grant = await parts.refresh(refresh);
    } catch (error) {
      if (!(error instanceof WebexRefused) || error.code !== GRANT_GONE) throw error;
      return give(owner, found);
    }
    try {
      await partitionOf(owner).put(COLLECTION, found.id, { ...close(owner, grant), ...stillWarned(found.value, grant) }, found.version);
      return grant.accessToken;
    } catch (error) {
      if (!(error instanceof StaleRecord)) throw error;
      return accessOf(owner);
    }
  };

  /** Webex does not take this grant. Unless the person linked anew meanwhile, his account waits for him to do so. */
  const give = async (owner: Owner, found: Record<Stored>): Promise<string> => {
    try {
      await partitionOf(owner).delete(COLLECTION, found.id, found.version);
    } catch (error) {
      if (!(error instanceof StaleRecord)) throw error;
      return accessOf(owner);
    }
    await parts.records.change(owner, (account) => ({ ...account, state: 'relink' }));
    await parts.audit.record(owner.orgId, { actor: 'steward', action: 'account.grant.gone', subject: owner.personId });
    await parts.gone(owner).catch((error: unknown) => { log.warn({ error }, 'the person could not be told that the grant is gone'); });
    throw goneError();
  };

  const accessOf = async (owner: Owner): Promise<string> => {
    const found = await find(owner);
    if (!found) throw goneError();
    return open(owner, found.value)[0];
  };

  const leased = async (owner: Owner, wanted: Wanted): Promise<string> => {
    const found = await find(owner);
    const access = found && open(owner, found.value)[0];
    if (found && access !== undefined && !wanted(found.value, access)) return access;
    const key = `tokens/${idKey(owner.personId)}`;
    while (!(await partitionOf(owner).lease(key, instance, LEASE_MS))) await clock.sleep(LEASE_POLL_MS);
    try {
      return await refreshOnce(owner, wanted);
    } finally {
      await partitionOf(owner).release(key, instance);
    }
  };

  /** One refresh per person for all who wait; whoever comes with another question asks it afterwards. */
  const refresh = (owner: Owner, wanted: Wanted): Promise<string> => {
    const key = idKey(owner.personId);
    const running = underWay.get(key);
    const mine = running === undefined ? leased(owner, wanted) : running.then(() => leased(owner, wanted));
    underWay.set(key, mine);
    const done = (): void => {
      if (underWay.get(key) === mine) underWay.delete(key);
    };
    mine.then(done, done);
    return mine;
  };

  const isDue = ({ issued, accessExpires }: Stored): boolean => clock.now() >= issued + (accessExpires - issued) / 2;

  /** Before it is needed: when it fails the token at hand is still good. */
  const refreshEarly = async (owner: Owner): Promise<void> => {
    const key = idKey(owner.personId);
    if ((notBefore.get(key) ?? 0) > clock.now()) return;
    notBefore.set(key, clock.now() + RETRY_MS);
    try {
      await refresh(owner, isDue);
      notBefore.delete(key);
    } catch (error) {
      log.warn({ error, personId: owner.personId }, 'an early refresh failed');
    }
  };

  const warn = async (owner: Owner): Promise<void> => {
    const found = await find(owner);
    if (found?.value.refreshExpires === undefined) return;
    const left = found.value.refreshExpires - clock.now();
    const days = WARN_DAYS.find((one) => left <= one * DAY_MS);
    if (days === undefined || days >= (found.value.warned ?? Infinity)) return;
    await parts.ending(owner, Math.max(0, Math.ceil(left / DAY_MS)));
    await partitionOf(owner).put(COLLECTION, found.id, { ...found.value, warned: days }, found.version);
  };

  const refreshDue = async (): Promise<void> => {
    for (const orgId of await store.organizations()) {
      for (const { value } of await store.organization(orgId).list<Stored>(COLLECTION)) {
        const owner = { orgId, personId: value.personId };
        if (isDue(value)) await refreshEarly(owner);
        await warn(owner).catch((error: unknown) => { log.warn({ error, personId: value.personId }, 'the person could not be told that the grant ends'); });
      }
    }
  };

  const save = async (owner: Owner, grant: Tokens): Promise<void> => {
    await update<Stored>(partitionOf(owner), COLLECTION, idKey(owner.personId), () => close(owner, grant));
    notBefore.delete(idKey(owner.personId));
    for (const orgId of await store.organizations()) {
      if (!sameId(orgId, owner.orgId)) await remove({ orgId, personId: owner.personId });
    }
  };

  const remove = async (owner: Owner): Promise<void> => {
    lastOpened.delete(fullKey(owner));
    for (let found = await find(owner); found; found = await find(owner)) {
      await partitionOf(owner).delete(COLLECTION, found.id, found.version).catch((error: unknown) => {
        if (!(error instanceof StaleRecord)) throw error;
      });
    }
  };

  return {
    save,
    remove,
    refreshDue,
    refreshExpires: async (owner) => (await find(owner))?.value.refreshExpires,
    source: (owner) => ({
      owner: owner.personId,
      token: async () => {
        const found = await find(owner);
        if (!found) throw goneError();
        if (found.value.accessExpires - clock.now() < MARGIN_MS) {
          return refresh(owner, (stored) => stored.accessExpires - clock.now() < MARGIN_MS);
        }
        if (isDue(found.value)) void refreshEarly(owner);
        return open(owner, found.value)[0];
      },
      refresh: (rejected) => refresh(owner, (_stored, access) => access === rejected),
    }),
    start: () => {
      let stopped = false;
      let timer: { cancel(): void } | undefined;
      let round: Promise<void> = Promise.resolve();
      const run = (): void => {
        round = refreshDue()
          .catch((error: unknown) => { log.error({ error }, 'the tokens could not be gone through'); })
          .then(() => {
            if (!stopped) timer = clock.after(ROUND_MS, run);
          });
      };
      run();
      return {
        stop: async () => {
          stopped = true;
          timer?.cancel();
          await round;
          await Promise.allSettled(underWay.values());
        },
      };
    },
  };
}

/** A refresh that did not prolong the grant is no reason to warn anew. */
function stillWarned(before: Stored, { refreshExpires }: Tokens): { warned?: number } {
  const prolonged = refreshExpires === undefined || before.refreshExpires === undefined || refreshExpires > before.refreshExpires + DAY_MS;
  return prolonged || before.warned === undefined ? {} : { warned: before.warned };
}

function belongs({ orgId, personId }: Owner): Belongs {
  return { organization: orgId, person: personId, kind: 'tokens', version: 1 };
}

function fullKey({ orgId, personId }: Owner): string {
  return `${idKey(orgId)} ${idKey(personId)}`;
}

function goneError(): WebexRefused {
  return new WebexRefused({ code: GRANT_GONE, status: 401, words: '', message: 'Webex does not take this link any more. Link the account again.' });
}
