import type { Command } from '../../../bot/define.js';
import type { CommandParts } from '../asking.js';
import { transition } from '../transition.js';

/** [Cancel]: what is done stays, what is left is not done. */
export function changesCancel({ engine, announcer }: CommandParts): Command {
  return transition('cancel', 'Stop a change for good and leave the rest', announcer, (asking) => engine.cancel(asking));
}
