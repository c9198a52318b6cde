import { parse } from '../../src/lib/csv.js';
import { CONSOLE, CX, EU, EVENTS, FREE, HEADER, importing, OLGA, planAgain, PROFESSIONAL, SPACE_MEETINGS, STANDARD, startLicenses, US, US_MEETING, type Licenses } from '../support/licenses.js';
import { answer, approve, change, countsOf, file, linesOf, plan, shown, undo } from '../support/plans.js';
import { inputsOf, textOf, titlesOf, type Person } from '../support/person.js';
import { timed } from '../support/schedules.js';
import { at } from '../support/spaces.js';
import type { World } from '../support/world.js';

let world: World;
let anna: Person;
let licenses: Licenses;

beforeAll(async () => { ({ world, anna, licenses } = await startLicenses()); });
afterAll(async () => { await world.stop(); });

describe('many licenses', () => {
  afterEach(async () => { await world.control('POST', 'faults', { rules: [] }); });

  it('are not all in the choice of the card, which says so', async () => {
    const items = Array.from({ length: 60 }, (_, n) => ({ id: `license-${n}`, name: `License ${n}`, totalUnits: 100, consumedUnits: n }));
    await world.control('POST', 'faults', { rules: [{ method: 'GET', path: '/licenses', status: 200, body: { items } }] });
    const card = await answer(anna, 'licenses');
    expect(linesOf(card)).toContain('The choice has the fullest 40 of 60 licenses. For another, write “licenses show” with its name.');
    expect(inputsOf(card).get('license')?.choices?.map(({ value }) => value).sort()).toEqual(items.slice(20).map(({ id }) => id).sort());
  });
});

it('what Webex does not tell of a license is said to be not told, and is not taken for unlimited', async () => {
  const card = await answer(anna, 'licenses show "Free screen share"');
  expect(textOf(card)).toMatch(/Free screen share: \d+ used, how many there are is not told by Webex/);
  expect(textOf(card)).toContain('In all: not told by Webex');
  await answer(anna, 'licenses export');
  const rows = parse(Buffer.from(await file(anna, 'licenses.csv'))).rows.map(({ cells }) => cells);
  expect(rows.find(([, name]) => name === 'Free screen share')?.slice(6, 11)).toEqual(['', expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/), '', '']);
});

describe('assign and remove', () => {
  it('is one call per person, whatever is asked, and undo ends where it began', async () => {
    const before = await licenses.holding('amy.adams');
    await world.mark();
    const result = await change(anna, `licenses assign ${at('amy.adams')} license="${SPACE_MEETINGS}","Webex Events"`);
    expect(countsOf(result)).toBe('Done: 1 done');
    expect([await licenses.has('amy.adams', SPACE_MEETINGS), await licenses.has('amy.adams', EVENTS)]).toEqual([true, true]);
    const [sent, ...more] = await licenses.sent();
    expect(more).toEqual([]);
    expect(sent).toEqual({ personId: (await licenses.person('amy.adams')).id, licenses: expect.arrayContaining([{ id: (await licenses.named(SPACE_MEETINGS)).id, operation: 'add' }]) });
    await undo(anna, result);
    expect(await licenses.holding('amy.adams')).toEqual(before);
  });

  it('says when nearly everybody would lose a license, and when whoever asks would', async () => {
    const { id } = await licenses.named(EVENTS);
    const names = ['anna.berg', 'amy.adams', 'ben.okoye', 'raj.patel', 'cara.olsen', 'kwame.mensah'];
    for (const name of names) await anna.api('PATCH', '/licenses/users', { email: at(name), licenses: [{ id, operation: 'add' }] });
    const card = await plan(anna, `licenses remove ${names.map(at).join(',')} license="${EVENTS}"`);
    expect(linesOf(card)).toEqual(expect.arrayContaining(['Anna Berg, who asks for this, is one of those who lose something.', `Everybody loses ${EVENTS} on acme-eu.webex.com.`]));
    await anna.press(card, 'Reject');
    await anna.hears(/was withdrawn/);
    for (const name of names) await anna.api('PATCH', '/licenses/users', { email: at(name), licenses: [{ id, operation: 'remove' }] });
  });

  it('takes away only what is named, and never writes a person as a whole', async () => {
    const before = await licenses.holding('kwame.mensah');
    await world.mark();
    const result = await change(anna, `licenses remove ${at('kwame.mensah')} license="${SPACE_MEETINGS}"`);
    expect(await licenses.has('kwame.mensah', SPACE_MEETINGS)).toBe(false);
    await undo(anna, result);
    expect(await licenses.holding('kwame.mensah')).toEqual(before);
    expect((await world.requests('/v1/people')).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('says who has it already and who does not have it, and does the rest', async () => {
    const card = await plan(anna, `licenses assign ${at('kwame.mensah')},${at('raj.patel')},${at('nobody.here')} license="${SPACE_MEETINGS}"`);
    expect(shown(card)).toContain(`Kwame Mensah: already has ${SPACE_MEETINGS}`);
    expect(shown(card)).toContain('nobody.here@acme.test');
    expect(linesOf(card)).toContain(`Raj Patel gets ${SPACE_MEETINGS}`);
    await approve(anna, card);
    const none = await answer(anna, `licenses remove ${at('olu.adeyemi')} license="${SPACE_MEETINGS}"`);
    expect(shown(none)).toContain(`does not have ${SPACE_MEETINGS}`);
    expect(titlesOf(none)).not.toContain('Approve');
  });

  it('asks where a name fits several, and takes the id that was chosen', async () => {
    const asked = await answer(anna, `licenses assign ${at('noor.devries')} license="Meeting - Webex Meeting Center on ${EU}"`);
    expect(textOf(asked)).toContain('Which license');
    const { id } = await licenses.named(`Meeting - Webex Meeting Center on ${EU} (Sub207733)`);
    await anna.press(asked, 'Next', { license: id });
    expect(shown(await anna.hears(/Noor de Vries/))).toContain('400413');
  });

  it('wants a license to be named, and takes an id with the padding of its base64', async () => {
    for (const text of [`licenses assign ${at('amy.adams')} license=,`, 'licenses template "Empty" license=,']) expect(textOf(await answer(anna, text))).toContain('No license is named.');
    const { id } = await licenses.named(STANDARD);
    const padded = id.padEnd(Math.ceil(id.length / 4) * 4, '=');
    expect(padded).toMatch(/[^=]={1,2}$/);
    expect(shown(await answer(anna, `licenses show ${padded}`))).toContain(STANDARD);
  });

  it('refuses what is no license of the organization', async () => {
    expect(textOf(await answer(anna, `licenses assign ${at('noor.devries')} license="Webex Teleporter"`))).toMatch(/Webex Teleporter.*license/);
  });
});

describe('what Webex would refuse is said before approval, by its code', () => {
  const cases: [string, number, string][] = [
    ['Calling Standard for Professional', 400112, `licenses move ${at('ben.okoye')} from="${PROFESSIONAL}" to="${STANDARD}"`],
    ['Messenger', 400118, `licenses assign ${at('amy.adams')} license="Webex Messenger"`],
    ['attendee of an unknown site', 400216, `licenses site add ${at('amy.adams')} site=other.webex.com`],
    ['attendee where host', 400216, `licenses site add ${at('amy.adams')} site=${US}`],
    ['Standard and Professional at once', 400404, `licenses assign ${at('amy.adams')} license="${STANDARD}","${PROFESSIONAL}" extension=4711 location=Berlin`],
    ['Attendant Console beside Standard', 400406, `licenses assign ${at('gus.meyer')} license="${CONSOLE}"`],
    ['Customer Experience beside Standard', 400407, `licenses assign ${at('gus.meyer')} license="${CX}"`],
    ['Attendant Console without Professional', 400408, `licenses assign ${at('amy.adams')} license="${CONSOLE}"`],
    ['Professional from under Attendant Console', 400408, `licenses remove ${at('bob.nguyen')} license="${PROFESSIONAL}"`],
    ['calling for many without numbers', 400411, `licenses assign ${at('amy.adams')},${at('noor.devries')} license="${STANDARD}"`],
    ['the same of two subscriptions', 400413, `licenses assign ${at('amy.adams')} license="Messaging (Sub207733)"`],
    ['free messaging from under Messaging', 700003, `licenses remove ${at('amy.adams')} license="Basic Messaging"`],
    ['paid meetings without free ones', 700004, `licenses assign ${at('pavel.orlov')} license="${SPACE_MEETINGS}"`],
    ['Screen Share', 700006, `licenses remove ${at('amy.adams')} license="Free screen share"`],
  ];
  it.each(cases)('%s: %i', async (_, errorCode, text) => {
    await world.mark();
    const card = await answer(anna, text);
    expect(shown(card)).toContain(`Webex: ${errorCode}`);
    expect(await licenses.sent()).toEqual([]);
  });

  it('free meetings without free messaging: 700005', async () => {
    await licenses.give('grace.hall', []);
    expect(shown(await answer(anna, `licenses assign ${at('grace.hall')} license="Basic Space Meetings"`))).toContain('Webex: 700005');
  });

  it('Standard for Customer Experience: 400410', async () => {
    await licenses.give('grace.hall', [CX]);
    const rows = [`${at('grace.hall')},${CX},remove`, `${at('grace.hall')},${STANDARD},add,4712,,Berlin`];
    expect(shown(await answer(anna, ...importing(rows)))).toContain('Webex: 400410');
  });

  it('an unknown license: 400000, an unknown location: 400', async () => {
    expect(textOf(await answer(anna, `licenses assign ${at('amy.adams')} license=nothing-like-it`))).toMatch(/not .*license|license.* not/i);
    expect(textOf(await answer(anna, `licenses assign ${at('amy.adams')} license="${STANDARD}" extension=4711 location=Atlantis`))).toMatch(/no location “Atlantis”.*Webex: 400/);
  });
});

describe('calling', () => {
  it('asks for the number on a card when it is missing, for one person', async () => {
    const asked = await answer(anna, `licenses assign ${at('daniel.kim2')} license="${STANDARD}"`);
    expect(shown(asked)).toContain('needs an extension or a phone number');
    const locations = (await anna.api('GET', '/locations')).json.items as { id: string; name: string }[];
    const berlin = locations.find(({ name }) => name === 'Berlin')!.id;
    await anna.press(asked, 'Next', { extension: '4720', location: berlin });
    const card = await anna.hears(/Nothing has been changed yet/);
    expect(shown(card)).toContain('with extension 4720 in Berlin');
    await approve(anna, card);
    expect((await licenses.person('daniel.kim2')).calling).toEqual({ extension: '4720', locationId: berlin });
  });

  it('shows on that card what was written already', async () => {
    const asked = await answer(anna, `licenses assign ${at('yusuf.oeztuerk')} license="${STANDARD}" location=berlin`);
    const berlin = (await anna.api('GET', '/locations')).json.items.find(({ name }: { name: string }) => name === 'Berlin').id;
    expect([...inputsOf(asked)].map(([id, { value }]) => [id, value])).toEqual([['extension', ''], ['phone', ''], ['location', berlin]]);
    const other = await answer(anna, `licenses assign ${at('yusuf.oeztuerk')} license="${STANDARD}" extension=4719`);
    expect(inputsOf(other).get('extension')?.value).toBe('4719');
  });

  it('says what goes with the license, and undo gives it back with number, extension and location', async () => {
    const before = await licenses.holding('ben.okoye');
    expect((await licenses.person('ben.okoye')).calling).toBeDefined();
    const card = await plan(anna, `licenses remove ${at('ben.okoye')} license="${PROFESSIONAL}"`);
    expect(shown(card)).toMatch(/number and extension go with the calling license\. Undo gives them back/);
    const result = await approve(anna, card);
    expect((await licenses.person('ben.okoye')).calling).toBeUndefined();
    await undo(anna, result);
    expect(await licenses.holding('ben.okoye')).toEqual(before);
  });

  it('one extension is given to one person only', async () => {
    const card = await plan(anna, `licenses assign ${at('tomas.novak')},${at('lukasz.wojcik')} license="${STANDARD}" extension=4730 location=Berlin`);
    expect(shown(card)).toMatch(/extension 4730: this plan gives it to somebody else/);
    expect(shown(card)).not.toMatch(/Łukasz Wójcik gets/);
  });

  it('an extension of somebody else is found by Webex alone: failed, said, and nothing else is changed', async () => {
    const { extension } = (await licenses.person('bob.nguyen')).calling!;
    const before = await licenses.holding('tomas.novak');
    const result = await change(anna, `licenses assign ${at('tomas.novak')} license="${STANDARD}" extension=${extension} location="New York"`);
    expect(countsOf(result)).toBe('Finished: 1 failed');
    expect(shown(result)).toContain(`Webex did not give ${STANDARD}`);
    expect(await licenses.holding('tomas.novak')).toEqual(before);
  });
});

describe('sites', () => {
  it('an attendee becomes host in one call, and undo makes an attendee again', async () => {
    const before = await licenses.holding('ines.goncalves');
    await world.mark();
    const card = await plan(anna, `licenses assign ${at('ines.goncalves')} license="${US_MEETING}"`);
    expect(shown(card)).toContain(`is host instead of attendee on ${US}`);
    const result = await approve(anna, card);
    expect((await licenses.person('ines.goncalves')).sites).toMatchObject([{ siteUrl: US, accountType: 'host' }]);
    expect(await licenses.sent()).toMatchObject([{ siteUrls: [{ siteUrl: US, accountType: 'attendee', operation: 'remove' }] }]);
    await undo(anna, result);
    expect(await licenses.holding('ines.goncalves')).toEqual(before);
  });

  it('attendees are added and removed', async () => {
    const before = await licenses.holding('daniel.kim');
    const result = await change(anna, `licenses site add ${at('daniel.kim')} site=https://ACME-EU.webex.com/`);
    expect((await licenses.person('daniel.kim')).sites.map(({ siteUrl, accountType }) => [siteUrl, accountType])).toContainEqual([EU, 'attendee']);
    await undo(anna, result);
    expect(await licenses.holding('daniel.kim')).toEqual(before);
    await change(anna, `licenses site remove ${at('aoife.byrne')} site=${US}`);
    expect((await licenses.person('aoife.byrne')).sites.map(({ siteUrl }) => siteUrl)).toEqual([EU]);
  });
});

describe('seats', () => {
  it('that run out within the plan: the order decides, the rest is named and kept', async () => {
    const card = await plan(anna, `licenses assign ${at('bob.nguyen')},${at('victor.stone')},${at('xavier.darcy')} license="Meeting - Webex Webinars 1000"`);
    expect(linesOf(card)).toContain(`Bob Nguyễn gets Meeting - Webex Webinars 1000 on ${US}`);
    expect(shown(card)).toMatch(/Victor Stone and Xavier D'Arcy: there is no seat of Meeting - Webex Webinars 1000/);
    const kept = await file(anna, 'left-out.csv');
    expect(kept.trim().split('\r\n')).toEqual([
      HEADER, `${at('victor.stone')},Meeting - Webex Webinars 1000 on ${US},add,,,,,,`, `${at('xavier.darcy')},Meeting - Webex Webinars 1000 on ${US},add,,,,,,`,
    ]);
    await approve(anna, card);
    await world.control('POST', 'change', { licenses: [{ name: 'Meeting - Webex Webinars 1000', totalUnits: 5 }] });
    const again = await plan(anna, ...importing(kept));
    expect(countsOf(await approve(anna, again))).toBe('Done: 2 done');
    expect(await licenses.has('xavier.darcy', 'Meeting - Webex Webinars 1000')).toBe(true);
  });

  it('that are gone since the plan: Webex answers 206, the missing one is failed, the rest is done', async () => {
    const card = await plan(anna, `licenses assign ${at('priya.natarajan')} license="${CX}","${SPACE_MEETINGS}" extension=4740 location=Berlin`);
    await world.control('POST', 'change', { licenses: [{ name: CX, totalUnits: 0 }] });
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Finished: 1 failed');
    expect(shown(result)).toContain(`Webex did not give ${CX}`);
    expect([await licenses.has('priya.natarajan', CX), await licenses.has('priya.natarajan', SPACE_MEETINGS)]).toEqual([false, true]);
    await undo(anna, result);
    expect(await licenses.has('priya.natarajan', SPACE_MEETINGS)).toBe(false);
    await world.control('POST', 'change', { licenses: [{ name: CX, totalUnits: 10 }] });
  });
});

describe('people of other organizations', () => {
  it('are only meant when it is said, and what they get is pending', async () => {
    const refused = await answer(anna, `licenses assign ${OLGA} license="${US_MEETING}"`);
    expect(shown(refused)).toContain(OLGA);
    expect(titlesOf(refused)).not.toContain('Approve');
    const before = await licenses.holding(OLGA);
    const card = await plan(anna, `licenses assign ${OLGA} license="${US_MEETING}","${SPACE_MEETINGS}" outside=yes`);
    expect(shown(card)).toMatch(/is offered Meeting - Webex Meeting Center/);
    expect(shown(card)).toMatch(/pending until it is accepted/);
    expect(shown(card)).toContain(`can only get meeting licenses and sites, not ${SPACE_MEETINGS}`);
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Done: 1 done');
    expect((await licenses.person(OLGA)).pendingLicenses).toEqual([(await licenses.named(US_MEETING)).id]);
    await undo(anna, result);
    expect(await licenses.holding(OLGA)).toEqual(before);
  });

  it('are named in a file by a column; one row says it for all rows of the address, and who is of the organization is taken as that', async () => {
    const before = await licenses.holding(OLGA);
    await licenses.give('amy.adams', [...FREE, US_MEETING]);
    const card = await plan(anna, ...importing([
      `${OLGA},${US_MEETING},add,,,,,YES`, `${OLGA},,add,,,,${EU},`, `${at('amy.adams')},${US_MEETING},remove,,,,,yes`,
      `olga.petrof@globex.test,${US_MEETING},add,,,,,no`, `olga.petrof@globex.test,${EVENTS}`,
    ]));
    expect(linesOf(card)).toEqual(expect.arrayContaining([expect.stringMatching(/of another organization\) is offered Meeting - Webex Meeting Center.* and is offered to be an attendee on acme-eu/), `Amy Adams loses ${US_MEETING}`]));
    const fix = (await file(anna, 'fix-these.csv')).split('\r\n').filter((line) => line.startsWith('olga.petrof'));
    expect(fix).toEqual([0, 1].map(() => expect.stringMatching(/is not known in this organization,.*write yes in the column outside/)));
    await world.mark();
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Done: 2 done');
    expect(await licenses.sent(OLGA)).toHaveLength(1);
    expect(await licenses.holding(OLGA)).toMatchObject({ pendingLicenses: [(await licenses.named(US_MEETING)).id], pendingAttendeeOf: [EU] });
    await undo(anna, result);
    expect(await licenses.holding(OLGA)).toEqual(before);
    expect(await licenses.has('amy.adams', US_MEETING)).toBe(true);
  });

  it('stay so in the rows that come back, which are imported as they are', async () => {
    const before = await licenses.holding(OLGA);
    const { id, totalUnits } = await licenses.named(US_MEETING);
    await world.control('POST', 'change', { licenses: [{ id, totalUnits: 0 }] });
    const card = await answer(anna, ...importing([`${OLGA},${US_MEETING},add,,,,,yes`, `${OLGA},Webex Nothing`, `${OLGA},,add,,,,${EU},perhaps`]));
    expect(shown(card)).toContain(`there is no seat of ${US_MEETING}`);
    const fix = await file(anna, 'fix-these.csv');
    expect(fix).toContain(`${OLGA},Webex Nothing,add,,,,,yes,`);
    expect(fix).toMatch(/perhaps,,4,it is not understood whether the person is of another organization,.*write yes in the column outside/);
    const kept = await file(anna, 'left-out.csv');
    expect(kept.trim().split('\r\n')).toEqual([HEADER, `${OLGA},${US_MEETING},add,,,,,yes,`]);

    await world.control('POST', 'change', { licenses: [{ id, totalUnits }] });
    const corrected = fix.replace('Webex Nothing', EVENTS).replace('perhaps', 'yes');
    const done = await approve(anna, await plan(anna, ...importing(corrected)));
    expect(await licenses.holding(OLGA)).toMatchObject({ pendingLicenses: [(await licenses.named(EVENTS)).id] });
    await undo(anna, done);
    const again = await approve(anna, await plan(anna, ...importing(kept)));
    expect(await licenses.holding(OLGA)).toMatchObject({ pendingLicenses: [id] });
    await undo(anna, again);
    expect(await licenses.holding(OLGA)).toEqual(before);
  });
});

describe('a file', () => {
  it('makes one call per person; contradictions and bad rows come back and block nothing', async () => {
    const rows = [
      'email;license;operation;extension;phone;location;site',
      `${at('raj.patel')};${SPACE_MEETINGS};remove;;;;`, `${at('raj.patel')};Webex Events;add;;;;`,
      `${at('olu.adeyemi')};${SPACE_MEETINGS};add;;;;`, `${at('olu.adeyemi')};${SPACE_MEETINGS};remove;;;;`,
      `${at('noor.devries')};Webex Nothing;add;;;;`, `${at('nobody.here')};${SPACE_MEETINGS};add;;;;`,
      `${at('zoe.kraus')};;add;;;;${US}`, `${at('soren.aakesson')};${STANDARD};add;4750;;Berlin;`,
    ];
    await world.mark();
    const card = await plan(anna, ...importing(rows.join('\n')));
    const fix = await file(anna, 'fix-these.csv');
    expect(fix).toMatch(/row 4 \(add\) contradicts row 5 \(remove\)/);
    expect(fix).toMatch(/row 5 \(remove\) contradicts row 4 \(add\)/);
    expect(fix).toContain('400000');
    expect(fix).toContain('nobody.here@acme.test is not known in this organization');
    expect(countsOf(await approve(anna, card))).toBe('Done: 3 done');
    expect(await licenses.sent()).toHaveLength(3);
    expect([await licenses.has('raj.patel', SPACE_MEETINGS), await licenses.has('raj.patel', EVENTS), await licenses.has('soren.aakesson', STANDARD)]).toEqual([false, true, true]);
    expect((await licenses.person('zoe.kraus')).sites).toContainEqual(expect.objectContaining({ siteUrl: US, accountType: 'attendee' }));
  });

  it('is asked for again where its plan is made anew, and columns that are not known are named', async () => {
    await licenses.give('noor.devries', FREE);
    const card = await plan(anna, ...importing(`email,license,site_url,name\n${at('noor.devries')},${SPACE_MEETINGS},,Noor`));
    expect(shown(card)).toContain('Columns are not known and not used: “site_url” and “name”.');
    expect(textOf(await planAgain(anna, card))).toContain('Attach a CSV file with the header email,license (and operation, extension, phone, location, site, outside and from if you like)');
  });
});

timed('a time', () => {
  it('until= takes the license back by itself', async () => {
    const before = await licenses.holding('mary-jane.vandenberg');
    await change(anna, `licenses assign ${at('mary-jane.vandenberg')} license="${SPACE_MEETINGS}" until=2d`);
    expect(await licenses.has('mary-jane.vandenberg', SPACE_MEETINGS)).toBe(true);
    await world.control('POST', 'clock', { advance: '49h' });
    await anna.hears(/End of Assign .*taken back/);
    expect(await licenses.holding('mary-jane.vandenberg')).toEqual(before);
  });
});
