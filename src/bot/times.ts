import type { PlanDraft } from '../changes/define.js';
import { CallerMistake } from '../lib/errors.js';
import { momentOf, tzOf, untilOf, WHEN_EXAMPLES } from '../schedules/when.js';
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

/** When something runs, as one text or as options: `every=12h`, `daily at=07:00`, `weekly on=Mon at=08:00`, `cron="0 7 * * 1-5"`. */
export const whenArguments: Argument[] = [
  { name: 'when', kind: 'text', label: 'When', required: false, positional: true, help: `as ${WHEN_EXAMPLES.join('; ')}` },
  { name: 'every', kind: 'text', label: 'Every', required: false, help: 'instead of “when”: as 12h or 7d' },
  { name: 'at', kind: 'text', label: 'At', required: false, help: 'the time of day, with daily, weekdays, weekly or monthly' },
  { name: 'on', kind: 'text', label: 'On', required: false, help: 'the days of the week or the day of the month, with weekly or monthly' },
  { name: 'cron', kind: 'text', label: 'Cron', required: false, help: 'instead of “when”: five fields in quotes' },
];

export const zoneArgument: Argument = { name: 'tz', kind: 'text', label: 'Time zone', required: false, help: 'as Europe/Berlin; without it, yours in Webex' };

/** What was written of the arguments above as one text, in the order in which whenOf reads it; empty when nothing was. */
export function whenWritten(values: Values): string {
  const options = ['every', 'cron', 'on', 'at'].flatMap((name) => {
    const text = textOf(values, name);
    return text === undefined ? [] : [`${name}=${text}`];
  });
  return [textOf(values, 'when') ?? '', ...options].join(' ').trim();
}

/** The time zone that was written, else the one that Webex has for the caller; UTC where Webex has none that is known here. Throws CallerMistake for what was written wrongly. */
export async function timeZoneOf(context: Pick<Context, 'webex'>, written?: string): Promise<string> {
  if (written !== undefined) return tzOf(written);
  const { timezone } = await people.me(context.webex);
  try {
    return timezone === undefined ? 'UTC' : tzOf(timezone);
  } catch (error) {
    if (error instanceof CallerMistake) return 'UTC';
    throw error;
  }
}

/** When a change begins and ends, as ISO 8601; what was not asked for is absent. */
export type Times = Pick<PlanDraft, 'from' | 'until'>;

/** The times that were written, as the caller's clock has them. Throws CallerMistake for what is no time to come, or an end before the beginning. */
export async function timesOf(context: Context, values: Values): Promise<Times> {
  const written = { from: textOf(values, 'from'), until: textOf(values, 'until') };
  if (written.from === undefined && written.until === undefined) return {};
  const at = { tz: await timeZoneOf(context), now: context.clock.now() };
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
