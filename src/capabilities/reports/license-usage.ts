import { count, plain } from '../../lib/text.js';
import { idKey } from '../../lib/ids.js';
import { fullestFirst, unitsOf, type Units } from '../../webex/license-units.js';
import type { License } from '../../webex/rest/licenses.js';

/** How much of one license is used. */
export interface Usage extends Units {
  /** The name, with site and subscription where several licenses have it. */
  name: string;
}

/** The use of each license, the fullest first; those without a limit come last. Licenses are told apart by id, never by name. */
export function usageOf(licenses: readonly License[]): Usage[] {
  return licenses
    .map((license) => ({ name: nameAmong(license, licenses), ...unitsOf(license) }))
    .sort((a, b) => fullestFirst(a, b) || a.name.localeCompare(b.name));
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

/** `18 licenses, 3 of them nearly used up`. */
export function usageSummary(usage: readonly Usage[]): string {
  const low = usage.filter(({ isLow }) => isLow).length;
  if (usage.length === 0) return 'The organization has no licenses.';
  return `${count(usage.length, 'license')}, ${low === 0 ? 'none of them nearly used up' : `${low.toLocaleString('en-US')} of them nearly used up`}.`;
}
