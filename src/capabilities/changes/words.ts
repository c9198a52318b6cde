import { count } from '../../lib/text.js';
import type { Counts, Plan } from '../../changes/engine.js';

/** Calls a second that are reckoned with; Webex does not say what it allows. */
const CALLS_PER_SECOND = 15;

/** `a few seconds`, `about 40 seconds`, `about 6 min`, `about 3 h`. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return 'a few seconds';
  if (seconds < 90) return `about ${Math.ceil(seconds / 10) * 10} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `about ${minutes} min` : `about ${Math.ceil(minutes / 60)} h`;
}

/** How long the plan is expected to take. */
export function expectedDuration(plan: Plan): string {
  return durationText((plan.calls / CALLS_PER_SECOND) * 1000);
}

/** `10:42 UTC`, with the date when it is another day. */
export function clockText(ms: number, now: number): string {
  const iso = new Date(ms).toISOString();
  const day = iso.slice(0, 10);
  return `${day === new Date(now).toISOString().slice(0, 10) ? '' : `${day} `}${iso.slice(11, 16)} UTC`;
}

/** `12 done, 1 already so, 2 failed`. */
export function countsText(counts: Counts): string {
  const parts: [number, string][] = [
    [counts.done, 'done'], [counts.skipped, 'already so'], [counts.conflict, 'in conflict'], [counts.failed, 'failed'],
    [counts.cancelled, 'cancelled'], [counts.left, 'left'],
  ];
  const said = parts.filter(([n]) => n > 0).map(([n, word]) => `${n.toLocaleString('en-US')} ${word}`);
  return said.length === 0 ? 'nothing done' : said.join(', ');
}

/** `12 steps: 10 delegates insert, 2 delegates delete`. */
export function kindsText(plan: Plan): string {
  const kinds = Object.entries(plan.kinds).map(([kind, n]) => `${n.toLocaleString('en-US')} ${kind.replace(/[.-]/g, ' ')}`);
  return `${count(plan.stepCount, 'step')}: ${kinds.join(', ')}`;
}

/** Where a plan or change stands, in one or two words. */
export function standingText({ state, decision, change }: Plan): string {
  if (change) return change.wish === undefined ? change.state : `${change.state}, ${change.wish} asked for`;
  return state === 'pending' ? 'waits for approval' : (decision?.how ?? state);
}
