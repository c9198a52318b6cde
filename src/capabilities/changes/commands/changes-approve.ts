import { textOf, type Command } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { askingOf, ID_ARGUMENT, LINKED, type CommandParts } from '../asking.js';
import { showAnswer } from '../show.js';

/** [Approve]: by its button only, which knows the hash of the plan on its card. As text it shows the plan. */
export function changesApprove(parts: CommandParts): Command {
  return {
    noun: 'changes', verb: 'approve', summary: 'Show a plan that waits, to approve it with its button', examples: ['changes approve 3fa9c01b2d'],
    arguments: [
      // Not required, so that the shell never asks for it by a form, whose fields are typed: a press then is always one of our own buttons.
      { ...ID_ARGUMENT, required: false },
      { name: 'hash', kind: 'text', label: 'Hash', required: false, help: 'set by the button', hidden: true },
      { name: 'first', kind: 'text', label: 'First steps', required: false, help: 'set by the button', hidden: true },
    ],
    access: LINKED, plans: false,
    run: async (context, values) => {
      const asking = askingOf(context, values);
      const hash = textOf(values, 'hash');
      // Nobody can have seen a plan by typing its id.
      if (context.via !== 'button' || hash === undefined) return showAnswer(context, parts, await parts.engine.get(asking.organization, asking.id));
      const first = textOf(values, 'first');
      if (first !== undefined && !/^[1-9]\d{0,3}$/.test(first)) throw new CallerMistake({ code: 'NOT_UNDERSTOOD', message: 'The number of first steps is not a number.' });
      const plan = await parts.engine.approve({ ...asking, hash, ...(first === undefined ? {} : { first: Number(first) }) });
      await parts.announcer.settled(plan);
      return { kind: 'handled' };
    },
  };
}
