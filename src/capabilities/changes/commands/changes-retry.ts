import type { Command } from '../../../bot/define.js';
import { askingOf, ID_ARGUMENT, LINKED, type CommandParts } from '../asking.js';

/** [Retry failed]: a fresh plan of what failed, was in conflict or was cancelled, with the account of whoever asks. */
export function changesRetry({ engine }: CommandParts): Command {
  return {
    noun: 'changes', verb: 'retry', summary: 'Plan again what a change did not do', examples: ['changes retry 3fa9c01b2d', 'changes retry last'],
    arguments: [ID_ARGUMENT], access: LINKED, plans: true,
    run: async (context, values) => ({ kind: 'plan', draft: await engine.retry(askingOf(context, values)) }),
  };
}
