import type { Command } from '../../../bot/define.js';
import { listView } from '../list-view.js';
import { LINKED, type CommandParts } from '../asking.js';

/** `changes`: the newest plans and changes of the organization. */
export function changesCommand({ engine }: CommandParts): Command {
  return {
    noun: 'changes', verb: '', summary: 'Show plans that wait, what is running and what was changed', examples: ['changes'],
    arguments: [], access: LINKED, plans: false,
    run: async (context) => ({ kind: 'view', view: listView(context.organization.name, await engine.list(context.organization.id)) }),
  };
}
