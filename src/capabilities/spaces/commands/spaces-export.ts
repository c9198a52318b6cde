import type { Command } from '../../../bot/define.js';
import { format } from '../../../lib/csv.js';
import { count } from '../../../lib/text.js';
import { LOOK_ACCESS } from '../follow.js';
import { COLUMNS } from '../import-rows.js';
import { readRules } from '../rules.js';

/** `spaces export`: the rules as a CSV that `spaces import` takes back. To 1:1. */
export const spacesExport: Command = {
  noun: 'spaces', verb: 'export',
  summary: 'Write which spaces follow which groups to a CSV file',
  examples: ['spaces export'],
  arguments: [],
  access: LOOK_ACCESS,
  plans: false,
  run: async (context) => {
    const rules = await readRules(context);
    const rows = rules.flatMap(({ space, groups, mode }) => groups.map((group) => [group.name, space.title, group.id, space.id, mode]));
    return {
      kind: 'view',
      view: { audience: 'private', markdown: `${count(rules.length, 'space')} with ${count(rows.length, 'group')}. The ids count; names are there for people.`, files: [{ name: 'space-rules.csv', content: format([...COLUMNS], rows) }] },
    };
  },
};
