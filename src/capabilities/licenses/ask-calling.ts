import type { Answer, Context, PersonRef, Values, View } from '../../bot/define.js';
import { timesText } from '../../bot/times.js';
import { markdown, plain, sentenceList } from '../../lib/text.js';
import type { Catalog } from './catalog.js';
import type { Calling, Known, Operation } from './define.js';
import { draftOf, readFor, wishesFor, type Asked } from './gather.js';
import { isCalling } from './kinds.js';
import { openLocations, type Locations } from './locations.js';
import { numberText, withNumber, writtenNumber, type Lacking } from './numbers.js';

/** A card's choices are at most so many. */
const MOST_CHOICES = 50;

/** What is to be done for people, once all is known but numbers. */
export interface Change extends Pick<Asked, 'title' | 'problems' | 'times'> {
  people: readonly PersonRef[];
  operations: Operation[];
  /** All of it or nothing, for each of them. */
  together?: true;
  /** The command as text, without number and times. */
  written: string;
  /** The command as the card runs it again, without what the card asks for. */
  again: { command: string; arguments: Record<string, string> };
}

/** The plan of a change with the number that was written. One that a single person lacks is asked for on a card; many are named in the plan, and belong into a file. */
export async function planOrAsk(context: Context, values: Values, catalog: Catalog, change: Change): Promise<Answer> {
  const { people, operations, together, again, written, title, times = {} } = change;
  const locations = licensesOf(operations).some(isCalling) ? await openLocations(context) : undefined;
  const number = writtenNumber(values, licensesOf(operations.filter(({ operation }) => operation === 'add')), locations);
  const asked = wishesFor(people, operations, together);
  const read = await readFor(context, asked);
  const { wishes, problems, lacking: [lacking] } = withNumber(asked, read, catalog, number, locations);
  if (locations !== undefined && wishes.length === 1 && lacking !== undefined) return { kind: 'view', view: askCalling(context, lacking, number ?? {}, locations, again) };
  const command = `${written}${numberText(values)}${timesText(times)}`;
  return { kind: 'plan', draft: draftOf(context, catalog, wishes, read, { title, command, problems: [...change.problems, ...problems], times, locations }) };
}

function licensesOf(operations: readonly Operation[]): Known[] {
  return operations.flatMap((one) => (one.what === 'license' ? one.known : []));
}

/** Asks for the number or extension that a calling license needs. What was written of it is filled in. */
function askCalling(context: Context, { person, licenses }: Lacking, written: Calling, locations: Locations, again: Change['again']): View {
  const what = sentenceList(licenses.map(({ label }) => label));
  const line = `${what} needs an extension or a phone number for ${plain(person.displayName, 60)}; without a phone number also the location.`;
  const isShort = locations.all.length <= MOST_CHOICES;
  const place = written.locationId;
  return {
    audience: 'details',
    markdown: `${markdown(line, 500)} Write it with \`extension=1001 location="${markdown(locations.all[0]?.name ?? 'Berlin', 60)}"\` or \`phone=+12125550123\`, or fill in the card.`,
    card: {
      template: 'licenses/calling',
      data: {
        title: 'Number or extension', organization: context.organization.name, line,
        extension: written.extension ?? '', phone: written.phoneNumber ?? '', location: place === undefined ? '' : isShort ? place : locations.nameOf(place) ?? place, isShort,
        locations: locations.all.slice(0, MOST_CHOICES).map(({ id, name }) => ({ title: plain(name, 80), value: id })),
      },
      buttons: [{ title: 'Next', command: again.command, arguments: again.arguments, only: context.caller.personId, style: 'positive' }],
    },
  };
}
