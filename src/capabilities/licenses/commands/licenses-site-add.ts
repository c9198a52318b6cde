import type { Command } from '../../../bot/define.js';
import { siteCommand } from './site.js';

export const licensesSiteAdd: Command = siteCommand({
  operation: 'add', summary: 'Make people attendees of a Webex site', title: (who, site) => `Make ${who} attendee on ${site}`,
});
