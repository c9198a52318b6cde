import type { Message, Person } from '../../support/person.js';
import { cardOf } from '../../support/person.js';
import { startShell, type ShellWorld } from './shell.js';

let world: ShellWorld;
let anna: Person & { id: string };
beforeAll(async () => {
  world = await startShell();
  await world.link('anna.berg');
  anna = world.person('anna.berg');
});
afterAll(async () => { await world.stop(); });

const direct = (): { person: string; organization: string } => ({ person: anna.id, organization: world.organization });
const since = async (marker: Message): Promise<Message[]> => {
  const all = await anna.messages();
  return all.slice(0, all.findIndex((one) => one.id === marker.id)).reverse();
};

it('trap 11: 7,439 is a number of bytes: long texts come in parts, none cut inside a character', async () => {
  const marker = await anna.say('echo words marker');
  const line = 'Jürgen Müller 👩‍👩‍👧‍👦 darf für Zoë Łukasz planen 日本語';
  await world.poster.post(direct(), { markdown: Array.from({ length: 400 }, (_, n) => `- ${n} ${line}`).join('\n'), audience: 'details' });
  const parts = (await since(marker)).filter((one) => one.text?.includes('Jürgen') === true);
  expect(parts.length).toBeGreaterThan(1);
  for (const part of parts) expect(Buffer.byteLength(part.markdown ?? '', 'utf8')).toBeLessThanOrEqual(7439);
  const whole = parts.map((part) => part.markdown).join('\n');
  expect(whole).not.toContain('\uFFFD');
  expect(whole.match(/日本語/g)).toHaveLength(400);
});

it('a card with a long text keeps its beginning beside it', async () => {
  const posted = await world.poster.post(direct(), { markdown: 'ü'.repeat(8000), card: { template: 'bot/text', data: { title: 'Long', lines: ['short'] } }, audience: 'details' });
  const message = (await anna.messages()).find((one) => one.id === posted.messageId);
  expect(cardOf(message!)).toBeDefined();
  expect(Buffer.byteLength(message!.markdown ?? '')).toBeLessThanOrEqual(7439);
});

it('a card that is too large goes as text, its buttons on a small card behind it', async () => {
  const marker = await anna.say('echo words marker');
  await world.poster.post(direct(), { markdown: 'All the lines', card: { template: 'bot/text', data: { title: 'Large', lines: Array.from({ length: 400 }, (_, n) => `${n} ${'x'.repeat(100)}`) }, buttons: [{ title: 'Approve', command: 'echo press', arguments: {} }] }, audience: 'details' });
  const [text, card] = (await since(marker)).filter((one) => one.personEmail === world.self.email && one.text?.includes('You said') !== true);
  expect(text?.text).toContain('All the lines');
  expect(cardOf(text!)).toBeUndefined();
  expect(cardOf(card!)?.actions).toHaveLength(1);
});

const HOSTILE = [
  '<@all>', '<@personEmail:cara.olsen@acme.test|Cara>', '[x](http://evil.test)', 'http://evil.test/a', '**b** _i_ `c`', 'Zoë & <b>Sons</b>; \'x\'', 'a\nb', '\u202egnp.exe\u200b', '# head', '> quote', '![i](http://evil.test/i.png)', '&lt;@all&gt;', '<spark-mention data-object-type="groupMention" data-group-type="all">All</spark-mention>',
];

it.each(HOSTILE)('text of a user is never a mention, a link or markup when it is echoed: %j', async (text) => {
  const answer = await anna.ask(`echo words ${text} end`, /You said:/);
  const { json } = await anna.api('GET', `/messages/${answer.id}`);
  expect(json.mentionedPeople ?? []).toEqual([]);
  expect(json.mentionedGroups ?? []).toEqual([]);
  expect(json.html ?? '').not.toMatch(/<(a|spark-mention|img|h\d|strong|code|blockquote)\b/);
  expect(json.text).not.toMatch(/[\u202e\u200b]/);
  for (const element of (cardOf(answer)?.body ?? []).filter((one) => one.text?.includes('end') === true)) expect(element.text).not.toMatch(/(?<!\\)\]\(|(?<!\\)\*\*|[\u202e\u200b\n]/);
});

it('does not run what it says itself, and not what somebody makes it say', async () => {
  world.ran.length = 0;
  await anna.ask('echo words echo words inner', /You said: echo words inner/);
  await anna.ask('echo words done', /You said: done/);
  // What the tests before asked for ends in these words, and may still run.
  expect(world.ran.map(({ values }) => values.words).filter((words) => !String(words).endsWith(' end'))).toEqual(['echo words inner', 'done']);
});

it('sends the text when Webex does not take the card', async () => {
  await world.control('faults', { rules: [{ path: '/messages', method: 'POST', owner: world.self.email, status: 400, times: 1 }] });
  await anna.ask('echo words without a card', /You said: without a card/);
  expect(world.logged()).toContain('Webex does not take a card');
});

it('edits and removes its own messages, also when they are gone', async () => {
  const posted = await world.poster.post(direct(), { markdown: '1 of 3 done', audience: 'details' });
  await world.poster.edit(posted, '3 of 3 done');
  expect((await anna.messages()).find((one) => one.id === posted.messageId)?.text).toBe('3 of 3 done');
  await world.poster.remove(posted);
  await world.poster.remove(posted);
  expect((await anna.messages()).some((one) => one.id === posted.messageId)).toBe(false);
});
