import { Cron } from 'croner';

/** The fields of a cron pattern whose steps and ranges in the time of day are written out as lists, or why it is none. */
export type CronRead = { ok: true; cron: string; minutes: number[]; hours: number[] } | { ok: false; problem: string };

const MINUTES_OF_DAY = 24 * 60;

/** Reads five fields: minute, hour, day of month, month, day of week. */
export function readCron(text: string): CronRead {
  const fields = text.trim().toUpperCase().split(/\s+/);
  const [minute = '', hour = '', ...days] = fields;
  if (fields.length !== 5) return { ok: false, problem: `A cron pattern has five fields, this one has ${fields.length}.` };
  const minutes = listOf(minute, 59);
  const hours = listOf(hour, 23);
  if (!minutes) return { ok: false, problem: 'The first field of a cron pattern is the minute, from 0 to 59.' };
  if (!hours) return { ok: false, problem: 'The second field of a cron pattern is the hour, from 0 to 23.' };
  const cron = [minutes.join(','), hour === '*' ? '*' : hours.join(','), ...days].join(' ');
  try {
    if (timesOf(cron, 'UTC').nextRun(new Date(0)) === null) return { ok: false, problem: 'No date ever fits that cron pattern.' };
  } catch {
    return { ok: false, problem: 'The last three fields of a cron pattern are day of month, month and day of week, as numbers.' };
  }
  return { ok: true, cron, minutes, hours };
}

/**
 * The times of a pattern. Times of day are run once in a repeated hour and right after a skipped one; only a pattern with each hour (`*`)
 * follows the hours as they pass. Croner knows lists for times of day, but takes steps for intervals: so `readCron` writes them out.
 */
export function timesOf(cron: string, tz: string): Cron {
  return new Cron(cron, { timezone: tz, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });
}

/** The shortest time between two runs, in minutes. */
export function leastGap(minutes: readonly number[], hours: readonly number[]): number {
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute)).sort((a, b) => a - b);
  return Math.min(...times.map((time, i) => (times[i + 1] ?? MINUTES_OF_DAY + (times[0] ?? 0)) - time));
}

/** `1,5`, `8-17`, `*`, `8-17/2` as numbers in order; undefined for anything else. */
function listOf(field: string, most: number): number[] | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [, range = '', from, to, step = '1'] = /^(\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    const first = range === '*' ? 0 : Number(from);
    const last = range === '*' ? most : Number(to ?? from);
    // A step needs a range.
    if (range === '' || last > most || first > last || Number(step) === 0 || (part.includes('/') && range === from)) return undefined;
    for (let n = first; n <= last; n += Number(step)) found.add(n);
  }
  return [...found].sort((a, b) => a - b);
}
