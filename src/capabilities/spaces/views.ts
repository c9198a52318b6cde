import type { Button, Context, View } from '../../bot/define.js';
import { sameId } from '../../lib/ids.js';
import { count, markdown, plain, sentenceList } from '../../lib/text.js';
import { optionsInWords } from './arguments.js';
import type { Rule } from './define.js';
import { shortId } from './facts.js';
import type { Choice } from './offer.js';
import type { Ref } from './wishes.js';

/** More choices than this are no choice, and the card gets too big for Webex. */
export const MOST_CHOICES = 50;
/** More lines than this make a card that nobody reads; the text has them all. */
const LINES_ON_CARD = 10;
const LONGEST_LINE = 500;

/** One space or person of a list. Raw text. */
export interface Row {
  title: string;
  text: string;
  small: string;
}

/** What a card asks, or says after it was pressed. Raw text throughout: it is escaped for where it is shown. */
export interface Asking {
  title: string;
  notes?: readonly string[];
  facts?: readonly { title: string; value: string }[];
  sections?: readonly { heading: string; lines: readonly string[] }[];
  groups?: { choices: readonly Choice[]; chosen: readonly string[] };
  spaces?: { choices: readonly Choice[]; chosen: readonly string[] };
  closing?: string;
  buttons?: Button[];
  files?: NonNullable<View['files']>;
}

/** A card to confirm something, with its text. */
export function confirmView(context: Pick<Context, 'organization'>, asking: Asking): View {
  const { title, notes = [], facts = [], closing = '', buttons = [], files } = asking;
  const sections = (asking.sections ?? []).filter(({ lines }) => lines.length > 0);
  const groups = asking.groups ?? { choices: [], chosen: [] };
  const spaces = asking.spaces ?? { choices: [], chosen: [] };
  const listed = (heading: string, choices: readonly Choice[]): string[] => (choices.length === 0 ? [] : [`**${heading}**`, ...choices.map((choice) => `- ${markdown(choice.title, LONGEST_LINE)}`)]);
  return {
    audience: 'details',
    markdown: [
      `**${markdown(title, LONGEST_LINE)}**`,
      ...notes.map((note) => `- ${markdown(note, LONGEST_LINE)}`),
      ...facts.map((fact) => `- ${markdown(fact.title)}: ${markdown(fact.value, LONGEST_LINE)}`),
      ...sections.flatMap(({ heading, lines }) => [`**${markdown(heading)}**`, ...lines.map((line) => `- ${markdown(line, LONGEST_LINE)}`)]),
      ...listed('Which groups?', groups.choices), ...listed('Which spaces?', spaces.choices),
      ...(closing === '' ? [] : [markdown(closing, LONGEST_LINE)]),
    ].join('\n'),
    card: {
      template: 'spaces/confirm',
      data: {
        title, organization: context.organization.name, notes: shortened(notes), facts, closing,
        sections: sections.map(({ heading, lines }) => ({ heading, lines: shortened(lines) })),
        hasGroups: groups.choices.length > 0, groups: groups.choices, chosenGroups: groups.chosen.join(','),
        hasSpaces: spaces.choices.length > 0, spaces: spaces.choices, chosenSpaces: spaces.chosen.join(','),
      },
      buttons,
    },
    ...(files === undefined ? {} : { files }),
  };
}

/** A list with its text. */
export function listView(context: Pick<Context, 'organization'>, shown: { title: string; lines?: readonly string[]; rows: readonly Row[]; rest?: string; buttons?: Button[] }): View {
  const { title, lines = [], rows, rest = '', buttons = [] } = shown;
  const more = rows.length - LINES_ON_CARD;
  return {
    audience: 'details',
    markdown: [
      `**${markdown(title, LONGEST_LINE)}**`,
      ...lines.map((line) => `- ${markdown(line, LONGEST_LINE)}`),
      ...rows.map((row) => `- **${markdown(row.title)}** ${markdown(row.text, LONGEST_LINE)} (${markdown(row.small, LONGEST_LINE)})`),
    ].join('\n'),
    card: {
      template: 'spaces/list',
      data: {
        title, organization: context.organization.name, lines, rows: rows.slice(0, LINES_ON_CARD),
        more: more > 0 ? `and ${count(more, 'more')}${rest === '' ? '' : `, all in: ${rest}`}` : '',
      },
      buttons,
    },
  };
}

/** A rule as a row of a list: what it ties, how, and the ids. */
export function ruleRow(rule: Rule): Row {
  return {
    title: plain(rule.space.title, 80),
    text: `follows ${namesOf(rule.groups)}; ${optionsInWords(rule).join('; ')}`,
    small: `rule ${rule.id}; space ${shortId(rule.space.id)}; made by ${plain(rule.by.displayName, 60)} on ${rule.at.slice(0, 10)}`,
  };
}

/** "Sales (1a2b3c4d) and Field Sales (5e6f7a8b)": the names of groups with the beginnings of their ids. */
export function namesOf(refs: readonly Ref[]): string {
  return sentenceList(refs.map(({ id, name }) => `${plain(name, 60)} (${shortId(id)})`), 5);
}

/** "Sales Floor follows Sales (1a2b3c4d); adds and removes". */
export function ruleLine(rule: Rule): string {
  return `${plain(rule.space.title, 80)} follows ${namesOf(rule.groups)}; ${optionsInWords(rule).join('; ')}`;
}

/** What another version of a rule would change, in words: new groups, groups that are no longer followed, options. */
export function changeLine({ before, after }: { before: Rule; after: Rule }): string {
  const lacking = (refs: readonly Ref[], others: readonly Ref[]): Ref[] => refs.filter(({ id }) => !others.some((other) => sameId(other.id, id)));
  const more = lacking(after.groups, before.groups);
  const fewer = lacking(before.groups, after.groups);
  const [was, is] = [optionsInWords(before).join('; '), optionsInWords(after).join('; ')];
  return [
    `${plain(after.space.title, 80)} (rule ${after.id})`,
    ...(more.length === 0 ? [] : [`also follows ${namesOf(more)}`]),
    ...(fewer.length === 0 ? [] : [`no longer follows ${namesOf(fewer)}`]),
    ...(was === is ? [] : [`${is} (was: ${was})`]),
  ].join('; ');
}

function shortened(lines: readonly string[]): string[] {
  const more = lines.length - LINES_ON_CARD;
  return more > 1 ? [...lines.slice(0, LINES_ON_CARD), `and ${count(more, 'more')}`] : [...lines];
}
