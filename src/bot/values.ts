import type { Argument, Command, PeopleArgument, Values } from './define.js';
import { checkOne, findPeople, keywordIn, type Ambiguous, type PeopleFinder } from './people.js';

/** What cannot be run yet: shown on the command's card, with what is known filled in. */
export interface Lacking {
  /** Sentences of ours; foreign text in them is plain. */
  notes: string[];
  /** Names that several people have, by argument. */
  ambiguous: Map<string, Ambiguous[]>;
  /** The people who are known already, by argument. */
  known: Map<string, PeopleArgument>;
}

/** The values of a command's arguments, from texts by name. With a CSV its rows stand for what is missing. */
export async function valuesOf(
  command: Command, given: Readonly<Record<string, string>>, finder: PeopleFinder, hasCsv: boolean,
): Promise<{ values: Values } | { lacking: Lacking }> {
  const values: Values = {};
  const lacking: Lacking = { notes: [], ambiguous: new Map(), known: new Map() };
  let isLacking = false;
  for (const argument of command.arguments) {
    const text = given[argument.name]?.trim() ?? '';
    if (text === '') {
      if (argument.required && !hasCsv) isLacking = true;
      else if (argument.default !== undefined) values[argument.name] = argument.default;
    } else if (argument.kind === 'text') {
      values[argument.name] = text;
    } else if (argument.kind === 'choice') {
      const choice = choiceIn(argument, text);
      if (choice === undefined) lacking.notes.push(`${argument.label}: choose one of ${argument.choices?.map(({ value }) => value).join(', ') ?? ''}.`);
      else values[argument.name] = choice;
    } else {
      const keyword = keywordIn(text, argument);
      if (keyword !== undefined) {
        values[argument.name] = keyword;
        continue;
      }
      const { ambiguous, ...people } = await findPeople(text, finder);
      values[argument.name] = argument.kind === 'person' && ambiguous.length === 0 ? checkOne(argument, people) : people;
      lacking.known.set(argument.name, people);
      if (ambiguous.length > 0) lacking.ambiguous.set(argument.name, ambiguous);
    }
  }
  return isLacking || lacking.notes.length > 0 || lacking.ambiguous.size > 0 ? { lacking } : { values };
}

/** The value of the choice that was written, by its value or its title. */
export function choiceIn(argument: Argument, text: string): string | undefined {
  const wanted = text.toLowerCase();
  return argument.choices?.find(({ title, value }) => value.toLowerCase() === wanted || title.toLowerCase() === wanted)?.value;
}
