import { breath, compare, Interned, Numbers, sortGently, TextColumn } from './columns.js';
import { fold, wordsOf } from './fold.js';

/** What the directory reads of a person. */
export interface Listed {
  id: string;
  emails: string[];
  displayName: string;
  firstName?: string | undefined;
  lastName?: string | undefined;
  department?: string | undefined;
  orgId: string;
  /** `person`, `bot`, `appuser`. */
  type?: string | undefined;
}

/** People as columns, about 200 bytes each: a person is a place in all of them. */
export interface PeopleColumns {
  ids: TextColumn;
  /** The first address, in lower case. */
  emails: TextColumn;
  names: TextColumn;
  /** Other addresses than the first, in lower case. */
  otherEmails: ReadonlyMap<string, number>;
  departments: Interned;
  organizations: Interned;
  domains: Interned;
  /** All words of names and of what stands before the `@`, sorted. */
  words: TextColumn;
  /** The postings of word w are those from starts[w] to before starts[w + 1]. A posting is place × 4 + where the word stands. */
  starts: Uint32Array;
  postings: Uint32Array;
  /** All places by folded name, and by address. */
  byName: Uint32Array;
  byAddress: Uint32Array;
}

/** Where a word stands: the best place first. */
const FIRST_OF_NAME = 0;
const IN_NAME = 1;
const IN_ADDRESS = 2;

const BREATH_EVERY = 250;

/** Reads all people into columns, page by page, and lets others run in between. Bots and guests are left out. */
export async function buildColumns(people: AsyncIterable<Listed>): Promise<PeopleColumns> {
  const [ids, emails, names] = [TextColumn.builder(), TextColumn.builder(), TextColumn.builder()];
  const [departments, organizations, domains] = [new Interned(), new Interned(), new Interned()];
  const otherEmails = new Map<string, number>();
  const words = new WordCollector();
  let size = 0;
  for await (const person of people) {
    if ((person.type ?? 'person') !== 'person') continue;
    const [email = '', ...others] = person.emails.map((address) => address.trim().toLowerCase());
    ids.add(person.id);
    emails.add(email);
    names.add(person.displayName);
    departments.add(person.department ?? '');
    organizations.add(person.orgId);
    domains.add(email.slice(email.lastIndexOf('@') + 1));
    for (const address of others) otherEmails.set(address, size);
    words.add(size, person, [email, ...others]);
    size += 1;
    if (size % BREATH_EVERY === 0) await breath();
  }
  // In this order, so that what one step needs is given up before the next one needs memory.
  const sorted = await words.finish();
  const columns = { ids: ids.finish(), emails: emails.finish(), names: names.finish() };
  const byName = await orderOf(columns.names, fold);
  const byAddress = await orderOf(columns.emails, (address) => address);
  return { ...columns, otherEmails, departments, organizations, domains, ...sorted, byName, byAddress };
}

/** Collects which words stand where, and at the end groups them by word. */
class WordCollector {
  private known = new Map<string, number>();
  private wordOf = new Numbers();
  private posting = new Numbers();

  /** Each word once, at the first of the places where it stands. */
  add(place: number, person: Listed, addresses: readonly string[]): void {
    const first = this.wordOf.length;
    const name = person.displayName.trim();
    const space = name.indexOf(' ');
    this.note(first, place, space < 0 ? name : name.slice(0, space), FIRST_OF_NAME);
    if (space >= 0) this.note(first, place, name.slice(space), IN_NAME);
    for (const part of [person.firstName, person.lastName]) if (part !== undefined && !name.includes(part)) this.note(first, place, part, IN_NAME);
    for (const address of addresses) this.note(first, place, address.slice(0, address.lastIndexOf('@')), IN_ADDRESS);
  }

  private note(first: number, place: number, text: string, where: number): void {
    for (const word of wordsOf(text)) {
      let id = this.known.get(word);
      if (id === undefined) this.known.set(word, (id = this.known.size));
      if (this.wordOf.has(id, first)) continue;
      this.wordOf.push(id);
      this.posting.push(place * 4 + where);
    }
  }

  async finish(): Promise<Pick<PeopleColumns, 'words' | 'starts' | 'postings'>> {
    const texts = [...this.known.keys()];
    this.known = new Map();
    const order = await sortGently(upTo(texts.length), (a, b) => compare(texts[a], texts[b]));
    const rank = new Uint32Array(texts.length);
    const column = TextColumn.builder();
    for (const [place, word] of order.entries()) {
      rank[word] = place;
      column.add(texts[word] ?? '');
      if (place % (8 * BREATH_EVERY) === 0) await breath();
    }
    // Counted, then summed up, then filled in: each word's postings end up side by side.
    const starts = new Uint32Array(texts.length + 1);
    for (let at = 0; at < this.wordOf.length; at += 1) {
      const next = (rank[this.wordOf.get(at)] ?? 0) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
    for (let w = 0; w < texts.length; w += 1) starts[w + 1] = (starts[w + 1] ?? 0) + (starts[w] ?? 0);
    await breath();
    const free = starts.slice();
    const postings = new Uint32Array(this.posting.length);
    for (let at = 0; at < postings.length; at += 1) {
      const w = rank[this.wordOf.get(at)] ?? 0;
      postings[free[w] ?? 0] = this.posting.get(at);
      free[w] = (free[w] ?? 0) + 1;
    }
    return { words: column.finish(), starts, postings };
  }
}

/** The places of a column, sorted by what `key` makes of its texts. */
async function orderOf(column: TextColumn, key: (text: string) => string): Promise<Uint32Array> {
  const keys: string[] = [];
  for (let i = 0; i < column.length; i += 1) {
    keys.push(key(column.get(i)));
    if (i % (8 * BREATH_EVERY) === 0) await breath();
  }
  return sortGently(upTo(keys.length), (a, b) => compare(keys[a], keys[b]) || a - b);
}

function upTo(length: number): Uint32Array {
  const all = new Uint32Array(length);
  for (let i = 0; i < length; i += 1) all[i] = i;
  return all;
}
