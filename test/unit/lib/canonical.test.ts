import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonical, hashOf, sameJson } from '../../../src/lib/canonical.js';

it('the order of keys does not count, that of lists does', () => {
  expect(canonical({ b: [{ d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[{"d":1}]}');
  expect(sameJson({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
  expect(sameJson([1, 2], [2, 1])).toBe(false);
});

it('the hash is that of the whole text, though it is made in parts', () => {
  const whole = (value: unknown): string => createHash('sha256').update(canonical(value)).digest('hex');
  fc.assert(fc.property(fc.jsonValue(), (value) => { expect(hashOf(value)).toBe(whole(value)); }));
  for (const value of [{ a: undefined, b: [undefined, { c: undefined }], 10: 'ten', 9: 'nine' }, [], {}, 'text', new Date(0), { steps: [[], [1], { z: 1, a: [2] }] }]) {
    expect(hashOf(value)).toBe(whole(value));
  }
});
