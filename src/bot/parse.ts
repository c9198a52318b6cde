import { CallerMistake } from '../lib/errors.js';
import { plain, sentenceList } from '../lib/text.js';
import { nameOf, nearestOf, type CommandTable } from './commands.js';
import type { Argument, Command } from './define.js';
import { unquoted, withIds, withNames, wordsOf, type Spoken } from './words.js';

/** What a message asks for. Arguments are texts by name: people as a list, the others without quotes. */
export type Asked =
  | { kind: 'nothing' }
  | { kind: 'greeting' }
  | { kind: 'command'; command: Command; given: Record<string, string> }
  /** A noun that has no command of its own. */
  | { kind: 'noun'; noun: string }
  | { kind: 'unknown'; written: string; nearest: string | undefined };

const GREETINGS = /^(hi|hello|hey|hallo|hola|salut|bonjour|ciao|moin|servus|good (morning|afternoon|evening)|guten (morgen|tag|abend))(,? (there|all|steward|bot))?[\s!.,]*$/i;

/** Base64 with its padding, as long as an id is: no option. */
const isPadded = (word: string): boolean => /^[\w+/-]{20,}={1,2}$/.test(word) && word.length % 4 === 0;

/** Reads `<noun> <verb>`, then positional words, then options `key=value`. Throws CallerMistake for options that the command does not have. */
export function parse(said: Spoken, table: CommandTable): Asked {
  const text = said.text.trim();
  if (text === '') return { kind: 'nothing' };
  if (GREETINGS.test(text)) return { kind: 'greeting' };
  const words = wordsOf(text);
  const noun = bare(words[0]);
  for (const verbWords of [2, 1]) {
    const command = words.length > verbWords ? table.find(words.slice(0, verbWords + 1).map(bare).join(' ')) : undefined;
    if (command) return { kind: 'command', command, given: argumentsOf(command, words.slice(verbWords + 1), said.mentions) };
  }
  const help = table.find('help');
  if (help && words.length === 2 && bare(words[1]) === 'help' && table.of(noun).length > 0) return { kind: 'command', command: help, given: { topic: noun } };
  const alone = table.find(noun);
  if (alone && (words.length === 1 || takesWords(alone))) {
    return { kind: 'command', command: alone, given: argumentsOf(alone, words.slice(1), said.mentions) };
  }
  if (table.of(noun).length > 0 && words.length === 1) return { kind: 'noun', noun };
  const written = plain(withNames(words.slice(0, 2).join(' '), said.mentions), 60);
  return { kind: 'unknown', written, nearest: table.nearest(written) ?? table.nearest(plain(noun, 60)) };
}

function takesWords(command: Command): boolean {
  return command.arguments.length > 0;
}

/** A word as a command's name is written; `/delegates` and `Delegates:` count too. */
function bare(word = ''): string {
  return word.toLowerCase().replace(/^\/|[:.!?,]$/g, '');
}

/** The words of each argument. A value reaches to the next option; the last positional argument takes the rest of the words. */
function argumentsOf(command: Command, words: readonly string[], mentions: Spoken['mentions']): Record<string, string> {
  const positional = command.arguments.filter((argument) => argument.positional === true);
  const given = new Map<Argument, string[]>();
  const leading: string[] = [];
  let current: string[] = leading;
  for (const word of words) {
    const [, key = '', value = ''] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(word) ?? [];
    const argument = command.arguments.find(({ name }) => name.toLowerCase() === key.toLowerCase());
    if (argument) {
      if (given.has(argument)) throw mistake(`${argument.name}= is there twice.`);
      current = value === '' ? [] : [value];
      given.set(argument, current);
    } else if (key !== '' && !isPadded(word) && !positional.some((one) => one.assignment === true)) {
      throw unknownOption(command, key);
    } else {
      current.push(word);
    }
  }
  for (const [argument, part] of placed(command, positional, leading)) {
    if (given.has(argument)) throw mistake(`${argument.label} is given twice: in front, and as ${argument.name}=.`);
    given.set(argument, part);
  }
  const values = [...given].map(([argument, part]): [string, string] => [argument.name, valueOf(argument, part, mentions)]);
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}

/** Shares the words in front among the positional arguments: one item each (a comma joins words to one list), the rest to the last. */
function placed(command: Command, positional: readonly Argument[], words: readonly string[]): [Argument, string[]][] {
  const rest = [...words];
  const result: [Argument, string[]][] = [];
  for (const [n, argument] of positional.entries()) {
    if (rest.length === 0) break;
    if (n === positional.length - 1) return [...result, [argument, rest]];
    const part = [rest.shift() ?? ''];
    while (rest.length > 0 && (part.at(-1)?.endsWith(',') === true || rest[0]?.startsWith(',') === true)) part.push(rest.shift() ?? '');
    result.push([argument, part]);
  }
  if (rest.length > 0) throw mistake(`${nameOf(command)} takes no words like “${plain(unquoted(rest[0] ?? ''), 40)}”. ${optionsOf(command)}`);
  return result;
}

function valueOf(argument: Argument, words: readonly string[], mentions: Spoken['mentions']): string {
  const text = words.join(' ');
  return argument.kind === 'person' || argument.kind === 'people'
    ? withIds(text, mentions).replace(/^[\s,;]+|[\s,;]+$/g, '')
    : unquoted(withNames(text, mentions)).trim();
}

function unknownOption(command: Command, key: string): CallerMistake {
  const names = command.arguments.map(({ name }) => name);
  const nearest = nearestOf(names, key.toLowerCase());
  return mistake(`${nameOf(command)} has no option ${plain(key, 40)}=. ${nearest === undefined ? optionsOf(command) : `Did you mean ${nearest}=?`}`);
}

function optionsOf(command: Command): string {
  const names = command.arguments.filter((argument) => argument.positional !== true).map(({ name }) => `${name}=`);
  return names.length === 0 ? 'It has no options.' : `Its options: ${sentenceList(names)}.`;
}

function mistake(message: string): CallerMistake {
  return new CallerMistake({ code: 'COMMAND_NOT_UNDERSTOOD', message });
}
