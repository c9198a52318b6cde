import type { PersonRef } from '../../bot/define.js';
import type { PlanDraft, Problem, StepDraft } from '../../changes/define.js';
import { idKey } from '../../lib/ids.js';
import { count, plain, sentenceList } from '../../lib/text.js';
import type { Catalog } from './catalog.js';
import type { Calling, Holder, Kind, Known, Operation, Wish } from './define.js';
import { holderKey } from './holders.js';
import { cannotBecomeStandard, isCalling } from './kinds.js';
import { callingText, namesOf } from './names.js';
import { callingOf, conflictIn, faultOf, heldAfter, heldBy } from './rules.js';
import { assignStep, canBeCalled, withCalling, type Part } from './step.js';

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
const NAMES_SHOWN = 5;

/**
 * One step per person with all that can be done for him; what cannot is a problem of that person, the rest goes on. Seats are counted over the
 * plan: the order of the wishes decides, and seats that the plan frees are not counted on, since steps run side by side. Pure.
 * @param holders by holderKey; who is missing in it is passed over, having been told already
 */
export function planLicenses(wishes: readonly Wish[], holders: ReadonlyMap<string, Holder>, catalog: Catalog, options: PlanOptions = {}): LicensePlan {
  const planner = new Planner(catalog, namesOf(wishes.map(({ person }) => person)), options);
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
  /** Who was given an extension of a location, or a number, in this plan. */
  private readonly numbers = new Map<string, string>();
  private readonly told: Record<'numbers' | 'unknownNumbers' | 'upgrades' | 'hosts' | 'outside', string[]> = { numbers: [], unknownNumbers: [], upgrades: [], hosts: [], outside: [] };

  constructor(private readonly catalog: Catalog, private readonly nameOf: (person: PersonRef) => string, private readonly options: PlanOptions) {}

  add(wish: Wish, holder: Holder): void {
    const subject = this.nameOf(wish.person);
    const held = heldBy(holder, this.catalog);
    const refuse = (reason: string): void => void this.problems.push({ subject, reason });
    let operations: Operation[] = [];
    const refused: Operation[] = [];
    let isShort = false;
    const stays = held.some((known) => isCalling(known) && !wish.operations.some((one) => one.what === 'license' && one.operation === 'remove' && one.known === known));
    for (const operation of wish.operations.map((one) => withCallingOf(one, holder, held))) {
      const fault = faultOf(operation, holder, this.catalog) ?? (stays ? numberFault(operation, holder) : undefined);
      if (fault === undefined) operations.push(operation);
      else {
        refuse(fault);
        // Who has the new license already loses the old one all the same; nobody else is moved by half.
        if (isAlready(operation, held)) continue;
        if (wish.together === true) return;
        refused.push(operation);
      }
    }
    /** Nobody loses a license because another that was to take its place cannot be given. Gives what is kept so. */
    const keep = (other: Operation): Operation[] => {
      const kept = operations.filter((one) => isReplacedBy(one, other));
      operations = operations.filter((one) => !kept.includes(one));
      for (const one of kept) if (one.what === 'license' && other.what === 'license') refuse(`keeps ${one.known.label}, since ${other.known.label} cannot be given`);
      return kept;
    };
    for (const other of refused) keep(other);
    operations = this.withSites(operations, holder);
    for (;;) {
      const conflict = conflictIn(operations, holder, this.catalog) ?? this.taken(operations, holder) ?? this.seatless(operations);
      if (conflict === undefined) break;
      refuse(conflict.reason);
      const kept = wish.together === true ? [] : keep(conflict.operation);
      if ('seat' in conflict) {
        isShort = true;
        if (wish.together !== true) this.left.push({ person: wish.person, operations: [...kept, conflict.operation] });
      }
      operations = wish.together === true ? [] : this.withSites(operations.filter((one) => one !== conflict.operation && (wish.operations.includes(one) || !isFor(one, conflict.operation))), holder);
    }
    if (isShort && wish.together === true) this.left.push(wish);
    if (operations.length > 0) this.plan(wish.person, holder, held, operations, subject);
  }

  warnings(): string[] {
    const { numbers, unknownNumbers, upgrades, hosts, outside } = this.told;
    const who = (names: readonly string[]): string => sentenceList(names, NAMES_SHOWN);
    const full = [...this.seats].filter(([, left]) => left === 0).map(([{ label }]) => label);
    return [
      ...(numbers.length === 0 ? [] : [`${who(numbers)}: number and extension go with the calling license. Undo gives them back, unless somebody else has got them meanwhile.`]),
      ...(unknownNumbers.length === 0 ? [] : [`${who(unknownNumbers)}: Webex does not show with which number or extension the calling license is held, so undo cannot bring it back.`]),
      ...(upgrades.length === 0 ? [] : [`${who(upgrades)}: Webex does not change this back to Calling Standard, so undo cannot either.`]),
      ...(hosts.length === 0 ? [] : [`${who(hosts)}: with the last license of a site, scheduling permissions and site administration there may go. Undo gives back the license, not these.`]),
      ...(outside.length === 0 ? [] : [`${who(outside)}: ${outside.length === 1 ? 'belongs' : 'belong'} to another organization. What is given is pending until it is accepted, takes a seat at once, and what is pending already is not shown by Webex.`]),
      ...(full.length === 0 ? [] : [`This takes the last seats of ${sentenceList(full, NAMES_SHOWN)}.`]),
    ];
  }

  /** A meeting license for an attendee of its site: he stops being attendee in the same call, else Webex gives it not. */
  private withSites(operations: readonly Operation[], holder: Holder): Operation[] {
    const gained = operations.flatMap((one) => (one.what === 'license' && one.operation === 'add' ? one.known.license.siteUrl?.toLowerCase() ?? [] : []));
    const asked = new Set(operations.flatMap((one) => (one.what === 'site' ? one.site : [])));
    return [...operations, ...[...new Set(gained)].filter((site) => holder.attendeeOf.includes(site) && !asked.has(site)).map((site) => ({ what: 'site' as const, site, operation: 'remove' as const }))];
  }

  private taken(operations: readonly Operation[], holder: Holder): { operation: Operation; reason: string } | undefined {
    const key = holderKey(holder.person);
    for (const operation of operations) {
      if (operation.what !== 'license' || operation.operation !== 'add') continue;
      if (numbersOf(operation.calling).some((number) => (this.numbers.get(number) ?? key) !== key)) {
        return { operation, reason: `${callingText(operation.calling ?? {})}: this plan gives it to somebody else, and each person needs an own one (licenses import takes one per row)` };
      }
    }
    return undefined;
  }

  private seatless(operations: readonly Operation[]): { operation: Operation; reason: string; seat: true } | undefined {
    const operation = operations.find((one) => one.what === 'license' && one.operation === 'add' && this.seatsOf(one.known) <= 0);
    if (operation?.what !== 'license') return undefined;
    const { label, left = 0 } = operation.known;
    const why = left === 0 ? 'Webex shows none left' : `of the ${count(left, 'seat')} that Webex shows ${left === 1 ? 'it was' : 'all were'} given to those named before`;
    return { operation, seat: true, reason: `there is no seat of ${label}: ${why}` };
  }

  private seatsOf(known: Known): number {
    return this.seats.get(known) ?? known.left ?? Infinity;
  }

  private plan(person: PersonRef, holder: Holder, held: readonly Known[], operations: readonly Operation[], name: string): void {
    for (const operation of operations) {
      if (operation.what !== 'license' || operation.operation !== 'add') continue;
      if (operation.known.left !== undefined) this.seats.set(operation.known, this.seatsOf(operation.known) - 1);
      for (const number of numbersOf(operation.calling)) this.numbers.set(number, holderKey(person));
    }
    const after = heldAfter(held, operations);
    const losesNumber = held.some(isCalling) && !after.some(isCalling);
    if (losesNumber) this.told[canBeCalled(holder.calling) ? 'numbers' : 'unknownNumbers'].push(name);
    const gains = after.some((known) => !held.includes(known) && cannotBecomeStandard(known.kind));
    if (gains && held.some((known) => known.kind === 'calling-standard' && !after.includes(known))) this.told.upgrades.push(name);
    const left = sitesOf(held).filter((site) => !sitesOf(after).includes(site));
    if (left.length > 0) this.told.hosts.push(`${name} on ${sentenceList(left)}`);
    if (holder.isExternal) this.told.outside.push(name);
    const parts = operations.map((operation): Part => {
      const to = operation.operation === 'add' ? 'present' : 'absent';
      if (operation.what === 'site') return { what: 'site', to, site: operation.site };
      const { known, calling } = operation;
      return { what: 'license', to, license: { id: known.license.id, label: known.label, isCalling: isCalling(known), calling } };
    });
    const ordered = [...parts].sort((a, b) => this.rank(a) - this.rank(b));
    this.steps.push(assignStep({ ...person, name, isExternal: holder.isExternal }, this.options.orgId, ordered, this.sentence(name, holder, operations, losesNumber)));
  }

  private sentence(name: string, holder: Holder, operations: readonly Operation[], losesNumber: boolean): string {
    const where = ({ locationId }: Calling): string => {
      const location = locationId === undefined ? undefined : this.options.locationName?.(locationId);
      return location === undefined ? '' : ` in ${plain(location, 60)}`;
    };
    const licenses = (wanted: 'add' | 'remove'): string[] => operations.flatMap((one) => {
      if (one.what !== 'license' || one.operation !== wanted) return [];
      const { known: { label }, calling } = one;
      return [calling !== undefined && (wanted === 'add' || losesNumber) ? `${withCalling(label, calling)}${where(calling)}` : label];
    });
    const sites = (wanted: 'add' | 'remove'): string[] => operations.flatMap((one) => (one.what === 'site' && one.operation === wanted ? [one.site] : []));
    const [gets, loses] = [licenses('add'), licenses('remove')];
    const becomes = sites('remove').filter((site) => operations.some((one) => isFor({ what: 'site', site, operation: 'remove' }, one)));
    const leaves = sites('remove').filter((site) => !becomes.includes(site));
    return `${name}${holder.isExternal ? ` (${holder.person.email}, of another organization)` : ''} ${sentenceList([
      ...(loses.length === 0 ? [] : [`loses ${sentenceList(loses)}`]), ...(gets.length === 0 ? [] : [`${holder.isExternal ? 'is offered' : 'gets'} ${sentenceList(gets)}`]),
      ...(becomes.length === 0 ? [] : [`is host instead of attendee on ${sentenceList(becomes)}`]),
      ...(sites('add').length === 0 ? [] : [`becomes an attendee on ${sentenceList(sites('add'))}`]), ...(leaves.length === 0 ? [] : [`is no attendee on ${sentenceList(leaves)} any more`]),
    ])}`;
  }

  private rank({ license }: Part): number {
    return license === undefined ? 0 : ORDER.indexOf(this.catalog.get(license.id)?.kind ?? 'other');
  }
}

/** A calling license with the number that is given, or that the person has; one to be taken away with what goes with it. */
function withCallingOf(operation: Operation, holder: Holder, held: readonly Known[]): Operation {
  if (operation.what !== 'license') return operation;
  // Numbers mean nothing to other licenses, and must not reach Webex with them.
  if (!isCalling(operation.known)) {
    const { known, operation: what, from } = operation;
    return { what: 'license', known, operation: what, ...(from === undefined ? {} : { from }) };
  }
  const calling: Calling = operation.operation === 'add' && operation.calling !== undefined ? operation.calling : callingOf(holder, held);
  return { ...operation, calling };
}

/** Who keeps a calling license keeps its number: giving another with a second license would change it, and undo could not change it back. */
function numberFault(operation: Operation, { calling: has }: Holder): string | undefined {
  if (operation.what !== 'license' || operation.operation !== 'add' || !isCalling(operation.known)) return undefined;
  const { phoneNumber, extension } = operation.calling ?? {};
  if ((phoneNumber === undefined || phoneNumber === has.phoneNumber) && (extension === undefined || extension === has.extension)) return undefined;
  return `has ${callingText(has) || 'a number that Webex does not show'} already; ${operation.known.label} is given with that, so leave extension and phone out`;
}

function isAlready(operation: Operation, held: readonly Known[]): boolean {
  return operation.what === 'license' && operation.operation === 'add' && held.includes(operation.known);
}

/** Whether one license is taken to give another in its place: of those, a person has use for one. */
function isReplacedBy(one: Operation, other: Operation): boolean {
  if (one.what !== 'license' || one.operation !== 'remove' || other.what !== 'license' || other.operation !== 'add') return false;
  if (other.from === one.known) return true;
  const [a, b] = [one.known, other.known];
  if (a.kind === 'meetings' || a.kind === 'other') return a.license.name === b.license.name && a.license.siteUrl === b.license.siteUrl;
  return a.kind === b.kind || (isCalling(a) && isCalling(b));
}

/** Whether one operation is only there because of the other: leaving a site as attendee, to be host there. */
function isFor(one: Operation, other: Operation): boolean {
  return one.what === 'site' && one.operation === 'remove' && other.what === 'license' && other.operation === 'add' && other.known.license.siteUrl?.toLowerCase() === one.site;
}

/** What only one person can have. */
function numbersOf(calling: Calling | undefined): string[] {
  const { phoneNumber, extension, locationId } = calling ?? {};
  return [...(phoneNumber === undefined ? [] : [phoneNumber]), ...(extension === undefined ? [] : [`${extension} ${locationId === undefined ? 'where the number is' : idKey(locationId)}`])];
}

function sitesOf(held: readonly Known[]): string[] {
  return [...new Set(held.flatMap(({ license }) => license.siteUrl?.toLowerCase() ?? []))];
}
