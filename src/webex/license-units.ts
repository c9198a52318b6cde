import type { License } from './rest/licenses.js';

/** How many units of a license there are and are used; undefined where Webex does not say. */
export interface Units {
  /** Undefined: unlimited. */
  total: number | undefined;
  used: number | undefined;
  /** Between 0 and 1, more where more are used than there are; undefined where there is no total or use. */
  share: number | undefined;
  /** Nearly used up: a tenth or less is left, or 5 or less and less than half. */
  isLow: boolean;
}

const FEW = 5;
const TENTH = 0.1;

/** What a license's counts say. They follow a change only after a while. */
export function unitsOf({ totalUnits, consumedUnits, consumedByUsers, consumedByWorkspaces }: License): Units {
  // Webex: -1 for licenses without a limit.
  const total = totalUnits === undefined || totalUnits < 0 ? undefined : totalUnits;
  const parts = consumedByUsers === undefined && consumedByWorkspaces === undefined ? undefined : (consumedByUsers ?? 0) + (consumedByWorkspaces ?? 0);
  const used = consumedUnits ?? parts;
  if (total === undefined || used === undefined) return { total, used, share: undefined, isLow: false };
  const left = total - used;
  return { total, used, share: total === 0 ? Number(used > 0) : used / total, isLow: left < 0 || (total > 0 && (left <= total * TENTH || (left <= FEW && left < total / 2))) };
}

/** For sorting: the fullest first; those without a limit come last. */
export function fullestFirst(a: Units, b: Units): number {
  return (b.share ?? -1) - (a.share ?? -1) || (b.used ?? 0) - (a.used ?? 0);
}

/** `38 of 40 used, only 2 left`. */
export function unitsText({ total, used, isLow }: Units): string {
  if (used === undefined) return total === undefined ? 'unlimited, use not told by Webex' : `${number(total)} in all, use not told by Webex`;
  if (total === undefined) return `${number(used)} used, unlimited`;
  const left = total - used;
  return `${number(used)} of ${number(total)} used, ${left < 0 ? `${number(-left)} too many` : left === 0 ? 'none left' : `${isLow ? 'only ' : ''}${number(left)} left`}`;
}

function number(n: number): string {
  return n.toLocaleString('en-US');
}
