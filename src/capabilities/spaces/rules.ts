import type { Context } from '../../bot/define.js';
import { hashOf, sameJson, type Json } from '../../lib/canonical.js';
import { CallerMistake } from '../../lib/errors.js';
import { idKey, sameId } from '../../lib/ids.js';
import { plain, sentenceList } from '../../lib/text.js';
import type { Exemption, Rule } from './define.js';

const RULES = 'space-rules';
const EXEMPTIONS = 'space-exemptions';
const SIGNS = 6;

type Means = Pick<Context, 'sealed' | 'audit' | 'outdate'>;

/** The six signs by which the rule of a space is called. */
export function ruleId(roomId: string): string {
  return hashOf(idKey(roomId)).slice(0, SIGNS);
}

/** All rules of the organization, by title. Throws SealBroken when one was changed outside Steward: none is followed then. */
export async function readRules(context: Pick<Context, 'sealed'>): Promise<Rule[]> {
  const rules = (await context.sealed<Rule>(RULES).list()).map(({ value }) => value);
  return rules.sort((a, b) => a.space.title.localeCompare(b.space.title) || (a.id < b.id ? -1 : 1));
}

/** The rule that is meant by its id, its space's title or the space's id. Throws CallerMistake `UNKNOWN_RULE`, or `WHICH_RULE` with all that fit. */
export async function findRule(context: Pick<Context, 'sealed'>, text: string): Promise<Rule> {
  const rules = await readRules(context);
  const wanted = text.trim();
  const title = wanted.toLowerCase();
  const byId = rules.filter((rule) => rule.id === title || sameId(rule.space.id, wanted));
  const found = byId.length > 0 ? byId : rules.filter(({ space }) => space.title.trim().toLowerCase() === title);
  const [only, ...others] = found;
  if (only === undefined) throw new CallerMistake({ code: 'UNKNOWN_RULE', message: `No space that follows groups is “${plain(text, 80)}”. Write “spaces rules” to see them with their ids.` });
  if (others.length > 0) {
    const all = found.map((rule) => `${rule.id} (${plain(rule.space.title, 60)}, follows ${sentenceList(rule.groups.map(({ name }) => plain(name, 40)), 3)})`);
    throw new CallerMistake({ code: 'WHICH_RULE', message: `${found.length} rules could be meant by “${plain(text, 80)}”: ${sentenceList(all, 20)}. Name one by its id.` });
  }
  return only;
}

/** What a rule decides: all but who made it and when, and the names that it shows. */
export function meaningOf(rule: Rule): Json {
  return {
    space: idKey(rule.space.id), groups: rule.groups.map(({ id }) => idKey(id)).sort(),
    mode: rule.mode, graceDays: rule.graceDays, as: rule.as, moderators: rule.moderators, outside: rule.outside,
  };
}

/** Whether two rules decide the same. */
export function sameRule(a: Rule, b: Rule): boolean {
  return sameJson(meaningOf(a), meaningOf(b));
}

/** Writes the rule of a space; audited. Throws CallerMistake when somebody else changed it at the same time. */
export async function saveRule(context: Means, rule: Rule): Promise<void> {
  const records = context.sealed<Rule>(RULES);
  const key = idKey(rule.space.id);
  const found = await records.get(key);
  await context.audit(found === undefined ? 'space-rule.made' : 'space-rule.changed', rule.id, { before: found === undefined ? null : asJson(found.value), after: asJson(rule) });
  await unlessStale(records.put(key, rule, found?.version ?? 0));
  await outdate(context, rule.space);
}

/** Stops following: nobody is removed from the space. Audited; nothing when the rule is gone already. */
export async function removeRule(context: Means, rule: Rule): Promise<void> {
  const records = context.sealed<Rule>(RULES);
  const key = idKey(rule.space.id);
  const found = await records.get(key);
  if (found === undefined) return;
  await context.audit('space-rule.removed', rule.id, { before: asJson(found.value), after: null });
  await unlessStale(records.delete(key, found.version));
  await outdate(context, rule.space);
}

/** Who stays in a space whatever the groups say; those whose time has ended are not given. By name. Throws SealBroken. */
export async function readExemptions(context: Pick<Context, 'sealed' | 'clock'>): Promise<Exemption[]> {
  const now = context.clock.now();
  const all = (await context.sealed<Exemption>(EXEMPTIONS).list()).map(({ value }) => value);
  return all.filter(({ until }) => until === undefined || Date.parse(until) > now).sort((a, b) => a.person.displayName.localeCompare(b.person.displayName));
}

/** Keeps somebody in one space, or in all; audited. Written again, it takes the place of what was there. */
export async function saveExemption(context: Means, exemption: Exemption): Promise<void> {
  const records = context.sealed<Exemption>(EXEMPTIONS);
  const key = exemptionKey(exemption);
  const found = await records.get(key);
  await context.audit(found === undefined ? 'space-exemption.made' : 'space-exemption.changed', key, { before: found === undefined ? null : asJson(found.value), after: asJson(exemption) });
  await unlessStale(records.put(key, exemption, found?.version ?? 0));
  await outdate(context, exemption.space);
}

/** Audited; nothing when it is gone already. */
export async function removeExemption(context: Means, exemption: Exemption): Promise<void> {
  const records = context.sealed<Exemption>(EXEMPTIONS);
  const key = exemptionKey(exemption);
  const found = await records.get(key);
  if (found === undefined) return;
  await context.audit('space-exemption.removed', key, { before: asJson(found.value), after: null });
  await unlessStale(records.delete(key, found.version));
  await outdate(context, exemption.space);
}

/** One text for everything that the rules and exemptions decide. Titles, and who made them and when, are not in it. */
export function rulesFingerprintPart(rules: readonly Rule[], exemptions: readonly Exemption[]): string {
  const kept = exemptions.map((one) => ({ key: exemptionKey(one), until: one.until ?? null }));
  return hashOf({ rules: sorted(rules.map(meaningOf)), exemptions: sorted(kept) });
}

/** Plans that wait would still do what was decided before. */
async function outdate(context: Means, space: { id: string } | undefined): Promise<void> {
  await context.outdate('spaces sync', 'The rules or exemptions of spaces have changed since it was made.', space && idKey(space.id));
}

function exemptionKey({ space, person }: Pick<Exemption, 'space' | 'person'>): string {
  return `${space === undefined ? '*' : idKey(space.id)} ${idKey(person.id)}`;
}

function sorted(values: readonly Json[]): Json[] {
  return values.map((value) => ({ value, key: hashOf(value) })).sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ value }) => value);
}

function asJson(value: Rule | Exemption): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** The store's StaleRecord: two people wrote the same rule at once, and the first one counts. */
async function unlessStale(writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'StaleRecord') throw error;
    throw new CallerMistake({ code: 'RULE_CHANGED', message: 'Somebody else changed this at the same moment. Look at it again (spaces rules) and repeat what you want.' });
  }
}
