import { z } from 'zod';
import { Bug } from '../../lib/errors.js';
import { cutToBytes } from '../../lib/text.js';
import type { FilePart, ReadClient, WriteClient } from '../call.js';
import { pages } from '../paging.js';
import { path } from '../urls.js';
import { each, item, parse } from './parse.js';

/** The longest text or markdown of one message, in bytes of UTF-8. */
export const LONGEST_TEXT = 7439;
const CARD = 'application/vnd.microsoft.card.adaptive';

const messageSchema = item({
  id: z.string(),
  roomId: z.string(),
  /** `direct` or `group`. */
  roomType: z.string().optional(),
  /** The root of the thread. Replies must name the root, not another reply. */
  parentId: z.string().optional(),
  personId: z.string(),
  personEmail: z.string().optional(),
  text: z.string().default(''),
  markdown: z.string().optional(),
  html: z.string().optional(),
  /** Addresses for contents.ts. */
  files: z.array(z.string()).default([]),
  mentionedPeople: z.array(z.string()).default([]),
  mentionedGroups: z.array(z.string()).default([]),
  created: z.string().optional(),
  updated: z.string().optional(),
});

export type Message = z.output<typeof messageSchema>;

export type Destination = { roomId: string } | { toPersonId: string } | { toPersonEmail: string };

/** A message to be. `text` or `markdown` is also what clients show that cannot draw the card. Card and file never go together. */
export interface MessageDraft {
  to: Destination;
  parentId?: string;
  text?: string;
  markdown?: string;
  card?: unknown;
  file?: Omit<FilePart, 'field'>;
}

/** One message. Bots see those in a group space that mention them. May answer 404 for a moment after its webhook came. */
export async function get(client: ReadClient, id: string): Promise<Message> {
  return parse(messageSchema, await client.send({ method: 'GET', path: path('messages', id), lane: 'messages' }), 'a message');
}

/** Messages of a space, newest first; with `parentId` those of a thread. Bots must say `mentionedPeople: 'me'` in group spaces. Streamed. */
export function list(client: ReadClient, query: { roomId: string; parentId?: string; mentionedPeople?: 'me'; max?: number }): AsyncGenerator<Message> {
  return each(pages(client, { method: 'GET', path: path('messages'), lane: 'messages', query }, 'items'), messageSchema, 'a message');
}

/** Posts one message. Throws a Bug when a text is longer than LONGEST_TEXT: split it first. */
export async function create(client: WriteClient, draft: MessageDraft): Promise<Message> {
  const { to, card, file, parentId, text, markdown } = draft;
  checkLength(text);
  checkLength(markdown);
  if (card !== undefined && file !== undefined) throw new Bug('A message was to carry a card and a file.');
  if (card !== undefined && text === undefined && markdown === undefined) throw new Bug('A card was to go out without a text beside it.');
  const body = { ...to, parentId, text, markdown, ...(card === undefined ? {} : { attachments: [{ contentType: CARD, content: card }] }) };
  const call = { method: 'POST', path: path('messages'), lane: 'messages', body } as const;
  const reply = await client.send(file === undefined ? call : { ...call, files: [{ field: 'files', ...file }] });
  return parse(messageSchema, reply, 'a message', true);
}

/** Changes the text of an own message without card or file. Webex takes at most 10 edits a message. */
export async function edit(client: WriteClient, message: { id: string; roomId: string }, content: { text?: string; markdown?: string }): Promise<void> {
  checkLength(content.text);
  checkLength(content.markdown);
  await client.send({ method: 'PUT', path: path('messages', message.id), lane: 'messages', body: { roomId: message.roomId, ...content }, repeatable: true });
}

export async function remove(client: WriteClient, id: string): Promise<void> {
  await client.send({ method: 'DELETE', path: path('messages', id), lane: 'messages' });
}

/**
 * Cuts a text into parts of at most `longest` bytes of UTF-8: between paragraphs, else between lines, else between words,
 * else between characters, never inside one.
 */
export function split(text: string, longest = LONGEST_TEXT): string[] {
  const parts: string[] = [];
  let rest = text;
  while (Buffer.byteLength(rest, 'utf8') > longest) {
    const most = cutToBytes(rest, longest);
    const at = ['\n\n', '\n', ' '].map((gap) => rest.lastIndexOf(gap, most.length)).find((place) => place > most.length / 4) ?? most.length;
    parts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).replace(/^\s+/, '');
  }
  if (rest !== '' || parts.length === 0) parts.push(rest);
  return parts.filter((part, n) => part !== '' || n === 0);
}

function checkLength(text: string | undefined): void {
  if (text !== undefined && Buffer.byteLength(text, 'utf8') > LONGEST_TEXT) throw new Bug(`A message of more than ${LONGEST_TEXT} bytes was to go out.`);
}
