import { Cron } from 'croner';
import { CallerMistake } from '../lib/errors.js';
import { plain } from '../lib/text.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** So far ahead a date may lie. */
const MOST_AHEAD = 731 * DAY;
const UNITS = [[/^m(in|ins|inutes?)?$/, MINUTE], [/^h(ours?)?$/, HOUR], [/^d(ays?)?$/, DAY], [/^w(eeks?)?$/, 7 * DAY]] as const;
const MOST_SUGGESTED = 3;

/** Where and when a text is read: an IANA time zone, and the moment in milliseconds since 1970. */
export interface Reading {
  tz: string;
  now: number;
}

/** Milliseconds of `12h`, `15 min`, `7d`, `2 weeks`; days have 24 hours. Throws CallerMistake `SPAN_NOT_UNDERSTOOD`. */
export function durationOf(text: string): number {
  const ms = spanOf(text);
  if (ms === undefined) throw new CallerMistake({ code: 'SPAN_NOT_UNDERSTOOD', message: `“${plain(text, 40)}” is no length of time. Write for example 30m, 12h, 7d or 2w.` });
  return ms;
}

/** As durationOf; undefined for what is none. */
export function spanOf(text: string): number | undefined {
  const [, number, word] = /^(\d{1,5})\s*([a-z]+)$/.exec(text.trim().toLowerCase()) ?? [];
  const unit = UNITS.find(([name]) => word !== undefined && name.test(word));
  return unit && Number(number) > 0 ? Number(number) * unit[1] : undefined;
}

/**
 * The end (ISO 8601) that a person means by `2026-12-24` (the end of that day in `tz`), `2026-12-24T17:00`, `2026-12-24 17:00`, a length
 * of time from now, or a moment as we write it ourselves (`2026-12-24T16:00:00.000Z`). A time of day that daylight saving repeats is
 * the first of both. Throws CallerMistake `DATE_NOT_UNDERSTOOD`, also for what is past or more than two years ahead.
 */
export function untilOf(text: string, reading: Reading): string {
  return aheadOf(text, '23:59:59', reading);
}

/** As untilOf, but a date alone is the beginning of that day. */
export function momentOf(text: string, reading: Reading): string {
  return aheadOf(text, '00:00:00', reading);
}

function aheadOf(text: string, timeOfDay: string, { tz, now }: Reading): string {
  const span = spanOf(text);
  const at = span === undefined ? dateOf(text, timeOfDay, tz) : now + span;
  if (at === undefined) throw notUnderstood(`“${plain(text, 40)}” is no date.`);
  if (at <= now) throw notUnderstood(`${timeIn(new Date(at).toISOString(), tz)} (${tz}) is past.`);
  if (at - now > MOST_AHEAD) throw notUnderstood(`“${plain(text, 40)}” is more than two years ahead.`);
  return new Date(at).toISOString();
}

/** The name of a time zone, checked. Throws CallerMistake `UNKNOWN_TIME_ZONE`, with names that are like it. */
export function tzOf(text: string): string {
  const name = text.trim();
  try {
    // Offsets such as +02:00 are no zones: they know no daylight saving.
    if (/^[a-z]/i.test(name)) {
      const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
      // Some names are given back as another one that means the same: the person keeps his.
      return known.toLowerCase() === name.toLowerCase() ? known : name;
    }
  } catch {
    // Not a time zone.
  }
  const like = name.toLowerCase().replace(/\s+/g, '_');
  const names = like.length < 3 ? [] : Intl.supportedValuesOf('timeZone').filter((zone) => zone.toLowerCase().includes(like)).slice(0, MOST_SUGGESTED);
  throw new CallerMistake({
    code: 'UNKNOWN_TIME_ZONE',
    message: `There is no time zone “${plain(text, 40)}”. ${names.length > 0 ? `Do you mean ${names.join(' or ')}?` : 'Write for example Europe/Berlin.'}`,
  });
}

/** `Wed 2026-11-25 07:00`: a moment (ISO 8601) as clocks show it in `tz`. */
export function timeIn(iso: string, tz: string): string {
  const { weekday, day, time } = partsIn(iso, tz);
  return `${weekday} ${day} ${time}`;
}

/** The weekday (`Wed`), day (`2026-11-25`) and time (`07:00`) of a moment in `tz`. */
export function partsIn(iso: string, tz: string): { weekday: string; day: string; time: string } {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: tz, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
  const parts = new Map(format.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  return { weekday: part('weekday'), day: `${part('year')}-${part('month')}-${part('day')}`, time: `${part('hour')}:${part('minute')}` };
}

function dateOf(text: string, timeOfDay: string, tz: string): number | undefined {
  const [, day, time, rest] = /^(\d{4}-\d\d-\d\d)(?:(?:T|\s+)(\d\d:\d\d)((?::\d\d(?:\.\d{3})?)?Z)?)?$/i.exec(text.trim()) ?? [];
  if (day === undefined) return undefined;
  const local = `${day}T${time === undefined ? timeOfDay : `${time}:00`}`;
  // A day that the month does not have would be read as one of the next month.
  const real = new Date(`${local}Z`);
  if (Number.isNaN(real.getTime()) || real.toISOString().slice(0, 19) !== local) return undefined;
  if (time !== undefined && rest !== undefined) {
    const moment = Date.parse(`${day}T${time}${rest.toUpperCase()}`);
    return Number.isNaN(moment) ? undefined : moment;
  }
  return new Cron(local, { timezone: tz, paused: true }).nextRun(new Date(0))?.getTime();
}

function notUnderstood(problem: string): CallerMistake {
  return new CallerMistake({ code: 'DATE_NOT_UNDERSTOOD', message: `${problem} Write a date such as 2026-12-24 or 2026-12-24T17:00, or a length of time such as 14d.` });
}
