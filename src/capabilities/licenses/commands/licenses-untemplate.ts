import { textOf, type Command } from '../../../bot/define.js';
import { markdown, plain, sentenceList } from '../../../lib/text.js';
import { TEMPLATES_ACCESS } from '../access.js';
import { removeTemplate } from '../templates.js';

/** `licenses untemplate <name>`: forgets a named set of licenses; nobody's licenses change by it. */
export const licensesUntemplate: Command = {
  noun: 'licenses', verb: 'untemplate',
  summary: 'Forget a named set of licenses; changes nobody’s licenses',
  examples: ['licenses untemplate "New starter, Berlin"'],
  arguments: [{ name: 'name', kind: 'text', label: 'Name', required: true, positional: true, help: 'of the template' }],
  access: TEMPLATES_ACCESS, plans: false,
  run: async (context, values) => {
    const { name, licenses } = await removeTemplate(context, textOf(values, 'name') ?? '');
    return {
      kind: 'view',
      view: { audience: 'details', markdown: `The template **${markdown(name)}** is gone; it had ${markdown(sentenceList(licenses.map(({ label }) => plain(label))), 2000)}. Nobody’s licenses have changed.` },
    };
  },
};
