import { answer, linesOf, shown } from '../support/plans.js';
import { actionsOf, inputsOf, textOf, titlesOf, type Message, type Person } from '../support/person.js';
import { at, confirm, followed, membersOf, newGroup, newSpace, untouched } from '../support/spaces.js';
import { startWorld, type World } from '../support/world.js';

const BOT = '<@personEmail:steward@webex.bot|Steward>';

let world: World;
let anna: Person;
let ben: Person;

beforeAll(async () => {
  world = await startWorld({ people: 45, env: { APPROVAL_STEPS: '1000' } });
  anna = world.person('anna.berg');
  ben = world.person('ben.okoye');
  await world.link(anna, 'spaces');
  await world.link(ben, 'spaces');
});
afterAll(async () => { await world.stop(); });

/** The rules as the bot lists them, with the ids of their spaces. */
const rules = async (): Promise<string> => (await answer(anna, 'spaces rules')).text ?? '';
/** Writes to spaces and groups by Steward since the last mark. */
const writes = async (): Promise<string[]> => (await world.requests('/v1/')).filter(({ method, path }) => method !== 'GET' && /memberships|rooms|groups/.test(path)).map(({ method, path }) => `${method} ${path}`);
const refusals = (): number => world.audit().filter(({ action }) => action === 'card.refused').length;

describe('who may make rules and follow them', () => {
  it('a read-only administrator may look, and neither link, unlink, exempt, import nor sync', async () => {
    await followed(world, anna, 'Read only', ['amy.adams'], ['anna.berg', 'raj.patel', 'erik.lund']);
    const erik = world.person('erik.lund');
    await world.link(erik, 'spaces');
    expect(textOf(await answer(erik, 'spaces preview "Read only"'))).toMatch(/1 would join, 2 would leave/);
    const before = await rules();
    await world.mark();
    for (const words of ['spaces link Sales to="Read only"', 'spaces unlink "Read only"', `spaces exempt ${at('raj.patel')}`, 'spaces sync', 'spaces schedule every=12h']) {
      const said = await answer(erik, words);
      expect(textOf(said)).toMatch(/needs the role Full Administrator and User Administrator \(one of them\)/);
      expect(titlesOf(said)).toEqual([]);
    }
    expect(textOf(await answer(erik, 'spaces import', { file: { name: 'rules.csv', content: 'group,room\nSales,Read only\n' } }))).toMatch(/needs the role/);
    expect(await writes()).toEqual([]);
    expect(await rules()).toBe(before);
  });

  it('a read-only administrator’s preview offers no sync, and the button of another’s leads no further', async () => {
    const erik = world.person('erik.lund');
    expect(titlesOf(await answer(anna, 'spaces preview "Read only"'))).toContain('Sync now');
    expect(titlesOf(await answer(erik, 'spaces preview "Read only"'))).not.toContain('Sync now');

    await world.control('POST', 'change', { rooms: [{ title: 'IT Admins', add: [erik.email] }] });
    const roomId = ((await anna.api('GET', '/rooms?max=100')).json.items as { id: string; title: string }[]).find(({ title }) => title === 'IT Admins')?.id ?? '';
    await anna.say('<@personEmail:steward@webex.bot|Steward> spaces preview "Read only"', { roomId });
    await erik.press(await erik.hears(/1 would join, 2 would leave/, { roomId }), 'Sync now');
    await erik.hears(/spaces sync needs the role Full Administrator/, { roomId });
  });

  it('somebody of another organization gets one polite line, and nothing of rules', async () => {
    const olga = world.person('olga.petrov@globex.test');
    const said = await answer(olga, 'spaces rules');
    expect(textOf(said)).not.toMatch(/Read only|Amy|rule/);
    expect(titlesOf(said)).toEqual([]);
    const before = await rules();
    await olga.say('spaces link Sales to="Read only"');
    expect(await rules()).toBe(before);
    expect((await olga.messages()).filter(({ personEmail }) => personEmail === world.botEmail)).toHaveLength(1);
  });

  it('a forged press saves nothing and is in the audit log', async () => {
    await newSpace(world, 'Forged', ['anna.berg', 'ben.okoye']);
    const card = await answer(anna, 'spaces link Sales to=Forged');
    const other = await answer(anna, 'spaces link Engineering to=Forged');
    const token = actionsOf(card)[0]?.data?.['token'] ?? '';
    expect(token).not.toBe('');
    const forged: [Message, Record<string, unknown>][] = [
      [card, { ...untouched(card), token: 'x'.repeat(token.length) }],
      [card, { ...untouched(card), command: 'spaces confirm', draft: 'y' }],
      [card, untouched(card)],
      // The token of this card on another card.
      [other, { ...untouched(other), token }],
    ];
    const before = refusals();
    for (const [message, inputs] of forged) expect((await anna.api('POST', '/attachment/actions', { type: 'submit', messageId: message.id, inputs })).status).toBe(200);
    await world.stream.until('every forged press in the audit log', () => Promise.resolve(refusals() === before + forged.length ? true : undefined));
    expect(await rules()).not.toContain('Forged');
    expect(world.audit().filter(({ action, details }) => action === 'space-rule.made' && JSON.stringify(details).includes('Forged'))).toEqual([]);

    // Nothing was spent by that: the true press counts.
    expect(linesOf(await confirm(anna, card))[0]).toBe('1 rule saved');
  });

  it('a card in a space is confirmed only by the one for whom it was made', async () => {
    const { json } = await anna.api('GET', '/rooms?max=100');
    const space = (json.items as { id: string; title: string }[]).find(({ title }) => title === 'IT Admins')?.id ?? '';
    await anna.say(`${BOT} settings set space.details=here`, { roomId: space });
    await anna.hears(/space\.details is now here/, { roomId: space });
    await newSpace(world, 'Shared card', ['anna.berg', 'ben.okoye']);
    await anna.say(`${BOT} spaces link Sales to="Shared card"`, { roomId: space });
    const card = await anna.hears((message) => titlesOf(message).includes('Follow these groups'), { roomId: space });
    const before = refusals();
    expect((await ben.press(card, 'Follow these groups', untouched(card))).status).toBe(200);
    await world.stream.until('the refusal', () => Promise.resolve(refusals() > before ? true : undefined));
    expect(await rules()).not.toContain('Shared card');
  });

  it('a second press of one card saves nothing again', async () => {
    await newSpace(world, 'Twice', ['anna.berg']);
    const card = await answer(anna, 'spaces link Sales to=Twice');
    const known = new Set((await anna.messages()).map(({ id }) => id));
    await Promise.all([1, 2, 3].map(() => anna.press(card, 'Follow these groups', untouched(card))));
    await world.stream.until('an answer to each press', async () => ((await anna.messages()).filter(({ id }) => !known.has(id)).length >= 3 ? true : undefined));
    expect((await anna.messages()).filter(({ id, text = '' }) => !known.has(id) && /1 rule saved/.test(text))).toHaveLength(1);
    expect(world.audit().filter(({ action, details }) => action === 'space-rule.made' && JSON.stringify(details).includes('Twice'))).toHaveLength(1);
  });
});

describe('a rule by form', () => {
  it('asks for what is missing, and goes on to the card that confirms', async () => {
    const space = await newSpace(world, 'By form', ['anna.berg']);
    const form = await answer(anna, 'spaces link');
    expect([...inputsOf(form).keys()]).toEqual(expect.arrayContaining(['groups', 'to', 'mode', 'grace', 'as', 'moderators', 'outside']));
    const known = new Set((await anna.messages()).map(({ id }) => id));
    await anna.press(form, 'Next', { groups: 'Sales, Engineering', to: 'By form', mode: 'add', grace: '', as: '', moderators: '', outside: '' });
    const card = await anna.hears((message) => !known.has(message.id) && titlesOf(message).includes('Follow these groups'));
    expect(untouched(card).to).toBe(space);
    expect(shown(await confirm(anna, card))).toMatch(/By form follows .*Sales .*; adds only/);
  });

  it('keeps what was filled in when something is missing', async () => {
    const form = await answer(anna, 'spaces link Sales');
    expect(inputsOf(form).get('groups')?.value).toBe('Sales');
    const known = new Set((await anna.messages()).map(({ id }) => id));
    await anna.press(form, 'Next', { groups: 'Sales', to: '', mode: '' });
    const again = await anna.hears((message) => !known.has(message.id));
    expect(shown(again)).toMatch(/Still missing: Spaces\./);
    expect(inputsOf(again).get('groups')?.value).toBe('Sales');
  });

  it('a grace that is no length of time is refused', async () => {
    expect(textOf(await answer(anna, 'spaces link Sales to="By form" grace=soon'))).toMatch(/grace is a number of days up to 365/);
  });
});

describe('a rule by file', () => {
  it.each([
    ['commas, quoted names, CRLF, a byte order mark, blank lines and comments', '\uFEFF# rules\r\n\r\ngroup,room\r\n"Acme, North","Room ""N"", one"\r\n# more\r\n\r\n'],
    ['semicolons and blanks around names', 'group;room\n  Acme, North ; "Room ""N"", one"\n'],
    ['tabs and other letter cases', 'Group\tRoom\nACME,  north\t"room ""n"", ONE"\n'],
  ])('with %s', async (_what, content) => {
    const [, space] = await named();
    const card = await answer(anna, 'spaces import', { file: { name: 'rules.csv', content } });
    expect(shown(card)).toMatch(/Room "N", one follows Acme, North/);
    await confirm(anna, card);
    expect(await rules()).toContain(space);
    await confirm(anna, await answer(anna, `spaces unlink ${space}`));
  });

  it('by ids, where a name beside them is only for people', async () => {
    const [group, space] = await named();
    const card = await answer(anna, 'spaces import', { file: { name: 'rules.csv', content: `group,room,group_id,room_id\nOld name,"Room ""N"", one",${group},${space}\n` } });
    expect(shown(card)).toMatch(/Row 2 says “Old name”, but the id [0-9a-f]{8} is that of “Acme, North”\. The id counts\./);
    await confirm(anna, card);
    expect(await rules()).toContain(space);
  });

  it('of a group that several have, the choice on the card decides', async () => {
    await newSpace(world, 'Berlin lunch', ['anna.berg']);
    const card = await answer(anna, 'spaces import', { file: { name: 'rules.csv', content: 'group,room\nBerlin Office,Berlin lunch\n' } });
    const [, second] = inputsOf(card).get('groups')?.choices ?? [];
    expect(untouched(card).groups ?? '').toBe('');
    await confirm(anna, card, { groups: second?.value ?? '' });
    const sync = await answer(anna, 'spaces preview "Berlin lunch"');
    const ofFirst = /Ingrid Dahl/.test(second?.title ?? '') || /3 members/.test(second?.title ?? '');
    expect(shown(sync)).toMatch(ofFirst ? /Would join \(3\): Ingrid Dahl/ : /Would join \(2\): Łukasz Wójcik/);
  });

  /** A group and a space of names that need quotes; made once. */
  let made: Promise<[string, string]> | undefined;
  const named = (): Promise<[string, string]> => (made ??= (async () => [await newGroup(world, 'Acme, North', ['amy.adams']), await newSpace(world, 'Room "N", one', ['anna.berg'])] as [string, string])());
});

it('unlinking removes nobody, and nothing is followed afterwards', async () => {
  const space = await followed(world, anna, 'Unlinked', ['amy.adams'], ['anna.berg', 'raj.patel']);
  await world.mark();
  const card = await answer(anna, 'spaces unlink Unlinked');
  expect(shown(card)).toMatch(/Everybody who is in the space stays in it\./);
  await confirm(anna, card);
  expect(textOf(await answer(anna, 'spaces sync Unlinked'))).toMatch(/No space that follows groups is “Unlinked”/);
  expect(await writes()).toEqual([]);
  expect(await membersOf(world, space)).toEqual(['anna.berg', 'raj.patel']);
});
