import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCards } from '../../../../src/cards/render.js';
import { inputsOf } from '../../../../src/cards/inputs.js';
import type { Context, View } from '../../../../src/bot/define.js';
import { createSettingsCapability, SETTINGS } from '../../../../src/capabilities/settings/index.js';
import { createClock } from '../../../../src/lib/clock.js';
import { createLog } from '../../../../src/lib/log.js';
import { createAuditLog, type AuditEntry, type AuditLog } from '../../../../src/store/audit.js';
import { openLowdbStore } from '../../../../src/store/lowdb/index.js';
import { createSettingsStore, type SettingsStore } from '../../../../src/store/settings.js';
import type { Store } from '../../../../src/store/store.js';
import { createVault } from '../../../../src/store/vault.js';

const ORGANIZATION = { id: Buffer.from('ciscospark://us/ORGANIZATION/1eb65fdf-9643-417f-9974-ad72cae0e10f').toString('base64'), name: 'Acme' };
const OTHER = Buffer.from('ciscospark://us/ORGANIZATION/2eb65fdf-9643-417f-9974-ad72cae0e10f').toString('base64');
const ROOM = Buffer.from('ciscospark://us/ROOM/6c2e2ba0-0000-4000-8000-000000000001').toString('base64');

let dataDir: string;
let store: Store;
let settings: SettingsStore;
let audit: AuditLog;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'steward-settings-'));
  const [clock, log] = [createClock(), createLog({ level: 'silent' })];
  store = await openLowdbStore({ dataDir, clock, log });
  const vault = createVault([{ id: 'k1', secret: randomBytes(32) }]);
  settings = createSettingsStore({ store, vault, clock, definitions: SETTINGS });
  audit = createAuditLog({ store, vault, clock, log });
});
afterEach(async () => {
  await store.close();
  await rm(dataDir, { recursive: true });
});

const capability = () => createSettingsCapability({ settings, audit, site: 'acme.webex.com' });

async function run(verb: string, values: Record<string, string> = {}, roomType: 'group' | 'direct' = 'group'): Promise<View> {
  const context = { caller: { personId: 'anna' }, place: { roomId: ROOM, roomType, messageId: 'm' }, organization: ORGANIZATION } as unknown as Context;
  const answer = await capability().commands.find((command) => command.verb === verb)!.run(context, values);
  if (answer.kind !== 'view') throw new Error('not a view');
  return answer.view;
}

const set = (setting: string, more: Record<string, string> = {}, roomType?: 'group' | 'direct'): Promise<View> => run('set', { setting, ...more }, roomType);

describe('settings', () => {
  it('hold nearest first: site, space, organization, default; and in one organization only', async () => {
    expect(await settings.get(ORGANIZATION.id, 'delegates.backend', { site: 'acme.webex.com' })).toBe('rest');
    await set('delegates.backend=xml');
    await set('delegates.backend=rest', { site: 'ACME-eu.webex.com' });
    const at = settings.at(ORGANIZATION.id, { roomId: ROOM });
    expect([await at.get('delegates.backend'), await at.get('delegates.backend', { site: 'acme.webex.com' }), await at.get('delegates.backend', { site: 'acme-EU.webex.com' })]).toEqual(['xml', 'xml', 'rest']);
    expect(await settings.get(OTHER, 'delegates.backend')).toBe('rest');
  });

  it('are set for what they are meant for when nothing is named', async () => {
    await set('mode = LOOK');
    await set('space.details=here');
    await set('approval.space=here');
    expect(await settings.get(ORGANIZATION.id, 'mode')).toBe('look');
    expect(await settings.get(ORGANIZATION.id, 'space.details', { roomId: ROOM })).toBe('here');
    expect(await settings.get(ORGANIZATION.id, 'space.details')).toBe('direct');
    expect(await settings.get(ORGANIZATION.id, 'approval.space')).toBe(ROOM);
    await set('approval.space=none');
    expect(await settings.get(ORGANIZATION.id, 'approval.space')).toBe('');
  });

  it.each([
    ['mode=perhaps', {}, 'group', 'mode can be apply'], ['colour=red', {}, 'group', 'There is no setting colour'], ['mode', {}, 'group', 'mode can be apply'],
    ['mode=look', { for: 'space' }, 'group', 'for=organization only'], ['space.details=here', {}, 'direct', 'write it there'],
    ['approval.space=here', {}, 'direct', 'Write it in the space'], ['delegates.backend=xml', { for: 'site', site: 'acme' }, 'group', 'Name the site'],
    ['constructor=1', {}, 'group', 'There is no setting'],
  ] as const)('refuse %s %j in a %s space', async (setting, more, roomType, message) => {
    await expect(set(setting, more, roomType)).rejects.toMatchObject({ code: 'SETTING_NOT_UNDERSTOOD', message: expect.stringContaining(message) });
    for await (const entry of audit.entries(ORGANIZATION.id)) throw new Error(`There is an entry: ${entry.action}`);
  });

  it('are audited with what was before', async () => {
    await set('mode=look');
    await set('mode=apply');
    const entries: AuditEntry[] = [];
    for await (const entry of audit.entries(ORGANIZATION.id)) entries.push(entry);
    expect(entries.map(({ actor, action, subject, details }) => ({ actor, action, subject, details }))).toEqual([
      { actor: 'anna', action: 'setting.changed', subject: 'mode', details: { scope: { kind: 'organization' }, before: 'apply', after: 'look' } },
      { actor: 'anna', action: 'setting.changed', subject: 'mode', details: { scope: { kind: 'organization' }, before: 'look', after: 'apply' } },
    ]);
  });

  it('that were changed outside are refused, not believed', async () => {
    await set('mode=look');
    const [record] = await store.organization(ORGANIZATION.id).list<{ value: { value: string } }>('settings');
    await store.organization(ORGANIZATION.id).put('settings', record!.id, { ...record!.value, value: { ...record!.value.value, value: 'apply' } }, record!.version);
    await expect(settings.get(ORGANIZATION.id, 'mode')).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });

  it('show on a card what holds, whose choices are commands that work', async () => {
    const view = await set('mode=look');
    const card: unknown = createCards().render(view.card!.template, view.card!.data, { buttons: [{ title: 'Change', token: 't' }] });
    expect(JSON.stringify(card)).toContain('mode is now look for the organization.');
    expect(JSON.stringify(card)).toContain('"everything is planned, nothing is applied"');
    expect(JSON.stringify(card)).toContain('"mode=look"');
    const { setting } = inputsOf(card) as { setting: { choices: string[] } };
    expect(setting.choices).toContain('delegates.backend=xml');
    for (const choice of setting.choices) await set(choice);
    const direct = await run('', {}, 'direct');
    expect((direct.card!.data['choices'] as { value: string }[]).map(({ value }) => value)).toEqual(['delegates.backend=rest', 'delegates.backend=xml', 'approval.space=none', 'mode=apply', 'mode=look']);
  });

  it('are for full administrators to change', () => {
    expect(capability().commands.map(({ verb, access }) => [verb, access.linked, access.roles])).toEqual([['', true, []], ['set', true, ['Full Administrator']]]);
  });

  it('are all in the README of the capability', async () => {
    const text = await readFile('src/capabilities/settings/README.md', 'utf8');
    for (const { key, scopes } of SETTINGS) expect(text).toContain(`| \`${key}\` | ${scopes.join(', ')} |`);
  });
});
