import type { Context } from '../../bot/define.js';
import { meantBy, textsIn, type Meant } from './ask.js';
import type { Catalog } from './catalog.js';
import type { Known } from './define.js';
import { expandTemplates } from './templates.js';

/** The licenses that a text names, with commas between them; a name may have a comma itself. */
export function licensesIn(text: string, catalog: Catalog): Meant {
  return meantBy(catalog, catalog.find(text).fit === 'one' ? [text] : textsIn(text));
}

/** The same, where `template:"Name"` stands for the licenses of a template. */
export async function licensesOrTemplatesIn(context: Pick<Context, 'sealed'>, text: string, catalog: Catalog): Promise<Meant> {
  return catalog.find(text).fit === 'one' ? licensesIn(text, catalog) : meantBy(catalog, await expandTemplates(context, textsIn(text), catalog));
}

/** Licenses as they are written in a command, so that it means the same again. */
export function writtenAs(known: readonly Known[]): string {
  return known.map(({ label, license }) => (/[",;]/.test(label) ? license.id : `"${label}"`)).join(',');
}
