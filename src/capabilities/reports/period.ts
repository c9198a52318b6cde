import type { Context, JobRun } from '../../bot/define.js';
import type { Clock } from '../../lib/clock.js';
import { CallerMistake } from '../../lib/errors.js';
import { plain } from '../../lib/text.js';
import { durationOf, timeIn } from '../../schedules/when.js';

const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;
/** Webex gives audit events of one year in one request. */
const LONGEST_MS = 365 * DAY_MS;

/**
 * The beginning of a period (ISO 8601) as somebody writes it: `24h`, `7d`, `2w`, or a day as `2026-11-20`, from its beginning (UTC). Without a text, a week ago.
 * Throws CallerMistake for what is none, is to come, or is more than a year ago.
 */
export function sinceOf(text: string | undefined, clock: Clock): string {
  const now = clock.now();
  const since = text === undefined ? now - WEEK_MS : dayOf(text) ?? now - durationOf(text);
  if (since >= now || now - since > LONGEST_MS) {
    throw new CallerMistake({ code: 'PERIOD_NOT_UNDERSTOOD', message: `since=${plain(text ?? '', 40)} must be past, and at most a year ago. Write for example since=7d or since=2026-11-20.` });
  }
  return new Date(since).toISOString();
}

function dayOf(text: string): number | undefined {
  const day = text.trim();
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
  // A day that the month does not have would be read as one of the next month.
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(day) ? undefined : at;
}

/** `since Tue 2026-11-17 22:27 UTC`. */
export function sinceText(since: string): string {
  return `since ${timeIn(since, 'UTC')} UTC`;
}

/** Until when the last report of a schedule told everything. Record `report-periods/<id of the schedule>`. */
interface Told {
  until: string;
}

const COLLECTION = 'report-periods';

/** Where a scheduled report's period begins: at the end of the last one that could be made, so that a failed run leaves no gap; at first, as long ago as the next run is ahead. */
export async function periodOf({ records, clock }: Pick<Context, 'records' | 'clock'>, { schedule, due, next }: JobRun): Promise<{ since: string; told(): Promise<void> }> {
  const found = await records.get<Told>(COLLECTION, schedule.id);
  const until = clock.iso();
  const length = next === undefined ? WEEK_MS : Math.max(DAY_MS, Date.parse(next) - Date.parse(due));
  const first = new Date(clock.now() - Math.min(length, LONGEST_MS)).toISOString();
  const earliest = new Date(clock.now() - LONGEST_MS).toISOString();
  const since = found === undefined ? first : found.value.until < earliest ? earliest : found.value.until;
  return {
    since,
    told: async () => { await records.put(COLLECTION, schedule.id, { until } satisfies Told, found?.version ?? 0); },
  };
}
