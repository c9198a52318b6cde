import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KINDS, setStep } from './fake-webex.js';
import { ACME, ANNA, BOB, CARA, codeOf, OTHER, World, type WorldOptions } from './world.js';

let world: World;
const open = async (options: WorldOptions = {}): Promise<World> => (world = await World.open(options));
afterEach(() => world.close());

const steps = (n: number, kind = 'set'): ReturnType<typeof setStep>[] => Array.from({ length: n }, (_, index) => setStep(`s${index}`, ['x'], kind));

describe('a plan', () => {
  it('is a frozen list of steps whose id is the start of its hash', async () => {
    await open();
    const plan = await world.plan(steps(3));
    expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.id).toBe(plan.hash.slice(0, 10));
    expect(plan).toMatchObject({ state: 'pending', stepCount: 3, kinds: { set: 3 }, requester: ANNA, organization: ACME });
    expect((await world.engine.steps(ACME.id, plan.id)).map((step) => [step.n, step.version])).toEqual([[1, 1], [2, 1], [3, 1]]);
    expect(world.webex.calls).toEqual([]);
  });

  it('is not made when there is nothing to do, or the requester may not do it', async () => {
    await open();
    expect(await codeOf(world.plan([]))).toBe('NOTHING_TO_DO');
    world.accounts.of(ANNA).scopes = [];
    await expect(world.plan(steps(1))).rejects.toThrow('Anna lacks the scope write.');
    world.accounts.of(ANNA).lost = { code: 'UNREADABLE', reason: 'Webex is away.' };
    await expect(world.plan(steps(1))).rejects.toThrow('Webex is away.');
    expect(await world.engine.list(ACME.id)).toEqual([]);
  });

  it('made twice at once is two plans', async () => {
    await open();
    const [one, two] = await Promise.all([world.plan(steps(1)), world.plan(steps(1))]);
    expect(one.id).not.toBe(two.id);
    expect((await world.engine.list(ACME.id)).length).toBe(2);
  });

  it('of another organization answers exactly like an unknown one', async () => {
    await open();
    const plan = await world.plan(steps(1));
    const foreign = world.engine.get(OTHER.id, plan.id).catch((error: unknown) => (error as Error).message);
    const unknown = world.engine.get(OTHER.id, 'ffffffffff').catch((error: unknown) => (error as Error).message);
    expect(await foreign).toBe(await unknown);
    expect(await codeOf(world.engine.approve({ organization: OTHER.id, id: plan.id, hash: plan.hash, by: ANNA }))).toBe('UNKNOWN_PLAN');
    expect(await codeOf(world.engine.get(ACME.id, '../plans'))).toBe('UNKNOWN_PLAN');
  });

  it('edited on disk is refused: its steps', async () => {
    await open();
    const plan = await world.plan(steps(1));
    const path = await fileWith(`plan-steps-${plan.id}`);
    const text = await readFile(path, 'utf8');
    await restart(() => writeFile(path, text.replaceAll('"x"', '"y"')));
    expect(await codeOf(world.approve(plan))).toBe('PLAN_TAMPERED');
    await restart(() => appendFile(path, text));
    expect(await codeOf(world.approve(plan))).toBe('PLAN_TAMPERED');
    expect(world.webex.calls).toEqual([]);
    expect(await world.audited()).toContain('plan.approve-refused TAMPERED');
    await restart(() => writeFile(path, text));
    expect((await world.run(plan)).change?.state).toBe('done');
  });

  it('edited on disk is refused: its head', async () => {
    await open();
    const plan = await world.plan(steps(1, 'admin'));
    const path = await fileWith('plans.ndjson');
    const text = await readFile(path, 'utf8');
    await restart(() => writeFile(path, text.replace('"by":"other"', '"by":"requester"')));
    expect(await codeOf(world.approve(plan))).toBe('SEAL_BROKEN');
    expect(world.webex.calls).toEqual([]);
  });

  it('edited on disk while it is paused does not go on', async () => {
    await open();
    const plan = await world.plan(steps(3));
    await world.run(plan, ANNA, { first: 1 });
    const path = await fileWith(`plan-steps-${plan.id}`);
    const text = await readFile(path, 'utf8');
    await restart(() => writeFile(path, text.replace('"set s1"', '"set s9"')));
    const rest = world.rest(plan);
    await world.engine.resume(world.ask(plan));
    expect((await rest).change?.pause?.code).toBe('PLAN_CHANGED');
    expect(world.webex.writes().length).toBe(1);
  });
});

describe('who must approve', () => {
  it('the requester, up to APPROVAL_STEPS in 24 hours, counting what waits and what was applied', async () => {
    await open({ approvalSteps: 5 });
    const first = await world.plan(steps(3));
    expect(first.approval.by).toBe('requester');
    expect((await world.plan(steps(3))).approval).toMatchObject({ by: 'other', eligible: [BOB] });
    await world.run(first);
    const third = await world.plan(steps(3));
    expect(third.approval.by).toBe('other');
    expect(third.approval.why).toContain('More than 5 in 24 hours');
    expect((await world.plan(steps(3), BOB)).approval.by).toBe('requester');
    world.clock.advance(80 * 3600_000);
    expect((await world.plan(steps(3))).approval.by).toBe('requester');
  });

  it('another person for kinds that are privileged or cannot be undone', async () => {
    await open();
    expect((await world.plan(steps(1, 'admin'))).approval.by).toBe('other');
    expect((await world.plan(steps(1, 'forever'))).approval.by).toBe('other');
  });

  it('another person as soon as plans made at once are too much together', async () => {
    await open({ approvalSteps: 5 });
    const plans = await Promise.all([world.plan(steps(3)), world.plan(steps(3))]);
    expect(plans.map((plan) => plan.approval.by).sort()).toEqual(['other', 'requester']);
  });

  it('nobody: then the plan says who must link, and with what', async () => {
    await open({ people: [ANNA, BOB, CARA] });
    world.accounts.of(BOB).roles = ['Read-only Administrator'];
    world.accounts.of(CARA).lost = { code: 'LOGIN_DISABLED', reason: 'disabled' };
    const { approval } = await world.plan(steps(1, 'admin'));
    expect(approval.eligible).toEqual([]);
    expect(approval.nobody).toContain('another administrator with the role Full Administrator, and the scope write must write `account link`');
  });

  it('only the requester where the rule is off, which every plan says', async () => {
    await open({ approvalSteps: 'off' });
    const plan = await world.plan(steps(1, 'admin'));
    expect(plan.approval).toMatchObject({ by: 'requester' });
    expect(plan.approval.why).toContain('APPROVAL_STEPS=off');
    expect((await world.run(plan)).change?.state).toBe('done');
  });

  it('two own plans approved at once do not both slip under the limit', async () => {
    await open({ approvalSteps: 10 });
    const plans = await Promise.all([world.plan(steps(3)), world.plan(steps(3))]);
    expect(plans.map((plan) => plan.approval.by)).toEqual(['requester', 'requester']);
    world.approvalSteps = 5;
    const codes = await Promise.all(plans.map((plan) => codeOf(world.approve(plan))));
    expect(codes.sort()).toEqual(['OTHER_PERSON', 'nothing was thrown']);
  });
});

describe('approving', () => {
  it('is refused to the requester where another person must, and done by that person', async () => {
    await open();
    const plan = await world.plan(steps(1, 'admin'));
    expect(await codeOf(world.approve(plan, ANNA))).toBe('OTHER_PERSON');
    expect((await world.engine.get(ACME.id, plan.id)).state).toBe('pending');
    const done = await world.run(plan, BOB);
    expect(done.decision).toMatchObject({ how: 'approved', by: BOB });
    expect(await world.audited()).toEqual(expect.arrayContaining(['plan.made', 'plan.approve-refused OTHER_PERSON', 'plan.approved', 'change.started', 'change.done']));
  });

  it('is refused to somebody who could not do it himself, or has no account', async () => {
    await open({ people: [ANNA, BOB] });
    const plan = await world.plan(steps(1));
    world.accounts.of(BOB).roles = ['User Administrator'];
    expect(await codeOf(world.approve(plan, BOB))).toBe('NOT_ALLOWED');
    expect(await codeOf(world.approve(plan, CARA))).toBe('NOT_ALLOWED');
    expect(await codeOf(world.engine.reject(world.ask(plan, CARA)))).toBe('NOT_ALLOWED');
    expect((await world.engine.get(ACME.id, plan.id)).state).toBe('pending');
    expect(world.webex.calls).toEqual([]);
    expect(await world.audited()).toContain('plan.approve-refused NOT_ALLOWED');
  });

  it('fault 6: twice, or by two at once, acts once, and the loser is told who was faster', async () => {
    await open();
    const plan = await world.plan(steps(1));
    const rest = world.rest(plan);
    const answers = await Promise.allSettled([world.approve(plan, ANNA), world.approve(plan, BOB), world.approve(plan, ANNA)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await rest;
    const { decision } = await world.engine.get(ACME.id, plan.id);
    await expect(world.approve(plan, BOB)).rejects.toThrow(`was approved by ${decision!.by!.displayName} on ${decision!.at.slice(0, 10)}`);
    expect(world.webex.writes().length).toBe(1);
  });

  it('needs the hash of what was seen', async () => {
    await open();
    const plan = await world.plan(steps(1));
    expect(await codeOf(world.engine.approve({ organization: ACME.id, id: plan.id, hash: 'f'.repeat(64), by: ANNA }))).toBe('OTHER_PLAN');
    expect(await codeOf(world.engine.approve({ organization: ACME.id, id: plan.id, hash: '', by: ANNA }))).toBe('OTHER_PLAN');
    expect((await world.engine.get(ACME.id, plan.id)).state).toBe('pending');
  });

  it('fault 10: is refused when a role was taken away, and ends what that person has waiting', async () => {
    await open();
    const plan = await world.plan(steps(1));
    const another = await world.plan(steps(2));
    world.accounts.of(ANNA).roles = [];
    expect(await codeOf(world.approve(plan, BOB))).toBe('REQUESTER_LOST');
    for (const { id } of [plan, another]) {
      const ended = await world.engine.get(ACME.id, id);
      expect(ended).toMatchObject({ state: 'rejected', decision: { how: 'withdrawn', reason: expect.stringContaining('Anna lacks the role Full Administrator') } });
    }
    expect(world.webex.calls).toEqual([]);
  });

  it('is refused while Webex cannot be asked, and changes nothing', async () => {
    await open();
    const plan = await world.plan(steps(1));
    world.accounts.of(ANNA).lost = { code: 'UNREADABLE', reason: 'Webex is away.' };
    expect(await codeOf(world.approve(plan))).toBe('NOT_ALLOWED');
    delete world.accounts.of(ANNA).lost;
    expect((await world.run(plan)).change?.state).toBe('done');
  });

  it('is refused after the time is over', async () => {
    await open();
    const own = await world.plan(steps(1));
    const others = await world.plan(steps(1, 'admin'));
    const expired = world.next((event) => event.type === 'expired');
    world.clock.advance(60 * 60_000 + 1);
    expect((await expired).plan.id).toBe(own.id);
    await expect(world.approve(own)).rejects.toThrow(`Plan ${own.id} expired on`);
    world.clock.advance(70 * 3600_000);
    expect((await world.engine.get(ACME.id, others.id)).state).toBe('pending');
    const late = world.next((event) => event.type === 'expired');
    world.clock.advance(2 * 3600_000);
    expect((await late).plan.id).toBe(others.id);
    expect(await codeOf(world.approve(others, BOB))).toBe('ALREADY_DECIDED');
  });

  it('is refused when Steward means something else by a step since', async () => {
    await open();
    const plan = await world.plan(steps(1));
    const newer = world.newEngine(world.store, world.accounts, KINDS.map((kind) => ({ ...kind, version: 2 })));
    expect(await codeOf(newer.approve({ organization: ACME.id, id: plan.id, hash: plan.hash, by: ANNA }))).toBe('OLD_PLAN');
  });

  it('is refused in look mode, which plans all the same', async () => {
    await open();
    world.mode = 'look';
    const plan = await world.plan(steps(1));
    expect(await codeOf(world.approve(plan))).toBe('LOOK_ONLY');
    expect(world.webex.calls).toEqual([]);
  });
});

describe('other answers to a plan', () => {
  it('reject: by whoever could approve', async () => {
    await open();
    const plan = await world.plan(steps(1, 'admin'));
    expect(await world.engine.reject(world.ask(plan, BOB))).toMatchObject({ state: 'rejected', decision: { how: 'rejected', by: BOB } });
    await expect(world.approve(plan, BOB)).rejects.toThrow('was rejected by Bob');
  });

  it('withdraw: by the requester only', async () => {
    await open();
    const plan = await world.plan(steps(1));
    expect(await codeOf(world.engine.withdraw(world.ask(plan, BOB)))).toBe('NOT_REQUESTER');
    expect(await world.engine.withdraw(world.ask(plan))).toMatchObject({ state: 'rejected', decision: { how: 'withdrawn' } });
  });

  it('remind: by the requester, now and then, where another person must approve', async () => {
    await open();
    const plan = await world.plan(steps(1, 'admin'));
    expect(await codeOf(world.engine.remind(world.ask(plan, BOB)))).toBe('NOT_REQUESTER');
    await world.engine.remind(world.ask(plan));
    expect(world.events.at(-1)?.type).toBe('reminded');
    expect(await codeOf(world.engine.remind(world.ask(plan)))).toBe('REMINDED_ALREADY');
    world.clock.advance(11 * 60_000);
    await world.engine.remind(world.ask(plan));
    expect(await codeOf(world.engine.remind(world.ask(await world.plan(steps(1)))))).toBe('NOBODY_TO_REMIND');
  });

  it('the next plan of a schedule takes the place of the one that waits', async () => {
    await open();
    const request = { organization: ACME, requester: ANNA, schedule: 'nightly', draft: { title: 't', command: 'c', steps: steps(1), warnings: [], problems: [] } };
    const first = await world.engine.plan(request);
    world.clock.advance(100 * 3600_000);
    const second = await world.engine.plan(request);
    expect((await world.engine.get(ACME.id, first.id)).state).toBe('superseded');
    expect((await world.run(second)).change?.state).toBe('done');
  });
});

async function restart(meanwhile: () => Promise<unknown>): Promise<void> {
  await world.engine.stop();
  await world.store.close();
  await meanwhile();
  await world.openStore();
  world.engine = world.newEngine(world.store);
}

async function fileWith(name: string): Promise<string> {
  const found = (await readdir(world.folder, { recursive: true })).find((path) => path.includes(name));
  return join(world.folder, found!);
}
