import { peopleOf, textOf, type Answer, type Command, type Context, type Values } from '../../../bot/define.js';
import { callingArguments, CHANGE_ACCESS, licenseArgument, outsideArgument, peopleArgument, timeArguments, withOutsiders, writtenPeople } from '../change-arguments.js';
import { questionView } from '../ask.js';
import { askCalling } from '../ask-calling.js';
import { openCatalog, type Catalog } from '../catalog.js';
import type { Known, Operation, Wish } from '../define.js';
import { draftOf, labelsOf, readFor, wishesFor } from '../gather.js';
import { holderKey, type Holders } from '../holders.js';
import { isCalling } from '../kinds.js';
import { callingFrom, openLocations } from '../locations.js';
import { callingOf, heldBy } from '../rules.js';
import { canBeCalled } from '../steps.js';
import { timesOf } from '../../../bot/times.js';
import { licensesOrTemplatesIn, writtenAs } from '../written.js';

/** How giving and taking differ. */
export interface ChangeWords {
  verb: 'assign' | 'remove';
  operation: 'add' | 'remove';
  summary: string;
  examples: string[];
  title: (licenses: string, who: string) => string;
}

/** `licenses assign|remove <people> license=<licenses> [extension= phone= location=] [until=] [from=]`: one call per person. */
export function changeCommand(words: ChangeWords): Command {
  const isAssign = words.operation === 'add';
  return {
    noun: 'licenses', verb: words.verb, summary: words.summary, examples: words.examples,
    arguments: [peopleArgument, licenseArgument, ...(isAssign ? callingArguments : []), ...timeArguments, outsideArgument],
    access: CHANGE_ACCESS, plans: true,
    run: (context, values) => change(context, values, words),
  };
}

async function change(context: Context, values: Values, words: ChangeWords): Promise<Answer> {
  const command = `licenses ${words.verb}`;
  const outside = textOf(values, 'outside') === 'yes';
  const { people, problems } = withOutsiders(peopleOf(values, 'people'), outside);
  const catalog = await openCatalog(context);
  const meant = await licensesOrTemplatesIn(context, textOf(values, 'license') ?? '', catalog);
  // What was written is bound to the card, but not the license that the card asks for.
  const bound = { ...textsOf(values), people: writtenPeople(peopleOf(values, 'people')) };
  if (meant.asked.length > 0) return { kind: 'view', view: questionView(context, meant, { title: 'Next', command, arguments: without(bound, 'license'), isMany: true }) };
  const times = await timesOf(context, values);
  const locations = meant.known.some(isCalling) ? await openLocations(context) : undefined;
  const calling = locations && callingFrom({ extension: textOf(values, 'extension'), phone: textOf(values, 'phone'), location: textOf(values, 'location') }, locations);
  const operations = meant.known.map((known): Operation => ({ what: 'license', known, operation: words.operation, ...(isCalling(known) && calling !== undefined ? { calling } : {}) }));
  const wishes = wishesFor(people, operations);
  const read = await readFor(context, wishes);
  const lacking = locations === undefined || words.operation === 'remove' ? [] : lackingCalling(wishes, read, catalog);
  // One number is asked for on a card; many are named in the plan and belong into a file.
  if (locations !== undefined && wishes.length === 1 && lacking[0] !== undefined) {
    const again = { command, arguments: { ...bound, license: meant.known.map(({ license }) => license.id).join(',') } };
    return { kind: 'view', view: askCalling(context, lacking[0].person, lacking[0].licenses, locations, again) };
  }
  const written = [
    `${command} ${bound.people} license=${writtenAs(meant.known)}`, ...['extension', 'phone', 'location'].flatMap((name) => optionText(name, textOf(values, name))),
    ...optionText('until', times.until), ...optionText('from', times.from), ...(outside ? ['outside=yes'] : []),
  ];
  const draft = draftOf(context, catalog, wishes, read, { title: (who) => words.title(labelsOf(meant.known), who), command: written.join(' '), problems, times, locations });
  return { kind: 'plan', draft };
}

/** Who would get a calling license and is called by nothing yet, and has none of those given. */
function lackingCalling(wishes: readonly Wish[], { holders }: Holders, catalog: Catalog): { person: Wish['person']; licenses: Known[] }[] {
  return wishes.flatMap(({ person, operations }) => {
    const holder = holders.get(holderKey(person));
    if (holder === undefined || holder.isExternal) return [];
    const held = heldBy(holder, catalog);
    const licenses = operations.flatMap((one) => (one.what === 'license' && isCalling(one.known) && !held.includes(one.known) && !canBeCalled(one.calling ?? callingOf(holder, held)) ? one.known : []));
    return licenses.length === 0 ? [] : [{ person, licenses }];
  });
}

function textsOf(values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

function without(texts: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key !== name));
}

function optionText(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${name}=${/\s/.test(value) ? `"${value.replaceAll('"', '')}"` : value}`];
}
