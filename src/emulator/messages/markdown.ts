import { escapeHtml } from './markup.js';

const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const FENCE = /^\s*```/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const QUOTE = /^\s{0,3}>\s?/;
const indentOf = (line: string): number => line.length - line.trimStart().length;

/**
 * Webex markdown as HTML: bold, italic, links, nested lists, quotes, code, headings, mentions; a line ends by two spaces, a paragraph by
 * an empty line. HTML in it is passed on: the result is to be cleaned by `renderHtml`, which resolves the mentions too.
 */
export function markdownToHtml(source: string): string {
  return blocks(source.replace(/\r\n?/g, '\n').split('\n'));
}

function blocks(lines: string[]): string {
  let html = '';
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const heading = HEADING.exec(line);
    if (line.trim() === '') at += 1;
    else if (FENCE.test(line)) {
      const end = lines.findIndex((other, index) => index > at && FENCE.test(other));
      const stop = end === -1 ? lines.length : end;
      html += `<pre><code>${escapeHtml(lines.slice(at + 1, stop).join('\n'))}</code></pre>`;
      at = stop + 1;
    } else if (heading) {
      const tag = `h${Math.min(3, heading[1]?.length ?? 1)}`;
      html += `<${tag}>${inline(heading[2] ?? '')}</${tag}>`;
      at += 1;
    } else if (QUOTE.test(line)) {
      const end = endOf(lines, at, (other) => QUOTE.test(other));
      html += `<blockquote>${blocks(lines.slice(at, end).map((other) => other.replace(QUOTE, '')))}</blockquote>`;
      at = end;
    } else if (ITEM.test(line)) {
      const end = endOfList(lines, at);
      html += list(lines.slice(at, end));
      at = end;
    } else {
      const end = endOf(lines, at, (other) => other.trim() !== '' && !FENCE.test(other) && !QUOTE.test(other) && !HEADING.test(other) && !ITEM.test(other));
      html += `<p>${inline(lines.slice(at, end).join('\n').trimEnd())}</p>`;
      at = end;
    }
  }
  return html;
}

/** The index of the first line after `from` that does not fit. */
function endOf(lines: string[], from: number, fits: (line: string) => boolean): number {
  let at = from + 1;
  while (at < lines.length && fits(lines[at] ?? '')) at += 1;
  return at;
}

/** An empty line does not end a list if the list goes on after it. */
function endOfList(lines: string[], from: number): number {
  const base = indentOf(lines[from] ?? '');
  const ordered = ITEM.exec(lines[from] ?? '')?.[2] !== undefined;
  const fits = (line: string): boolean => {
    const item = ITEM.exec(line);
    return indentOf(line) >= base + 2 || (item !== null && (item[2] !== undefined) === ordered && (item[1]?.length ?? 0) >= base);
  };
  let end = from + 1;
  for (let at = end; at < lines.length; at += 1) {
    if ((lines[at] ?? '').trim() === '') continue;
    if (!fits(lines[at] ?? '')) break;
    end = at + 1;
  }
  return end;
}

function list(lines: string[]): string {
  const base = indentOf(lines[0] ?? '');
  const items: string[][] = [];
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (item && indentOf(line) < base + 2) items.push([item[3] ?? '']);
    else items.at(-1)?.push(line.slice(Math.min(indentOf(line), base + 2)));
  }
  const tag = ITEM.exec(lines[0] ?? '')?.[2] === undefined ? 'ul' : 'ol';
  return `<${tag}>${items.map(listItem).join('')}</${tag}>`;
}

function listItem([first = '', ...rest]: string[]): string {
  const start = rest.findIndex((line) => ITEM.test(line) || FENCE.test(line));
  const own = start === -1 ? rest : rest.slice(0, start);
  return `<li>${inline([first, ...own].join('\n').trimEnd())}${start === -1 ? '' : blocks(rest.slice(start))}</li>`;
}

const MENTION = /<@(?:(all)|personEmail:([^|>\s]+)(?:\|([^>\n]*))?|personId:([^|>\s]+)(?:\|([^>\n]*))?)>/y;
const ADDRESS = /<((?:https?:\/\/|mailto:)[^\s<>]+)>/y;
const TAG = /<\/?[a-zA-Z][^<>]*>/y;
const ENTITY = /&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{2,6});/y;
const PUNCTUATION = /[!-/:-@[-`{-~]/;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** What a piece of markdown becomes and where the rest begins. */
type Piece = [html: string, end: number] | undefined;

function inline(text: string): string {
  let html = '';
  let at = 0;
  while (at < text.length) {
    const [piece, end] = escaped(text, at) ?? code(text, at) ?? angle(text, at) ?? link(text, at) ?? emphasis(text, at) ?? lineBreak(text, at)
      ?? matchedEntity(text, at) ?? [escapeHtml(text[at] ?? ''), at + 1];
    html += piece;
    at = end;
  }
  return html;
}

function escaped(text: string, at: number): Piece {
  const next = text[at + 1];
  if (text[at] !== '\\' || next === undefined) return undefined;
  if (next === '\n') return ['<br>', at + 2];
  return PUNCTUATION.test(next) ? [escapeHtml(next), at + 2] : undefined;
}

function code(text: string, at: number): Piece {
  const ticks = matchAt(/`+/y, text, at)?.[0];
  if (ticks === undefined) return undefined;
  const start = at + ticks.length;
  for (let end = text.indexOf(ticks, start); end !== -1; end = text.indexOf(ticks, end + 1)) {
    if (text[end - 1] === '`' || text[end + ticks.length] === '`') continue;
    return [`<code>${escapeHtml(text.slice(start, end).trim())}</code>`, end + ticks.length];
  }
  return [ticks, start];
}

function angle(text: string, at: number): Piece {
  if (text[at] !== '<') return undefined;
  const mention = matchAt(MENTION, text, at);
  if (mention) {
    const [whole, all, email, emailName, id, idName] = mention;
    const attributes = all !== undefined ? 'data-object-type="groupMention" data-group-type="all"'
      : `data-object-type="person" ${email !== undefined ? `data-object-email="${escapeHtml(email)}"` : `data-object-id="${escapeHtml(id ?? '')}"`}`;
    return [`<spark-mention ${attributes}>${escapeHtml(emailName ?? idName ?? '')}</spark-mention>`, at + whole.length];
  }
  const address = matchAt(ADDRESS, text, at);
  if (address?.[1] !== undefined) return [`<a href="${escapeHtml(address[1])}">${escapeHtml(address[1])}</a>`, at + address[0].length];
  const tag = matchAt(TAG, text, at);
  return tag ? [tag[0], at + tag[0].length] : undefined;
}

function link(text: string, at: number): Piece {
  if (text[at] !== '[') return undefined;
  let depth = 0;
  for (let end = at; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === '[') depth += 1;
    else if (text[end] === ']' && --depth === 0) {
      const target = matchAt(/\(\s*<?([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+"[^"]*")?\s*\)/y, text, end + 1);
      if (!target) return undefined;
      return [`<a href="${escapeHtml(target[1] ?? '')}">${inline(text.slice(at + 1, end))}</a>`, end + 1 + target[0].length];
    }
  }
  return undefined;
}

const WORD = /[\p{L}\p{N}]/u;
const TAGS: Record<number, [string, string]> = { 1: ['<em>', '</em>'], 2: ['<strong>', '</strong>'], 3: ['<strong><em>', '</em></strong>'] };

function emphasis(text: string, at: number): Piece {
  const run = matchAt(/\*+|_+/y, text, at)?.[0];
  if (run === undefined) return undefined;
  const literal: Piece = [run, at + run.length];
  const tags = TAGS[run.length];
  const start = at + run.length;
  const inWord = (index: number): boolean => run.startsWith('_') && WORD.test(text[index] ?? '');
  if (!tags || /^\s?$/.test(text[start] ?? '') || inWord(at - 1)) return literal;
  for (let end = start + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === '`') end = (code(text, end)?.[1] ?? end + 1) - 1;
    else if (text[end] === run[0]) {
      const length = matchAt(/\*+|_+/y, text, end)?.[0].length ?? 1;
      if (length === run.length && !/\s/.test(text[end - 1] ?? '') && !inWord(end + length)) return [`${tags[0]}${inline(text.slice(start, end))}${tags[1]}`, end + length];
      end += length - 1;
    }
  }
  return literal;
}

function lineBreak(text: string, at: number): Piece {
  const found = matchAt(/ {2,}\n/y, text, at);
  return found ? ['<br>', at + found[0].length] : undefined;
}

function matchedEntity(text: string, at: number): Piece {
  const entity = matchAt(ENTITY, text, at)?.[0];
  return entity === undefined ? undefined : [entity, at + entity.length];
}
