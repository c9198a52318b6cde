import { answer, approve, change, countsOf, file, linesOf, plan, shown } from '../support/plans.js';
import { textOf, titlesOf, type Person } from '../support/person.js';
import { timed } from '../support/schedules.js';
import { startWorld, type World } from '../support/world.js';

const US = 'acme.webex.com';
const EU = 'acme-eu.webex.com';
const SPACE_MEETINGS = 'Advanced Space Meetings';
const PROFESSIONAL = 'Webex Calling - Professional (Sub100417)';
const OTHER_PROFESSIONAL = 'Webex Calling - Professional (Sub207733)';
const STANDARD = 'Webex Calling - Standard';
const CONSOLE = 'Webex Calling - Attendant Console';
const CX = 'Customer Experience - Essential';
const US_MEETING = `Meeting - Webex Meeting Center on ${US}`;
const OLGA = 'olga.petrov@globex.test';
const at = (name: string): string => (name.includes('@') ? name : `${name}@acme.test`);

interface License {
  id: string;
  name: string;
  siteUrl?: string;
  subscriptionId?: string;
  totalUnits: number;
}

interface Held {
  id: string;
  emails: string[];
  licenses: string[];
  pendingLicenses?: string[];
  pendingAttendeeOf?: string[];
  calling?: Record<string, string>;
  sites: { siteUrl: string; accountType: string }[];
}

let world: World;
let anna: Person;

const state = (): Promise<{ people: Held[]; licenses: License[] }> => world.control('GET', 'state');

/** The license that a label means. */
async function license(label: string): Promise<License> {
  const found = (await state()).licenses.filter((one) => [one.name, `${one.name} (${one.subscriptionId ?? ''})`, `${one.name} on ${one.siteUrl ?? ''}`].includes(label));
  expect([label, found.length]).toEqual([label, 1]);
  return found[0]!;
}

async function person(name: string): Promise<Held> {
  const found = (await state()).people.find(({ emails }) => emails.includes(at(name)));
  if (found === undefined) throw new Error(`Nobody is ${name}`);
  return found;
}

/** Everything that an assignment could touch. */
async function holding(name: string): Promise<unknown> {
  const { licenses, sites, calling, pendingLicenses, pendingAttendeeOf } = await person(name);
  return {
    licenses: [...licenses].sort(), calling, pending: [pendingLicenses ?? [], pendingAttendeeOf ?? []],
    sites: sites.map(({ siteUrl, accountType }) => `${siteUrl} ${accountType}`).sort(),
  };
}

async function has(name: string, label: string): Promise<boolean> {
  return (await person(name)).licenses.includes((await license(label)).id);
}

const patches = async (): Promise<any[]> => (await world.requests('PATCH /v1/licenses/users')).map(({ body }) => body);

/** Presses [Undo] on a result, approves, and gives the result of that. */
async function undo(result: Awaited<ReturnType<typeof change>>): Promise<Awaited<ReturnType<typeof change>>> {
  await anna.press(result, 'Undo');
  return approve(anna, await anna.hears((message) => /Undo: /.test(textOf(message)) && titlesOf(message).includes('Approve')));
}

beforeAll(async () => {
  world = await startWorld({ people: 60, env: { APPROVAL_STEPS: '1000' } });
  anna = world.person('anna.berg');
  await world.link(anna, 'licenses');
});
afterAll(async () => { await world.stop(); });

describe('assign and remove', () => {
  it('is one call per person, whatever is asked, and undo ends where it began', async () => {
    const before = await holding('amy.adams');
    await world.mark();
    const result = await change(anna, `licenses assign ${at('amy.adams')} license="${SPACE_MEETINGS}","Webex Events"`);
    expect(countsOf(result)).toBe('Done: 1 done');
    expect([await has('amy.adams', SPACE_MEETINGS), await has('amy.adams', 'Webex Events')]).toEqual([true, true]);
    const [sent, ...more] = await patches();
    expect(more).toEqual([]);
    expect(sent).toEqual({ personId: (await person('amy.adams')).id, licenses: expect.arrayContaining([{ id: (await license(SPACE_MEETINGS)).id, operation: 'add' }]) });
    await undo(result);
    expect(await holding('amy.adams')).toEqual(before);
  });

  it('takes away only what is named, and never writes a person as a whole', async () => {
    const before = await holding('kwame.mensah');
    await world.mark();
    const result = await change(anna, `licenses remove ${at('kwame.mensah')} license="${SPACE_MEETINGS}"`);
    expect(await has('kwame.mensah', SPACE_MEETINGS)).toBe(false);
    await undo(result);
    expect(await holding('kwame.mensah')).toEqual(before);
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
    const { licenses } = await state();
    const other = licenses.find(({ siteUrl, subscriptionId }) => siteUrl === EU && subscriptionId === 'Sub207733')!;
    await anna.press(asked, 'Next', { license: other.id });
    expect(shown(await anna.hears(/Noor de Vries/))).toContain('400413');
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
    expect(await patches()).toEqual([]);
  });

  it('free meetings without free messaging: 700005', async () => {
    await world.control('POST', 'change', { people: [{ email: at('grace.hall'), licenses: [] }] });
    expect(shown(await answer(anna, `licenses assign ${at('grace.hall')} license="Basic Space Meetings"`))).toContain('Webex: 700005');
  });

  it('Standard for Customer Experience: 400410', async () => {
    await world.control('POST', 'change', { people: [{ email: at('grace.hall'), licenses: [CX] }] });
    const content = `email,license,operation,extension,location\n${at('grace.hall')},${CX},remove,,\n${at('grace.hall')},${STANDARD},add,4712,Berlin\n`;
    expect(shown(await answer(anna, 'licenses import', { file: { name: 'downgrade.csv', content } }))).toContain('Webex: 400410');
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
    expect((await person('daniel.kim2')).calling).toEqual({ extension: '4720', locationId: berlin });
  });

  it('says what goes with the license, and undo gives it back with number, extension and location', async () => {
    const before = await holding('ben.okoye');
    expect((await person('ben.okoye')).calling).toBeDefined();
    const card = await plan(anna, `licenses remove ${at('ben.okoye')} license="${PROFESSIONAL}"`);
    expect(shown(card)).toMatch(/number and extension go with the calling license\. Undo gives them back/);
    const result = await approve(anna, card);
    expect((await person('ben.okoye')).calling).toBeUndefined();
    await undo(result);
    expect(await holding('ben.okoye')).toEqual(before);
  });

  it('one extension is given to one person only', async () => {
    const card = await plan(anna, `licenses assign ${at('tomas.novak')},${at('lukasz.wojcik')} license="${STANDARD}" extension=4730 location=Berlin`);
    expect(shown(card)).toMatch(/extension 4730: this plan gives it to somebody else/);
    expect(shown(card)).not.toMatch(/Łukasz Wójcik gets/);
  });

  it('an extension of somebody else is found by Webex alone: failed, said, and nothing else is changed', async () => {
    const { extension } = (await person('bob.nguyen')).calling!;
    const before = await holding('tomas.novak');
    const result = await change(anna, `licenses assign ${at('tomas.novak')} license="${STANDARD}" extension=${extension} location="New York"`);
    expect(countsOf(result)).toBe('Finished: 1 failed');
    expect(shown(result)).toContain(`Webex did not give ${STANDARD}`);
    expect(await holding('tomas.novak')).toEqual(before);
  });
});

describe('sites', () => {
  it('an attendee becomes host in one call, and undo makes an attendee again', async () => {
    const before = await holding('ines.goncalves');
    await world.mark();
    const card = await plan(anna, `licenses assign ${at('ines.goncalves')} license="${US_MEETING}"`);
    expect(shown(card)).toContain(`is host instead of attendee on ${US}`);
    const result = await approve(anna, card);
    expect((await person('ines.goncalves')).sites).toMatchObject([{ siteUrl: US, accountType: 'host' }]);
    expect(await patches()).toMatchObject([{ siteUrls: [{ siteUrl: US, accountType: 'attendee', operation: 'remove' }] }]);
    await undo(result);
    expect(await holding('ines.goncalves')).toEqual(before);
  });

  it('attendees are added and removed', async () => {
    const before = await holding('daniel.kim');
    const result = await change(anna, `licenses site add ${at('daniel.kim')} site=https://ACME-EU.webex.com/`);
    expect((await person('daniel.kim')).sites.map(({ siteUrl, accountType }) => [siteUrl, accountType])).toContainEqual([EU, 'attendee']);
    await undo(result);
    expect(await holding('daniel.kim')).toEqual(before);
    await change(anna, `licenses site remove ${at('aoife.byrne')} site=${US}`);
    expect((await person('aoife.byrne')).sites.map(({ siteUrl }) => siteUrl)).toEqual([EU]);
  });
});

describe('seats', () => {
  it('that run out within the plan: the order decides, the rest is named and kept', async () => {
    const card = await plan(anna, `licenses assign ${at('bob.nguyen')},${at('victor.stone')},${at('xavier.darcy')} license="Meeting - Webex Webinars 1000"`);
    expect(linesOf(card)).toContain(`Bob Nguyễn gets Meeting - Webex Webinars 1000 on ${US}`);
    expect(shown(card)).toMatch(/Victor Stone and Xavier D'Arcy: there is no seat of Meeting - Webex Webinars 1000/);
    const kept = await file(anna, 'left-out.csv');
    expect(kept.trim().split('\r\n')).toEqual([
      'email,license,operation,extension,phone,location,site',
      `${at('victor.stone')},Meeting - Webex Webinars 1000 on ${US},add,,,,`, `${at('xavier.darcy')},Meeting - Webex Webinars 1000 on ${US},add,,,,`,
    ]);
    await approve(anna, card);
    await world.control('POST', 'change', { licenses: [{ name: 'Meeting - Webex Webinars 1000', totalUnits: 5 }] });
    const again = await plan(anna, 'licenses import', { file: { name: 'left-out.csv', content: kept } });
    expect(countsOf(await approve(anna, again))).toBe('Done: 2 done');
    expect(await has('xavier.darcy', 'Meeting - Webex Webinars 1000')).toBe(true);
  });

  it('that are gone since the plan: Webex answers 206, the missing one is failed, the rest is done', async () => {
    const card = await plan(anna, `licenses assign ${at('priya.natarajan')} license="${CX}","${SPACE_MEETINGS}" extension=4740 location=Berlin`);
    await world.control('POST', 'change', { licenses: [{ name: CX, totalUnits: 0 }] });
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Finished: 1 failed');
    expect(shown(result)).toContain(`Webex did not give ${CX}`);
    expect([await has('priya.natarajan', CX), await has('priya.natarajan', SPACE_MEETINGS)]).toEqual([false, true]);
    await undo(result);
    expect(await has('priya.natarajan', SPACE_MEETINGS)).toBe(false);
    await world.control('POST', 'change', { licenses: [{ name: CX, totalUnits: 10 }] });
  });
});

describe('move', () => {
  it('changes one license for the other in one call, with number and extension', async () => {
    const before = await holding('ben.okoye');
    await world.mark();
    const result = await change(anna, `licenses move ${at('ben.okoye')} from="${PROFESSIONAL}" to="${OTHER_PROFESSIONAL}"`);
    expect([await has('ben.okoye', PROFESSIONAL), await has('ben.okoye', OTHER_PROFESSIONAL)]).toEqual([false, true]);
    expect((await person('ben.okoye')).calling).toEqual((before as Held).calling);
    expect((await patches()).map(({ licenses }) => licenses.map(({ operation }: { operation: string }) => operation))).toEqual([['remove', 'add']]);
    await undo(result);
    expect(await holding('ben.okoye')).toEqual(before);
  });

  it('of all finds everybody, and who gets no seat keeps the old one', async () => {
    const { people } = await state();
    const messaging = await license('Messaging (Sub100417)');
    const holders = people.filter(({ licenses }) => licenses.includes(messaging.id)).length;
    await world.control('POST', 'change', { licenses: [{ id: (await license('Messaging (Sub207733)')).id, totalUnits: 5 }] });
    const card = await plan(anna, 'licenses move all from="Messaging (Sub100417)" to="Messaging (Sub207733)"');
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Done: 5 done');
    const after = (await state()).people;
    expect(after.filter(({ licenses }) => licenses.includes(messaging.id))).toHaveLength(holders - 5);
    expect(shown(card)).toContain(`${holders - 5} people wait for a seat`);
  });

  it('that Webex does by half is failed, and said so; undo gives the old one back', async () => {
    const before = await holding('xavier.darcy');
    const card = await plan(anna, `licenses move ${at('xavier.darcy')} from="${PROFESSIONAL}" to="${OTHER_PROFESSIONAL}"`);
    await world.control('POST', 'change', { licenses: [{ id: (await license(OTHER_PROFESSIONAL)).id, totalUnits: 0 }] });
    const result = await approve(anna, card);
    expect(shown(result)).toMatch(/has neither .* now/);
    await undo(result);
    expect(await holding('xavier.darcy')).toEqual(before);
  });
});

describe('people of other organizations', () => {
  it('are only meant when it is said, and what they get is pending', async () => {
    const refused = await answer(anna, `licenses assign ${OLGA} license="${US_MEETING}"`);
    expect(shown(refused)).toContain(OLGA);
    expect(titlesOf(refused)).not.toContain('Approve');
    const before = await holding(OLGA);
    const card = await plan(anna, `licenses assign ${OLGA} license="${US_MEETING}","${SPACE_MEETINGS}" outside=yes`);
    expect(shown(card)).toMatch(/is offered Meeting - Webex Meeting Center/);
    expect(shown(card)).toMatch(/pending until it is accepted/);
    expect(shown(card)).toContain(`can only get meeting licenses and sites, not ${SPACE_MEETINGS}`);
    const result = await approve(anna, card);
    expect(countsOf(result)).toBe('Done: 1 done');
    expect((await person(OLGA)).pendingLicenses).toEqual([(await license(US_MEETING)).id]);
    await undo(result);
    expect(await holding(OLGA)).toEqual(before);
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
    const card = await plan(anna, 'licenses import', { file: { name: 'licenses.csv', content: rows.join('\n') } });
    const fix = await file(anna, 'fix-these.csv');
    expect(fix).toMatch(/row 4 \(add\) contradicts row 5 \(remove\)/);
    expect(fix).toMatch(/row 5 \(remove\) contradicts row 4 \(add\)/);
    expect(fix).toContain('400000');
    expect(fix).toContain('nobody.here@acme.test is not known in this organization');
    expect(countsOf(await approve(anna, card))).toBe('Done: 3 done');
    expect(await patches()).toHaveLength(3);
    expect([await has('raj.patel', SPACE_MEETINGS), await has('raj.patel', 'Webex Events'), await has('soren.aakesson', STANDARD)]).toEqual([false, true, true]);
    expect((await person('zoe.kraus')).sites).toContainEqual(expect.objectContaining({ siteUrl: US, accountType: 'attendee' }));
  });
});

timed('a time', () => {
  it('until= takes the license back by itself', async () => {
    const before = await holding('mary-jane.vandenberg');
    await change(anna, `licenses assign ${at('mary-jane.vandenberg')} license="${SPACE_MEETINGS}" until=2d`);
    expect(await has('mary-jane.vandenberg', SPACE_MEETINGS)).toBe(true);
    await world.control('POST', 'clock', { advance: '49h' });
    await anna.hears(/End of Assign .*taken back/);
    expect(await holding('mary-jane.vandenberg')).toEqual(before);
  });
});
