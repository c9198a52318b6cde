import { canonicalId, textField } from '../fields.js';
import type { Message, Person } from '../model.js';
import { ApiError } from '../route.js';
import { personByEmail, type State } from '../state.js';
import { renderHtml } from './html.js';
import { markdownToHtml } from './markdown.js';
import type { FindPerson } from './markup.js';

/** Webex: bytes of UTF-8, not characters. */
const MAX_BYTES = 7439;

/** What of a message comes from its text. */
export type Content = Pick<Message, 'text' | 'markdown' | 'html' | 'mentionedPeople' | 'mentionedGroups'>;

/** Finds the people whom a message may mention: those who are in the space. */
export function mentionable(state: State, isInside: (personId: string) => boolean): FindPerson {
  return (wanted) => {
    const person: Person | undefined = 'id' in wanted ? state.people.get(canonicalId('PEOPLE', wanted.id)) : personByEmail(state, wanted.email);
    return person && isInside(person.id) ? person : undefined;
  };
}

function limited(body: Record<string, unknown>, name: string): string | undefined {
  const text = textField(body, name);
  if (text !== undefined && Buffer.byteLength(text) > MAX_BYTES) throw new ApiError(400, `Message length limited to ${MAX_BYTES} bytes.`);
  return text;
}

/** `text`, `markdown` or `html` of a body as it is kept. `text` beside the others is what plain clients show. Throws 400 over 7,439 bytes. */
export function contentOf(body: Record<string, unknown>, find: FindPerson): Content {
  const text = limited(body, 'text');
  const markdown = limited(body, 'markdown');
  const html = limited(body, 'html');
  if (markdown === undefined && html === undefined) return { text: text ?? '', mentionedPeople: [], mentionedGroups: [] };
  const rendered = renderHtml(markdown === undefined ? html ?? '' : markdownToHtml(markdown), find);
  return {
    text: text ?? rendered.text, html: rendered.html, mentionedPeople: rendered.mentionedPeople, mentionedGroups: rendered.mentionedGroups,
    ...(markdown === undefined ? {} : { markdown }),
  };
}
