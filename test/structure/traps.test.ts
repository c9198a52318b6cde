import { filesBelow, textOf } from './house.js';

/** The ways in which programs against Webex go wrong that this version can meet, by their number in the collection of facts. */
const TRAPS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37];
/** What earlier programs of this kind got wrong. */
const FAULTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
/** What earlier programs that made spaces follow groups got wrong. */
const SPACE_FAULTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

const names = filesBelow('test', '.test.ts').flatMap((path) => [...textOf(path).matchAll(/\b(?:it|describe)\(\s*(['"`])(.*?)\1/gs)].map((match) => match[2] ?? ''));

/** Whether a test's name says `trap 7`, `traps 7 and 9` or `trap 1, 20`. */
function named(word: 'trap' | 'fault' | 'space fault', n: number): boolean {
  return names.some((name) => [...name.matchAll(new RegExp(`(?<!space )${word}s? ([\\d, and]+)`, 'g'))].some((match) => (match[1] ?? '').match(/\d+/g)?.includes(String(n)) === true));
}

describe('each known way to go wrong', () => {
  it('of programs against Webex has a test named after it', () => {
    expect(TRAPS.filter((n) => !named('trap', n))).toEqual([]);
  });

  it('of earlier programs has a test named after it', () => {
    expect(FAULTS.filter((n) => !named('fault', n))).toEqual([]);
    expect(SPACE_FAULTS.filter((n) => !named('space fault', n))).toEqual([]);
  });
});
