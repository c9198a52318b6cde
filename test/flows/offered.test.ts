import { answer } from '../support/plans.js';
import { cardOf, inputsOf, textOf, titlesOf, type Message, type Person } from '../support/person.js';
import { startWorld, type World } from '../support/world.js';

const at = (name: string): string => `${name}@acme.test`;
const BOT = '<@personEmail:steward@webex.bot|Steward>';
const CALLING = 'Webex Calling - Standard';
const EITHER = 'To go on from here you need the role Full Administrator or User Administrator.';

let world: World;
let anna: Person;
let erik: Person;
let admins: string;

beforeAll(async () => {
  world = await startWorld({ people: 40 });
  anna = world.person('anna.berg');
  erik = world.person('erik.lund');
  await world.control('POST', 'change', { rooms: [{ title: 'IT Admins', add: [erik.email] }] });
  admins = ((await anna.api('GET', '/rooms?max=100')).json.items as { id: string; title: string }[]).find(({ title }) => title === 'IT Admins')?.id ?? '';
  await world.link(anna, 'licenses,spaces');
  await world.link(erik, 'reports');
});
afterAll(async () => { await world.stop(); });

/** The first answer with a card in the space of administrators to what is written there. */
async function askedIn(person: Person, words: string): Promise<Message> {
  const known = new Set((await person.messages(admins)).map(({ id }) => id));
  await person.say(`${BOT} ${words}`, { roomId: admins });
  return person.hears((message) => !known.has(message.id) && cardOf(message) !== undefined, { roomId: admins });
}

describe('in 1:1, what the caller’s roles do not allow is not offered', () => {
  it('a read-only administrator looks, a full one sees all', async () => {
    const card = await answer(erik, 'licenses');
    expect(titlesOf(card)).toEqual(['Show', 'Who is idle']);
    expect(titlesOf(await answer(anna, 'licenses'))).toEqual(['Show', 'Assign…', 'Remove…', 'Who is idle']);
    const { choices = [] } = inputsOf(card).get('license') ?? {};
    await erik.press(card, 'Show', { license: choices.find(({ title }) => title.includes(CALLING))?.value ?? '' });
    expect(titlesOf(await erik.hears(/Used by workspaces/))).toEqual(['Who has it', 'Who is idle']);
    expect(titlesOf(await answer(anna, `licenses show "${CALLING}"`))).toEqual(['Who has it', 'Who is idle', 'Assign…', 'Remove…']);
  });

  it('a card of which nothing is left to press has no inputs either, and says which role goes on', async () => {
    await answer(anna, 'licenses template Starter license="Webex Events"');
    const own = await answer(anna, 'licenses templates');
    expect([titlesOf(own), [...inputsOf(own).keys()]]).toEqual([['Assign…'], ['license']]);
    expect(textOf(own)).not.toContain('To go on from here');
    const card = await answer(erik, 'licenses templates');
    expect([titlesOf(card), [...inputsOf(card).keys()]]).toEqual([[], []]);
    expect([card.text, JSON.stringify(card.attachments)]).toEqual([expect.stringContaining(EITHER), expect.stringContaining(EITHER)]);
    expect(textOf(card)).toContain('Webex Events');

    const settings = await answer(erik, 'settings');
    expect([titlesOf(settings), [...inputsOf(settings).keys()]]).toEqual([[], []]);
    expect(settings.text).toContain('To go on from here you need the role Full Administrator.');
    expect(inputsOf(await answer(anna, 'settings')).size).toBe(3);
  });

  it('what he wrote himself is not offered back to him', async () => {
    const nearly = await answer(erik, 'licenses asign');
    expect(nearly.text).toMatch(/Did you mean `?licenses assign`?\?/);
    expect(titlesOf(nearly)).toEqual([]);
    const file = { name: 'licenses.csv', content: `email,license,operation\n${at('amy.adams')},Webex Events,add\n` };
    expect(titlesOf(await answer(anna, '', { file }))).toContain('licenses import');
    const alone = await answer(erik, '', { file });
    expect(titlesOf(alone)).toEqual([]);
    expect(alone.text).toContain(EITHER);
  });

  it('the home card offers the areas that he may look into', async () => {
    expect(titlesOf(await answer(erik, 'menu'))).toEqual(['Spaces that follow groups', 'Licenses', 'Plans and changes', 'My account']);
    expect(titlesOf(await answer(anna, 'hello'))).toEqual(['Scheduling permissions', 'Spaces that follow groups', 'Licenses', 'Plans and changes', 'My account']);
  });

  it('roles are those of this very moment', async () => {
    await world.control('POST', 'change', { people: [{ email: anna.email, roles: ['Read-only Administrator'] }] });
    expect(titlesOf(await answer(anna, 'menu'))).not.toContain('Scheduling permissions');
    expect(titlesOf(await answer(anna, 'licenses'))).toEqual(['Show', 'Who is idle']);
    await world.control('POST', 'change', { people: [{ email: anna.email, roles: ['Full Administrator'] }] });
    expect(titlesOf(await answer(anna, 'licenses'))).toContain('Assign…');
  });
});

describe('offered all the same', () => {
  it('what only lacks a scope: the press offers to link for it', async () => {
    const carl = world.person('carl.jensen');
    await world.link(carl, 'look');
    const home = await answer(carl, 'menu');
    await carl.press(home, 'Licenses');
    expect(titlesOf(await carl.hears(/Your link does not include spark-admin:licenses_read/))).toEqual(['Link my account']);
  });

  it('everything to those whose roles are not known: not linked yet, or Webex does not say', async () => {
    expect(titlesOf(await answer(world.person('ben.okoye'), 'menu'))).toEqual(['Link my account', 'Scheduling permissions', 'Spaces that follow groups', 'Licenses', 'Plans and changes']);
    await world.control('POST', 'faults', { rules: [{ path: '/v1/people/me', status: 403 }] });
    const home = await answer(erik, 'menu');
    await world.control('POST', 'faults', { rules: [] });
    expect(titlesOf(home)).toContain('Scheduling permissions');
  });

  it('in a space, what others there may press; who may not is told so', async () => {
    const card = await askedIn(erik, 'licenses');
    expect(titlesOf(card)).toEqual(['Show', 'Assign…', 'Remove…', 'Who is idle']);
    expect(titlesOf(await askedIn(anna, 'licenses'))).toEqual(titlesOf(card));
    await erik.press(card, 'Assign…');
    await erik.hears(/licenses assign needs the role Full Administrator and User Administrator/, { roomId: admins });
    await anna.press(card, 'Assign…');
    await anna.hears((message) => titlesOf(message).join() === 'Next,Search,Cancel', { roomId: admins });
  });

  it('in a space, a button for the one who asked only is for his roles too', async () => {
    await world.control('POST', 'change', { people: [{ email: at('gus.meyer'), lastActivity: null }] });
    const words = `licenses idle "${CALLING}"`;
    expect(titlesOf(await askedIn(anna, words))).toContain('Plan removal');
    const card = await askedIn(erik, words);
    expect(titlesOf(card)).toEqual([]);
    expect(textOf(card)).toContain('1 person with Webex Calling - Standard is idle');
    expect(card.text).toContain(EITHER);
  });
});
