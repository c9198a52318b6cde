import type { Command } from '../../bot/define.js';
import type { Asking, Plan } from '../../changes/engine.js';
import type { Announcer } from './announce.js';
import { askingOf, ID_ARGUMENT, LINKED } from './asking.js';

/** A command that moves one plan or change on. The engine decides whether it may be; the announcer tells what came of it. */
export function transition(verb: string, summary: string, announcer: Announcer, move: (asking: Asking) => Promise<Plan>): Command {
  return {
    noun: 'changes', verb, summary, examples: [`changes ${verb} 3fa9c01b2d`],
    arguments: [ID_ARGUMENT], access: LINKED, plans: false,
    run: async (context, values) => {
      await announcer.settled(await move(askingOf(context, values)));
      return { kind: 'handled' };
    },
  };
}
