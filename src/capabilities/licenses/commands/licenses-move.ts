import { peopleOf, textOf, type Command, type Context, type PeopleArgument } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import * as rest from '../../../webex/rest/licenses.js';
import { CHANGE_ACCESS, peopleArgument, writtenPeople } from '../change-arguments.js';
import { questionView } from '../ask.js';
import { openCatalog } from '../catalog.js';
import type { Known } from '../define.js';
import { draftOf, readFor, wishesFor } from '../gather.js';
import { isCalling } from '../kinds.js';
import { openLocations } from '../locations.js';
import { licensesIn, writtenAs } from '../written.js';

/** Everybody who has the license. */
const ALL = 'all';

/** `licenses move <people|all> from= to=`: one license for another in one call per person, all or nothing for each. */
export const licensesMove: Command = {
  noun: 'licenses', verb: 'move',
  summary: 'Change one license for another, in one call per person',
  examples: ['licenses move all from="Messaging (Sub100417)" to="Messaging (Sub207733)"', 'licenses move group:"Executives" from="Messaging (Sub100417)" to="Messaging (Sub207733)"'],
  arguments: [
    { ...peopleArgument, keywords: [ALL], help: 'whose license is changed; all: everybody who has it' },
    { name: 'from', kind: 'text', label: 'License to take', required: true, help: 'name or id of a license' },
    { name: 'to', kind: 'text', label: 'License to give', required: true, help: 'name or id of a license' },
  ],
  access: CHANGE_ACCESS, plans: true,
  run: async (context, values) => {
    const isAll = textOf(values, 'people') === ALL;
    const asked = peopleOf(values, 'people');
    const catalog = await openCatalog(context);
    const bound = { people: isAll ? ALL : writtenPeople(asked) };
    const texts = { from: textOf(values, 'from') ?? '', to: textOf(values, 'to') ?? '' };
    const licenses: { from?: Known; to?: Known } = {};
    for (const [name, other] of [['from', 'to'], ['to', 'from']] as const) {
      const meant = licensesIn(texts[name], catalog);
      if (meant.asked.length > 0) return { kind: 'view', view: questionView(context, meant, { title: 'Next', command: 'licenses move', arguments: { ...bound, [other]: licenses[other]?.license.id ?? texts[other] }, isMany: false, name }) };
      const [known] = meant.known;
      if (known === undefined || meant.known.length > 1) throw new CallerMistake({ code: 'ONE_LICENSE', message: `${name}= takes exactly one license.` });
      licenses[name] = known;
    }
    const { from, to } = licenses;
    if (from === undefined || to === undefined || from === to) throw new CallerMistake({ code: 'SAME_LICENSE', message: 'from= and to= are the same license, so there is nothing to move.' });
    const { people, problems } = isAll ? await everybodyWith(context, from) : asked;
    const wishes = wishesFor(people, [{ what: 'license', known: from, operation: 'remove' }, { what: 'license', known: to, operation: 'add' }], true);
    const [read, locations] = await Promise.all([readFor(context, wishes), isCalling(to) ? openLocations(context) : undefined]);
    return {
      kind: 'plan',
      draft: draftOf(context, catalog, wishes, read, {
        title: (who) => `Move ${who} from ${from.label} to ${to.label}`, problems, locations,
        command: `licenses move ${bound.people} from=${writtenAs([from])} to=${writtenAs([to])}`,
      }),
    };
  },
};

/** All pages of those who have the license. */
async function everybodyWith(context: Context, { license, label }: Known): Promise<PeopleArgument> {
  const people: PeopleArgument['people'] = [];
  const problems: PeopleArgument['problems'] = [];
  for await (const { id, email, displayName, type } of rest.users(context.webex, license.id)) {
    const name = displayName ?? email ?? 'Somebody';
    // Who is not said to be of the organization is read as somebody of another, which shows less and never too much.
    if (email === undefined) problems.push({ subject: name, reason: `has ${label}, but Webex shows no address` });
    else people.push({ id, email, displayName: name, orgId: type?.toUpperCase() === 'INTERNAL' ? context.organization.id : '' });
  }
  return { people, problems };
}
