import * as fc from 'fast-check';
import { DEFAULTS } from '../../../../src/capabilities/spaces/arguments.js';
import type { Rule } from '../../../../src/capabilities/spaces/define.js';
import { ruleId, rulesFingerprintPart, sameRule } from '../../../../src/capabilities/spaces/rules.js';
import { differenceOf, wishesOf, type PairRow, type Ref } from '../../../../src/capabilities/spaces/wishes.js';
import { webexId } from './ids.js';

const BY = { by: { personId: webexId('PEOPLE', 'anna'), displayName: 'Anna Berg' }, at: '2026-11-24T20:00:00.000Z' };
const group = (name: string): Ref => ({ id: webexId('SCIM_GROUP', name), name });
const space = (name: string): Ref => ({ id: webexId('ROOM', name), name });
const rule = (title: string, groups: string[], more: Partial<Rule> = {}): Rule => ({
  id: ruleId(space(title).id), space: { id: space(title).id, title }, groups: groups.map(group), ...DEFAULTS, ...BY, ...more,
});
const row = (line: number, of: string, to: string, mode: PairRow['mode'] = ''): PairRow => ({ line, group: of, space: to, mode });
/** Every name means the thing of that name. */
const meant = (rows: readonly PairRow[]): [Map<string, Ref[]>, Map<string, Ref[]>] => [
  new Map(rows.map((one) => [one.group, [group(one.group)]])), new Map(rows.map((one) => [one.space, [space(one.space)]])),
];
const wishes = (rows: readonly PairRow[]): ReturnType<typeof wishesOf> => wishesOf(rows, ...meant(rows));
const titles = (rules: readonly Rule[]): string[] => rules.map((one) => `${one.space.title}: ${one.groups.map(({ name }) => name).join(', ')}`);

describe('what rows mean', () => {
  it('is one wish for each space: two groups for one space are a union, one group may feed many (fault 3)', () => {
    expect(wishes([row(2, 'Sales', 'Floor'), row(3, 'Field', 'Floor'), row(4, 'Sales', 'News'), row(5, 'Sales', 'Floor')]).wishes).toEqual([
      { space: space('Floor'), groups: [group('Sales'), group('Field')] }, { space: space('News'), groups: [group('Sales')] },
    ]);
  });

  it('a group listed twice keeps both its spaces (fault 4)', () => {
    expect(wishes([row(2, 'Sales', 'Floor'), row(3, 'Sales', 'News')]).wishes.map((one) => one.space.name)).toEqual(['Floor', 'News']);
  });

  it('refuses rows that contradict each other, each naming the other, and goes on with the rest', () => {
    const { wishes: found, bad } = wishes([row(2, 'Sales', 'Floor', 'add'), row(3, 'Field', 'Floor', 'both'), row(4, 'Legal', 'Floor'), row(5, 'Legal', 'Law', 'remove')]);
    expect(bad.map(({ line, problem }) => [line, problem])).toEqual([
      [2, 'row 2 (add) contradicts row 3 (both) for the space Floor'], [3, 'row 3 (both) contradicts row 2 (add) for the space Floor'],
    ]);
    expect(found).toEqual([{ space: space('Floor'), groups: [group('Legal')] }, { space: space('Law'), groups: [group('Legal')], mode: 'remove' }]);
  });

  it('leaves rows unanswered whose name means nothing yet (fault 5)', () => {
    const rows = [row(2, 'Sales', 'Phoenix'), row(3, 'Sales', 'Floor')];
    const { wishes: found, unanswered } = wishesOf(rows, meant(rows)[0], new Map([['Floor', [space('Floor')]], ['Phoenix', []]]));
    expect(unanswered).toEqual([rows[0]]);
    expect(found.map((one) => one.space.name)).toEqual(['Floor']);
  });
});

describe('what saving would do', () => {
  const rules = [rule('Floor', ['Sales'], { graceDays: 7 }), rule('Law', ['Legal'])];

  it('adds groups to those that a space follows, keeps its options, and keeps what is not named', () => {
    const found = differenceOf(wishes([row(2, 'Field', 'Floor'), row(3, 'Sales', 'News')]).wishes, rules, { options: {}, replace: false, by: BY });
    expect(titles(found.made)).toEqual(['News: Sales']);
    expect(titles(found.changed.map(({ after }) => after))).toEqual(['Floor: Field, Sales']);
    expect(found.changed[0]?.after.graceDays).toBe(7);
    expect(found.missing.map(({ rule: one, groups }) => [one.space.title, groups.map(({ name }) => name)])).toEqual([['Floor', ['Sales']], ['Law', ['Legal']]]);
    expect(found.removed).toEqual([]);
  });

  it('with replace=yes, the file is all there is', () => {
    const found = differenceOf(wishes([row(2, 'Field', 'Floor')]).wishes, rules, { options: {}, replace: true, by: BY });
    expect(titles(found.changed.map(({ after }) => after))).toEqual(['Floor: Field']);
    expect(titles(found.removed)).toEqual(['Law: Legal']);
  });

  it('an option is changed by what is given, and by nothing else', () => {
    const asked = wishes([row(0, 'Sales', 'Floor')]).wishes;
    expect(titles(differenceOf(asked, rules, { options: {}, replace: false, by: BY }).same)).toEqual(['Floor: Sales']);
    const [changed] = differenceOf(asked, rules, { options: { mode: 'add' }, replace: false, by: BY }).changed;
    expect({ ...changed?.after, mode: 'both' }).toEqual(rules[0]);
  });

  it('saving twice changes nothing the second time, whatever the rows', () => {
    const name = fc.constantFrom('Sales', 'Field', 'Legal', 'Floor', 'News');
    fc.assert(fc.property(fc.array(fc.record({ of: name, to: name, mode: fc.constantFrom('' as const, 'add' as const, 'both' as const) })), fc.boolean(), (pairs, replace) => {
      const asked = wishes(pairs.map(({ of, to, mode }, n) => row(n + 2, of, to, mode))).wishes;
      const apply = (before: readonly Rule[]): Rule[] => {
        const { made, changed, removed } = differenceOf(asked, before, { options: {}, replace, by: BY });
        return [...before.filter((one) => !removed.includes(one)).map((one) => changed.find((change) => change.before === one)?.after ?? one), ...made];
      };
      const once = apply(rules);
      const again = differenceOf(asked, once, { options: {}, replace, by: BY });
      expect([again.made, again.changed, again.removed]).toEqual([[], [], []]);
      expect(replace || rules.every((one) => once.some((now) => now.id === one.id && one.groups.every(({ id }) => now.groups.some((other) => other.id === id))))).toBe(true);
    }));
  });
});

describe('what rules decide', () => {
  it('does not hang on titles, names, order, cluster, and who made them', () => {
    const [floor, law] = [rule('Floor', ['Sales', 'Field']), rule('Law', ['Legal'])];
    const other: Rule = {
      ...floor, at: '2027-01-01T00:00:00.000Z', by: { personId: 'x', displayName: 'X' }, groups: [...floor.groups].reverse().map(({ id }) => ({ id, name: 'Renamed' })),
      space: { id: webexId('ROOM', 'Floor', 'urn:TEAM:eu-central-1_k'), title: 'Renamed' },
    };
    expect(sameRule(floor, other)).toBe(true);
    expect(other.id).toBe(ruleId(other.space.id));
    expect(rulesFingerprintPart([floor, law], [])).toBe(rulesFingerprintPart([law, other], []));
  });

  it('hangs on every option, every group and every exemption', () => {
    const floor = rule('Floor', ['Sales']);
    const person = { id: webexId('PEOPLE', 'raj'), email: 'raj@acme.test', displayName: 'Raj', orgId: webexId('ORGANIZATION', 'acme') };
    const texts = [
      rulesFingerprintPart([floor], []), rulesFingerprintPart([], []), rulesFingerprintPart([rule('Floor', ['Sales', 'Field'])], []), rulesFingerprintPart([rule('Other', ['Sales'])], []),
      ...([{ mode: 'add' }, { graceDays: 7 }, { as: 'bot' }, { moderators: 'follow' }, { outside: 'follow' }] as Partial<Rule>[]).map((more) => rulesFingerprintPart([{ ...floor, ...more }], [])),
      rulesFingerprintPart([floor], [{ person, ...BY }]), rulesFingerprintPart([floor], [{ person, ...BY, until: '2027-01-01T00:00:00.000Z' }]), rulesFingerprintPart([floor], [{ person, ...BY, space: floor.space }]),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });
});
