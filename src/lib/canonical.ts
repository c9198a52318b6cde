import { createHash } from 'node:crypto';

/** What JSON can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** JSON with the keys of every object in order, so that equal values have equal texts. Undefined members are left out. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (item === null || typeof item !== 'object' || Array.isArray(item) ? item : inOrder(item)));
}

/** SHA-256 of the canonical JSON, in lower-case hex. */
export function hashOf(value: unknown): string {
  const hash = createHash('sha256');
  for (const part of partsOf(value)) hash.update(part);
  return hash.digest('hex');
}

/** The canonical JSON in parts, lists item by item: the steps of a large plan are many megabytes as one text. */
function* partsOf(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    yield '[';
    for (const [at, item] of value.entries()) yield `${at === 0 ? '' : ','}${canonical(item ?? null)}`;
    yield ']';
  } else if (isPlain(value)) {
    yield '{';
    for (const [at, [key, member]] of Object.entries(inOrder(value)).filter(([, item]) => item !== undefined).entries()) {
      yield `${at === 0 ? '' : ','}${JSON.stringify(key)}:`;
      yield* partsOf(member);
    }
    yield '}';
  } else {
    yield canonical(value);
  }
}

function inOrder(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isPlain(value: unknown): value is object {
  return value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
}

/** Whether two JSON values are equal, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}
