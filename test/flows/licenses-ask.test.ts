import { parse } from '../../src/lib/csv.js';
import { licensesOf, type Licenses } from '../support/licenses.js';
import { actionsOf, inputsOf, textOf, titlesOf, type Message, type Person } from '../support/person.js';
import { answer, approve, countsOf, file, linesOf, shown, undo } from '../support/plans.js';
import { timed } from '../support/schedules.js';
import { startWorld, type World } from '../support/world.js';

const at = (name: string): string => `${name}@acme.test`;
const LICENSE = 'Meeting - Webex Webinars 1000';
const ASKED = ['victor.stone', 'priya.natarajan', 'hana.sato', 'gus.meyer'] as const;

let world: World;
let anna: Person;
let licenses: Licenses;

const now = async (): Promise<number> => Date.parse(((await world.control('POST', 'clock', { advance: '0s' })) as { now: string }).now);
const dayIn = async (days: number): Promise<string> => new Date((await now()) + days * 86_400_000).toISOString().slice(0, 10);
const people = new Map<string, Person>();
/** One for each, who knows what was heard already. */
const person = (name: string): Person => {
  const found = people.get(name) ?? world.person(at(name));
  people.set(name, found);
  return found;
};
const question = (name: string): Promise<Message> => person(name).hears(/Do you still need/);
/** The message has been taken away. */
const gone = (name: string, { id }: Message): Promise<boolean> =>
  world.stream.until(`${name} to lose a message`, async () => ((await person(name).messages()).some((message) => message.id === id) ? undefined : true));
const withAnswer = async (name: string, title: 'Keep it' | 'Give it back', heard: RegExp): Promise<Message> => {
  await person(name).press(await question(name), title);
  return person(name).hears(heard);
};

/** From the list of those who are idle to the question in everybody's 1:1. Gives the card of the result. */
async function ask(): Promise<Message> {
  const idle = await answer(anna, `licenses idle ${(await licenses.named(LICENSE)).id}`);
  await anna.press(idle, 'Ask each first');
  const date = await anna.hears(/whether they still need/);
  await anna.press(date, 'Next', { by: await dayIn(8) });
  return approve(anna, await anna.hears(/Nothing has been changed yet/));
}

beforeAll(async () => {
  // Nobody who is asked may use Steward.
  world = await startWorld({ people: 60, env: { APPROVAL_STEPS: '1000', ALLOWED_ADMINS: at('anna.berg') } });
  anna = world.person('anna.berg');
  licenses = licensesOf(world);
  await world.link(anna, 'licenses');
});
afterAll(async () => { await world.stop(); });

beforeEach(async () => {
  const { id } = await licenses.named(LICENSE);
  const state = (await world.control('GET', 'state')) as { people: { emails: string[]; licenses: string[] }[] };
  const lastActivity = new Date((await now()) - 200 * 86_400_000).toISOString();
  await world.control('POST', 'change', {
    licenses: [{ id, totalUnits: 50 }],
    people: state.people.filter(({ emails }) => emails[0]!.endsWith('@acme.test')).map(({ emails, licenses: held }) => {
      const isAsked = ASKED.some((name) => emails.includes(at(name)));
      return { email: emails[0], licenses: [...held.filter((one) => one !== id), ...(isAsked ? [id] : [])], ...(isAsked ? { lastActivity } : {}) };
    }),
  });
});

it('asks each in the 1:1 after a plan, and lets the admin see the answers', async () => {
  await world.mark();
  const done = await ask();
  expect(countsOf(done)).toBe('Done: 4 done');
  expect(await world.requests('PATCH')).toEqual([]);
  const asked = await question('victor.stone');
  expect(linesOf(asked)).toEqual(expect.arrayContaining([expect.stringMatching(/^Anna Berg of Acme asks, since Webex shows no activity of yours for 90 days/)]));
  expect(titlesOf(asked)).toEqual(['Keep it', 'Give it back']);
  for (const { data } of actionsOf(asked)) expect(Object.keys(data!)).toEqual(['token']);

  await person('victor.stone').press(asked, 'Give it back');
  expect((await person('victor.stone').hears(/you give .* back/)).text).toMatch(/You have it until Anna Berg takes it.*You can change your answer until/);
  await person('victor.stone').press(asked, 'Keep it');
  await person('victor.stone').hears(/you keep Meeting/);
  await withAnswer('priya.natarajan', 'Give it back', /you give .* back/);

  const answers = await answer(anna, 'licenses answers');
  expect(answers.text).toContain('4 asked: 1 gives it back, 1 keeps it, 2 have not answered');
  const rows = parse(Buffer.from(await file(anna, 'license-answers.csv'))).rows.map(({ cells }) => cells.slice(0, 3));
  expect(rows.map(([email, , said]) => [email, said]).sort()).toEqual([[at('gus.meyer'), 'none'], [at('hana.sato'), 'none'], [at('priya.natarajan'), 'give back'], [at('victor.stone'), 'keep']]);
  for (const name of ASKED) expect(await licenses.has(name, LICENSE)).toBe(true);
  expect(world.audit().filter(({ action }) => action === 'license-ask.answered').map(({ details }) => details!.answer)).toEqual(['back', 'keep', 'back']);

  await anna.press(answers, 'Plan removal');
  const removal = await anna.hears(/Nothing has been changed yet/);
  expect(shown(removal)).toMatch(/Victor Stone: keeps it, as answered on/);
  await approve(anna, removal);
  expect(await Promise.all(ASKED.map((name) => licenses.has(name, LICENSE)))).toEqual([true, false, false, false]);
  await undo(anna, done);
});

it('takes the questions away again by undo; what is pressed then counts no more', async () => {
  const done = await ask();
  const asked = await question('hana.sato');
  const again = await answer(anna, `licenses idle ${(await licenses.named(LICENSE)).id}`);
  await anna.press(again, 'Ask each first');
  await anna.press(await anna.hears(/whether they still need/), 'Next', { by: await dayIn(5) });
  expect(textOf(await anna.hears(/There is nothing to change/))).toMatch(/Hana Satō, .*: asked already, with time to answer until/);

  expect(countsOf(await undo(anna, done))).toBe('Done: 4 done');
  await gone('hana.sato', asked);
  expect((await answer(anna, 'licenses answers')).text).toMatch(/Nobody was asked yet/);
});

it('refuses a day that is no day, past, or too far away', async () => {
  const idle = await answer(anna, `licenses idle ${(await licenses.named(LICENSE)).id}`);
  await anna.press(idle, 'Ask each first');
  const date = await anna.hears(/whether they still need/);
  expect(inputsOf(date).get('by')).toMatchObject({ type: 'Input.Date', value: await dayIn(14) });
  await anna.press(date, 'Next', { by: 'soon' });
  await anna.hears(/“soon” is no date/);
  await anna.press(date, 'Next', { by: '2020-01-01' });
  await anna.hears(/is past/);
  await anna.press(date, 'Next', { by: await dayIn(60) });
  await anna.hears(/at most 28 days/);
});

describe('whoever is asked', () => {
  it('may answer his own question and nothing else', async () => {
    const done = await ask();
    const [mine, theirs] = [await question('victor.stone'), await question('priya.natarajan')];
    const [victor, priya] = [person('victor.stone'), person('priya.natarajan')];
    const tokenOf = (message: Message, title: string): string => actionsOf(message).find((one) => one.title === title)!.data!.token!;

    // Somebody else's token on one's own card, one's own with more than the card has, and a token that was made up.
    await victor.api('POST', '/attachment/actions', { type: 'submit', messageId: mine.id, inputs: { token: tokenOf(theirs, 'Give it back') } });
    await victor.hears(/Sorry, I cannot do anything for you/);
    expect((await victor.api('POST', '/attachment/actions', { type: 'submit', messageId: theirs.id, inputs: { token: tokenOf(theirs, 'Give it back') } })).status).toBe(404);
    await victor.api('POST', '/attachment/actions', { type: 'submit', messageId: mine.id, inputs: { token: tokenOf(mine, 'Keep it'), answer: 'back', ask: 'ffffffff', command: 'licenses remove' } });
    await victor.hears(/you keep Meeting/);
    await victor.say('licenses answers');
    await priya.say('licenses remove victor.stone@acme.test license=webinars');
    await priya.hears(/Sorry, I cannot do anything for you/);
    expect((await answer(anna, 'licenses answers')).text).toContain('4 asked: 0 give it back, 1 keeps it, 3 have not answered');
    expect((await victor.messages()).filter(({ personEmail, text }) => personEmail === world.botEmail && /asked:/.test(text ?? ''))).toEqual([]);

    // The admin is not asked, and cannot answer for others by writing.
    const typed = await answer(anna, `licenses answer ask=${/\(([0-9a-f]{8})\)/.exec(world.logged())?.[1] ?? 'ffffffff'} answer=back`);
    expect(typed.text).toMatch(/You are not asked that any more/);
    await undo(anna, done);
  });
});

timed('when the time to answer is over', () => {
  it('the removal is planned for the admin, once, and nothing goes without a press', async () => {
    await ask();
    await withAnswer('victor.stone', 'Keep it', /you keep Meeting/);
    await withAnswer('priya.natarajan', 'Give it back', /you give .* back/);
    const open = await question('hana.sato');
    await world.control('POST', 'change', { people: [{ email: at('gus.meyer'), lastActivity: new Date((await now()) + 5 * 86_400_000).toISOString() }] });
    await world.control('POST', 'clock', { advance: '240h' });
    expect((await anna.hears(/The removal from 2 people is planned/)).text).toContain('4 asked: 1 gives it back, 1 keeps it, 2 have not answered');
    for (const name of ASKED) expect(await licenses.has(name, LICENSE)).toBe(true);
    await person('hana.sato').press(open, 'Keep it');
    await person('hana.sato').hears(/your answer does not count any more/);

    const card = await anna.hears((message) => titlesOf(message).includes('Approve'));
    expect(shown(card)).toMatch(/Gus Meyer: was active since/);
    await anna.press(card, 'Reject');
    await anna.hears(/was withdrawn by Anna Berg/);
    await world.control('POST', 'clock', { advance: '48h' });
    expect(titlesOf(await answer(anna, 'licenses answers'))).toEqual(['Plan removal']);
    expect((await anna.messages()).filter((message) => /is planned as/.test(textOf(message)))).toHaveLength(1);
  });
});
