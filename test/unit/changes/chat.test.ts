import { Chat } from './chat.js';
import { refused, setStep, valueStep } from './fake-webex.js';
import { ACME, ANNA, BOB, CARA, codeOf, OTHER, type WorldOptions } from './world.js';

let chat: Chat;
const open = async (options: WorldOptions = {}): Promise<Chat> => (chat = await Chat.open(options));
afterEach(() => chat.close());

const steps = (n: number, kind = 'set'): ReturnType<typeof setStep>[] => Array.from({ length: n }, (_, index) => setStep(`s${index}`, ['x'], kind));
const result = (): Promise<Awaited<ReturnType<Chat['until']>>> => chat.until((message) => message.view.card?.template === 'changes/result');

describe('the card of a plan', () => {
  it('says what would change, for which organization, who must approve, and how long it takes', async () => {
    await open();
    const risky = { ...setStep('room', ['-zoe']), sentence: 'Zoe leaves <b>room</b>', risk: 'removal' as const };
    const plan = await chat.make(ANNA, { steps: [setStep('room', ['amy']), risky], warnings: ['Amy is new.'], problems: [{ subject: 'Max', reason: 'Nobody knows Max.' }] });
    const card = chat.card('changes/plan', ANNA)!;
    const text = JSON.stringify(card.card);
    for (const part of ['A test', plan.id, 'Acme', 'Anna', '2 steps: set something', 'a few seconds', '1 step takes something away, shown first', 'Amy is new.', 'Max: Nobody knows Max.', 'up to 50 steps in 24 hours']) {
      expect(text).toContain(part);
      if (!part.includes('takes something')) expect(card.view.markdown.replaceAll('\\', '')).toContain(part);
    }
    expect(text.indexOf('Zoe leaves')).toBeLessThan(text.indexOf('amy in room'));
    expect(card.view.markdown).not.toContain('<b>');
    expect(chat.titles(card)).toEqual(['Approve', 'Reject']);
    expect(card.view.files).toBeUndefined();
    expect(card.card?.version).toBe('1.3');
  });

  it('with many steps has them all in a CSV file that carries the hash, and can apply the first five', async () => {
    await open();
    const plan = await chat.make(ANNA, { steps: steps(25) });
    const card = chat.card('changes/plan', ANNA)!;
    expect(chat.titles(card)).toEqual(['Approve', 'Apply first 5', 'Reject']);
    expect(JSON.stringify(card.card)).toContain('and 15 more steps');
    const { header, rows } = chat.csv(card);
    expect(rows.length).toBe(25);
    expect(rows.every((row) => row[header.indexOf('hash')] === plan.hash)).toBe(true);
  });

  it('is not made when there is nothing to change; the reasons are told', async () => {
    await open();
    await chat.capability.planMaker(contextOf(chat), { title: 'A test', command: 'c', steps: [], warnings: [], problems: [{ subject: 'Max', reason: 'Already so.' }] });
    expect(chat.messages.at(-1)?.view.markdown).toContain('There is nothing to change.');
    expect(JSON.stringify(chat.messages.at(-1)?.card)).toContain('Max: Already so.');
    expect(await chat.world.engine.list(ACME.id)).toEqual([]);
  });

  it('fault 9: foreign text is never markup, a mention or a link of ours', async () => {
    await open();
    await chat.make(ANNA, {
      title: '**A** [x](https://evil.test) <@all>', steps: [{ ...setStep('r', ['x']), sentence: '**bold** [x](https://evil.test) <@personEmail:a@b.c> \u202Eabc' }],
    });
    const card = chat.card('changes/plan', ANNA)!;
    expect(card.view.markdown).not.toMatch(/\[x\]\(|<@|\u202E/);
    expect(JSON.stringify(card.card)).not.toMatch(/[^\\]\[x[^\\]?\]\(|\u202E/);
  });
});

describe('approving in chat', () => {
  it('replaces the card by progress and then the result', async () => {
    await open();
    await chat.make(ANNA, { steps: [setStep('room', ['amy'])], notes: ['It can take a while to show.'] });
    const card = chat.card('changes/plan', ANNA)!;
    await chat.press(ANNA, card, 'Approve');
    expect(card.removed).toBe(true);
    const done = await result();
    expect(done.view.markdown).toContain('**Done: A test**');
    expect(done.view.markdown).toContain('It can take a while to show.');
    expect(JSON.stringify(done.card)).toContain('Acme');
    expect(chat.titles(done)).toEqual(['Undo']);
    const progress = chat.messages.find((message) => message.view.markdown.includes('approved by Anna'))!;
    expect(progress.edits.at(-1)).toMatch(/1 of 1 done\. Finished\.$/);
  });

  it('as text only shows the plan, also to those who type its hash', async () => {
    await open();
    const plan = await chat.make(ANNA, { steps: steps(1) });
    const before = chat.messages.length;
    expect((await chat.say(ANNA, 'changes approve', { id: plan.id, hash: plan.hash })).kind).toBe('handled');
    expect(chat.messages.length).toBe(before + 1);
    expect(chat.titles(chat.messages.at(-1)!)).toEqual(['Approve', 'Reject']);
    expect((await chat.world.engine.get(ACME.id, plan.id)).state).toBe('pending');
    await chat.press(ANNA, chat.messages.at(-1)!, 'Approve');
    await result();
    expect(chat.card('changes/plan', ANNA)).toBeUndefined();
  });

  it('goes to those who can approve it in 1:1 and to the approval space, with Remind and Withdraw for the requester', async () => {
    await open({ people: [ANNA, BOB, CARA] });
    chat.approvalSpace = 'approvers';
    chat.world.accounts.of(CARA).roles = [];
    await chat.make(ANNA, { steps: steps(1, 'admin') });
    expect(chat.titles(chat.card('changes/plan', ANNA)!)).toEqual(['Remind', 'Withdraw']);
    const cards = chat.messages.filter((message) => message.person === BOB.personId);
    expect(cards.map((message) => message.place?.roomId)).toEqual([undefined, 'approvers']);
    expect(chat.titles(cards[0]!)).toEqual(['Approve', 'Reject']);
    expect(chat.messages.some((message) => message.person === CARA.personId)).toBe(false);
    await chat.press(BOB, cards[0]!, 'Approve');
    await result();
    expect(chat.messages.filter((message) => message.view.card?.template === 'changes/plan').every((message) => message.removed)).toBe(true);
    await chat.until((message) => message.person === BOB.personId && message.view.markdown.includes('which you approved, is done: 1 done'));
    expect(chat.texts(ANNA).join('\n')).toContain('approved by Bob');
  });

  it('says who must link when nobody can approve', async () => {
    await open({ people: [ANNA] });
    await chat.make(ANNA, { steps: steps(1, 'admin') });
    const card = chat.card('changes/plan', ANNA)!;
    expect(card.view.markdown).toContain('Nobody else who has linked an account may approve it now');
  });

  it('a refused press changes nothing and leaves the card', async () => {
    await open();
    await chat.make(ANNA, { steps: steps(1, 'admin') });
    const card = chat.card('changes/plan', BOB)!;
    expect(await codeOf(chat.press(CARA, card, 'Approve'))).toBe('NOT_ALLOWED');
    expect(await codeOf(chat.press(ANNA, card, 'Approve'))).toBe('OTHER_PERSON');
    expect(card.removed).toBe(false);
    await chat.press(BOB, card, 'Approve');
    await result();
    await expect(chat.press(BOB, card, 'Approve')).rejects.toThrow('was approved by Bob');
  });

  it('remind shows it again, reject and withdraw tell everybody', async () => {
    await open();
    await chat.make(ANNA, { steps: steps(1, 'admin') });
    const first = chat.card('changes/plan', BOB)!;
    await chat.press(ANNA, chat.card('changes/plan', ANNA)!, 'Remind');
    const second = chat.card('changes/plan', BOB)!;
    expect([first.removed, second.removed]).toEqual([true, false]);
    await chat.press(BOB, second, 'Reject');
    expect(chat.texts(ANNA).at(-1)).toContain('was rejected by Bob');
    expect(chat.texts(BOB).at(-1)).toContain('was rejected by Bob');
    await chat.make(ANNA, { steps: steps(1) });
    await chat.press(ANNA, chat.card('changes/plan', ANNA)!, 'Reject');
    expect(chat.texts(ANNA).at(-1)).toContain('was withdrawn by Anna');
  });

  it('an expired card is replaced by one with Plan again', async () => {
    await open();
    await chat.make(ANNA, { steps: steps(1), command: 'delegates add amy for=cara' });
    const card = chat.card('changes/plan', ANNA)!;
    chat.world.clock.advance(61 * 60_000);
    const note = await chat.until((message) => message.view.card?.template === 'changes/note');
    expect(card.removed).toBe(true);
    expect(note.view.markdown).toContain('expired on');
    expect(await chat.press(BOB, note, 'Plan again')).toEqual({ kind: 'run', command: 'delegates add amy for=cara' });
  });
});

describe('a running change in chat', () => {
  it('edits one progress message at most 8 times, with what Webex asks for', async () => {
    await open({ approvalSteps: 'off' });
    const { world } = chat;
    const chain = Array.from({ length: 120 }, (_, index) => setStep('one', [`x${index}`]));
    world.webex.before = (call) => {
      if (call.method !== 'GET') world.clock.advance(4_000);
      world.webex.waitsUntil = world.clock.now() + 600_000;
      return undefined;
    };
    const plan = await chat.make(ANNA, { steps: chain });
    await chat.press(ANNA, chat.card('changes/plan', ANNA)!, 'Approve');
    await result();
    const progress = chat.messages.find((message) => message.edits.length > 0)!;
    expect(progress.edits.length).toBeGreaterThan(3);
    expect(progress.edits.length).toBeLessThanOrEqual(8);
    expect(progress.edits[1]).toMatch(/\d+ of 120 done, about \d+ (min|seconds) left; Webex asks us to wait until (\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\.$/);
    expect(progress.edits.at(-1)).toContain('120 of 120 done. Finished.');
    expect(progress.view.markdown).toContain(plan.id);
  });

  it('first five, then Continue, or Undo these', async () => {
    await open();
    const plan = await chat.make(ANNA, { steps: steps(21) });
    await chat.press(ANNA, chat.card('changes/plan', ANNA)!, 'Apply first 5');
    const paused = await result();
    expect(paused.view.markdown).toContain('5 done, 16 left');
    expect(chat.titles(paused)).toEqual(['Continue', 'Undo these', 'Cancel']);
    expect(chat.csv(paused).rows.filter((row) => row[2] === 'done').length).toBe(5);
    await chat.press(ANNA, paused, 'Undo these');
    expect((await chat.world.engine.get(ACME.id, plan.id)).change?.state).toBe('cancelled');
    const undo = chat.card('changes/plan', ANNA)!;
    expect(undo.view.markdown).toContain('Undo: A test');
    await chat.press(ANNA, undo, 'Approve');
    await chat.until((message) => message.view.markdown.includes('**Done: Undo: A test**'));
    expect([...chat.world.webex.sets.values()].every((set) => set.size === 0)).toBe(true);
  });

  it('Continue does the rest', async () => {
    await open();
    const plan = await chat.make(ANNA, { steps: steps(21) });
    await chat.press(ANNA, chat.card('changes/plan', ANNA)!, 'Apply first 5');
    const paused = await result();
    await chat.press(BOB, paused, 'Continue');
    const done = await chat.until((message) => message.view.markdown.includes('**Done: A test**'));
    expect(paused.removed).toBe(true);
    expect(done.view.markdown).toContain('21 done');
    expect((await chat.world.engine.get(ACME.id, plan.id)).change?.state).toBe('done');
  });

  it('the result has Webex’s words and tracking id, Retry failed, Undo some', async () => {
    await open();
    chat.world.webex.before = (call) => (call.target === 'set s1' && call.method === 'POST' ? Promise.reject(refused(400, 'Not **this** one')) : undefined);
    const plan = await chat.make(ANNA, { steps: [...steps(3), valueStep('title', null, 'New')] });
    chat.world.webex.values.set('value title', 'Theirs');
    await chat.press(ANNA, chat.card('changes/plan', ANNA)!, 'Approve');
    const done = await result();
    expect(done.view.markdown).toContain('Finished, not all done');
    expect(done.view.markdown.replaceAll('\\', '')).toContain('Failed: x in s1. Webex refused. Webex says: Not **this** one (tracking id TRACK_1)');
    expect(done.view.markdown).not.toContain('**this**');
    expect(done.view.markdown).toContain('Conflict: ');
    expect(chat.titles(done)).toEqual(['Undo', 'Undo some…', 'Retry failed']);
    await chat.press(ANNA, done, 'Undo some…');
    const some = chat.card('changes/undo-some', ANNA)!;
    expect(JSON.stringify(some.card)).toContain('"value":"3"');
    await chat.press(ANNA, some, 'Next', { steps: '3' });
    const undo = (await chat.world.engine.list(ACME.id))[0]!;
    expect(undo).toMatchObject({ undoes: plan.id, stepCount: 1, command: `changes undo ${plan.id} steps=3` });
    chat.world.webex.before = () => undefined;
    await chat.press(ANNA, done, 'Retry failed');
    expect((await chat.world.engine.list(ACME.id))[0]).toMatchObject({ retries: plan.id, stepCount: 2 });
  });

  it('undo only=<people> names those who were not found', async () => {
    await open();
    const plan = await chat.make(ANNA, { steps: [setStep('cara@acme.test', ['amy@acme.test', 'bob@acme.test'])] });
    await chat.press(ANNA, chat.card('changes/plan', ANNA)!, 'Approve');
    await result();
    const problems = [{ subject: 'Max', reason: 'Nobody.' }];
    expect(await codeOf(chat.say(ANNA, 'changes undo', { id: plan.id, only: { people: [], problems } }))).toBe('NOBODY_FOUND');
    const amy = { id: 'amy', email: 'amy@acme.test', displayName: 'Amy', orgId: ACME.id };
    await chat.say(ANNA, 'changes undo', { id: 'last', only: { people: [amy], problems } });
    const undo = (await chat.world.engine.list(ACME.id))[0]!;
    expect(undo).toMatchObject({ stepCount: 1, problems, command: `changes undo ${plan.id} only=amy@acme.test` });
  });

  it('undoing one’s own change tells the first approver', async () => {
    await open();
    await chat.make(ANNA, { steps: steps(60) });
    await chat.press(BOB, chat.card('changes/plan', BOB)!, 'Approve');
    const done = await result();
    await chat.press(ANNA, done, 'Undo');
    await chat.press(ANNA, chat.card('changes/plan', ANNA)!, 'Approve');
    await chat.until((message) => message.person === BOB.personId && message.view.markdown.includes('is being undone by Anna'));
  });

  it('pause and cancel by text', async () => {
    await open();
    const plan = await chat.make(ANNA, { steps: steps(25) });
    await chat.press(ANNA, chat.card('changes/plan', ANNA)!, 'Apply first 5');
    const paused = await result();
    await chat.say(BOB, 'changes cancel', { id: plan.id });
    const ended = await chat.until((message) => message.view.markdown.includes('**Cancelled: A test**'));
    expect(paused.removed).toBe(true);
    expect(ended.view.markdown).toContain('5 done, 20 cancelled');
    expect(ended.view.markdown).toContain('Bob asked for that on');
    expect(await codeOf(chat.say(ANNA, 'changes pause', { id: plan.id }))).toBe('NOT_NOW');
  });
});

describe('looking at changes', () => {
  it('changes, changes show, changes export', async () => {
    await open();
    const done = await chat.make(ANNA, { steps: steps(1), title: 'First' });
    await chat.press(ANNA, chat.card('changes/plan', ANNA)!, 'Approve');
    await result();
    const waiting = await chat.make(ANNA, { steps: steps(2), title: 'Second' });
    await chat.say(BOB, 'changes');
    const list = chat.card('changes/list', BOB)!;
    expect(list.view.markdown).toMatch(/Second: Waits for approval[\s\S]*First: Done: 1 step/);
    expect(list.view.markdown).toContain('Acme');
    await chat.press(BOB, list, `Show ${done.id}`);
    expect(chat.card('changes/result', BOB)?.view.markdown).toContain('**Done: First**');
    await chat.press(BOB, list, `Show ${waiting.id}`);
    expect(chat.titles(chat.card('changes/plan', BOB)!)).toEqual(['Approve', 'Reject']);
    await chat.say(BOB, 'changes export', { id: done.id });
    const file = chat.messages.at(-1)!;
    expect(file.view.audience).toBe('private');
    expect(chat.csv(file).rows[0]).toEqual(expect.arrayContaining([done.id, 'done', 'x in s0', done.hash]));
    expect(await codeOf(chat.say(BOB, 'changes show', { id: 'ffffffffff' }))).toBe('UNKNOWN_PLAN');
  });

  it('audit verify: whole, cut at the end, changed', async () => {
    await open();
    await chat.make(ANNA, { steps: steps(1) });
    await chat.say(ANNA, 'audit verify');
    const head = /head is (\S+)\. /.exec(chat.messages.at(-1)!.view.markdown)![1]!;
    expect(head).toMatch(/^1:/);
    await chat.say(ANNA, 'audit verify', { head });
    expect(chat.messages.at(-1)!.view.markdown).toContain('is whole');
    await chat.say(ANNA, 'audit verify', { head: `9${head}` });
    expect(chat.messages.at(-1)!.view.markdown).toContain('was changed');
    expect(OTHER.id).not.toBe(ACME.id);
  });
});

describe('look mode', () => {
  it('shows the plan without Approve, and says why', async () => {
    await open();
    chat.world.mode = 'look';
    const plan = await chat.make(ANNA, { steps: steps(1) });
    const card = chat.card('changes/plan', ANNA)!;
    expect(chat.titles(card)).toEqual(['Withdraw']);
    expect(card.view.markdown).toContain('look only');
    chat.world.mode = 'apply';
    expect(await codeOf(chat.world.approve(plan))).toBe('LOOK_ONLY');
  });
});

describe('the home card', () => {
  it('has what waits for the caller, and what runs', async () => {
    await open({ approvalSteps: 2 });
    await chat.make(ANNA, { steps: steps(1), title: 'Own' });
    await chat.make(ANNA, { steps: steps(2), title: 'For Bob' });
    expect(await chat.home(ANNA)).toEqual(['Plans and changes', expect.stringMatching(/^Waits for you: Own \([0-9a-f]{10}, asked for by Anna\)$/)]);
    expect(await chat.home(BOB)).toEqual(['Plans and changes', expect.stringContaining('For Bob')]);
    expect(await chat.home(CARA)).toEqual([]);
  });
});

describe('what could not be told', () => {
  it('a result that could not be posted is posted later, and after a restart', async () => {
    await open();
    await chat.make(ANNA, { steps: steps(1) });
    chat.world.engine.on((event) => {
      if (event.type === 'finished') chat.failPosts = 1;
    });
    const card = chat.card('changes/plan', ANNA)!;
    const finished = chat.world.next((event) => event.type === 'finished');
    await chat.press(ANNA, card, 'Approve');
    await finished;
    await chat.world.engine.stop();
    chat.messages.length = 0;
    chat.failPosts = 0;
    chat.world.engine = chat.world.newEngine(chat.world.store);
    chat.newCapability();
    await chat.world.engine.start();
    expect((await result()).view.markdown).toContain('**Done: A test**');
  });

  it('a plan without a card gets one at start, and only one', async () => {
    await open();
    const shown = await chat.make(ANNA, { steps: steps(1) });
    await chat.world.engine.stop();
    const silent = chat.world.newEngine(chat.world.store);
    chat.world.engine = silent;
    const untold = await chat.world.plan(steps(2));
    await silent.stop();
    const cards = (): number => chat.messages.filter((message) => message.view.card?.template === 'changes/plan').length;
    for (const round of [1, 2]) {
      chat.world.engine = chat.world.newEngine(chat.world.store);
      chat.newCapability();
      await chat.world.engine.start();
      // What is shown on demand comes after what the start had to say.
      for (const { id } of [shown, untold]) await chat.say(ANNA, 'changes show', { id });
      expect(cards()).toBe(2 + 2 * round);
      await chat.world.engine.stop();
    }
    chat.world.engine = chat.world.newEngine(chat.world.store);
  });
});

function contextOf(from: Chat): Parameters<Chat['capability']['planMaker']>[0] {
  return { caller: { ...ANNA, orgId: ACME.id }, place: { roomId: 'r', roomType: 'direct', messageId: 'm' }, organization: ACME, log: from.world.log } as never;
}
