import type { Button, Context, View } from '../../bot/define.js';
import { count, markdown, plain, sentenceList } from '../../lib/text.js';
import type { SpacePlan, Stopped } from './define.js';
import { problemsOf } from './draft.js';
import { memberName, namesIn, titleOf } from './names.js';

/** More spaces than this make a card that nobody reads; the text has them all. */
const SPACES_ON_CARD = 5;
const LINES_OF_SPACE = 3;
const NAMES = 8;
const NOTES = 8;
const LONGEST_LINE = 400;

/** One space of a summary. Cleaned text; empty where there is nothing to say. */
export interface Row {
  title: string;
  joins: string;
  leaves: string;
  notes: string[];
}

/** Spaces with what would or did change, as a card with its text. */
export function summaryView(context: Context, shown: { title: string; rows: readonly Row[]; notes: readonly string[]; closing?: string; buttons?: Button[]; files?: NonNullable<View['files']> }): View {
  const { title, rows, notes, closing = '', buttons = [], files } = shown;
  const organization = context.organization.name;
  return {
    audience: 'details',
    markdown: [
      `**${markdown(title, LONGEST_LINE)}** (${markdown(organization)})`,
      ...rows.map((row) => `- **${markdown(row.title)}**: ${[row.joins, row.leaves, ...row.notes].filter((line) => line !== '').map((line) => markdown(line, LONGEST_LINE)).join('; ')}`),
      ...notes.map((line) => `- ${markdown(line, LONGEST_LINE)}`),
      ...(closing === '' ? [] : [markdown(closing, LONGEST_LINE)]),
    ].join('\n'),
    card: {
      template: 'spaces/summary',
      data: {
        title, organization,
        rows: rows.slice(0, SPACES_ON_CARD).map(({ notes: lines, ...row }) => ({ ...row, lines: firstOf(lines, LINES_OF_SPACE) })),
        more: rows.length > SPACES_ON_CARD ? `and ${count(rows.length - SPACES_ON_CARD, 'more space')}` : '',
        notes: firstOf(notes, NOTES),
        closing,
      },
      buttons,
    },
    ...(files === undefined || files.length === 0 ? {} : { files }),
  };
}

/** What would happen to each space. */
export function planRows(plans: readonly SpacePlan[]): Row[] {
  return plans.map((plan) => {
    const name = namesIn(plan.state);
    const joins = plan.joins.map(({ personId, displayName }) => name(personId, displayName));
    const leaves = plan.leaves.map((member) => name(member.personId, memberName(member)));
    const isSame = joins.length === 0 && leaves.length === 0;
    return {
      title: titleOf(plan.state),
      joins: listed('Would join', joins), leaves: listed('Would leave', leaves),
      notes: [...(isSame ? ['Nothing to change'] : []), ...problemsOf(plan).map(({ subject, reason }) => `${subject}: ${reason}`)],
    };
  });
}

/** `Would join (12): Amy Adams, Bob Nguyễn and 10 others`; empty for nobody. */
export function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${what} (${names.length.toLocaleString('en-US')}): ${sentenceList(names, NAMES)}`;
}

/** `Field Sales: not followed now. The space is archived …`. */
export function stoppedLines(stopped: readonly Stopped[]): string[] {
  return stopped.map(({ rule, reason }) => `${plain(rule.space.title, 80)}: not followed now. ${plain(reason, LONGEST_LINE)}`);
}

function firstOf(lines: readonly string[], most: number): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `and ${count(lines.length - most, 'more line')}`];
}
