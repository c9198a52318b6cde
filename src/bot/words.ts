import { sameId } from '../lib/ids.js';

/** What a message says, as far as commands need it. */
export interface Said {
  text: string;
  /** Only there when the message is formatted or mentions somebody. */
  html?: string | undefined;
  mentionedPeople?: readonly string[];
}

/** A text in which every mention of a person is a mark, and the people that the marks stand for. */
export interface Spoken {
  text: string;
  mentions: { personId: string; name: string }[];
}

/** Stands for the n-th mention: no person can type it, since these characters are taken out first. */
const mentionMark = (n: number): string => `\uE002${n}\uE003`;
const MENTION = /\uE002(\d+)\uE003/g;
const MARKS = /[\uE000-\uE003]/g;
/** Zero-width and bidi characters: they come along when text is copied, and would make equal words differ. */
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/g;

/**
 * The words of a message without the mention of the bot, wherever it stands. Clients show only the first name of a bot, names have
 * spaces, and `text` holds them bare; so mentions are read from `html`, where each is an element with the person's id.
 */
export function spoken(said: Said, bot: { id: string; displayName: string }): Spoken {
  if (said.html?.includes('<spark-mention') === true) return fromHtml(said.html, bot.id);
  const text = clean(said.text);
  const mentioned = said.mentionedPeople?.some((id) => sameId(id, bot.id)) === true;
  return { text: mentioned ? withoutName(text, bot.displayName) : text, mentions: [] };
}

/** Words separated by white space; quotes keep words together. Curly quotes come out as plain ones. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    const closing = isOpening(sign, word) ? closingQuote(text, at) : -1;
    if (closing > at) {
      word += `"${text.slice(at + 1, closing)}"`;
      inWord = true;
      at = closing;
    } else if (/\s/.test(sign)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else {
      word += sign;
      inWord = true;
    }
  }
  if (inWord) words.push(word);
  return words;
}

/** A text without the quotes around its parts. */
export function unquoted(text: string): string {
  return text.replace(/"([^"]*)"/g, '$1');
}

/** Mentions as they are written where people are expected: `id:<person id>`. */
export function withIds(text: string, mentions: Spoken['mentions']): string {
  return text.replace(MENTION, (_mark, n: string) => `,id:${mentions[Number(n)]?.personId ?? ''},`);
}

/** Mentions by the name that they show. */
export function withNames(text: string, mentions: Spoken['mentions']): string {
  return text.replace(MENTION, (_mark, n: string) => mentions[Number(n)]?.name ?? '');
}

const DOUBLE = /["“”„‟«»]/;
const SINGLE = /['‘’‚‛]/;

/** A double quote opens anywhere but inside a bare word; a single one only where a word or value begins (O'Brien has none). */
function isOpening(sign: string, word: string): boolean {
  return (DOUBLE.test(sign) || SINGLE.test(sign)) && (word === '' || /[=:,;]$/.test(word));
}

/** The place of the quote that ends the one at `start`; -1 when none does. */
function closingQuote(text: string, start: number): number {
  const kind = DOUBLE.test(text[start] ?? '') ? DOUBLE : SINGLE;
  for (let at = start + 1; at < text.length; at += 1) {
    if (kind.test(text[at] ?? '') && (kind === DOUBLE || /^($|[\s,;])/.test(text.slice(at + 1)))) return at;
  }
  return -1;
}

function clean(text: string): string {
  return text.replace(MARKS, '').replace(INVISIBLE, '');
}

function withoutName(text: string, displayName: string): string {
  const names = [displayName, displayName.split(' ')[0] ?? ''].filter((name) => name !== '');
  for (const name of names) {
    const found = new RegExp(`(^|\\s)@?${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=$|\\s|[,:;])[,:;]?`, 'i').exec(text);
    if (found) return `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`;
  }
  return text;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function fromHtml(html: string, botId: string): Spoken {
  const mentions: Spoken['mentions'] = [];
  let text = '';
  /** The mention whose name is being read; null inside one that is left out. */
  let open: { personId: string; name: string } | null | undefined;
  for (const [piece] of clean(html).matchAll(/<[^>]*>|&(?:#\d+|#x[0-9a-f]+|\w+);|[^<&]+|[<&]/gi)) {
    if (/^<spark-mention\b/i.test(piece)) {
      const personId = /data-object-type="person"/i.test(piece) ? (/data-object-id="([^"]+)"/i.exec(piece)?.[1] ?? '') : '';
      open = personId === '' || sameId(personId, botId) ? null : { personId, name: '' };
    } else if (/^<\/spark-mention/i.test(piece)) {
      text += open === null || open === undefined ? ' ' : mentionMark(mentions.push(open) - 1);
      open = undefined;
    } else if (/^<\/?[a-z]/i.test(piece)) {
      // Blocks and line breaks part words; inline formatting does not.
      if (/^<\/?(p|br|div|li|ul|ol|h\d|blockquote|pre)\b/i.test(piece)) text += ' ';
    } else if (open === undefined) {
      text += decoded(piece);
    } else if (open !== null) {
      open.name += decoded(piece);
    }
  }
  return { text, mentions };
}

function decoded(piece: string): string {
  if (!piece.startsWith('&') || !piece.endsWith(';')) return piece;
  const name = piece.slice(1, -1).toLowerCase();
  if (!name.startsWith('#')) return ENTITIES[name] ?? piece;
  const code = name.startsWith('#x') ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? clean(String.fromCodePoint(code)) : '';
}
