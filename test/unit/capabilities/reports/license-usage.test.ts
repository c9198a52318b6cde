import { usageOf, usageSummary } from '../../../../src/capabilities/reports/license-usage.js';
import { unitsText } from '../../../../src/webex/license-units.js';
import type { License } from '../../../../src/webex/rest/licenses.js';

let nextId = 0;
const license = (name: string, totalUnits: number | undefined, consumedUnits: number | undefined, rest: Partial<License> = {}): License =>
  ({ id: `license-${String(++nextId).padStart(6, '0')}`, name, ...(totalUnits === undefined ? {} : { totalUnits }), ...(consumedUnits === undefined ? {} : { consumedUnits }), ...rest });
const textsOf = (...licenses: License[]): string[] => usageOf(licenses).map((one) => `${one.name}: ${unitsText(one)}`);
const isLow = (total: number, used: number): boolean => usageOf([license('x', total, used)])[0]!.isLow;

describe('license usage', () => {
  it('is told as used, total and left, the fullest first', () => {
    expect(textsOf(license('Calling', 200, 20), license('Messaging', 2000, 1500), license('Events', 40, 38))).toEqual([
      'Events: 38 of 40 used, only 2 left', 'Messaging: 1,500 of 2,000 used, 500 left', 'Calling: 20 of 200 used, 180 left',
    ]);
  });

  it('says what has no limit, what Webex does not tell, and what is over', () => {
    expect(textsOf(license('Free', -1, 412), license('Basic', undefined, 7), license('Hidden', 50, undefined), license('Over', 10, 12), license('Full', 10, 10))).toEqual([
      'Over: 12 of 10 used, 2 too many', 'Full: 10 of 10 used, none left', 'Free: 412 used, unlimited', 'Basic: 7 used, how many there are is not told by Webex', 'Hidden: 50 in all, use not told by Webex',
    ]);
    expect(textsOf(license('Parts', 50, undefined, { consumedByUsers: 20, consumedByWorkspaces: 4 }))).toEqual(['Parts: 24 of 50 used, 26 left']);
  });

  it('marks a tenth or less, and 5 or fewer where less than half is left', () => {
    expect([isLow(2000, 1800), isLow(2000, 1799), isLow(20, 15), isLow(20, 14), isLow(3, 0), isLow(10, 5), isLow(0, 0), isLow(0, 1), isLow(-1, 9)])
      .toEqual([true, false, true, false, false, false, false, true, false]);
    expect(usageSummary(usageOf([license('a', 10, 9), license('b', 10, 1)]))).toBe('2 licenses, 1 of them nearly used up.');
    expect(usageSummary([])).toBe('The organization has no licenses.');
  });

  it('keeps licenses of one name apart by site, by subscription, by both, or by id', () => {
    expect(textsOf(license('M', 10, 3, { siteUrl: 'us', subscriptionId: 'S1' }), license('M', 10, 2, { siteUrl: 'eu', subscriptionId: 'S1' })).map((text) => text.split(':')[0])).toEqual(['M (us)', 'M (eu)']);
    expect(textsOf(license('M', 10, 3, { subscriptionId: 'S1' }), license('M', 10, 2), license('Other', 10, 1)).map((text) => text.split(':')[0])).toEqual(['M (S1)', 'M (no subscription)', 'Other']);
    expect(textsOf(
      license('M', 10, 3, { siteUrl: 'us', subscriptionId: 'S1' }), license('M', 10, 2, { siteUrl: 'eu', subscriptionId: 'S1' }), license('M', 10, 1, { siteUrl: 'eu', subscriptionId: 'S2' }),
    ).map((text) => text.split(':')[0])).toEqual(['M (us, S1)', 'M (eu, S1)', 'M (eu, S2)']);
    const [one, other] = [license('M', 10, 3), license('M', 10, 2)];
    expect(textsOf(one, other).map((text) => text.split(':')[0])).toEqual([`M (id …${one.id.slice(-6)})`, `M (id …${other.id.slice(-6)})`]);
  });
});
