import { spoken, withIds, withNames, wordsOf } from '../../../src/bot/words.js';

const person = (uuid: string): string => Buffer.from(`ciscospark://us/PEOPLE/${uuid}`).toString('base64url');
const BOT_UUID = '11111111-1111-4111-8111-111111111111';
const AMY_UUID = '22222222-2222-4222-8222-222222222222';
const bot = { id: person(BOT_UUID), displayName: 'Steward the Bot' };
const mention = (id: string, name: string): string => `<spark-mention data-object-type="person" data-object-id="${id}">${name}</spark-mention>`;

describe('trap 8: the bot’s name in a message', () => {
  it('is left out wherever the mention stands, also when its name has spaces', () => {
    for (const html of [
      `<p>${mention(bot.id, 'Steward the Bot')} delegates list cara</p>`,
      `<p>delegates ${mention(bot.id, 'Steward')} list cara</p>`,
      `<p>delegates list cara ${mention(bot.id, 'Steward the Bot')}</p>`,
    ]) expect(wordsOf(spoken({ text: 'Steward the Bot delegates list cara', html }, bot).text)).toEqual(['delegates', 'list', 'cara']);
  });

  it('is known by the id in any spelling: as a UUID, of another cluster', () => {
    const elsewhere = Buffer.from(`ciscospark://urn:TEAM:us-east-2_a/PEOPLE/${BOT_UUID}`).toString('base64url');
    for (const id of [BOT_UUID, BOT_UUID.toUpperCase(), elsewhere]) {
      expect(wordsOf(spoken({ text: '', html: `${mention(id, 'Steward')} help` }, bot).text)).toEqual(['help']);
    }
  });

  it('is found in bare text when there is no html', () => {
    const said = (text: string): string[] => wordsOf(spoken({ text, mentionedPeople: [bot.id] }, bot).text);
    expect(said('Steward the Bot help')).toEqual(['help']);
    expect(said('Steward help')).toEqual(['help']);
    expect(said('help, steward the bot')).toEqual(['help,']);
  });

  it('stays where the bot was not mentioned', () => {
    expect(spoken({ text: 'echo Steward the Bot' }, bot).text).toBe('echo Steward the Bot');
  });
});

it('keeps the mention of a person by id, even when the name has spaces or signs', () => {
  const { text, mentions } = spoken({ text: '', html: `<p>note ${mention(AMY_UUID, 'Amy &amp; Co &lt;x&gt;')}, for=${mention(person(AMY_UUID), 'Amy')}</p>` }, bot);
  const words = wordsOf(text);
  expect(words).toHaveLength(3);
  expect(withIds(words[1] ?? '', mentions)).toBe(`,id:${AMY_UUID},,`);
  expect(withIds(words[2] ?? '', mentions)).toBe(`for=,id:${person(AMY_UUID)},`);
  expect(withNames(words[1] ?? '', mentions)).toBe('Amy & Co <x>,');
});

it('leaves group mentions out, so that nobody is meant by @all', () => {
  const { text, mentions } = spoken({ text: '', html: `note <spark-mention data-object-type="groupMention" data-group-type="all">All</spark-mention> x` }, bot);
  expect(wordsOf(text)).toEqual(['note', 'x']);
  expect(mentions).toEqual([]);
});

it('takes no mark that somebody typed for a mention', () => {
  const { text, mentions } = spoken({ text: '\uE0020\uE003' }, bot);
  expect(withIds(text, mentions)).toBe('0');
});

it('reads curly quotes, non-breaking spaces and line breaks as plain ones', () => {
  expect(wordsOf('delegates\u00a0add “Amy Adams”\n for=„Cara Olsen“')).toEqual(['delegates', 'add', '"Amy Adams"', 'for="Cara Olsen"']);
  expect(wordsOf('group:"Sales West" x')).toEqual(['group:"Sales West"', 'x']);
  expect(wordsOf('‘Amy Adams’ note=\'two words\'')).toEqual(['"Amy Adams"', 'note="two words"']);
});

it('leaves apostrophes and lone quotes as they are', () => {
  expect(wordsOf('Sinead O\'Connor and D’Arcy 6" wide')).toEqual(['Sinead', "O'Connor", 'and', 'D’Arcy', '6"', 'wide']);
  expect(wordsOf('"never closed')).toEqual(['"never', 'closed']);
});

it('takes hidden characters out, which come along when text is copied', () => {
  expect(wordsOf(spoken({ text: '\u200bdele\u00adgates\u202e list' }, bot).text)).toEqual(['delegates', 'list']);
});

it('parts words at blocks of html, not at bold', () => {
  expect(wordsOf(spoken({ text: '', html: `<p>${mention(bot.id, 'S')}</p><p>de<b>leg</b>ates<br/>list</p>` }, bot).text)).toEqual(['delegates', 'list']);
});
