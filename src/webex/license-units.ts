import type { License } from './rest/licenses.js';

/** How many units of a license there are and are used; undefined where Webex does not say. */
export interface Units {
  /** Undefined where there is no limit, too. */
  total: number | undefined;
  /** Webex says so, by -1. A total that is not told is not one without end. */
  isUnlimited: boolean;
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
  const isUnlimited = totalUnits !== undefined && totalUnits < 0;
  const total = isUnlimited ? undefined : totalUnits;
  const parts = consumedByUsers === undefined && consumedByWorkspaces === undefined ? undefined : (consumedByUsers ?? 0) + (consumedByWorkspaces ?? 0);
  const used = consumedUnits ?? parts;
  if (total === undefined || used === undefined) return { total, isUnlimited, used, share: undefined, isLow: false };
  const left = total - used;
  return { total, isUnlimited, used, share: total === 0 ? Number(used > 0) : used / total, isLow: left < 0 || (total > 0 && (left <= total * TENTH || (left <= FEW && left < total / 2))) };
}

/** For sorting: the fullest first; those without a limit come last. */
export function fullestFirst(a: Units, b: Units): number {
  return (b.share ?? -1) - (a.share ?? -1) || (b.used ?? 0) - (a.used ?? 0);
}

/** `38 of 40 used, only 2 left`. */
export function unitsText({ total, isUnlimited, used, isLow }: Units): string {
  if (total === undefined) {
    if (used === undefined) return isUnlimited ? 'unlimited, use not told by Webex' : 'number and use not told by Webex';
    return `${number(used)} used, ${isUnlimited ? 'unlimited' : 'how many there are is not told by Webex'}`;
  }
  if (used === undefined) return `${number(total)} in all, use not told by Webex`;
  const left = total - used;
  return `${number(used)} of ${number(total)} used, ${left < 0 ? `${number(-left)} too many` : left === 0 ? 'none left' : `${isLow ? 'only ' : ''}${number(left)} left`}`;
}

function number(n: number): string {
  return n.toLocaleString('en-US');
}
