import { actionsOf, cardOf, inputsOf, textOf, titlesOf, type Message, type Person } from '../../support/person.js';
import { startShell, type ShellWorld } from './shell.js';

let world: ShellWorld;
let anna: Person & { id: string };
beforeAll(async () => {
  world = await startShell();
  await world.link('anna.berg');
  anna = world.person('anna.berg');
});
afterAll(async () => { await world.stop(); });
beforeEach(() => { world.ran.length = 0; });

const isForm = (message: Message): boolean => titlesOf(message).includes('Next') && titlesOf(message).includes('Cancel');
const form = (): Promise<Message> => anna.hears(isForm);
const offered = (message: Message, id: string): string[] => inputsOf(message).get(id)?.choices?.map((choice) => choice.title) ?? [];
const valueOf = (message: Message, id: string, title: RegExp): string => inputsOf(message).get(id)?.choices?.find((choice) => title.test(choice.title))?.value ?? '';

it('asks for what a command lacks, with what is known filled in', async () => {
  await anna.say('team note amy.adams@acme.test mode=set');
  const card = await form();
  expect(textOf(card)).toContain('Amy Adams');
  expect(inputsOf(card).get('mode')?.value).toBe('set');
  expect([...inputsOf(card).values()].every((input) => typeof input.label === 'string' && input.label !== '')).toBe(true);
  await anna.press(card, 'Next', { mode: 'set', for__search: 'cara.olsen@acme.test' });
  await anna.hears(/Noted: Amy Adams/);
  expect(world.ran).toEqual([{ command: 'team note', values: { who: 'amy.adams@acme.test', for: 'cara.olsen@acme.test', mode: 'set' }, by: anna.email }]);
});

it('collects people by search: any word, add more, remove, next', async () => {
  await anna.say('team note');
  let card = await form();
  expect(titlesOf(card)).toEqual(['Next', 'Search', 'Cancel']);
  await anna.press(card, 'Search', { who__search: 'an' });
  card = await form();
  const titles = offered(card, 'who__found');
  expect(titles.length).toBeGreaterThan(1);
  expect(titles.length).toBeLessThanOrEqual(50);
  const two = titles.slice(0, 2);
  const values = two.map((title) => inputsOf(card).get('who__found')?.choices?.find((choice) => choice.title === title)?.value ?? '');
  await anna.press(card, 'Search', { who__found: values.join(','), for__search: 'everyone' });
  card = await form();
  expect(titlesOf(card)).toEqual(['Next', 'Add more', 'Remove', 'Cancel']);
  await anna.press(card, 'Remove', {});
  card = await form();
  expect(offered(card, 'who__drop')).toEqual(two);
  await anna.press(card, 'Remove', { who__drop: values[0] ?? '' });
  card = await form();
  await anna.press(card, 'Next', {});
  await anna.hears(/Noted/);
  expect(world.ran).toEqual([{ command: 'team note', values: { who: /\((.*)\)/.exec(two[1] ?? '')?.[1], for: 'everyone', mode: 'add' }, by: anna.email }]);
});

it('asks who is meant when several have the name, and never guesses', async () => {
  await anna.say('team note an for=everyone');
  const card = await form();
  expect(textOf(card)).toMatch(/could be meant by/);
  expect(world.ran).toEqual([]);
  await anna.press(card, 'Next', { who__found: valueOf(card, 'who__found', /anna\.berg@/) });
  await anna.hears(/Noted: Anna Berg/);
});

it('says what is still missing', async () => {
  await anna.say('team note');
  await anna.press(await form(), 'Next', { who__search: 'amy.adams@acme.test' });
  const card = await form();
  expect(textOf(card)).toContain('Still missing: Hosts');
  expect(textOf(card)).toContain('Amy Adams');
});

it('trap 12: a card whose work is over is taken away and replaced; cards are never edited', async () => {
  await anna.say('team note');
  const first = await form();
  await anna.press(first, 'Search', { who__search: 'amy.adams@acme.test' });
  const second = await form();
  await anna.press(second, 'Cancel');
  await world.stream.until('both cards to be gone', async () => {
    const left = (await anna.messages()).map((message) => message.id);
    return (!left.includes(first.id) && !left.includes(second.id)) || undefined;
  });
  expect(await world.requests('PUT /v1/messages')).toEqual([]);
});

it('is filled in by the one who opened it, and by nobody else', async () => {
  const roomId = await world.room('IT Admins');
  await world.link('ben.okoye');
  await anna.say(`<@personId:${world.self.id}|Steward> team note`, { roomId });
  const card = await anna.hears(isForm, { roomId });
  await world.person('ben.okoye').press(card, 'Next', { who__search: 'amy.adams@acme.test', for__search: 'everyone' });
  await anna.hears(/Only the person for whom/, { roomId });
  expect(world.ran).toEqual([]);
});

it('takes no person who was not offered', async () => {
  await anna.say('team note an for=everyone');
  const card = await form();
  const before = (await world.audit()).length;
  await anna.press(card, 'Next', { who__found: world.person('cara.olsen').id });
  await world.stream.until('the refusal', async () => (await world.audit()).length > before || undefined);
  expect((await world.audit()).find((entry) => entry.details?.reason === 'choice not offered')).toMatchObject({ action: 'card.refused', actor: anna.id });
  expect(world.ran).toEqual([]);
});

it('knows a file by its header, and takes it for the command that is chosen', async () => {
  await anna.say('', { file: { name: 'people.csv', content: '\uFEFFPerson;Note\namy.adams@acme.test;x\n' } });
  const card = await anna.hears(/What shall I do with it/);
  expect(titlesOf(card)).toEqual(['team note']);
  await anna.press(card, 'team note');
  await anna.hears(/Noted/);
  expect(world.ran[0]?.values.csv).toContain('amy.adams@acme.test;x');
  await anna.say('team note', { file: { name: 'people.csv', content: 'person\nbob@acme.test\n' } });
  await anna.hears(/Noted/);
  expect(world.ran[1]?.values.csv).toBe('person\nbob@acme.test\n');
  await anna.say('', { file: { name: 'photo.csv', content: 'a,b\n1,2\n' } });
  await anna.hears(/do not know what to do with this file/);
});

it('trap 13: every card has a text beside it', async () => {
  const cards = (await anna.messages()).filter((message) => cardOf(message) !== undefined);
  expect(cards.length).toBeGreaterThan(2);
  for (const message of cards) {
    expect(message.text).toMatch(/\S/);
    expect(actionsOf(message).length).toBeLessThanOrEqual(5);
    expect(message.files ?? []).toEqual([]);
  }
});
