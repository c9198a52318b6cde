import { textOf, type Command } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { markdown, sentenceList } from '../../../lib/text.js';
import { TEMPLATES_ACCESS } from '../access.js';
import { questionView } from '../ask.js';
import { openCatalog } from '../catalog.js';
import { isManaged } from '../kinds.js';
import { saveTemplate, templateName, writtenTemplate } from '../templates.js';
import { licensesIn } from '../written.js';
import { licensesText } from './licenses-templates.js';

/** `licenses template <name> license=<licenses>`: keeps a named set of licenses; nobody's licenses change by it. */
export const licensesTemplate: Command = {
  noun: 'licenses', verb: 'template',
  summary: 'Keep a named set of licenses, to be assigned together; changes nobody’s licenses',
  examples: ['licenses template "New starter, Berlin" license="Messaging (Sub100417)","Webex Calling - Standard"'],
  arguments: [
    { name: 'name', kind: 'text', label: 'Name', required: true, positional: true, help: 'by which it is used: license=template:"Name"' },
    { name: 'license', kind: 'text', label: 'Licenses', required: true, help: 'names or ids, with commas between them' },
  ],
  access: TEMPLATES_ACCESS, plans: false,
  run: async (context, values) => {
    const name = templateName(textOf(values, 'name') ?? '');
    const catalog = await openCatalog(context);
    const meant = licensesIn(textOf(values, 'license') ?? '', catalog);
    if (meant.asked.length > 0) return { kind: 'view', view: questionView(context, meant, { title: 'Save', command: 'licenses template', arguments: { name }, isMany: true }) };
    const unfit = meant.known.filter((known) => !isManaged(known)).map(({ label }) => `“${label}”`);
    if (unfit.length > 0) throw new CallerMistake({ code: 'LICENSE_NOT_ASSIGNABLE', message: `${sentenceList(unfit)} cannot be assigned to people by the API, so no template was kept.` });
    const { personId, displayName } = context.caller;
    const template = { name, licenses: meant.known.map(({ license, label }) => ({ id: license.id, label })), by: { personId, displayName }, at: context.clock.iso() };
    const before = await saveTemplate(context, template);
    return {
      kind: 'view',
      view: {
        audience: 'details',
        markdown: [
          `**${markdown(name)}** is kept: ${markdown(licensesText(template, catalog), 2000)}.`,
          ...(before === undefined ? [] : [`Before, it was: ${markdown(licensesText(before, catalog), 2000)}.`]),
          `Nobody’s licenses have changed. Assign it with: licenses assign anna@example.com license=${markdown(writtenTemplate(template))}`,
        ].join('\n\n'),
      },
    };
  },
};
