import { textOf, type Command } from '../../../bot/define.js';
import type { SpacesParts } from '../define.js';
import { draftOf } from '../draft.js';
import { look, remember, ruleArgument, rulesOf, SYNC_ACCESS } from '../follow.js';

/** `spaces sync [rule] [only=add]`: the plan of what `spaces preview` shows. */
export function spacesSync(parts: SpacesParts): Command {
  return {
    noun: 'spaces', verb: 'sync',
    summary: 'Add and remove members of spaces so that they are those of their groups',
    examples: ['spaces sync', 'spaces sync "Field Sales" only=add'],
    arguments: [
      ruleArgument,
      { name: 'only', kind: 'choice', label: 'Only', required: false, help: 'add: nobody is removed', choices: [{ title: 'Add, remove nobody', value: 'add' }] },
    ],
    access: SYNC_ACCESS,
    plans: true,
    run: async (context, values) => {
      const rules = await rulesOf(context, values);
      const found = await look(context, parts, rules);
      await remember(context, found);
      const [only] = rules;
      const command = textOf(values, 'rule') === undefined || only === undefined ? 'spaces sync' : `spaces sync ${only.id}`;
      return { kind: 'plan', draft: draftOf(found.plans, found.stopped, command, textOf(values, 'only') === 'add' ? 'add' : undefined) };
    },
  };
}
