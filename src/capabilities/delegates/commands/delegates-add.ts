import type { Command } from '../../../bot/define.js';
import { changeCommand } from './change.js';

/** `delegates add <delegates> for=<hosts>`: keeps who is there already. */
export const delegatesAdd: Command = changeCommand({
  verb: 'add',
  summary: 'Let people schedule meetings for hosts, keeping the delegates that they have',
  examples: ['delegates add bob.nguyen@acme.test for=cara.olsen@acme.test', 'delegates add "Amy Adams", "Bob Nguyen" for=group:"Executives" site=acme.webex.com'],
  title: (delegates, hosts) => `Let ${delegates} schedule for ${hosts}`,
});
