import type { Command } from '../../../bot/define.js';
import { siteCommand } from './site.js';

export const licensesSiteRemove: Command = siteCommand({
  operation: 'remove', summary: 'Take people off a Webex site where they are attendees', title: (who, site) => `Take ${who} off ${site} as attendee`,
});
