import { plain, textBlock } from '../lib/text.js';

/*
 * Data of a card is foreign text (names, titles, Webex's words), and only the place where it ends up says how to escape it: a
 * TextBlock takes a markdown subset, a choice's title does not, a choice's value must stay as it is. So texts that could be markup
 * are put between two marks before the template is filled, and escaped at their place afterwards. Harmless texts carry no marks:
 * templates may compare them.
 */

const OPEN = '\uE000';
const CLOSE = '\uE001';
const MARKED = /\uE000([^\uE000\uE001]*)\uE001/g;
const MARKS = /[\uE000\uE001]/g;
/** An empty marked text: what is left of it is nothing. */
export const NOTHING = OPEN + CLOSE;
/** Longest piece of foreign text that a card shows. */
const LONGEST = 2000;

/** Members whose text is shown to people, without markup. All others (`value`, `id`, `url` …) keep theirs. */
const SHOWN = new Set(['title', 'label', 'placeholder', 'errorMessage', 'altText', 'text', 'fallbackText']);

/** The data with every text marked that could be markup. */
export function mark(data: unknown): unknown {
  if (typeof data === 'string') {
    const text = data.replace(MARKS, '');
    return textBlock(text, LONGEST) === text ? text : `${OPEN}${text}${CLOSE}`;
  }
  if (Array.isArray(data)) return data.map(mark);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mark(value)]));
}

/** A filled card with every marked text escaped for its place. */
export function unmark(card: unknown): unknown {
  return walk(card, '', false);
}

function walk(value: unknown, key: string, takesMarkup: boolean): unknown {
  if (typeof value === 'string') {
    if (!value.includes(OPEN)) return value;
    if (takesMarkup) return value.replace(MARKED, (_all, text: string) => textBlock(text, LONGEST));
    return value.replace(MARKED, (_all, text: string) => (SHOWN.has(key) ? plain(text, LONGEST) : text));
  }
  if (Array.isArray(value)) return value.map((item) => walk(item, key, takesMarkup));
  if (typeof value !== 'object' || value === null) return value;
  const isTextBlock = 'type' in value && value.type === 'TextBlock';
  const isFact = key === 'facts';
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [
    name,
    walk(member, name, (isTextBlock && name === 'text') || (isFact && (name === 'title' || name === 'value'))),
  ]));
}
