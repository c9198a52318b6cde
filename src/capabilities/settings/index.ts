import type { Capability } from '../../bot/define.js';
import { settingsCommand } from './commands/settings.js';
import { settingsSetCommand } from './commands/settings-set.js';
import type { SettingsParts } from './ports.js';

export { SETTINGS } from './table.js';

/** What administrators decide in chat, per site, space and organization. */
export function createSettingsCapability(parts: SettingsParts): Capability {
  return { name: 'settings', commands: [settingsCommand(parts), settingsSetCommand(parts)], stepKinds: [] };
}
