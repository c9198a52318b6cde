import { CallerMistake } from '../lib/errors.js';
import { count, plain } from '../lib/text.js';
import type { When } from './define.js';
import { leastGap, readCron, timesOf } from './when-cron.js';
import { DAY, HOUR, MINUTE, partsIn, spanOf, type Reading } from './when-dates.js';

export { durationOf, momentOf, timeIn, tzOf, untilOf, type Reading } from './when-dates.js';

/** Nothing runs more often, in milliseconds. */
export const LEAST_INTERVAL = 15 * MINUTE;
/** The longest that `every` may be, in milliseconds. */
export const LONGEST_INTERVAL = 31 * DAY;

/** What may be written for the times of a schedule: for help texts. */
export const WHEN_EXAMPLES = ['every=12h', 'daily at=07:00', 'weekdays at=07:30', 'weekly on=Mon,Thu at=08:00', 'monthly on=1 at=06:00', 'monthly on=last at=18:00', 'cron="0 7 * * 1-5"'] as const;

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const SHORT = 3;
const EXAMPLE = { every: 'every=12h', daily: 'daily at=07:00', weekdays: 'weekdays at=07:30', weekly: 'weekly on=Mon at=08:00', monthly: 'monthly on=1 at=06:00', cron: 'cron="0 7 * * 1-5"' };

/**
 * The times that a person wrote, as in WHEN_EXAMPLES; `=`, `at` and `on` may be left out. What recurs each so many hours is counted from now.
 * Throws CallerMistake `WHEN_NOT_UNDERSTOOD` that says what was wrong.
 */
export function whenOf(text: string, { tz, now }: Reading): When {
  const line = text.replace(/[\u201C-\u201F"']/g, ' ').replace(/=/g, ' ').replace(/\s*,\s*/g, ',').trim().toLowerCase();
  const [first = '', ...rest] = line.split(/\s+/);
  const from = new Date(now).toISOString();
  if (/^(cron\s+)?\S+(\s+\S+){4}$/.test(line) && (first === 'cron' || /^[\d*]/.test(first))) return cronOf(line.replace(/^cron\s+/, ''), tz);
  switch (first) {
    case 'every': return everyOf(rest.join(' '), from);
    case 'daily': return daysOf(rest, 'daily', tz);
    case 'weekdays': return daysOf(rest, 'weekdays', tz);
    case 'weekly': return daysOf(rest, 'weekly', tz);
    case 'monthly': return daysOf(rest, 'monthly', tz);
    case 'cron': return cronOf(rest.join(' '), tz);
    case '': throw mistake('It is not said when.', 'daily');
    default:
      if (/^\d/.test(line)) return everyOf(line, from);
      throw mistake(`“${plain(text, 60)}” is no time that I know.`, 'daily');
  }
}

/** The next `n` times after a moment (milliseconds since 1970), as ISO 8601, in order. Fewer where there are no more. */
export function nextRuns(when: When, after: number, n: number): string[] {
  switch (when.kind) {
    case 'once': return Date.parse(when.at) > after && n > 0 ? [new Date(when.at).toISOString()] : [];
    case 'cron': return timesOf(when.cron, when.tz).nextRuns(n, new Date(after)).map((date) => date.toISOString());
    case 'every': {
      const from = Date.parse(when.from);
      const passed = Math.max(0, Math.floor((after - from) / when.ms));
      return Array.from({ length: n }, (_, i) => new Date(from + (passed + 1 + i) * when.ms).toISOString());
    }
  }
}

/** `every 12 hours`, `weekdays at 07:00 (Europe/Berlin)`, `once on 2026-12-24 at 17:00 (Europe/Berlin)`. Without the zone, whenOf reads it again (but for once). */
export function whenText(when: When, tz: string): string {
  if (when.kind === 'every') return `every ${spanText(when.ms)}`;
  if (when.kind === 'cron') return `${cronText(when.cron)} (${when.tz})`;
  const { day, time } = partsIn(when.at, tz);
  return `once on ${day} at ${time} (${tz})`;
}

function everyOf(text: string, from: string): When {
  const ms = spanOf(text);
  if (ms === undefined) throw mistake(`“${plain(text, 40)}” is no length of time.`, 'every');
  if (ms < LEAST_INTERVAL) throw mistake(`Nothing runs more often than every ${spanText(LEAST_INTERVAL)}.`, 'every');
  if (ms > LONGEST_INTERVAL) throw mistake(`“Every” goes up to ${spanText(LONGEST_INTERVAL)}.`, 'monthly');
  return { kind: 'every', ms, from };
}

function cronOf(text: string, tz: string): When {
  const read = readCron(text);
  if (!read.ok) throw mistake(read.problem, 'cron');
  if (leastGap(read.minutes, read.hours) * MINUTE < LEAST_INTERVAL) throw mistake(`Nothing runs more often than every ${spanText(LEAST_INTERVAL)}.`, 'every');
  return { kind: 'cron', cron: read.cron, tz };
}

type Calendar = 'daily' | 'weekdays' | 'weekly' | 'monthly';

/** Words after `daily`, `weekly` …: a time of day, and the days where they are needed, in any order. */
function daysOf(words: readonly string[], kind: Calendar, tz: string): When {
  let time: string | undefined;
  let on: string | undefined;
  const needsDay = kind === 'weekly' || kind === 'monthly';
  for (const word of words) {
    if (['at', 'on', 'day', 'the'].includes(word)) continue;
    if (word.includes(':') && time === undefined) time = word;
    else if (needsDay && !word.includes(':') && on === undefined) on = word;
    else throw mistake(`“${plain(word, 40)}” does not belong there.`, kind);
  }
  if (needsDay && on === undefined) throw mistake(`It is not said on which day of the ${kind === 'weekly' ? 'week' : 'month'}.`, kind);
  if (time === undefined) throw mistake('The time of day is missing.', kind);
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hour === undefined || minute === undefined) throw mistake(`“${plain(time, 40)}” is no time of day: they go from 00:00 to 23:59.`, kind);
  return { kind: 'cron', cron: `${Number(minute)} ${Number(hour)} ${dayFields(kind, on ?? '')}`, tz };
}

function dayFields(kind: Calendar, on: string): string {
  switch (kind) {
    case 'daily': return '* * *';
    case 'weekdays': return '* * 1-5';
    case 'weekly': return `* * ${weekDays(on)}`;
    case 'monthly': return `${monthDay(on)} * *`;
  }
}

/** The numbers of the days of the week, Sunday being 0. */
function weekDays(text: string): string {
  const numbers = text.split(',').map((word) => {
    const number = DAYS.findIndex((day) => word.length >= SHORT && day.toLowerCase().startsWith(word));
    if (number < 0) throw mistake(`“${plain(word, 40)}” is no day of the week.`, 'weekly');
    return number;
  });
  return [...new Set(numbers)].sort((a, b) => a - b).join(',');
}

function monthDay(text: string): string {
  if (text === 'last') return 'L';
  const day = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (day >= 29 && day <= 31) throw mistake(`Not every month has a day ${day}. The last one is on=last.`, 'monthly');
  if (day < 1 || day > 28) throw mistake(`“${plain(text, 40)}” is no day of every month.`, 'monthly');
  return String(day);
}

function cronText(cron: string): string {
  const [, minute, hour, day = '', week = ''] = /^(\d+) (\d+) (\*|L|\d+) \* (\*|1-5|[0-6](?:,[0-6])*)$/.exec(cron) ?? [];
  if (minute === undefined || hour === undefined || (day !== '*' && week !== '*')) return `cron "${cron}"`;
  const at = `at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (day !== '*') return `monthly on ${day === 'L' ? 'the last day' : `day ${day}`} ${at}`;
  if (week === '1-5') return `weekdays ${at}`;
  return week === '*' ? `daily ${at}` : `weekly on ${week.split(',').map((one) => DAYS[Number(one)]?.slice(0, SHORT)).join(', ')} ${at}`;
}

function spanText(ms: number): string {
  const [size, word] = ms % DAY === 0 ? [DAY, 'day'] as const : ms % HOUR === 0 ? [HOUR, 'hour'] as const : [MINUTE, 'minute'] as const;
  return count(ms / size, word);
}

function mistake(problem: string, example: keyof typeof EXAMPLE): CallerMistake {
  return new CallerMistake({ code: 'WHEN_NOT_UNDERSTOOD', message: `${problem} Write for example ${EXAMPLE[example]}.` });
}
