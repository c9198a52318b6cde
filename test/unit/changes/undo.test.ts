import { refused, setStep, valueStep } from './fake-webex.js';
import { ACME, ANNA, BOB, codeOf, World } from './world.js';

let world: World;
beforeEach(async () => { world = await World.open({ approvalSteps: 10 }); });
afterEach(() => world.close());

describe('undo', () => {
  it('takes back what was really changed, the last step first, and leaves what was so before', async () => {
    world.webex.set('set room').add('zoe');
    const plan = await world.plan([setStep('room', ['amy', 'zoe']), valueStep('title', null, 'New')]);
    await world.run(plan);
    const draft = await world.engine.undo(world.ask(plan));
    expect(draft).toMatchObject({ title: 'Undo: A test', command: `changes undo ${plan.id}`, undoes: plan.id, problems: [] });
    expect(draft.steps.map((step) => step.target)).toEqual(['value title', 'set room']);
    expect(draft.steps[1]).toMatchObject({ before: { amy: 'present' }, after: { amy: 'absent' } });
    await world.run(await world.plan(draft.steps, ANNA, draft));
    expect([...world.webex.set('set room')]).toEqual(['zoe']);
    expect(world.webex.values.get('value title')).toBe(null);
  });

  it('leaves out, and names, what is no longer as the change left it', async () => {
    const plan = await world.plan([setStep('room', ['amy', 'bob']), valueStep('title', null, 'New'), valueStep('topic', null, 'T')]);
    await world.run(plan);
    world.webex.set('set room').delete('bob');
    world.webex.values.set('value title', 'Theirs');
    world.webex.values.set('value topic', null);
    const draft = await world.engine.undo(world.ask(plan));
    expect(draft.steps).toMatchObject([{ target: 'set room', after: { amy: 'absent' } }]);
    expect(draft.problems.map(({ reason }) => reason)).toEqual([
      'It is already as it was before the change.',
      'Somebody else has changed it since. It is left as it is now.',
    ]);
  });

  it('leaves alone what it took back once and another change has given again', async () => {
    const first = await world.plan([setStep('room', ['amy', 'bob']), valueStep('title', null, 'New')]);
    await world.run(first);
    const only = [{ id: 'amy', email: 'amy' }];
    await world.run(await world.plan((await world.engine.undo({ ...world.ask(first), only })).steps, ANNA, { undoes: first.id }));
    await world.run(await world.plan([setStep('room', ['amy'])]));
    const draft = await world.engine.undo(world.ask(first));
    expect(draft.steps).toMatchObject([{ target: 'value title' }, { target: 'set room', after: { bob: 'absent' } }]);
    await world.run(await world.plan(draft.steps, ANNA, draft));
    expect([...world.webex.set('set room')]).toEqual(['amy']);
    await world.run(await world.plan([valueStep('title', null, 'New')]));
    expect((await world.engine.undo(world.ask(first))).problems).toEqual(expect.arrayContaining([
      expect.objectContaining({ reason: 'It was taken back before. That it is so again is no work of this change.', settled: true }),
    ]));
  });

  it('of the undoing of a change with an end has that end', async () => {
    const until = new Date(world.clock.now() + 3_600_000).toISOString();
    const first = await world.plan([setStep('room', ['amy'])], ANNA, { until });
    await world.run(first);
    const undo = await world.plan((await world.engine.undo(world.ask(first))).steps, ANNA, { undoes: first.id });
    await world.run(undo);
    expect((await world.engine.undo(world.ask(undo))).until).toBe(until);
  });

  it('takes back what a failed step changed before it failed', async () => {
    world.webex.ignored.add('zoe');
    const plan = await world.plan([setStep('room', ['amy', 'zoe'])]);
    await world.run(plan);
    expect((await world.engine.undo(world.ask(plan))).steps).toMatchObject([{ after: { amy: 'absent' } }]);
  });

  it('looks again at what was never confirmed', async () => {
    world.webex.ignored.add('amy').add('bob');
    const plan = await world.plan([setStep('room', ['amy', 'bob'])]);
    await world.run(plan);
    expect((await world.engine.undo(world.ask(plan))).steps).toEqual([]);
    world.webex.set('set room').add('amy');
    expect((await world.engine.undo(world.ask(plan))).steps).toMatchObject([{ before: { amy: 'present' }, after: { amy: 'absent' } }]);
  });

  it('only=<people>: their elements, or their targets', async () => {
    const plan = await world.plan([setStep('cara@acme.test', ['amy@acme.test', 'bob@acme.test']), setStep('dave@acme.test', ['amy@acme.test']), valueStep('title', null, 'New')]);
    await world.run(plan);
    const only = async (email: string): Promise<unknown[]> =>
      (await world.engine.undo({ ...world.ask(plan), only: [{ id: 'none', email }] })).steps.map((step) => [step.target, step.after]);
    expect(await only('AMY@acme.test')).toEqual([['set dave@acme.test', { 'amy@acme.test': 'absent' }], ['set cara@acme.test', { 'amy@acme.test': 'absent' }]]);
    expect(await only('cara@acme.test')).toEqual([['set cara@acme.test', { 'amy@acme.test': 'absent', 'bob@acme.test': 'absent' }]]);
    expect(await only('nobody@acme.test')).toEqual([]);
  });

  it('of what cannot be taken back says so', async () => {
    const plan = await world.plan([setStep('room', ['amy'], 'forever')]);
    await world.run(plan, BOB);
    expect(await world.engine.undo(world.ask(plan))).toMatchObject({ steps: [], problems: [{ reason: 'This cannot be taken back.' }] });
  });

  it('needs one approval for one’s own change of the last 24 hours, however many steps', async () => {
    const many = Array.from({ length: 20 }, (_, index) => setStep(`s${index}`, ['x']));
    const plan = await world.plan(many);
    expect(plan.approval.by).toBe('other');
    await world.run(plan, BOB);
    const draft = await world.engine.undo(world.ask(plan));
    expect((await world.plan(draft.steps, ANNA, draft)).approval).toMatchObject({ by: 'requester', why: 'It takes back the requester’s own change of the last 24 hours.' });
    expect((await world.plan(draft.steps, BOB, draft)).approval.by).toBe('other');
    world.clock.advance(25 * 3600_000);
    expect((await world.plan(draft.steps, ANNA, draft)).approval.by).toBe('other');
  });

  it('last: the change that one asked for and that ended last', async () => {
    const first = await world.plan([setStep('a', ['x'])]);
    const second = await world.plan([setStep('b', ['x'])]);
    const others = await world.plan([setStep('c', ['x'])], BOB);
    for (const plan of [second, first]) await world.run(plan);
    await world.run(others, BOB);
    expect((await world.engine.undo({ organization: ACME.id, id: 'last', by: ANNA })).undoes).toBe(first.id);
  });

  it('is for changes that have ended, and refused to those who cannot be asked', async () => {
    const plan = await world.plan([setStep('one', ['x']), setStep('two', ['y'])]);
    expect(await codeOf(world.engine.undo(world.ask(plan)))).toBe('NOT_NOW');
    await world.run(plan, ANNA, { first: 1 });
    expect(await codeOf(world.engine.undo(world.ask(plan)))).toBe('NOT_NOW');
    const rest = world.rest(plan);
    await world.engine.cancel(world.ask(plan));
    await rest;
    expect((await world.engine.undo(world.ask(plan))).steps.length).toBe(1);
    world.accounts.of(BOB).lost = { code: 'UNREADABLE', reason: 'Webex is away.' };
    expect(await codeOf(world.engine.undo(world.ask(plan, BOB)))).toBe('NOT_ALLOWED');
  });
});

describe('retry', () => {
  it('is a fresh plan of what failed, was in conflict or was cancelled, from what Webex shows now', async () => {
    world.webex.before = (call) => (call.target === 'set bad' && call.method === 'POST' ? Promise.reject(refused(400)) : undefined);
    const plan = await world.plan([setStep('good', ['x']), setStep('bad', ['x', 'y']), valueStep('title', null, 'New'), setStep('late', ['x'])]);
    world.webex.values.set('value title', 'Theirs');
    const rest = world.rest(plan);
    await world.approve(plan, ANNA, { first: 3 });
    await rest;
    const cancelled = world.rest(plan);
    await world.engine.cancel(world.ask(plan));
    await cancelled;
    world.webex.before = () => undefined;
    world.webex.set('set bad').add('y');
    const draft = await world.engine.retry(world.ask(plan, BOB));
    expect(draft.steps.map((step) => [step.target, step.before])).toEqual([['set bad', { x: 'absent', y: 'present' }], ['value title', 'Theirs'], ['set late', { x: 'absent' }]]);
    expect(draft.warnings).toEqual(['1 step would overwrite what somebody else has set since the first plan.']);
    const again = await world.plan(draft.steps, BOB, draft);
    expect((await world.run(again, BOB)).change?.counts).toMatchObject({ done: 3 });
    expect(world.webex.values.get('value title')).toBe('New');
    expect(world.webex.writes().filter((call) => call.target === 'set bad').at(-1)?.body).toEqual({ add: ['x'], remove: [] });
  });

  it('leaves out what is so by now', async () => {
    world.webex.before = (call) => (call.method === 'POST' ? Promise.reject(refused(400)) : undefined);
    const plan = await world.plan([setStep('bad', ['x'])]);
    await world.run(plan);
    world.webex.set('set bad').add('x');
    expect(await world.engine.retry(world.ask(plan))).toMatchObject({ steps: [], problems: [{ reason: 'It is so already.' }] });
  });
});
