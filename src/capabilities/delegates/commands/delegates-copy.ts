import { orgOption, peopleOf, textOf, type Command, type PersonRef } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { plain } from '../../../lib/text.js';
import { DELEGATES_ACCESS, hostsArgument, siteArgument, siteOf } from '../arguments.js';
import { draftFor, readHost } from '../gather.js';
import { openSiteBook } from '../sites.js';
import { namesOf } from './change.js';

/** `delegates copy <host> to=<hosts>`: the others get this host's delegates besides their own. */
export const delegatesCopy: Command = {
  noun: 'delegates',
  verb: 'copy',
  summary: 'Give other hosts the delegates of one host, besides those that they have',
  examples: ['delegates copy cara.olsen@acme.test to=victor.stone@acme.test'],
  arguments: [
    { name: 'host', kind: 'person', label: 'Host to copy from', required: true, positional: true, help: 'the host whose delegates are copied' },
    { ...hostsArgument, name: 'to', label: 'Hosts to copy to', help: 'the hosts who get them' },
    siteArgument,
  ],
  access: DELEGATES_ACCESS,
  plans: true,
  run: async (context, values) => {
    const from = theOne(peopleOf(values, 'host').people);
    const asked = siteOf(textOf(values, 'site'));
    const site = asked ?? (await (await openSiteBook(context.webex, orgOption(context))).defaultSite(from));
    if (site === undefined) throw new CallerMistake({ code: 'NOT_A_HOST', message: `${plain(from.displayName)} has no host license on any site, so there are no delegates to copy.` });
    const { current } = await readHost(context, from, site);
    if (current.length === 0) throw new CallerMistake({ code: 'NO_DELEGATES', message: `Nobody may schedule for ${plain(from.displayName)} on ${site}, so there is nothing to copy.` });
    const found = await context.peopleByEmail(current);
    const problems = current.filter((email) => !found.has(email.toLowerCase())).map((email) => ({ subject: email, reason: 'is not known to Webex any more' }));
    const hosts = peopleOf(values, 'to');
    const title = `Give ${namesOf(hosts)} the delegates of ${plain(from.displayName)}`;
    const command = `delegates copy ${from.email} to=${hosts.people.map((person) => person.email).join(',')} site=${site}`;
    const delegates = { people: [...found.values()], problems };
    return { kind: 'plan', draft: await draftFor(context, [{ hosts, delegates, mode: 'add', site }], () => title, command) };
  },
};

function theOne(people: readonly PersonRef[]): PersonRef {
  const [first, second] = people;
  if (first === undefined || second !== undefined) {
    throw new CallerMistake({ code: 'ONE_PERSON', message: 'Name exactly one host, by address or by name.' });
  }
  return first;
}
