import type { Command, Context, View } from '../../../bot/define.js';
import { sameId } from '../../../lib/ids.js';
import { markdown } from '../../../lib/text.js';
import type { SettingsParts } from '../ports.js';
import { SETTINGS, type SettingDefinition } from '../table.js';

/** `settings`: what holds here, and a form to change it. */
export function settingsCommand(parts: SettingsParts): Command {
  return {
    noun: 'settings', verb: '', summary: 'Show the settings that hold here, and change them', examples: ['settings'],
    arguments: [], access: { linked: true, scopes: [], roles: [] }, plans: false,
    run: async (context) => ({ kind: 'view', view: await settingsView(context, parts) }),
  };
}

/** The settings as they hold at the caller's place. */
export async function settingsView(context: Context, parts: SettingsParts, said = ''): Promise<View> {
  const rows: { key: string; written: string; value: string; help: string }[] = [];
  for (const definition of SETTINGS) {
    const value = await parts.settings.get(context.organization.id, definition.key, { site: parts.site, roomId: context.place.roomId });
    // A space is kept by its id, which nobody can read.
    rows.push({ key: definition.key, written: definition.key === 'approval.space' ? '' : `=${value}`, value: valueInWords(context, definition, value), help: definition.help });
  }
  const choices = SETTINGS.filter(({ scopes }) => context.place.roomType === 'group' || scopes[0] !== 'space').flatMap(({ key, values }) => values
    .filter(({ value }) => key !== 'approval.space' || value !== 'here' || context.place.roomType === 'group')
    .map(({ value, title }) => ({ title: `${key}: ${title}`, value: `${key}=${value}` })));
  return {
    audience: 'details',
    markdown: [
      ...(said === '' ? [] : [markdown(said, 400), '']),
      `**Settings of ${markdown(context.organization.name)}**`,
      ...rows.map(({ key, written, value, help }) => `- ${help}: ${markdown(value)} (**${key}${markdown(written)}**)`),
      'Change one with: settings set key=value',
    ].join('\n'),
    card: {
      template: 'settings/settings', data: { organization: context.organization.name, said, rows, choices, site: parts.site ?? '' },
      buttons: [{ title: 'Change', command: 'settings set', arguments: {} }],
    },
  };
}

/** `approved plans are carried out`. Spaces are kept by id, which nobody can read. */
function valueInWords(context: Context, { key, values }: SettingDefinition, value: string): string {
  if (key === 'approval.space') return value === '' ? 'no space, only the 1:1 of those who may approve' : sameId(value, context.place.roomId) ? 'this space' : 'another space';
  const title = values.find((one) => one.value === value)?.title;
  return title ?? value;
}
