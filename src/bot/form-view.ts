import { count, markdown, plain, sentenceList } from '../lib/text.js';
import { nameOf } from './commands.js';
import type { Argument, Button, Command, PersonRef, View } from './define.js';
import { MOST_CANDIDATES } from './people.js';

/** A form that somebody is filling in: what is known of a command's arguments. Record collection `forms`. */
export interface Form {
  command: string;
  /** Person id of the one who fills it in. */
  caller: string;
  /** Texts, choices and keywords by argument. */
  given: Record<string, string>;
  /** The people chosen so far, by argument. */
  baskets: Record<string, PersonRef[]>;
  /** The people that the card offers, by argument. */
  found: Record<string, PersonRef[]>;
  /** True while people can be taken out of the baskets. */
  removing: boolean;
  /** The message whose CSV the command takes. */
  csvMessage?: string;
  /** ISO 8601. */
  changedAt: string;
}

/** Names in a heading; the basket itself holds any number. */
const NAMES_SHOWN = 10;

/** The card of a form. `notes` say what is missing or was not found. */
export function formView(id: string, form: Form, command: Command, organization: { name: string }, notes: readonly string[]): View {
  const isPeople = command.arguments.some(takesPeople);
  const hasPeople = Object.values(form.baskets).some((basket) => basket.length > 0);
  const button = (title: Button['title'], action: string, style?: Button['style']): Button => ({
    title, command: `form ${action}`, arguments: { form: id }, only: form.caller, ...(style === undefined ? {} : { style }),
  });
  return {
    audience: 'details',
    markdown: [
      `**${markdown(command.summary)}**`,
      ...notes.map((note) => `- ${markdown(note, 500)}`),
      `As text: ${command.examples.slice(0, 2).map((example) => `\`${example}\``).join(' or ') || `\`${nameOf(command)}\``}`,
    ].join('\n'),
    card: {
      template: 'bot/form',
      data: { title: command.summary, organization: organization.name, notes: notes.slice(0, 10), fields: command.arguments.map((argument) => field(argument, form)) },
      buttons: [
        button('Next', 'next', 'positive'),
        ...(isPeople ? [button(hasPeople ? 'Add more' : 'Search', 'search')] : []),
        ...(hasPeople ? [button('Remove', 'remove')] : []),
        button('Cancel', 'cancel'),
      ],
    },
  };
}

export function takesPeople(argument: Argument): boolean {
  return argument.kind === 'person' || argument.kind === 'people';
}

function field(argument: Argument, form: Form): Record<string, unknown> {
  const { name, kind, help } = argument;
  const value = form.given[name] ?? argument.default ?? '';
  const label = argument.required ? argument.label : `${argument.label} (optional)`;
  const isPeople = takesPeople(argument);
  const basket = form.baskets[name] ?? [];
  const found = isPeople ? (form.found[name] ?? []).slice(0, MOST_CANDIDATES) : [];
  return {
    name, label, help: plain(help, 200), value,
    isPeople, isText: kind === 'text', isChoice: kind === 'choice', isMultiple: kind === 'people',
    isRemoving: isPeople && form.removing && basket.length > 0,
    hasFound: found.length > 0,
    names: value !== '' && isPeople ? value : namesIn(basket),
    searchLabel: `Search for ${label.slice(0, 1).toLowerCase()}${label.slice(1)}`,
    foundLabel: `${count(found.length, 'person', 'people')} found: choose`,
    chosen: found.length === 1 ? (found[0]?.id ?? '') : '',
    found: found.map(choiceOf),
    basket: basket.slice(0, MOST_CANDIDATES).map(choiceOf),
    choices: (argument.choices ?? []).map(({ title, value: one }) => ({ title, value: one })),
  };
}

/** `Anna Berg`, or `3 people: Anna Berg, Ben Okoye and Cara Olsen`. */
function namesIn(basket: readonly PersonRef[]): string {
  if (basket.length === 0) return 'nobody yet';
  const names = sentenceList(basket.map((person) => plain(person.displayName, 60)), NAMES_SHOWN);
  return basket.length === 1 ? names : `${count(basket.length, 'person', 'people')}: ${names}`;
}

function choiceOf(person: PersonRef): { title: string; value: string } {
  return { title: `${plain(person.displayName, 80)} (${plain(person.email, 100)})`, value: person.id };
}
