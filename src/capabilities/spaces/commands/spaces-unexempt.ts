import { peopleOf, textOf, type Command } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { sameId } from '../../../lib/ids.js';
import { count, plain } from '../../../lib/text.js';
import { RULES_ACCESS } from '../arguments.js';
import type { Exemption } from '../define.js';
import { inArgument, peopleArgument, spaceNamed } from '../exempt.js';
import { readExemptions, removeExemption } from '../rules.js';
import { confirmView } from '../views.js';

/** `spaces unexempt <people> [in=]`: the groups decide again. Works for people who have left, too. */
export const spacesUnexempt: Command = {
  noun: 'spaces', verb: 'unexempt',
  summary: 'Let the groups decide again about people who were exempt',
  examples: ['spaces unexempt raj.patel@acme.test', 'spaces unexempt raj.patel@acme.test in="Sales Floor"'],
  arguments: [{ ...peopleArgument, help: 'those who were exempt' }, { ...inArgument, help: 'only their exemption for this space; without it, all that they have' }],
  access: RULES_ACCESS,
  plans: false,
  run: async (context, values) => {
    const asked = peopleOf(values, 'people');
    const space = await spaceNamed(context, textOf(values, 'in'));
    const isMeant = ({ person, space: own }: Exemption): boolean =>
      (asked.people.some(({ id }) => sameId(id, person.id)) || asked.problems.some(({ subject }) => subject.trim().toLowerCase() === person.email.toLowerCase()))
      && (space === undefined || (own !== undefined && sameId(own.id, space.id)));
    const meant = (await readExemptions(context)).filter(isMeant);
    if (meant.length === 0) throw new CallerMistake({ code: 'NOT_EXEMPT', message: 'None of these people is exempt there. Write “spaces exemptions” to see who is.' });
    for (const exemption of meant) await removeExemption(context, exemption);
    const lines = meant.map(({ person, space: own }) => `${plain(person.displayName, 60)}: ${own === undefined ? 'all spaces that follow groups' : plain(own.title, 80)}`);
    return {
      kind: 'view',
      view: confirmView(context, {
        title: `${count(meant.length, 'exemption')} ended`, sections: [{ heading: 'The groups decide again', lines }],
        closing: 'Nobody was removed by this. Who is in none of the groups leaves at the next sync.',
        buttons: [{ title: 'Preview', command: 'spaces preview', arguments: {} }],
      }),
    };
  },
};
