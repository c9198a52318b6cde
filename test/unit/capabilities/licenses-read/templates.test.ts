import { catalogOf } from '../../../../src/capabilities/licenses/catalog.js';
import { expandTemplates, readTemplates, removeTemplate, saveTemplate, templateName, type LicenseTemplate } from '../../../../src/capabilities/licenses/templates.js';
import { startOffice, type Office } from './office.js';

let office: Office;
const template = (name: string, ...ids: string[]): LicenseTemplate =>
  ({ name, licenses: ids.map((id) => ({ id, label: `License ${id}` })), by: { personId: 'p', displayName: 'Anna Berg' }, at: '2026-11-24T12:00:00.000Z' });
beforeAll(async () => {
  office = await startOffice(45);
  for (const one of [template('Berlin', 'a', 'b'), template('New starter, Berlin', 'c'), template('New starter', 'd')]) await saveTemplate(office.context(), one);
});
afterAll(() => office.stop());
const expand = (...texts: string[]): Promise<string[]> => expandTemplates(office.context(), texts);

it('stand for their licenses in their place, each once', async () => {
  expect(await expand('Messaging', 'template:Berlin', 'b', 'Calling')).toEqual(['Messaging', 'a', 'b', 'Calling']);
  expect(await expand('Template:"BERLIN"')).toEqual(['a', 'b']);
  expect(await expand('Messaging', 'Messaging')).toEqual(['Messaging', 'Messaging']);
});

it('are found by a name with a comma, also when it was taken apart there; the longest name is meant', async () => {
  expect(await expand('template:"New starter, Berlin"')).toEqual(['c']);
  expect(await expand('template:"New starter', 'Berlin"', 'x')).toEqual(['c', 'x']);
  expect(await expand('template:New starter', 'template:Berlin')).toEqual(['d', 'a', 'b']);
});

it('that are unknown are refused with those that there are', async () => {
  await expect(expand('template:Paris')).rejects.toMatchObject({ code: 'UNKNOWN_TEMPLATE', message: 'There is no template called “Paris”. There are: “Berlin”, “New starter” and “New starter, Berlin”.' });
});

it('with a license that is no longer there are refused by its label, where the catalog is known', async () => {
  const catalog = catalogOf([{ id: 'a', name: 'Messaging' }]);
  await expect(expandTemplates(office.context(), ['template:Berlin'], catalog)).rejects.toMatchObject({ code: 'TEMPLATE_OUTDATED', message: expect.stringContaining('has License b, which') });
});

it('take the place of one of the same name, whatever its case; all of it audited', async () => {
  await saveTemplate(office.context(), template('Paris', 'x'));
  expect(await saveTemplate(office.context(), template('PARIS', 'y'))).toMatchObject({ name: 'Paris' });
  expect((await readTemplates(office.context())).map(({ name }) => name)).toEqual(['Berlin', 'New starter', 'New starter, Berlin', 'PARIS']);
  await removeTemplate(office.context(), 'paris');
  await expect(removeTemplate(office.context(), 'paris')).rejects.toMatchObject({ code: 'UNKNOWN_TEMPLATE' });
  expect(office.audited.slice(-3).map(({ action, subject }) => [action, subject])).toEqual([['license-template.made', 'Paris'], ['license-template.changed', 'PARIS'], ['license-template.removed', 'PARIS']]);
  expect(office.audited.at(-2)!.details).toMatchObject({ before: { licenses: [{ id: 'x' }] }, after: { licenses: [{ id: 'y' }] } });
});

it('have names that can be written in a command', () => {
  expect(templateName('  New   starter ,Berlin ')).toBe('New starter, Berlin');
  for (const bad of ['', ' \u200b ', 'a"b', 'a;b', 'license=x', 'template:x', 'x'.repeat(81)]) expect(() => templateName(bad)).toThrow(/at most 80 characters/);
});
