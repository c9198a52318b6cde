import type { Catalog } from './catalog.js';
import type { Calling, Holder, Kind, Known, Operation } from './define.js';
import { isCalling, isForWorkspaces } from './kinds.js';

/** An operation that Webex would not do, and why, as the rest of a sentence about the person. */
export interface Refusal {
  operation: Operation;
  reason: string;
}

/** Webex: kinds that nobody holds together. */
const CONFLICTS: readonly [Kind, Kind, number][] = [
  ['calling-standard', 'calling-professional', 400404], ['calling-standard', 'attendant-console', 400406], ['calling-standard', 'cx-essentials', 400407],
];
/** Webex: kinds that are not replaced by Calling Standard. */
const DOWNGRADES: readonly [Kind, number][] = [['calling-professional', 400112], ['cx-essentials', 400410]];
/** Webex: a kind and the kind that its holder must have, too. */
const PREREQUISITES: readonly [Kind, Kind, number][] = [
  ['attendant-console', 'calling-professional', 400408], ['messaging', 'free-messaging', 700003], ['space-meetings', 'free-meetings', 700004],
  ['space-meetings', 'free-messaging', 700005], ['free-meetings', 'free-messaging', 700005],
];

const webexSays = (errorCode: number): string => `(Webex: ${errorCode})`;

/** The holder's licenses of this organization; those of others are no business of these rules. */
export function heldBy(holder: Holder, catalog: Catalog): Known[] {
  return holder.licenses.flatMap((id) => catalog.get(id) ?? []);
}

/** Why an operation is not needed or cannot be done for this person, whatever else is asked; undefined where it can. */
export function faultOf(operation: Operation, holder: Holder, catalog: Catalog): string | undefined {
  return operation.what === 'site' ? siteFault(operation, holder, catalog) : licenseFault(operation, holder, catalog);
}

function siteFault({ site, operation }: Operation & { what: 'site' }, holder: Holder, catalog: Catalog): string | undefined {
  if (!catalog.sites.includes(site)) return `${site} is no site of this organization ${webexSays(400216)}`;
  const isAttendee = holder.attendeeOf.includes(site);
  if (operation === 'remove') return isAttendee || holder.isExternal ? undefined : `is no attendee on ${site}`;
  return isAttendee ? `is already an attendee on ${site}` : undefined;
}

function licenseFault({ known, operation, calling }: Operation & { what: 'license' }, holder: Holder, catalog: Catalog): string | undefined {
  const { label, kind } = known;
  const held = heldBy(holder, catalog);
  const has = held.includes(known);
  if (has && operation === 'add') return `already has ${label}`;
  if (kind === 'messenger') return `${label} cannot be managed by this API; use Control Hub ${webexSays(400118)}`;
  if (isForWorkspaces(known)) return `${label} is for workspaces, not for people`;
  if (operation === 'remove') {
    if (kind === 'screen-share') return `${label} comes with messaging by itself and cannot be removed ${webexSays(700006)}`;
    // What is pending for a person of another organization is not shown, and can be taken back all the same.
    return has || holder.isExternal ? undefined : `does not have ${label}`;
  }
  if (holder.isExternal && kind !== 'meetings') return `is of another organization and can only get meeting licenses and sites, not ${label}`;
  // Who is called already gets it with the number that he has.
  return isCalling(known) && !held.some(isCalling) ? callingFault(label, calling ?? {}) : undefined;
}

function callingFault(label: string, calling: Calling): string | undefined {
  const { phoneNumber, extension, locationId } = calling;
  if (phoneNumber === undefined && extension === undefined) return `needs an extension or a phone number for ${label} ${webexSays(400411)}`;
  if (phoneNumber === undefined && locationId === undefined) return `needs the location of extension ${extension ?? ''}, since there is no phone number ${webexSays(400)}`;
  return undefined;
}

/** By which number and extension a person is called now; nothing where he has no calling license, since other numbers are shown, too. */
export function callingOf(holder: Holder, held: readonly Known[]): Calling {
  return held.some(isCalling) ? holder.calling : {};
}

/** What a person holds after the operations. */
export function heldAfter(held: readonly Known[], operations: readonly Operation[]): Known[] {
  const of = (wanted: 'add' | 'remove'): Known[] => operations.flatMap((one) => (one.what === 'license' && one.operation === wanted ? [one.known] : []));
  const removed = of('remove');
  return [...new Set([...held, ...of('add')])].filter((known) => !removed.includes(known));
}

/** The first operation that makes Webex refuse all of them together; undefined when none does. A rule that is broken already is not held against them. */
export function conflictIn(operations: readonly Operation[], holder: Holder, catalog: Catalog): Refusal | undefined {
  const held = heldBy(holder, catalog);
  const after = heldAfter(held, operations);
  return licenseConflict(operations, held, after, catalog) ?? siteConflict(operations, after);
}

function licenseConflict(operations: readonly Operation[], held: readonly Known[], after: readonly Known[], catalog: Catalog): Refusal | undefined {
  const has = (of: readonly Known[], kind: Kind): boolean => of.some((known) => known.kind === kind);
  const isIn = (kind: Kind): boolean => has(catalog.all, kind);
  /** The last named operation on one of these kinds: what was named before it stays. */
  const last = (wanted: 'add' | 'remove', ...kinds: Kind[]): Operation | undefined =>
    operations.findLast((one) => one.what === 'license' && one.operation === wanted && kinds.includes(one.known.kind));
  const refusal = (operation: Operation | undefined, reason: string): Refusal | undefined => operation && { operation, reason };
  const named = (of: readonly Known[], kind: Kind): string => of.find((known) => known.kind === kind)?.label ?? kind;

  for (const [one, other, errorCode] of CONFLICTS) {
    const both = (of: readonly Known[]): boolean => has(of, one) && has(of, other);
    if (both(after) && !both(held)) return refusal(last('add', one, other), `${named(after, one)} and ${named(after, other)} cannot be held together ${webexSays(errorCode)}`);
  }
  for (const [from, errorCode] of DOWNGRADES) {
    const added = last('add', 'calling-standard');
    if (added && has(held, from)) return refusal(added, `${named(held, from)} cannot be changed to ${named(after, 'calling-standard')} ${webexSays(errorCode)}`);
  }
  for (const [kind, needs, errorCode] of PREREQUISITES) {
    // Where the organization has no such license at all, Webex does not show it: then nothing can be said.
    const lacks = (of: readonly Known[]): boolean => has(of, kind) && !has(of, needs);
    if (!isIn(needs) || !lacks(after) || lacks(held)) continue;
    const needed = named(catalog.all, needs);
    return has(held, kind)
      ? refusal(last('remove', needs), `${needed} cannot be removed while ${named(after, kind)} needs it ${webexSays(errorCode)}`)
      : refusal(last('add', kind), `${named(after, kind)} needs ${needed} first ${webexSays(errorCode)}`);
  }
  const twice = operations.findLast((one) => one.what === 'license' && one.operation === 'add'
    && after.some((other) => other !== one.known && other.license.name === one.known.license.name && other.license.siteUrl === one.known.license.siteUrl));
  if (twice?.what !== 'license') return undefined;
  const other = after.find((known) => known !== twice.known && known.license.name === twice.known.license.name && known.license.siteUrl === twice.known.license.siteUrl);
  return { operation: twice, reason: `only one of ${other?.label ?? ''} and ${twice.known.label} can be held; licenses move changes one for the other ${webexSays(400413)}` };
}

/** Nobody is attendee where he is host in the end. */
function siteConflict(operations: readonly Operation[], after: readonly Known[]): Refusal | undefined {
  for (const operation of operations) {
    if (operation.what !== 'site' || operation.operation !== 'add') continue;
    const host = after.find(({ license }) => license.siteUrl?.toLowerCase() === operation.site);
    if (host) return { operation, reason: `is a host on ${operation.site} by ${host.label}, and so no attendee ${webexSays(400216)}` };
  }
  return undefined;
}
