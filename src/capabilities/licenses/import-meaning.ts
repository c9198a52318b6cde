import type { Context } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { idKey } from '../../lib/ids.js';
import { sentenceList } from '../../lib/text.js';
import type { Catalog } from './catalog.js';
import type { Calling, Known } from './define.js';
import type { Ask, Fault, ImportRow, Meant } from './import-rows.js';
import { isCalling } from './kinds.js';
import { callingFrom, type Locations } from './locations.js';
import { expandTemplates } from './templates.js';

/** What stands in the column `license`, as names and ids of licenses. */
export type Expanded = (license: string) => string[] | Fault;

/** Looks up what the file names once for each text: a template stands for its licenses, any other text for itself. */
export async function expandedIn(context: Pick<Context, 'sealed'>, rows: readonly ImportRow[], catalog: Catalog): Promise<Expanded> {
  const expanded = new Map<string, string[] | Fault>();
  for (const text of new Set(rows.map(({ license }) => license.trim()))) {
    try {
      expanded.set(text, await expandTemplates(context, [text], catalog));
    } catch (error) {
      if (!(error instanceof CallerMistake)) throw error;
      expanded.set(text, { problem: error.message, suggestion: 'write the name as “licenses templates” shows it' });
    }
  }
  return (license) => expanded.get(license) ?? [license];
}

/** A row with a license means that license (of the site, if one is named), one without means to be an attendee of the site. Pure. */
export function meaningOf(row: ImportRow, expanded: Expanded, catalog: Catalog, locations: Locations | undefined): Meant {
  if (row.license === '') {
    return catalog.sites.includes(row.site)
      ? { asks: [{ key: `site ${row.site}`, operation: { what: 'site', site: row.site, operation: operationOf(row) } }] }
      : { problem: 'the site is none of this organization (Webex: 400216)', suggestion: `write one of: ${catalog.sites.join(', ')}` };
  }
  const texts = expanded(row.license);
  if ('problem' in texts) return texts;
  const from = row.from === '' ? undefined : fromOf(row, texts, catalog);
  if (from !== undefined && 'problem' in from) return from;
  const asks: Ask[] = from === undefined ? [] : [{ key: idKey(from.license.id), operation: { what: 'license', known: from, operation: 'remove' } }];
  for (const text of texts) {
    const known = licenseOf(text, row.site, catalog);
    if ('problem' in known) return known;
    if (known === from) return { problem: 'what is given and what is taken in exchange is the same license', suggestion: 'name another one in from, or leave it empty' };
    const calling = callingOf(row, known, locations);
    if (calling !== undefined && 'problem' in calling) return calling;
    asks.push({ key: idKey(known.license.id), operation: { what: 'license', known, operation: operationOf(row), ...(calling === undefined ? {} : { calling }), ...(from === undefined ? {} : { from }) } });
  }
  return { asks };
}

function operationOf({ operation }: ImportRow): 'add' | 'remove' {
  return operation === 'remove' ? 'remove' : 'add';
}

function fromOf({ from }: ImportRow, given: readonly string[], catalog: Catalog): Known | Fault {
  if (given.length !== 1) return { problem: 'from names what is taken in exchange for one license, and several are given', suggestion: 'write one row with from for one of them, and rows without for the others' };
  const known = licenseOf(from, '', catalog);
  return 'problem' in known ? { problem: `from: ${known.problem}`, suggestion: known.suggestion } : known;
}

/** With what a calling license is given. For every other, and for one that is taken, it means nothing. */
function callingOf(row: ImportRow, known: Known, locations: Locations | undefined): Calling | Fault | undefined {
  if (!isCalling(known) || row.operation === 'remove' || locations === undefined) return undefined;
  try {
    return callingFrom(row, locations);
  } catch (error) {
    if (!(error instanceof CallerMistake)) throw error;
    return { problem: error.message, suggestion: 'correct extension, phone or location' };
  }
}

function licenseOf(text: string, site: string, catalog: Catalog): Known | Fault {
  const found = catalog.find(text);
  if (found.fit === 'none') return { problem: `the license ${found.reason} (Webex: 400000)`, suggestion: 'write the name as “licenses” shows it, or the id' };
  const all = found.fit === 'one' ? [found.known] : found.candidates;
  const fitting = site === '' ? all : all.filter(({ license }) => license.siteUrl?.toLowerCase() === site);
  const [first, second] = fitting;
  if (first === undefined) return { problem: `this license is not one of ${site}`, suggestion: `it is one of: ${shown(all)}` };
  // A name that only begins so is not taken, even if one license alone does.
  if (second === undefined && (found.fit === 'one' || all.every(({ license }) => license.name === first.license.name))) return first;
  return { problem: fitting.length === 1 ? 'no license is called exactly so' : `${fitting.length} licenses could be meant`, suggestion: `write one of: ${shown(fitting)}` };
}

function shown(all: readonly Known[]): string {
  return sentenceList(all.map(({ label }) => label), 8);
}
