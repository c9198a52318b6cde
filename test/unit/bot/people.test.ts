import { checkOne, findPeople, itemsOf, type PeopleFinder } from '../../../src/bot/people.js';
import type { PersonRef } from '../../../src/bot/define.js';

const ref = (name: string, displayName = name): PersonRef => ({ id: name, email: `${name}@acme.test`, displayName, orgId: 'o' });
const everybody = [ref('amy', 'Amy Adams'), ref('amy2', 'Amy Adler'), ref('cara', 'Cara Olsen'), ref('olsen', 'Cara Olsen')];

/** Knows `everybody`; throws where a test did not expect to be asked. */
function finder(parts: Partial<PeopleFinder> = {}): PeopleFinder {
  return {
    byEmail: (emails) => Promise.resolve(new Map(everybody.filter((one) => emails.includes(one.email)).map((one) => [one.email, one]))),
    byId: (ids) => Promise.resolve(new Map(everybody.filter((one) => ids.includes(one.id)).map((one) => [one.id, one]))),
    search: (text) => Promise.resolve(everybody.filter((one) => one.displayName.toLowerCase().includes(text.toLowerCase()))),
    group: () => Promise.reject(new Error('not asked for')), department: () => Promise.reject(new Error('not asked for')), ...parts,
  };
}

it('reads lists with commas, spaces between addresses, names, quotes and prefixes', () => {
  expect(itemsOf('amy@acme.test bob@acme.test; Cara Olsen,"Berg, Anna" group:"Sales West", department:Human Resources,id:X').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'email amy@acme.test', 'email bob@acme.test', 'name Cara Olsen', 'name Berg, Anna', 'group Sales West', 'department Human Resources', 'id X',
  ]);
  expect(itemsOf('Amy Adams <amy@acme.test>, mailto:bob@acme.test,,')).toEqual([{ kind: 'email', text: 'amy@acme.test' }, { kind: 'email', text: 'bob@acme.test' }]);
});

it('finds each person once, by whatever name', async () => {
  const found = await findPeople('AMY@acme.test, Amy Adams, id:amy', finder());
  expect(found).toEqual({ people: [ref('amy', 'Amy Adams')], problems: [], ambiguous: [] });
});

it('asks which one is meant, and never guesses', async () => {
  const found = await findPeople('Cara Olsen', finder());
  expect(found.people).toEqual([]);
  expect(found.ambiguous).toEqual([{ written: 'Cara Olsen', candidates: [ref('cara', 'Cara Olsen'), ref('olsen', 'Cara Olsen')] }]);
});

it('reads whoever was found by name live: the index may be old', async () => {
  const found = await findPeople('Amy Adams', finder({ byId: () => Promise.resolve(new Map()) }));
  expect(found.people).toEqual([]);
  expect(found.problems).toEqual([{ subject: 'Amy Adams', reason: expect.stringContaining('Nobody of this name') }]);
});

it('names what was not found with the reason', async () => {
  const found = await findPeople('x@acme.test, Zed, group:"No"', finder({ group: () => Promise.resolve(undefined) }));
  expect(found.problems.map(({ subject, reason }) => `${subject}: ${reason}`)).toEqual([
    expect.stringMatching(/^x@acme.test: Webex knows nobody/), expect.stringMatching(/^Zed: Nobody of this name/), 'No: There is no group of this name.',
  ]);
});

it('takes everybody of a group and says who could not be meant', async () => {
  const found = await findPeople('group:Sales', finder({ group: () => Promise.resolve({ people: [ref('cara')], problems: [{ subject: 'printer', reason: 'is a machine' }] }) }));
  expect(found).toMatchObject({ people: [ref('cara')], problems: [{ subject: 'printer' }] });
});

it('refuses several where one is wanted', () => {
  expect(() => checkOne({ name: 'host', kind: 'person', label: 'Host', help: '', required: true }, { people: everybody, problems: [] })).toThrow('Host: name one person, not 4.');
});
