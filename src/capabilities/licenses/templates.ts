import type { Context } from '../../bot/define.js';
import { hashOf, type Json } from '../../lib/canonical.js';
import { CallerMistake } from '../../lib/errors.js';
import { plain, sentenceList } from '../../lib/text.js';
import type { Catalog } from './catalog.js';

const COLLECTION = 'license-templates';
const LONGEST_NAME = 80;
const MARK = /^template:/i;

/** A named set of licenses. Sealed record `license-templates/<hash of the name>`. */
export interface LicenseTemplate {
  name: string;
  /** Ids decide; the labels are what they were called when the template was made. */
  licenses: { id: string; label: string }[];
  by: { personId: string; displayName: string };
  /** ISO 8601. */
  at: string;
}

type Means = Pick<Context, 'sealed' | 'audit'>;

/** All templates of the organization, by name. Throws SealBroken when one was changed outside Steward: none is used then. */
export async function readTemplates({ sealed }: Pick<Context, 'sealed'>): Promise<LicenseTemplate[]> {
  const templates = (await sealed<LicenseTemplate>(COLLECTION).list()).map(({ value }) => value);
  return templates.sort((a, b) => a.name.localeCompare(b.name));
}

/** A name as it is kept. Throws CallerMistake `TEMPLATE_NAME` for one that could not be written in a command. */
export function templateName(text: string): string {
  const name = plain(text, 1000).replace(/\s*,\s*/g, ', ');
  if (name !== '' && name.length <= LONGEST_NAME && !/[";=]/.test(name) && !MARK.test(name)) return name;
  throw new CallerMistake({ code: 'TEMPLATE_NAME', message: `A template has a name of at most ${LONGEST_NAME} characters, without quotation marks, “;” and “=”.` });
}

/** Writes a template, in place of one of the same name (whatever its case); audited. Gives what was there before. Throws StaleRecord when somebody else wrote it at the same time. */
export async function saveTemplate(context: Means, template: LicenseTemplate): Promise<LicenseTemplate | undefined> {
  const records = context.sealed<LicenseTemplate>(COLLECTION);
  const found = await records.get(keyOf(template.name));
  await context.audit(found === undefined ? 'license-template.made' : 'license-template.changed', template.name, { before: found === undefined ? null : asJson(found.value), after: asJson(template) });
  await records.put(keyOf(template.name), template, found?.version ?? 0);
  return found?.value;
}

/** Removes a template; nobody's licenses change by it. Audited. Throws CallerMistake `UNKNOWN_TEMPLATE`. */
export async function removeTemplate(context: Means, name: string): Promise<LicenseTemplate> {
  const records = context.sealed<LicenseTemplate>(COLLECTION);
  const found = await records.get(keyOf(name));
  if (found === undefined) throw unknown(name, await readTemplates(context));
  await context.audit('license-template.removed', found.value.name, { before: asJson(found.value), after: null });
  await records.delete(keyOf(name), found.version);
  return found.value;
}

/**
 * Names and ids of licenses, with the ids of a template's licenses in place of `template:"Name"`; each once. A name with commas may have been
 * taken apart at them: then the longest name that is a template's is meant. With a catalog, a license that is no longer there is refused by its label.
 * Throws CallerMistake `UNKNOWN_TEMPLATE` or `TEMPLATE_OUTDATED`.
 */
export async function expandTemplates(context: Pick<Context, 'sealed'>, texts: readonly string[], catalog?: Pick<Catalog, 'get'>): Promise<string[]> {
  if (!texts.some((text) => MARK.test(text.trim()))) return [...texts];
  const templates = await readTemplates(context);
  const expanded: string[] = [];
  for (let at = 0; at < texts.length; at += 1) {
    const text = texts[at]?.trim() ?? '';
    if (!MARK.test(text)) {
      expanded.push(text);
      continue;
    }
    const found = longest(texts.slice(at), templates);
    if (found === undefined) throw unknown(bare(text), templates);
    requireAll(found.template, catalog);
    expanded.push(...found.template.licenses.map(({ id }) => id));
    at += found.taken - 1;
  }
  return [...new Set(expanded)];
}

/** The template that the first texts name, as many of them as fit. */
function longest(texts: readonly string[], templates: readonly LicenseTemplate[]): { template: LicenseTemplate; taken: number } | undefined {
  for (let taken = texts.length; taken > 0; taken -= 1) {
    const wanted = keyOf(bare(texts.slice(0, taken).join(',')));
    const template = templates.find(({ name }) => keyOf(name) === wanted);
    if (template !== undefined) return { template, taken };
  }
  return undefined;
}

function requireAll({ name, licenses }: LicenseTemplate, catalog: Pick<Catalog, 'get'> | undefined): void {
  const gone = catalog === undefined ? [] : licenses.filter(({ id }) => catalog.get(id) === undefined);
  if (gone.length === 0) return;
  const labels = sentenceList(gone.map(({ label }) => plain(label, 80)));
  throw new CallerMistake({ code: 'TEMPLATE_OUTDATED', message: `The template “${name}” has ${labels}, which the organization no longer has. Write “licenses template” with the same name and other licenses.` });
}

/** As it is written in a command. */
export function writtenTemplate({ name }: Pick<LicenseTemplate, 'name'>): string {
  return `template:"${name}"`;
}

function bare(text: string): string {
  return text.trim().replace(MARK, '').replaceAll('"', '');
}

/** The same for names that differ in case, or in blanks beside a comma. */
function keyOf(name: string): string {
  return hashOf(plain(name, 1000).replace(/\s*,\s*/g, ', ').normalize('NFC').toLowerCase()).slice(0, 32);
}

function unknown(name: string, templates: readonly LicenseTemplate[]): CallerMistake {
  const known = templates.length === 0 ? 'There are none yet.' : `There are: ${sentenceList(templates.map((one) => `“${one.name}”`), 20)}.`;
  return new CallerMistake({ code: 'UNKNOWN_TEMPLATE', message: `There is no template called “${plain(name, LONGEST_NAME)}”. ${known}` });
}

function asJson({ name, licenses, by, at }: LicenseTemplate): Json {
  return { name, licenses: licenses.map(({ id, label }) => ({ id, label })), by: { ...by }, at };
}
