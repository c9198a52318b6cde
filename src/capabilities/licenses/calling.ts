import { idKey, sameId } from '../../lib/ids.js';
import { plain } from '../../lib/text.js';
import type { Catalog } from './catalog.js';
import type { Calling, Holder, Known, Operation, Wish } from './define.js';
import { holderKey } from './holders.js';
import { isCalling } from './kinds.js';
import { callingText } from './names.js';
import { callingOf, heldAfter, heldBy, type Refusal } from './rules.js';
import { canBeCalled } from './step.js';

type LocationName = (id: string) => string | undefined;

/** A calling license with the number that is given, filled up with what the person has; one to be taken away with what goes with it. */
export function withCallingOf(operation: Operation, holder: Holder, held: readonly Known[]): Operation {
  if (operation.what !== 'license') return operation;
  const { known, operation: what, from, calling } = operation;
  // Numbers mean nothing to other licenses, and must not reach Webex with them.
  if (!isCalling(known)) return { what: 'license', known, operation: what, ...(from === undefined ? {} : { from }) };
  const has = callingOf(holder, held);
  return { ...operation, calling: what === 'add' ? { ...has, ...calling } : has };
}

/**
 * Why somebody who is called already cannot be given another calling license with what was written: he keeps his number with every one of them,
 * also when the old one is taken, since undo could not bring back another.
 */
export function numberFault({ calling: has }: Holder, written: Calling | undefined, locationName: LocationName): string | undefined {
  if (!canBeCalled(has)) return 'has a calling license with a number or extension that Webex does not show, so it could not be kept: use Control Hub';
  const { phoneNumber, extension, locationId } = written ?? {};
  const isSame = (phoneNumber === undefined || phoneNumber === has.phoneNumber) && (extension === undefined || extension === has.extension)
    && (locationId === undefined || has.locationId === undefined || sameId(locationId, has.locationId));
  if (isSame) return undefined;
  const place = has.locationId === undefined ? undefined : locationName(has.locationId);
  return `has ${callingText(has)}${place === undefined ? '' : ` in ${plain(place, 60)}`} and keeps it, so leave extension, phone and location out`;
}

/** The first calling license that would come with another number than the one that the person has. */
export function numberConflict(operations: readonly Operation[], holder: Holder, held: readonly Known[], locationName: LocationName): Refusal | undefined {
  if (!held.some(isCalling)) return undefined;
  for (const operation of operations) {
    if (operation.what !== 'license' || operation.operation !== 'add' || !isCalling(operation.known)) continue;
    const fault = numberFault(holder, operation.calling, locationName);
    if (fault !== undefined) return { operation, reason: `${fault}; ${operation.known.label} is not given` };
  }
  return undefined;
}

/** Who has which number, as far as the people of a plan go, and whom the plan has given one. */
export class Numbers {
  private readonly given = new Map<string, string>();
  private readonly held = new Map<string, { key: string; name: string; isFreed: boolean }>();

  constructor(wishes: readonly Wish[], holders: ReadonlyMap<string, Holder>, catalog: Catalog, nameOf: (person: Wish['person']) => string) {
    for (const { person, operations } of wishes) {
      const key = holderKey(person);
      const holder = holders.get(key);
      const held = holder === undefined ? [] : heldBy(holder, catalog);
      if (holder === undefined || !held.some(isCalling)) continue;
      const isFreed = !heldAfter(held, operations).some(isCalling);
      for (const number of numbersOf(holder.calling)) this.held.set(number, { key, name: nameOf(person), isFreed });
    }
  }

  /** The first license that would come with the number of somebody else. */
  conflict(operations: readonly Operation[], { person }: Holder): Refusal | undefined {
    const key = holderKey(person);
    for (const operation of operations) {
      if (operation.what !== 'license' || operation.operation !== 'add') continue;
      for (const number of numbersOf(operation.calling)) {
        const why = this.whyNot(number, key);
        if (why !== undefined) return { operation, reason: `${callingText(operation.calling ?? {})}: ${why}` };
      }
    }
    return undefined;
  }

  give(operation: Operation, { person }: Holder): void {
    if (operation.what !== 'license' || operation.operation !== 'add') return;
    for (const number of numbersOf(operation.calling)) this.given.set(number, holderKey(person));
  }

  private whyNot(number: string, key: string): string | undefined {
    if ((this.given.get(number) ?? key) !== key) return 'this plan gives it to somebody else, and each person needs an own one (licenses import takes one per row)';
    const has = this.held.get(number);
    if (has === undefined || has.key === key) return undefined;
    return has.isFreed ? `this plan takes it from ${has.name}, and not before it could be given; ask for it again once that is done` : `${has.name} has it`;
  }
}

/** What only one person can have. Where an extension is without its location Webex takes the location of the number, which is not known here. */
function numbersOf(calling: Calling | undefined): string[] {
  const { phoneNumber, extension, locationId } = calling ?? {};
  return [...(phoneNumber === undefined ? [] : [phoneNumber]), ...(extension === undefined || locationId === undefined ? [] : [`${extension} ${idKey(locationId)}`])];
}
