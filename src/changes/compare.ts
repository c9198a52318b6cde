import { sameJson, type Json } from '../lib/canonical.js';
import type { Changed, Step } from './define.js';

/** What the live value means for a step. */
export type Fit = 'already' | 'go' | 'conflict';

type Elements = Record<string, 'present' | 'absent'>;

/** The value as a set's map element → present or absent; undefined for any other value. */
export function elementsOf(value: Json): Elements | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  return Object.values(value).every((item) => item === 'present' || item === 'absent') ? (value as Elements) : undefined;
}

/** An element that a reading does not name is not there. */
function at(elements: Elements, key: string): 'present' | 'absent' {
  return elements[key] ?? 'absent';
}

/** Whether the step is already done, can go, or would overwrite what somebody else has set meanwhile. */
export function fit(step: Pick<Step, 'before' | 'after'>, live: Json): Fit {
  const before = elementsOf(step.before);
  const after = elementsOf(step.after);
  const now = elementsOf(live);
  if (before && after && now) {
    const keys = Object.keys(after);
    if (keys.every((key) => at(now, key) === at(after, key))) return 'already';
    const known = keys.every((key) => at(now, key) === at(after, key) || at(now, key) === at(before, key));
    return known ? 'go' : 'conflict';
  }
  if (sameJson(live, step.after)) return 'already';
  return sameJson(live, step.before) ? 'go' : 'conflict';
}

/** What differs between two readings of a step's part; undefined when nothing does. */
export function difference(before: Json, after: Json): Changed | undefined {
  const left = elementsOf(before);
  const right = elementsOf(after);
  if (!left || !right) return sameJson(before, after) ? undefined : { before, after };
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].filter((key) => at(left, key) !== at(right, key));
  return keys.length === 0 ? undefined : { before: pick(left, keys), after: pick(right, keys) };
}

/** The same change with only some elements of its set. */
export function narrow(changed: Changed, keep: (key: string) => boolean): Changed | undefined {
  const before = elementsOf(changed.before);
  const after = elementsOf(changed.after);
  if (!before || !after) return changed;
  const keys = Object.keys(after).filter(keep);
  return keys.length === 0 ? undefined : { before: pick(before, keys), after: pick(after, keys) };
}

function pick(elements: Elements, keys: readonly string[]): Elements {
  return Object.fromEntries(keys.map((key) => [key, at(elements, key)]));
}
