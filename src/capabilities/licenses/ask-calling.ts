import type { Context, PersonRef, View } from '../../bot/define.js';
import { markdown, plain, sentenceList } from '../../lib/text.js';
import type { Known } from './define.js';
import type { Locations } from './locations.js';

/** A card's choices are at most so many. */
const MOST_CHOICES = 50;

/** Asks for the number or extension that a calling license needs. */
export function askCalling(context: Context, person: PersonRef, licenses: readonly Known[], locations: Locations, again: { command: string; arguments: Record<string, string> }): View {
  const what = sentenceList(licenses.map(({ label }) => label));
  const line = `${what} needs an extension or a phone number for ${plain(person.displayName, 60)}; without a phone number also the location.`;
  return {
    audience: 'details',
    markdown: `${markdown(line, 500)} Write it with \`extension=1001 location="${markdown(locations.all[0]?.name ?? 'Berlin', 60)}"\` or \`phone=+12125550123\`, or fill in the card.`,
    card: {
      template: 'licenses/calling',
      data: {
        title: 'Number or extension', organization: context.organization.name, line,
        isShort: locations.all.length <= MOST_CHOICES,
        locations: locations.all.slice(0, MOST_CHOICES).map(({ id, name }) => ({ title: plain(name, 80), value: id })),
      },
      buttons: [{ title: 'Next', command: again.command, arguments: again.arguments, only: context.caller.personId, style: 'positive' }],
    },
  };
}
