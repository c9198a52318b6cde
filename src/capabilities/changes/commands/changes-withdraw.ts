import type { Command } from '../../../bot/define.js';
import type { CommandParts } from '../asking.js';
import { transition } from '../transition.js';

/** [Withdraw]: the requester takes his plan back. */
export function changesWithdraw({ engine, announcer }: CommandParts): Command {
  return transition('withdraw', 'Take back a plan that you asked for', announcer, (asking) => engine.withdraw(asking));
}
