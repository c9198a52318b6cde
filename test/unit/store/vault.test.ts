import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import { sealedRecords } from '../../../src/store/sealed.js';
import type { Store } from '../../../src/store/store.js';
import { CannotDecrypt, SealBroken, createVault, type Sealed } from '../../../src/store/vault.js';
import { keysOf } from '../../support/keys.js';
import { ACME, ACME_ELSEWHERE, GLOBEX } from './names.js';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const OLD = key('old');
const NEW = key('new');
const belongs = { organization: ACME, person: 'amy', kind: 'refresh', version: 1 };

describe('the keys', () => {
  it('are a list of which the first encrypts; without any there is no vault', () => {
    expect(createVault(keysOf(`${NEW},${OLD}`)).encrypt('t', belongs)).toMatch(/^v1\.new\./);
    expect(() => createVault([])).toThrow('at least one key');
  });
});

describe('encryption', () => {
  const vault = createVault(keysOf(NEW));

  it('gives every text back, and never the same twice', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const encrypted = vault.encrypt(text, belongs);
      expect(vault.decrypt(encrypted, belongs)).toBe(text);
      expect(vault.encrypt(text, belongs)).not.toBe(encrypted);
    }));
  });

  it.each([
    { ...belongs, organization: GLOBEX },
    { ...belongs, person: 'bob' },
    { ...belongs, kind: 'access' },
    { ...belongs, version: 2 },
  ])('refuses what belongs to something else: %p', (other) => {
    expect(() => vault.decrypt(vault.encrypt('secret', belongs), other)).toThrow(CannotDecrypt);
  });

  it('takes all spellings of one id for the same owner', () => {
    expect(vault.decrypt(vault.encrypt('secret', belongs), { ...belongs, organization: ACME_ELSEWHERE })).toBe('secret');
  });

  it('refuses every change of a character, and the text cut short', () => {
    const encrypted = vault.encrypt('secret', belongs);
    for (let i = 0; i < encrypted.length; i += 1) {
      // A and z differ in every bit that the last character of a base64 text can hold.
      const other = encrypted[i] === 'A' ? 'z' : 'A';
      const changed = encrypted.slice(0, i) + other + encrypted.slice(i + 1);
      expect(() => vault.decrypt(changed, belongs)).toThrow(CannotDecrypt);
    }
    for (const cut of ['', 'v1', encrypted.slice(0, -4), encrypted.slice(0, encrypted.lastIndexOf('.'))]) {
      expect(() => vault.decrypt(cut, belongs)).toThrow(CannotDecrypt);
    }
  });

  it('reads what an older key wrote, knows that it is old, and refuses when that key is gone', () => {
    const written = createVault(keysOf(OLD)).encrypt('secret', belongs);
    const both = createVault(keysOf(`${NEW},${OLD}`));
    expect(both.decrypt(written, belongs)).toBe('secret');
    expect([both.isOld(written), both.isOld(both.encrypt('x', belongs))]).toEqual([true, false]);
    expect(() => vault.decrypt(written, belongs)).toThrow('TOKEN_KEYS');
  });
});

describe('seals', () => {
  const old = createVault(keysOf(OLD));
  const both = createVault(keysOf(`${NEW},${OLD}`));
  const place = { organization: ACME, collection: 'plans', id: 'p1' };

  it('hold for equal JSON at the same place only', () => {
    const sealed = both.seal(place, { b: 1, a: [1, undefined, { c: 'ü' }], gone: undefined });
    const stored = JSON.parse(JSON.stringify(sealed)) as Sealed;
    expect(both.unseal(place, stored)).toEqual({ a: [1, null, { c: 'ü' }], b: 1 });
    for (const elsewhere of [{ ...place, organization: GLOBEX }, { ...place, organization: undefined }, { ...place, collection: 'rules' }, { ...place, id: 'p2' }]) {
      expect(() => both.unseal(elsewhere, stored)).toThrow(SealBroken);
    }
    expect(() => both.unseal(place, { ...stored, value: { b: 2 } })).toThrow('plans/p1');
    for (const odd of [undefined, null, 'text', {}, { value: 1 }, { value: 1, seal: '' }, { value: 1, seal: 'new.' }, { value: 1, seal: 'none.AAAA' }]) {
      expect(() => both.unseal(place, odd as never)).toThrow(SealBroken);
    }
  });

  it('of an older key still hold, and no longer when it is gone', () => {
    const sealed = old.seal(place, 1);
    expect(both.unseal(place, sealed)).toBe(1);
    expect(() => createVault(keysOf(NEW)).unseal(place, sealed)).toThrow(SealBroken);
  });

  it('of one purpose do not hold for another', () => {
    expect(both.verify('a', 1, both.mac('a', 1))).toBe(true);
    expect(both.verify('b', 1, both.mac('a', 1))).toBe(false);
  });
});

describe('sealed records', () => {
  let dataDir: string;
  let store: Store;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'sealed-'));
    store = await openLowdbStore({ dataDir, clock: createClock(), log: createLog({ level: 'silent' }) });
  });
  afterEach(async () => {
    await store.close();
    await rm(dataDir, { recursive: true });
  });

  it('are read as they were written, and refused by name when changed outside', async () => {
    const partition = store.organization(ACME);
    const rules = sealedRecords<{ to: string }>({ partition, vault: createVault(keysOf(NEW)), organization: ACME, collection: 'rules' });
    for (const id of ['r1', 'r2']) await rules.put(id, { to: id }, 0);
    expect(await rules.get('r1')).toEqual({ id: 'r1', value: { to: 'r1' }, version: 1 });
    expect(await rules.get('none')).toBeUndefined();

    const stored = await partition.get<Sealed<{ to: string }>>('rules', 'r2');
    await partition.put('rules', 'r1', stored?.value, 1);
    await expect(rules.get('r1')).rejects.toThrow(/rules\/r1/);
    await expect(rules.list()).rejects.toThrow(SealBroken);
    const broken: string[] = [];
    expect((await rules.list((error) => broken.push(error.recordId))).map((record) => record.id)).toEqual(['r2']);
    expect(broken).toEqual(['r1']);
    await rules.delete('r2', 1);
    expect(await rules.get('r2')).toBeUndefined();
  });
});
