import type { Known, Operation } from './define.js';
import { isCalling } from './kinds.js';

/** Whether one license is taken to give another in its place: because it is said so, or because a person has use for one of them. */
export function isReplacedBy(one: Operation, other: Operation): boolean {
  if (one.what !== 'license' || one.operation !== 'remove' || other.what !== 'license' || other.operation !== 'add') return false;
  if (other.from === one.known) return true;
  const [a, b] = [one.known, other.known];
  if (a.kind === 'meetings' || a.kind === 'other') return a.license.name === b.license.name && a.license.siteUrl === b.license.siteUrl;
  return a.kind === b.kind || (isCalling(a) && isCalling(b));
}

/** Whether one operation goes with the other: leaving a site as attendee, to be host there. */
export function isFor(one: Operation, other: Operation): boolean {
  return one.what === 'site' && one.operation === 'remove' && other.what === 'license' && other.operation === 'add' && other.known.license.siteUrl?.toLowerCase() === one.site;
}

/** What is not done because the other cannot be: nobody loses a license, or leaves a site, for one that he does not get. */
export function keptFor(other: Operation, operations: readonly Operation[]): Operation[] {
  return operations.filter((one) => isReplacedBy(one, other) || (isFor(one, other) && !operations.some((two) => two !== other && isFor(one, two))));
}

/** Two operations by which one license would be taken for the other. `isMove`: any two of them. */
export function exchangeIn(operations: readonly Operation[], isMove: boolean): { taken: Operation & { known: Known }; given: Operation & { known: Known } } | undefined {
  const licenses = operations.flatMap((one) => (one.what === 'license' ? one : []));
  for (const given of licenses.filter(({ operation }) => operation === 'add')) {
    const taken = licenses.find((one) => one.operation === 'remove' && (isMove || isReplacedBy(one, given)));
    if (taken !== undefined) return { taken, given };
  }
  return undefined;
}
