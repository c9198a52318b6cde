import { answer, file, linesOf, shown } from '../support/plans.js';
import { cardOf, textOf, titlesOf, type Message, type Person } from '../support/person.js';
import { timed } from '../support/schedules.js';
import { startWorld, type World } from '../support/world.js';

const at = (name: string): string => `${name}@acme.test`;
/** What a card asks. */
interface Asked {
  choices: { title: string; value: string }[];
  value: string;
}

let world: World;
let anna: Person;
let ben: Person;

function asked(message: Message, id: 'groups' | 'to'): Asked {
  const found = cardOf(message)?.body.find((element) => element.id === id);
  if (found?.choices === undefined) throw new Error(`No choice of ${id} in: ${shown(message)}`);
  return { choices: found.choices, value: found.value ?? '' };
}

/** Presses the button of a card with what is ticked on it, and gives what the bot says. */
async function confirm(person: Person, card: Message, inputs: Record<string, string> = ticked(card), title = 'Follow these groups'): Promise<Message> {
  const known = new Set((await person.messages()).map(({ id }) => id));
  expect((await person.press(card, title, inputs)).status).toBe(200);
  return person.hears((message) => !known.has(message.id) && message.files === undefined);
}

function ticked(card: Message): Record<string, string> {
  const inputs = (cardOf(card)?.body ?? []).filter(({ id }) => id === 'groups' || id === 'to');
  return Object.fromEntries(inputs.map(({ id, value }) => [id ?? '', value ?? '']));
}

/** Makes a space of a person's, with others in it. */
async function makeSpace(owner: Person, title: string, options: { with?: string[]; isLocked?: boolean } = {}): Promise<string> {
  const { json } = await owner.api('POST', '/rooms', { title, ...(options.isLocked === true ? { isLocked: true } : {}) });
  for (const email of options.with ?? []) await owner.api('POST', '/memberships', { roomId: json.id, personEmail: email });
  return json.id as string;
}

/** The rules as the bot lists them: `title: follows …`. */
async function rules(person = anna): Promise<string[]> {
  const lines = linesOf(await answer(person, 'spaces rules'));
  return lines.flatMap((line, n) => (line.startsWith('follows ') ? [`${lines[n - 1] ?? ''} ${line.replace(/ \([^)]*\)/g, '')}`] : []));
}

const csv = (content: string): { file: { name: string; content: string } } => ({ file: { name: 'rules.csv', content } });
const writes = async (): Promise<string[]> => (await world.requests()).filter(({ method, path }) => method !== 'GET' && /memberships|rooms|groups/.test(path)).map(({ method, path }) => `${method} ${path}`);

beforeAll(async () => {
  world = await startWorld({ people: 45 });
  anna = world.person('anna.berg');
  ben = world.person('ben.okoye');
  await world.link(anna, 'spaces');
  await world.link(ben, 'spaces');
});
afterAll(async () => { await world.stop(); });

describe('a rule by names', () => {
  it('is confirmed with what is known of the space, even when its title is unique, and saved by the button; Webex is not changed', async () => {
    await world.mark();
    const card = await answer(anna, 'spaces link "project phoenix" to="Project Phoenix"');
    const [group] = asked(card, 'groups').choices;
    const [space] = asked(card, 'to').choices;
    expect(group?.title).toMatch(/^Project Phoenix \(6 members; Project Phoenix of Acme; id [0-9a-f]{8}\)$/);
    expect(space?.title).toMatch(/^Project Phoenix \(made \d{4}-\d\d-\d\d by .+; 6 people and 1 bot, 1 of other organizations: Olga Petrov; no moderators; last active \d{4}-\d\d-\d\d; id [0-9a-f]{8}\)$/);
    expect(ticked(card)).toEqual({ groups: group?.value, to: space?.value });
    expect(await rules()).toEqual([]);

    const saved = await confirm(anna, card);
    expect(shown(saved)).toMatch(/^1 rule saved[^]*Nothing changed in Webex yet\.[^]*\[Preview\] \[Sync now\] \[Schedule\]$/);
    expect(await rules()).toEqual(['Project Phoenix follows Project Phoenix; adds and removes']);
    expect(await writes()).toEqual([]);
    expect(world.audit().filter(({ action }) => action === 'space-rule.made')).toHaveLength(1);
  });

  it('linked again, shows what is new, what changes, and what is so already', async () => {
    const card = await answer(anna, 'spaces link Sales to="Project Phoenix" grace=7d');
    expect(linesOf(card).join('\n')).toMatch(/Changed\nProject Phoenix \(rule [0-9a-f]{6}\); also follows Sales \([0-9a-f]{8}\); adds and removes; removes after 7 days \(was: adds and removes\)/);
    await confirm(anna, card);
    expect(await rules()).toEqual(['Project Phoenix follows Sales and Project Phoenix; adds and removes; removes after 7 days']);
    const same = await answer(anna, 'spaces link Sales to="Project Phoenix"');
    expect(linesOf(same)).toEqual(expect.arrayContaining(['Already so']));
    expect(linesOf(await confirm(anna, same))[0]).toBe('Nothing new: all of this was so already');
  });

  it('of two spaces of the same title: asked, not guessed (fault 5)', async () => {
    const first = await makeSpace(anna, 'Twin', { with: [at('raj.patel')] });
    const second = await makeSpace(anna, 'Twin');
    const card = await answer(anna, 'spaces link Sales to=twin');
    expect(new Set(asked(card, 'to').choices.map(({ value }) => value))).toEqual(new Set([first, second]));
    expect(ticked(card)['to']).toBe('');
    expect(linesOf(card)).toEqual(expect.arrayContaining(['“twin”: 2 could be meant. Choose.']));
    expect(textOf(await confirm(anna, card))).toMatch(/Choose which space is meant by “twin”/);

    const saved = await confirm(anna, card, { ...ticked(card), to: second });
    expect(linesOf(saved)[0]).toBe('1 rule saved');
    const listed = (await answer(anna, 'spaces rules')).text ?? '';
    expect([first, second].map((id) => listed.includes(id))).toEqual([false, true]);
  });

  it('names what is unknown, and asks about what is only called nearly so', async () => {
    const card = await answer(anna, 'spaces link Nonsense,sal to="Webex Operations","No Such Space"');
    const lines = linesOf(card);
    expect(lines).toEqual(expect.arrayContaining([
      '“Nonsense” is not the name or id of a group in this organization.', '“No Such Space” is not the title or id of a space that you are in.', '“sal”: one is called nearly so. Choose.',
    ]));
    expect(ticked(card)['groups']).toBe('');
    const none = await answer(anna, 'spaces link Sales to="Sales Floor"');
    expect(shown(none)).toMatch(/“Sales Floor” is not the title or id of a space that you are in\.[^]*Nothing was saved\./);
    expect(titlesOf(none)).toEqual(['Search again']);
  });

  it('says that a locked space has another moderator', async () => {
    await makeSpace(ben, 'Locked', { isLocked: true, with: [at('anna.berg')] });
    const card = await answer(anna, 'spaces link Sales to=Locked');
    expect(asked(card, 'to').choices[0]?.title).toMatch(/1 moderator: Ben Okoye; locked, and you are not a moderator/);
  });

  it('acts as the bot only where the bot may', async () => {
    await makeSpace(anna, 'No bot here');
    expect(shown(await answer(anna, 'spaces link Sales to="No bot here" as=bot'))).toMatch(/“No bot here” cannot be used: the bot is not a member of it, so it cannot act there \(as=bot\)\./);
    const locked = await makeSpace(anna, 'Bot is no moderator', { isLocked: true, with: [world.botEmail] });
    expect(shown(await answer(anna, `spaces link Sales to=${locked} as=bot`))).toMatch(/locked and the bot is not a moderator/);
    const open = await makeSpace(anna, 'Bot may', { with: [world.botEmail] });
    const card = await answer(anna, `spaces link Sales to=${open} as=bot`);
    const { items } = (await anna.api('GET', `/memberships?roomId=${open}&personEmail=${world.botEmail}`)).json as { items: { id: string }[] };
    await anna.api('DELETE', `/memberships/${items[0]?.id ?? ''}`);
    expect(textOf(await confirm(anna, card))).toMatch(/the bot is not a member of it.*Nothing was saved/);
    expect(await rules()).not.toEqual(expect.arrayContaining([expect.stringContaining('Bot may')]));
  });
});

describe('what a card may save', () => {
  it('is for whom it was made, and not for words', async () => {
    await makeSpace(anna, 'Mine', { with: [at('ben.okoye')] });
    const card = await answer(anna, 'spaces link Sales to=Mine');
    expect(textOf(await answer(ben, 'spaces confirm'))).toMatch(/nothing of yours to confirm/);
    expect(textOf(await answer(anna, `spaces confirm draft=nothing groups=${ticked(card)['groups'] ?? ''}`))).toMatch(/nothing of yours to confirm/);
    expect((await anna.press(card, 'Follow these groups', { groups: ticked(card)['groups'] ?? '', to: 'made-up' })).status).toBe(200);
    await world.stream.until('the refusal', () => Promise.resolve(world.audit().find(({ action, details }) => action === 'card.refused' && details?.['reason'] === 'choice not offered')));
    expect(await rules()).not.toEqual(expect.arrayContaining([expect.stringContaining('Mine')]));
  });

  it('is not saved over what somebody else saved since', async () => {
    const [mine, his] = [await answer(anna, 'spaces link Sales to=Mine'), await answer(ben, 'spaces link Engineering to=Mine')];
    expect(linesOf(await confirm(ben, his))[0]).toBe('1 rule saved');
    expect(textOf(await confirm(anna, mine))).toMatch(/changed by somebody since this card was made\. Nothing was saved/);
    expect(await rules()).toEqual(expect.arrayContaining(['Mine follows Engineering; adds and removes']));
  });

  it('is refused to those whose role only reads, who may look', async () => {
    const erik = world.person('erik.lund');
    await world.link(erik, 'spaces');
    expect(textOf(await answer(erik, 'spaces link Sales to=Mine'))).toMatch(/needs the role Full Administrator and User Administrator \(one of them\)/);
    expect(await rules(erik)).toEqual(await rules());
  });
});

describe('to stop following', () => {
  it('takes one button, and removes nobody', async () => {
    const many = await answer(anna, 'spaces unlink mine');
    expect(await rules()).toEqual(expect.arrayContaining([expect.stringContaining('Mine')]));
    await world.mark();
    expect(shown(await confirm(anna, many, {}, 'Stop following'))).toMatch(/^Mine no longer follows groups[^]*Nobody was removed from it\./);
    expect(await rules()).not.toEqual(expect.arrayContaining([expect.stringContaining('Mine')]));
    expect(await writes()).toEqual([]);
    expect(textOf(await answer(anna, 'spaces unlink mine'))).toMatch(/No space that follows groups is “mine”/);
  });

  it('works for one of several groups, by the id of the rule', async () => {
    const [, id = ''] = /rule ([0-9a-f]{6}); space/.exec(linesOf(await answer(anna, 'spaces rules')).join('\n')) ?? [];
    const card = await answer(anna, `spaces unlink ${id} groups=Sales`);
    expect(linesOf(await confirm(anna, card, {}, 'Stop following'))[0]).toMatch(/^Project Phoenix now follows Project Phoenix/);
    expect(textOf(await answer(anna, `spaces unlink ${id} groups=Legal`))).toMatch(/does not follow one group called “Legal”. It follows Project Phoenix/);
  });
});

describe('a file of rules', () => {
  const save = (card: Message, inputs = ticked(card)): Promise<Message> => confirm(anna, card, inputs, 'Save these rules');

  it('shows new, changed, same and what is not in it; bad rows come back and block nothing', async () => {
    await makeSpace(anna, 'Team "A", Berlin');
    const text = ['# spaces of 2026', '', 'group,room,mode', 'Sales,"Team ""A"", Berlin",', 'Executives,Project Phoenix,', 'Nonsense,IT Admins,', 'Sales,Company News,add', 'Engineering,Company News,both', 'Engineering,IT Admins,sometimes', ''].join('\r\n');
    const card = await answer(anna, 'spaces import', csv(`\uFEFF${text}`));
    const lines = linesOf(card).join('\n');
    expect(lines).toMatch(/^Import 6 rows of rules\.csv/);
    expect(lines).toMatch(/4 rows cannot be used and come back as fix-these\.csv\./);
    expect(lines).toMatch(/New\nTeam "A", Berlin follows Sales \([0-9a-f]{8}\); adds and removes\. The space: made .* by Anna Berg; 1 person, nobody of another organization/);
    expect(lines).toMatch(/Changed\nProject Phoenix \(rule [0-9a-f]{6}\); also follows Executives/);
    expect(lines).toMatch(/In Steward but not in the file: kept\nProject Phoenix \(rule [0-9a-f]{6}\): Project Phoenix/);
    const fixed = await file(anna, 'fix-these.csv');
    expect(fixed.split('\r\n').slice(0, 5).map((line) => line.replace(/,("[^"]*"|[^,]*)$/, ''))).toEqual([
      'group,room,mode,row,problem', 'Nonsense,IT Admins,,6,“Nonsense” is not the name or id of a group in this organization',
      'Sales,Company News,add,7,row 7 (add) contradicts row 8 (both) for the space Company News', 'Engineering,Company News,both,8,row 8 (both) contradicts row 7 (add) for the space Company News',
      'Engineering,IT Admins,sometimes,9,the mode is not known',
    ]);
    expect(linesOf(await save(card))[0]).toBe('2 rules saved');
    expect(await rules()).toEqual(expect.arrayContaining(['Team "A", Berlin follows Sales; adds and removes', 'Project Phoenix follows Executives and Project Phoenix; adds and removes; removes after 7 days']));
  });

  it('asks which space is meant where several have the title (fault 5)', async () => {
    const [first] = [await makeSpace(anna, 'Double'), await makeSpace(anna, 'Double')];
    const card = await answer(anna, 'spaces import', csv('group,room\nSales,Double\nSales,IT Admins\n'));
    expect(asked(card, 'to').choices).toHaveLength(2);
    const half = await save(card, {});
    expect(shown(half)).toMatch(/1 rule saved\n[^]*1 row could not be saved and comes back as fix-these\.csv/);
    expect(await file(anna, 'fix-these.csv')).toContain('Sales,Double,2,nothing was chosen for a name that several have');
    const again = await answer(anna, 'spaces import', csv('group,room\nSales,Double\n'));
    expect(linesOf(await save(again, { to: first }))[0]).toBe('1 rule saved');
  });

  it('goes out and comes back as it was, by ids', async () => {
    await anna.say('spaces export');
    const text = await file(anna, 'space-rules.csv');
    expect(text).toMatch(/^group,room,group_id,room_id,mode\r\n/);
    const before = await rules();
    const card = await answer(anna, 'spaces import', csv(text));
    expect(linesOf(card)).toEqual(expect.arrayContaining(['There is nothing to save.']));
    expect(titlesOf(card)).toEqual([]);
    const lines = text.trim().split('\r\n');
    const smaller = await answer(anna, 'spaces import replace=yes', csv(lines.slice(0, 2).join('\r\n')));
    expect(linesOf(smaller)).toEqual(expect.arrayContaining(['In Steward but not in the file: removed']));
    expect(linesOf(await save(smaller))[0]).toMatch(/removed$/);
    expect((await rules()).length).toBe(1);
    const back = await answer(anna, 'spaces import', csv(text));
    await save(back);
    expect((await rules()).map((line) => line.replace(/; .*/, '')).sort()).toEqual(before.map((line) => line.replace(/; .*/, '')).sort());
  });

  it('removes nothing as long as a row cannot be used', async () => {
    const before = await rules();
    const card = await answer(anna, 'spaces import replace=yes', csv('group,room\nNonsense,Project Phoenix\nSales,Project Phoenix\n'));
    expect(shown(card)).toMatch(/No rule will be removed[^]*In Steward but not in the file: kept/);
    await save(card);
    expect((await rules()).length).toBe(before.length);
  });
});

it('a file without words is known by its columns, below comments too', async () => {
  const card = await answer(anna, '', csv('# ours\n\ngroup;room\nLegal;IT Admins\n'));
  expect(titlesOf(card)).toEqual(['spaces import']);
  expect(linesOf(await confirm(anna, card, {}, 'spaces import'))[0]).toMatch(/^Import 1 row of/);
});

timed('people who stay', () => {
  it('in one space until a date, and in all of them', async () => {
    await answer(anna, `spaces exempt ${at('raj.patel')} in="project phoenix" until=2d`);
    await answer(anna, `spaces exempt ${at('raj.patel')},${at('maria.garcia')}`);
    const lines = linesOf(await answer(anna, 'spaces exemptions'));
    expect(lines[0]).toBe('3 exemptions');
    expect(lines.filter((line) => line.startsWith('stays in')).map((line) => line.replace(/until .*/, 'until …')).sort()).toEqual(['stays in Project Phoenix until …', 'stays in all spaces that follow groups', 'stays in all spaces that follow groups']);
    await world.control('POST', 'clock', { advance: '49h' });
    expect(linesOf(await answer(anna, 'spaces exemptions'))[0]).toBe('2 exemptions');
    expect(linesOf(await answer(anna, `spaces unexempt ${at('raj.patel')}`))[0]).toBe('1 exemption ended');
    expect(textOf(await answer(anna, `spaces unexempt ${at('raj.patel')}`))).toMatch(/None of these people is exempt there/);
    expect(world.audit().map(({ action }) => action).filter((action) => action.startsWith('space-exemption'))).toEqual(['space-exemption.made', 'space-exemption.made', 'space-exemption.made', 'space-exemption.removed']);
  });
});

it('spaces alone shows the rules and what can be done', async () => {
  const card = await answer(anna, 'spaces');
  expect(titlesOf(card)).toEqual(['Follow groups', 'Preview', 'Sync now', 'Schedule', 'Rules']);
  expect(linesOf(card)).toEqual(expect.arrayContaining(['They are not on a schedule: people come and go only when you sync.']));
});
