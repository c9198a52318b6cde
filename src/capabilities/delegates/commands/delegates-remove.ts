import { peopleOf, textOf, type Command } from '../../../bot/define.js';
import { timesOf, timesText } from '../../../bot/times.js';
import { count } from '../../../lib/text.js';
import { EVERYONE, siteOf } from '../arguments.js';
import { statesNaming } from '../everyone.js';
import { draftOf, withFormerPeople } from '../gather.js';
import { changeCommand, commandText, namesOf, type ChangeWords } from './change.js';

const WORDS: ChangeWords = {
  verb: 'remove',
  summary: 'Take the permission to schedule away, for some hosts or for everyone',
  examples: ['delegates remove amy.adams@acme.test for=cara.olsen@acme.test', 'delegates remove amy.adams@acme.test for=everyone'],
  title: (delegates, hosts) => `Stop ${delegates} from scheduling for ${hosts}`,
};

const named = changeCommand(WORDS);

/** `delegates remove <delegates> for=<hosts>|everyone`. Works for people who have left, too. */
export const delegatesRemove: Command = {
  ...named,
  arguments: named.arguments.map((argument) => (argument.name === 'for' ? { ...argument, keywords: [EVERYONE] } : argument)),
  run: async (context, values) => {
    if (textOf(values, 'for') !== EVERYONE) return named.run(context, values);
    const delegates = withFormerPeople(peopleOf(values, 'delegates'));
    const site = siteOf(textOf(values, 'site'));
    const all = await statesNaming(context, delegates.people, site);
    const wishes = all.states.map((state) => ({ state, mode: 'remove' as const, delegates: delegates.people }));
    const times = await timesOf(context, values);
    const command = commandText('remove', delegates, EVERYONE, site) + timesText(times);
    const draft = await draftOf(context, wishes, [...delegates.problems, ...all.problems], () => WORDS.title(namesOf(delegates), 'everyone'), command);
    return { kind: 'plan', draft: { ...draft, ...times, warnings: [...draft.warnings, `Read ${count(all.read, 'list')} of delegates to find them.`] } };
  },
};
