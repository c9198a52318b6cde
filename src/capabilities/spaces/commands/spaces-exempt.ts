import { peopleOf, textOf, type Command } from '../../../bot/define.js';
import { timeZoneOf } from '../../../bot/times.js';
import { plain, sentenceList } from '../../../lib/text.js';
import { timeIn, untilOf } from '../../../schedules/when.js';
import { RULES_ACCESS } from '../arguments.js';
import { inArgument, peopleArgument, spaceNamed } from '../exempt.js';
import { saveExemption } from '../rules.js';
import { confirmView } from '../views.js';

/** `spaces exempt <people> [in=] [until=]`: they stay in a space, or in all, whatever the groups say. */
export const spacesExempt: Command = {
  noun: 'spaces', verb: 'exempt',
  summary: 'Keep people in spaces whatever the groups say, also until a date',
  examples: ['spaces exempt raj.patel@acme.test', 'spaces exempt raj.patel@acme.test in="Sales Floor" until=2026-12-24'],
  arguments: [peopleArgument, inArgument, { name: 'until', kind: 'text', label: 'Until', required: false, help: 'a date such as 2026-12-24, or a length of time such as 14d; without it, for good' }],
  access: RULES_ACCESS,
  plans: false,
  run: async (context, values) => {
    const asked = peopleOf(values, 'people');
    const tz = await timeZoneOf(context);
    const end = textOf(values, 'until');
    const until = end === undefined ? undefined : untilOf(end, { tz, now: context.clock.now() });
    const space = await spaceNamed(context, textOf(values, 'in'));
    const { personId, displayName } = context.caller;
    for (const person of asked.people) {
      await saveExemption(context, { person, by: { personId, displayName }, at: context.clock.iso(), ...(space === undefined ? {} : { space }), ...(until === undefined ? {} : { until }) });
    }
    const names = sentenceList(asked.people.map((person) => plain(person.displayName, 60)), 5);
    const where = space === undefined ? 'all spaces that follow groups' : plain(space.title, 80);
    return {
      kind: 'view',
      view: confirmView(context, {
        title: asked.people.length === 0 ? 'Nobody was found' : `${names} ${asked.people.length === 1 ? 'stays' : 'stay'} in ${where}${until === undefined ? '' : ` until ${timeIn(until, tz)} (${tz})`}`,
        notes: asked.problems.map(({ subject, reason }) => `${plain(subject)}: ${plain(reason, 400)}`),
        closing: asked.people.length === 0 ? '' : 'They are not added to a space by this, only never removed. Schedules that run by themselves ask once for a new approval.',
        buttons: [{ title: 'Exemptions', command: 'spaces exemptions', arguments: {} }],
      }),
    };
  },
};
