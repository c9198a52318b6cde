import type { Button, Context, View } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { count, markdown, plain } from '../../lib/text.js';
import type { Catalog } from './catalog.js';
import type { Known } from './define.js';

/** Ids are long: with more of them the card would be larger than Webex surely takes. */
export const MOST_CHOICES = 40;

/** What written names mean: what is known without doubt, and what must be asked. */
export interface Meant {
  known: Known[];
  asked: { written: string; candidates: Known[] }[];
}

/** The licenses that are meant by these names or ids. Throws CallerMistake `NO_LICENSE` where there are none, `UNKNOWN_LICENSE` for the first that nothing fits. */
export function meantBy(catalog: Catalog, texts: readonly string[]): Meant {
  if (texts.length === 0) throw new CallerMistake({ code: 'NO_LICENSE', message: 'No license is named. Write its name or id; “licenses” shows all of them.' });
  const known = new Set<Known>();
  const asked: Meant['asked'] = [];
  for (const written of texts) {
    const found = catalog.find(written);
    if (found.fit === 'none') throw new CallerMistake({ code: 'UNKNOWN_LICENSE', message: `“${plain(written, 80)}” ${found.reason}. Write “licenses” to see all of them.` });
    if (found.fit === 'one') known.add(found.known);
    else asked.push({ written, candidates: found.candidates });
  }
  return { known: [...known], asked };
}

/** The license of this name or id, or a card that asks which of several it is; its button runs `command` with the one that was chosen. */
export function licenseOrQuestion(context: Pick<Context, 'organization'>, catalog: Catalog, text: string, button: Pick<Button, 'title' | 'command' | 'arguments'>): { known: Known } | { view: View } {
  const meant = meantBy(catalog, [text]);
  const [known] = meant.known;
  return known === undefined ? { view: questionView(context, meant, { ...button, isMany: false }) } : { known };
}

/** A card that asks which licenses are meant, for the argument `name`. `isMany`: several may be chosen; what is known already is chosen. */
export function questionView({ organization }: Pick<Context, 'organization'>, { known, asked }: Meant, button: Pick<Button, 'title' | 'command' | 'arguments'> & { isMany: boolean; name?: string }): View {
  const { isMany, name = 'license', ...rest } = button;
  const all = [...new Set([...known, ...asked.flatMap(({ candidates }) => candidates)])];
  const choices = all.slice(0, MOST_CHOICES).map(choiceOf);
  const lines = [
    ...asked.map(({ written, candidates }) => `“${plain(written, 80)}”: ${candidates.length === 1 ? 'one license is called nearly so' : `${count(candidates.length, 'license')} could be meant`}.`),
    ...(all.length > choices.length ? [`Only the first ${choices.length} of ${all.length} are shown: write more of the name, the site, the subscription or the id.`] : []),
  ];
  const title = isMany ? 'Which licenses?' : 'Which license?';
  return {
    audience: 'details',
    markdown: [`**${title}**`, ...lines.map((line) => markdown(line, 300)), ...choices.map(({ title: label, value }) => `- ${markdown(label)}: ${markdown(value)}`)].join('\n'),
    card: {
      template: 'licenses/which',
      data: { organization: organization.name, name, title, lines, choices, isMany, chosen: known.map(({ license }) => license.id).join(',') },
      buttons: [rest],
    },
  };
}

/** A license as a choice of a card. */
export function choiceOf({ label, license, left }: Known): { title: string; value: string } {
  return { title: left === undefined ? label : `${label}: ${left.toLocaleString('en-US')} left`, value: license.id };
}

/** The names in a list with commas, each once. */
export function textsIn(list: string): string[] {
  return [...new Set(list.split(/[,;\n]/).map((part) => part.trim()).filter((part) => part !== ''))];
}
