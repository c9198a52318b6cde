import { CallerMistake, messageOf, StewardError } from '../../lib/errors.js';
import type { Log } from '../../lib/log.js';
import { plain } from '../../lib/text.js';
import type { Schedule } from '../../schedules/define.js';
import { timeIn } from '../../schedules/when.js';
import { WebexRefused, WebexUnreachable } from '../../webex/errors.js';
import type { EnginePlan } from './ports.js';

const LONGEST_REASON = 500;

/** Why a run failed, as sentences of plain text. What is our own fault is logged, and the id finds the line. */
export function reasonOf(error: unknown, log: Log): string {
  if (error instanceof CallerMistake) return plain(error.message, LONGEST_REASON);
  if (error instanceof WebexRefused || error instanceof WebexUnreachable) {
    const words = error.words === '' ? '' : ` Webex says: “${plain(error.words, 300)}”`;
    const tracking = error.trackingId === undefined ? '' : ` (tracking id ${plain(error.trackingId, 100)})`;
    return `${plain(error.message, LONGEST_REASON)}${words}${tracking}`;
  }
  const id = error instanceof StewardError ? ` Error id: ${error.id}` : '';
  log.error({ error, reason: messageOf(error) }, 'a scheduled run failed');
  return `Something is wrong on our side.${id}`;
}

/** `active`, `paused: Stopped by Anna Berg.` */
export function stateText({ state, reason }: Schedule): string {
  return reason === undefined || state === 'active' || state === 'done' ? state : `${state}: ${reason}`;
}

/** `done on 2026-11-24 07:00 (Europe/Berlin): 3 added`. */
export function lastText({ last, tz }: Schedule): string {
  if (last === undefined) return 'has not run yet';
  if (last.outcome === undefined) return `runs since ${timeIn(last.startedAt, tz)}`;
  const word = last.outcome === 'waits' ? 'waits' : last.outcome;
  return `${word} on ${timeIn(last.finishedAt ?? last.startedAt, tz)}${last.note === undefined || last.note === '' ? '' : `: ${last.note}`}`;
}

/** When it runs next, in its own time zone. */
export function nextText({ nextDue, state, tz }: Schedule): string {
  return nextDue === undefined || state !== 'active' ? 'does not run' : timeIn(nextDue, tz);
}

/** Where its reports go. */
export function spaceText({ space }: Schedule): string {
  return space === undefined ? 'the owner’s 1:1' : space.title;
}

const COUNTED: readonly (readonly ['done' | 'skipped' | 'conflict' | 'failed' | 'cancelled' | 'left', string])[] = [
  ['done', 'done'], ['skipped', 'already so'], ['conflict', 'in conflict'], ['failed', 'failed'], ['cancelled', 'cancelled'], ['left', 'left'],
];

/** `12 done, 2 failed` of a change; `rejected` of a plan that was never applied. */
export function planNote({ change, decision, state }: EnginePlan): string {
  const counts = change?.counts;
  if (change === undefined) {
    if (decision === undefined) return state === 'pending' ? 'waits for approval' : state;
    return decision.how === 'expired' ? 'the plan expired' : `the plan was ${decision.how}`;
  }
  const said = COUNTED.flatMap(([key, word]) => ((counts?.[key] ?? 0) > 0 ? [`${(counts?.[key] ?? 0).toLocaleString('en-US')} ${word}`] : []));
  const paused = change.state === 'paused' ? `, paused: ${plain(change.pause?.reason ?? '', 300)}` : '';
  return `${said.length === 0 ? 'nothing done' : said.join(', ')}${paused}`;
}

/** True when nothing of the plan is left to be done. */
export function isWhole({ change }: EnginePlan): boolean {
  const counts = change?.counts;
  return change?.state === 'done' && counts !== undefined && counts.failed + counts.conflict + counts.cancelled + counts.left === 0;
}
