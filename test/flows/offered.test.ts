import { decide, linkIn, openStartPage } from '../support/link.js';
import { answer, linesOf } from '../support/plans.js';
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

describe('linking with a role that lets one only look', () => {
  const LICENSES = 'Licenses, to look at: see which licenses there are, who has them and who does not use them; nothing can be changed. You can write: licenses, licenses show, ';
  const CHANGE = 'To change something you need the role Full Administrator or User Administrator.';
  const SPACES = 'Space membership, to look at: see which spaces follow which groups, and who would join and leave; nothing can be changed. '
    + `You can write: spaces, spaces rules, spaces export, spaces preview and spaces exemptions. ${CHANGE}`;
  /** What the bot tells when the account is linked. */
  const linked = async (person: Person, what: string): Promise<Message> => {
    await world.link(person, what);
    return (await person.messages()).find(({ text }) => text?.includes('is linked') === true)!;
  };
  const scopesAsked = (message: Message): string[] => [...(message.text ?? '').matchAll(/\(([a-z-]+:[a-z_]+)\)/g)].map(([, scope = '']) => scope);
  const LOOKING = ['spark:people_read', 'spark-admin:people_read', 'spark-admin:roles_read', 'spark-admin:organizations_read', 'spark-admin:licenses_read'];
  let gus: Person;

  beforeAll(async () => {
    gus = world.person('gus.meyer');
    await world.control('POST', 'change', { people: [{ email: gus.email, roles: ['Read-only Administrator'] }] });
  });

  it('before a link nobody’s roles are known: looking is offered beside the whole, by message and where Webex refuses', async () => {
    const offer = await answer(gus, 'account link for=licenses');
    expect(scopesAsked(offer)).toContain('spark-admin:people_write');
    expect(offer.text).toContain('Licenses: only with the role Full Administrator or User Administrator. Webex may refuse the whole link to others.');
    expect(titlesOf(offer)).toEqual(['Link my account', 'Only to look']);
    await gus.press(offer, 'Only to look');
    const less = await gus.hears((message) => message.id !== offer.id && /oauth\/start/.test(textOf(message)));
    expect(scopesAsked(less)).toEqual(LOOKING);
    expect(titlesOf(less)).toEqual(['Link my account']);

    const { cookie, authorize } = await openStartPage(linkIn(offer));
    const refused = await fetch(await decide(world.url, authorize, gus.email), { headers: { Cookie: cookie } });
    const page = await refused.text();
    expect([refused.status, /class="next"[^>]*>([^<]*)/.exec(page)?.[1]]).toEqual([400, 'Link only to look']);
    const again = await openStartPage((/class="next"[^>]*href="([^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&#38;', '&'));
    expect(again.page).not.toContain('people_write');
    expect((await fetch(await decide(world.url, again.authorize, gus.email), { headers: { Cookie: again.cookie } })).status).toBe(200);
  });

  it('is told exactly what works, and offered no more', async () => {
    const message = await gus.hears(/is linked/);
    expect(linesOf(message).filter((line) => line.startsWith('Licenses'))).toEqual([expect.stringContaining(LICENSES)]);
    expect(message.text).toContain(CHANGE);
    expect(message.text).toContain('Scheduling permissions; Scheduling permissions by the Meetings XML API; What administrators did; Unlink at Webex too: you need the role Full Administrator');
    expect(message.text).toContain('You can also link for: Space membership, to look at; Reports.');
    expect(titlesOf(message)).toEqual(['Licenses', 'My account']);
    await gus.press(message, 'Licenses');
    expect(titlesOf(await gus.hears(/The fullest come first/))).toEqual(['Show', 'Who is idle']);
    for (const words of [`licenses users "${CALLING}"`, 'licenses export', `licenses idle "${CALLING}"`]) expect(textOf(await answer(gus, words))).not.toMatch(/needs the role|does not include/);
    expect(linesOf(await answer(gus, 'account status'))).toEqual(expect.arrayContaining([expect.stringContaining(LICENSES)]));
  });

  it('linked once, is asked for what looking needs, and told where there is nothing to look at', async () => {
    const offer = await answer(gus, 'account link for=licenses,delegates');
    expect(scopesAsked(offer)).toEqual(LOOKING);
    expect(offer.text).toContain(`Licenses: this is for looking only. ${CHANGE}`);
    expect(offer.text).toContain('Scheduling permissions: you need the role Full Administrator, so it is left out.');
    expect(titlesOf(offer)).toEqual(['Link my account']);
    const none = await answer(gus, 'account link for=delegates');
    expect(none.text).toMatch(/this needs the role Full Administrator, which you do not have\. You can link for: spaces-look, licenses-look, reports and look\./);
    const ask = await answer(gus, 'account link');
    expect(inputsOf(ask).get('for')).toMatchObject({ choices: ['spaces-look', 'licenses-look', 'reports', 'look'].map((value) => expect.objectContaining({ value })), value: 'licenses-look,look' });
    expect(ask.text).toContain('Not offered, since your roles do not allow it: Scheduling permissions; Scheduling permissions by the Meetings XML API; Space membership; Licenses;');
  });

  it('with scopes to change that the role does not let him use, is told that he can look', async () => {
    const fatima = world.person('fatima.haddad');
    await world.control('POST', 'change', { people: [{ email: fatima.email, roles: ['Read-only Administrator'] }] });
    const message = await linked(fatima, 'spaces');
    expect(linesOf(message).filter((line) => line.startsWith('Space'))).toEqual([SPACES]);
    expect(titlesOf(message)).toEqual(['Spaces that follow groups', 'My account']);
    expect(scopesAsked(await answer(fatima, 'account link for=spaces'))).not.toContain('spark:memberships_write');
  });

  it('who may change is not told of looking', async () => {
    const message = await linked(anna, 'licenses,spaces');
    expect(linesOf(message)).toEqual(expect.arrayContaining(['Space membership: keep the members of spaces as the groups say.', 'Licenses: see, assign and remove licenses.']));
    expect(textOf(message)).not.toContain('to look at');
    expect(titlesOf(message)).toEqual(['Spaces that follow groups', 'Licenses', 'Reports', 'My account']);
    const ask = await answer(anna, 'account link');
    expect(inputsOf(ask).get('for')?.value).toBe('spaces,licenses,reports,look');
    expect(ask.text).not.toContain('Not offered');
  });

  it('the link for reports is enough for the report of spaces too', async () => {
    expect(titlesOf(await linked(erik, 'reports'))).toEqual(['Licenses', 'Reports', 'My account']);
    const report = textOf(await answer(erik, 'reports now membership'));
    expect(report).toMatch(/Membership drift/);
    expect(report).not.toContain('does not include');
    expect(textOf(await answer(erik, 'reports'))).not.toContain('does not include');
  });
});
