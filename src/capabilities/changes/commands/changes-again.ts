import type { Command } from '../../../bot/define.js';
import { askingOf, ID_ARGUMENT, LINKED, type CommandParts } from '../asking.js';

/** [Plan again]: the same command once more, from what Webex shows now, with the account of whoever asks. */
export function changesAgain({ engine }: CommandParts): Command {
  return {
    noun: 'changes', verb: 'again', summary: 'Make a plan anew that has expired or was withdrawn', examples: ['changes again 3fa9c01b2d'],
    arguments: [ID_ARGUMENT], access: LINKED, plans: true,
    run: async (context, values) => {
      const { organization, id } = askingOf(context, values);
      return { kind: 'run', command: (await engine.get(organization, id)).command };
    },
  };
}
