import { amy, anna, bob, cara, carl, EU, grace, ingrid, message, openPlace, outcome, query, US, type Loose, type Place } from './meetings-support.js';

let place: Place;
beforeEach(async () => { place = await openPlace(); });
afterEach(() => place.stop());

const user = (email: string): string => `<webExId>${email}</webExId>`;
const setting = (email: string, permission: string): string => `${user(email)}<schedulingPermission>${permission}</schedulingPermission>`;
const permissionOf = async (email: string, site?: string): Promise<unknown> => (await place.call(anna, 'GetUser', user(email), site)).body.bodyContent.schedulingPermission;
const byRest = async (email: string, siteUrl: string): Promise<string[]> =>
  (await place.rest('GET', `/meetingPreferences/schedulingOptions${query({ userEmail: email, siteUrl })}`, place.tokenOf(anna))).body.delegateEmails;

describe('sessions', () => {
  it('gives a ticket with its time and life', async () => {
    const reply = await place.xml(message('AuthenticateUser', `<accessToken>${place.tokenOf(anna)}</accessToken>`, { site: 'acme', webExId: anna }));
    expect(outcome(reply)).toBe('SUCCESS');
    const { sessionTicket, createTime, timeToLive } = reply.body.bodyContent;
    expect([typeof sessionTicket, timeToLive]).toEqual(['string', '5400']);
    expect(Math.abs(Number(createTime) - place.clock.now())).toBeLessThan(60_000);
  });

  it.each([
    ['a made-up token', () => 'made-up', anna, 'acme', 'FAILURE 030002'],
    ["somebody else's token", () => place.tokenOf(carl), anna, 'acme', 'FAILURE 030002'],
    ['a token without spark:all', () => place.tokenWith(anna, ['spark:people_read']), anna, 'acme', 'FAILURE 030002'],
    ['an unknown user', () => place.tokenOf(anna), 'nobody@acme.test', 'acme', 'FAILURE 030001'],
    ['a user of the other site', () => place.tokenOf(ingrid), ingrid, 'acme', 'FAILURE 030001'],
    ['an unknown site', () => place.tokenOf(anna), anna, 'globex', 'FAILURE 000001'],
  ])('refuses %s', async (_what, token, webExId, site, expected) => {
    expect(outcome(await place.xml(message('AuthenticateUser', `<accessToken>${token()}</accessToken>`, { site, webExId })))).toBe(expected);
  });

  it('a ticket ends after its life, belongs to one user and one site, and a password or Webex token is none', async () => {
    const ticket = await place.ticketOf(anna);
    const get = (who: Parameters<typeof message>[2]): Promise<string> => place.xml(message('GetUser', user(cara), who)).then(outcome);
    expect(await get({ site: 'acme', webExId: anna, ticket })).toBe('SUCCESS');
    expect(await get({ site: 'acme-eu', webExId: anna, ticket })).toBe('FAILURE 000001');
    expect(await get({ site: 'acme', webExId: 'ben.okoye@acme.test', ticket })).toBe('FAILURE 000001');
    expect(await get({ site: 'acme', webExId: anna, more: '<password>pass</password>' })).toBe('FAILURE 030002');
    expect(await get({ site: 'acme', webExId: anna, more: `<webExAccessToken>${place.tokenOf(anna)}</webExAccessToken>` })).toBe('FAILURE 030002');
    place.clock.advance(5_400_000);
    expect(await get({ site: 'acme', webExId: anna, ticket })).toBe('FAILURE 000001');
    const fresh = await place.ticketOf(anna);
    await fetch(`${place.url}/_emulator/reset`, { method: 'POST' });
    expect(await get({ site: 'acme', webExId: anna, ticket: fresh })).toBe('FAILURE 000001');
  });
});

describe('GetUser and SetUser', () => {
  it('REST and XML show the same delegates', async () => {
    expect(await permissionOf('victor.stone@acme.test')).toBe(`${amy};${bob}`);
    expect(outcome(await place.call(anna, 'SetUser', setting(cara, `${bob.toUpperCase()}; ${amy}`)))).toBe('SUCCESS');
    expect(await byRest(cara, US)).toEqual([bob, amy]);
    expect(await byRest(cara, EU)).toEqual([amy]);
    await place.rest('POST', `/meetingPreferences/schedulingOptions/delegateEmails/insert${query({ userEmail: cara, siteUrl: EU })}`, place.tokenOf(anna), { emails: [ingrid] });
    expect([await permissionOf(cara), await permissionOf(cara, 'acme-eu')]).toEqual([`${bob};${amy}`, `${amy};${ingrid}`]);
  });

  it('trap 28: SetUser overwrites what is present and leaves what is not; empty clears, and then the element is absent', async () => {
    const { userId } = (await place.call(anna, 'SetUser', `${user(cara)}<lastName>Olsen-Berg</lastName>`)).body.bodyContent;
    expect(userId).toMatch(/^\d+$/);
    expect(await byRest(cara, US)).toEqual([amy]);
    await place.call(anna, 'SetUser', setting(cara, bob));
    expect(await byRest(cara, US)).toEqual([bob]);
    expect((await place.call(anna, 'GetUser', user(cara))).body.bodyContent).toMatchObject({ lastName: 'Olsen-Berg', privilege: { host: 'true', siteAdmin: 'false' }, active: 'ACTIVATED' });
    await place.call(anna, 'SetUser', setting(cara, ''));
    expect(await byRest(cara, US)).toEqual([]);
    expect(Object.keys((await place.call(anna, 'GetUser', user(cara))).body.bodyContent)).not.toContain('schedulingPermission');
  });

  it.each([['nobody known', 'nobody@acme.test'], ['an attendee', grace], ['a host of the other site', ingrid], ['the host himself', cara]])(
    'refuses %s as a delegate and changes nothing', async (_what, email) => {
      const reply = await place.call(anna, 'SetUser', setting(cara, `${bob};${email}`));
      expect(outcome(reply)).toBe('FAILURE 030001');
      expect(reply.header.response.value).toBe(email);
      expect(await byRest(cara, US)).toEqual([amy]);
    });

  it('others need a site admin, a host may change himself', async () => {
    expect(outcome(await place.call(carl, 'GetUser', user(cara)))).toBe('FAILURE 000001');
    expect(outcome(await place.call(carl, 'SetUser', setting(cara, bob)))).toBe('FAILURE 000001');
    expect(outcome(await place.call(carl, 'GetUser', user('nobody@acme.test')))).toBe('FAILURE 000001');
    expect(outcome(await place.call(cara, 'SetUser', setting(cara, bob)))).toBe('SUCCESS');
    expect(await byRest(cara, US)).toEqual([bob]);
    expect(outcome(await place.call(anna, 'GetUser', user(ingrid)))).toBe('FAILURE 030001');
  });

  it('addresses and names with markup come and go whole', async () => {
    const reply = await place.call(anna, 'SetUser', setting(cara, "r&amp;d.desk@acme.test;sinead.o&#39;connor@acme.test"));
    expect(outcome(reply)).toBe('SUCCESS');
    expect(await permissionOf(cara)).toBe("r&d.desk@acme.test;sinead.o'connor@acme.test");
    await place.call(anna, 'SetUser', `${user(cara)}<firstName>&lt;b&gt;&amp;lt;</firstName>`);
    expect((await place.call(anna, 'GetUser', user(cara))).body.bodyContent.firstName).toBe('<b>&lt;');
  });
});

describe('LstsummaryUser', () => {
  const list = (control: string, more = ''): Promise<Record<string, Loose>> => place.call(anna, 'LstsummaryUser', `<listControl>${control}</listControl>${more}`);
  const start = (from: number, count: number): string => `<serv:startFrom>${from}</serv:startFrom><serv:maximumNum>${count}</serv:maximumNum>`;

  it('pages through all users of the site, ten where nothing is said', async () => {
    const seen: string[] = [];
    let total = Infinity;
    for (let from = 1; from <= total; from += 7) {
      const { user: users, matchingRecords } = (await list(start(from, 7))).body.bodyContent;
      const page: Loose[] = [users].flat();
      expect(matchingRecords).toMatchObject({ returned: String(page.length), startFrom: String(from) });
      seen.push(...page.map((one) => one.webExId));
      total = Number(matchingRecords.total);
    }
    const expected = [...place.emulator.state.people.values()].filter((person) => person.sites.some((site) => site.siteUrl === US)).map((person) => person.emails[0]!);
    expect(seen).toEqual(expected.sort());
    expect((await list('')).body.bodyContent.user).toHaveLength(10);
  });

  it('one hit is one element; none is 000015', async () => {
    const one = (await list(start(1, 10), `<email>${cara.toUpperCase()}</email>`)).body.bodyContent;
    expect(one.user).toMatchObject({ webExId: cara, firstName: 'Cara', email: cara, registrationDate: '03/04/2024 08:00:00', active: 'ACTIVATED' });
    expect(outcome(await list(start(1, 10), '<email>nobody@acme.test</email>'))).toBe('FAILURE 000015');
    expect(outcome(await list(start(5000, 10)))).toBe('FAILURE 000015');
  });

  it('joins filters by AND, or by OR where it is said, and sorts both ways', async () => {
    const both = `<webExId>${cara}</webExId><email>${amy}</email>`;
    expect(outcome(await list(`${start(1, 10)}<serv:listMethod>AND</serv:listMethod>`, both))).toBe('FAILURE 000015');
    const { user: users } = (await list(`${start(1, 10)}<serv:listMethod>OR</serv:listMethod>`, `${both}<order><orderBy>UID</orderBy><orderAD>DESC</orderAD></order>`)).body.bodyContent;
    expect(users.map((one: Loose) => one.webExId)).toEqual([cara, amy]);
    expect(outcome(await list(start(1, 10), '<dataScope><regDateStart>01/01/2099 00:00:00</regDateStart></dataScope>'))).toBe('FAILURE 000015');
  });

  it('is for site admins', async () => {
    expect(outcome(await place.call(carl, 'LstsummaryUser', ''))).toBe('FAILURE 000001');
  });
});

describe('what is no call', () => {
  it.each([
    ['a DTD', '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><message>&x;</message>'], ['broken XML', '<message><header></message>'], ['nothing', ''],
    ['another root', '<html/>'], ['an undeclared entity', message('GetUser', '<webExId>&x;</webExId>', { site: 'acme', webExId: anna })],
  ])('refuses %s', async (_what, text) => {
    const reply = await place.xml(text);
    expect(reply.header.response.result).toBe('FAILURE');
  });

  it('refuses operations and elements that it does not know', async () => {
    expect(outcome(await place.call(anna, 'DelUser', user(cara)))).toBe('FAILURE 030048');
    expect(outcome(await place.call(anna, 'SetUser', `${setting(cara, bob)}<active>DEACTIVATED</active>`))).toBe('FAILURE 030048');
    expect(await byRest(cara, US)).toEqual([amy]);
  });

  it('a limit is 000045 in HTTP 200; the log names the operation and its owner, without secrets', async () => {
    const ticket = await place.ticketOf(anna);
    await fetch(`${place.url}/_emulator/limits`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ kind: 'bucket', perSecond: 0.001, burst: 1, perOwner: true }),
    });
    const get = (): Promise<string> => place.xml(message('GetUser', user(cara), { site: 'acme', webExId: anna, ticket })).then(outcome);
    expect([await get(), await get()]).toEqual(['SUCCESS', 'FAILURE 000045']);
    const { items } = (await (await fetch(`${place.url}/_emulator/requests`)).json()) as { items: Loose[] };
    const last = items.at(-1);
    expect(last).toMatchObject({ method: 'POST', path: '/WBXService/XMLService/GetUser', owner: anna, status: 200 });
    expect(JSON.stringify(items)).not.toContain(ticket);
    expect(JSON.stringify(items)).not.toContain(place.tokenOf(anna));
  });
});
