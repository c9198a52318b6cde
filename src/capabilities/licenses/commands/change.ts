import { peopleOf, textOf, type Answer, type Command, type Context, type Values } from '../../../bot/define.js';
import { timesOf } from '../../../bot/times.js';
import { questionView } from '../ask.js';
import { planOrAsk } from '../ask-calling.js';
import { openCatalog } from '../catalog.js';
import { boundTo, callingArguments, CHANGE_ACCESS, licenseArgument, outsideArgument, peopleArgument, timeArguments, withOutsiders, writtenPeople } from '../change-arguments.js';
import { labelsOf } from '../gather.js';
import { licensesOrTemplatesIn, writtenAs } from '../written.js';

/** How giving and taking differ. */
export interface ChangeWords {
  verb: 'assign' | 'remove';
  operation: 'add' | 'remove';
  summary: string;
  examples: string[];
  title: (licenses: string, who: string) => string;
}

/** `licenses assign|remove <people> license=<licenses> [extension= phone= location=] [until=] [from=]`: one call per person. */
export function changeCommand(words: ChangeWords): Command {
  const isAssign = words.operation === 'add';
  return {
    noun: 'licenses', verb: words.verb, summary: words.summary, examples: words.examples,
    arguments: [peopleArgument, licenseArgument, ...(isAssign ? callingArguments : []), ...timeArguments, outsideArgument],
    access: CHANGE_ACCESS, plans: true,
    run: (context, values) => change(context, values, words),
  };
}

async function change(context: Context, values: Values, { verb, operation, title }: ChangeWords): Promise<Answer> {
  const command = `licenses ${verb}`;
  const isOutside = textOf(values, 'outside') === 'yes';
  const written = peopleOf(values, 'people');
  const catalog = await openCatalog(context);
  const meant = await licensesOrTemplatesIn(context, textOf(values, 'license') ?? '', catalog);
  if (meant.asked.length > 0) return { kind: 'view', view: questionView(context, meant, { title: 'Next', command, arguments: boundTo(values, 'license'), isMany: true }) };
  return planOrAsk(context, values, catalog, {
    ...withOutsiders(written, isOutside), operations: meant.known.map((known) => ({ what: 'license', known, operation })),
    title: (who) => title(labelsOf(meant.known), who), times: await timesOf(context, values),
    written: `${command} ${writtenPeople(written)} license=${writtenAs(meant.known)}${isOutside ? ' outside=yes' : ''}`,
    again: { command, arguments: { ...boundTo(values, 'license'), license: meant.known.map(({ license }) => license.id).join(',') } },
  });
}
