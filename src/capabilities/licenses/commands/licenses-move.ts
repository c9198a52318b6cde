import { peopleOf, textOf, type Answer, type Command, type Context, type PeopleArgument, type Values } from '../../../bot/define.js';
import { timesOf, untilArgument } from '../../../bot/times.js';
import { CallerMistake } from '../../../lib/errors.js';
import * as rest from '../../../webex/rest/licenses.js';
import { questionView } from '../ask.js';
import { planOrAsk } from '../ask-calling.js';
import { openCatalog } from '../catalog.js';
import { boundTo, callingArguments, CHANGE_ACCESS, peopleArgument, writtenPeople } from '../change-arguments.js';
import type { Known } from '../define.js';
import { cannotBecomeStandard } from '../kinds.js';
import { licensesIn, writtenAs } from '../written.js';

/** Everybody who has the license. */
const ALL = 'all';
const COMMAND = 'licenses move';

/** `licenses move <people|all> from= to= [extension= phone= location=] [until=]`: one license for another in one call per person, all or nothing for each. */
export const licensesMove: Command = {
  noun: 'licenses', verb: 'move',
  summary: 'Change one license for another, in one call per person',
  examples: [
    'licenses move all from="Messaging (Sub100417)" to="Messaging (Sub207733)"', 'licenses move group:"Executives" from="Messaging (Sub100417)" to="Messaging (Sub207733)" until=2026-12-31',
    'licenses move amy.adams@acme.test from="Webex Events" to="Webex Calling - Standard" extension=4711 location=Berlin',
  ],
  arguments: [
    { ...peopleArgument, keywords: [ALL], help: 'whose license is changed; all: everybody who has it' },
    { name: 'from', kind: 'text', label: 'License to take', required: true, help: 'name or id of a license' },
    { name: 'to', kind: 'text', label: 'License to give', required: true, help: 'name or id of a license' },
    // There is no time at which it begins: from= is the license.
    ...callingArguments, untilArgument,
  ],
  access: CHANGE_ACCESS, plans: true,
  run: move,
};

async function move(context: Context, values: Values): Promise<Answer> {
  const catalog = await openCatalog(context);
  const licenses: Record<string, Known> = {};
  const idsOf = (): Record<string, string> => Object.fromEntries(Object.entries(licenses).map(([name, { license }]) => [name, license.id]));
  for (const name of ['from', 'to']) {
    const meant = licensesIn(textOf(values, name) ?? '', catalog);
    if (meant.asked.length > 0) return { kind: 'view', view: questionView(context, meant, { title: 'Next', command: COMMAND, arguments: { ...boundTo(values, name), ...idsOf() }, isMany: false, name }) };
    const [known] = meant.known;
    if (known === undefined || meant.known.length > 1) throw new CallerMistake({ code: 'ONE_LICENSE', message: `${name}= takes exactly one license.` });
    licenses[name] = known;
  }
  const { from, to } = licenses;
  if (from === undefined || to === undefined || from === to) throw new CallerMistake({ code: 'SAME_LICENSE', message: 'from= and to= are the same license, so there is nothing to move.' });
  const times = await timesOf(context, { until: values['until'] });
  if (times.until !== undefined) requireWayBack(from, to);
  const isAll = textOf(values, 'people') === ALL;
  const asked = peopleOf(values, 'people');
  return planOrAsk(context, values, catalog, {
    ...(isAll ? await everybodyWith(context, from) : asked), together: true, times,
    operations: [{ what: 'license', known: from, operation: 'remove' }, { what: 'license', known: to, operation: 'add', from }],
    title: (who) => `Move ${who} from ${from.label} to ${to.label}`,
    written: `${COMMAND} ${isAll ? ALL : writtenPeople(asked)} from=${writtenAs([from])} to=${writtenAs([to])}`,
    again: { command: COMMAND, arguments: { ...boundTo(values), ...idsOf() } },
  });
}

/** Throws CallerMistake for a move that Webex does not take back, so that it could never end. */
function requireWayBack(from: Known, to: Known): void {
  if (from.kind !== 'calling-standard' || !cannotBecomeStandard(to.kind)) return;
  throw new CallerMistake({ code: 'NO_WAY_BACK', message: `Webex does not change ${to.label} back to ${from.label}, so this move cannot end by itself. Leave until= out.` });
}

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
