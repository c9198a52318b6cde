import type { Report } from '../../bot/define.js';
import { count, plain } from '../../lib/text.js';
import { sinceText } from './period.js';
import type { ReportedPlan, ReportSources } from './ports.js';
import { reportView } from './present.js';

const MOST = 20;

/** What was planned and changed with Steward: what, by whom, and how it ended. */
export function changesReport(parts: Pick<ReportSources, 'changes'>): Report {
  return {
    name: 'changes',
    title: 'Plans and changes',
    summary: 'What was planned and changed with Steward, by whom, and how it ended',
    access: { linked: true, scopes: [], roles: [] },
    make: async (context, { since }) => {
      const plans = (await parts.changes(context.organization.id)).filter((plan) => lastOf(plan) >= since).sort((a, b) => lastOf(b).localeCompare(lastOf(a)));
      const shown = plans.slice(0, MOST);
      return reportView(context, {
        title: 'Plans and changes',
        summary: plans.length === 0 ? `Nothing was planned or changed ${sinceText(since)}.` : `${count(plans.length, 'plan')} ${sinceText(since)}: ${countsText(plans)}.`,
        sections: [
          { heading: 'By person', rows: byPerson(plans).map(([name, theirs]) => ({ name, value: `${count(theirs.length, 'plan')}: ${countsText(theirs)}` })) },
          {
            heading: 'What', more: plans.length - shown.length,
            rows: shown.map((plan) => ({ name: `${plain(plan.title, 250)} (${plan.id})`, value: `${standing(plan)}, ${nameOf(plan)}`, isMarked: isMarked(plan) })),
          },
        ],
        buttons: plans.length === 0 ? [] : [{ title: 'All of them', command: 'changes', arguments: {} }],
      });
    },
  };
}

/** When something last happened to the plan. */
function lastOf({ createdAt, decision, change }: ReportedPlan): string {
  return [createdAt, decision?.at ?? '', change?.finishedAt ?? ''].reduce((a, b) => (a > b ? a : b));
}

function byPerson(plans: readonly ReportedPlan[]): [string, ReportedPlan[]][] {
  const people = new Map<string, ReportedPlan[]>();
  for (const plan of plans) people.set(plan.requester.email, [...(people.get(plan.requester.email) ?? []), plan]);
  return [...people.values()].map((theirs): [string, ReportedPlan[]] => [theirs[0] === undefined ? '' : nameOf(theirs[0]), theirs]).sort(([, a], [, b]) => b.length - a.length);
}

function nameOf({ requester }: ReportedPlan): string {
  return plain(requester.displayName) || plain(requester.email);
}

const OUTCOMES = [['done', 'done'], ['skipped', 'already so'], ['failed', 'failed'], ['conflict', 'in conflict'], ['cancelled', 'cancelled'], ['left', 'left']] as const;

/** `240 steps done, 3 failed` over several plans. */
function countsText(plans: readonly ReportedPlan[]): string {
  const sums = OUTCOMES.flatMap(([key, word]) => {
    const n = plans.reduce((sum, { change }) => sum + (change?.counts?.[key] ?? 0), 0);
    return n === 0 ? [] : [`${n.toLocaleString('en-US')} ${word}`];
  });
  return sums.length === 0 ? 'no step was applied' : `steps: ${sums.join(', ')}`;
}

const STANDING = {
  pending: 'waits for approval', approved: 'approved', rejected: 'rejected', expired: 'expired', superseded: 'replaced by a newer plan',
  queued: 'begins soon', running: 'is running', paused: 'is paused', done: 'finished', cancelled: 'cancelled',
} as const;

function standing(plan: ReportedPlan): string {
  const { change } = plan;
  if (plan.decision?.how === 'withdrawn') return 'withdrawn';
  return change === undefined ? STANDING[plan.state] : `${STANDING[change.state]}${change.counts === undefined ? '' : `, ${countsText([plan])}`}`;
}

function isMarked({ change }: ReportedPlan): boolean {
  return change?.state === 'paused' || (change?.counts?.failed ?? 0) + (change?.counts?.conflict ?? 0) > 0;
}
