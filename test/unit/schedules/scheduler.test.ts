import { CallerMistake } from '../../../src/lib/errors.js';
import type { Sealed } from '../../../src/store/vault.js';
import type { Schedule } from '../../../src/schedules/define.js';
import { ACME, ANNA, BOB, DAY, HOUR, later, OTHER, World } from './world.js';

describe('schedules', () => {
  let world: World;
  beforeEach(async () => { world = await World.open(); });
  afterEach(() => world.close());

  const codeOf = async (action: Promise<unknown>): Promise<string> => {
    try {
      await action;
    } catch (error) {
      if (error instanceof CallerMistake) return error.code;
      throw error;
    }
    return 'no error';
  };

  it('runs at its times, with the due time and the next one on record before anything is done', async () => {
    const made = await world.add();
    expect(made).toMatchObject({ state: 'active', owner: ANNA, organization: ACME });
    expect(made.nextDue).toBe(later(made.when.kind === 'every' ? made.when.from : '', 12 * HOUR));
    world.clock.advance(12 * HOUR);
    const call = await world.call();
    const during = await world.get(made.id);
    expect(during.last).toEqual({ due: made.nextDue, startedAt: expect.any(String) });
    expect(during.nextDue).toBe(later(made.nextDue, 12 * HOUR));
    expect(call.run).toMatchObject({ due: made.nextDue, next: during.nextDue });
    expect(call.run.asked).toBeUndefined();
    call.end({ note: '3 added.' });
    await world.scheduler.idle();
    expect((await world.get(made.id)).last).toMatchObject({ outcome: 'done', note: '3 added.', finishedAt: expect.any(String) });
    world.clock.advance(12 * HOUR);
    expect((await world.done()).last?.due).toBe(later(made.nextDue, 12 * HOUR));
    expect((await world.get(made.id)).since).toBe((await world.get(made.id)).last?.startedAt);
  });

  it('the 12 hours pass over a restart, and the run is neither lost nor doubled', async () => {
    const made = await world.add();
    world.clock.advance(6 * HOUR);
    await world.restart();
    world.clock.advance(6 * HOUR);
    expect((await world.done()).last?.due).toBe(made.nextDue);
    await world.restart();
    world.clock.advance(12 * HOUR);
    expect((await world.done()).last?.due).toBe(later(made.nextDue, 12 * HOUR));
    expect(world.calls).toHaveLength(2);
  });

  it('catches up once what was missed while the program was down', async () => {
    const made = await world.add();
    await world.restart(5 * DAY + HOUR);
    const after = await world.done();
    expect(after.last?.due).toBe(made.nextDue);
    expect(after.nextDue).toBe(later(made.nextDue, 5 * DAY));
    world.clock.advance(11 * HOUR);
    expect((await world.done()).last?.due).toBe(after.nextDue);
    expect(world.calls).toHaveLength(2);
  });

  it('takes up a run that a crash cut off, with the plan that it had made', async () => {
    const made = await world.add();
    world.clock.advance(12 * HOUR);
    const cut = await world.call();
    await cut.run.keep({ id: '0123456789', fingerprint: 'f1' });
    await world.crash(HOUR);
    const again = await world.call();
    expect(again.run.due).toBe(made.nextDue);
    expect(again.schedule.last).toEqual({ due: made.nextDue, startedAt: cut.schedule.last?.startedAt, plan: '0123456789', fingerprint: 'f1' });
    // The dead one comes back to life too late.
    cut.end({ note: 'From the dead.' });
    again.end({ note: 'Taken up.' });
    await world.scheduler.idle();
    expect(await world.get(made.id)).toMatchObject({ last: { outcome: 'done', note: 'Taken up.' }, nextDue: later(made.nextDue, 12 * HOUR) });
  });

  it('counts a run that was cut off for what was due meanwhile, too', async () => {
    const made = await world.add();
    world.clock.advance(12 * HOUR);
    await world.call();
    await world.crash(2 * DAY);
    const after = await world.done();
    expect(after.last?.due).toBe(made.nextDue);
    expect(after.nextDue).toBe(later(made.nextDue, 2 * DAY + 12 * HOUR));
    expect(world.calls).toHaveLength(2);
  });

  it('keeps who asked for a run that was cut off', async () => {
    const made = await world.add();
    await world.scheduler.runNow(ACME.id, made.id, BOB.personId);
    await world.call();
    await world.crash();
    const again = await world.call();
    expect(again.run.asked).toBe(BOB.personId);
    again.end();
    await world.scheduler.idle();
    // Its times are as they were.
    expect((await world.get(made.id)).nextDue).toBe(made.nextDue);
  });

  it('a run that overlaps the next one does not act twice: the next is skipped, and that is noted', async () => {
    const made = await world.add();
    world.clock.advance(12 * HOUR);
    const long = await world.call();
    world.clock.advance(12 * HOUR);
    await world.until(made.id, ({ nextDue }) => nextDue === later(made.nextDue, 24 * HOUR));
    expect(world.calls).toHaveLength(1);
    expect(await codeOf(world.scheduler.runNow(ACME.id, made.id, ANNA.personId))).toBe('RUNS_ALREADY');
    long.end({ note: 'At last.' });
    await world.scheduler.idle();
    expect((await world.get(made.id)).last?.note).toMatch(/^At last\. The run of \w{3} [\d-]+ [\d:]+ was skipped, since this one was still going\.$/);
    world.clock.advance(12 * HOUR);
    expect((await world.done()).last?.due).toBe(later(made.nextDue, 24 * HOUR));
    expect(world.calls).toHaveLength(2);
  });

  it('is run by one of two processes on one store', async () => {
    const made = await world.add();
    await world.scheduler.stop();
    const [one, two] = [world.another('one'), world.another('two')];
    await Promise.all([one.start(), two.start()]);
    world.scheduler = one;
    world.clock.advance(12 * HOUR);
    const first = await world.call();
    // The other asks for the lease again and again meanwhile.
    world.clock.advance(10_000);
    expect(await codeOf((first.by === 'one' ? two : one).runNow(ACME.id, made.id, ANNA.personId))).toBe('RUNS_ALREADY');
    first.end();
    await world.until(made.id, ({ last }) => last?.outcome === 'done');
    await one.idle();
    await two.idle();
    world.clock.advance(10_000);
    world.clock.advance(12 * HOUR - 20_000);
    const second = await world.call();
    second.end();
    await world.until(made.id, ({ last }) => last?.due === later(made.nextDue, 12 * HOUR) && last.outcome === 'done');
    expect(world.calls.map(({ run }) => run.due)).toEqual([made.nextDue, later(made.nextDue, 12 * HOUR)]);
  });

  it('a run that throws has failed, and the next one comes at its time', async () => {
    const made = await world.add();
    world.clock.advance(12 * HOUR);
    (await world.call()).fail(new CallerMistake({ code: 'X', message: 'The group is gone.' }));
    await world.scheduler.idle();
    const failed = await world.get(made.id);
    expect(failed).toMatchObject({ state: 'active', last: { outcome: 'failed', note: 'The group is gone.' }, nextDue: later(made.nextDue, 12 * HOUR) });
    expect(failed.since).toBeUndefined();
    world.clock.advance(12 * HOUR);
    (await world.call()).fail(new Error('secret inside'));
    await world.scheduler.idle();
    expect((await world.get(made.id)).last).toMatchObject({ outcome: 'failed', note: 'It failed.' });
  });

  it('stops without waiting for a run, tells it, writes nothing of it afterwards, and takes it up at the next start', async () => {
    const made = await world.add();
    world.clock.advance(12 * HOUR);
    const call = await world.call();
    expect(call.run.signal.aborted).toBe(false);
    await world.scheduler.stop();
    expect(call.run.signal.aborted).toBe(true);
    call.fail(new Error('Stopped half way.'));
    await world.scheduler.idle();
    expect((await world.get(made.id)).last?.finishedAt).toBeUndefined();
    await world.restart();
    expect((await world.done()).last).toMatchObject({ due: made.nextDue, outcome: 'done' });
    expect(world.lines.join('')).not.toContain('failed');
  });

  describe('once', () => {
    const once = (ms: number): Promise<Schedule> => world.add({ when: { kind: 'once', at: later(world.clock.iso(), ms) } });

    it('is tried again until it is done, with its own due time, and never after that', async () => {
      const made = await once(DAY);
      world.clock.advance(DAY);
      const first = await world.done({ outcome: 'failed', note: 'Webex could not be reached.' });
      expect(Date.parse(first.nextDue ?? '') - world.clock.now()).toBeGreaterThan(HOUR - 60_000);
      world.clock.advance(HOUR);
      const second = await world.done({ outcome: 'failed', retryMs: 6 * HOUR });
      expect(Date.parse(second.nextDue ?? '') - world.clock.now()).toBeGreaterThan(6 * HOUR - 60_000);
      await world.restart(6 * HOUR);
      const done = await world.done();
      expect(done.state).toBe('done');
      expect(done).not.toHaveProperty('nextDue');
      expect(world.calls.map(({ run }) => run.due)).toEqual(Array(3).fill(made.nextDue));
      expect(await codeOf(world.scheduler.runNow(ACME.id, made.id, ANNA.personId))).toBe('NOT_ACTIVE');
      expect(await codeOf(world.anna.change(made.id, { title: 'x' }))).toBe('SCHEDULE_DONE');
      // Another one runs later, this one does not.
      await world.restart();
      const other = await world.add();
      world.clock.advance(12 * HOUR);
      expect((await world.call()).schedule.id).toBe(other.id);
    });

    it('looks after the plan that it waits for, and is done when that is noted', async () => {
      const made = await once(DAY);
      world.clock.advance(DAY);
      const call = await world.call();
      await call.run.keep({ id: 'aaaaaaaaaa', fingerprint: 'f' });
      call.end({ outcome: 'waits', note: 'A second person must approve.' });
      await world.scheduler.idle();
      world.clock.advance(HOUR);
      const again = await world.call();
      expect(again.schedule.last).toMatchObject({ plan: 'aaaaaaaaaa', fingerprint: 'f' });
      again.end({ outcome: 'waits', note: 'Still.' });
      await world.scheduler.idle();
      const noted = await world.scheduler.note(ACME.id, made.id, (found) => ({ ...found, last: { ...found.last!, outcome: 'done', note: 'Removed.' } }));
      expect(noted.state).toBe('done');
      expect(noted).not.toHaveProperty('nextDue');
    });

    it('keeps what was noted while its run had not answered yet', async () => {
      const made = await once(DAY);
      world.clock.advance(DAY);
      const call = await world.call();
      await world.scheduler.note(ACME.id, made.id, (found) => ({ ...found, last: { ...found.last!, outcome: 'done', note: 'Removed.' } }));
      call.end({ outcome: 'waits', note: 'It waits.' });
      await world.scheduler.idle();
      expect(await world.get(made.id)).toMatchObject({ state: 'done', last: { outcome: 'done', note: 'Removed.', finishedAt: expect.any(String) } });
    });

    it('runs at once when its time has passed before it was made', async () => {
      const made = await once(-DAY);
      expect((await world.done()).state).toBe('done');
      expect(world.calls[0]?.run.due).toBe(made.when.kind === 'once' ? made.when.at : '');
    });

    it('can be put off', async () => {
      const made = await once(DAY);
      const at = later(made.nextDue, 7 * DAY);
      expect((await world.anna.change(made.id, { when: { kind: 'once', at } })).nextDue).toBe(at);
      const sooner = await world.add();
      world.clock.advance(2 * DAY);
      expect((await world.done()).id).toBe(sooner.id);
      world.clock.advance(6 * DAY);
      const due = [await world.call(), await world.call()].map(({ schedule }) => schedule.id);
      expect(due).toContain(made.id);
    });
  });

  describe('pausing and taking over', () => {
    it('does not run while paused or suspended, and goes on with the next time after now', async () => {
      const [paused, suspended, witness] = [await world.add(), await world.add(), await world.add()];
      expect(await world.scheduler.pause(ACME.id, paused.id, ANNA.personId, 'Anna paused it.')).toMatchObject({ state: 'paused', reason: 'Anna paused it.' });
      expect(await world.scheduler.suspend(ACME.id, suspended.id, 'Its owner may not act any more.')).toMatchObject({ state: 'suspended' });
      world.clock.advance(12 * HOUR);
      expect((await world.done()).id).toBe(witness.id);
      await world.restart(12 * HOUR);
      expect((await world.done()).id).toBe(witness.id);
      expect(world.calls).toHaveLength(2);
      expect(await codeOf(world.scheduler.runNow(ACME.id, paused.id, ANNA.personId))).toBe('NOT_ACTIVE');
      const resumed = await world.scheduler.resume(ACME.id, paused.id, BOB.personId);
      expect(resumed).toMatchObject({ state: 'active', nextDue: later(paused.nextDue, 24 * HOUR) });
      expect(resumed).not.toHaveProperty('reason');
      world.clock.advance(12 * HOUR);
      expect([await world.call(), await world.call()].map(({ schedule }) => schedule.id).sort()).toEqual([paused.id, witness.id].sort());
    });

    it('lets a run that is under way end, and begins none after it', async () => {
      const made = await world.add();
      world.clock.advance(12 * HOUR);
      const call = await world.call();
      await world.scheduler.pause(ACME.id, made.id, ANNA.personId);
      call.end();
      await world.scheduler.idle();
      const after = await world.get(made.id);
      expect(after).toMatchObject({ state: 'paused', last: { outcome: 'done' } });
      expect(after).not.toHaveProperty('nextDue');
    });

    it('does not take up a run that was paused before the crash', async () => {
      const made = await world.add();
      world.clock.advance(12 * HOUR);
      await world.call();
      await world.scheduler.pause(ACME.id, made.id, ANNA.personId);
      await world.crash();
      expect((await world.get(made.id)).last).toMatchObject({ outcome: 'failed', note: 'It was cut off when Steward stopped.' });
      await world.scheduler.resume(ACME.id, made.id, ANNA.personId);
      world.clock.advance(12 * HOUR);
      expect((await world.call()).run.due).toBe(later(made.nextDue, 12 * HOUR));
    });

    it('becomes another person’s, active and not approved', async () => {
      const made = await world.add();
      const by = { personId: ANNA.personId, displayName: 'Anna' };
      expect((await world.scheduler.approve(ACME.id, made.id, { fingerprint: 'f1', by, at: world.clock.iso() })).approved?.fingerprint).toBe('f1');
      await world.scheduler.suspend(ACME.id, made.id, 'Anna cannot act any more.');
      const taken = await world.scheduler.takeOver(ACME.id, made.id, BOB);
      expect(taken).toMatchObject({ owner: BOB, state: 'active', nextDue: made.nextDue });
      expect(taken).not.toHaveProperty('approved');
      expect(taken).not.toHaveProperty('reason');
      expect((await world.audited()).map(({ action, actor }) => [action, actor])).toEqual([
        ['schedule.added', ANNA.personId], ['schedule.approved', ANNA.personId], ['schedule.suspended', 'steward'], ['schedule.taken-over', BOB.personId],
      ]);
    });
  });

  describe('what commands get', () => {
    it('makes one for one id, however often it is asked for', async () => {
      const both = await Promise.all([world.add({ id: 'end-1234' }), world.add({ id: 'end-1234', title: 'Other' })]);
      expect(both[0]).toEqual(both[1]);
      expect(await world.anna.list()).toHaveLength(1);
    });

    it('lists by next due time, of one job or all, of its own organization only', async () => {
      const late = await world.add({ when: { kind: 'every', ms: 2 * DAY, from: world.clock.iso() } });
      const soon = await world.add({ job: 'report licenses' });
      const none = await world.add();
      await world.scheduler.pause(ACME.id, none.id, ANNA.personId);
      expect((await world.anna.list()).map(({ id }) => id)).toEqual([soon.id, late.id, none.id]);
      expect((await world.anna.list('report licenses')).map(({ id }) => id)).toEqual([soon.id]);
      const other = world.scheduler.of(OTHER, BOB);
      expect(await other.list()).toEqual([]);
      expect(await other.find(soon.id)).toBeUndefined();
      expect(await codeOf(other.remove(soon.id))).toBe('UNKNOWN_SCHEDULE');
      expect(await codeOf(world.scheduler.runNow(OTHER.id, soon.id, BOB.personId))).toBe('UNKNOWN_SCHEDULE');
      expect(await codeOf(world.anna.change('../secret', {}))).toBe('UNKNOWN_SCHEDULE');
    });

    it('changes what it does and when, and removes it', async () => {
      const made = await world.add();
      const changed = await world.anna.change(made.id, { input: { rules: ['r2'] }, when: { kind: 'every', ms: HOUR, from: world.clock.iso() } });
      expect(changed).toMatchObject({ input: { rules: ['r2'] }, title: made.title });
      world.clock.advance(HOUR);
      const call = await world.call();
      expect(call.schedule.input).toEqual({ rules: ['r2'] });
      await world.anna.remove(made.id);
      call.end();
      await world.scheduler.idle();
      expect(await world.anna.find(made.id)).toBeUndefined();
      const witness = await world.add();
      world.clock.advance(12 * HOUR);
      expect((await world.call()).schedule.id).toBe(witness.id);
      expect((await world.audited()).map(({ action }) => action)).toEqual(['schedule.added', 'schedule.changed', 'schedule.removed', 'schedule.added']);
    });

    it('says who asked for a run besides its times', async () => {
      const made = await world.add();
      await world.scheduler.runNow(ACME.id, made.id, BOB.personId);
      const after = await world.done();
      expect(world.calls[0]?.run.asked).toBe(BOB.personId);
      expect(after).toMatchObject({ nextDue: made.nextDue, last: { askedBy: BOB.personId, outcome: 'done' } });
      expect((await world.audited()).at(-1)).toMatchObject({ action: 'schedule.run-asked', actor: BOB.personId, subject: made.id });
    });
  });

  it('refuses a record that was changed outside: it is logged and does not run', async () => {
    const [bad, good] = [await world.add(), await world.add()];
    const partition = world.store.organization(ACME.id);
    const found = await partition.get<Sealed<Schedule>>('schedules', bad.id);
    await partition.put('schedules', bad.id, { ...found?.value, value: { ...bad, owner: BOB } }, found?.version ?? 0);
    world.clock.advance(12 * HOUR);
    expect((await world.done()).id).toBe(good.id);
    await world.restart();
    expect((await world.anna.list()).map(({ id }) => id)).toEqual([good.id]);
    await expect(world.anna.find(bad.id)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    world.clock.advance(12 * HOUR);
    expect((await world.done()).id).toBe(good.id);
    expect(world.calls).toHaveLength(2);
    expect(world.lines.join('')).toContain('was changed outside and does not run');
  });
});
