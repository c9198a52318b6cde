import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { createButtons, type Buttons, type PostedCard } from '../../../src/bot/buttons.js';
import type { Button } from '../../../src/bot/define.js';
import { createClock, type MovableClock } from '../../../src/lib/clock.js';
import { createLog } from '../../../src/lib/log.js';
import { openLowdbStore } from '../../../src/store/lowdb/index.js';
import type { Store } from '../../../src/store/store.js';
import { createVault } from '../../../src/store/vault.js';

let folder: string;
let store: Store;
let clock: MovableClock;
let buttons: Buttons;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-buttons-'));
  clock = createClock();
  const log = createLog({ level: 'silent' });
  store = await openLowdbStore({ dataDir: folder, clock, log });
  buttons = createButtons({ store, vault: createVault([{ id: 'k', secret: randomBytes(32) }]), clock, log });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const approve: Button = { title: 'Approve', command: 'changes approve', arguments: { id: 'p1' }, once: true };
const posted: PostedCard = { messageId: 'message-1', roomId: 'room-1', roomType: 'group', threadId: 'root-1' };
const post = async (send = (): Promise<PostedCard> => Promise.resolve(posted)): Promise<string> => {
  const tokens = buttons.tokensFor([approve]);
  await buttons.post({ buttons: [approve], tokens, inputs: { note: {}, who: { choices: ['a', 'b'], multiple: true } }, organization: 'o' }, send);
  return tokens[0] ?? '';
};

it('finds what a token means, and takes only inputs that the card has', async () => {
  const token = await post();
  expect(await buttons.find({ ...posted, inputs: { token, note: 'x', who: 'a,b', id: 'p2' } })).toMatchObject({
    command: 'changes approve', bound: { id: 'p1' }, filled: { note: 'x', who: 'a,b' }, organization: 'o', only: undefined,
    place: { roomId: 'room-1', roomType: 'group', threadId: 'root-1', messageId: 'message-1' },
  });
});

it('refuses a token at another message, in another space, and a choice that was not offered', async () => {
  const token = await post();
  expect(await buttons.find({ ...posted, messageId: 'message-2', inputs: { token } })).toEqual({ refused: 'unknown card' });
  expect(await buttons.find({ ...posted, roomId: 'room-2', inputs: { token } })).toEqual({ refused: 'other space', organization: 'o' });
  expect(await buttons.find({ ...posted, inputs: { token, who: 'a,c' } })).toEqual({ refused: 'choice not offered', organization: 'o' });
});

it('is good until it is spent, forgotten or too old', async () => {
  const token = await post();
  const press = await buttons.find({ ...posted, inputs: { token } });
  if ('refused' in press) throw new Error('refused');
  await press.spend();
  expect(await buttons.find({ ...posted, inputs: { token } })).toEqual({ refused: 'spent', organization: 'o' });
  await buttons.forget(posted);
  await buttons.forget(posted);
  expect(await buttons.find({ ...posted, inputs: { token } })).toEqual({ refused: 'unknown card' });

  const second = await post();
  clock.advance(31 * 24 * 3_600_000);
  expect(await buttons.find({ ...posted, inputs: { token: second } })).toEqual({ refused: 'expired', organization: 'o' });
  await buttons.sweep();
  expect(await store.shared.list('cards')).toEqual([]);
});

it('lets a press wait that comes before the card is stored', async () => {
  let release: (card: PostedCard) => void = () => undefined;
  const tokens = buttons.tokensFor([approve]);
  const posting = buttons.post({ buttons: [approve], tokens, inputs: {}, organization: 'o' }, () => new Promise((resolve) => { release = resolve; }));
  const press = buttons.find({ ...posted, inputs: { token: tokens[0] } });
  release(posted);
  expect(await press).toMatchObject({ command: 'changes approve' });
  await posting;
});

it('keeps nothing of a card that could not be posted', async () => {
  await expect(post(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await store.shared.list('cards')).toEqual([]);
});
