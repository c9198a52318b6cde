import { allows, leftFor } from '../../accounts/looking.js';
import type { Feature } from '../../accounts/scopes.js';
import { CallerMistake } from '../../lib/errors.js';
import { plain, sentenceList } from '../../lib/text.js';
import { oneOf } from './abilities.js';

/** What an account is to be linked for, and what is to be said about it. */
export interface Choice {
  features: Feature[];
  /** Plain sentences. */
  notes: string[];
}

/** The features that a text names, each once. Throws CallerMistake that names what there is. */
export function chosenOf(features: readonly Feature[], text: string | undefined): Feature[] {
  const names = (text ?? '').toLowerCase().split(/[\s,;]+/).filter((name) => name !== '');
  return [...new Set(names)].map((name) => {
    const feature = features.find((one) => one.name === name);
    if (feature === undefined) throw new CallerMistake({ code: 'FEATURE_UNKNOWN', message: `There is no “${plain(name, 40)}” to link for. There are: ${namesOf(features)}.` });
    return feature;
  });
}

/**
 * What of a choice is of use to somebody. Webex shows his roles to a linked account only; before, the choice stays as it is, and the
 * notes say what it needs. Throws CallerMistake where his roles leave nothing of it.
 */
export function choiceFor(asked: readonly Feature[], features: readonly Feature[], roles: readonly string[] | undefined): Choice {
  if (roles === undefined) return { features: [...asked], notes: needs(asked) };
  const left = new Set<Feature>();
  const notes: string[] = [];
  for (const feature of asked) {
    const found = leftFor(feature, roles, features);
    if (found !== undefined) left.add(found);
    if (found === undefined) notes.push(`${feature.title}: you need the role ${oneOf(feature.roles)}, so it is left out.`);
    else if (found !== feature) notes.push(`${feature.title}: this is for looking only. To change something you need the role ${oneOf(feature.roles)}.`);
  }
  if (left.size === 0) {
    const useful = features.filter((feature) => allows(feature, roles));
    throw new CallerMistake({
      code: 'ROLE_MISSING',
      message: `${sentenceList(asked.map(({ title }) => title))}: this needs the role ${oneOf([...new Set(asked.flatMap((feature) => feature.roles))])}, which you do not have. ${useful.length === 0 ? 'A full administrator can give you a role in Control Hub.' : `You can link for: ${namesOf(useful)}.`}`,
    });
  }
  return { features: [...left], notes };
}

/** What a choice needs of somebody whose roles are not known: only what looking alone does not. */
function needs(asked: readonly Feature[]): string[] {
  const titles = new Map<string, string[]>();
  for (const { title, roles, looking } of asked) {
    // What changes something has a way to look, or is for full administrators alone.
    if (looking !== undefined || roles.length === 1) titles.set(oneOf(roles), [...(titles.get(oneOf(roles)) ?? []), title]);
  }
  return [...titles].map(([role, of]) => `${of.join('; ')}: only with the role ${role}. Webex may refuse the whole link to others.`);
}

/** What is linked now, as far as these roles can use it. */
export function linkedOf(features: readonly Feature[], scopes: readonly string[], roles: readonly string[] | undefined): Feature[] {
  const linked = features.filter((feature) => feature.scopes.every(({ scope }) => scopes.includes(scope)));
  // Who is linked to change something is not linked to look at it besides.
  const whole = linked.filter(({ name }) => !linked.some(({ looking }) => looking === name));
  return roles === undefined ? whole : [...new Set(whole.flatMap((feature) => leftFor(feature, roles, features) ?? []))];
}

/** Names of features, for sentences. */
export function namesOf(features: readonly Feature[]): string {
  return sentenceList(features.map(({ name }) => name));
}
