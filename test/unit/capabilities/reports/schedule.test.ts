import type { JobRun, View } from '../../../../src/bot/define.js';
import type { Schedule } from '../../../../src/schedules/define.js';
import { startReporting, type Reporting } from './world.js';

const ANNAS_ZONE = 'America/New_York';
const DAY_MS = 24 * 60 * 60_000;

let reporting: Reporting;
beforeEach(async () => { reporting = await startReporting(); });
afterEach(() => reporting.stop());

const schedule = async (values: Record<string, string>, place?: string): Promise<Schedule> => {
  const answer = await reporting.run('schedule', { report: 'licenses', ...values }, reporting.context(place === undefined ? {} : { place }));
  const made = reporting.schedules.at(-1)!;
  expect(answer).toEqual({ kind: 'run', command: `schedules show ${made.id}` });
  return made;
};
const refused = (values: Record<string, string>) => expect(reporting.run('schedule', { report: 'licenses', ...values })).rejects;

describe('reports schedule', () => {
  it('takes the times as words, as options, and in the time zone of the caller', async () => {
    expect(await schedule({ when: 'weekly', on: 'Mon', at: '08:00' })).toMatchObject({ job: 'report', input: { report: 'licenses' }, title: 'Report: License usage', when: { kind: 'cron', cron: '0 8 * * 1', tz: ANNAS_ZONE }, tz: ANNAS_ZONE });
    expect(await schedule({ when: 'daily at=07:00', tz: 'Europe/Berlin' })).toMatchObject({ when: { cron: '0 7 * * *', tz: 'Europe/Berlin' }, tz: 'Europe/Berlin' });
    expect(await schedule({ every: '12h' })).toMatchObject({ when: { kind: 'every', ms: DAY_MS / 2 } });
    expect(await schedule({ cron: '0 7 * * 1-5' })).toMatchObject({ when: { kind: 'cron', cron: '0 7 * * 1-5' } });
    await refused({ when: 'now and then' }).toMatchObject({ code: 'WHEN_NOT_UNDERSTOOD' });
    await refused({ every: '12h', tz: 'Mars/Base' }).toMatchObject({ code: 'UNKNOWN_TIME_ZONE' });
    expect(reporting.schedules).toHaveLength(4);
  });

  it('goes to the space where it is written, else to the 1:1', async () => {
    expect((await schedule({ every: '12h' }, 'IT Admins')).space).toEqual({ id: reporting.world.roomId('IT Admins'), title: 'IT Admins' });
    expect(await schedule({ every: '12h' })).not.toHaveProperty('space');
  });

  it('finds a space by its whole title or its id, on whatever page, and the bot must be in it', async () => {
    await reporting.world.control('change', { rooms: [{ title: 'Engineering', add: ['anna.berg@acme.test'] }] });
    expect((await schedule({ every: '12h', space: 'webex operations' })).space).toMatchObject({ title: 'Webex Operations' });
    expect((await schedule({ every: '12h', space: reporting.world.roomId('IT Admins') })).space).toMatchObject({ title: 'IT Admins' });
    await refused({ every: '12h', space: 'Webex Oper' }).toMatchObject({ code: 'UNKNOWN_SPACE' });
    await refused({ every: '12h', space: 'Executive Office' }).toMatchObject({ code: 'UNKNOWN_SPACE' });
    await refused({ every: '12h', space: 'Engineering' }).toMatchObject({ code: 'BOT_NOT_IN_SPACE' });
    await reporting.world.control('faults', { rules: [{ path: '/v1/rooms', status: 403 }] });
    await refused({ every: '12h', space: 'IT Admins' }).toMatchObject({ status: 403 });
    expect(reporting.schedules).toHaveLength(2);
  });

  it('fault 5: two spaces of the same title are asked, not guessed', async () => {
    const { state } = reporting.world.emulator;
    const titles = [...state.rooms.values()].filter(({ type }) => type === 'group').map(({ title }) => title);
    const twice = titles.find((title, index) => titles.indexOf(title) !== index)!;
    const view: View = await reporting.show('schedule', { report: 'changes', when: 'daily', at: '07:00', space: twice });
    const ids = [...state.rooms.values()].filter(({ title }) => title === twice).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect((view.card!.data['choices'] as { value: string }[]).map(({ value }) => value).sort()).toEqual([...ids].sort());
    expect(view).toMatchObject({ audience: 'private', card: { buttons: [{ command: 'reports schedule', arguments: { report: 'changes', when: 'daily at=07:00', tz: ANNAS_ZONE } }] } });
    expect(reporting.schedules).toEqual([]);
  });

  it('asks when, and refuses at once what could not be made later', async () => {
    const view = await reporting.show('schedule', { report: 'licenses' });
    expect(view.card).toMatchObject({ template: 'reports/schedule', data: { tz: ANNAS_ZONE }, buttons: [{ arguments: { report: 'licenses' } }] });
    await expect(reporting.run('schedule', { report: 'audit', every: '12h' }, reporting.context({ who: 'erik' }))).rejects.toMatchObject({ code: 'ROLE_MISSING' });
    await expect(reporting.run('schedule', { report: 'licenses', every: '12h', space: 'IT Admins' }, reporting.context({ scopes: ['spark:people_read', 'spark-admin:licenses_read'] }))).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  });
});

describe('reports unschedule', () => {
  it('stops the only one of the caller, asks which of several, and leaves those of others', async () => {
    await schedule({ every: '12h' });
    const [first] = reporting.schedules;
    const erik = reporting.context({ who: 'erik' });
    await expect(reporting.run('unschedule', { report: 'licenses' }, erik)).rejects.toMatchObject({ code: 'NOT_SCHEDULED', message: expect.stringMatching(/Anna Berg/) });
    await expect(reporting.run('unschedule', { report: 'licenses', id: first!.id }, erik)).rejects.toMatchObject({ code: 'NOT_SCHEDULED' });
    await schedule({ when: 'daily', at: '07:00' }, 'IT Admins');
    const asked = await reporting.show('unschedule', { report: 'licenses' });
    expect(asked.card!.buttons!.map(({ arguments: given }) => given)).toEqual(reporting.schedules.map(({ id }) => ({ report: 'licenses', id })));
    expect((await reporting.show('', {})).markdown).toMatch(/every 12 hours in the 1:1 with Anna Berg; next .*\n.*daily at 07:00 .*in “IT Admins”, by Anna Berg; next/);
    await reporting.show('unschedule', { report: 'licenses', id: first!.id });
    expect(reporting.schedules.map(({ space }) => space?.title)).toEqual(['IT Admins']);
    expect((await reporting.show('unschedule', { report: 'licenses' })).markdown).toMatch(/no longer posted daily at 07:00/);
    expect(reporting.schedules).toEqual([]);
  });
});

describe('a scheduled run', () => {
  const sinceIn = (view: View | undefined): string => /since \w+ (\d{4}-\d\d-\d\d \d\d:\d\d) UTC/.exec(view?.markdown.replaceAll('\\', '') ?? '')?.[1] ?? '';

  it('is about the time since the last one that could be made, so a failed run leaves no gap', async () => {
    const made = await schedule({ report: 'audit', every: '1d' });
    const start = Date.parse('2026-11-02T08:00:00.000Z');
    /** A run `days` after the start, by a clock that stands still. */
    const runAfter = (days: number, more: Partial<JobRun> = {}): ReturnType<Reporting['job']> => {
      const at = start + days * DAY_MS;
      const clock = { ...reporting.world.clock, now: () => at, iso: () => new Date(at).toISOString() };
      return reporting.job(made, { due: clock.iso(), next: new Date(at + DAY_MS).toISOString(), ...more }, { ...reporting.context(), clock });
    };
    const first = await runAfter(0);
    expect(first).toMatchObject({ outcome: 'done', note: 'Admin audit digest: made' });
    expect(sinceIn(first.view)).toBe('2026-11-01 08:00');

    await reporting.world.control('faults', { rules: [{ path: '/v1/adminAudit/events', status: 403, times: 1 }] });
    await expect(runAfter(1)).rejects.toMatchObject({ status: 403 });
    expect(sinceIn((await runAfter(1.5, { asked: true })).view)).toBe('2026-11-02 08:00');
    expect(sinceIn((await runAfter(2)).view)).toBe('2026-11-02 08:00');
    expect(sinceIn((await runAfter(3)).view)).toBe('2026-11-04 08:00');
  });

  it('fails, with what is missing, when the owner may no longer see it, or the report is gone', async () => {
    const made = await schedule({ every: '1d' });
    await expect(reporting.job(made, {}, reporting.context({ scopes: [] }))).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
    await expect(reporting.job({ ...made, input: { report: 'weather' } })).rejects.toMatchObject({ code: 'UNKNOWN_REPORT' });
    expect((await reporting.job(made)).view?.files).toHaveLength(1);
  });
});
