import type { Command } from '../../../bot/define.js';
import { changeCommand } from './change.js';

/** `delegates set <delegates> for=<hosts>`: afterwards exactly these. */
export const delegatesSet: Command = changeCommand({
  verb: 'set',
  summary: 'Make the delegates of hosts exactly these people; others are removed',
  examples: ['delegates set amy.adams@acme.test for=cara.olsen@acme.test'],
  title: (delegates, hosts) => `Let only ${delegates} schedule for ${hosts}`,
});
