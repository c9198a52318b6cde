import type { JobAnswer } from '../../../../src/bot/define.js';
import { down, setStep } from '../../changes/fake-webex.js';
import { ACME, ANNA, BOB, codeOf, OTHER } from '../../changes/world.js';
import { House, HOUR, textOf, titlesOf } from './house.js';

let house: House;
beforeEach(async () => { house = await House.open(); });
afterEach(() => house.close());

/** A job that adds an element to a set. */
const adding = (key: string, more: Partial<JobAnswer> = {}) => (): Promise<JobAnswer> => Promise.resolve({
  draft: { title: `Add ${key}`, command: 'test it', steps: [setStep('a', [key])], warnings: [], problems: [] },
  fingerprint: 'rules 1', outcome: 'done', note: `${key} added`, ...more,
});

/** The first run, looked at and approved. */
async function approved(key = 'x'): Promise<string> {
  const { id } = await house.add();
  house.run = adding(key);
  await house.once(id);
  const [plan] = await house.plans();
  await house.world.run(plan!);
  await house.said(/Report of done/);
  return id;
}

describe('a run', () => {
  it('waits for a press the first time; approving its plan approves its rules, and the report comes when it has ended', async () => {
    const { id } = await house.add();
    house.run = adding('x');
    const waits = await house.once(id);
    const [plan] = await house.plans();
    expect(plan).toMatchObject({ state: 'pending', schedule: id, due: waits.last?.due });
    expect(plan!.automatic).toBeUndefined();
    expect(waits.last).toMatchObject({ outcome: 'waits', plan: plan!.id, fingerprint: expect.any(String) });
    expect(house.texts('space')).toEqual([expect.stringMatching(/Report of pending.*first run under this account/)]);
    await house.world.run(plan!);
    await house.said(/Report of done: done/);
    const after = await house.scheduler.note(ACME.id, id, (found) => found);
    expect(after.approved).toMatchObject({ fingerprint: waits.last?.fingerprint, by: { displayName: 'Anna' } });
  });

  it('goes on by itself under approved rules, and reports once', async () => {
    const id = await approved();
    house.run = adding('y');
    const before = house.posts.length;
    const after = await house.once(id);
    const [plan] = await house.plans();
    expect(plan).toMatchObject({ state: 'approved', automatic: { why: expect.stringContaining('approved by Anna') as string }, change: { state: 'done' } });
    expect([...house.world.webex.set('set a')]).toEqual(['x', 'y']);
    expect(after.last).toMatchObject({ outcome: 'done', note: 'y added' });
    expect(house.posts.slice(before).map(({ view }) => view.markdown)).toEqual(['Report of done: done ']);
  });

  it.each([
    ['whose rules have changed', { fingerprint: 'rules 2' }, /rules, groups or limits have changed since Anna/],
    ['for which the job has a reason', { holds: ['Somebody from outside would join.'] }, /Somebody from outside/],
  ])('%s waits again', async (_what, more, words) => {
    const id = await approved();
    house.run = adding('y', more);
    expect((await house.once(id)).last?.outcome).toBe('waits');
    expect((await house.plans())[0]!.state).toBe('pending');
    await house.said(words);
    expect([...house.world.webex.set('set a')]).toEqual(['x']);
  });

  it('in an organization that only looks waits, and says so', async () => {
    const id = await approved();
    house.world.mode = 'look';
    house.run = adding('y');
    expect((await house.once(id)).last?.outcome).toBe('waits');
    await house.said(/look only/);
  });

  it('without anything to do says so in a line, and takes back what an earlier one left waiting', async () => {
    const { id } = await house.add();
    house.run = adding('x');
    await house.once(id);
    house.run = () => Promise.resolve({ outcome: 'done', note: 'nothing to change' });
    const before = house.posts.length;
    expect((await house.once(id)).last).toMatchObject({ outcome: 'done', note: 'nothing to change' });
    expect((await house.plans()).map((plan) => plan.decision?.how)).toEqual(['withdrawn']);
    expect(house.posts.slice(before).map(({ view }) => view.markdown)).toEqual(['**The test**: nothing to change']);
  });

  it('that throws, and one whose report throws, is reported as failed', async () => {
    const { id } = await house.add();
    house.run = () => Promise.reject(down());
    expect((await house.once(id)).last).toMatchObject({ outcome: 'failed', note: 'Webex did not answer.' });
    expect(house.texts('space')[0]).toMatch(/\*\*The test\*\* could not be made: Webex did not answer\. Next run: /);
    house.run = adding('x');
    house.report = () => Promise.reject(down());
    await house.once(id);
    expect(house.texts('space')[1]).toMatch(/waits for approval.*\n.*full report could not be made: Webex did not answer/);
  });

  it('tells its owner why a report came to him and not to the space', async () => {
    const { id } = await house.add();
    house.withheld = true;
    await house.once(id);
    expect(house.texts('Anna')).toEqual(['**The test**: nothing to change', expect.stringMatching(/came to you and not to Reports: somebody there may not see it/)]);
  });

  it('posts its report later when Webex takes none now', async () => {
    const { id } = await house.add();
    house.failPosts = 1;
    await house.once(id);
    expect(house.posts).toEqual([]);
    await house.pass(60_000);
    await house.said(/nothing to change/);
  });

  it('that was cut off is taken up with the plan that it had made, after a restart', async () => {
    const id = await approved();
    house.run = adding('y');
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => { letGo = resolve; });
    const reached = new Promise<void>((resolve) => {
      house.world.webex.before = (call) => {
        if (call.method !== 'POST') return undefined;
        resolve();
        return held;
      };
    });
    await house.scheduler.runNow(ACME.id, id, ANNA.personId);
    await reached;
    const [plan] = await house.plans();
    const before = house.posts.length;
    const restarted = house.restart();
    house.world.webex.before = () => undefined;
    letGo();
    await restarted;
    await house.said(/Report of done: done/, before);
    await house.scheduler.idle();
    expect((await house.plans()).filter((one) => one.automatic !== undefined).map((one) => one.id)).toEqual([plan!.id]);
    expect((await house.get(id)).last).toMatchObject({ outcome: 'done', plan: plan!.id });
    expect([...house.world.webex.set('set a')]).toEqual(['x', 'y']);
  });

  it('has its report after a restart too, when its plan was approved', async () => {
    const { id } = await house.add();
    house.run = adding('x');
    await house.once(id);
    await house.restart();
    const [plan] = await house.plans();
    await house.world.run(plan!);
    await house.said(/Report of done: done/);
  });
});

describe('an owner who cannot act', () => {
  it.each([
    ['was unlinked', () => { house.world.accounts.of(ANNA).lost = { code: 'NOT_LINKED', reason: 'No account is linked.' }; }, /The account is not linked any more/],
    ['lost the role', () => { house.world.accounts.of(ANNA).roles = []; }, /needs the role Full Administrator/],
  ])('since the account %s: nothing runs, and the others are asked to take over', async (_what, lose, reason) => {
    const { id } = await house.add();
    lose();
    const after = await house.once(id);
    expect(after).toMatchObject({ state: 'suspended', reason: expect.stringMatching(reason) as string, last: { outcome: 'failed' } });
    const card = house.posts.find(({ to }) => to === 'Bob')!;
    expect(card.view.card!.buttons!.map(({ title, command, only }) => [title, command, only])).toEqual([
      ['Take over', 'schedules take-over', BOB.personId], ['Stop', 'schedules stop', BOB.personId],
    ]);
    expect(house.texts('space')[0]).toMatch(reason);
    expect(house.texts('Anna')[0]).toMatch(/runs no more under your account/);
    expect(await house.plans()).toEqual([]);
  });

  it('only fails the run when Webex could not be asked', async () => {
    const { id } = await house.add();
    house.world.accounts.of(ANNA).lost = { code: 'UNREADABLE', reason: 'Webex does not say.' };
    expect(await house.once(id)).toMatchObject({ state: 'active', last: { outcome: 'failed', note: 'Webex does not say.' } });
    expect(house.texts('Bob')).toEqual([]);
  });

  it('is followed by whoever takes over: all is planned anew under that account and waits', async () => {
    const id = await approved();
    house.world.accounts.of(ANNA).lost = { code: 'LOGIN_DISABLED', reason: 'The login is disabled.' };
    await house.once(id);
    house.run = adding('y');
    const answer = await house.say(BOB, 'schedules take-over', { id });
    expect(textOf(answer)).toMatch(/under your account now/);
    await house.scheduler.idle();
    const after = await house.get(id);
    expect(after).toMatchObject({ state: 'active', owner: { displayName: 'Bob' }, last: { outcome: 'waits' } });
    expect(after.approved).toBeUndefined();
    expect((await house.plans())[0]).toMatchObject({ state: 'pending', requester: { displayName: 'Bob' } });
    expect([...house.world.webex.set('set a')]).toEqual(['x']);
  });

  it('is not followed by somebody who may not do it, nor while the owner can act', async () => {
    const { id } = await house.add();
    expect(await codeOf(house.say(BOB, 'schedules take-over', { id }))).toBe('NOT_NOW');
    house.world.accounts.of(ANNA).lost = { code: 'NOT_LINKED', reason: 'No account is linked.' };
    await house.once(id);
    house.world.accounts.of(BOB).scopes = [];
    expect(await codeOf(house.say(BOB, 'schedules take-over', { id }))).toBe('NOT_ALLOWED');
    expect(await house.get(id)).toMatchObject({ state: 'suspended', owner: { displayName: 'Anna' } });
  });
});

describe('the commands', () => {
  it('list and show what runs, when, and whether it waits', async () => {
    const { id } = await house.add();
    expect(textOf(await house.say(BOB, 'schedules'))).toMatch(new RegExp(`${id}.*The test: every 12 hours.*active · Anna.*has not run yet`));
    const shown = await house.say(BOB, 'schedules show', { id });
    expect(textOf(shown)).toMatch(/Next runs: \w{3} .*, \w{3} .*, \w{3} .* \\\(UTC\\\)/);
    expect(textOf(shown)).toMatch(/waits for a press/);
    expect(titlesOf(shown)).toEqual(['Run now', 'Pause', 'Remove']);
  });

  it('steer it, for its owner and for whoever may do the same', async () => {
    const { id } = await house.add();
    expect(titlesOf(await house.say(BOB, 'schedules pause', { id }))).toEqual(['Resume', 'Remove']);
    expect(await house.get(id)).toMatchObject({ state: 'paused', reason: 'Paused by Bob.' });
    expect(await codeOf(house.say(ANNA, 'schedules run', { id }))).toBe('NOT_ACTIVE');
    await house.say(ANNA, 'schedules resume', { id });
    expect(textOf(await house.say(ANNA, 'schedules run', { id }))).toMatch(/goes to Reports/);
    await house.said(/nothing to change/);
    await house.scheduler.idle();
    house.world.accounts.of(BOB).roles = [];
    expect(await codeOf(house.say(BOB, 'schedules remove', { id }))).toBe('NOT_ALLOWED');
    await house.say(ANNA, 'schedules remove', { id });
    expect(await house.scheduler.list(ACME.id)).toEqual([]);
  });

  it('know a schedule of another organization no better than one that nobody has', async () => {
    const { id } = await house.add();
    for (const verb of ['show', 'run', 'pause', 'resume', 'remove', 'stop', 'take-over']) {
      const refusals = await Promise.all([id, 'ffffffff'].map((asked) => house.say(ANNA, `schedules ${verb}`, { id: asked }, OTHER).catch((error: unknown) => error)));
      expect(refusals[0]).toMatchObject({ code: 'UNKNOWN_SCHEDULE' });
      expect((refusals[0] as Error).message).toBe((refusals[1] as Error).message);
    }
  });

  it('run at their times, each once', async () => {
    const { id } = await house.add();
    let runs = 0;
    house.run = () => Promise.resolve({ outcome: 'done', note: `run ${(runs += 1)}` });
    await house.pass(12 * HOUR);
    await house.said(/run 1/);
    await house.pass(12 * HOUR);
    await house.said(/run 2/);
    expect((await house.get(id)).last?.note).toBe('run 2');
  });
});
