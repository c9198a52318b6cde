import fc from 'fast-check';
import { CallerMistake } from '../../../src/lib/errors.js';
import type { When } from '../../../src/schedules/define.js';
import { durationOf, momentOf, nextRuns, timeIn, tzOf, untilOf, WHEN_EXAMPLES, whenOf, whenText } from '../../../src/schedules/when.js';

const NOW = Date.parse('2026-11-24T10:00:00.000Z');
const BERLIN = { tz: 'Europe/Berlin', now: NOW };
const NEW_YORK = { tz: 'America/New_York', now: NOW };
const MINUTE = 60_000;

function mistakeOf(action: () => unknown): CallerMistake {
  try {
    action();
  } catch (error) {
    if (error instanceof CallerMistake) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

const cron = (pattern: string, tz = 'Europe/Berlin'): When => ({ kind: 'cron', cron: pattern, tz });
const after = (when: When, iso: string, n = 3): string[] => nextRuns(when, Date.parse(iso), n);

describe('the times that a person writes', () => {
  it.each([
    ['every=12h', 'every 12 hours'],
    ['every 12 hours', 'every 12 hours'],
    ['12h', 'every 12 hours'],
    ['every=90m', 'every 90 minutes'],
    ['every=2w', 'every 14 days'],
    ['daily at=07:00', 'daily at 07:00 (Europe/Berlin)'],
    ['daily 7:05', 'daily at 07:05 (Europe/Berlin)'],
    ['DAILY AT 07:00', 'daily at 07:00 (Europe/Berlin)'],
    ['weekdays at=07:30', 'weekdays at 07:30 (Europe/Berlin)'],
    ['weekly on=Mon at=08:00', 'weekly on Mon at 08:00 (Europe/Berlin)'],
    ['weekly 08:00 thursday, mon', 'weekly on Mon, Thu at 08:00 (Europe/Berlin)'],
    ['monthly on=1 at=06:00', 'monthly on day 1 at 06:00 (Europe/Berlin)'],
    ['monthly on=last at=18:00', 'monthly on the last day at 18:00 (Europe/Berlin)'],
    ['cron="0 7 * * 1-5"', 'weekdays at 07:00 (Europe/Berlin)'],
    ['cron=“15 6,18 * * *”', 'cron "15 6,18 * * *" (Europe/Berlin)'],
    ['0 */6 * * *', 'cron "0 0,6,12,18 * * *" (Europe/Berlin)'],
    ['cron="0 18 L * *"', 'monthly on the last day at 18:00 (Europe/Berlin)'],
    ['cron="0 7 * * Mon-Fri"', 'cron "0 7 * * MON-FRI" (Europe/Berlin)'],
    ['cron 30 * * * *', 'cron "30 * * * *" (Europe/Berlin)'],
  ])('reads %s', (text, words) => {
    const when = whenOf(text, BERLIN);
    expect(whenText(when, 'Europe/Berlin')).toBe(words);
    // What we say is understood, too.
    expect(whenOf(words.replace(' (Europe/Berlin)', ''), BERLIN)).toEqual(when);
  });

  it('counts `every` from now', () => {
    expect(whenOf('every=12h', BERLIN)).toEqual({ kind: 'every', ms: 12 * 60 * MINUTE, from: '2026-11-24T10:00:00.000Z' });
  });

  it.each([
    ['', 'not said when'],
    ['sometimes', '“sometimes” is no time'],
    ['every', '“” is no length of time'],
    ['every=soon', '“soon” is no length of time'],
    ['every=0h', '“0h” is no length of time'],
    ['every=14m', 'more often than every 15 minutes'],
    ['every=32d', 'up to 31 days'],
    ['daily', 'time of day is missing'],
    ['daily at=24:00', '“24:00” is no time of day'],
    ['daily at=07:60', '“07:60” is no time of day'],
    ['daily on=Mon at=07:00', '“mon” does not belong there'],
    ['daily at=07:00 08:00', '“08:00” does not belong there'],
    ['weekly at=08:00', 'on which day of the week'],
    ['weekly on=Mo at=08:00', '“mo” is no day of the week'],
    ['weekly on=Mon, at=08:00', 'no day of the week'],
    ['monthly at=08:00', 'on which day of the month'],
    ['monthly on=31 at=08:00', 'on=last'],
    ['monthly on=0 at=08:00', '“0” is no day of every month'],
    ['cron="0 7 * *"', 'this one has 4'],
    ['cron="0 0 7 * * 1"', 'this one has 6'],
    ['cron="61 7 * * *"', 'first field'],
    ['cron="0 7/2 * * *"', 'second field'],
    ['cron="0 7 * * 8"', 'last three fields'],
    ['cron="0 7 30 2 *"', 'No date ever fits'],
    ['cron="*/10 * * * *"', 'more often than every 15 minutes'],
    ['cron="0,50 * * * *"', 'more often than every 15 minutes'],
    ['cron="0,55 0,23 * * *"', 'more often than every 15 minutes'],
  ])('refuses “%s”, says why, and gives an example that can be read', (text, problem) => {
    const error = mistakeOf(() => whenOf(text, BERLIN));
    expect(error.code).toBe('WHEN_NOT_UNDERSTOOD');
    expect(error.message).toContain(problem);
    const example = /Write for example (.+)\.$/.exec(error.message)?.[1] ?? '';
    expect(nextRuns(whenOf(example, BERLIN), NOW, 1)).toHaveLength(1);
  });

  it('reads all that help texts show', () => {
    for (const example of WHEN_EXAMPLES) expect(nextRuns(whenOf(example, BERLIN), NOW, 3)).toHaveLength(3);
  });
});

describe('the next runs', () => {
  it('run once in the hour that is repeated, and right after the one that is skipped (Berlin)', () => {
    const daily = whenOf('daily at=02:30', BERLIN);
    expect(after(daily, '2026-10-24T03:00:00Z')).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z', '2026-10-27T01:30:00.000Z']);
    // In the repeated hour itself: it has run.
    expect(after(daily, '2026-10-25T01:00:00Z', 1)).toEqual(['2026-10-26T01:30:00.000Z']);
    expect(after(daily, '2027-03-27T03:00:00Z')).toEqual(['2027-03-28T01:00:00.000Z', '2027-03-29T00:30:00.000Z', '2027-03-30T00:30:00.000Z']);
  });

  it('do the same in New York', () => {
    expect(after(whenOf('daily at=01:30', NEW_YORK), '2026-10-31T12:00:00Z', 2)).toEqual(['2026-11-01T05:30:00.000Z', '2026-11-02T06:30:00.000Z']);
    expect(after(whenOf('daily at=02:30', NEW_YORK), '2027-03-13T12:00:00Z', 2)).toEqual(['2027-03-14T07:00:00.000Z', '2027-03-15T06:30:00.000Z']);
  });

  it.each([
    ['cron="0,30 2 * * *"', '2026-10-24T03:00:00Z', ['2026-10-25T00:00:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-26T01:00:00.000Z']],
    ['cron="0,30 2 * * *"', '2027-03-27T03:00:00Z', ['2027-03-28T01:00:00.000Z', '2027-03-29T00:00:00.000Z', '2027-03-29T00:30:00.000Z']],
    ['cron="0 */2 * * *"', '2026-10-24T21:30:00Z', ['2026-10-24T22:00:00.000Z', '2026-10-25T00:00:00.000Z', '2026-10-25T03:00:00.000Z']],
    ['cron="0 */2 * * *"', '2027-03-27T22:30:00Z', ['2027-03-27T23:00:00.000Z', '2027-03-28T01:00:00.000Z', '2027-03-28T02:00:00.000Z']],
    ['cron="0 2,3 * * *"', '2027-03-27T12:00:00Z', ['2027-03-28T01:00:00.000Z', '2027-03-29T00:00:00.000Z', '2027-03-29T01:00:00.000Z']],
  ])('are so for lists and steps, too: %s', (text, from, runs) => {
    expect(after(whenOf(text, BERLIN), from)).toEqual(runs);
  });

  it('follow the hours as they pass where each hour is asked for', () => {
    expect(after(whenOf('cron="30 * * * *"', BERLIN), '2026-10-24T23:45:00Z')).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z', '2026-10-25T02:30:00.000Z']);
  });

  it('keep the pace of `every` over the change of the clocks', () => {
    const when: When = { kind: 'every', ms: 12 * 60 * MINUTE, from: '2026-10-24T12:00:00.000Z' };
    expect(after(when, '2026-10-24T12:00:00.000Z', 2)).toEqual(['2026-10-25T00:00:00.000Z', '2026-10-25T12:00:00.000Z']);
    expect(after(when, '2026-10-01T00:00:00.000Z', 1)).toEqual(['2026-10-25T00:00:00.000Z']);
  });

  it('find the last day of each month, and weekdays', () => {
    expect(after(whenOf('monthly on=last at=18:00', BERLIN), '2027-01-31T12:00:00Z')).toEqual(['2027-01-31T17:00:00.000Z', '2027-02-28T17:00:00.000Z', '2027-03-31T16:00:00.000Z']);
    expect(after(whenOf('weekdays at=07:00', BERLIN), '2026-11-27T12:00:00Z', 1)).toEqual(['2026-11-30T06:00:00.000Z']);
  });

  it('are one for `once`, and none after it', () => {
    const when: When = { kind: 'once', at: '2026-12-24T16:00:00.000Z' };
    expect(after(when, '2026-12-24T15:59:59.999Z')).toEqual(['2026-12-24T16:00:00.000Z']);
    expect(after(when, '2026-12-24T16:00:00.000Z')).toEqual([]);
    expect(whenText(when, 'Europe/Berlin')).toBe('once on 2026-12-24 at 17:00 (Europe/Berlin)');
  });

  it('are always later than the moment, and in order', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Havana', 'UTC', 'Africa/Casablanca');
    const patterns = fc.oneof(
      fc.tuple(fc.nat(59), fc.nat(23)).map(([minute, hour]) => `${minute} ${hour} * * *`),
      fc.tuple(fc.constantFrom('*/15', '*/30', '0,20,40', '5'), fc.constantFrom('*', '*/2', '0-3', '1,2,3', '2'), fc.constantFrom('* * *', '* * 0', '* * 1-5', 'L * *', '1 * *')).map((parts) => parts.join(' ')),
    );
    const spans = fc.integer({ min: 15, max: 31 * 24 * 60 }).map((minutes) => `${minutes}m`);
    const moments = fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2028-12-31T00:00:00Z') });
    fc.assert(fc.property(fc.oneof(patterns, spans), zones, moments, moments, (text, tz, made, moment) => {
      const runs = nextRuns(whenOf(text, { tz, now: made }), moment, 12).map((run) => Date.parse(run));
      expect(runs).toHaveLength(12);
      for (const [i, run] of runs.entries()) expect(run).toBeGreaterThan(runs[i - 1] ?? moment);
    }), { numRuns: 150 });
  });

  it('give the same runs one by one as all at once', () => {
    const when = cron('0,30 1,2 * * *');
    let moment = Date.parse('2026-10-24T20:00:00Z');
    const single = Array.from({ length: 6 }, () => {
      const [run = ''] = nextRuns(when, moment, 1);
      moment = Date.parse(run);
      return run;
    });
    expect(single).toEqual(nextRuns(when, Date.parse('2026-10-24T20:00:00Z'), 6));
  });
});

describe('dates and lengths of time', () => {
  it.each([
    ['2026-12-24', '2026-12-24T22:59:59.000Z'],
    ['2026-11-24', '2026-11-24T22:59:59.000Z'],
    ['2026-12-24T17:00', '2026-12-24T16:00:00.000Z'],
    ['2026-12-24 17:00', '2026-12-24T16:00:00.000Z'],
    ['2027-07-01 17:00', '2027-07-01T15:00:00.000Z'],
    ['2027-10-31 02:30', '2027-10-31T00:30:00.000Z'],
    ['2026-12-24T16:00:00.000Z', '2026-12-24T16:00:00.000Z'],
    ['2026-12-24T16:00Z', '2026-12-24T16:00:00.000Z'],
    ['14d', '2026-12-08T10:00:00.000Z'],
    ['8h', '2026-11-24T18:00:00.000Z'],
    ['2w', '2026-12-08T10:00:00.000Z'],
  ])('reads the end %s', (text, iso) => {
    expect(untilOf(text, BERLIN)).toBe(iso);
  });

  it('reads a date alone as its beginning where something begins', () => {
    expect(momentOf('2026-12-24', BERLIN)).toBe('2026-12-23T23:00:00.000Z');
    expect(momentOf('2026-12-24', NEW_YORK)).toBe('2026-12-24T05:00:00.000Z');
  });

  it.each([
    ['tomorrow', 'is no date'], ['2026-02-30', 'is no date'], ['2026-12-24T25:00', 'is no date'], ['24.12.2026', 'is no date'], ['2026-12-24T16:00:99.000Z', 'is no date'],
    ['2026-11-23', 'is past'], ['2026-11-24 11:00', 'is past'], ['2029-01-01', 'two years'], ['900d', 'two years'],
  ])('refuses the end %s', (text, problem) => {
    const error = mistakeOf(() => untilOf(text, BERLIN));
    expect(error.code).toBe('DATE_NOT_UNDERSTOOD');
    expect(error.message).toContain(problem);
  });

  it('reads lengths of time', () => {
    expect(durationOf('7d')).toBe(7 * 24 * 60 * MINUTE);
    expect(durationOf(' 15 min ')).toBe(15 * MINUTE);
    for (const text of ['', '7', 'd', '-7d', '1.5h', '7y', '0d']) expect(mistakeOf(() => durationOf(text)).code).toBe('SPAN_NOT_UNDERSTOOD');
  });

  it('knows time zones by name, and suggests those that are alike', () => {
    expect(tzOf('europe/berlin')).toBe('Europe/Berlin');
    expect(tzOf('Asia/Kolkata')).toBe('Asia/Kolkata');
    expect(tzOf('UTC')).toBe('UTC');
    expect(mistakeOf(() => tzOf('Berlin')).message).toContain('Do you mean Europe/Berlin?');
    for (const text of ['', '+02:00', 'Mars/Olympus']) expect(mistakeOf(() => tzOf(text)).code).toBe('UNKNOWN_TIME_ZONE');
  });

  it('tells a moment as clocks show it there', () => {
    expect(timeIn('2026-11-25T06:00:00.000Z', 'Europe/Berlin')).toBe('Wed 2026-11-25 07:00');
    expect(timeIn('2026-11-24T23:05:00.000Z', 'Europe/Berlin')).toBe('Wed 2026-11-25 00:05');
    expect(timeIn('2026-11-25T03:00:00.000Z', 'America/New_York')).toBe('Tue 2026-11-24 22:00');
  });
});
