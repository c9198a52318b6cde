import { timeIn } from '../../../../src/schedules/when.js';
import type { Schedule } from '../../../../src/schedules/define.js';
import type { Plan } from '../../../../src/changes/engine.js';
import { down, setStep } from '../../changes/fake-webex.js';
import { ACME, ANNA, BOB, codeOf } from '../../changes/world.js';
import { DAY, House, HOUR, textOf, titlesOf } from './house.js';

let house: House;
beforeEach(async () => { house = await House.open(); });
afterEach(() => house.close());

const set = (): string[] => [...house.world.webex.set('set a')];
const iso = (ms: number): string => new Date(house.world.clock.now() + ms).toISOString();

/** A change for seven days, done. */
async function boxed(keys = ['x']): Promise<{ plan: Plan; end: Schedule }> {
  const plan = await house.world.plan(keys.map((key) => setStep('a', [key])), ANNA, { title: 'Let x in', until: iso(7 * DAY) });
  await house.world.run(plan);
  return { plan, end: await endOf(plan) };
}

async function endOf(plan: Plan): Promise<Schedule> {
  for (;;) {
    const made = await house.world.store.organization(ACME.id).get<{ schedule: string }>('change-ends', plan.id);
    if (made) return house.get(made.value.schedule);
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}

describe('a change with an end', () => {
  it('is taken back at its time, without a press, under the account that asked for it', async () => {
    house.world.webex.set('set a').add('before');
    const { plan, end } = await boxed(['x', 'before']);
    expect(end).toMatchObject({ job: 'changes end', input: { plan: plan.id }, owner: { displayName: 'Anna' }, when: { kind: 'once', at: plan.until } });
    await house.pass(7 * DAY - HOUR);
    expect(set()).toEqual(['before', 'x']);
    await house.pass(2 * HOUR);
    expect(set()).toEqual(['before']);
    expect((await house.plans())[0]).toMatchObject({ undoes: plan.id, automatic: { why: expect.stringMatching(`part of plan ${plan.id}, approved by Anna on `) as string } });
    expect(await house.get(end.id)).toMatchObject({ state: 'done', last: { outcome: 'done', note: '1 step taken back' } });
    expect(house.texts('Anna')).toEqual([expect.stringMatching(/End of Let x in\*\*: taken back\. [^]*Done: Not: x in a/)]);
  });

  it('that was taken back before has nothing left, and says so', async () => {
    const { plan, end } = await boxed();
    house.world.webex.set('set a').delete('x');
    await house.pass(7 * DAY + HOUR);
    expect(house.texts('Anna')).toEqual([expect.stringMatching(`time of change \\*\\*${plan.id}\\*\\* is over, and nothing of it was left`)]);
    expect((await house.get(end.id)).state).toBe('done');
  });

  it('is tried each hour until it is done, and told as overdue once a day', async () => {
    const { end } = await boxed();
    house.world.webex.before = () => Promise.reject(down());
    await house.pass(7 * DAY);
    expect(await house.get(end.id)).toMatchObject({ state: 'active', last: { outcome: 'failed' } });
    expect(house.texts('Anna')).toEqual([expect.stringMatching(/could not be taken back yet.*tried again each hour/)]);
    for (let hour = 0; hour < 23; hour += 1) await house.pass(HOUR);
    expect(house.texts('Anna')).toHaveLength(1);
    for (let hour = 0; hour < 24; hour += 1) await house.pass(HOUR);
    expect(house.texts('Anna')).toHaveLength(2);
    house.world.webex.before = () => undefined;
    await house.pass(HOUR);
    expect(set()).toEqual([]);
    expect((await house.get(end.id)).state).toBe('done');
  });

  it('whose owner cannot act is told each day too, until somebody takes it over; then it is made at once', async () => {
    const { end } = await boxed();
    house.world.accounts.of(ANNA).lost = { code: 'NOT_LINKED', reason: 'No account is linked.' };
    await house.pass(7 * DAY);
    expect(await house.get(end.id)).toMatchObject({ state: 'suspended' });
    await house.pass(DAY + HOUR);
    await house.said(/Overdue: End of: Let x in[^]*suspended: The account is not linked any more/);
    await house.say(BOB, 'schedules take-over', { id: end.id });
    await house.pass(1);
    expect(set()).toEqual([]);
    expect((await house.get(end.id)).state).toBe('done');
  });

  it('is put off by [Extend]: by whoever may do what it does, to a time to come, audited', async () => {
    const { plan, end } = await boxed();
    expect(titlesOf(await house.say(ANNA, 'schedules show', { id: end.id }))).toEqual(['Extend', 'Pause']);
    house.world.accounts.of(BOB).scopes = [];
    expect(await codeOf(house.say(BOB, 'schedules extend', { id: end.id, until: '20d' }))).toBe('NOT_ALLOWED');
    expect(await codeOf(house.say(ANNA, 'schedules extend', { id: end.id, until: '2020-01-01' }))).toBe('DATE_NOT_UNDERSTOOD');
    const answer = await house.say(ANNA, 'schedules extend', { id: plan.id, until: '20d' });
    expect(textOf(answer)).toContain(timeIn(iso(20 * DAY), 'Europe/Berlin').slice(0, 3));
    expect(house.audited).toContain(`change.extended ${plan.id}`);
    await house.pass(8 * DAY);
    expect(set()).toEqual(['x']);
    await house.pass(13 * DAY);
    expect(set()).toEqual([]);
    expect(await codeOf(house.say(ANNA, 'schedules extend', { id: end.id, until: '20d' }))).toBe('NOT_NOW');
  });

  it('can neither be removed nor made early in passing', async () => {
    const { end } = await boxed();
    expect(await codeOf(house.say(ANNA, 'schedules remove', { id: end.id }))).toBe('NOT_NOW');
    expect(await codeOf(house.say(ANNA, 'schedules run', { id: end.id }))).toBe('NOT_NOW');
    expect(set()).toEqual(['x']);
  });

  it('gets its end after a restart when it has none yet, and one only; kept as long as it lasts, also past the retention of plans', async () => {
    const { plan, end } = await boxed();
    await house.scheduler.of(ACME, { ...ANNA, orgId: ACME.id }).remove(end.id);
    const record = await house.world.store.organization(ACME.id).get('change-ends', plan.id);
    await house.world.store.organization(ACME.id).delete('change-ends', plan.id, record!.version);
    await house.restart();
    expect((await house.scheduler.list(ACME.id)).map(({ id }) => id)).toEqual([end.id]);
    await house.say(ANNA, 'schedules extend', { id: end.id, until: '60d' });
    await house.pass(50 * DAY);
    await house.restart();
    await house.pass(11 * DAY);
    expect(set()).toEqual([]);
  });

  it('that changed nothing has no end to be made', async () => {
    house.world.webex.set('set a').add('x');
    const plan = await house.world.plan([setStep('a', ['x'])], ANNA, { until: iso(DAY) });
    await house.world.run(plan);
    await house.restart();
    expect(await house.scheduler.list(ACME.id)).toEqual([]);
  });
});
