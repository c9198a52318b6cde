/** Control, bidi and zero-width characters: they can hide or reorder what an admin reads before he approves. */
const INVISIBLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g;

/** Foreign text as one visible line of at most `max` characters (code points). */
export function plain(text: string, max = 200): string {
  const line = text.replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  const points = Array.from(line);
  return points.length > max ? `${points.slice(0, max - 1).join('')}…` : line;
}

/** Foreign text inside Webex markdown: nothing of it can become markup, a link or a mention. */
export function markdown(text: string, max = 200): string {
  return quoted(plain(text, max))
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/([\\`*_{}[\]()#+!|~-])/g, '\\$1')
    .replace(/(https?):\/\//gi, '$1:\u2060//');
}

/** Our own sentences name commands as `help`: where that is no markup it would be shown with the signs. */
function quoted(text: string): string {
  return text.replace(/`([^`]+)`/g, '“$1”');
}

/** Foreign text inside a card's TextBlock, which takes a markdown subset (bold, italic, lists, links). */
export function textBlock(text: string, max = 200): string {
  return quoted(plain(text, max)).replace(/([\\*_[\]()`])/g, '\\$1').replace(/^([-+#]|\d+\.)\s/, '\\$1 ');
}

/** Foreign text as character data or an attribute value of XML. Characters that XML 1.0 forbids are left out. */
export function xml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
}

/** Foreign text in HTML. */
export function html(text: string, max = 500): string {
  return plain(text, max).replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}

/** Cuts text to at most `bytes` bytes of UTF-8, never inside a character. */
export function cutToBytes(text: string, bytes: number): string {
  const buffer = Buffer.from(text, 'utf8');
  if (buffer.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((buffer[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return buffer.subarray(0, end).toString('utf8');
}

/** `1 step`, `2 steps`, `1,240 steps`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
}

/** `Amy, Bob and Zoe`. */
export function sentenceList(items: readonly string[], most = items.length): string {
  const shown = items.slice(0, most);
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${count(rest, 'other')}`;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
