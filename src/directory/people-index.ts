import type { PeopleColumns } from './build.js';
import { compare, firstWhere } from './columns.js';
import { fold, split } from './fold.js';

/** A person as found. The address is in lower case. */
export interface Found {
  id: string;
  email: string;
  displayName: string;
  orgId: string;
  department: string | undefined;
}

/** How badly a word fits, by where it stands (see build.ts): the sum over the words asked for ranks people. 0 is no fit at all. */
const FIT = { exact: [1, 2, 3], begin: [4, 5, 6], domain: 7, inside: 8 } as const;
/** So that the sum of fits stays in a byte. */
const MOST_WORDS = 25;
/** Parts of addresses are looked for from this length on; shorter ones are in too many. */
const SHORTEST_PART = 3;

/** Finds people in columns that never change. */
export class PeopleIndex {
  constructor(private readonly columns: PeopleColumns) {}

  get size(): number {
    return this.columns.ids.length;
  }

  /** People of whom every word of `text` begins a word of the name or address, or stands in the address; best first, at most `limit`. */
  search(text: string, limit: number): { people: Found[]; more: boolean } {
    const asked = text.split(/[\s,;]+/).flatMap((word) => (/@.|.@/.test(word) ? [fold(word)] : split(fold(word)))).slice(0, MOST_WORDS);
    if (asked.length === 0) return { people: [], more: false };
    const best = this.best(asked, limit + 1, false);
    // What only stands inside an address comes last, so it is looked for only when there is room.
    if (best.length <= limit) for (const i of this.best(asked, limit + 1, true)) if (!best.includes(i)) best.push(i);
    return { people: best.slice(0, limit).map((i) => this.person(i)), more: best.length > limit };
  }

  /** The person with this address, in any case. */
  byEmail(email: string): Found | undefined {
    const { emails, byAddress, otherEmails } = this.columns;
    const wanted = email.trim().toLowerCase();
    if (wanted === '') return undefined;
    const i = byAddress[firstWhere(this.size, (at) => emails.get(byAddress[at] ?? 0) >= wanted)];
    if (i !== undefined && emails.get(i) === wanted) return this.person(i);
    const other = otherEmails.get(wanted);
    return other === undefined ? undefined : this.person(other);
  }

  /** All people of a department, by name. Its name is compared without case and diacritics. */
  inDepartment(department: string): Found[] {
    const { departments, byName } = this.columns;
    const wanted = fold(department.trim());
    const places = departments.places((name) => name !== '' && fold(name.trim()) === wanted);
    return Array.from(byName).filter((i) => places.has(departments.placeOf(i))).map((i) => this.person(i));
  }

  /** The departments that people are in, with their numbers of people. */
  departmentNames(): { name: string; people: number }[] {
    return this.columns.departments.counts().filter(({ name }) => name !== '').sort((a, b) => compare(fold(a.name), fold(b.name)));
  }

  /** At most `limit` people whom all words fit, best first, then by name. */
  private best(asked: readonly string[], limit: number, inside: boolean): number[] {
    let fits: Uint8Array | undefined;
    for (const word of asked) {
      const mine = this.fitsOf(word, inside);
      if (fits) for (let i = 0; i < mine.length; i += 1) mine[i] = fits[i] === 0 || mine[i] === 0 ? 0 : (fits[i] ?? 0) + (mine[i] ?? 0);
      fits = mine;
    }
    // People come in the order of their names, so each bucket is sorted.
    const buckets: number[][] = [];
    for (const i of this.columns.byName) {
      const fit = fits?.[i] ?? 0;
      if (fit === 0) continue;
      const bucket = (buckets[fit] ??= []);
      if (bucket.length < limit) bucket.push(i);
    }
    return buckets.flat().slice(0, limit);
  }

  /** How well a word fits each person. */
  private fitsOf(word: string, inside: boolean): Uint8Array {
    const { words, starts, postings, domains, emails, byAddress, otherEmails } = this.columns;
    const fits = new Uint8Array(this.size);
    const note = (i: number, fit: number): void => {
      const known = fits[i] ?? 0;
      if (known === 0 || fit < known) fits[i] = fit;
    };
    const [low, high] = rangeOf(words.length, (at) => words.get(at), word);
    for (let w = low; w < high; w += 1) {
      const fit = w === low && words.get(w) === word ? FIT.exact : FIT.begin;
      const end = starts[w + 1] ?? 0;
      for (let at = starts[w] ?? 0; at < end; at += 1) {
        const posting = postings[at] ?? 0;
        note(posting >>> 2, fit[posting & 3] ?? FIT.domain);
      }
    }
    const fitting = domains.places((domain) => (word.startsWith('@') ? domain.startsWith(word.slice(1)) : split(domain).some((part) => part.startsWith(word))));
    if (fitting.size > 0) for (let i = 0; i < this.size; i += 1) if (fitting.has(domains.placeOf(i))) note(i, FIT.domain);
    if (word.includes('@')) {
      const [first, end] = rangeOf(this.size, (at) => emails.get(byAddress[at] ?? 0), word);
      for (let at = first; at < end; at += 1) note(byAddress[at] ?? 0, FIT.exact[0]);
      for (const [address, i] of otherEmails) if (address.startsWith(word)) note(i, FIT.exact[0]);
    }
    if (inside && word.length >= SHORTEST_PART) for (const i of emails.holding(word)) note(i, FIT.inside);
    return fits;
  }

  private person(i: number): Found {
    const { ids, emails, names, organizations, departments } = this.columns;
    const department = departments.get(i);
    return {
      id: ids.get(i), email: emails.get(i), displayName: names.get(i), orgId: organizations.get(i), department: department === '' ? undefined : department,
    };
  }
}

/** Where in a sorted list those stand that begin with `begin`. */
function rangeOf(length: number, get: (at: number) => string, begin: string): [low: number, high: number] {
  return [firstWhere(length, (at) => get(at) >= begin), firstWhere(length, (at) => get(at) >= `${begin}\uFFFF`)];
}
