import { createBrowser, openHouse, type House } from './house.js';

const ANNA = 'anna.berg@acme.test';
const BEN = 'ben.okoye@acme.test';

let house: House;
beforeEach(async () => { house = await openHouse(); });
afterEach(() => house.stop());

const actions = async (): Promise<string[]> => (await house.audited(house.caller(ANNA).orgId)).map(({ action }) => action);
const accountOf = (email: string) => house.accounts.records.findAnywhere(house.caller(email).personId);

describe('linking an account', () => {
  it('shows who it is for and what is asked for, links whoever comes back, and tells', async () => {
    const browser = createBrowser();
    const start = await browser.open(await house.begin(ANNA));
    expect(start.status).toBe(200);
    expect(start.text).toContain('anna.berg@acme.test');
    expect(start.text).toContain('meeting:admin_preferences_write');
    expect(start.text).not.toMatch(/<script|style=/);
    expect(start.headers.get('cache-control')).toBe('no-store');
    expect(start.headers.getSetCookie()[0]).toMatch(/^steward-link=[\w-]{43,128}; Max-Age=600; Path=\/; .*HttpOnly; SameSite=Lax$/);

    const end = await browser.open(await browser.decide(ANNA, 'allow'));
    expect(end.status).toBe(200);
    expect(end.text).toContain('Anna Berg is linked');
    expect(browser.cookies.size).toBe(0);
    const account = await accountOf(ANNA);
    expect(account).toMatchObject({ email: ANNA, state: 'linked', organizations: [{ name: 'Acme' }] });
    expect(account?.scopes).toContain('meeting:admin_preferences_read');
    // Webex adds it by itself: what counts is what the reply says, not what was asked for.
    expect(account?.scopes).toContain('spark:kms');
    expect(house.told.linked).toEqual([account]);
    expect(await actions()).toEqual(['account.linked']);
    const me = await house.accounts.reader(account!).send<{ id: string }>({ method: 'GET', path: '/people/me', lane: 'people' });
    expect(me.data.id).toBe(account?.personId);
  });

  it('asks for the least scopes of what was chosen', async () => {
    await house.link(ANNA, { features: ['look'] });
    expect((await accountOf(ANNA))?.scopes.sort()).toEqual(['spark-admin:organizations_read', 'spark-admin:people_read', 'spark-admin:roles_read', 'spark:kms', 'spark:people_read']);
  });

  it('keeps nothing of somebody else who comes back, tells the caller and writes it down', async () => {
    const page = await house.link(ANNA, { as: BEN, features: ['look'] });
    expect(page.status).toBe(400);
    expect(page.text).toContain('signed in to Webex as somebody else');
    expect(page.text).toContain('settings.webex.com');
    expect([await accountOf(ANNA), await accountOf(BEN)]).toEqual([undefined, undefined]);
    expect(house.told.refused).toEqual([{ caller: house.caller(ANNA), reason: expect.stringContaining('somebody else') }]);
    const [entry] = await house.audited(house.caller(ANNA).orgId);
    expect(entry).toMatchObject({ actor: house.caller(ANNA).personId, action: 'account.link.refused', subject: house.caller(BEN).personId, details: { revoked: false } });
  });

  it('takes the grant of somebody else back at Webex where its scopes allow it, and only that grant', async () => {
    await house.link(BEN);
    const page = await house.link(ANNA, { as: BEN, features: ['look', 'revoke'] });
    expect(page.text).toContain('taken back at Webex');
    expect([...house.emulator.state.authorizations.values()].map(({ personId }) => personId)).toEqual([house.caller(BEN).personId]);
    const caller = house.caller(BEN);
    expect(await house.accounts.authority(caller.orgId, caller.personId)).toMatchObject({ ok: true });
  });

  it('links nobody when Webex says no', async () => {
    const page = await house.link(ANNA, { decision: 'deny' });
    expect(page.status).toBe(400);
    expect(page.text).toContain('Webex did not give Steward access');
    expect(await accountOf(ANNA)).toBeUndefined();
    expect(await actions()).toEqual(['account.link.denied']);
  });

  it('takes a state once: a replayed callback is refused and changes nothing', async () => {
    const browser = createBrowser();
    await browser.open(await house.begin(ANNA));
    const cookies = new Map(browser.cookies);
    const back = await browser.decide(ANNA, 'allow');
    expect((await browser.open(back)).status).toBe(200);
    cookies.forEach((value, name) => browser.cookies.set(name, value));
    const again = await browser.open(back);
    expect(again.status).toBe(400);
    expect(again.text).toContain('does not work any more');
    expect(house.told.linked).toHaveLength(1);
  });

  it('links once when a callback comes twice at the same time', async () => {
    const browser = createBrowser();
    await browser.open(await house.begin(ANNA));
    const back = await browser.decide(ANNA, 'allow');
    const pages = await Promise.all([browser.open(back), browser.open(back)]);
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(house.told.linked).toHaveLength(1);
  });

  it('refuses a link that is older than 10 minutes, at both ends', async () => {
    const link = await house.begin(ANNA);
    const browser = createBrowser();
    await browser.open(link);
    const back = await browser.decide(ANNA, 'allow');
    house.clock.advance(10 * 60_000);
    expect((await browser.open(back)).text).toContain('older than 10 minutes');
    expect((await createBrowser().open(link)).text).toContain('older than 10 minutes');
    expect(await accountOf(ANNA)).toBeUndefined();
    await house.begin(BEN);
    expect(await house.store.shared.list('link-states')).toHaveLength(1);
  });

  it.each(['without a cookie', 'with a cookie of its own'])('does not exchange the code in a browser %s', async (which) => {
    const browser = createBrowser();
    await browser.open(await house.begin(ANNA));
    const back = await browser.decide(ANNA, 'allow');
    const other = createBrowser();
    if (which !== 'without a cookie') await other.open(await house.begin(BEN));
    const page = await other.open(back);
    expect(page.status).toBe(400);
    expect(page.text).toContain('not the browser');
    const { items } = await house.control('/requests');
    expect(items.filter(({ path }: { path: string }) => path === '/v1/access_token')).toEqual([]);
    expect(await actions()).toEqual(['account.link.refused']);
    // The right browser can still finish.
    expect((await browser.open(back)).status).toBe(200);
  });

  it('opens twice in one browser without losing the way', async () => {
    const browser = createBrowser();
    const link = await house.begin(ANNA);
    await browser.open(link);
    const cookie = [...browser.cookies.values()];
    await browser.open(link);
    expect([...browser.cookies.values()]).toEqual(cookie);
    expect((await browser.open(await browser.decide(ANNA, 'allow'))).status).toBe(200);
  });

  it.each([
    ['no state', ''], ['an unknown state', '?state=AAAA&code=x'], ['two states', '?state=a&state=b&code=x'], ['an object as state', '?state[a]=1&code=x'],
  ])('answers %s with a page', async (_what, query) => {
    const page = await createBrowser().open(`${house.url}/oauth/callback${query}`);
    expect(page.status).toBe(400);
    expect(page.text).toContain('does not work any more');
  });

  it('says so when Webex cannot be reached, and can be tried again with a new link', async () => {
    const browser = createBrowser();
    await browser.open(await house.begin(ANNA));
    const back = await browser.decide(ANNA, 'allow');
    await house.control('/faults', { rules: [{ path: '/v1/people/me', status: 400, body: { message: 'no' }, times: 1 }] });
    const page = await browser.open(back);
    expect(page.status).toBe(500);
    expect(page.text).toContain('Nothing was linked');
    expect(await accountOf(ANNA)).toBeUndefined();
    expect((await house.link(ANNA)).status).toBe(200);
  });

  it('fault 5: a name with markup is text on the page', async () => {
    const link = await house.accounts.linking.begin({ ...house.caller(ANNA), displayName: '<img src=x onerror=alert(1)>"\'&' }, []);
    const page = await createBrowser().open(link);
    expect(page.text).not.toContain('<img');
    expect(page.text).toContain('&#60;img');
  });

  it('trap 33: no token, code, state or verifier is in the log, the audit log, the pages or readable in the store', async () => {
    const browser = createBrowser();
    const link = await house.begin(ANNA, ['look', 'revoke']);
    const shown = [await browser.open(link)];
    const verifier = [...browser.cookies.values()];
    const back = await browser.decide(ANNA, 'allow');
    shown.push(await browser.open(back));
    const { searchParams } = new URL(back);
    const tokens = [...house.emulator.state.tokens.values()].filter(({ authorizationId }) => authorizationId !== undefined).map(({ token }) => token);
    expect(tokens).toHaveLength(2);
    const secrets = [...tokens, house.emulator.accounts().integration.clientSecret, searchParams.get('code')!, searchParams.get('state')!, ...verifier];
    expect(secrets.every((secret) => secret.length >= 16)).toBe(true);
    const stored = JSON.stringify([await house.store.shared.list('link-states'), await house.store.organization(house.caller(ANNA).orgId).list('tokens'), await house.store.organization(house.caller(ANNA).orgId).list('accounts')]);
    const everything = [house.logged(), JSON.stringify(await house.audited(house.caller(ANNA).orgId)), stored, shown[1]!.text];
    expect(house.logged()).toContain('Webex token call');
    for (const secret of secrets) for (const text of everything) expect(text.includes(secret)).toBe(false);
  });
});

describe('people who may not be linked', () => {
  it('drops the grant of a foreign organization', async () => {
    await house.stop();
    house = await openHouse({ organizations: [Buffer.from('ciscospark://us/ORGANIZATION/00000000-0000-4000-8000-000000000000').toString('base64')] });
    const page = await house.link(ANNA);
    expect(page.status).toBe(400);
    expect(page.text).toContain('organization is not one of those');
    expect(await accountOf(ANNA)).toBeUndefined();
    expect(house.told.refused).toHaveLength(1);
    expect(await actions()).toEqual(['account.link.refused']);
  });

  it.each([['@example.test'], ['anna.berg@acme.test.evil.test'], ['@test']])('drops the grant of an address that %s does not name', async (admins) => {
    await house.stop();
    house = await openHouse({ admins: [admins] });
    expect((await house.link(ANNA)).text).toContain('address is not on the list');
    expect(await accountOf(ANNA)).toBeUndefined();
  });
});
