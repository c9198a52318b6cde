import type { Plan, Progress } from '../../changes/engine.js';
import { nameOf, timeText } from '../../changes/engine.js';
import { markdown } from '../../lib/text.js';
import { clockText, countsText, durationText } from './words.js';

/** Webex takes 10 edits a message; two are left for mishaps. */
export const MOST_EDITS = 8;
const FIRST_AFTER_MS = 3_000;
const SHORTEST_GAP_MS = 5_000;

/** Spreads the few edits of a progress message over the time that a change takes. One edit is kept for its end. */
export class EditPace {
  private due: number;

  constructor(started: number, private used: number) {
    this.due = started + FIRST_AFTER_MS;
  }

  /** Whether the message should be edited now; if so, it counts as used. */
  take(now: number, progress: Progress): boolean {
    const left = MOST_EDITS - 1 - this.used;
    if (left <= 0 || now < this.due) return false;
    this.used += 1;
    const rest = Math.max(progress.leftMs ?? 60_000, (progress.waitsUntil ?? 0) - now);
    this.due = now + Math.max(SHORTEST_GAP_MS, rest / left);
    return true;
  }
}

/** `1,240 of 3,000 done, 4 failed, about 6 min left; Webex asks us to wait until 10:42 UTC`. */
export function progressText(plan: Plan, progress: Progress | undefined, now: number): string {
  const by = plan.decision?.by === undefined ? '' : ` approved by ${markdown(nameOf(plan.decision.by))};`;
  const head = `Change **${plan.id}** in ${markdown(plan.organization.name)} (${markdown(plan.title, 120)}):${by}`;
  if (plan.from !== undefined && Date.parse(plan.from) > now) return `${head} begins on ${timeText(plan.from)}.`;
  if (!progress) return `${head} 0 of ${plan.stepCount.toLocaleString('en-US')} done.`;
  const { counts, total, leftMs, waitsUntil } = progress;
  const others = countsText({ ...counts, done: 0, left: 0 });
  return [
    `${head} ${counts.done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} done`,
    ...(others === 'nothing done' ? [] : [`, ${others}`]),
    ...(leftMs === undefined || counts.left === 0 ? [] : [`, ${durationText(leftMs)} left`]),
    ...(waitsUntil === undefined || waitsUntil <= now ? [] : [`; Webex asks us to wait until ${clockText(waitsUntil, now)}`]),
    '.',
  ].join('');
}

/** The last text of the progress message. */
export function endText(plan: Plan, now: number): string {
  const { change } = plan;
  const counts = change?.counts;
  const progress: Progress | undefined = counts && { total: plan.stepCount, counts, leftMs: undefined, waitsUntil: undefined };
  const state = change?.state === 'done' ? 'Finished.' : change?.state === 'paused' ? 'Paused.' : 'Cancelled.';
  return `${progressText(plan, progress, now)} ${state}`;
}
