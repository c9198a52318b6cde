import { orgOption, peopleOf, textOf, type Command, type Context, type PersonRef } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { mapConcurrently } from '../../../lib/concurrency.js';
import { plain } from '../../../lib/text.js';
import { DELEGATES_ACCESS, siteArgument, siteOf } from '../arguments.js';
import { statesNaming } from '../everyone.js';
import { READS_AT_ONCE, readHost, unreadable } from '../gather.js';
import type { HostState } from '../plan.js';
import { listView } from '../present.js';
import { openSiteBook } from '../sites.js';

/** `delegates list <host>`: who may schedule for a host. `delegates list to=<person>`: for whom a person may schedule. */
export const delegatesList: Command = {
  noun: 'delegates',
  verb: 'list',
  summary: 'Show who may schedule for a host, or for whom a person may schedule',
  examples: ['delegates list cara.olsen@acme.test', 'delegates list to=amy.adams@acme.test'],
  arguments: [
    { name: 'hosts', kind: 'people', label: 'Hosts', required: false, positional: true, help: 'those whose delegates are shown' },
    { name: 'to', kind: 'person', label: 'Delegate', required: false, help: 'instead: for whom this person may schedule; reads the list of every host' },
    siteArgument,
  ],
  access: DELEGATES_ACCESS,
  plans: false,
  run: async (context, values) => {
    const site = siteOf(textOf(values, 'site'));
    const hosts = peopleOf(values, 'hosts');
    const delegates = peopleOf(values, 'to');
    if (delegates.people.length > 0) {
      const all = await statesNaming(context, delegates.people, site);
      return { kind: 'view', view: await listView(context, { states: all.states, problems: all.problems, read: all.read, delegate: delegates.people[0] }) };
    }
    if (hosts.people.length + hosts.problems.length + delegates.problems.length === 0) {
      throw new CallerMistake({ code: 'WHOSE_DELEGATES', message: 'Name a host (delegates list cara@example.com) or a delegate (delegates list to=amy@example.com).' });
    }
    const found = await readHosts(context, hosts.people, site);
    return { kind: 'view', view: await listView(context, { states: found.states, problems: [...hosts.problems, ...delegates.problems, ...found.problems] }) };
  },
};

/** The lists of these hosts, on one site or on all sites where each is a host. */
export async function readHosts(context: Context, hosts: readonly PersonRef[], site: string | undefined): Promise<{ states: HostState[]; problems: { subject: string; reason: string }[] }> {
  const book = await openSiteBook(context.webex, orgOption(context));
  const problems: { subject: string; reason: string }[] = [];
  const found = await mapConcurrently(hosts, READS_AT_ONCE, async (host) => {
    try {
      const sites = (await book.hostSites(host)).filter((on) => site === undefined || on === site);
      if (sites.length === 0) problems.push({ subject: plain(host.displayName), reason: `has no host license on ${site ?? 'any site'}` });
      return await Promise.all(sites.map((on) => readHost(context, host, on)));
    } catch (error) {
      problems.push(unreadable(plain(host.displayName), error));
      return [];
    }
  });
  return { states: found.flat(), problems };
}
