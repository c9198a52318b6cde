import { textOf, type Access, type Argument, type Context, type Values } from '../../bot/define.js';
import { hashOf } from '../../lib/canonical.js';
import { idKey } from '../../lib/ids.js';
import { ROLES } from '../../webex/roles.js';
import type { Exemption, Rule, SpacePlan, SpacesParts, Stopped } from './define.js';
import { gatherSpaces, isStopped } from './gather.js';
import { titleOf } from './names.js';
import { planSpace } from './plan.js';
import { findRule, readRules, rulesFingerprintPart } from './rules.js';
import { keepSeen, readSeen, seenOf, seenOfStopped, type Facts } from './seen.js';

/** The name of the job that makes spaces follow their groups. */
export const SYNC_JOB = 'spaces sync';

/** To read spaces and groups. */
export const LOOK_ACCESS: Access = { linked: true, scopes: ['spark:rooms_read', 'spark:memberships_read', 'identity:groups_read'], roles: [ROLES.full, ROLES.users, ROLES.readOnly] };
/** To change spaces too. */
export const SYNC_ACCESS: Access = { linked: true, scopes: [...LOOK_ACCESS.scopes, 'spark:memberships_write'], roles: [ROLES.full, ROLES.users] };

export const ruleArgument: Argument = {
  name: 'rule', kind: 'text', label: 'Rule or space', required: false, positional: true, help: 'the id of a rule, or the title of its space; without it, all rules',
};

/** What following the rules would do now. */
export interface Look {
  rules: readonly Rule[];
  plans: SpacePlan[];
  stopped: Stopped[];
}

/** The rules that a command is about: the one named, or all. Throws CallerMistake. */
export async function rulesOf(context: Context, values: Values): Promise<Rule[]> {
  const text = textOf(values, 'rule');
  return text === undefined ? readRules(context) : [await findRule(context, text)];
}

/** Reads Webex and works out the difference. Writes nothing. */
export async function look(context: Context, parts: SpacesParts, rules: readonly Rule[]): Promise<Look> {
  const plans: SpacePlan[] = [];
  const stopped: Stopped[] = [];
  for (const found of await gatherSpaces(context, parts, rules)) {
    if (isStopped(found)) stopped.push(found);
    else plans.push(planSpace(found, context.clock.now()));
  }
  return { rules, plans, stopped };
}

/** Keeps what a run has seen, and says what is new since the last run and wants a look before it is followed. */
export async function remember(context: Context, { plans, stopped }: Look): Promise<{ facts: Map<string, Facts>; news: string[] }> {
  const facts = new Map<string, Facts>();
  const news: string[] = [];
  const now = context.clock.now();
  for (const { rule, plan, stop } of [
    ...plans.map((plan) => ({ rule: plan.state.rule, plan, stop: undefined })), ...stopped.map((stop) => ({ rule: stop.rule, plan: undefined, stop })),
  ]) {
    const last = await readSeen(context, rule);
    const seen = plan === undefined ? seenOfStopped(stop, last) : seenOf(plan, now);
    if (seen === undefined) continue;
    facts.set(rule.id, seen.facts);
    news.push(...newsOf(plan === undefined ? rule.space.title : titleOf(plan.state), last?.facts, seen.facts, stop));
    await keepSeen(context, rule, seen);
  }
  return { facts, news };
}

/**
 * The hash of what the owner approves: the rules and exemptions, and of each space whose it is, whether outsiders are in it, and whether
 * all is there. Exemptions stay in it when they have ended: their end was approved with them.
 */
export async function fingerprintOf(context: Context, rules: readonly Rule[], facts: ReadonlyMap<string, Facts>): Promise<string> {
  const exemptions = (await context.sealed<Exemption>('space-exemptions').list()).map(({ value }) => value);
  return hashOf({ rules: rulesFingerprintPart(rules, exemptions), spaces: rules.map((rule) => ({ space: idKey(rule.space.id), facts: facts.get(rule.id) ?? null })).sort((a, b) => (a.space < b.space ? -1 : 1)) });
}

function newsOf(title: string, last: Facts | undefined, now: Facts, stop: Stopped | undefined): string[] {
  return [
    ...(now.isGone && last?.isGone !== true ? [`${title}: ${stop?.reason ?? 'the space or a group of it is gone.'}`] : []),
    ...(last !== undefined && !now.isGone && (last.owner !== now.owner || last.creator !== now.creator) ? [`${title} has another owner than at the last run.`] : []),
    ...(last !== undefined && !last.hasOutside && now.hasOutside ? [`Somebody of another organization is in ${title} for the first time.`] : []),
  ];
}
