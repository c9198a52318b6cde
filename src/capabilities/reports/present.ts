import type { Button, Context, FileOut, View } from '../../bot/define.js';
import { count, markdown } from '../../lib/text.js';

/** One line of a report. Texts are foreign text, as they came. */
export interface Row {
  name: string;
  value: string;
  /** Needs to be looked at. */
  isMarked?: boolean;
}

export interface Section {
  heading: string;
  rows: readonly Row[];
  /** How many more there are than `rows`. */
  more?: number;
}

const ROWS_ON_CARD = 15;

/** A report as a card with its text; with a picture as text, since Webex takes a card or a file. Without sections it is one line: nothing happened. */
export function reportView(
  context: Pick<Context, 'organization'>, report: { title: string; summary: string; sections: readonly Section[]; files?: FileOut[]; buttons?: Button[] },
): View {
  const { title, summary, files, buttons = [] } = report;
  const sections = report.sections.filter(({ rows }) => rows.length > 0);
  if (sections.length === 0) return { audience: 'details', markdown: `**${markdown(title)}**: ${markdown(summary, 500)}` };
  return {
    audience: 'details',
    markdown: [
      `**${markdown(title)}**`,
      markdown(summary, 500),
      ...sections.flatMap(({ heading, rows, more = 0 }) => [
        ...(heading === '' ? [''] : ['', `**${markdown(heading)}**`]),
        ...rows.map(({ name, value, isMarked }) => `- ${markdown(name, 300)}: ${isMarked === true ? `**${markdown(value, 400)}**` : markdown(value, 400)}`),
        ...(more === 0 ? [] : [`- ${moreText(more)}`]),
      ]),
    ].join('\n'),
    ...(files?.some(({ inline }) => inline === true) === true ? {} : { card: {
      template: 'reports/report',
      data: {
        title, summary, organization: context.organization.name,
        sections: sections.map(({ heading, rows, more = 0 }) => {
          const rest = more + Math.max(0, rows.length - ROWS_ON_CARD);
          return {
            heading,
            rows: rows.slice(0, ROWS_ON_CARD).map(({ name, value, isMarked }) => ({ name, value, color: isMarked === true ? 'Attention' : 'Default', weight: isMarked === true ? 'Bolder' : 'Default' })),
            more: rest === 0 ? '' : moreText(rest),
          };
        }),
      },
      buttons,
    } }),
    ...(files === undefined ? {} : { files }),
  };
}

function moreText(more: number): string {
  return `and ${count(more, 'more', 'more')}`;
}

/** The `most` largest of a count by name, each with what `value` says of its number. */
export function largest(counts: ReadonlyMap<string, number>, most: number, value: (n: number) => string): Pick<Section, 'rows' | 'more'> {
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b));
  return { rows: sorted.slice(0, most).map(([name, n]) => ({ name, value: value(n) })), more: Math.max(0, sorted.length - most) };
}
