import { startWire, type Json, type Reply, type Wire } from './wire.js';

let wire: Wire;
beforeAll(async () => { wire = await startWire(); });
afterAll(() => wire.stop());
afterEach(async () => { await control('reset', {}); });

const US = 'acme.webex.com';
const EU = 'acme-eu.webex.com';
const OLGA = 'olga.petrov@globex.test';
const address = (local: string): string => (local.includes('@') ? local : `${local}@acme.test`);
const admin = (method: string, path: string, body?: unknown): Promise<Reply> => wire.call(method, `/v1${path}`, { token: wire.token('anna.berg'), ...(body === undefined ? {} : { body }) });
const control = (path: string, body: unknown): Promise<Reply> => wire.call('POST', `/_emulator/${path}`, { body });

/** The license with this name; of a site or a subscription where the name repeats. */
const license = (name: string, of = ''): Json => {
  const found = [...wire.emulator.state.licenses.values()].filter((one) => one.name === name && (of === '' || one.siteUrl === of || one.subscriptionId === of));
  expect(found).toHaveLength(1);
  return found[0];
};
const PROFESSIONAL = ['Webex Calling - Professional', 'Sub100417'] as const;
const STANDARD = ['Webex Calling - Standard'] as const;
const CONSOLE = ['Webex Calling - Attendant Console'] as const;
const CX = ['Customer Experience - Essential'] as const;
const US_MEETING = ['Meeting - Webex Meeting Center', US] as const;
type Name = readonly [string, string?];

const location = (name: string): string => [...wire.emulator.state.locations.values()].find((one) => one.name === name)!.id;
const add = (name: Name, properties?: Json): Json => ({ id: license(...name).id, ...(properties ? { properties } : {}) });
const remove = (name: Name): Json => ({ id: license(...name).id, operation: 'remove' });
const site = (siteUrl: string, operation?: string): Json => ({ siteUrl, accountType: 'attendee', ...(operation ? { operation } : {}) });
const called = (extension: string): Json => ({ extension, locationId: location('New York') });
const assign = (local: string, licenses: Json[], siteUrls: Json[] = []): Promise<Reply> => admin('PATCH', '/licenses/users', { email: address(local), licenses, siteUrls });
const codeOf = ({ status, json }: Reply): Json => [status, json.errors?.[0].errorCode];
const personOf = (local: string): Json => wire.emulator.state.people.get(wire.emulator.state.peopleByEmail.get(address(local))!);
const holds = (local: string, name: Name): boolean => personOf(local).licenses.includes(license(...name).id);
const person = async (local: string): Promise<Json> => (await admin('GET', `/people/${personOf(local).id}?callingData=true`)).json;

describe('each documented error of an assignment', () => {
  const cases: [string, number, string, () => Json[], (() => Json[])?][] = [
    ['a location that is not there', 400, 'amy.adams', () => [add(PROFESSIONAL, { extension: '77', locationId: 'nowhere' })]],
    ['an extension without its location', 400, 'amy.adams', () => [add(PROFESSIONAL, { extension: '77' })]],
    ['a number of no location', 400, 'amy.adams', () => [add(PROFESSIONAL, { phoneNumber: '+442071234567' })]],
    ['a license that is not there', 400000, 'amy.adams', () => [{ id: 'nothing' }]],
    ['Standard instead of Professional', 400112, 'ben.okoye', () => [remove(PROFESSIONAL), add(STANDARD, called('77'))]],
    ['Messenger', 400118, 'amy.adams', () => [add(['Webex Messenger'])]],
    ['attendee of an unknown site', 400216, 'amy.adams', () => [], () => [site('other.webex.com')]],
    ['attendee where host', 400216, 'amy.adams', () => [], () => [site(US)]],
    ['an account type that is not attendee', 400216, 'amy.adams', () => [], () => [{ siteUrl: US, accountType: 'host' }]],
    ['Standard beside Professional', 400404, 'ben.okoye', () => [add(STANDARD, called('77'))]],
    ['both at once', 400404, 'amy.adams', () => [add(STANDARD, called('77')), add(PROFESSIONAL, called('78'))]],
    ['Attendant Console beside Standard', 400406, 'gus.meyer', () => [add(CONSOLE)]],
    ['Customer Experience beside Standard', 400407, 'gus.meyer', () => [add(CX, called('77'))]],
    ['Attendant Console without Professional', 400408, 'amy.adams', () => [add(CONSOLE)]],
    ['Professional away from under Attendant Console', 400408, 'bob.nguyen', () => [remove(PROFESSIONAL)]],
    ['calling without properties', 400411, 'amy.adams', () => [add(PROFESSIONAL)]],
    ['calling with a location only', 400411, 'amy.adams', () => [add(STANDARD, { locationId: location('Berlin') })]],
    ['the same license of two subscriptions', 400413, 'amy.adams', () => [add(['Messaging', 'Sub207733'])]],
    ['the free messaging away from under Messaging', 700003, 'amy.adams', () => [remove(['Basic Messaging'])]],
    ['paid meetings without free ones', 700004, 'pavel.orlov', () => [add(['Advanced Space Meetings'])]],
    ['free meetings without free messaging', 700005, 'amy.adams', () => [remove(['Basic Messaging']), remove(['Messaging', 'Sub100417'])]],
    ['Screen Share away', 700006, 'amy.adams', () => [remove(['Free screen share'])]],
  ];
  it.each(cases)('%s: %i', async (...[, errorCode, local, licenses, sites]) => {
    const before = structuredClone(personOf(local));
    const reply = await assign(local, licenses(), sites?.() ?? []);
    expect(codeOf(reply)).toEqual([400, errorCode]);
    expect(reply.json).toMatchObject({ message: expect.any(String), trackingId: expect.any(String), errors: [{ description: expect.any(String) }] });
    expect(personOf(local)).toEqual(before);
  });

  it('Standard instead of Customer Experience: 400410', async () => {
    await control('change', { people: [{ email: address('amy.adams'), licenses: [CX[0]] }] });
    expect(codeOf(await assign('amy.adams', [remove(CX), add(STANDARD, called('77'))]))).toEqual([400, 400410]);
  });

  it('Messaging for who has no free messaging: 700003', async () => {
    await control('change', { people: [{ email: address('amy.adams'), licenses: [] }] });
    expect(codeOf(await assign('amy.adams', [add(['Messaging', 'Sub100417'])]))).toEqual([400, 700003]);
  });

  it('refuses the whole call: what would have been right is not done either', async () => {
    expect(codeOf(await assign('amy.adams', [add(['Advanced Space Meetings']), { id: 'nothing' }]))).toEqual([400, 400000]);
    expect(holds('amy.adams', ['Advanced Space Meetings'])).toBe(false);
  });
});

describe('a request', () => {
  it('names an existing person by address or id, and something to do', async () => {
    const { id } = personOf('amy.adams');
    const licenses = [add(['Advanced Space Meetings'])];
    const ask = async (body: Json): Promise<number> => (await admin('PATCH', '/licenses/users', body)).status;
    expect(await ask({ licenses })).toBe(400);
    expect(await ask({ email: address('amy.adams') })).toBe(400);
    expect(await ask({ email: address('amy.adams'), licenses: [{ operation: 'add' }] })).toBe(400);
    expect(await ask({ email: address('amy.adams'), licenses: [...licenses, ...licenses] })).toBe(400);
    expect(await ask({ email: address('ben.okoye'), personId: id, licenses })).toBe(400);
    expect(await ask({ email: 'nobody@acme.test', licenses })).toBe(404);
    expect(await ask({ email: 'steward@webex.bot', licenses })).toBe(404);
    expect(await ask({ email: address('amy.adams'), orgId: 'other', licenses })).toBe(403);
    expect(await ask({ personId: id, licenses })).toBe(200);
    expect(await ask({ email: 'AMY.Adams@acme.test', personId: id, licenses })).toBe(200);
  });

  it('needs spark-admin:people_write of a full or user administrator', async () => {
    const as = async (local: string): Promise<number> =>
      (await wire.call('PATCH', '/v1/licenses/users', { token: wire.token(local), body: { email: address('amy.adams'), licenses: [add(['Advanced Space Meetings'])] } })).status;
    expect(await as('dora.silva')).toBe(200);
    for (const local of ['erik.lund', 'gus.meyer', 'hana.sato', 'amy.adams']) expect(await as(local)).toBe(403);
  });
});

describe('an assignment', () => {
  it('answers what is held then, and is in the counts, with the person and among the users', async () => {
    const held = Number(personOf('amy.adams').licenses.length);
    const { status, json } = await assign('amy.adams', [add(['Advanced Space Meetings'])]);
    expect([status, json.licenses.length]).toEqual([200, held + 1]);
    expect(json).toMatchObject({ personId: personOf('amy.adams').id, email: address('amy.adams'), orgId: personOf('amy.adams').orgId });
    expect(json.siteUrls).toEqual([{ siteUrl: US, accountType: 'host' }, { siteUrl: EU, accountType: 'host' }]);
    expect(json).not.toHaveProperty('pendingLicenses');
    const shown = (await admin('GET', `/licenses/${license('Advanced Space Meetings').id}?includeAssignedTo=user`)).json;
    expect(shown).toMatchObject({ consumedUnits: 2, consumedByUsers: 2 });
    expect(shown.users.map(({ email }: Json) => email)).toEqual([address('amy.adams'), address('kwame.mensah')]);
    expect((await person('amy.adams')).licenses).toEqual(json.licenses);
  });

  it('of what is held, or removal of what is not, is 200 and changes nothing', async () => {
    const before = personOf('amy.adams').licenses.slice();
    expect((await assign('amy.adams', [add(['Messaging', 'Sub100417']), remove(['Advanced Space Meetings'])])).status).toBe(200);
    expect(personOf('amy.adams').licenses).toEqual(before);
    expect(license('Messaging', 'Sub100417').consumedByUsers).toBe(60);
  });

  it('moves between subscriptions in one call, and the person stays host with the delegates', async () => {
    const eu = [...wire.emulator.state.licenses.values()].filter(({ name, siteUrl }) => name === 'Meeting - Webex Meeting Center' && siteUrl === EU);
    expect(eu).toHaveLength(2);
    expect((await assign('ingrid.dahl', [{ id: eu[0]!.id, operation: 'remove' }, { id: eu[1]!.id }])).json.siteUrls).toEqual([{ siteUrl: EU, accountType: 'host' }]);
    expect(personOf('ingrid.dahl').sites[0].delegates).toHaveLength(2);
  });

  it('with no unit left is 206: the license is missing, the rest is done, the removal too', async () => {
    await control('change', { licenses: [{ id: license('Meeting - Webex Meeting Center', US).id, totalUnits: 1 }] });
    const { status, json } = await assign('grace.hall', [add(US_MEETING), add(['Advanced Space Meetings']), remove(['Messaging', 'Sub100417'])], [site(US, 'remove')]);
    expect(status).toBe(206);
    expect(json.licenses).toContain(license('Advanced Space Meetings').id);
    expect(json.licenses).not.toContain(license(...US_MEETING).id);
    expect(json.licenses).not.toContain(license('Messaging', 'Sub100417').id);
    expect(json.siteUrls).toEqual([]);
  });

  it('never takes more units than there are, and unlimited ones never end', async () => {
    const webinars = license('Meeting - Webex Webinars 1000');
    expect(webinars.consumedByUsers).toBe(2);
    expect((await assign('amy.adams', [{ id: webinars.id }])).status).toBe(200);
    expect((await assign('bob.nguyen', [{ id: webinars.id }])).status).toBe(206);
    expect(webinars.consumedByUsers).toBe(3);
    expect(license('Basic Messaging')).toMatchObject({ totalUnits: -1, consumedByUsers: 60 });
    expect(license('Basic Messaging')).not.toHaveProperty('subscriptionId');
  });

  it('of what is for workspaces only is 206', async () => {
    expect((await assign('amy.adams', [add(['Shared Devices - Registration'])])).status).toBe(206);
    expect(license('Shared Devices - Registration')).toMatchObject({ consumedByUsers: 0, consumedByWorkspaces: 7 });
  });

  it('is told and audited', async () => {
    const told: string[] = [];
    wire.emulator.state.events.on('happened', ({ resource, event }) => told.push(`${resource} ${event}`));
    await assign('amy.adams', [add(['Advanced Space Meetings'])]);
    wire.emulator.state.events.removeAllListeners('happened');
    expect(told).toEqual(['people updated']);
    expect(wire.emulator.state.audit.at(-1)?.data).toMatchObject({ eventCategory: 'USERS', targetName: 'Amy Adams', actorName: 'Anna Berg' });
  });
});

describe('sites', () => {
  it('trap 18: an attendee becomes host by both in one call; without, the license is missing', async () => {
    const alone = await assign('grace.hall', [add(US_MEETING)]);
    expect([alone.status, alone.json.siteUrls]).toEqual([206, [{ siteUrl: US, accountType: 'attendee' }]]);
    const both = await assign('grace.hall', [add(US_MEETING)], [site(US, 'remove')]);
    expect([both.status, both.json.siteUrls]).toEqual([200, [{ siteUrl: US, accountType: 'host' }]]);
    expect((await person('grace.hall')).siteUrls).toEqual([US]);
    const preferences = await wire.call('GET', `/v1/meetingPreferences/schedulingOptions?userEmail=cara.olsen@acme.test&siteUrl=${US}`, { token: wire.token('anna.berg') });
    expect(preferences.status).toBe(200);
    const insert = await admin('POST', `/meetingPreferences/schedulingOptions/delegateEmails/insert?userEmail=cara.olsen@acme.test&siteUrl=${US}`, { emails: [address('grace.hall')] });
    expect(insert.status).toBe(200);
  });

  it('a host becomes attendee in one call, and has no delegates any more', async () => {
    const { status, json } = await assign('victor.stone', [remove(US_MEETING)], [site(US)]);
    expect([status, json.siteUrls]).toEqual([200, [{ siteUrl: US, accountType: 'attendee' }]]);
    expect(personOf('victor.stone').sites[0].delegates).toEqual([]);
    expect((await person('victor.stone')).siteUrls).toEqual([`${US}#attendee`]);
  });

  it('are left with the last license of them', async () => {
    const { json } = await assign('cara.olsen', [remove(US_MEETING)]);
    expect(json.siteUrls).toContainEqual({ siteUrl: US, accountType: 'host' });
    const { json: after } = await assign('cara.olsen', [remove(['Meeting - Webex Webinars 1000'])]);
    expect(after.siteUrls).toEqual([{ siteUrl: EU, accountType: 'host' }]);
    expect(personOf('cara.olsen').sites.map((one: Json) => one.isDefault)).toEqual([true]);
  });

  it('take attendees and let them go', async () => {
    expect((await assign('bob.nguyen', [], [site(EU)])).json.siteUrls).toContainEqual({ siteUrl: EU, accountType: 'attendee' });
    expect((await assign('bob.nguyen', [], [site(EU.toUpperCase(), 'remove')])).json.siteUrls).toEqual([{ siteUrl: US, accountType: 'host' }]);
  });
});

describe('calling', () => {
  it('is shown with callingData, to administrators, and goes with the license', async () => {
    await assign('amy.adams', [add(PROFESSIONAL, { phoneNumber: '+12125559999', extension: '4711' })]);
    const amy = await person('amy.adams');
    expect(amy).toMatchObject({ extension: '4711', locationId: location('New York') });
    expect(amy.phoneNumbers).toEqual([{ type: 'work', value: '+12125559999', primary: true }, { type: 'work_extension', value: '80014711' }]);
    const plain = (await admin('GET', `/people/${personOf('amy.adams').id}`)).json;
    expect(plain.phoneNumbers).toHaveLength(1);
    expect(plain).not.toHaveProperty('extension');
    const { items } = (await admin('GET', `/people?locationId=${location('New York')}&callingData=true`)).json;
    expect(items.map(({ emails }: Json) => emails[0])).toContain(address('amy.adams'));
    await assign('amy.adams', [remove(PROFESSIONAL)]);
    const after = await person('amy.adams');
    expect(after.phoneNumbers).toEqual([]);
    expect(after).not.toHaveProperty('extension');
    expect(after).not.toHaveProperty('locationId');
  });

  it('with an extension or number of somebody else is 206', async () => {
    expect(personOf('bob.nguyen').calling).toEqual({ locationId: location('New York'), extension: '1010', phoneNumber: '+12125550010' });
    expect((await assign('amy.adams', [add(PROFESSIONAL, called('1010'))])).status).toBe(206);
    expect((await assign('amy.adams', [add(PROFESSIONAL, { phoneNumber: '+12125550010' })])).status).toBe(206);
    expect((await assign('amy.adams', [add(PROFESSIONAL, { extension: '1010', locationId: location('Berlin') })])).status).toBe(200);
  });

  it('upgrades Standard to Professional in one call', async () => {
    expect((await assign('gus.meyer', [remove(STANDARD), add(PROFESSIONAL, called('1006'))])).status).toBe(200);
    expect([holds('gus.meyer', STANDARD), holds('gus.meyer', PROFESSIONAL)]).toEqual([false, true]);
  });

  it('takes Professional and Attendant Console in this order; the other way round the console is missing', async () => {
    const professional = add(PROFESSIONAL, called('4712'));
    expect((await assign('amy.adams', [add(CONSOLE), professional])).status).toBe(206);
    expect([holds('amy.adams', CONSOLE), holds('amy.adams', PROFESSIONAL)]).toEqual([false, true]);
    expect((await assign('carl.jensen', [add(PROFESSIONAL, called('4713')), add(CONSOLE)])).status).toBe(200);
  });

  it('of a console is missing too when the Professional before it was', async () => {
    await control('change', { licenses: [{ id: license(...PROFESSIONAL).id, totalUnits: 0 }] });
    expect((await assign('amy.adams', [add(PROFESSIONAL, called('4712')), add(CONSOLE)])).status).toBe(206);
    expect([holds('amy.adams', CONSOLE), holds('amy.adams', PROFESSIONAL)]).toEqual([false, false]);
  });
});

describe('Screen Share', () => {
  it('comes and goes with the free messaging', async () => {
    const free = [remove(['Basic Messaging']), remove(['Messaging', 'Sub100417']), remove(['Basic Space Meetings'])];
    expect((await assign('amy.adams', free)).status).toBe(200);
    expect(holds('amy.adams', ['Free screen share'])).toBe(false);
    await assign('amy.adams', [add(['Basic Messaging'])]);
    expect(holds('amy.adams', ['Free screen share'])).toBe(true);
  });
});

describe('people of another organization', () => {
  it('get meeting licenses and sites pending until they accept', async () => {
    const { status, json } = await assign(OLGA, [add(US_MEETING)], [site(EU)]);
    expect(status).toBe(200);
    expect(json).toMatchObject({ orgId: personOf(OLGA).orgId, licenses: [], siteUrls: [], pendingLicenses: [license(...US_MEETING).id] });
    expect(json.pendingSiteUrls).toEqual([{ siteUrl: EU, accountType: 'attendee' }, { siteUrl: US, accountType: 'host' }]);
    const users = async (): Promise<Json[]> => (await admin('GET', `/licenses/${license(...US_MEETING).id}?includeAssignedTo=user`)).json.users;
    expect((await users()).filter(({ type }) => type === 'EXTERNAL')).toEqual([]);
    const consumed = license(...US_MEETING).consumedByUsers;
    await control('change', { people: [{ email: OLGA, accept: true }] });
    expect((await users()).filter(({ type }) => type === 'EXTERNAL')).toEqual([{ id: personOf(OLGA).id, type: 'EXTERNAL', displayName: 'Olga Petrov', email: OLGA }]);
    expect(license(...US_MEETING).consumedByUsers).toBe(consumed);
    const again = (await assign(OLGA, [remove(US_MEETING)])).json;
    expect(again).toMatchObject({ licenses: [], pendingLicenses: [], siteUrls: [{ siteUrl: EU, accountType: 'attendee' }], pendingSiteUrls: [] });
    expect(license(...US_MEETING).consumedByUsers).toBe(consumed - 1);
  });

  it('get nothing else, and pending ones can be taken back', async () => {
    expect((await assign(OLGA, [add(['Advanced Space Meetings']), add(US_MEETING)])).status).toBe(206);
    const { json } = await assign(OLGA, [remove(US_MEETING)]);
    expect([json.licenses, json.pendingLicenses]).toEqual([[], []]);
  });
});

describe('counts', () => {
  const shown = async (): Promise<Json> => (await admin('GET', `/licenses/${license('Advanced Space Meetings').id}`)).json;

  it('lag behind when they are told to, step by step', async () => {
    await control('lag', { licenses: '10m' });
    await assign('amy.adams', [add(['Advanced Space Meetings'])]);
    await control('clock', { advance: '5m' });
    await assign('bob.nguyen', [add(['Advanced Space Meetings'])]);
    expect((await shown()).consumedUnits).toBe(1);
    await control('clock', { advance: '6m' });
    expect((await shown()).consumedUnits).toBe(2);
    await control('clock', { advance: '5m' });
    expect(await shown()).toMatchObject({ consumedUnits: 3, consumedByUsers: 3 });
    await control('lag', { licenses: '0s' });
    await assign('bob.nguyen', [remove(['Advanced Space Meetings'])]);
    expect((await shown()).consumedUnits).toBe(2);
    expect(await shown()).not.toHaveProperty('staleCounts');
    expect((await control('lag', { licenses: 'soon' })).status).toBe(400);
  });

  it('are of users and workspaces, and both take units', async () => {
    await control('change', { licenses: [{ name: 'Advanced Space Meetings', totalUnits: 4, consumedByWorkspaces: 3 }] });
    expect(await shown()).toMatchObject({ totalUnits: 4, consumedUnits: 4, consumedByUsers: 1, consumedByWorkspaces: 3 });
    expect((await assign('amy.adams', [add(['Advanced Space Meetings'])])).status).toBe(206);
    expect((await control('change', { licenses: [{ name: 'Messaging', totalUnits: 1 }] })).status).toBe(400);
  });
});

describe('locations', () => {
  it('are two, found by a part of the name and by id', async () => {
    const { items } = (await admin('GET', '/locations')).json;
    expect(items.map(({ name }: Json) => name)).toEqual(['New York', 'Berlin']);
    expect(items[0]).toMatchObject({ timeZone: 'America/New_York', address: { city: 'New York', country: 'US' } });
    expect(items[0]).not.toHaveProperty('numberPrefix');
    expect((await admin('GET', '/locations?name=BERL')).json.items).toEqual([items[1]]);
    expect((await admin('GET', `/locations?id=${items[0].id}`)).json.items).toEqual([items[0]]);
    expect((await admin('GET', `/locations/${items[1].id}`)).json).toEqual(items[1]);
    expect((await admin('GET', '/locations/none')).status).toBe(404);
    expect((await admin('GET', '/locations?orgId=other')).status).toBe(403);
    expect((await wire.call('GET', '/v1/locations', { token: wire.token('amy.adams') })).status).toBe(403);
  });
});

describe('people of the seed', () => {
  it('are idle for 35, 95 and 200 days, or never signed in, lately or long ago', async () => {
    const now = wire.clock.now();
    const days = (iso: string): number => Math.floor((now - Date.parse(iso)) / 86_400_000);
    const { items } = (await admin('GET', '/people?max=1000')).json;
    const idle = new Set(items.flatMap(({ lastActivity }: Json) => (lastActivity === undefined ? [] : [days(lastActivity)])));
    for (const wanted of [35, 95, 200]) expect(idle).toContain(wanted);
    const never = items.filter(({ invitePending }: Json) => invitePending);
    expect(never.map(({ status, created }: Json) => [status, days(created)])).toEqual([['pending', 5], ['pending', 120]]);
    await control('change', { people: [{ email: address('amy.adams'), lastActivity: null }, { email: address('nina.rossi'), lastActivity: wire.clock.iso() }] });
    expect([(await person('amy.adams')).status, (await person('nina.rossi')).status]).toEqual(['pending', 'active']);
  });
});
