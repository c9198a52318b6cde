import { markdown } from '../lib/text.js';
import { nameOf, type CommandTable } from './commands.js';
import { takesPeople } from './form-view.js';
import { textOf, type Argument, type Command } from './define.js';

/** `delegates add <delegates> for=<for> [site=<site>]`. */
export function usageOf(command: Command): string {
  return [nameOf(command), ...shown(command.arguments).map(usage)].join(' ');
}

/** The command table as a markdown table: the README shows this very text. */
export function commandsAsTable(commands: readonly Command[]): string {
  const rows = commands.filter((command) => command.hidden !== true).map((command) => `| \`${usageOf(command).replaceAll('|', '\\|')}\` | ${command.summary} |`);
  return ['| Command | What it does |', '|---|---|', ...rows].join('\n');
}

/** `help [noun]`: what can be asked for, from the table of commands. `table` is asked for when it runs, since help is in it. */
export function helpCommand(table: () => CommandTable): Command {
  return {
    noun: 'help', verb: '', summary: 'Show what can be asked for', examples: ['help', 'help delegates'],
    arguments: [{ name: 'topic', kind: 'text', label: 'Topic', help: 'a noun, such as delegates', required: false, positional: true }],
    access: { linked: false, scopes: [], roles: [] }, plans: false,
    run: (_context, values) => {
      const topic = (textOf(values, 'topic') ?? '').toLowerCase();
      const commands = table();
      const chosen = commands.find(topic) ?? commands.of(topic.split(' ')[0] ?? '')[0];
      return Promise.resolve({ kind: 'view', view: { audience: 'open', markdown: chosen === undefined ? overview(commands, topic) : nounHelp(commands, chosen.noun) } });
    },
  };
}

/** The commands of one noun, with their arguments and examples. */
export function nounHelp(table: CommandTable, noun: string): string {
  const commands = shown(table.of(noun));
  const people = commands.some((command) => command.arguments.some(takesPeople)) ? [PEOPLE] : [];
  return [...commands.map((command) => [
    `**\`${usageOf(command)}\`**  `,
    `${command.summary}.`,
    ...shown(command.arguments).map((argument) => `- ${argument.name}: ${argument.help}${choicesOf(argument)}`),
    ...(command.csv === undefined ? [] : [`- with a CSV file: ${command.csv.join(', ')}`]),
    ...(command.examples.length === 0 ? [] : [`- e.g. ${command.examples.map((example) => `\`${example}\``).join(' or ')}`]),
  ].join('\n')), ...people].join('\n\n');
}

function overview(table: CommandTable, topic: string): string {
  const lines = table.nouns.map((noun) => {
    const commands = shown(table.of(noun));
    const alone = commands.find((command) => command.verb === '');
    const verbs = commands.filter((command) => command.verb !== '').map((command) => command.verb);
    return `- **${noun}**${verbs.length === 0 ? '' : ` ${verbs.join(', ')}`}${alone === undefined ? '' : `: ${alone.summary}`}`;
  });
  const unknown = topic === '' ? [] : [`There is no topic “${markdown(topic, 40)}”.`];
  return [...unknown, 'You can ask me for:', ...lines, '', 'Write `help <word>` for one of them. Nothing changes in Webex before you have seen and approved a plan.'].join('\n');
}

/** What only buttons use is nothing for people to write. */
function shown<T extends { hidden?: true }>(all: readonly T[]): T[] {
  return all.filter(({ hidden }) => hidden !== true);
}

const PEOPLE = 'Write people as addresses, names, @mentions, `group:"Sales"` or `department:Sales`, several with commas. A command that lacks something answers with a form.';

function usage(argument: Argument): string {
  const value = argument.kind === 'choice' ? (argument.choices ?? []).map((choice) => choice.value).join('|') : `<${placeholder(argument)}>`;
  const text = argument.positional === true ? value : `${argument.name}=${value}`;
  return argument.required ? text : `[${text}]`;
}

/** `for=<people>` says more than `for=<for>`. */
function placeholder({ name, kind, positional }: Argument): string {
  return positional !== true && (kind === 'people' || kind === 'person') ? kind : name;
}

function choicesOf(argument: Argument): string {
  return argument.choices === undefined ? '' : ` (${argument.choices.map(({ value }) => value).join(', ')})`;
}
