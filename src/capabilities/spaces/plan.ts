import type { StepDraft } from '../../changes/define.js';
import { idKey, sameId } from '../../lib/ids.js';
import type { Membership } from '../../webex/rest/memberships.js';
import type { SpacePlan, SpaceState, Stays } from './define.js';
import { isBot, isOutside, memberName, namesIn } from './names.js';
import { stepsFor } from './steps.js';

const DAY_MS = 24 * 3600_000;

/**
 * What following its groups would do to a space: who is wanted and missing joins, who is there and not wanted leaves, unless something
 * keeps him. Pure.
 * @param now ms since 1970
 */
export function planSpace(state: SpaceState, now: number): SpacePlan {
  const { rule, wanted, team } = state;
  const members = new Map(state.members.map((member) => [idKey(member.personId), member]));
  const missing = rule.mode === 'remove' ? [] : [...wanted].filter(([key]) => !members.has(key));
  const mayJoin = (key: string): boolean => team === undefined || team.has(key);
  const plan: SpacePlan = {
    state,
    joins: missing.filter(([key]) => mayJoin(key)).map(([, person]) => person).sort(byName),
    teamFirst: missing.filter(([key]) => !mayJoin(key)).map(([, person]) => person).sort(byName),
    leaves: [], stays: [],
  };
  for (const [key, member] of members) {
    if (wanted.has(key)) continue;
    const stay = reasonToStay(state, key, member, now);
    if (stay === undefined) plan.leaves.push(member);
    else plan.stays.push({ member, ...stay });
  }
  plan.leaves.sort((a, b) => byName({ displayName: memberName(a) }, { displayName: memberName(b) }));
  return withModerator(plan, members);
}

/** The steps of all plans: first everybody who joins, then everybody who leaves. */
export function stepsOf(plans: readonly SpacePlan[]): StepDraft[] {
  const each = plans.map((plan) => ({ plan, name: namesIn(plan.state), steps: stepsFor(plan.state) }));
  return [
    ...each.flatMap(({ plan, name, steps }) => plan.joins.map((person) => steps.joins(person, name(person.personId, person.displayName)))),
    ...each.flatMap(({ plan, name, steps }) => plan.leaves.map((member) => steps.leaves(member, name(member.personId, memberName(member)), isOutside(plan.state, member)))),
  ];
}

function reasonToStay(state: SpaceState, key: string, member: Membership, now: number): { why: Stays; until?: string } | undefined {
  const { rule, own, account, exempt, goneSince } = state;
  if (isBot(member)) return { why: 'bot' };
  if (sameId(member.personId, own.personId) || sameId(member.personId, account)) return { why: 'owner' };
  if (rule.mode === 'add') return { why: 'mode' };
  const exemption = exempt.get(key);
  if (exemption !== undefined) return { why: 'exempt', ...(exemption.until === undefined ? {} : { until: exemption.until }) };
  if (member.isModerator && rule.moderators === 'keep') return { why: 'moderator' };
  if (isOutside(state, member) && rule.outside === 'keep') return { why: 'outside' };
  const over = Date.parse(goneSince.get(key) ?? new Date(now).toISOString()) + rule.graceDays * DAY_MS;
  return over > now ? { why: 'grace', until: new Date(over).toISOString() } : undefined;
}

/** Webex: the last moderator of a team's General space cannot be removed. Which of a team's spaces that is, it does not say. */
function withModerator(plan: SpacePlan, members: ReadonlyMap<string, Membership>): SpacePlan {
  if (plan.state.room.teamId === undefined) return plan;
  const leaving = plan.leaves.filter(({ isModerator }) => isModerator);
  const [kept] = leaving;
  if (kept === undefined || [...members.values()].filter(({ isModerator }) => isModerator).length > leaving.length) return plan;
  return { ...plan, leaves: plan.leaves.filter((member) => member !== kept), stays: [...plan.stays, { member: kept, why: 'moderator' }] };
}

function byName(a: { displayName: string }, b: { displayName: string }): number {
  return a.displayName.localeCompare(b.displayName, 'en');
}
