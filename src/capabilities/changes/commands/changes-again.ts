import { textOf, type Command } from '../../../bot/define.js';
import { sameId } from '../../../lib/ids.js';
import { askingOf, ID_ARGUMENT, LINKED, type CommandParts } from '../asking.js';

/** [Plan again]: the same command once more, from what Webex shows now, with the account of whoever asks. `instead`: one of the plan's alternatives, which takes its place. */
export function changesAgain({ engine }: CommandParts): Command {
  return {
    noun: 'changes', verb: 'again', summary: 'Make a plan anew that has expired or was withdrawn', examples: ['changes again 3fa9c01b2d'],
    arguments: [ID_ARGUMENT, { name: 'instead', kind: 'text', label: 'Alternative', required: false, help: 'set by the button', hidden: true }], access: LINKED, plans: true,
    run: async (context, values) => {
      const asking = askingOf(context, values);
      const plan = await engine.get(asking.organization, asking.id);
      const other = plan.alternatives?.[Number(textOf(values, 'instead') ?? 0) - 1];
      if (other !== undefined && plan.state === 'pending' && sameId(plan.requester.personId, asking.by.personId)) await engine.withdraw(asking);
      return { kind: 'run', command: (other ?? plan).command };
    },
  };
}
