import type { Command } from '../../../bot/define.js';
import { changeCommand } from './change.js';

/** `licenses remove`: only what is named goes. */
export const licensesRemove: Command = changeCommand({
  verb: 'remove', operation: 'remove',
  summary: 'Take licenses away from people; what else they have stays',
  examples: ['licenses remove kwame.mensah@acme.test license="Advanced Space Meetings"', 'licenses remove department:Sales license="Webex Events on acme-eu.webex.com"'],
  title: (licenses, who) => `Remove ${licenses} from ${who}`,
});
