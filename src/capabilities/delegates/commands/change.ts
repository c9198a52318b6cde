import { peopleOf, textOf, type Command, type PeopleArgument, type PersonRef } from '../../../bot/define.js';
import { plain, sentenceList } from '../../../lib/text.js';
import { fromArgument, timesOf, timesText, untilArgument } from '../../../bot/times.js';
import { DELEGATES_ACCESS, delegatesArgument, hostsArgument, siteArgument, siteOf } from '../arguments.js';
import { draftFor, type Title } from '../gather.js';
import { namesByEmail } from '../names.js';
import type { Mode } from '../plan.js';

/** How the three ways of changing lists differ in words. */
export interface ChangeWords {
  verb: Mode;
  summary: string;
  examples: string[];
  title: (delegates: string, hosts: string) => string;
}

/** `delegates add|set|remove <delegates> for=<hosts> [site=] [until=] [from=]`: reads the lists live and proposes the difference. */
export function changeCommand(words: ChangeWords): Command {
  return {
    noun: 'delegates',
    verb: words.verb,
    summary: words.summary,
    examples: words.examples,
    arguments: [delegatesArgument, hostsArgument, siteArgument, untilArgument, fromArgument],
    access: DELEGATES_ACCESS,
    plans: true,
    run: async (context, values) => {
      const delegates = peopleOf(values, 'delegates');
      const hosts = peopleOf(values, 'for');
      const site = siteOf(textOf(values, 'site'));
      const times = await timesOf(context, values);
      const command = commandText(words.verb, delegates, written(hosts), site) + timesText(times);
      const title: Title = (changed) => words.title(namesOf(changed?.delegates ?? delegates), namesOf(changed?.hosts ?? hosts));
      const draft = await draftFor(context, [{ hosts, delegates, mode: words.verb, site }], title, command);
      return { kind: 'plan', draft: { ...draft, ...times } };
    },
  };
}

/** The command as text, by addresses, so that [Plan again] means the same people. */
export function commandText(verb: string, delegates: PeopleArgument, hosts: string, site: string | undefined): string {
  return [`delegates ${verb} ${written(delegates)} for=${hosts}`, ...(site === undefined ? [] : [`site=${site}`])].join(' ');
}

/** "Amy Adams, Bob Brandt and 3 others". Of an argument in which nobody was found, what was written. */
export function namesOf(who: PeopleArgument | PersonRef[]): string {
  const { people, problems } = Array.isArray(who) ? { people: who, problems: [] } : who;
  const names = [...namesByEmail(people).values()];
  return sentenceList(names.length > 0 ? names : problems.map(({ subject }) => plain(subject, 60)), 3) || 'nobody';
}

function written(argument: PeopleArgument): string {
  return [...argument.people.map((person) => person.email), ...argument.problems.map((problem) => `"${problem.subject.replaceAll('"', '')}"`)].join(',');
}
