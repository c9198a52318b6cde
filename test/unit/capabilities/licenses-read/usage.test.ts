import { catalogOf } from '../../../../src/capabilities/licenses/catalog.js';
import { detailsOf, drawn, usageOf } from '../../../../src/capabilities/licenses/usage.js';
import type { License } from '../../../../src/webex/rest/licenses.js';

let next = 0;
const license = (name: string, totalUnits: number | undefined, consumedUnits: number | undefined, rest: Partial<License> = {}): License =>
  ({ id: `license-${++next}`, name, ...(totalUnits === undefined ? {} : { totalUnits }), ...(consumedUnits === undefined ? {} : { consumedUnits }), ...rest });
const usage = (...licenses: License[]) => usageOf(catalogOf(licenses).all);
const barOf = (total: number, used: number): [number, number] => {
  const { bar } = drawn(usage(license('x', total, used))[0]!);
  return [bar.length, bar.replaceAll('░', '').length];
};

it('comes fullest first, and what has no limit or no count comes last', () => {
  const names = usage(license('Calling', 200, 20), license('Free', -1, 400), license('Events', 40, 38), license('Hidden', 50, undefined), license('Messaging', 2000, 1500)).map(({ known }) => known.label);
  expect(names).toEqual(['Events', 'Messaging', 'Calling', 'Free', 'Hidden']);
});

it('is a bar of 24 signs that is empty or full only when the license is', () => {
  expect([barOf(100, 0), barOf(1000, 1), barOf(100, 50), barOf(1000, 999), barOf(10, 10), barOf(10, 14)]).toEqual([[24, 0], [24, 1], [24, 12], [24, 23], [24, 24], [24, 24]]);
});

it('has no bar where there is no whole, and says what is low in words, color and weight', () => {
  expect(drawn(usage(license('Free', -1, 400))[0]!)).toMatchObject({ bar: '', numbers: '400 used, unlimited', color: 'Default' });
  expect(drawn(usage(license('Hidden', 50, undefined))[0]!)).toMatchObject({ bar: '', numbers: '50 in all, use not told by Webex' });
  expect(drawn(usage(license('Untold', undefined, undefined))[0]!)).toMatchObject({ bar: '', numbers: 'number and use not told by Webex' });
  expect(drawn(usage(license('Low', 40, 38))[0]!)).toMatchObject({ numbers: '38 of 40 used, only 2 left', color: 'Attention', weight: 'Bolder', barColor: 'Attention' });
});

it('is told with kind, site, subscription and by whom, and nothing of it is guessed', () => {
  const [calling, meetings, bare] = catalogOf([
    license('Webex Calling - Professional', 10, 5, { subscriptionId: 'Sub1', consumedByUsers: 4, consumedByWorkspaces: 1 }),
    license('Webex Meetings', 10, 5, { siteUrl: 'acme.webex.com', siteType: 'Linked site', subscriptionId: 'Sub2' }),
    license('Some\u202e thing', 10, 5),
  ]).all;
  expect(detailsOf(calling!)).toBe('Webex Calling: Professional · Sub1 · 4 by users, 1 by workspaces');
  expect(detailsOf(meetings!)).toBe('meetings, host · acme.webex.com · Linked site · Sub2');
  expect(detailsOf(bare!)).toBe('no known kind · no subscription');
});
