import { peopleOf, textOf, type Command } from '../../../bot/define.js';
import { format } from '../../../lib/csv.js';
import { count } from '../../../lib/text.js';
import { EVERYONE, DELEGATES_ACCESS, hostsArgument, siteArgument, siteOf } from '../arguments.js';
import { readEverybody } from '../everyone.js';
import { readHosts } from './delegates-list.js';

/** `delegates export for=<hosts>|everyone`: a CSV that `delegates import` takes back. */
export const delegatesExport: Command = {
  noun: 'delegates',
  verb: 'export',
  summary: 'Write who may schedule for whom to a CSV file',
  examples: ['delegates export for=everyone', 'delegates export for=department:Sales site=acme.webex.com'],
  arguments: [{ ...hostsArgument, positional: true, keywords: [EVERYONE] }, siteArgument],
  access: DELEGATES_ACCESS,
  plans: false,
  run: async (context, values) => {
    const site = siteOf(textOf(values, 'site'));
    const all = textOf(values, 'for') === EVERYONE;
    const hosts = peopleOf(values, 'for');
    const { states, problems } = all ? await readEverybody(context, site) : await readHosts(context, hosts.people, site);
    const rows = states.flatMap((state) => state.current.map((email) => [state.host.email, email, 'add', state.site]));
    const left = [...hosts.problems, ...problems];
    const unread = left.length === 0 ? '' : ` ${count(left.length, 'person', 'people')} could not be read and ${left.length === 1 ? 'is' : 'are'} listed in not-read.csv; they are not empty.`;
    return {
      kind: 'view',
      view: {
        markdown: `${count(rows.length, 'permission')} of ${count(states.length, 'list')}.${unread}`,
        audience: 'private',
        files: [
          { name: 'delegates.csv', content: format(['host', 'delegate', 'mode', 'site'], rows) },
          ...(left.length === 0 ? [] : [{ name: 'not-read.csv', content: format(['person', 'reason'], left.map((one) => [one.subject, one.reason])) }]),
        ],
      },
    };
  },
};
