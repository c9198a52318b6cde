import type { Command, Context, View } from '../../../bot/define.js';
import { markdown, plain, sentenceList } from '../../../lib/text.js';
import { READ_ACCESS } from '../access.js';
import { openCatalog, type Catalog } from '../catalog.js';
import { readTemplates, writtenTemplate, type LicenseTemplate } from '../templates.js';

const MOST_ROWS = 20;
/** Webex draws about this many choices well. */
const MOST_CHOICES = 50;

/** `licenses templates`: the named sets of licenses. */
export const licensesTemplates: Command = {
  noun: 'licenses', verb: 'templates',
  summary: 'Show the named sets of licenses that can be assigned together',
  examples: ['licenses templates'],
  arguments: [], access: READ_ACCESS, plans: false,
  run: async (context) => ({ kind: 'view', view: templatesView(context, await readTemplates(context), await openCatalog(context)) }),
};

function templatesView({ organization }: Context, templates: readonly LicenseTemplate[], catalog: Catalog): View {
  const rows = templates.map((template) => ({ title: template.name, text: licensesText(template, catalog), small: `by ${plain(template.by.displayName)} on ${template.at.slice(0, 10)}` }));
  const none = rows.length > 0 ? '' : 'There are no templates yet. Make one with: licenses template "New starter, Berlin" license=messaging,meetings';
  return {
    audience: 'details',
    markdown: [
      '**License templates**', ...(none === '' ? [] : [markdown(none, 300)]),
      ...rows.map(({ title, text, small }) => `- **${markdown(title)}**: ${markdown(text, 2000)} (${markdown(small)})`),
      ...(rows.length === 0 ? [] : [`Assign one with: licenses assign anna@example.com license=${markdown(writtenTemplate(templates[0] ?? { name: '' }))}`]),
    ].join('\n'),
    card: {
      template: 'licenses/templates',
      data: { organization: organization.name, none, rows: rows.slice(0, MOST_ROWS), choices: templates.slice(0, MOST_CHOICES).map((template) => ({ title: template.name, value: writtenTemplate(template) })) },
      buttons: rows.length === 0 ? [] : [{ title: 'Assign…', command: 'licenses assign', arguments: {}, style: 'positive' }],
    },
  };
}

/** As the licenses are called now; what is no longer there is said. */
export function licensesText({ licenses }: LicenseTemplate, catalog: Catalog): string {
  return sentenceList(licenses.map(({ id, label }) => catalog.get(id)?.label ?? `${plain(label)} (no longer there)`));
}
