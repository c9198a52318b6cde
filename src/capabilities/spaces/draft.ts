import type { PlanDraft, Problem } from '../../changes/define.js';
import { plain, sentenceList } from '../../lib/text.js';
import type { SpacePlan, Stays, Stopped } from './define.js';
import { isBot, isOutside, memberName, namesIn, titleOf } from './names.js';
import { stepsOf } from './plan.js';

/** More names than this are not read by anybody; the steps themselves are in the plan's file. */
const NAMES = 5;

/** Why somebody who is in none of the groups stays, in words after the space's title. */
export const WHY: { [why in Stays]: string } = {
  bot: 'bots are never removed',
  owner: 'the account by which it is done is never removed',
  moderator: 'moderators stay',
  outside: 'people of other organizations stay',
  exempt: 'exempt',
  grace: 'in none of the groups only lately, removed when the grace is over',
  mode: 'the rule only adds',
};

/** The plan of following the groups. `only`: removals are left out, and said to be. Pure. */
export function draftOf(plans: readonly SpacePlan[], stopped: readonly Stopped[], command: string, only?: 'add'): PlanDraft {
  const used = only === 'add' ? plans.map((plan) => ({ ...plan, leaves: [] })) : plans;
  const steps = stepsOf(used);
  const mixed = only === undefined && plans.some(({ joins }) => joins.length > 0) && plans.some(({ leaves }) => leaves.length > 0);
  return {
    title: titleFor(used, stopped.length), command: only === undefined ? command : `${command} only=${only}`, steps,
    warnings: used.filter(({ joins }) => joins.length > 0).flatMap(warningsOf),
    problems: [
      ...stopped.map(({ rule, reason }) => ({ subject: plain(rule.space.title, 80), reason: `not followed now. ${plain(reason, 400)}` })),
      ...plans.flatMap((plan) => [...(only === 'add' ? leftIn(plan) : []), ...problemsOf(plan, titleOf(plan.state))]),
    ],
    ...(mixed ? { alternatives: [{ title: 'Add only', command: `${command} only=add` }] } : {}),
  };
}

/** Who stays, who cannot join yet and what is no person: one line for each reason. `title` is left out where the space is said already. */
export function problemsOf(plan: SpacePlan, title?: string): Problem[] {
  const [stays, cannot] = title === undefined ? ['kept', 'cannot join'] : [`kept in ${title}`, `cannot join ${title}`];
  const name = namesIn(plan.state);
  const byReason = new Map<string, string[]>();
  const say = (who: string, reason: string): void => {
    const people = byReason.get(reason) ?? [];
    people.push(who);
    byReason.set(reason, people);
  };
  for (const { member, why, until } of plan.stays) {
    const exemptUntil = why === 'exempt' && until !== undefined ? ` until ${until.slice(0, 16).replace('T', ' ')} UTC` : '';
    say(name(member.personId, memberName(member)), `${stays}: ${WHY[why]}${exemptUntil}`);
  }
  for (const { personId, displayName } of plan.teamFirst) say(name(personId, displayName), `${cannot} yet: must be in its team first`);
  for (const { subject, reason } of plan.state.leftOut) say(subject, reason);
  return [...byReason].map(([reason, who]) => ({ subject: sentenceList(who, NAMES), reason }));
}

/** `12 join, 3 leave`; `nothing to change`. */
export function countsText(plans: readonly SpacePlan[]): string {
  const joins = sum(plans.map((plan) => plan.joins.length));
  const leaves = sum(plans.map((plan) => plan.leaves.length));
  const said = [...(joins > 0 ? [`${joins.toLocaleString('en-US')} would join`] : []), ...(leaves > 0 ? [`${leaves.toLocaleString('en-US')} would leave`] : [])];
  return said.length === 0 ? 'nothing to change' : said.join(', ');
}

function titleFor(plans: readonly SpacePlan[], stopped: number): string {
  const [first] = plans;
  if (first === undefined) return stopped === 0 ? 'No space follows a group yet' : 'No space can follow its groups now';
  const who = plans.length === 1 ? `${titleOf(first.state)} follows its groups` : `${plans.length} spaces follow their groups`;
  return `${who}: ${countsText(plans)}`;
}

function leftIn(plan: SpacePlan): Problem[] {
  if (plan.leaves.length === 0) return [];
  const name = namesIn(plan.state);
  return [{ subject: sentenceList(plan.leaves.map((member) => name(member.personId, memberName(member))), NAMES), reason: `would leave ${titleOf(plan.state)}; this plan only adds` }];
}

function warningsOf({ state }: SpacePlan): string[] {
  const outsiders = state.members.filter((member) => !isBot(member) && isOutside(state, member)).length;
  return outsiders === 0 ? [] : [`People of another organization are in ${titleOf(state)} (${outsiders}): whoever joins reads and writes with them.`];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
