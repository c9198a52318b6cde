import type { Command } from '../../../bot/define.js';
import type { CommandParts } from '../asking.js';
import { transition } from '../transition.js';

/** Stops a change after the calls under way. */
export function changesPause({ engine, announcer }: CommandParts): Command {
  return transition('pause', 'Stop a running change for a while', announcer, (asking) => engine.pause(asking));
}
