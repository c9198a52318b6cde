import type { Command } from '../../../bot/define.js';
import type { CommandParts } from '../asking.js';
import { transition } from '../transition.js';

/** [Reject]: whoever could approve the plan says no to it. The requester withdraws it so. */
export function changesReject({ engine, announcer }: CommandParts): Command {
  return transition('reject', 'Say no to a plan that waits', announcer, (asking) => engine.reject(asking));
}
