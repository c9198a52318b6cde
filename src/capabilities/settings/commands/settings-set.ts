import { textOf, type Command, type Context } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { plain, sentenceList } from '../../../lib/text.js';
import { ROLES } from '../../../webex/roles.js';
import type { SettingScope, SettingsParts } from '../ports.js';
import { SETTINGS, type ScopeKind, type SettingDefinition } from '../table.js';
import { settingsView } from './settings.js';

/** `settings set <key>=<value> [for=space|organization|site] [site=]`: full administrators only, audited. */
export function settingsSetCommand(parts: SettingsParts): Command {
  return {
    noun: 'settings', verb: 'set', summary: 'Change a setting',
    examples: ['settings set mode=look', 'settings set delegates.backend=xml for=site site=acme.webex.com', 'settings set space.details=here'],
    arguments: [
      {
        name: 'setting', kind: 'text', label: 'Setting', required: true, positional: true, assignment: true,
        help: `one of ${SETTINGS.map(({ key, values }) => `${key}=${values.map(({ value }) => value).join('|')}`).join(', ')}`,
      },
      {
        name: 'for', kind: 'choice', label: 'For', required: false, help: 'for this space, the organization, or one site; without it, what the setting is meant for',
        choices: [{ title: 'The organization', value: 'organization' }, { title: 'This space', value: 'space' }, { title: 'One site', value: 'site' }],
      },
      { name: 'site', kind: 'text', label: 'Webex site', required: false, help: 'the site, as acme.webex.com, with for=site' },
    ],
    access: { linked: true, scopes: [], roles: [ROLES.full] }, plans: false,
    run: async (context, values) => {
      const { definition, value } = assignmentOf(textOf(values, 'setting') ?? '');
      const scope = scopeOf(context, definition, textOf(values, 'for'), textOf(values, 'site') ?? parts.site, textOf(values, 'site') !== undefined);
      const kept = definition.key === 'approval.space' ? spaceOf(context, value) : value;
      const organization = context.organization.id;
      const before = (await parts.settings.find(organization, definition.key, scope))?.value ?? definition.default;
      await parts.audit.record(organization, {
        actor: context.caller.personId, action: 'setting.changed', subject: definition.key, details: { scope, before, after: kept },
      });
      await parts.settings.set(organization, definition.key, scope, kept, context.caller.personId);
      return { kind: 'view', view: await settingsView(context, parts, `${definition.key} is now ${value} for ${inWords(scope)}.`) };
    },
  };
}

/** Reads `key=value`, spaces around the sign allowed. Throws CallerMistake that names what can be set. */
function assignmentOf(text: string): { definition: SettingDefinition; value: string } {
  const [, key = text.trim(), value = ''] = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/s.exec(text) ?? [];
  const definition = SETTINGS.find((one) => one.key === key.toLowerCase());
  if (definition === undefined) throw mistake(`There is no setting ${plain(key, 40)}. There are: ${sentenceList(SETTINGS.map((one) => one.key))}.`);
  const found = definition.values.find((one) => one.value === value.toLowerCase());
  if (found === undefined) throw mistake(`${definition.key} can be ${definition.values.map((one) => `${one.value} (${one.title})`).join(' or ')}.`);
  return { definition, value: found.value };
}

function scopeOf(context: Context, definition: SettingDefinition, asked: string | undefined, site: string | undefined, siteNamed: boolean): SettingScope {
  // Whoever names a site means that site.
  const kind = (asked ?? (siteNamed && definition.scopes.includes('site') ? 'site' : definition.scopes[0])) as ScopeKind;
  if (!definition.scopes.includes(kind)) throw mistake(`${definition.key} can be set for ${sentenceList(definition.scopes.map((scope) => `for=${scope}`))} only.`);
  if (kind === 'organization') return { kind };
  if (kind === 'space') {
    if (context.place.roomType !== 'group') throw mistake(`${definition.key} is about a space: write it there, with a mention of me.`);
    return { kind, roomId: context.place.roomId };
  }
  if (site === undefined || !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(site)) throw mistake('Name the site, as site=acme.webex.com.');
  return { kind, site: site.toLowerCase() };
}

function spaceOf(context: Context, value: string): string {
  if (value === 'none') return '';
  if (context.place.roomType !== 'group') throw mistake('Write it in the space that shall get the cards, with a mention of me: settings set approval.space=here');
  return context.place.roomId;
}

function inWords(scope: SettingScope): string {
  return scope.kind === 'site' ? scope.site : scope.kind === 'space' ? 'this space' : 'the organization';
}

function mistake(message: string): CallerMistake {
  return new CallerMistake({ code: 'SETTING_NOT_UNDERSTOOD', message });
}
