import { answer, approve, idOf, linesOf, plan } from '../support/plans.js';
import { cardOf, inputsOf, textOf, titlesOf, type Message, type Person } from '../support/person.js';
import { startWorld, type World } from '../support/world.js';

const at = (name: string): string => `${name}@acme.test`;
const BOT = '<@personEmail:steward@webex.bot|Steward>';
const ELSEWHERE = 'I have sent you the answer directly, because not everybody in this space may see it.';

let world: World;
let anna: Person;
let admins: string;
let phoenix: string;

beforeAll(async () => {
  world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '1000' } });
  anna = world.person('anna.berg');
  await world.link(anna);
  const rooms = (await anna.api('GET', '/rooms?max=100')).json.items as { id: string; title: string }[];
  admins = rooms.find(({ title }) => title === 'IT Admins')?.id ?? '';
  phoenix = rooms.find(({ title }) => title === 'Project Phoenix')?.id ?? '';
});
afterAll(async () => { await world.stop(); });

/** The first answer in a space to what is written there. */
async function answerIn(roomId: string, markdown: string, person = anna, parentId?: string): Promise<Message> {
  const known = new Set((await person.messages(roomId)).map(({ id }) => id));
  await person.say(markdown, { roomId, ...(parentId === undefined ? {} : { parentId }) });
  return person.hears(({ id }) => !known.has(id), { roomId });
}

/** Resolves when a card that was answered is taken away. */
function goes(card: Message): Promise<unknown> {
  return world.stream.until('the card to go', async () => ((await anna.messages()).some(({ id }) => id === card.id) ? undefined : true));
}

describe('how it is written', () => {
  it.each([
    ['in front', `${BOT} delegates list ${at('cara.olsen')}`],
    ['in the middle', `delegates list ${BOT} ${at('cara.olsen')}`],
    ['at the end', `delegates list ${at('cara.olsen')} ${BOT}`],
  ])('in a space, the mention may stand %s', async (_where, markdown) => {
    expect((await answerIn(admins, markdown)).text).toContain('Cara Olsen (acme.webex.com): Amy Adams');
  });

  it('in a space, what does not mention the bot is not for it', async () => {
    const before = (await anna.messages(admins)).length;
    await anna.say(`delegates list ${at('cara.olsen')}`, { roomId: admins });
    expect((await answerIn(admins, `${BOT} help`)).text).toContain('You can ask me for');
    expect(await anna.messages(admins)).toHaveLength(before + 3);
  });

  it.each(['delegates list Cara Olsen', 'DELEGATES List "cara OLSEN"', '/delegates list “Cara Olsen”', 'delegates\u00A0list Cara\u00A0Olsen', 'delegates list cara', "delegates list sinead.o'connor@acme.test,Cara Olsen"])(
    'understands %s', async (text) => { expect((await answer(anna, text)).text).toContain('Cara Olsen (acme.webex.com): Amy Adams'); },
  );

  it('an @mention means that person, whatever is written as the name', async () => {
    const text = (await answerIn(admins, `${BOT} delegates list <@personEmail:${at('ben.okoye')}|Cara Olsen>`)).text ?? '';
    expect(text).toContain('Ben Okoye (acme.webex.com): nobody');
    expect(text).not.toContain('Cara Olsen');
  });

  it('a word that is nearly one of its own is answered with the nearest, as a button', async () => {
    const message = await answer(anna, 'delegats list cara');
    expect(message.text).toMatch(/I do not know “delegats list”\. Did you mean `?delegates list`?\?/);
    await anna.press(message, 'delegates list');
    await anna.hears(/Name a host/);
    expect((await answer(anna, 'xyzzy')).text).toMatch(/I do not know “xyzzy”.*help/);
    expect((await answer(anna, `delegates add ${at('amy.adams')} fro=${at('cara.olsen')}`)).text).toMatch(/delegates add has no option fro=.*Did you mean for=\?/);
  });

  it('help names all nouns, help <noun> its commands; a greeting gives the home card', async () => {
    const help = (await answer(anna, 'help')).text ?? '';
    for (const noun of ['account', 'delegates', 'changes', 'settings', 'audit']) expect(help).toContain(noun);
    expect((await answer(anna, 'help delegates')).text).toMatch(/delegates add <delegates> for=<\w+> \[site=<site>\][^]*delegates copy/);
    expect((await answer(anna, 'help xyzzy')).text).toContain('There is no topic “xyzzy”.');
    const home = await answer(anna, 'Good morning!');
    expect(linesOf(home)[0]).toBe('Hello Anna Berg');
    expect(titlesOf(home)).toContain('Scheduling permissions');
    await anna.press(home, 'Scheduling permissions');
    expect(titlesOf(await anna.hears(/A delegate may schedule meetings/))).toContain('Add delegates');
  });
});

describe('threads', () => {
  it('what is asked in a thread is answered in it: plan, progress and result too', async () => {
    const root = await anna.say('Who may schedule for Daniel?', { roomId: admins });
    const card = await answerIn(admins, `${BOT} delegates add ${at('amy.adams')} for=${at('daniel.kim')}`, anna, root.id);
    expect([textOf(card).includes('Nothing has been changed yet'), card.parentId]).toEqual([true, root.id]);
    await anna.press(card, 'Approve');
    const done = await anna.hears((message) => cardOf(message) !== undefined && textOf(message).includes(`Change ${idOf(card)} ·`), { roomId: admins });
    expect(done.parentId).toBe(root.id);
    const inThread = (await anna.messages(admins)).filter(({ parentId }) => parentId === root.id);
    expect(inThread.filter(({ text = '' }) => /1 of 1 done/.test(text))).toHaveLength(1);

    const alone = await anna.say('In our 1:1 as well');
    await anna.say(`delegates list ${at('daniel.kim')}`, { parentId: alone.id });
    expect((await anna.hears(/Daniel Kim \(acme\.webex\.com\): Amy Adams/)).parentId).toBe(alone.id);
  });
});

describe('who sees it', () => {
  it('with somebody of another organization in the space, it gets one line, and the details go to 1:1', async () => {
    const line = await answerIn(phoenix, `${BOT} delegates list ${at('cara.olsen')}`);
    expect(line.text).toBe(ELSEWHERE);
    expect(cardOf(line)).toBeUndefined();
    expect((await anna.hears(/Cara Olsen \(acme\.webex\.com\)/)).roomId).not.toBe(phoenix);

    await anna.say(`${BOT} settings set space.details=here`, { roomId: phoenix });
    await anna.hears(/space\.details is now here/);
    await anna.hears((message) => message.text === ELSEWHERE, { roomId: phoenix });
    expect((await answerIn(phoenix, `${BOT} delegates list ${at('victor.stone')}`)).text).toBe(ELSEWHERE);
    await anna.hears(/Victor Stone \(acme\.webex\.com\)/);
    const said = (await anna.messages(phoenix)).filter(({ personEmail }) => personEmail === world.botEmail);
    for (const message of said) expect(textOf(message)).not.toMatch(/Cara|Victor|@acme\.test/);
  });

  it('a plan goes to 1:1 too, and is approved there', async () => {
    const line = await answerIn(phoenix, `${BOT} delegates add ${at('amy.adams')} for=${at('raj.patel')}`);
    expect(line.text).toBe(ELSEWHERE);
    await approve(anna, await anna.hears(/Let Amy Adams.* schedule for Raj Patel[^]*Nothing has been changed yet/));
    expect(await world.delegatesOf('raj.patel')).toEqual([at('amy.adams')]);
    const said = (await anna.messages(phoenix)).filter(({ personEmail }) => personEmail === world.botEmail);
    for (const message of said) expect(textOf(message)).not.toMatch(/Raj|Amy|@acme\.test/);
  });

  it('who comes or goes counts at once', async () => {
    expect((await answerIn(admins, `${BOT} delegates list ${at('cara.olsen')}`)).text).toContain('Amy Adams');
    await world.control('POST', 'change', { rooms: [{ title: 'IT Admins', add: ['olga.petrov@globex.test'] }] });
    expect((await answerIn(admins, `${BOT} delegates list ${at('cara.olsen')}`)).text).toBe(ELSEWHERE);
    await anna.hears(/Cara Olsen \(acme\.webex\.com\)/);
    await world.control('POST', 'change', { rooms: [{ title: 'IT Admins', remove: ['olga.petrov@globex.test'] }] });
    expect((await answerIn(admins, `${BOT} delegates list ${at('cara.olsen')}`)).text).toContain('Amy Adams');
  });

  it('members that cannot be read count as outsiders', async () => {
    await world.control('POST', 'change', { rooms: [{ title: 'IT Admins', remove: [at('dora.silva')] }] });
    await world.control('POST', 'faults', { rules: [{ method: 'GET', path: '/memberships', owner: world.botEmail, status: 403 }] });
    expect((await answerIn(admins, `${BOT} delegates list ${at('cara.olsen')}`)).text).toBe(ELSEWHERE);
    await world.control('POST', 'faults', { rules: [] });
    await anna.hears(/Cara Olsen \(acme\.webex\.com\)/);
    await world.control('POST', 'change', { rooms: [{ title: 'IT Admins', add: [at('dora.silva')] }] });
  });

  it('links and files always go to 1:1', async () => {
    expect((await answerIn(admins, `${BOT} account link for=delegates`)).text).toBe(ELSEWHERE);
    await anna.hears(/oauth\/start/);
    expect((await answerIn(admins, `${BOT} delegates export ${at('cara.olsen')}`)).text).toBe(ELSEWHERE);
    await anna.hears(({ files, text }) => files !== undefined && text === 'delegates.csv');
    expect((await anna.messages(admins)).filter(({ files, personEmail }) => files !== undefined && personEmail === world.botEmail)).toEqual([]);
  });
});

describe('what is missing is asked for', () => {
  const labelsOf = (message: Message, id: string): string[] => (inputsOf(message).get(id)?.choices ?? []).map(({ title }) => title);
  const valueOf = (message: Message, id: string, part: string): string => (inputsOf(message).get(id)?.choices ?? []).find(({ title }) => title.includes(part))?.value ?? '';

  it('a name that two people have is asked, never guessed', async () => {
    const form = await answer(anna, 'delegates list Daniel Kim');
    expect(labelsOf(form, 'hosts__found').map((title) => /[\w.]+@[\w.]+/.exec(title)?.[0])).toEqual(expect.arrayContaining([at('daniel.kim'), at('daniel.kim2')]));
    expect(labelsOf(form, 'hosts__found')).toHaveLength(2);
    await anna.press(form, 'Next', { hosts__found: valueOf(form, 'hosts__found', 'daniel.kim2') });
    const list = await anna.hears(/Daniel Kim \(acme\.webex\.com\): nobody/);
    expect(list.text).not.toContain('Amy Adams');
    expect((await answer(anna, 'delegates list Nobody Ofthisname')).text).toMatch(/Nobody of this name was found/);
  });

  it('a command that lacks something is filled in by card: search, choose, add more, remove, next', async () => {
    const first = await answer(anna, `delegates add ${at('bob.nguyen')}`);
    expect(linesOf(first).join('\n')).toMatch(/Delegates.*Bob Nguyễn$/m);
    expect(titlesOf(first)).toEqual(['Next', 'Add more', 'Remove', 'Cancel']);

    await anna.press(first, 'Next');
    const lacking = await anna.hears(/Still missing: Hosts/);
    await goes(first);

    await anna.press(lacking, 'Add more', { for__search: 'kim', delegates__search: 'priya' });
    const found = await anna.hears(({ attachments }) => JSON.stringify(attachments ?? []).includes('for__found'));
    expect(linesOf(found).join('\n')).toMatch(/Delegates.*Bob Nguyễn and Priya Natarajan$/m);
    for (const address of ['daniel.kim@acme.test', 'daniel.kim2@acme.test']) expect(labelsOf(found, 'for__found').join('\n')).toContain(address);

    await anna.press(found, 'Add more', { for__found: valueOf(found, 'for__found', 'daniel.kim2'), for__search: 'Olú' });
    const more = await anna.hears((message) => cardOf(message) !== undefined && /Hosts.*Daniel Kim and Olú/.test(linesOf(message).join('\n')));
    await anna.press(more, 'Remove');
    const removing = await anna.hears((message) => inputsOf(message).has('delegates__drop'));
    await anna.press(removing, 'Next', { delegates__drop: valueOf(removing, 'delegates__drop', 'Priya'), site: '' });
    const card = await anna.hears(/Nothing has been changed yet/);
    expect(textOf(card)).not.toContain('Priya');
    await approve(anna, card);
    expect(await world.delegatesOf('daniel.kim2')).toEqual([at('bob.nguyen')]);
    expect(await world.delegatesOf('olu.adeyemi')).toEqual([at('bob.nguyen')]);
    expect(await world.delegatesOf('daniel.kim')).toEqual([at('amy.adams')]);
  });

  it('a form takes only people whom it offered, and only from whom it is for', async () => {
    const form = await answerIn(admins, `${BOT} delegates list Daniel Kim`);
    const stolen = inputsOf(form).get('hosts__found')?.choices?.[0]?.value ?? '';
    const ben = world.person('ben.okoye');
    await ben.press(form, 'Next', { hosts__found: stolen });
    await ben.hears(/Only the person for whom this card was made/, { roomId: admins });
    await world.mark();
    await anna.press(form, 'Next', { hosts__found: (await anna.api('GET', '/people/me')).json.id });
    await world.stream.until('the made-up choice in the audit log', async () =>
      (await Promise.resolve(world.audit().some(({ action, details }) => action === 'card.refused' && details?.reason === 'choice not offered')) ? true : undefined));
    await anna.press(form, 'Next', { hosts__found: stolen });
    await anna.hears(/Daniel Kim \(acme\.webex\.com\)/, { roomId: admins });
  });

  it('Cancel takes the form away', async () => {
    const form = await answer(anna, 'delegates copy');
    await anna.press(form, 'Cancel');
    await goes(form);
  });
});

describe('refusals that explain', () => {
  it('who has not linked is told, with the button that mends it', async () => {
    const carl = world.person('carl.jensen');
    const refused = await answer(carl, `delegates list ${at('cara.olsen')}`);
    expect(textOf(refused)).toMatch(/Your Webex account is not linked/);
    await carl.press(refused, titlesOf(refused)[0] ?? '');
    await carl.hears(/What shall Steward be able to do for you/);
  });

  it('a user administrator is told which role is missing, and who can help', async () => {
    const dora = world.person('dora.silva');
    await world.link(dora, 'look');
    const refused = await answer(dora, `delegates add ${at('amy.adams')} for=${at('cara.olsen')}`);
    expect(textOf(refused)).toMatch(/delegates add needs the role Full Administrator, which you do not have in Acme\. A Full Administrator there can give it to you/);
    expect(world.audit().filter(({ action, details }) => action === 'command.refused' && details?.code === 'ROLE_MISSING').length).toBeGreaterThan(0);
  });

  it('a full administrator whose link does not include it is told which scope is missing', async () => {
    const carl = world.person('carl.jensen');
    await world.link(carl, 'look');
    const refused = await answer(carl, `delegates list ${at('cara.olsen')}`);
    expect(textOf(refused)).toMatch(/Your link does not include spark-admin:licenses_read.*which delegates list needs/);
    expect(titlesOf(refused)).toHaveLength(1);
  });

  it('a stranger gets one polite line, once', async () => {
    const olga = world.person('olga.petrov@globex.test');
    const line = await olga.ask('help', /Sorry, I cannot do anything for you/);
    expect(line.text).toContain('Your Webex organization is not one of those that may use this Steward.');
    await world.mark();
    const second = await olga.say(`delegates list ${at('cara.olsen')}`);
    await world.stream.until('the bot to have read it', async () => ((await world.requests(`GET /v1/messages/${second.id}`)).some(({ status }) => status === 200) ? true : undefined));
    await anna.ask('help', /You can ask me for/);
    expect((await olga.messages()).filter(({ personEmail }) => personEmail === world.botEmail)).toHaveLength(1);
    expect(world.audit().filter(({ action }) => action === 'message.refused')).toHaveLength(1);

    const card = await answerIn(phoenix, `${BOT} settings`);
    await anna.hears(/Settings of Acme/);
    expect(card.text).toBe(ELSEWHERE);
    const known = (await olga.messages(phoenix)).length;
    await olga.say(`${BOT} delegates list ${at('cara.olsen')}`, { roomId: phoenix });
    await answerIn(phoenix, `${BOT} help`);
    expect(await olga.messages(phoenix)).toHaveLength(known + 3);
  });

  it('nothing of all this has changed anything that was not approved', async () => {
    expect(await world.delegatesOf('cara.olsen')).toEqual([at('amy.adams')]);
    const card = await plan(anna, `delegates remove ${at('amy.adams')} for=${at('cara.olsen')}`);
    await anna.press(card, 'Reject');
    await anna.hears(/was withdrawn/);
  });
});
