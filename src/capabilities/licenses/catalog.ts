import { orgOption, type Context } from '../../bot/define.js';
import { fold, split, wordsOf } from '../../directory/fold.js';
import { idKey } from '../../lib/ids.js';
import { plain } from '../../lib/text.js';
import { unitsOf } from '../../webex/license-units.js';
import * as rest from '../../webex/rest/licenses.js';
import type { License } from '../../webex/rest/licenses.js';
import type { Known } from './define.js';
import { kindOf } from './kinds.js';

/** What a written name of a license means. `several`: these could be meant, even one of them was not named exactly; it is asked, never guessed. */
export type Found =
  | { fit: 'one'; known: Known }
  | { fit: 'several'; candidates: Known[] }
  /** `reason` is the rest of a sentence about what was written. */
  | { fit: 'none'; reason: string };

/** All licenses of the organization, as read once for a command. */
export interface Catalog {
  readonly all: readonly Known[];
  /** Lower-case hosts of the sites that licenses are for. */
  readonly sites: readonly string[];
  /** By id, in any of its spellings. */
  get(id: string): Known | undefined;
  /** By id, label or name; else by the beginnings of their words. */
  find(text: string): Found;
}

/** Reads the licenses of the organization. */
export async function openCatalog(context: Pick<Context, 'webex' | 'caller' | 'organization'>): Promise<Catalog> {
  return catalogOf(await rest.list(context.webex, orgOption(context)));
}

/** Pure. */
export function catalogOf(licenses: readonly License[]): Catalog {
  const all = licenses.map((license): Known => ({ license, kind: kindOf(license), label: labelOf(license, licenses), left: leftOf(license) }));
  const byId = new Map(all.map((known) => [idKey(known.license.id), known]));
  return {
    all,
    sites: [...new Set(all.flatMap(({ license }) => license.siteUrl?.toLowerCase() ?? []))],
    get: (id) => byId.get(idKey(id.trim())),
    find: finder(all, byId),
  };
}

/** A file asks thousands of times, and mostly for the same: all that is compared is made once, and what was found is kept. */
function finder(all: readonly Known[], byId: ReadonlyMap<string, Known>): Catalog['find'] {
  const found = new Map<string, Found>();
  const byLabel = grouped(all, ({ label }) => label);
  const byName = grouped(all, ({ license }) => license.name);
  let words: { known: Known; words: string[] }[] | undefined;
  const search = (text: string): Found => {
    const known = byId.get(idKey(text.trim()));
    if (known !== undefined) return { fit: 'one', known };
    const wanted = comparable(text);
    const same = byLabel.get(wanted) ?? byName.get(wanted);
    if (same !== undefined) return several(same);
    const begins = split(fold(text));
    words ??= all.map((one) => ({ known: one, words: wordsOf(`${one.label} ${one.license.subscriptionId ?? ''}`) }));
    const near = begins.length === 0 ? [] : words.flatMap((one) => (begins.every((begin) => one.words.some((word) => word.startsWith(begin))) ? one.known : []));
    if (near.length > 0) return { fit: 'several', candidates: near };
    return { fit: 'none', reason: 'is not the name or id of a license of this organization' };
  };
  return (text) => {
    const result = found.get(text) ?? search(text);
    found.set(text, result);
    return result;
  };
}

function grouped(all: readonly Known[], nameOf: (known: Known) => string): Map<string, Known[]> {
  const groups = new Map<string, Known[]>();
  for (const known of all) {
    const name = comparable(nameOf(known));
    groups.set(name, [...(groups.get(name) ?? []), known]);
  }
  return groups;
}

function several(candidates: Known[]): Found {
  const [first] = candidates;
  return candidates.length === 1 && first !== undefined ? { fit: 'one', known: first } : { fit: 'several', candidates };
}

/** The name, the site, the subscription where name and site repeat, and the end of the id where all of that repeats. */
function labelOf(license: License, all: readonly License[]): string {
  const { name, siteUrl, subscriptionId, id } = license;
  const base = plain(siteUrl === undefined ? name : `${name} on ${siteUrl.toLowerCase()}`);
  const same = all.filter((other) => other.name === name && other.siteUrl?.toLowerCase() === siteUrl?.toLowerCase());
  if (same.length < 2) return base;
  const isTold = same.filter((other) => other.subscriptionId === subscriptionId).length === 1;
  return `${base} (${plain([subscriptionId ?? 'no subscription', ...(isTold ? [] : [idKey(id).slice(-8)])].join(', '))})`;
}

/** Undefined where there is no limit, or Webex does not say how many are used: nothing can be counted then. */
export function leftOf(license: License): number | undefined {
  const { total, used } = unitsOf(license);
  return total === undefined || used === undefined ? undefined : Math.max(0, total - used);
}

function comparable(text: string): string {
  return plain(text, 2000).normalize('NFC').toLowerCase();
}
