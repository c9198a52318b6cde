import { count } from '../../lib/text.js';
import type { Step } from '../../changes/define.js';
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

/** What came of a change, in few words: `3 steps` when all of them were done, else its counts. */
export function outcomeText(counts: Counts): string {
  const { done, ...others } = counts;
  return Object.values(others).every((n) => n === 0) ? count(done, 'step') : countsText(counts);
}

/** `10 steps: give permission to schedule`, or `12 steps: 10 give permission to schedule, 2 take permission to schedule away`. */
export function kindsText(plan: Plan): string {
  const labels = Object.entries(plan.labels);
  const kinds = labels.map(([label, n]) => (labels.length === 1 ? label : `${n.toLocaleString('en-US')} ${label}`));
  return `${count(plan.stepCount, 'step')}: ${kinds.join(', ')}`;
}

/** What is risky about a plan's steps: `2 steps take something away`. Empty when nothing is. */
export function riskText(steps: readonly Pick<Step, 'risk'>[]): string {
  const risks = RISKS.map(([risk, one, many]) => {
    const n = steps.filter((step) => step.risk === risk).length;
    return n === 0 ? '' : `${count(n, 'step')} ${n === 1 ? one : many}`;
  });
  return risks.filter((text) => text !== '').join(', ');
}

const RISKS: readonly (readonly [NonNullable<Step['risk']>, string, string])[] = [
  ['removal', 'takes something away', 'take something away'],
  ['admin', 'is about an administrator', 'are about administrators'],
  ['outside', 'is about somebody outside the organization', 'are about people outside the organization'],
];

/** The text with a capital letter in front. */
export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** Where a plan or change stands, in one or two words. */
export function standingText({ state, decision, change }: Plan): string {
  if (change) return change.wish === undefined ? change.state : `${change.state}, ${change.wish} asked for`;
  return state === 'pending' ? 'waits for approval' : (decision?.how ?? state);
}
