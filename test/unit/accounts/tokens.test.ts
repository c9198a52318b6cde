import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '../../../src/accounts/define.js';
import { createAccountRecords, type AccountRecords } from '../../../src/accounts/records.js';
import { createTokens, type AccountTokens } from '../../../src/accounts/tokens.js';
import { createClock, type MovableClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import type { Store } from '../../../src/store/store.js';
import { createVault } from '../../../src/store/vault.js';
import { keysOf } from '../../support/keys.js';
import { WebexRefused, WebexUnreachable } from '../../../src/webex/errors.js';
import { GRANT_GONE, type Tokens } from '../../../src/webex/oauth.js';
import { ACME, GLOBEX } from '../store/names.js';

const DAY = 24 * 60 * 60_000;
const KEYS = `k1:${randomBytes(32).toString('base64')}`;
const person = (n: number): string => Buffer.from(`ciscospark://us/PEOPLE/7a1c2f66-0b0e-4a4d-9d0e-00000000000${n}`).toString('base64url');
const amy = { orgId: ACME, personId: person(1) };
const account: Account = {
  ...amy, email: 'amy@acme.example', displayName: 'Amy', organizations: [], scopes: [], linkedAt: '2026-01-01T00:00:00.000Z', state: 'linked',
};
const unreachable = new WebexUnreachable({ code: 'WEBEX_UNREACHABLE', message: 'No answer.', mayHaveHappened: true });

describe('the tokens of an account', () => {
  let dataDir: string;
  let clock: MovableClock;
  let store: Store;
  let records: AccountRecords;
  let tokens: AccountTokens;
  let audited: string[];
  let told: string[];
  /** Webex: which refresh token it takes, what it was asked with, and what it does instead of answering. */
  let webex: { takes: string; asked: string[]; ends?: number; instead: (() => Promise<void>) | undefined };
  let issued = 0;

  const grant = (refreshExpires = clock.now() + 90 * DAY): Tokens => {
    issued += 1;
    webex.takes = `refresh-token-${issued}`;
    return { accessToken: `access-token-${issued}`, refreshToken: webex.takes, accessExpires: clock.now() + 14 * DAY, refreshExpires, scopes: undefined };
  };

  const begin = (keys = KEYS): void => {
    records = createAccountRecords(store);
    tokens = createTokens({
      store, records, clock, log: createLog({ level: 'silent' }), vault: createVault(keysOf(keys)),
      audit: { record: (_organization, event) => { audited.push(event.action); return Promise.resolve(); } },
      gone: (owner) => { told.push(`gone ${owner.personId}`); return Promise.resolve(); },
      ending: (_owner, daysLeft) => { told.push(`ends in ${daysLeft}`); return Promise.resolve(); },
      refresh: async (refreshToken) => {
        webex.asked.push(refreshToken);
        await webex.instead?.();
        if (refreshToken !== webex.takes) throw new WebexRefused({ code: GRANT_GONE, status: 400, words: 'invalid_grant', message: 'Link again.' });
        return grant(webex.ends);
      },
    });
  };

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tokens-'));
    clock = createClock();
    store = await openLowdbStore({ dataDir, clock, log: createLog({ level: 'silent' }) });
    audited = [];
    told = [];
    webex = { takes: '', asked: [], instead: undefined };
    issued = 0;
    begin();
    await records.put(account);
    await tokens.save(amy, grant());
  });
  afterEach(async () => {
    await store.close();
    await rm(dataDir, { recursive: true });
  });

  it('are given as they are while they are young', async () => {
    const source = tokens.source(amy);
    expect([source.owner, await source.token(), await source.token()]).toEqual([amy.personId, 'access-token-1', 'access-token-1']);
    expect(webex.asked).toEqual([]);
  });

  it('stand in no file as they are', async () => {
    await store.close();
    for (const name of await readdir(dataDir, { recursive: true })) {
      const path = join(dataDir, name);
      if ((await stat(path)).isFile()) expect(await readFile(path, 'utf8')).not.toMatch(/(access|refresh)-token-/);
    }
    store = await openLowdbStore({ dataDir, clock, log: createLog({ level: 'silent' }) });
    begin();
    expect(await tokens.source(amy).token()).toBe('access-token-1');
  });

  it('of one person cannot be put under another', async () => {
    const found = await store.organization(ACME).get('tokens', '7a1c2f66-0b0e-4a4d-9d0e-000000000001');
    await store.organization(ACME).put('tokens', '7a1c2f66-0b0e-4a4d-9d0e-000000000002', found?.value, 0);
    await expect(tokens.source({ orgId: ACME, personId: person(2) }).token()).rejects.toThrow('cannot be decrypted');
    await expect(tokens.source({ orgId: GLOBEX, personId: person(1) }).token()).rejects.toMatchObject({ code: GRANT_GONE });
  });

  it('are refreshed once for all who were refused at once', async () => {
    const source = tokens.source(amy);
    const renewed = await Promise.all(Array.from({ length: 30 }, () => source.refresh('access-token-1')));
    expect(new Set(renewed)).toEqual(new Set(['access-token-2']));
    expect(webex.asked).toEqual(['refresh-token-1']);
    expect(await source.refresh('access-token-1')).toBe('access-token-2');
    expect(webex.asked).toHaveLength(1);
  });

  it('are refreshed before they are given when they are over', async () => {
    clock.advance(15 * DAY);
    const given = await Promise.all([tokens.source(amy).token(), tokens.source(amy).token()]);
    expect(given).toEqual(['access-token-2', 'access-token-2']);
    expect(webex.asked).toHaveLength(1);
  });

  it('are refreshed early, and nobody waits for it', async () => {
    clock.advance(8 * DAY);
    expect(await tokens.source(amy).token()).toBe('access-token-1');
    await tokens.start().stop();
    expect(await tokens.source(amy).token()).toBe('access-token-2');
    expect(webex.asked).toEqual(['refresh-token-1']);
  });

  it('stay in use when an early refresh fails, and Webex is not asked at every call', async () => {
    clock.advance(8 * DAY);
    webex.instead = () => Promise.reject(unreachable);
    await tokens.refreshDue();
    await tokens.refreshDue();
    expect(await tokens.source(amy).token()).toBe('access-token-1');
    expect(webex.asked).toHaveLength(1);
    clock.advance(10 * 60_000);
    webex.instead = undefined;
    await tokens.refreshDue();
    expect(await tokens.source(amy).token()).toBe('access-token-2');
    expect((await records.findAnywhere(amy.personId))?.state).toBe('linked');
  });

  it('are refreshed by a timer when nobody uses the bot', async () => {
    const timer = tokens.start();
    const asked = new Promise<void>((resolve) => { webex.instead = () => { resolve(); return Promise.resolve(); }; });
    await Promise.resolve();
    // The first round finds nothing due; the next one comes by the clock.
    while (webex.asked.length === 0) {
      clock.advance(DAY);
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    await asked;
    await timer.stop();
    expect(webex.asked).toEqual(['refresh-token-1']);
  });

  it('that Webex no longer takes make the account wait for its owner, who is told once', async () => {
    webex.takes = 'none';
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => tokens.source(amy).refresh('access-token-1')));
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { code: GRANT_GONE, status: 401 } });
    expect((await records.findAnywhere(amy.personId))?.state).toBe('relink');
    await expect(tokens.source(amy).token()).rejects.toMatchObject({ code: GRANT_GONE });
    expect([webex.asked.length, told, audited]).toEqual([1, [`gone ${amy.personId}`], ['account.grant.gone']]);
  });

  it('tried with the stored refresh token once after a crash in the middle of a refresh', async () => {
    // Webex has given new tokens, and the process died before it kept them; its lease is still in force.
    webex.takes = 'refresh-token-that-was-lost';
    await store.organization(ACME).lease('tokens/7a1c2f66-0b0e-4a4d-9d0e-000000000001', 'steward', 60_000);
    await store.close();
    store = await openLowdbStore({ dataDir, clock, log: createLog({ level: 'silent' }) });
    begin();
    clock.advance(8 * DAY);
    await tokens.refreshDue();
    await tokens.refreshDue();
    clock.advance(DAY);
    await tokens.refreshDue();
    expect(webex.asked).toEqual(['refresh-token-1']);
    expect(told).toEqual([`gone ${amy.personId}`]);
  });

  it('of a new link are not overwritten by a refresh of the old one', async () => {
    webex.instead = async () => {
      webex.instead = undefined;
      const old = webex.takes;
      await tokens.remove(amy);
      await tokens.save(amy, grant());
      webex.takes = old;
    };
    expect(await tokens.source(amy).refresh('access-token-1')).toBe('access-token-2');
    expect(await tokens.source(amy).token()).toBe('access-token-2');
  });

  it('of a new link are not given up when the old one is found gone', async () => {
    webex.instead = async () => {
      webex.instead = undefined;
      await tokens.save(amy, grant());
    };
    expect(await tokens.source(amy).refresh('access-token-1')).toBe('access-token-2');
    expect([told, (await records.findAnywhere(amy.personId))?.state]).toEqual([[], 'linked']);
  });

  it('are gone after unlinking, also while a refresh is under way', async () => {
    webex.instead = () => tokens.remove(amy);
    await expect(tokens.source(amy).refresh('access-token-1')).rejects.toMatchObject({ code: GRANT_GONE });
    expect(await store.organization(ACME).list('tokens')).toEqual([]);
    expect(told).toEqual([]);
  });

  it('stand in one organization only, when the person has moved', async () => {
    await tokens.save({ orgId: GLOBEX, personId: amy.personId }, grant());
    expect(await store.organization(ACME).list('tokens')).toEqual([]);
    expect(await tokens.source({ orgId: GLOBEX, personId: amy.personId }).token()).toBe('access-token-2');
  });

  it('that end are told of at 14, 7 and 1 days, once each, also over a restart', async () => {
    await tokens.save(amy, grant(clock.now() + 20 * DAY));
    webex.instead = () => Promise.reject(unreachable);
    for (let day = 0; day < 20; day += 1) {
      begin();
      await tokens.refreshDue();
      await tokens.refreshDue();
      clock.advance(DAY);
    }
    expect(told).toEqual(['ends in 14', 'ends in 7', 'ends in 1']);
  });

  it('that a refresh prolongs are never told of, those that it does not prolong three times', async () => {
    for (let day = 0; day < 100; day += 1) {
      await tokens.refreshDue();
      clock.advance(DAY);
    }
    expect(told).toEqual([]);
    webex.ends = clock.now() + 90 * DAY;
    for (let day = 0; day < 91; day += 1) {
      await tokens.refreshDue();
      clock.advance(DAY);
    }
    expect(told).toEqual(['ends in 14', 'ends in 7', 'ends in 1']);
  });

  it('are told of again when telling failed', async () => {
    await tokens.save(amy, grant(clock.now() + 5 * DAY));
    const failing = createTokens({
      store, records, clock, log: createLog({ level: 'silent' }), vault: createVault(keysOf(KEYS)),
      audit: { record: () => Promise.resolve() }, refresh: () => Promise.reject(unreachable),
      gone: () => Promise.resolve(), ending: () => Promise.reject(unreachable),
    });
    await failing.refreshDue();
    await tokens.refreshDue();
    expect(told).toEqual(['ends in 5']);
  });

  it('are read with an older key and kept with the newer at the next refresh', async () => {
    const added = `k2:${randomBytes(32).toString('base64')}`;
    begin(`${added},${KEYS}`);
    expect(await tokens.source(amy).token()).toBe('access-token-1');
    await tokens.source(amy).refresh('access-token-1');
    begin(added);
    expect(await tokens.source(amy).token()).toBe('access-token-2');
  });
});
