import type { Command } from '../../../bot/define.js';
import { askingOf, ID_ARGUMENT, LINKED, type CommandParts } from '../asking.js';
import { showAnswer } from '../show.js';

/** `changes show <id>`: a plan with its buttons, or a change with its result so far. */
export function changesShow(parts: CommandParts): Command {
  return {
    noun: 'changes', verb: 'show', summary: 'Show a plan or a change', examples: ['changes show 3fa9c01b2d'],
    arguments: [ID_ARGUMENT], access: LINKED, plans: false,
    run: async (context, values) => {
      const { organization, id } = askingOf(context, values);
      return showAnswer(context, parts, await parts.engine.get(organization, id));
    },
  };
}
