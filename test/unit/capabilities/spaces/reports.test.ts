import type { Context, JobPlan, JobRun, View } from '../../../../src/bot/define.js';
import type { Outcome } from '../../../../src/changes/define.js';
import { createCards } from '../../../../src/cards/render.js';
import type { Rule } from '../../../../src/capabilities/spaces/define.js';
import { driftReport } from '../../../../src/capabilities/spaces/drift.js';
import { syncJob } from '../../../../src/capabilities/spaces/job.js';
import { planSpace, stepsOf } from '../../../../src/capabilities/spaces/plan.js';
import { spacesSchedule } from '../../../../src/capabilities/spaces/commands/spaces-schedule.js';
import { parse } from '../../../../src/lib/csv.js';
import { idKey } from '../../../../src/lib/ids.js';
import type { Schedule, ScheduleDraft, Schedules } from '../../../../src/schedules/define.js';
import { errorOf } from '../../webex/error-of.js';
import { startWorld, type World } from '../../webex/world.js';
import { contextOf, records } from './fake-context.js';
import { member, NOW, ruleOf, stateOf } from './states.js';

let world: World;
beforeEach(async () => { world = await startWorld(60); });
afterEach(() => world.stop());

/** A view's text without what keeps foreign text from being markup. */
const said = (view: View | undefined): string => (view?.markdown ?? '').replaceAll('\\', '');
const organization = { id: 'o', name: 'Acme' };
const parts = () => ({ bot: world.as('bot') });

/** What the schedules of the organization are asked for. */
function schedules(): Schedules & { all: Schedule[] } {
  const all: Schedule[] = [];
  const made = (draft: ScheduleDraft): Schedule => ({
    ...draft, id: 'sched001', organization, owner: { personId: 'p', email: '', displayName: '', orgId: '' }, state: 'active', createdAt: '',
  });
  return {
    all,
    add: (draft) => { all.push(made(draft)); return Promise.resolve(made(draft)); },
    list: (job) => Promise.resolve(all.filter((one) => one.job === job)),
    find: () => Promise.reject(new Error('not asked for')),
    change: (id, change) => {
      const found = all.find((one) => one.id === id);
      if (found === undefined) throw new Error(id);
      return Promise.resolve(Object.assign(found, change));
    },
    remove: () => Promise.reject(new Error('not asked for')),
  };
}

describe('the report of a plan', () => {
  const steps = stepsOf([planSpace(stateOf({ members: [member(1), member(2)], wanted: [3, 4] }), NOW)]).map((step, at) => ({ ...step, n: at + 1, version: 1 }));
  const plan = (state: string, outcomes: [number, Outcome][] = []): JobPlan => ({
    id: 'abcdef0123', title: '', state, waits: state === 'pending' ? ['It removes 2 from Field Sales.'] : [], warnings: [], steps, outcomes: new Map(outcomes), finishedAt: state === 'done' ? '2026-11-24T12:00:00.000Z' : undefined,
    problems: [{ subject: 'Ops', reason: 'not followed now. The space is archived.' }, { subject: 'Person 0', reason: 'kept in Field Sales: moderators stay' }],
  });
  const run = { schedule: { tz: 'Europe/Berlin' }, due: '', next: '2026-11-25T00:00:00.000Z', asked: false } as JobRun;
  const view = (one: JobPlan): Promise<View> | undefined => syncJob(parts()).report?.({ organization } as Context, run, one);

  it('says who was added to and removed from which space, what failed and why, when, and when next', async () => {
    const shown = await view(plan('done', [[1, { state: 'done' }], [2, { state: 'failed', reason: 'Webex says: no.' }], [3, { state: 'done' }], [4, { state: 'skipped', reason: 'It was already so.' }]]));
    expect(shown?.audience).toBe('details');
    expect(said(shown)).toBe([
      '**Spaces follow their groups: 1 added, 1 removed, 1 failed** (Acme)',
      '- **Field Sales**: Added (1): Person 3; Removed (1): Person 1; Failed: Webex says: no (1): Person 4; Already so (1): Person 2',
      '- Ops: not followed now. The space is archived.',
      'Finished Tue 2026-11-24 13:00 (Europe/Berlin). Next run: Wed 2026-11-25 01:00 (Europe/Berlin).',
    ].join('\n'));
    const file = parse(shown?.files?.[0]?.content ?? Buffer.of());
    expect(file.header.at(-1)).toBe('membership id');
    expect(file.rows.map(({ cells }) => [cells[1], cells[2], cells[3], cells[7]])).toEqual([
      ['Person 3', 'add', 'done', ''], ['Person 4', 'add', 'failed', ''], ['Person 1', 'remove', 'done', member(1).id], ['Person 2', 'remove', 'skipped', member(2).id],
    ]);
  });

  it('says that a plan waits and why, with its button, and how one ended of which nothing came', async () => {
    const waits = await view(plan('pending'));
    expect(said(waits)).toMatch(/a plan of 4 steps waits for approval\. Nothing has been changed[^]*Would join \(2\): Person 3 and Person 4[^]*It removes 2 from Field Sales/);
    expect(waits?.card?.buttons).toEqual([{ title: 'Show the plan', command: 'changes show', arguments: { id: 'abcdef0123' } }]);
    expect(waits?.files).toBeUndefined();
    expect((await view(plan('superseded')))?.markdown).toMatch(/the plan was superseded\. Nothing has been changed/);
  });

  it('is a card that Webex takes, however long names are', async () => {
    const many = Array.from({ length: 12 }, (_, at) => planSpace(stateOf({
      rule: { space: { id: `r${at}`, title: 'T'.repeat(200) } },
      members: Array.from({ length: 40 }, (_one, n) => member(n + 1, { personDisplayName: `${'Ł'.repeat(58)}${n}`, ...(n % 2 === 0 ? { isModerator: true } : {}) })), wanted: [50, 51],
    }), NOW));
    const all = stepsOf(many).map((step, at) => ({ ...step, n: at + 1, version: 1 }));
    const shown = await view({ ...plan('done'), steps: all, outcomes: new Map(all.map(({ n }) => [n, { state: 'failed' as const, reason: `reason ${n % 20} ${'x'.repeat(300)}` }])) });
    const card = createCards().render(shown?.card?.template ?? '', shown?.card?.data ?? {});
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(28 * 1024);
  });
});

it('a run without changes is one line', async () => {
  const context = contextOf(world, 'anna.berg');
  const answer = await syncJob(parts()).run(context, { schedule: { tz: 'UTC' }, due: '', next: undefined, asked: false } as JobRun);
  expect(answer).toMatchObject({ outcome: 'done', note: 'nothing to change', view: { markdown: '**Spaces follow their groups** (Acme): no space follows a group.' } });
});

it('membership drift shows the differences and changes nothing', async () => {
  const store = records();
  const group = [...world.emulator.state.groups.values()].find(({ displayName }) => displayName === 'Executives');
  for (const title of ['IT Admins', 'Project Phoenix']) {
    const rule: Rule = ruleOf({ id: idKey(world.roomId(title)).slice(0, 6), space: { id: world.roomId(title), title }, groups: [{ id: group?.id ?? '', name: 'Executives' }] });
    await store.sealed<Rule>('space-rules').put(idKey(rule.space.id), rule, 0);
  }
  await world.seen();
  const before = store.writes();
  const view = await driftReport(parts()).make(contextOf(world, 'anna.berg', store), { since: '' });
  expect(said(view)).toMatch(/Membership drift: 2 spaces of 2 differ from their groups[^]*IT Admins\*\*: Would join \(\d+\): Amy Adams[^]*Would leave \(3\): Ben Okoye[^]*Anna Berg: kept: the account by which/);
  expect(view.card?.buttons?.map(({ title, command }) => `${title}: ${command}`)).toEqual(['Sync all: spaces sync', 'Sync IT Admins: spaces sync', 'Sync Project Phoenix: spaces sync']);
  expect((await world.seen()).filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(store.writes()).toBe(before);
});

describe('spaces schedule', () => {
  const schedule = async (values: Record<string, string>, kept = schedules()): Promise<unknown> =>
    spacesSchedule(parts()).run({ ...contextOf(world, 'anna.berg'), schedules: kept }, values);

  it('is made once and changed afterwards, with the caller’s time zone', async () => {
    const kept = schedules();
    expect(await schedule({ when: 'daily', at: '07:00', report: 'it admins' }, kept)).toEqual({ kind: 'run', command: 'schedules show sched001' });
    expect(kept.all).toMatchObject([{ job: 'spaces sync', tz: 'America/New_York', when: { kind: 'cron', cron: '0 7 * * *' }, space: { id: world.roomId('IT Admins'), title: 'IT Admins' } }]);
    await schedule({ every: '12h', tz: 'Europe/Berlin' }, kept);
    expect(kept.all).toMatchObject([{ tz: 'Europe/Berlin', when: { kind: 'every', ms: 12 * 3600_000 }, space: { title: 'IT Admins' } }]);
    await schedule({ when: 'weekly', on: 'Mon', at: '08:00' }, kept);
    await schedule({ cron: '0 7 * * 1-5' }, kept);
    expect(kept.all).toMatchObject([{ when: { kind: 'cron', cron: '0 7 * * 1-5' } }]);
  });

  it('fault 5: asks which of two spaces of one title is meant', async () => {
    const room = world.emulator.state.rooms.get(world.roomId('Project Phoenix'));
    if (room) room.title = 'IT Admins';
    const answer = await schedule({ every: '12h', report: 'IT Admins' }) as { view: View };
    expect(answer.view.card?.buttons?.map((button) => button.arguments['report']).sort()).toEqual([world.roomId('IT Admins'), room?.id].sort());
    expect(answer.view.card?.buttons?.[0]).toMatchObject({ command: 'spaces schedule', arguments: { every: '12h' } });
  });

  it('refuses a space that is not the caller’s, or that the bot is not in', async () => {
    expect(await errorOf(schedule({ every: '12h', report: 'Nowhere' }))).toMatchObject({ code: 'UNKNOWN_SPACE' });
    const carl = { ...contextOf(world, 'cara.olsen'), schedules: schedules() };
    expect(await errorOf(spacesSchedule(parts()).run(carl, { every: '12h', report: 'Executive Office' }))).toMatchObject({ code: 'BOT_NOT_IN_SPACE' });
    expect(await errorOf(schedule({}))).toMatchObject({ code: 'WHEN_NOT_UNDERSTOOD' });
  });
});
