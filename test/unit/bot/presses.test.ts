import { actionsOf, type Message, type Person } from '../../support/person.js';
import { startShell, type ShellWorld } from './shell.js';

let world: ShellWorld;
let anna: Person & { id: string };
beforeAll(async () => {
  world = await startShell();
  await world.link('anna.berg');
  await world.link('ben.okoye');
  anna = world.person('anna.berg');
});
afterAll(async () => { await world.stop(); });
beforeEach(() => { world.ran.length = 0; });

const mention = (): string => `<@personId:${world.self.id}|Steward>`;
/** A card in a space where Anna, Ben, Carl and Dora are. */
const cardInSpace = async (): Promise<{ card: Message; roomId: string }> => {
  const roomId = await world.room('IT Admins');
  await anna.say(`${mention()} echo words a card`, { roomId });
  return { card: await anna.hears(/You said: a card/, { roomId }), roomId };
};
const forge = (person: Person, messageId: string, inputs: Record<string, unknown>): Promise<{ status: number }> =>
  person.api('POST', '/attachment/actions', { type: 'submit', messageId, inputs });
const refusals = async (): Promise<string[]> => (await world.audit()).filter((entry) => entry.action === 'card.refused').map((entry) => String(entry.details?.reason));
const refusalNumber = (n: number): Promise<true> => world.stream.until(`refusal ${n}`, async () => (await refusals()).length >= n || undefined);

it('carries nothing but a token of at least 128 bits, which is not stored', async () => {
  const { card } = await cardInSpace();
  for (const action of actionsOf(card)) {
    expect(Object.keys(action.data ?? {})).toEqual(['token']);
    const token = action.data?.token ?? '';
    expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16);
    expect(JSON.stringify(await world.store.shared.list('cards'))).not.toContain(token);
  }
});

it('runs what was bound, as the one who pressed, and not what the inputs say besides', async () => {
  const { card, roomId } = await cardInSpace();
  await world.person('ben.okoye').press(card, 'Once', { bound: 'forged', command: 'team fail', organization: 'other' });
  await anna.hears(/Pressed with yes/, { roomId });
  expect(world.ran.slice(1)).toEqual([{ command: 'echo press', values: { bound: 'yes' }, by: 'ben.okoye@acme.test' }]);
});

it('is spent by one press that worked', async () => {
  const { card, roomId } = await cardInSpace();
  await anna.press(card, 'Once');
  await anna.hears(/Pressed with yes/, { roomId });
  await anna.press(card, 'Once');
  await anna.hears(/was pressed before/, { roomId });
  expect(world.ran.filter(({ command }) => command === 'echo press')).toHaveLength(1);
});

it('acts once when it is pressed twice at the same time', async () => {
  const { card, roomId } = await cardInSpace();
  await Promise.all([anna.press(card, 'Once'), world.person('ben.okoye').press(card, 'Once')]);
  await anna.hears(/Pressed with yes/, { roomId });
  await anna.hears(/being done already|was pressed before/, { roomId });
  expect(world.ran.filter(({ command }) => command === 'echo press')).toHaveLength(1);
});

describe('trap 9: the presser is who Webex says, and the card says nothing', () => {
  it('does nothing for somebody without the right, spends nothing, and notes it', async () => {
    const { card, roomId } = await cardInSpace();
    await world.person('dora.silva').press(card, 'Once');
    await anna.hears(/not linked/, { roomId });
    expect((await world.audit()).at(-1)).toMatchObject({ action: 'command.refused', subject: 'echo press', actor: world.person('dora.silva').id });
    expect(world.ran.filter(({ command }) => command === 'echo press')).toEqual([]);
    await anna.press(card, 'Once');
    await anna.hears(/Pressed with yes/, { roomId });
  });

  it('does nothing for somebody else than the one for whom it was made', async () => {
    const { card, roomId } = await cardInSpace();
    const before = (await refusals()).length;
    await world.person('ben.okoye').press(card, 'Mine');
    await anna.hears(/Only the person for whom/, { roomId });
    expect((await refusals()).slice(before)).toEqual(['for somebody else']);
    await anna.press(card, 'Mine');
    await anna.hears(/Pressed with mine/, { roomId });
  });

  it('does nothing for a stranger, and notes it', async () => {
    const roomId = await world.room('Project Phoenix');
    await anna.say(`${mention()} echo words to all`, { roomId });
    const card = await anna.hears(/You said: to all/, { roomId });
    const before = (await refusals()).length;
    await world.person('olga.petrov@globex.test').press(card, 'Once');
    await refusalNumber(before + 1);
    expect((await refusals()).slice(before)).toEqual(['may not use Steward']);
    expect(world.ran.filter(({ command }) => command === 'echo press')).toEqual([]);
    await anna.press(card, 'Once');
    await anna.hears(/Pressed with yes/, { roomId });
  });

  it('does nothing for made-up inputs, spends nothing, and notes each', async () => {
    const { card, roomId } = await cardInSpace();
    const other = await anna.ask('echo words another card', /You said: another card/);
    const token = (message: Message): string => actionsOf(message)[0]?.data?.token ?? '';
    const before = (await refusals()).length;
    const forged: [string, Record<string, unknown>][] = [
      [card.id, {}], [card.id, { token: '' }], [card.id, { token: 'x'.repeat(32) }], [card.id, { token: { $ne: '' } }],
      [card.id, { command: 'echo press', arguments: { bound: 'yes' } }], [card.id, { token: token(other) }], [other.id, { token: token(card) }],
    ];
    for (const [n, [messageId, inputs]] of forged.entries()) {
      await forge(anna, messageId, inputs);
      await refusalNumber(before + n + 1);
    }
    expect((await refusals()).slice(before)).toEqual(['no token', 'no token', 'unknown token', 'no token', 'no token', 'unknown token', 'unknown token']);
    expect(world.ran.filter(({ command }) => command === 'echo press')).toEqual([]);
    await anna.press(card, 'Once');
    await anna.hears(/Pressed with yes/, { roomId });
  });

  it('does nothing for a card that was altered in the store', async () => {
    const { card, roomId } = await cardInSpace();
    const found = await world.stream.until('the card to be stored', async () => {
      const stored = await world.store.shared.list<{ value: { messageId: string; buttons: { arguments: Record<string, string> }[] } }>('cards');
      return stored.find(({ value }) => value.value.messageId === card.id);
    });
    const buttons = found.value.value.buttons.map((button) => ({ ...button, arguments: { bound: 'altered' } }));
    await world.store.shared.put('cards', found.id, { ...found.value, value: { ...found.value.value, buttons } }, found.version);
    await anna.press(card, 'Once');
    await anna.hears(/no longer valid/, { roomId });
    expect(world.ran.filter(({ command }) => command === 'echo press')).toEqual([]);
  });
});
