import { approve, answer, change, countsOf, file, idOf, linesOf, plan, shown } from '../support/plans.js';
import { titlesOf, textOf, type Person } from '../support/person.js';
import { startWorld, type World } from '../support/world.js';

const US = 'acme.webex.com';
const EU = 'acme-eu.webex.com';
const at = (name: string): string => `${name}@acme.test`;

let world: World;
let anna: Person;

interface Seat {
  siteUrl: string;
  delegates: string[];
}

/** Everything that a person's seat on a site holds, and how the organization says it without the delegates. */
async function seatOf(name: string, site: string): Promise<Seat> {
  const { people } = (await world.control('GET', 'state')) as { people: { emails: string[]; sites: Seat[] }[] };
  const seat = people.find(({ emails }) => emails.includes(at(name)))?.sites.find(({ siteUrl }) => siteUrl === site);
  if (seat === undefined) throw new Error(`${name} is not on ${site}`);
  return seat;
}

/** The same list as REST shows it to an administrator. */
async function byRest(name: string, site: string): Promise<string[]> {
  const { json } = await anna.api('GET', `/meetingPreferences/schedulingOptions?userEmail=${encodeURIComponent(at(name))}&siteUrl=${site}`);
  return [...(json.delegateEmails as string[])].sort();
}

beforeAll(async () => {
  world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '1000' } });
  anna = world.person('anna.berg');
  await world.link(anna, 'delegates,delegates-xml');
});
afterAll(async () => { await world.stop(); });

describe('lists of delegates', () => {
  it('add keeps who is there, and undo takes back only what was added', async () => {
    const result = await change(anna, `delegates add ${at('priya.natarajan')} for=${at('victor.stone')}`);
    expect(countsOf(result)).toBe('Done: 1 done');
    expect(await world.delegatesOf('victor.stone')).toEqual([at('amy.adams'), at('bob.nguyen'), at('priya.natarajan')]);

    await anna.press(result, 'Undo');
    const undo = await anna.hears(/Undo: Let Priya Natarajan schedule/);
    expect(shown(undo)).toContain('Priya Natarajan');
    await approve(anna, undo);
    expect(await world.delegatesOf('victor.stone')).toEqual([at('amy.adams'), at('bob.nguyen')]);
  });

  it('the result says that it can take a while, and that Outlook delegation is separate', async () => {
    const result = await change(anna, `delegates add ${at('raj.patel')} for=${at('olu.adeyemi')}`);
    expect(shown(result)).toMatch(/can take a while until Webex shows the change.*Outlook delegation is separate/);
    expect(result.text).toMatch(/can take a while.*Outlook delegation is separate/);
  });

  it('set makes the list exactly these people: one insert, one delete, each named before', async () => {
    const card = await plan(anna, `delegates set ${at('daniel.kim')},${at('raj.patel')} for=${at('kwame.mensah')}`);
    expect(linesOf(card)).toEqual(expect.arrayContaining([
      'Daniel Kim and Raj Patel may schedule for Kwame Mensah on acme.webex.com', 'Noor de Vries may no longer schedule for Kwame Mensah on acme.webex.com', '1 step takes something away, shown first',
    ]));
    expect(await world.delegatesOf('kwame.mensah')).toEqual([at('noor.devries')]);
    await approve(anna, card);
    expect(await world.delegatesOf('kwame.mensah')).toEqual([at('daniel.kim'), at('raj.patel')]);
  });

  it('remove removes, also somebody whom Webex no longer knows', async () => {
    await world.control('POST', 'change', { delegates: [{ host: at('maria.garcia'), site: US, add: [at('gone.long.ago'), at('raj.patel')] }] });
    await change(anna, `delegates remove ${at('gone.long.ago')} for=${at('maria.garcia')}`);
    expect(await world.delegatesOf('maria.garcia')).toEqual([at('raj.patel')]);
  });

  it('copy gives one host the delegates of another besides his own', async () => {
    await change(anna, `delegates copy ${at('victor.stone')} to=${at('xavier.darcy')}`);
    expect(await world.delegatesOf('xavier.darcy')).toEqual([at('amy.adams'), at('bob.nguyen'), at('mary-jane.vandenberg')]);
    expect(await world.delegatesOf('victor.stone')).toEqual([at('amy.adams'), at('bob.nguyen')]);
  });

  it('changes nothing but the delegates: no PUT, and the other options stay', async () => {
    const before = await seatOf('hana.sato', US);
    await world.mark();
    await change(anna, `delegates set ${at('amy.adams')} for=${at('hana.sato')}`);
    await change(anna, `delegates set ${at('bob.nguyen')} for=${at('hana.sato')}`);
    const after = await seatOf('hana.sato', US);
    expect(after.delegates).toEqual([at('bob.nguyen')]);
    expect({ ...after, delegates: [] }).toEqual({ ...before, delegates: [] });
    const writes = (await world.requests('/v1/meetingPreferences')).filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method, path, body }) => [method, path.split('/').at(-1), body.emails])).toEqual([
      ['POST', 'insert', [at('amy.adams')]], ['POST', 'insert', [at('bob.nguyen')]], ['POST', 'delete', [at('amy.adams')]],
    ]);
  });

  it('always says the site: the default site of each host, or the one that is named', async () => {
    await world.mark();
    await change(anna, `delegates add ${at('noor.devries')} for=${at('soren.aakesson')},${at("sinead.o'connor")}`);
    expect(await world.delegatesOf('soren.aakesson', EU)).toEqual([at('noor.devries')]);
    expect(await world.delegatesOf("sinead.o'connor", US)).toEqual([at('noor.devries'), at('priya.natarajan')]);
    await change(anna, `delegates add ${at('zoe.kraus')} for=${at("sinead.o'connor")} site=https://ACME-EU.webex.com/`);
    expect(await world.delegatesOf("sinead.o'connor", EU)).toEqual([at('priya.natarajan'), at('zoe.kraus')]);
    const calls = await world.requests('/v1/meetingPreferences');
    expect(calls.length).toBeGreaterThan(8);
    expect(calls.filter(({ query }) => query.siteUrl !== US && query.siteUrl !== EU)).toEqual([]);
  });
});

describe('many at once', () => {
  it('takes groups and departments, many for many, and names those who cannot', async () => {
    const card = await plan(anna, 'delegates add group:"Executive Assistants" for=department:Engineering');
    expect(linesOf(card)).toEqual(expect.arrayContaining([
      'Amy Adams and Bob Nguyễn may schedule for Li <Leo> Wei on acme.webex.com',
      'Amy Adams, Jürgen Müller and Zoë Kraus may schedule for Łukasz Wójcik on acme-eu.webex.com',
      'Jürgen Müller and Zoë Kraus: cannot be a delegate: is not a host on acme.webex.com, only on acme-eu.webex.com (say site=acme-eu.webex.com)',
    ]));
    await approve(anna, card);
    for (const host of ['daniel.kim2', 'leo.wei', 'r&d.desk', 'noor.devries']) expect([host, await world.delegatesOf(host)]).toEqual([host, [at('amy.adams'), at('bob.nguyen')]]);
    expect(await world.delegatesOf('lukasz.wojcik', EU)).toEqual([at('amy.adams'), at('juergen.mueller'), at('zoe.kraus')]);
  });

  it('warns above twenty delegates', async () => {
    const everybody = ['IT', 'Executive', 'Engineering', 'Sales', 'Legal', '"Human Resources"', 'Workplace', 'Marketing', 'Finance'].map((name) => `department:${name}`).join(',');
    const card = await plan(anna, `delegates add ${everybody} for=${at('nina.rossi')}`);
    expect(shown(card)).toMatch(/Nina Rossi would have 2[1-9] delegates on acme\.webex\.com, more than 20\./);
    await anna.press(card, 'Reject');
    await anna.hears(new RegExp(`Plan ${idOf(card)} was withdrawn`));
  });

  it('says on which other site a list stays as it is, where none was named', async () => {
    const card = await plan(anna, `delegates remove ${at('amy.adams')} for=${at('cara.olsen')}`);
    expect(linesOf(card)).toEqual(expect.arrayContaining(['On acme-eu.webex.com the lists of Cara Olsen stay as they are; site=acme-eu.webex.com is for those.']));
    await anna.press(card, 'Reject');
    await anna.hears(new RegExp(`Plan ${idOf(card)} was withdrawn`));
  });

  it('for=everyone takes somebody off every list of the organization, and leaves the others on them', async () => {
    const others = (await world.delegatesOf('victor.stone')).filter((email) => email !== at('amy.adams'));
    const card = await plan(anna, `delegates remove ${at('amy.adams')} for=everyone`);
    expect(linesOf(card)).toEqual(expect.arrayContaining([
      'Amy Adams may no longer schedule for Cara Olsen on acme.webex.com', 'Amy Adams may no longer schedule for Cara Olsen on acme-eu.webex.com',
    ]));
    const result = await approve(anna, card);
    const { people } = (await world.control('GET', 'state')) as { people: { sites: Seat[] }[] };
    expect(people.flatMap(({ sites }) => sites).filter(({ delegates }) => delegates.includes(at('amy.adams')))).toEqual([]);
    expect(await world.delegatesOf('victor.stone')).toEqual(others);

    await anna.press(result, 'Undo');
    await approve(anna, await anna.hears(/Undo: Stop Amy Adams/));
    expect(await world.delegatesOf('cara.olsen', EU)).toEqual([at('amy.adams')]);
  });
});

describe('what is said before the plan', () => {
  it('names each person who cannot be served, in words, and goes on with the rest', async () => {
    const wanted = ['nobody@acme.test', 'olga.petrov@globex.test', at('ines.goncalves'), at('zoe.kraus'), at('cara.olsen'), at('amy.adams'), at('raj.patel')];
    const card = await plan(anna, `delegates add ${wanted.join(',')} for=${at('cara.olsen')}`);
    const lines = linesOf(card);
    expect(lines[0]).toBe('Let Amy Adams and Raj Patel schedule for Cara Olsen');
    expect(lines.slice(lines.indexOf('Left out') + 1, lines.indexOf('Approval'))).toEqual([
      'nobody@acme.test and olga.petrov@globex.test: Webex knows nobody with this address in the organization; it is unknown, or of another organization.',
      'Inês Gonçalves: cannot be a delegate: has no host license on acme.webex.com',
      'Zoë Kraus: cannot be a delegate: is not a host on acme.webex.com, only on acme-eu.webex.com (say site=acme-eu.webex.com)',
      'Cara Olsen: cannot be a delegate of Cara Olsen: a host schedules for himself anyway',
    ]);
    expect(lines).toContain('Raj Patel may schedule for Cara Olsen on acme.webex.com');
    await anna.press(card, 'Reject');
    await anna.hears(new RegExp(`Plan ${idOf(card)} was withdrawn`));
  });

  it.each([
    ['a host without a license', `add ${at('amy.adams')} for=${at('gus.meyer')}`, 'Gus Meyer: has no host license on any site, so nobody can schedule for this person'],
    ['a host who is not on the site', `add ${at('zoe.kraus')} for=${at('victor.stone')} site=${EU}`, `Victor Stone: is not a host on ${EU}, only on ${US} (say site=${US})`],
    ['somebody who is a delegate already', `add ${at('amy.adams')} for=${at('cara.olsen')}`, `Cara Olsen: nothing to change: Amy Adams may already schedule for Cara Olsen on ${US}`],
    ['exactly the people who are there', `set ${at('mary-jane.vandenberg')},${at('bob.nguyen')},${at('amy.adams')} for=${at('xavier.darcy')}`, 'Xavier D\'Arcy: nothing to change: the delegates on acme.webex.com are already exactly these'],
    ['somebody who is no delegate', `remove ${at('priya.natarajan')} for=${at('cara.olsen')}`, `Cara Olsen: nothing to change: Priya Natarajan may not schedule for Cara Olsen on ${US}`],
    ['only people who do not exist', `add nobody@acme.test for=${at('cara.olsen')}`, 'nobody@acme.test: Webex knows nobody with this address in the organization; it is unknown, or of another organization.'],
  ])('%s: no plan, no button, the reason', async (_what, command, reason) => {
    const message = await answer(anna, `delegates ${command}`);
    expect(linesOf(message)).toEqual(expect.arrayContaining(['There is nothing to change.', reason]));
    expect(titlesOf(message)).toEqual([]);
  });

  it('a list that cannot be read leaves its host out and never counts as empty', async () => {
    await world.control('POST', 'faults', { rules: [{ method: 'GET', path: '/meetingPreferences/schedulingOptions', status: 403, body: { message: 'Not for you', errors: [] }, times: 1 }] });
    const message = await answer(anna, `delegates set ${at('bob.nguyen')} for=${at('cara.olsen')}`);
    await world.control('POST', 'faults', { rules: [] });
    expect(shown(message)).toMatch(/Cara Olsen: could not be read, so nothing is planned: Webex says “Not for you”/);
  });
});

describe('looking', () => {
  it('list shows who may schedule for a host, on each of his sites', async () => {
    const text = textOf(await answer(anna, `delegates list ${at('ingrid.dahl')},${at('victor.stone')}`));
    expect(text).toContain(`Ingrid Dahl (${EU}): Jürgen Müller, Zoë Kraus`);
    expect(text).toContain(`Victor Stone (${US}): `);
    expect(textOf(await answer(anna, `delegates list ${at('cara.olsen')} site=${EU}`))).not.toContain(`(${US})`);
  });

  it('list to= shows for whom somebody may schedule', async () => {
    const message = await answer(anna, `delegates list to=${at('juergen.mueller')}`);
    expect(message.text).toMatch(/Jürgen Müller may schedule for \d hosts? \(of \d+ lists read\)/);
    expect(message.text).toContain(`Ingrid Dahl (${EU}): ingrid.dahl@acme.test`);
    expect(message.text).not.toContain('Victor Stone');
    expect(titlesOf(message)).toEqual(['Remove everywhere']);
  });

  it('export gives a CSV that import takes: nothing to change then', async () => {
    await anna.say('delegates export for=everyone');
    const content = await file(anna, 'delegates.csv');
    const rows = content.trimEnd().split('\r\n');
    expect(rows[0]).toBe('host,delegate,mode,site');
    expect(rows).toContain(`${at('ingrid.dahl')},${at('zoe.kraus')},add,${EU}`);
    const { people } = (await world.control('GET', 'state')) as { people: { sites: Seat[] }[] };
    expect(rows).toHaveLength(1 + people.flatMap(({ sites }) => sites).flatMap(({ delegates }) => delegates).length);

    const again = await answer(anna, 'delegates import', { file: { name: 'delegates.csv', content } });
    expect(linesOf(again)).toContain('There is nothing to change.');
  });
});

describe('import', () => {
  const table = (end: string, cell: string, host: string): string =>
    [['host', 'delegate', 'mode', 'note'], [at(host), at('raj.patel'), 'add', 'Büro'], [at(host), at('olu.adeyemi'), '', 'Büro']].map((cells) => cells.join(cell)).join(end);
  const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

  it.each([
    ['UTF-8 with BOM', 'semicolons', 'carl.jensen', Buffer.from(`\uFEFF${table('\r\n', ';', 'carl.jensen')}`)],
    ['UTF-16LE', 'tabs', 'dora.silva', utf16(table('\r\n', '\t', 'dora.silva'))],
    ['Windows-1252', 'semicolons', 'fatima.haddad', Buffer.from(table('\r\n', ';', 'fatima.haddad'), 'latin1')],
    ['UTF-8', 'commas', 'priya.natarajan', Buffer.from(table('\n', ',', 'priya.natarajan'))],
  ])('reads %s with %s, says so, and applies', async (encoding, delimiter, host, content) => {
    const card = await plan(anna, 'delegates import', { file: { name: 'wanted.csv', content } });
    expect(linesOf(card)).toEqual(expect.arrayContaining(['Import 2 rows of wanted.csv', `The file was read as ${encoding} with ${delimiter} between the columns.`]));
    await approve(anna, card);
    expect(await world.delegatesOf(host)).toEqual([at('olu.adeyemi'), at('raj.patel')]);
  });

  it('refuses contradicting rows with both numbers, gives bad rows back, and goes on with the good ones', async () => {
    const content = [
      'host,delegate,mode,site',
      `${at('mary-jane.vandenberg')},${at('raj.patel')},add,`,
      `${at('raj.patel')},${at('olu.adeyemi')},add,`,
      `${at('raj.patel')},${at('olu.adeyemi')},remove,`,
      `${at('bob.nguyen')},nobody@acme.test,add,`,
      `${at('bob.nguyen')},${at('raj.patel')},gift,`,
      `${at('bob.nguyen')},${at('raj.patel')},add,not a site`,
      `Bob,${at('raj.patel')},add,`,
    ].join('\n');
    const card = await plan(anna, 'delegates import', { file: { name: 'mixed.csv', content } });
    expect(linesOf(card)).toEqual(expect.arrayContaining(['Raj Patel may schedule for Mary-Jane van den Berg on acme.webex.com', '6 rows could not be used and come back as fix-these.csv.']));
    const rows = (await file(anna, 'fix-these.csv')).trimEnd().split('\r\n');
    expect(rows[0]).toBe('host,delegate,mode,site,row,problem,suggestion');
    expect(rows).toContain(`${at('raj.patel')},${at('olu.adeyemi')},add,,3,row 3 (add) contradicts row 4 (remove),keep one of the two`);
    expect(rows).toContain(`${at('raj.patel')},${at('olu.adeyemi')},remove,,4,row 4 (remove) contradicts row 3 (add),keep one of the two`);
    expect(rows.find((row) => row.includes(',5,'))).toContain('nobody@acme.test is not known in this organization');
    expect(rows.find((row) => row.includes(',6,'))).toContain('the mode is not known');
    expect(rows.find((row) => row.includes(',7,'))).toContain('the site is not written as a host name');
    expect(rows.find((row) => row.includes(',8,'))).toContain('the host is not an e-mail address');
    await approve(anna, card);
    expect(await world.delegatesOf('mary-jane.vandenberg')).toEqual([at('raj.patel')]);
    expect(await world.delegatesOf('bob.nguyen')).toEqual([]);

    const corrected = rows.filter((row) => /^host|,3,row/.test(row)).join('\r\n');
    await change(anna, 'delegates import', { file: { name: 'fix-these.csv', content: corrected } });
    expect(await world.delegatesOf('raj.patel')).toEqual([at('olu.adeyemi')]);
  });

  it('a line with a quotation mark too many comes back, and the other lines go on', async () => {
    const content = `host,delegate\n"${at('leo.wei')},${at('raj.patel')}\n${at('leo.wei')},${at('olu.adeyemi')}\n`;
    const card = await plan(anna, 'delegates import', { file: { name: 'quotes.csv', content } });
    expect(linesOf(card)).toEqual(expect.arrayContaining(['Olú Adéyẹmí may schedule for Li <Leo> Wei on acme.webex.com', '1 row could not be used and comes back as fix-these.csv.']));
    expect(await file(anna, 'fix-these.csv')).toContain('quotation marks');
    await anna.press(card, 'Reject');
    await anna.hears(new RegExp(`Plan ${idOf(card)} was withdrawn`));
  });

  it('a known header without a command is answered with a card that offers it', async () => {
    const offer = await answer(anna, '', { file: { name: 'list.csv', content: `host,delegate\n${at('ben.okoye')},${at('raj.patel')}\n` } });
    expect(titlesOf(offer)).toEqual(['delegates import']);
    await anna.press(offer, 'delegates import');
    await approve(anna, await anna.hears(/Import 1 row of list\.csv/));
    expect(await world.delegatesOf('ben.okoye')).toEqual([at('raj.patel')]);
  });

  it('says what a file lacks', async () => {
    expect((await answer(anna, 'delegates import', { file: { name: 'a.csv', content: 'boss,assistant\na,b\n' } })).text).toMatch(/must name the columns host and delegate.*It says: boss, assistant/);
    expect((await answer(anna, 'delegates import')).text).toMatch(/Attach a CSV file with the header host,delegate/);
  });
});

describe('a site that is set to the XML API', () => {
  beforeAll(async () => { expect(textOf(await answer(anna, `settings set delegates.backend=xml for=site site=${EU}`))).toContain(`delegates.backend is now xml for ${EU}`); });

  it('adds, sets, removes to the last one and undoes by XML; REST shows the same and is not used to write', async () => {
    const before = await seatOf('ingrid.dahl', EU);
    await world.mark();
    await change(anna, `delegates add ${at('noor.devries')} for=${at('ingrid.dahl')}`);
    expect(await byRest('ingrid.dahl', EU)).toEqual([at('juergen.mueller'), at('noor.devries'), at('zoe.kraus')]);
    await change(anna, `delegates set ${at('noor.devries')},${at('amy.adams')} for=${at('ingrid.dahl')}`);
    expect(await byRest('ingrid.dahl', EU)).toEqual([at('amy.adams'), at('noor.devries')]);
    const emptied = await change(anna, `delegates remove ${at('noor.devries')},${at('amy.adams')} for=${at('ingrid.dahl')}`);
    expect(await byRest('ingrid.dahl', EU)).toEqual([]);
    await anna.press(emptied, 'Undo');
    await approve(anna, await anna.hears(/Undo: Stop Noor de Vries and Amy Adams|Undo: Stop Amy Adams and Noor/));
    expect(await byRest('ingrid.dahl', EU)).toEqual([at('amy.adams'), at('noor.devries')]);

    expect({ ...(await seatOf('ingrid.dahl', EU)), delegates: [] }).toEqual({ ...before, delegates: [] });
    const requests = await world.requests();
    expect(requests.filter(({ path }) => path.endsWith('/SetUser'))).toHaveLength(5);
    expect(requests.filter(({ method, path }) => method !== 'GET' && path.includes('meetingPreferences'))).toEqual([]);
  });

  it('the other site goes on by REST, also in the same plan', async () => {
    await world.mark();
    await change(anna, `delegates add ${at('noor.devries')} for=${at('tomas.novak')},${at('daniel.kim')}`);
    expect(await world.delegatesOf('tomas.novak', EU)).toEqual([at('noor.devries')]);
    expect(await world.delegatesOf('daniel.kim')).toEqual([at('noor.devries')]);
    expect(await world.requests('/SetUser')).toHaveLength(1);
    expect(await world.requests('delegateEmails/insert')).toHaveLength(1);
  });

  it('somebody who has not linked for it is told how', async () => {
    const ben = world.person('ben.okoye');
    await world.link(ben, 'delegates');
    expect((await answer(ben, `delegates add ${at('zoe.kraus')} for=${at('yusuf.oeztuerk')}`)).text).toMatch(/lacks the scope spark:all.*account link for=delegates-xml/);
  });
});
