import { count, plain } from '../../lib/text.js';
import { idKey } from '../../lib/ids.js';
import type { License } from '../../webex/rest/licenses.js';

/** How much of one license is used. Numbers are units; undefined where Webex does not say. */
export interface Usage {
  /** The name, with site and subscription where several licenses have it. */
  name: string;
  /** Undefined: unlimited. */
  total: number | undefined;
  used: number | undefined;
  /** Between 0 and 1; undefined where there is no total or use. */
  share: number | undefined;
  /** Nearly used up: a tenth or less is left, or 5 or less and less than half. */
  isLow: boolean;
}

const FEW = 5;
const TENTH = 0.1;

/** The use of each license, the fullest first; those without a limit come last. Licenses are told apart by id, never by name. */
export function usageOf(licenses: readonly License[]): Usage[] {
  return licenses
    .map((license) => usageOfOne(license, nameAmong(license, licenses)))
    .sort((a, b) => (b.share ?? -1) - (a.share ?? -1) || (b.used ?? 0) - (a.used ?? 0) || a.name.localeCompare(b.name));
}

function usageOfOne({ totalUnits, consumedUnits, consumedByUsers, consumedByWorkspaces }: License, name: string): Usage {
  // Webex: -1 for licenses without a limit.
  const total = totalUnits === undefined || totalUnits < 0 ? undefined : totalUnits;
  const parts = consumedByUsers === undefined && consumedByWorkspaces === undefined ? undefined : (consumedByUsers ?? 0) + (consumedByWorkspaces ?? 0);
  const used = consumedUnits ?? parts;
  if (total === undefined || used === undefined) return { name, total, used, share: undefined, isLow: false };
  const left = total - used;
  return { name, total, used, share: total === 0 ? Number(used > 0) : used / total, isLow: left < 0 || (total > 0 && (left <= total * TENTH || (left <= FEW && left < total / 2))) };
}

/** The name with whatever differs among the licenses of this name: the site, the subscription, else the end of the id. */
function nameAmong(license: License, licenses: readonly License[]): string {
  const name = plain(license.name);
  const alike = licenses.filter((one) => plain(one.name) === name);
  if (alike.length < 2) return name;
  const differs = (key: 'siteUrl' | 'subscriptionId'): boolean => new Set(alike.map((one) => one[key])).size > 1;
  const words = (of: License): string[] => [differs('siteUrl') ? of.siteUrl ?? 'no site' : '', differs('subscriptionId') ? of.subscriptionId ?? 'no subscription' : ''].filter((word) => word !== '').map((word) => plain(word));
  const mine = words(license).join(', ');
  const isTold = alike.every((one) => one === license || words(one).join(', ') !== mine);
  return `${name} (${[...words(license), ...(isTold ? [] : [`id …${idKey(license.id).slice(-6)}`])].join(', ')})`;
}

/** `38 of 40 used, only 2 left`. */
export function usageText({ total, used, isLow }: Usage): string {
  if (used === undefined) return total === undefined ? 'unlimited, use not told by Webex' : `${number(total)} in all, use not told by Webex`;
  if (total === undefined) return `${number(used)} used, unlimited`;
  const left = total - used;
  return `${number(used)} of ${number(total)} used, ${left < 0 ? `${number(-left)} too many` : left === 0 ? 'none left' : `${isLow ? 'only ' : ''}${number(left)} left`}`;
}

/** `18 licenses, 3 of them nearly used up`. */
export function usageSummary(usage: readonly Usage[]): string {
  const low = usage.filter(({ isLow }) => isLow).length;
  if (usage.length === 0) return 'The organization has no licenses.';
  return `${count(usage.length, 'license')}, ${low === 0 ? 'none of them nearly used up' : `${number(low)} of them nearly used up`}.`;
}

function number(n: number): string {
  return n.toLocaleString('en-US');
}
