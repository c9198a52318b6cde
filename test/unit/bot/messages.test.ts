import { cardOf, textOf, titlesOf } from '../../support/person.js';
import { startShell, type ShellWorld } from './shell.js';

let world: ShellWorld;
beforeAll(async () => {
  world = await startShell();
  await world.link('anna.berg');
});
afterAll(async () => { await world.stop(); });
beforeEach(() => { world.ran.length = 0; });

const mention = (): string => `<@personId:${world.self.id}|Steward>`;

it('answers in the 1:1, as text and as a card that says which organization it is about', async () => {
  const answer = await world.person('anna.berg').ask('echo words “hello there” note=x', /You said/);
  expect(answer.text).toContain('hello there');
  expect(answer.text).toContain('Acme');
  expect(JSON.stringify(cardOf(answer))).toContain('Acme');
  expect(world.ran).toEqual([{ command: 'echo words', values: { words: 'hello there', note: 'x' }, by: 'anna.berg@acme.test' }]);
});

it('trap 8: finds the command with the mention in front, in the middle and behind', async () => {
  const anna = world.person('anna.berg');
  const roomId = await world.room('IT Admins');
  for (const text of [`${mention()} echo words one`, `echo ${mention()} words two`, `echo words three ${mention()}`]) {
    await anna.say(text, { roomId });
    await anna.hears(/You said/, { roomId });
  }
  expect(world.ran.map(({ values }) => values.words)).toEqual(['one', 'two', 'three']);
});

it('takes a mentioned person by id, also when the name has spaces', async () => {
  const anna = world.person('anna.berg');
  const roomId = await world.room('IT Admins');
  const carl = world.person('carl.jensen');
  await anna.say(`${mention()} team note <@personId:${carl.id}|Somebody Else> for=<@personEmail:ben.okoye@acme.test|Ben van der Okoye>`, { roomId });
  await anna.hears(/Noted/, { roomId });
  expect(world.ran).toEqual([{ command: 'team note', values: { who: 'carl.jensen@acme.test', for: 'ben.okoye@acme.test', mode: 'add' }, by: 'anna.berg@acme.test' }]);
});

it('trap 14: answers a reply in its thread, by the id of the root', async () => {
  const anna = world.person('anna.berg');
  const roomId = await world.room('IT Admins');
  const root = (await anna.say('Who knows?', { roomId })).id;
  await anna.say(`${mention()} echo words inside`, { roomId, parentId: root });
  const answer = await anna.hears(/You said: inside/, { roomId });
  expect(answer.parentId).toBe(root);
});

it('trap 25: answers in the 1:1 when the space takes no messages of the bot', async () => {
  const anna = world.person('anna.berg');
  const roomId = await world.room('Company News');
  await world.poster.post({ person: anna.id, organization: world.organization, place: { roomId, roomType: 'group', messageId: 'x' } }, { markdown: 'For the announcement-only space', audience: 'open' });
  await anna.hears(/announcement-only/);
});

it('trap 7: does not answer itself, nor other bots', async () => {
  const anna = world.person('anna.berg');
  await anna.ask('echo words help', /You said: help/);
  await anna.ask('echo words again', /You said: again/);
  expect((await anna.messages()).filter((one) => one.text?.includes('You can ask me for') === true)).toEqual([]);
  const fetched = await world.requests('GET /v1/messages/');
  const own = (await anna.messages()).filter((one) => one.personEmail === world.self.email).map((one) => one.id);
  expect(fetched.filter((one) => one.owner.startsWith('steward') && own.some((id) => one.path.endsWith(id)))).toEqual([]);
});

it('names the nearest command, offers it as a button, and shows help', async () => {
  const anna = world.person('anna.berg');
  const answer = await anna.ask('ecko word x', /I do not know/);
  expect(answer.text).toContain('echo words');
  expect(titlesOf(answer)).toEqual(['echo words']);
  expect((await anna.ask('help', /You can ask me for/)).text).toContain('team');
  expect((await anna.ask('help team', /team note/)).text).toContain('Note people');
  expect(titlesOf(await anna.ask('team', /team note/))).toEqual(['team note', 'team fail', 'team file']);
});

it('greets with the home card in the 1:1', async () => {
  expect(textOf(await world.person('anna.berg').ask('Hello!', /Hello Anna Berg/))).toContain('Acme');
});

it('says what is missing, and offers the way out', async () => {
  await world.link('ben.okoye', []);
  const scope = await world.person('ben.okoye').ask('team note amy.adams@acme.test for=everyone', /spark-admin:people_read/);
  expect(scope.text).toContain('team note needs');
  await world.link('erik.lund');
  await world.person('erik.lund').ask('team note amy.adams@acme.test for=everyone', /needs the role Full Administrator/);
  await world.person('dora.silva').ask('team note amy.adams@acme.test for=everyone', /not linked/);
  expect(world.ran).toEqual([]);
  expect((await world.audit()).filter((entry) => entry.action === 'command.refused').map((entry) => entry.details?.code)).toEqual(['SCOPE_MISSING', 'ROLE_MISSING', 'NOT_LINKED']);
});

it('gives one polite line a day to somebody who may not use it, and nothing to his commands', async () => {
  const olga = world.person('olga.petrov@globex.test');
  await olga.say('echo words I am in');
  await olga.hears(/Sorry, I cannot do anything for you/);
  await olga.say('echo words still here');
  // The next person's answer shows that the second message was handled.
  await world.person('anna.berg').ask('echo words after', /You said: after/);
  await world.stream.until('the second message to be looked at', async () => {
    const looked = await world.requests('GET /v1/people/');
    return looked.filter((one) => one.path.endsWith(olga.id)).length >= 2 || undefined;
  });
  expect((await olga.messages()).filter((one) => one.personEmail === world.self.email)).toHaveLength(1);
  expect(world.ran.map(({ by }) => by)).toEqual(['anna.berg@acme.test']);
  expect((await world.audit()).filter((entry) => entry.action === 'message.refused')).toHaveLength(1);
});

it('tells nothing of its inside when a command fails, but an id that finds the log line', async () => {
  const answer = await world.person('anna.berg').ask('team fail', /Something is wrong on our side/);
  const id = /Error id: (\S+)/.exec(answer.text ?? '')?.[1] ?? 'none';
  expect(answer.text).not.toContain('inside story');
  expect(world.logged().split('\n').find((line) => line.includes(`"errorId":"${id}"`))).toContain('the inside story');
});

it('shows details in a space only to those who may use it', async () => {
  const anna = world.person('anna.berg');
  const inside = await world.room('IT Admins');
  await anna.say(`${mention()} team note amy.adams@acme.test for=everyone`, { roomId: inside });
  await anna.hears(/Noted: Amy Adams/, { roomId: inside });
  const mixed = await world.room('Project Phoenix');
  await anna.say(`${mention()} team note amy.adams@acme.test for=everyone`, { roomId: mixed });
  await anna.hears(/Noted: Amy Adams/);
  await anna.hears(/sent you the answer directly/, { roomId: mixed });
  await world.settings.set(world.organization, 'space.details', { kind: 'space', roomId: mixed }, 'here', anna.id);
  await anna.say(`${mention()} team note amy.adams@acme.test for=everyone`, { roomId: mixed });
  await anna.hears(/Noted: Amy Adams/);
  await world.settings.set(world.organization, 'space.details', { kind: 'space', roomId: inside }, 'direct', anna.id);
  await anna.say(`${mention()} team note amy.adams@acme.test for=everyone`, { roomId: inside });
  await anna.hears(/Noted: Amy Adams/);
});

it('shows no details where the members cannot be read', async () => {
  const anna = world.person('anna.berg');
  const roomId = await world.room('Webex Operations');
  await world.control('faults', { rules: [{ path: '/memberships', owner: world.self.email, status: 403 }] });
  await anna.say(`${mention()} team note amy.adams@acme.test for=everyone`, { roomId });
  await anna.hears(/Noted: Amy Adams/);
  await world.control('faults', { rules: [] });
});

it('sends files apart and only to the 1:1, in the thread of their card', async () => {
  const anna = world.person('anna.berg');
  const card = await anna.ask('team file', /Here it is/);
  const file = await anna.hears((message) => (message.files ?? []).length === 1);
  expect(card.files ?? []).toEqual([]);
  expect(file.parentId).toBe(card.id);
  const roomId = await world.room('IT Admins');
  await anna.say(`${mention()} team file`, { roomId });
  await anna.hears(/sent you the file directly/, { roomId });
  await anna.hears((message) => (message.files ?? []).length === 1);
});

it('trap 29: does not wait an hour for an answer, but says when Webex can be asked again', async () => {
  await world.link('carl.jensen');
  await world.link('anna.berg');
  const anna = world.person('anna.berg');
  await world.control('faults', { rules: [{ path: '/people/me', owner: anna.email, status: 429, headers: { 'Retry-After': '3600' }, times: 1 }] });
  expect((await anna.ask('team note amy.adams@acme.test for=everyone', /asked again in/)).text).toMatch(/60 minutes/);
  expect((await anna.ask('team note amy.adams@acme.test for=everyone', /asked again in/)).text).toMatch(/60 minutes/);
  await world.control('faults', { rules: [] });
  expect(world.ran).toEqual([]);
  await anna.ask('echo words still here', /You said: still here/);
});
