import { decodeEntities, escapeHtml, type FindPerson, type Rendered } from './markup.js';

/** Tags that Webex keeps; of attributes only a link's address. Others are taken off, their text stays. */
const INLINE = new Set(['b', 'strong', 'i', 'em', 'u', 'code', 'a']);
const BLOCK = new Set(['p', 'h1', 'h2', 'h3', 'ul', 'ol', 'li', 'blockquote', 'pre']);
/** Whose content is no text. */
const SILENT = new Set(['script', 'style', 'head', 'template']);
const TOKEN = /<!--[\s\S]*?-->|<(\/?)([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|[^<]+|</gi;

function attribute(source: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(source);
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  return value === undefined ? undefined : decodeEntities(value);
}

interface Mention {
  attributes: string;
  text: string;
}

class Writer {
  html = '';
  text = '';
  readonly people = new Set<string>();
  readonly groups = new Set<string>();
  private readonly open: string[] = [];
  private mention: Mention | undefined;
  private silent: string | undefined;

  constructor(private readonly find: FindPerson) {}

  chars(source: string): void {
    if (this.silent !== undefined) return;
    const text = decodeEntities(source);
    if (this.mention) {
      this.mention.text += text;
      return;
    }
    this.html += escapeHtml(text);
    this.text += text;
  }

  start(tag: string, attributes: string): void {
    if (this.silent !== undefined || this.mention) return;
    if (SILENT.has(tag)) this.silent = tag;
    else if (tag === 'spark-mention') this.mention = { attributes, text: '' };
    else if (tag === 'br') {
      this.html += '<br>';
      this.text += '\n';
    } else if (BLOCK.has(tag) || INLINE.has(tag)) this.element(tag, attributes);
  }

  private element(tag: string, attributes: string): void {
    const href = tag === 'a' ? attribute(attributes, 'href') : undefined;
    if (tag === 'a' && !/^(https?|mailto):/i.test(href ?? '')) return;
    if (BLOCK.has(tag)) this.newline();
    if (tag === 'li') this.text += `${'  '.repeat(Math.max(0, this.open.filter((name) => name === 'ul' || name === 'ol').length - 1))}- `;
    this.open.push(tag);
    this.html += href === undefined ? `<${tag}>` : `<a href="${escapeHtml(href)}" rel="nofollow">`;
  }

  end(tag: string): void {
    if (this.silent !== undefined) {
      if (tag === this.silent) this.silent = undefined;
      return;
    }
    if (tag === 'spark-mention') this.endMention();
    if (this.mention || !this.open.includes(tag)) return;
    for (let last = this.open.pop(); last !== undefined; last = this.open.pop()) {
      this.html += `</${last}>`;
      if (BLOCK.has(last)) this.newline();
      if (last === tag) return;
    }
  }

  private endMention(): void {
    if (!this.mention) return;
    const { attributes, text } = this.mention;
    this.mention = undefined;
    if (attribute(attributes, 'data-object-type') === 'groupMention') {
      const group = attribute(attributes, 'data-group-type');
      if (group !== 'all') return;
      this.groups.add('all');
      this.html += `<spark-mention data-object-type="groupMention" data-group-type="all">${escapeHtml(text || 'All')}</spark-mention>`;
      this.text += text || 'All';
      return;
    }
    const id = attribute(attributes, 'data-object-id');
    const email = attribute(attributes, 'data-object-email');
    const person = id !== undefined ? this.find({ id }) : email !== undefined ? this.find({ email }) : undefined;
    const shown = text || (person?.displayName ?? email ?? '');
    this.text += shown;
    if (person) this.people.add(person.id);
    this.html += person ? `<spark-mention data-object-type="person" data-object-id="${escapeHtml(person.id)}">${escapeHtml(shown)}</spark-mention>` : escapeHtml(shown);
  }

  finish(): Rendered {
    this.endMention();
    for (const tag of this.open.reverse()) this.html += `</${tag}>`;
    return { html: this.html, text: this.text.trim(), mentionedPeople: [...this.people], mentionedGroups: [...this.groups] };
  }

  private newline(): void {
    if (this.text !== '' && !this.text.endsWith('\n')) this.text += '\n';
  }
}

/** HTML as Webex keeps it: only harmless tags, all of them closed, mentions with ids, and the plain text of it. */
export function renderHtml(source: string, find: FindPerson): Rendered {
  const writer = new Writer(find);
  for (const [token, slash, tag, attributes] of source.matchAll(TOKEN)) {
    if (tag === undefined) {
      if (!token.startsWith('<!--')) writer.chars(token);
    } else if (slash === '/') writer.end(tag.toLowerCase());
    else writer.start(tag.toLowerCase(), attributes ?? '');
  }
  return writer.finish();
}
