import { el } from './dom.js';

/** Formatted text of messages and cards. Foreign HTML is read into a document of its own, and only what is known is copied from it. */

const TAGS = new Set(['B', 'STRONG', 'I', 'EM', 'U', 'CODE', 'P', 'H1', 'H2', 'H3', 'UL', 'OL', 'LI', 'BLOCKQUOTE', 'PRE', 'BR']);
const SILENT = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'IFRAME', 'OBJECT', 'NOSCRIPT', 'TEXTAREA', 'SELECT', 'SVG', 'MATH']);
/** Headings in a message are below those of the page. */
const SHOWN_AS = { H1: 'h3', H2: 'h4', H3: 'h5' };
const ADDRESS = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

const isSafe = (href) => /^(https?|mailto):/i.test(href ?? '');

export const link = (href, ...children) => el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...children);

function copy(node, myId) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.nodeValue)];
  if (node.nodeType !== Node.ELEMENT_NODE || SILENT.has(node.nodeName.toUpperCase())) return [];
  const children = [...node.childNodes].flatMap((child) => copy(child, myId));
  if (node.nodeName === 'A' && isSafe(node.getAttribute('href'))) return [link(node.getAttribute('href'), ...children)];
  if (node.nodeName === 'SPARK-MENTION') {
    const mine = node.getAttribute('data-object-id') === myId || node.getAttribute('data-object-type') === 'groupMention';
    return [el('span', { class: mine ? 'mention me' : 'mention' }, ...children)];
  }
  return TAGS.has(node.nodeName) ? [el(SHOWN_AS[node.nodeName] ?? node.nodeName, {}, ...children)] : children;
}

/** A message's `html` as harmless elements. */
export function fromHtml(html, myId) {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return [...body.childNodes].flatMap((node) => copy(node, myId));
}

/** Plain text with its web addresses as links. */
export function fromText(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    nodes.push(text.slice(from, match.index), link(match[0], match[0]));
    from = match.index + match[0].length;
  }
  return [...nodes, text.slice(from)];
}

const escape = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const KEPT = /\uE000(\d+)\uE001/g;

/** Bold, italic and links of one line. Escaped signs are put aside first, so that they are never read as markup. */
function inline(source) {
  const kept = [];
  const keep = (html) => `\uE000${kept.push(html) - 1}\uE001`;
  const restore = (html) => html.replace(KEPT, (_whole, at) => restore(kept[Number(at)] ?? ''));
  const marked = escape(source.replace(/[\uE000\uE001]/g, ''))
    .replace(/\\(&#\d+;|[!-/:-@[-`{-~])/g, (_whole, sign) => keep(sign))
    .replace(/\[([^\]]+)\]\((https?:[^\s)]+|mailto:[^\s)]+)\)/gi, (_whole, text, href) => keep(`<a href="${href}" target="_blank" rel="noopener noreferrer">${text}</a>`))
    .replace(/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '<strong>$2</strong>')
    .replace(/(?<![\w*])\*(?=\S)(.+?)(?<=\S)\*(?![\w*])/g, '<em>$1</em>')
    .replace(/(?<![\w_])_(?=\S)(.+?)(?<=\S)_(?![\w_])/g, '<em>$1</em>');
  return restore(marked);
}

/** A card's text, which knows bold, italic, links and lists, as HTML in which everything foreign is escaped. */
export function cardMarkdown(text) {
  const blocks = [];
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const item = /^\s*(?:([-*+])|\d{1,9}[.)])\s+(.*)$/.exec(line);
    const tag = item ? (item[1] === undefined ? 'ol' : 'ul') : 'p';
    const html = inline(item ? item[2] : line);
    const last = blocks.at(-1);
    if (line.trim() === '') blocks.push({ tag: '' });
    else if (last?.tag === tag) last.lines.push(html);
    else blocks.push({ tag, lines: [html] });
  }
  return blocks.filter(({ tag }) => tag !== '')
    .map(({ tag, lines }) => (tag === 'p' ? `<p>${lines.join('<br>')}</p>` : `<${tag}>${lines.map((item) => `<li>${item}</li>`).join('')}</${tag}>`)).join('');
}
