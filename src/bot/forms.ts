import type { Clock } from '../lib/clock.js';
import { idKey, randomToken, sameId } from '../lib/ids.js';
import { count, plain } from '../lib/text.js';
import { StaleRecord, update, type Partition } from '../store/store.js';
import { nameOf } from './commands.js';
import type { Argument, Command, PersonRef, View } from './define.js';
import { formView, takesPeople, type Form } from './form-view.js';
import { findPeople, keywordIn, MOST_CANDIDATES, type PeopleFinder } from './people.js';
import type { Lacking } from './values.js';

const COLLECTION = 'forms';
const FORM_LIFE_MS = 24 * 60 * 60_000;

export type FormAction = 'search' | 'remove' | 'next' | 'cancel';

/** What a press on a form leads to. */
export type FormStep =
  | { kind: 'show'; view: View }
  /** Everything is there: the command with its arguments as text. */
  | { kind: 'run'; given: Record<string, string> };

/** A command that lacks something, from the text by which it was asked for. */
export async function openForm(
  records: Partition, command: Command, caller: string, given: Readonly<Record<string, string>>, lacking: Lacking,
  options: { organization: { name: string }; clock: Clock; csvMessage?: string | undefined },
): Promise<View> {
  await sweep(records, options.clock);
  const form: Form = {
    command: nameOf(command), caller, given: {}, baskets: {}, found: {}, removing: false, changedAt: options.clock.iso(),
    ...(options.csvMessage === undefined ? {} : { csvMessage: options.csvMessage }),
  };
  const notes = [...lacking.notes];
  for (const argument of command.arguments) {
    const text = given[argument.name];
    if (text === undefined) continue;
    if (!takesPeople(argument) || keywordIn(text, argument) !== undefined) {
      form.given[argument.name] = text;
      continue;
    }
    const known = lacking.known.get(argument.name);
    form.baskets[argument.name] = known?.people ?? [];
    notes.push(...(known?.problems ?? []).map(({ subject, reason }) => `${subject}: ${reason}`));
    const ambiguous = lacking.ambiguous.get(argument.name) ?? [];
    form.found[argument.name] = ambiguous.flatMap(({ candidates }) => candidates).slice(0, MOST_CANDIDATES);
    notes.push(...ambiguous.map(({ written, candidates }) => `${count(candidates.length, 'person', 'people')} could be meant by “${written}”: choose.`));
  }
  const id = randomToken();
  await records.put(COLLECTION, id, form, 0);
  return formView(id, form, command, options.organization, notes);
}

/** The form behind a button, if it is the caller's and still there. */
export async function findForm(records: Partition, id: string, caller: string): Promise<Form | undefined> {
  const form = (await records.get<Form>(COLLECTION, id))?.value;
  return form !== undefined && sameId(form.caller, caller) ? form : undefined;
}

export async function dropForm(records: Partition, id: string): Promise<void> {
  const found = await records.get(COLLECTION, id);
  if (found) await records.delete(COLLECTION, id, found.version).catch(ignoreStale);
}

/** Takes in what was filled in and pressed, and says what comes next. */
export async function pressForm(
  records: Partition, id: string, form: Form, command: Command, action: Exclude<FormAction, 'cancel'>,
  filled: Readonly<Record<string, string>>, finder: PeopleFinder, options: { organization: { name: string }; clock: Clock },
): Promise<FormStep> {
  const notes: string[] = [];
  const next: Form = { ...form, given: { ...form.given }, baskets: { ...form.baskets }, found: {}, removing: action === 'remove' && !form.removing, changedAt: options.clock.iso() };
  let isOpen = false;
  for (const argument of command.arguments) {
    if (takesPeople(argument)) {
      const searched = await takePeople(next, form, argument, filled, finder, action === 'search');
      notes.push(...searched);
      if ((next.found[argument.name] ?? []).length > 0 || searched.length > 0) isOpen = true;
    } else {
      const value = filled[argument.name];
      next.given = value === undefined ? without(next.given, argument.name) : { ...next.given, [argument.name]: value };
    }
  }
  if (action === 'next') {
    const missing = command.arguments.filter((argument) => argument.required && next.given[argument.name] === undefined && (next.baskets[argument.name] ?? []).length === 0);
    notes.push(...missing.map(({ label }) => `Still missing: ${label}.`));
    if (!isOpen && missing.length === 0) return { kind: 'run', given: asTexts(command, next) };
  }
  await update<Form>(records, COLLECTION, id, () => next);
  return { kind: 'show', view: formView(id, next, command, options.organization, notes) };
}

/** What was chosen goes into the basket, what was dropped leaves it, what was searched for is offered. Gives notes. */
async function takePeople(
  next: Form, form: Form, argument: Argument, filled: Readonly<Record<string, string>>, finder: PeopleFinder, isSearch: boolean,
): Promise<string[]> {
  const { name } = argument;
  const basket = new Map((form.baskets[name] ?? []).map((person) => [idKey(person.id), person]));
  const put = (people: readonly PersonRef[]): void => {
    // One person only: whoever is named last is meant.
    if (argument.kind === 'person' && people.length > 0) basket.clear();
    for (const person of argument.kind === 'person' ? people.slice(-1) : people) basket.set(idKey(person.id), person);
    if (people.length > 0) next.given = without(next.given, name);
  };
  const picked = (filled[`${name}__found`] ?? '').split(',');
  put((form.found[name] ?? []).filter((person) => picked.includes(person.id)));
  for (const id of (filled[`${name}__drop`] ?? '').split(',')) basket.delete(idKey(id));

  const notes: string[] = [];
  const written = filled[`${name}__search`];
  const keyword = written === undefined ? undefined : keywordIn(written, argument);
  if (keyword !== undefined) {
    next.given[name] = keyword;
    basket.clear();
  } else if (written !== undefined) {
    const { people, problems, ambiguous } = await findPeople(written, finder);
    put(people);
    const offered = ambiguous.flatMap(({ candidates }) => candidates).filter((person) => !basket.has(idKey(person.id)));
    next.found[name] = offered.slice(0, MOST_CANDIDATES);
    notes.push(...problems.map(({ subject, reason }) => `${subject}: ${reason}`));
    if (offered.length > 0 && !isSearch) notes.push(`Several people could be meant by “${plain(written, 80)}”: choose.`);
    if (offered.length >= MOST_CANDIDATES) notes.push(`Only the first ${MOST_CANDIDATES} are shown: write more of the name.`);
  }
  next.baskets[name] = [...basket.values()];
  return notes;
}

/** The arguments as a text would give them; people by id. */
function asTexts(command: Command, form: Form): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { name } of command.arguments) {
    const basket = form.baskets[name] ?? [];
    const text = basket.length > 0 ? basket.map((person) => `id:${person.id}`).join(',') : form.given[name];
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

async function sweep(records: Partition, clock: Clock): Promise<void> {
  for (const { id, value, version } of await records.list<Form>(COLLECTION)) {
    if (Date.parse(value.changedAt) + FORM_LIFE_MS < clock.now()) await records.delete(COLLECTION, id, version).catch(ignoreStale);
  }
}

function without(texts: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key !== name));
}

function ignoreStale(error: unknown): void {
  if (!(error instanceof StaleRecord)) throw error;
}
