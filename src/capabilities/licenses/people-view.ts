import type { Button, Context, FileOut, View } from '../../bot/define.js';
import { count, markdown } from '../../lib/text.js';

/** More rows make a card that nobody reads; the file has all of them. */
const MOST_ROWS = 12;

/** People under one heading. Texts are foreign text, as they came. */
export interface PeopleSection {
  heading: string;
  rows: readonly { name: string; value: string }[];
}

/** People as a card with its text, and all of them in a file. */
export function peopleView(context: Pick<Context, 'organization'>, shown: { title: string; lines: readonly string[]; sections: readonly PeopleSection[]; buttons: Button[]; files: FileOut[] }): View {
  const { title, lines, buttons, files } = shown;
  const sections = shown.sections.filter(({ rows }) => rows.length > 0).map(({ heading, rows }) => ({
    heading, rows: rows.slice(0, MOST_ROWS), more: rows.length > MOST_ROWS ? `and ${count(rows.length - MOST_ROWS, 'more', 'more')}, all in the file` : '',
  }));
  return {
    audience: 'details',
    markdown: [
      `**${markdown(title)}**`, ...lines.map((line) => markdown(line, 500)),
      ...sections.flatMap(({ heading, rows, more }) => [
        '', ...(heading === '' ? [] : [`**${markdown(heading)}**`]),
        ...rows.map(({ name, value }) => `- ${markdown(name)}: ${markdown(value, 300)}`),
        ...(more === '' ? [] : [`- ${more}`]),
      ]),
    ].join('\n'),
    card: { template: 'licenses/people', data: { organization: context.organization.name, title, lines, sections }, buttons },
    files,
  };
}
