import { idKey } from '../lib/ids.js';
import { CallerMistake } from '../lib/errors.js';
import { plain } from '../lib/text.js';
import type { Argument, PeopleArgument, PersonRef } from './define.js';
import { unquoted, wordsOf } from './words.js';

/** One thing that was written where people are expected. */
type Item = { kind: 'email' | 'id' | 'group' | 'department' | 'name'; text: string };

/** By which people are found. Addresses and ids are read live. */
export interface PeopleFinder {
  byEmail(emails: readonly string[]): Promise<Map<string, PersonRef>>;
  /** Keys are idKey of the ids. */
  byId(ids: readonly string[]): Promise<Map<string, PersonRef>>;
  search(text: string, limit: number): Promise<PersonRef[]>;
  group(name: string): Promise<PeopleArgument | undefined>;
  department(name: string): Promise<PeopleArgument | undefined>;
}

/** A name that several people have: it is asked who is meant, never guessed. */
export interface Ambiguous {
  written: string;
  candidates: PersonRef[];
}

/** More matches than this are no choice, but a search that says too little. */
export const MOST_CANDIDATES = 50;

const ADDRESS = /^[^\s@<>"]+@[^\s@<>"]+$/;

/** The word itself when the text is one of the argument's keywords. */
export function keywordIn(text: string, argument: Argument): string | undefined {
  return argument.keywords?.find((word) => word.toLowerCase() === unquoted(text).trim().toLowerCase());
}

/** Finds everybody that a text names: addresses, ids, names, `group:"Name"`, `department:Sales`, separated by commas. Nobody twice. */
export async function findPeople(text: string, finder: PeopleFinder): Promise<PeopleArgument & { ambiguous: Ambiguous[] }> {
  const items = itemsOf(text);
  const problems: PeopleArgument['problems'] = [];
  const ambiguous: Ambiguous[] = [];
  const people = new Map<string, PersonRef>();
  const add = (person: PersonRef): void => { people.set(idKey(person.id), person); };

  const texts = (kind: Item['kind']): string[] => items.filter((item) => item.kind === kind).map((item) => item.text);
  const named = await Promise.all(texts('name').map(async (name) => ({ name, found: await search(finder, name) })));
  for (const { name, found } of named) if (found.length > 1) ambiguous.push({ written: plain(name, 80), candidates: found });
  const chosen = named.flatMap(({ found }) => (found.length === 1 ? found : []));
  const [byEmail, byId] = await Promise.all([
    finder.byEmail([...new Set(texts('email').map((email) => email.toLowerCase()))]),
    finder.byId([...texts('id'), ...chosen.map((person) => person.id)]),
  ]);

  for (const item of items) {
    const subject = plain(item.text, 120);
    if (item.kind === 'email' || item.kind === 'id') {
      const person = item.kind === 'email' ? byEmail.get(item.text.toLowerCase()) : byId.get(idKey(item.text));
      if (person) add(person);
      else problems.push(item.kind === 'id' ? { subject: 'A mentioned person', reason: 'belongs to another organization, or is not there any more.' } : { subject, reason: 'Webex knows nobody with this address in the organization; it is unknown, or of another organization.' });
    } else if (item.kind === 'name') {
      const found = named.find(({ name }) => name === item.text)?.found ?? [];
      const only = found.length === 1 ? found[0] : undefined;
      const live = only && byId.get(idKey(only.id));
      if (live) add(live);
      else if (found.length < 2) problems.push({ subject, reason: 'Nobody of this name was found in the organization. An address always works.' });
    } else {
      const members = await finder[item.kind](item.text);
      if (members === undefined) problems.push({ subject, reason: `There is no ${item.kind} of this name.` });
      else if (members.people.length === 0 && members.problems.length === 0) problems.push({ subject, reason: `The ${item.kind} has nobody in it.` });
      members?.people.forEach(add);
      problems.push(...(members?.problems ?? []));
    }
  }
  return { people: [...people.values()], problems, ambiguous };
}

/** The person argument takes one only. */
export function checkOne(argument: Argument, value: PeopleArgument): PeopleArgument {
  if (value.people.length > 1) throw new CallerMistake({ code: 'ONE_PERSON_ONLY', message: `${argument.label}: name one person, not ${value.people.length}.` });
  return value;
}

async function search(finder: PeopleFinder, name: string): Promise<PersonRef[]> {
  const found = await finder.search(name, MOST_CANDIDATES);
  const exact = found.filter((person) => person.displayName.trim().toLowerCase() === name.trim().toLowerCase());
  return exact.length > 0 ? exact : found;
}

/** Reads the list. Words without quotes or an `@` belong to one name until the next comma. */
export function itemsOf(text: string): Item[] {
  const items: Item[] = [];
  for (const part of partsOf(text)) {
    let name: string[] = [];
    let open: Item | undefined;
    const close = (): void => {
      if (name.length > 0) items.push({ kind: 'name', text: name.join(' ') });
      name = [];
      open = undefined;
    };
    for (const word of wordsOf(part)) {
      const [, kind = '', value = ''] = /^(group|department|id):(.*)$/is.exec(word) ?? [];
      const bare = unquoted(kind === '' ? word : value).trim();
      if (kind !== '') {
        close();
        const item: Item = { kind: kind.toLowerCase() as Item['kind'], text: bare };
        items.push(item);
        // `group:Sales West` without quotes goes on until the comma.
        if (item.kind !== 'id' && !value.includes('"')) open = item;
      } else if (ADDRESS.test(addressIn(bare))) {
        // `Anna Berg <anna@acme.test>` is one person: the address says who.
        if (bare.startsWith('<')) name = [];
        close();
        items.push({ kind: 'email', text: addressIn(bare) });
      } else if (word.startsWith('"')) {
        close();
        if (bare !== '') items.push({ kind: 'name', text: bare });
      } else if (open) {
        open.text = `${open.text} ${bare}`.trim();
      } else if (bare !== '') {
        name.push(bare.replace(/^@/, ''));
      }
    }
    close();
  }
  return items.filter((item) => item.text !== '');
}

/** `Anna <anna@acme.test>` and `mailto:` as mail programs copy them. */
function addressIn(word: string): string {
  return word.replace(/^<|>$/g, '').replace(/^mailto:/i, '');
}

/** The parts between commas or semicolons that stand outside quotes. */
function partsOf(text: string): string[] {
  return (text.match(/(?:"[^"]*"|[^",;\n])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
}
