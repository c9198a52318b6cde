import type { Command } from '../../../bot/define.js';
import type { CommandParts } from '../asking.js';
import { transition } from '../transition.js';

/** [Remind]: at most once in ten minutes. */
export function changesRemind({ engine, announcer }: CommandParts): Command {
  return transition('remind', 'Show your plan again to those who can approve it', announcer, (asking) => engine.remind(asking));
}
