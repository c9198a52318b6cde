import { createCommandTable } from '../../../src/bot/commands.js';
import type { Argument, Command } from '../../../src/bot/define.js';
import { commandsAsTable, helpCommand, nounHelp, usageOf } from '../../../src/bot/help.js';
import { parse, type Asked } from '../../../src/bot/parse.js';

const argument = (name: string, more: Partial<Argument> = {}): Argument => ({ name, kind: 'text', label: name, help: `the ${name}`, required: false, ...more });
const command = (noun: string, verb: string, args: Argument[] = []): Command => ({
  noun, verb, summary: `${noun} ${verb}`, examples: [`${noun} ${verb} x`], arguments: args, access: { linked: false, scopes: [], roles: [] }, plans: false,
  run: () => Promise.resolve({ kind: 'handled' }),
});
const people = { kind: 'people', required: true } as const;
const table = createCommandTable([{
  name: 'x', stepKinds: [], commands: [
    command('delegates', ''), command('delegates', 'add', [argument('delegates', { ...people, positional: true }), argument('for', people), argument('site')]),
    command('delegates', 'list', [argument('host', { ...people, positional: true, required: false }), argument('to', { kind: 'person' })]),
    command('licenses', 'site add', [argument('who', { ...people, positional: true })]), command('spaces', 'sync'),
    command('settings', 'set', [argument('setting', { positional: true, assignment: true, required: true }), argument('for', { kind: 'choice', choices: [{ title: 'This space', value: 'space' }] })]),
    command('help', '', [argument('topic', { positional: true })]),
    command('reports', 'schedule', [argument('report', { positional: true }), argument('when', { positional: true }), argument('space')]),
  ],
}]);
const asked = (text: string): Asked => parse({ text, mentions: [] }, table);
const given = (text: string): Record<string, string> => {
  const found = asked(text);
  return found.kind === 'command' ? found.given : { kind: found.kind };
};

it('reads noun, verb, positional words and options, in any case', () => {
  expect(asked('DELEGATES Add amy@acme.test FOR=cara@acme.test')).toMatchObject({ kind: 'command', command: { noun: 'delegates', verb: 'add' }, given: { delegates: 'amy@acme.test', for: 'cara@acme.test' } });
  expect(asked('delegates')).toMatchObject({ kind: 'command', command: { noun: 'delegates', verb: '' }, given: {} });
  expect(asked('licenses site add amy@acme.test')).toMatchObject({ kind: 'command', command: { verb: 'site add' } });
  expect(asked('spaces help')).toMatchObject({ kind: 'command', command: { noun: 'help' }, given: { topic: 'spaces' } });
});

it('gives a value all words up to the next option', () => {
  expect(given('delegates add Amy Adams, "Bob Brandt" for=Cara Olsen, group:"Sales West" site=acme.webex.com'))
    .toEqual({ delegates: 'Amy Adams, "Bob Brandt"', for: 'Cara Olsen, group:"Sales West"', site: 'acme.webex.com' });
  expect(given('delegates add a@x.test for= b@x.test')).toEqual({ delegates: 'a@x.test', for: 'b@x.test' });
});

it('shares words among positional arguments: one list each, the last takes the rest', () => {
  expect(given('reports schedule licenses every monday at 9 space=x')).toEqual({ report: 'licenses', when: 'every monday at 9', space: 'x' });
  expect(given('reports schedule a, b ,c later')).toEqual({ report: 'a, b ,c', when: 'later' });
});

it('takes settings as one word with an equals sign, and known options apart', () => {
  expect(given('settings set approval.space="Admin space" for=space')).toEqual({ setting: 'approval.space=Admin space', for: 'space' });
});

it('turns mentions into ids where people are expected, into names elsewhere', () => {
  const mentions = [{ personId: 'P0', name: 'Amy Adams' }, { personId: 'P1', name: 'Cara' }];
  expect(parse({ text: 'delegates add \uE0020\uE003 for=\uE0021\uE003 site=\uE0020\uE003', mentions }, table))
    .toMatchObject({ given: { delegates: 'id:P0', for: 'id:P1', site: 'Amy Adams' } });
});

it('names the nearest command for unknown words', () => {
  expect(asked('delegtes ad x')).toMatchObject({ kind: 'unknown', nearest: 'delegates add' });
  expect(asked('delegats')).toMatchObject({ kind: 'unknown', nearest: 'delegates' });
  expect(asked('make me a sandwich')).toMatchObject({ kind: 'unknown', nearest: undefined });
  expect(asked('spaces')).toEqual({ kind: 'noun', noun: 'spaces' });
});

it('knows greetings and silence', () => {
  for (const text of ['Hello', 'hi!', 'Guten Morgen', 'hi there', 'Hello, Steward!']) expect(asked(text).kind).toBe('greeting');
  expect(asked('  ').kind).toBe('nothing');
  expect(asked('hello world').kind).toBe('unknown');
});

it('takes an id with the padding of its base64 for what it is', () => {
  const ids = ['abc', 'a'].map((end) => Buffer.from(`ciscospark://us/PEOPLE/0000-${end}`).toString('base64'));
  expect(ids.map((id) => /=*$/.exec(id)?.[0])).toEqual(['==', '=']);
  for (const id of ids) expect(given(`delegates add ${id} for=${id}`)).toEqual({ delegates: id, for: id });
});

it('refuses an option that the command does not have, and names the nearest', () => {
  expect(() => asked('delegates add a@x.test fro=b@x.test')).toThrow(/no option fro=. Did you mean for=/);
  expect(() => asked('delegates add a@x.test sites_of_the_persons=')).toThrow(/no option sites_of_the_persons=/);
  expect(() => asked('delegates add a@x.test for=b@x.test for=c@x.test')).toThrow(/twice/);
  expect(() => asked('delegates add a@x.test for=b@x.test delegates=c@x.test')).toThrow(/given twice/);
  expect(() => asked('spaces sync now')).toThrow(/takes no words like “now”/);
});

it('does not start with two commands of one name', () => {
  expect(() => createCommandTable([{ name: 'a', commands: [command('x', 'y')], stepKinds: [] }, { name: 'b', commands: [command('x', 'y')], stepKinds: [] }])).toThrow('Two commands are called x y.');
});

it('shows the same table in help and for the README', async () => {
  const add = table.find('delegates add');
  expect(add && usageOf(add)).toBe('delegates add <delegates> for=<people> [site=<site>]');
  const lines = commandsAsTable(table.all).split('\n');
  expect(lines).toHaveLength(2 + table.all.length);
  for (const one of table.all) {
    expect(lines.filter((line) => line.startsWith(`| \`${usageOf(one).replaceAll('|', '\\|')}\` |`))).toHaveLength(1);
    expect(nounHelp(table, one.noun)).toContain(usageOf(one));
  }
  const answer = await helpCommand(() => table).run({} as never, { topic: '<@all>' });
  expect(answer).toMatchObject({ kind: 'view', view: { markdown: expect.stringContaining('&lt;@all&gt;') } });
});
