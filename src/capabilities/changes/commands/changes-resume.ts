import type { Command } from '../../../bot/define.js';
import type { CommandParts } from '../asking.js';
import { transition } from '../transition.js';

/** [Continue]: does what is left of a paused change. */
export function changesResume({ engine, announcer }: CommandParts): Command {
  return transition('resume', 'Let a paused change go on', announcer, (asking) => engine.resume(asking));
}
