import { sentenceList } from '../../lib/text.js';
import type { Holder, Known, Operation } from './define.js';
import { cannotBecomeStandard, isCalling } from './kinds.js';
import { heldAfter } from './rules.js';
import { canBeCalled } from './step.js';

const NAMES_SHOWN = 5;
/** So many may lose a license, or a smaller part of those who have it, without a word. */
const HANDFUL = 5;
const FIFTH = 0.2;

/** What an approver must know of a plan besides its steps: what goes with what is taken, and what undo cannot bring back. Names by what is said of them. */
export class Told {
  private readonly names: Record<'numbers' | 'unknownNumbers' | 'upgrades' | 'hosts' | 'outside' | 'outsideTaken' | 'outsideUnseen', string[]> = {
    numbers: [], unknownNumbers: [], upgrades: [], hosts: [], outside: [], outsideTaken: [], outsideUnseen: [],
  };

  /** How many lose each license, and get none for it. */
  private readonly taken = new Map<Known, number>();

  /** What is to be said of one person's step. */
  note(name: string, holder: Holder, held: readonly Known[], operations: readonly Operation[]): void {
    const gets = operations.some((one) => one.what === 'license' && one.operation === 'add');
    for (const one of operations) if (!gets && one.what === 'license' && one.operation === 'remove') this.taken.set(one.known, (this.taken.get(one.known) ?? 0) + 1);
    const { numbers, unknownNumbers, upgrades, hosts, outside, outsideTaken, outsideUnseen } = this.names;
    const after = heldAfter(held, operations);
    if (losesNumber(held, after)) (canBeCalled(holder.calling) ? numbers : unknownNumbers).push(name);
    const gains = after.some((known) => !held.includes(known) && cannotBecomeStandard(known.kind));
    if (gains && held.some((known) => known.kind === 'calling-standard' && !after.includes(known))) upgrades.push(name);
    if (!holder.isExternal) {
      const left = sitesOf(held).filter((site) => !sitesOf(after).includes(site));
      if (left.length > 0) hosts.push(`${name} on ${sentenceList(left)}`);
      return;
    }
    outside.push(name);
    const taken = operations.filter(({ operation }) => operation === 'remove');
    const isShown = (one: Operation): boolean => one.what === 'license' && held.includes(one.known);
    if (taken.some(isShown)) outsideTaken.push(name);
    if (taken.some((one) => !isShown(one))) outsideUnseen.push(name);
  }

  /** As sentences. `full`: licenses of which no seat is left. */
  warnings(full: readonly string[]): string[] {
    const { numbers, unknownNumbers, upgrades, hosts, outside, outsideTaken, outsideUnseen } = this.names;
    const about = (names: readonly string[], text: string): string[] => (names.length === 0 ? [] : [`${sentenceList(names, NAMES_SHOWN)}: ${text}`]);
    return [
      ...[...this.taken].flatMap(([known, n]) => muchText(known, n)),
      ...about(numbers, 'number and extension go with the calling license. Undo gives them back, unless somebody else has got them meanwhile.'),
      ...about(unknownNumbers, 'Webex does not show with which number or extension the calling license is held, so undo cannot bring it back.'),
      ...about(upgrades, 'Webex does not change this back to Calling Standard, so undo cannot either.'),
      ...about(hosts, 'with the last license of a site, scheduling permissions and site administration there may go. Undo gives back the license, not these.'),
      ...about(outside, `${outside.length === 1 ? 'belongs' : 'belong'} to another organization. What is given is pending until it is accepted, takes a seat at once, and what is pending already is not shown by Webex.`),
      ...about(outsideTaken, 'what is taken goes at once. Undo does not give it back, it only offers it again: it is pending until it is accepted.'),
      ...about(outsideUnseen, 'Webex does not show whether what is taken is there, or offered, so undo cannot take this back.'),
      ...(full.length === 0 ? [] : [`This takes the last seats of ${sentenceList(full, NAMES_SHOWN)}.`]),
    ];
  }
}

/** A group that was named by mistake takes a license from nearly everybody. */
function muchText({ label, license: { consumedByUsers, consumedUnits } }: Known, n: number): string[] {
  const users = consumedByUsers ?? consumedUnits;
  if (users === undefined || n <= HANDFUL || n < users * FIFTH) return [];
  return [`${n >= users ? 'Everybody loses' : `${n.toLocaleString('en-US')} of the ${users.toLocaleString('en-US')} people who have it lose`} ${label}.`];
}

/** Whether the last calling license goes, and the number with it. */
export function losesNumber(held: readonly Known[], after: readonly Known[]): boolean {
  return held.some(isCalling) && !after.some(isCalling);
}

function sitesOf(held: readonly Known[]): string[] {
  return [...new Set(held.flatMap(({ license }) => license.siteUrl?.toLowerCase() ?? []))];
}
