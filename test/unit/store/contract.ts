import { createClock, type MovableClock } from '../../../src/lib/clock.js';
import { StaleRecord, update, type Entry, type Partition, type Store } from '../../../src/store/store.js';
import { ACME, ACME_ELSEWHERE, GLOBEX } from './names.js';

/** How the suite gets at a store of one kind. */
export interface StoreUnderTest {
  /** Opens the same data again after `close`. */
  open(clock: MovableClock): Promise<Store>;
  /** Removes the data. */
  clear(): Promise<void>;
}

export async function allOf<T>(partition: Partition, log: string, from?: number): Promise<Entry<T>[]> {
  const found: Entry<T>[] = [];
  for await (const entry of partition.read<T>(log, from)) found.push(entry);
  return found;
}

/** What every store must do, whatever it is built on. */
export function describeStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of the store`, () => {
    let kind: StoreUnderTest;
    let clock: MovableClock;
    let store: Store;
    let acme: Partition;

    const reopen = async (): Promise<void> => {
      await store.close();
      store = await kind.open(clock);
      acme = store.organization(ACME);
    };

    beforeEach(async () => {
      kind = await make();
      clock = createClock();
      store = await kind.open(clock);
      acme = store.organization(ACME);
    });

    afterEach(async () => {
      await store.close();
      await kind.clear();
    });

    describe('records', () => {
      it('makes, reads, changes and removes one', async () => {
        expect(await acme.get('plans', 'p1')).toBeUndefined();
        expect(await acme.put('plans', 'p1', { state: 'pending' }, 0)).toBe(1);
        expect(await acme.put('plans', 'p1', { state: 'approved' }, 1)).toBe(2);
        expect(await acme.get('plans', 'p1')).toEqual({ id: 'p1', value: { state: 'approved' }, version: 2 });
        await acme.delete('plans', 'p1', 2);
        expect(await acme.get('plans', 'p1')).toBeUndefined();
        await acme.delete('plans', 'p1', 2);
      });

      it('refuses a version that is not the stored one, and changes nothing', async () => {
        await expect(acme.put('plans', 'p1', 'x', 1)).rejects.toThrow(StaleRecord);
        await acme.put('plans', 'p1', 'first', 0);
        await expect(acme.put('plans', 'p1', 'x', 0)).rejects.toThrow(StaleRecord);
        await expect(acme.put('plans', 'p1', 'x', 2)).rejects.toMatchObject({ collection: 'plans', recordId: 'p1' });
        await expect(acme.delete('plans', 'p1', 2)).rejects.toThrow(StaleRecord);
        expect((await acme.get('plans', 'p1'))?.value).toBe('first');
      });

      it('lets exactly one of many at once win', async () => {
        await acme.put('plans', 'p1', 'pending', 0);
        const results = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => acme.put('plans', 'p1', i, 1)));
        expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
        expect((await acme.get('plans', 'p1'))?.version).toBe(2);
      });

      it('loses no change made by update', async () => {
        await Promise.all(Array.from({ length: 40 }, () => update<number>(acme, 'counts', 'c', (n = 0) => n + 1)));
        expect((await acme.get('counts', 'c'))?.value).toBe(40);
      });

      it('never gives a version twice to one id, also after it was removed and over a restart', async () => {
        const first = await acme.put('tokens', 'amy', 'old grant', 0);
        await acme.delete('tokens', 'amy', first);
        await reopen();
        const second = await acme.put('tokens', 'amy', 'new grant', 0);
        expect(second).toBeGreaterThan(first);
        await expect(acme.put('tokens', 'amy', 'refreshed old grant', first)).rejects.toThrow(StaleRecord);
      });

      it('lists in the order of ids', async () => {
        for (const id of ['b', 'a', 'B', '10', '9', 'ä']) await acme.put('rules', id, id, 0);
        expect((await acme.list('rules')).map((record) => record.id)).toEqual(['10', '9', 'B', 'a', 'b', 'ä']);
        expect(await acme.list('other')).toEqual([]);
      });

      it('takes any id and any JSON', async () => {
        const hostile = ['__proto__', 'constructor', '../../etc/passwd', 'a\nb', '\u2028', '', '💥', 'x'.repeat(600)];
        for (const id of hostile) await acme.put('odd', id, { id, nothing: null, list: [1, 'two', { three: false }] }, 0);
        await reopen();
        for (const id of hostile) {
          expect((await acme.get('odd', id))?.value).toEqual({ id, nothing: null, list: [1, 'two', { three: false }] });
        }
        expect(await acme.list('odd')).toHaveLength(hostile.length);
      });

      it('gives values that nobody else holds', async () => {
        const value = { roles: ['admin'] };
        await acme.put('people', 'amy', value, 0);
        value.roles.push('changed by the writer');
        const read = await acme.get<typeof value>('people', 'amy');
        read?.value.roles.push('changed by a reader');
        expect((await acme.get('people', 'amy'))?.value).toEqual({ roles: ['admin'] });
      });

      it('keeps them over a restart', async () => {
        await Promise.all(Array.from({ length: 300 }, (_, i) => acme.put('plans', `p${i}`, { i }, 0)));
        await acme.put('plans', 'p7', { i: 'changed' }, 1);
        await acme.delete('plans', 'p8', 1);
        await reopen();
        expect(await acme.list('plans')).toHaveLength(299);
        expect(await acme.get('plans', 'p7')).toEqual({ id: 'p7', value: { i: 'changed' }, version: 2 });
      });
    });

    describe('logs', () => {
      it('numbers entries from 1 and reads from anywhere', async () => {
        expect(await acme.append('journal', ['a', { b: 1 }])).toBe(1);
        expect(await acme.append('journal', ['c'])).toBe(3);
        expect(await allOf(acme, 'journal')).toEqual([{ n: 1, entry: 'a' }, { n: 2, entry: { b: 1 } }, { n: 3, entry: 'c' }]);
        expect(await allOf(acme, 'journal', 3)).toEqual([{ n: 3, entry: 'c' }]);
        expect(await allOf(acme, 'journal', 4)).toEqual([]);
        expect(await allOf(acme, 'none')).toEqual([]);
      });

      it('keeps the entries of one append together, whoever else appends', async () => {
        const firsts = await Promise.all(Array.from({ length: 60 }, (_, i) => acme.append('journal', [`${i} a`, `${i} b`])));
        expect(new Set(firsts).size).toBe(60);
        const found = await allOf<string>(acme, 'journal');
        firsts.forEach((first, i) => {
          expect(found.slice(first - 1, first + 1)).toEqual([{ n: first, entry: `${i} a` }, { n: first + 1, entry: `${i} b` }]);
        });
      });

      it('goes on with the numbers after a restart', async () => {
        await acme.append('journal', Array.from({ length: 2500 }, (_, i) => i + 1));
        await reopen();
        expect(await acme.append('journal', [2501])).toBe(2501);
        const found = await allOf<number>(acme, 'journal', 1990);
        expect(found).toHaveLength(512);
        expect(found.every(({ n, entry }) => n === entry)).toBe(true);
      });

      it('reads a text with line ends of all sorts as one entry', async () => {
        const text = 'a\nb\r\nc\u2028d\u2029e\u0000f';
        await acme.append('journal', [text, text]);
        expect(await allOf(acme, 'journal')).toEqual([{ n: 1, entry: text }, { n: 2, entry: text }]);
      });

      it('drops a log, and begins anew with 1', async () => {
        await acme.append('journal', ['a', 'b']);
        await acme.append('other', ['stays']);
        await acme.drop('journal');
        expect(await allOf(acme, 'journal')).toEqual([]);
        await reopen();
        expect(await acme.append('journal', ['c'])).toBe(1);
        expect(await allOf(acme, 'other')).toHaveLength(1);
        await acme.drop('never there');
      });
    });

    describe('once', () => {
      it('is true for the first only, also over a restart', async () => {
        expect(await store.shared.once('event 1', 60_000)).toBe(true);
        expect(await store.shared.once('event 1', 60_000)).toBe(false);
        expect(await store.shared.once('event 2', 60_000)).toBe(true);
        await reopen();
        expect(await store.shared.once('event 1', 60_000)).toBe(false);
      });

      it('is true for exactly one of many at once', async () => {
        const answers = await Promise.all(Array.from({ length: 50 }, () => store.shared.once('event', 60_000)));
        expect(answers.filter(Boolean)).toHaveLength(1);
      });

      it('forgets when the time is over, and not before', async () => {
        await store.shared.once('event', 60_000);
        clock.advance(59_000);
        expect(await store.shared.once('event', 60_000)).toBe(false);
        clock.advance(2_000);
        expect(await store.shared.once('event', 60_000)).toBe(true);
      });
    });

    describe('lease', () => {
      it('has one holder, who may renew and release it', async () => {
        expect(await acme.lease('target', 'a', 60_000)).toBe(true);
        expect(await acme.lease('target', 'b', 60_000)).toBe(false);
        expect(await acme.lease('target', 'a', 60_000)).toBe(true);
        await acme.release('target', 'b');
        expect(await acme.lease('target', 'b', 60_000)).toBe(false);
        await acme.release('target', 'a');
        expect(await acme.lease('target', 'b', 60_000)).toBe(true);
      });

      it('runs out, and not before', async () => {
        await acme.lease('target', 'a', 60_000);
        clock.advance(40_000);
        await acme.lease('target', 'a', 60_000);
        clock.advance(59_000);
        expect(await acme.lease('target', 'b', 60_000)).toBe(false);
        clock.advance(2_000);
        expect(await acme.lease('target', 'b', 60_000)).toBe(true);
        expect(await acme.lease('target', 'a', 60_000)).toBe(false);
      });

      it('is in force over a restart', async () => {
        await acme.lease('target', 'a', 60_000);
        await acme.lease('released', 'a', 60_000);
        await acme.release('released', 'a');
        await reopen();
        expect(await acme.lease('target', 'b', 60_000)).toBe(false);
        expect(await acme.lease('released', 'b', 60_000)).toBe(true);
      });

      it('is given to one of many at once, and is not the same thing as once', async () => {
        const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => acme.lease('target', `holder ${i}`, 60_000)));
        expect(answers.filter(Boolean)).toHaveLength(1);
        expect(await acme.once('target', 60_000)).toBe(true);
      });
    });

    describe('parts', () => {
      it('keeps organizations apart from each other and from the shared part', async () => {
        await acme.put('plans', 'p1', 'acme', 0);
        await acme.append('journal', ['acme']);
        for (const other of [store.organization(GLOBEX), store.shared]) {
          expect(await other.get('plans', 'p1')).toBeUndefined();
          expect(await allOf(other, 'journal')).toEqual([]);
          await other.put('plans', 'p1', 'other', 0);
        }
        expect((await acme.get('plans', 'p1'))?.value).toBe('acme');
      });

      it('takes all spellings of an organization for one', async () => {
        await acme.put('plans', 'p1', 'acme', 0);
        expect((await store.organization(ACME_ELSEWHERE).get('plans', 'p1'))?.value).toBe('acme');
        expect((await store.organization('7a1c2f66-0b0e-4a4d-9d0e-2f4c6a8b1c01').get('plans', 'p1'))?.value).toBe('acme');
      });

      it('names the organizations that have a part', async () => {
        expect(await store.organizations()).toEqual([]);
        await store.organization(GLOBEX).get('plans', 'p1');
        expect(await store.organizations()).toEqual([]);
        await store.organization(GLOBEX).put('plans', 'p1', 1, 0);
        await acme.append('journal', [1]);
        await reopen();
        expect((await store.organizations()).sort()).toEqual([ACME, GLOBEX].sort());
      });

      it('refuses what is not the id of an organization', () => {
        const person = Buffer.from('ciscospark://us/PEOPLE/7a1c2f66-0b0e-4a4d-9d0e-2f4c6a8b1c01').toString('base64url');
        const climbing = Buffer.from('ciscospark://us/ORGANIZATION/../../etc').toString('base64url');
        for (const id of ['', '..', 'acme', '/etc', person, climbing]) expect(() => store.organization(id)).toThrow(/not the id/);
      });
    });
  });
}
