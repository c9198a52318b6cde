import type { PersonRef } from '../../bot/define.js';
import type { PlanDraft, Problem, StepDraft } from '../../changes/define.js';
import { count } from '../../lib/text.js';
import { Numbers, numberConflict, withCallingOf } from './calling.js';
import type { Catalog } from './catalog.js';
import type { Holder, Kind, Known, Operation, Wish } from './define.js';
import { exchangeIn, keptFor } from './exchange.js';
import { holderKey } from './holders.js';
import { isCalling } from './kinds.js';
import { namesOf } from './names.js';
import { conflictIn, faultOf, heldAfter, heldBy, type Refusal } from './rules.js';
import { sentenceOf } from './sentence.js';
import { assignStep, type Part } from './step.js';
import { losesNumber, Told } from './told.js';

/** What a plan of licenses says. `left`: wishes that wait for seats, to be asked for again. */
export interface LicensePlan extends Pick<PlanDraft, 'steps' | 'warnings' | 'problems'> {
  left: Wish[];
}

export interface PlanOptions {
  /** Set where the organization is not the account's own. */
  orgId?: string | undefined;
  locationName?: (id: string) => string | undefined;
}

/** Said with every result. */
export const NOTES = ['Webex counts used seats with a delay. What a license brings (sites, numbers) can take a while to show.'];

/** In this order licenses can be given: what others need comes first. */
const ORDER: readonly Kind[] = ['free-messaging', 'free-meetings', 'messaging', 'space-meetings', 'calling-professional', 'calling-standard', 'cx-essentials', 'attendant-console'];

/**
 * One step per person with all that can be done for him; what cannot is a problem of that person, the rest goes on. Seats are counted over the
 * plan: the order of the wishes decides, and seats that the plan frees are not counted on, since steps run side by side. Pure.
 * @param holders by holderKey; who is missing in it is passed over, having been told already
 */
export function planLicenses(wishes: readonly Wish[], holders: ReadonlyMap<string, Holder>, catalog: Catalog, options: PlanOptions = {}): LicensePlan {
  const nameOf = namesOf(wishes.map(({ person }) => person));
  const planner = new Planner(catalog, nameOf, new Numbers(wishes, holders, catalog, nameOf), options);
  for (const wish of wishes) {
    const holder = holders.get(holderKey(wish.person));
    if (holder !== undefined) planner.add(wish, holder);
  }
  return { steps: planner.steps, warnings: planner.warnings(), problems: planner.problems, left: planner.left };
}

class Planner {
  readonly steps: StepDraft[] = [];
  readonly problems: Problem[] = [];
  readonly left: Wish[] = [];
  private readonly seats = new Map<Known, number>();
  private readonly told = new Told();
  private readonly locationName: (id: string) => string | undefined;

  constructor(private readonly catalog: Catalog, private readonly nameOf: (person: PersonRef) => string, private readonly numbers: Numbers, private readonly options: PlanOptions) {
    this.locationName = (id) => options.locationName?.(id);
  }

  add(wish: Wish, holder: Holder): void {
    const subject = this.nameOf(wish.person);
    const held = heldBy(holder, this.catalog);
    const isMove = wish.together === true;
    const refuse = (reason: string): void => void this.problems.push({ subject, reason });
    let operations: Operation[] = [];
    const refused: Operation[] = [];
    for (const operation of wish.operations.map((one) => withCallingOf(one, holder, held))) {
      const fault = faultOf(operation, holder, this.catalog);
      if (fault === undefined) operations.push(operation);
      else {
        refuse(fault);
        // Who has the new license already loses the old one all the same; nobody else is moved by half.
        if (isAlready(operation, held)) continue;
        if (isMove) return;
        refused.push(operation);
      }
    }
    /** Gives what was wished and is not done, since something else cannot be. */
    const keep = (other: Operation & { known: Known }): Operation[] => {
      const kept = keptFor(other, operations);
      operations = operations.filter((one) => !kept.includes(one));
      const wished = kept.filter((one) => one.what === 'license' || wish.operations.includes(one));
      for (const one of wished) refuse(`${one.what === 'license' ? `keeps ${one.known.label}` : `stays an attendee on ${one.site}`}, since ${other.known.label} cannot be given`);
      return wished;
    };
    for (const other of refused) if (other.what === 'license') keep(other);
    operations = this.withSites(holder.isExternal ? withoutExchanges(operations, isMove, refuse) : operations, holder);
    let isShort = false;
    for (;;) {
      const conflict = this.conflict(operations, holder, held);
      if (conflict === undefined) break;
      refuse(conflict.reason);
      isShort ||= conflict.isSeat;
      if (isMove) {
        if (isShort) this.left.push(wish);
        return;
      }
      const kept = conflict.operation.what === 'license' ? keep(conflict.operation) : [];
      if (conflict.isSeat) this.left.push({ person: wish.person, operations: [...kept, conflict.operation] });
      operations = this.withSites(operations.filter((one) => one !== conflict.operation), holder);
    }
    if (operations.length > 0) this.plan(wish.person, holder, held, operations, subject);
  }

  warnings(): string[] {
    return this.told.warnings([...this.seats].filter(([, left]) => left === 0).map(([{ label }]) => label));
  }

  /** The first operation that cannot be done with the others, for this person or after what the plan has given before. */
  private conflict(operations: readonly Operation[], holder: Holder, held: readonly Known[]): (Refusal & { isSeat: boolean }) | undefined {
    const found = conflictIn(operations, holder, this.catalog) ?? numberConflict(operations, holder, held, this.locationName) ?? this.numbers.conflict(operations, holder);
    if (found !== undefined) return { ...found, isSeat: false };
    const seatless = this.seatless(operations);
    return seatless && { ...seatless, isSeat: true };
  }

  /** A meeting license for an attendee of its site: he stops being attendee in the same call, else Webex gives it not. */
  private withSites(operations: readonly Operation[], holder: Holder): Operation[] {
    const gained = operations.flatMap((one) => (one.what === 'license' && one.operation === 'add' ? one.known.license.siteUrl?.toLowerCase() ?? [] : []));
    const asked = new Set(operations.flatMap((one) => (one.what === 'site' ? one.site : [])));
    return [...operations, ...[...new Set(gained)].filter((site) => holder.attendeeOf.includes(site) && !asked.has(site)).map((site) => ({ what: 'site' as const, site, operation: 'remove' as const }))];
  }

  private seatless(operations: readonly Operation[]): Refusal | undefined {
    const operation = operations.find((one) => one.what === 'license' && one.operation === 'add' && this.seatsOf(one.known) <= 0);
    if (operation?.what !== 'license') return undefined;
    const { label, left = 0 } = operation.known;
    const why = left === 0 ? 'Webex shows none left' : `of the ${count(left, 'seat')} that Webex shows ${left === 1 ? 'it was' : 'all were'} given to those named before`;
    return { operation, reason: `there is no seat of ${label}: ${why}` };
  }

  private seatsOf(known: Known): number {
    return this.seats.get(known) ?? known.left ?? Infinity;
  }

  private plan(person: PersonRef, holder: Holder, held: readonly Known[], operations: readonly Operation[], name: string): void {
    for (const operation of operations) {
      if (operation.what !== 'license' || operation.operation !== 'add') continue;
      if (operation.known.left !== undefined) this.seats.set(operation.known, this.seatsOf(operation.known) - 1);
      this.numbers.give(operation, holder);
    }
    this.told.note(name, holder, held, operations);
    const parts = operations.map((operation): Part => {
      const to = operation.operation === 'add' ? 'present' : 'absent';
      if (operation.what === 'site') return { what: 'site', to, site: operation.site };
      const { known, calling } = operation;
      return { what: 'license', to, license: { id: known.license.id, label: known.label, isCalling: isCalling(known), calling } };
    });
    const ordered = [...parts].sort((a, b) => this.rank(a) - this.rank(b));
    const sentence = sentenceOf(name, holder, operations, { losesNumber: losesNumber(held, heldAfter(held, operations)), locationName: this.locationName });
    this.steps.push(assignStep({ ...person, name, isExternal: holder.isExternal }, this.options.orgId, ordered, sentence));
  }

  private rank({ license }: Part): number {
    return license === undefined ? 0 : ORDER.indexOf(this.catalog.get(license.id)?.kind ?? 'other');
  }
}

function isAlready(operation: Operation, held: readonly Known[]): boolean {
  return operation.what === 'license' && operation.operation === 'add' && held.includes(operation.known);
}

/** Who is of another organization is only offered what he gets, and loses at once what he loses: he is not left with neither. */
function withoutExchanges(operations: readonly Operation[], isMove: boolean, refuse: (reason: string) => void): Operation[] {
  const found = exchangeIn(operations, isMove);
  if (found === undefined) return [...operations];
  const { taken, given } = found;
  refuse(`is of another organization: ${given.known.label} would only be offered until it is accepted, and ${taken.known.label} would go at once. Give the one first (licenses assign with outside=yes), and take the other when it is accepted`);
  return isMove ? [] : withoutExchanges(operations.filter((one) => one !== taken && one !== given), isMove, refuse);
}
