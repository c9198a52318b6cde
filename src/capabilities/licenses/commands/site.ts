import { peopleOf, textOf, type Command } from '../../../bot/define.js';
import { CHANGE_ACCESS, outsideArgument, peopleArgument, siteArgument, siteOf, timeArguments, withOutsiders, writtenPeople } from '../change-arguments.js';
import { openCatalog } from '../catalog.js';
import { draftOf, readFor, wishesFor } from '../gather.js';
import { timesOf, timesText } from '../../../bot/times.js';

/** `licenses site add|remove <people> site=<site>`: attendees of a site. Hosts come with a license. */
export function siteCommand(words: { operation: 'add' | 'remove'; summary: string; title: (who: string, site: string) => string }): Command {
  const { operation } = words;
  return {
    noun: 'licenses', verb: `site ${operation}`, summary: words.summary,
    examples: [`licenses site ${operation} amy.adams@acme.test site=acme.webex.com`],
    arguments: [peopleArgument, siteArgument, ...timeArguments, outsideArgument],
    access: CHANGE_ACCESS, plans: true,
    run: async (context, values) => {
      const site = siteOf(textOf(values, 'site') ?? '');
      const isOutside = textOf(values, 'outside') === 'yes';
      const asked = peopleOf(values, 'people');
      const { people, problems } = withOutsiders(asked, isOutside);
      const times = await timesOf(context, values);
      const catalog = await openCatalog(context);
      const wishes = wishesFor(people, [{ what: 'site', site, operation }]);
      const command = `licenses site ${operation} ${writtenPeople(asked)} site=${site}${timesText(times)}${isOutside ? ' outside=yes' : ''}`;
      return { kind: 'plan', draft: draftOf(context, catalog, wishes, await readFor(context, wishes), { title: (who) => words.title(who, site), command, problems, times }) };
    },
  };
}
