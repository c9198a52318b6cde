import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { AuditFailed, createAuditLog, type AuditEntry, type AuditLog } from '../../../src/store/audit.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import type { Store } from '../../../src/store/store.js';
import { createVault } from '../../../src/store/vault.js';
import { keysOf } from '../../support/keys.js';
import { ACME, ACME_ELSEWHERE, GLOBEX } from './names.js';

const KEYS = `k1:${randomBytes(32).toString('base64')}`;
const PART = join('organizations', '7a1c2f66-0b0e-4a4d-9d0e-2f4c6a8b1c01');

describe('the audit log', () => {
  const clock = createClock();
  const log = createLog({ level: 'silent' });
  let dataDir: string;
  let store: Store;
  let audit: AuditLog;
  let file: string;

  const open = async (keys = KEYS): Promise<void> => {
    store = await openLowdbStore({ dataDir, clock, log });
    audit = createAuditLog({ store, vault: createVault(keysOf(keys)), clock, log });
  };
  const reopen = async (keys = KEYS): Promise<void> => {
    await store.close();
    await open(keys);
  };
  /** Ten entries, then the file changed outside, then the log opened anew. */
  const tampered = async (change: (lines: string[]) => string[]): Promise<void> => {
    await record(10);
    await store.close();
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    await writeFile(file, change(lines).map((line) => `${line}\n`).join(''));
    await open();
  };
  const record = async (count: number): Promise<void> => {
    for (let i = 1; i <= count; i += 1) await audit.record(ACME, { actor: 'amy', action: 'plan.approved', subject: `p${i}`, details: { i } });
  };
  const entriesOf = async (organization: string | undefined): Promise<AuditEntry[]> => {
    const found: AuditEntry[] = [];
    for await (const entry of audit.entries(organization)) found.push(entry);
    return found;
  };

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'audit-'));
    file = join(dataDir, PART, 'logs', 'audit.ndjson');
    await open();
  });
  afterEach(async () => {
    await store.close();
    await rm(dataDir, { recursive: true });
  });

  it('holds when nobody touched it, also over a restart and another spelling of the organization', async () => {
    expect(await audit.verify(ACME)).toEqual({ ok: true, count: 0, head: '0:' });
    await record(3);
    await reopen();
    await audit.record(ACME_ELSEWHERE, { actor: 'bob', action: 'account.linked' });
    expect(await audit.verify(ACME)).toMatchObject({ ok: true, count: 4 });
    expect((await entriesOf(ACME)).map(({ n, actor, action, subject }) => [n, actor, action, subject])).toEqual([
      [1, 'amy', 'plan.approved', 'p1'], [2, 'amy', 'plan.approved', 'p2'], [3, 'amy', 'plan.approved', 'p3'], [4, 'bob', 'account.linked', undefined],
    ]);
  });

  it('chains what is recorded at once', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, i) => audit.record(ACME, { actor: `a${i}`, action: 'x' })));
    expect(await audit.verify(ACME)).toMatchObject({ ok: true, count: 100 });
    expect(new Set((await entriesOf(ACME)).map((entry) => entry.actor)).size).toBe(100);
  });

  it('keeps one chain per organization, and one for what belongs to none', async () => {
    await record(2);
    await audit.record(GLOBEX, { actor: 'eve', action: 'x' });
    await audit.record(undefined, { actor: 'eve', action: 'refused' });
    const heads = await audit.heads();
    expect(heads.map(({ organization, head }) => [organization, head.split(':')[0]])).toEqual([[undefined, '1'], [ACME, '2'], [GLOBEX, '1']]);
    for (const { organization, head } of heads) expect(await audit.verify(organization, head)).toMatchObject({ ok: true, head });
  });

  it.each<[string, number, (lines: string[]) => string[]]>([
    ['an altered entry', 4, (lines) => lines.map((line, i) => (i === 3 ? line.replace('"amy"', '"eve"') : line))],
    ['an altered detail', 10, (lines) => lines.map((line) => line.replace('{"i":10}', '{"i":11}'))],
    ['a removed entry', 5, (lines) => lines.filter((_, i) => i !== 4)],
    ['a removed first entry', 1, (lines) => lines.slice(1)],
    ['two entries exchanged', 2, ([a, b, c, ...rest]) => [a!, c!, b!, ...rest]],
    ['an entry that stands twice', 8, (lines) => [...lines.slice(0, 7), lines[6]!, ...lines.slice(7)]],
    ['a cut tail', 8, (lines) => lines.slice(0, 7)],
    ['all entries removed', 1, () => []],
  ])('finds %s at entry %i', async (_what, firstBad, change) => {
    await tampered(change);
    const verdict = await audit.verify(ACME);
    expect(verdict).toMatchObject({ ok: false, firstBad });
  });

  it('still shows a cut tail when it has gone on', async () => {
    await tampered((lines) => lines.slice(0, 7));
    await record(3);
    expect(await audit.verify(ACME)).toMatchObject({ ok: false, firstBad: 8 });
    await reopen();
    await record(1);
    expect(await audit.verify(ACME)).toMatchObject({ ok: false, firstBad: 8 });
  });

  it('finds a tail cut together with the stored head by a head noted earlier', async () => {
    await record(5);
    const [noted] = await audit.heads();
    await store.close();
    const heads = join(dataDir, PART, 'records', 'audit-heads.ndjson');
    await writeFile(file, (await readFile(file, 'utf8')).split('\n').slice(0, 3).join('\n') + '\n');
    await writeFile(heads, (await readFile(heads, 'utf8')).split('\n').slice(0, 3).join('\n') + '\n');
    await open();
    expect(await audit.verify(ACME)).toMatchObject({ ok: true, count: 3 });
    expect(await audit.verify(ACME, noted?.head)).toMatchObject({ ok: false, firstBad: 4 });
    await record(4);
    expect(await audit.verify(ACME, noted?.head)).toMatchObject({ ok: false, firstBad: 5 });
    expect(await audit.verify(ACME, 'nonsense')).toMatchObject({ ok: false });
  });

  it('finds a head that was changed outside, and a chain carried over from another organization', async () => {
    await record(3);
    const head = await store.organization(ACME).get('audit-heads', 'head');
    for await (const { entry } of store.organization(ACME).read('audit')) await store.organization(GLOBEX).append('audit', [entry]);
    expect(await audit.verify(GLOBEX)).toMatchObject({ ok: false, firstBad: 1 });
    await store.organization(GLOBEX).put('audit-heads', 'head', head?.value, 0);
    expect(await audit.verify(GLOBEX)).toMatchObject({ ok: false, reason: expect.stringContaining('head') });
    await expect(audit.record(GLOBEX, { actor: 'eve', action: 'x' })).rejects.toThrow();
  });

  it('goes on after a crash between an entry and its head', async () => {
    await record(3);
    await store.close();
    const heads = join(dataDir, PART, 'records', 'audit-heads.ndjson');
    await writeFile(heads, (await readFile(heads, 'utf8')).split('\n').slice(0, 2).join('\n') + '\n');
    await open();
    await record(1);
    expect(await audit.verify(ACME)).toMatchObject({ ok: true, count: 4 });
  });

  it('does not build on an entry that it did not write', async () => {
    await tampered((lines) => [...lines, lines[9]!.replace('"n":10', '"n":11')]);
    await expect(audit.record(ACME, { actor: 'amy', action: 'x' })).rejects.toThrow(AuditFailed);
    expect(await audit.verify(ACME)).toMatchObject({ ok: false, firstBad: 11 });
  });

  it('holds over a change of keys, as long as the old one is kept', async () => {
    await record(2);
    const added = `k2:${randomBytes(32).toString('base64')}`;
    await reopen(`${added},${KEYS}`);
    await record(2);
    expect(await audit.verify(ACME)).toMatchObject({ ok: true, count: 4, head: expect.stringContaining('4:k2.') });
    await reopen(added);
    expect(await audit.verify(ACME)).toMatchObject({ ok: false, firstBad: 1 });
  });
});
