import type { PlanDraft } from '../changes/define.js';
import { CallerMistake } from '../lib/errors.js';
import { momentOf, untilOf } from '../schedules/when.js';
import * as people from '../webex/rest/people.js';
import { textOf, type Argument, type Context, type Values } from './define.js';

/** When the change begins, and when it is taken back by itself. */
export const fromArgument: Argument = {
  name: 'from', kind: 'text', label: 'From', required: false,
  help: 'when it begins: a date, such as 2026-12-01 or 2026-12-01T09:00; without it, once it is approved',
};

export const untilArgument: Argument = {
  name: 'until', kind: 'text', label: 'Until', required: false,
  help: 'when it is taken back by itself: a date (the end of that day), a date with a time, or a span such as 14d; without it, never',
};

/** When a change begins and ends, as ISO 8601; what was not asked for is absent. */
export type Times = Pick<PlanDraft, 'from' | 'until'>;

/** The times that were written, as the caller's clock has them. Throws CallerMistake for what is no time to come, or an end before the beginning. */
export async function timesOf(context: Context, values: Values): Promise<Times> {
  const written = { from: textOf(values, 'from'), until: textOf(values, 'until') };
  if (written.from === undefined && written.until === undefined) return {};
  const at = { tz: await people.timeZone(context.webex), now: context.clock.now() };
  const from = written.from === undefined ? undefined : momentOf(written.from, at);
  const until = written.until === undefined ? undefined : untilOf(written.until, at);
  if (from !== undefined && until !== undefined && until <= from) {
    throw new CallerMistake({ code: 'ENDS_TOO_EARLY', message: 'It would end before it begins: until= must be later than from=.' });
  }
  return { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
}

/** The same as words of a command, so that [Plan again] means the same times. */
export function timesText({ from, until }: Times): string {
  return `${from === undefined ? '' : ` from=${from}`}${until === undefined ? '' : ` until=${until}`}`;
}
