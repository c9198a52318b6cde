import { textOf, type Values } from '../../bot/define.js';
import type { Problem } from '../../changes/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { numberFault } from './calling.js';
import type { Catalog } from './catalog.js';
import type { Calling, Known, Wish } from './define.js';
import { labelsOf } from './gather.js';
import { holderKey, type Holders } from './holders.js';
import { isCalling } from './kinds.js';
import { callingFrom, type Locations } from './locations.js';
import { namesOf } from './names.js';
import { heldBy } from './rules.js';
import { canBeCalled } from './step.js';

const OPTIONS = ['extension', 'phone', 'location'] as const;

/** Somebody who would get these calling licenses, is called by nothing yet, and has not been given enough to be called by. */
export interface Lacking {
  person: Wish['person'];
  licenses: Known[];
}

/** The number that was written with `extension=`, `phone=` and `location=`. Throws CallerMistake for what cannot be one, and where none of the licenses takes one. */
export function writtenNumber(values: Values, given: readonly Known[], locations: Locations | undefined): Calling | undefined {
  const [extension, phone, location] = OPTIONS.map((name) => textOf(values, name));
  if (extension === undefined && phone === undefined && location === undefined) return undefined;
  if (locations !== undefined && given.some(isCalling)) return callingFrom({ extension, phone, location }, locations);
  throw new CallerMistake({ code: 'NO_CALLING_LICENSE', message: `extension=, phone= and location= go with a calling license, and ${labelsOf(given)} ${given.length === 1 ? 'is' : 'are'} none. Leave them out.` });
}

/** The same as words of a command, so that [Plan again] means the same number. */
export function numberText(values: Values): string {
  return OPTIONS.flatMap((name) => {
    const value = textOf(values, name)?.replaceAll('"', '');
    return value === undefined ? [] : [` ${name}=${/\s/.test(value) ? `"${value}"` : value}`];
  }).join('');
}

/**
 * Gives the number that was written to those who get a calling license and are called by nothing yet. Who is called keeps that number with every
 * other calling license: another one, or one that Webex does not show, is a problem, and he does not get the license (in a move, keeps the old one). Pure.
 */
export function withNumber(wishes: readonly Wish[], { holders }: Holders, catalog: Catalog, written: Calling | undefined, locations: Locations | undefined): { wishes: Wish[]; problems: Problem[]; lacking: Lacking[] } {
  const nameOf = namesOf(wishes.map(({ person }) => person));
  const problems: Problem[] = [];
  const lacking: Lacking[] = [];
  const numbered = wishes.map((wish): Wish => {
    const holder = holders.get(holderKey(wish.person));
    if (holder === undefined || holder.isExternal) return wish;
    const held = heldBy(holder, catalog);
    const gets = wish.operations.flatMap((one) => (one.what === 'license' && one.operation === 'add' && isCalling(one.known) && !held.includes(one.known) ? one.known : []));
    if (gets.length === 0) return wish;
    if (!held.some(isCalling)) {
      if (!canBeCalled(written ?? {}) && loses(wish).every((known) => held.includes(known))) lacking.push({ person: wish.person, licenses: gets });
      return written === undefined ? wish : { ...wish, operations: wish.operations.map((one) => (one.what === 'license' && gets.includes(one.known) ? { ...one, calling: written } : one)) };
    }
    const fault = numberFault(holder, written, (id) => locations?.nameOf(id));
    if (fault === undefined) return wish;
    problems.push({ subject: nameOf(wish.person), reason: `${fault}; ${labelsOf(gets)} ${gets.length === 1 ? 'is' : 'are'} not given` });
    return { ...wish, operations: wish.together === true ? [] : wish.operations.filter((one) => one.what !== 'license' || !gets.includes(one.known)) };
  });
  return { wishes: numbered, problems, lacking };
}

function loses({ operations }: Wish): Known[] {
  return operations.flatMap((one) => (one.what === 'license' && one.operation === 'remove' ? one.known : []));
}
