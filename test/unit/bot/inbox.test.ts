import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInbox, type Event, type Inbox } from '../../../src/bot/inbox.js';
import { createClock, type MovableClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import type { Store } from '../../../src/store/store.js';

const DAY_MS = 24 * 60 * 60_000;
const event = (id: string): Event => ({ resource: 'messages', event: 'created', id, roomId: 'room', personId: 'person' });
const idsOf = (accepted: Inbox['unfinished']): string[] => accepted.map((one) => one.event.id).sort();

let dataDir: string;
let clock: MovableClock;
let store: Store;
let inbox: Inbox;
const open = async (): Promise<void> => {
  store = await openLowdbStore({ dataDir, clock, log: createLog({ level: 'silent' }) });
  inbox = await openInbox({ store, clock });
};
const reopen = async (): Promise<void> => {
  await store.close();
  await open();
};
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'steward-inbox-'));
  clock = createClock();
  await open();
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('of deliveries of one event that come at the same time, one is taken', async () => {
  const taken = await Promise.all([inbox.accept(event('a')), inbox.accept(event('a')), inbox.accept(event('b'))]);
  expect(idsOf(taken.filter((one) => one !== undefined))).toEqual(['a', 'b']);
});

it('an event is known after a restart, whether or not it was done', async () => {
  const a = await inbox.accept(event('a'));
  await inbox.accept(event('b'));
  if (a) await inbox.done(a);
  await reopen();
  expect([await inbox.accept(event('a')), await inbox.accept(event('b'))]).toEqual([undefined, undefined]);
});

it('what was not done is left over, once, however often it was delivered', async () => {
  const [a] = await Promise.all(['a', 'b', 'b', 'c'].map((id) => inbox.accept(event(id))));
  if (a) await inbox.done(a);
  await reopen();
  expect(idsOf(inbox.unfinished)).toEqual(['b', 'c']);
});

it('what is done over midnight is done', async () => {
  const a = await inbox.accept(event('a'));
  clock.advance(DAY_MS);
  await inbox.accept(event('b'));
  if (a) await inbox.done(a);
  await reopen();
  expect(idsOf(inbox.unfinished)).toEqual(['b']);
});

it('an event of yesterday is known today, and what is older is forgotten, in memory and on disk', async () => {
  const logs = (): string[] => readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('inbox-'));
  await inbox.accept(event('a'));
  clock.advance(DAY_MS);
  expect(await inbox.accept(event('a'))).toBeUndefined();
  expect(await inbox.accept(event('b'))).toBeDefined();
  clock.advance(DAY_MS);
  expect(await inbox.accept(event('b'))).toBeUndefined();
  expect(await inbox.accept(event('c'))).toBeDefined();
  expect(await inbox.accept(event('a'))).toBeDefined();
  expect(logs()).toHaveLength(2);
  await reopen();
  expect(idsOf(inbox.unfinished)).toEqual(['a', 'b', 'c']);
});
