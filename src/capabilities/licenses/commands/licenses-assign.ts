import type { Command } from '../../../bot/define.js';
import { changeCommand } from './change.js';

/** `licenses assign`: what people have besides stays. */
export const licensesAssign: Command = changeCommand({
  verb: 'assign', operation: 'add',
  summary: 'Give licenses to people, keeping what they have',
  examples: ['licenses assign amy.adams@acme.test license="Advanced Space Meetings"', 'licenses assign amy.adams@acme.test license="Webex Calling - Standard" extension=4711 location=Berlin until=2026-12-31'],
  title: (licenses, who) => `Assign ${licenses} to ${who}`,
});
