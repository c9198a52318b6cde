import type { Command } from '../../../bot/define.js';
import { markdown } from '../../../lib/text.js';
import { LOOK_ACCESS } from '../follow.js';
import { readRules } from '../rules.js';
import { listView, ruleRow } from '../views.js';

/** `spaces rules`: which spaces follow which groups, with the ids. */
export const spacesRules: Command = {
  noun: 'spaces', verb: 'rules',
  summary: 'Show which spaces follow which groups',
  examples: ['spaces rules'],
  arguments: [],
  access: LOOK_ACCESS,
  plans: false,
  run: async (context) => {
    const rules = await readRules(context);
    const view = listView(context, {
      title: rules.length === 0 ? 'No space follows a group yet' : 'Spaces that follow groups', rows: rules.map(ruleRow), rest: 'spaces export',
      buttons: [
        { title: 'Follow groups', command: 'spaces link', arguments: {} },
        ...(rules.length === 0 ? [] : [{ title: 'Preview', command: 'spaces preview', arguments: {} }, { title: 'Stop following', command: 'spaces unlink', arguments: {} }, { title: 'Exemptions', command: 'spaces exemptions', arguments: {} }]),
      ],
    });
    const ids = rules.map((rule) => `- rule ${rule.id}: space ${markdown(rule.space.id, 600)}`);
    return { kind: 'view', view: { ...view, markdown: [view.markdown, ...ids].join('\n') } };
  },
};
