import { amy, anna, bob, cara, carl, EU, grace, ingrid, openPlace, query, US, type Place } from './meetings-support.js';

const OPTIONS = '/meetingPreferences/schedulingOptions';
const INSERT = `${OPTIONS}/delegateEmails/insert`;
const DELETE = `${OPTIONS}/delegateEmails/delete`;
const of = (userEmail: string, siteUrl?: string): string => query({ userEmail, ...(siteUrl === undefined ? {} : { siteUrl }) });

let place: Place;
let token: string;
beforeEach(async () => {
  place = await openPlace();
  token = place.tokenOf(anna);
});
afterEach(() => place.stop());

const delegatesOf = async (email: string, site: string): Promise<string[]> => (await place.rest('GET', OPTIONS + of(email, site), token)).body.delegateEmails;

describe('delegates by REST', () => {
  it('inserts without doubles, keeps who is there, and answers those of the request', async () => {
    const reply = await place.rest('POST', INSERT + of(cara, US), token, { emails: [bob.toUpperCase(), amy] });
    expect(reply).toEqual({ status: 200, body: { emails: [bob, amy] } });
    expect(await delegatesOf(cara, US)).toEqual([amy, bob]);
    expect(await delegatesOf(cara, EU)).toEqual([amy]);
  });

  it('deletes those named, passes over others, answers 204', async () => {
    expect(await place.rest('POST', DELETE + of(cara, US), token, { emails: [amy, bob, 'gone@acme.test'] })).toEqual({ status: 204, body: undefined });
    expect(await delegatesOf(cara, US)).toEqual([]);
  });

  it.each([
    ['nobody known', 'nobody@acme.test'], ['an attendee', grace], ['a host of another site', ingrid], ['an outsider', 'olga.petrov@globex.test'],
    ['the host himself', cara], ['several in one text', `${bob}, ${ingrid}`], ['no address', 'bob'],
  ])('refuses %s as a delegate with 400 and inserts nobody of the list', async (_what, email) => {
    expect((await place.rest('POST', INSERT + of(cara, US), token, { emails: [bob, email] })).status).toBe(400);
    expect(await delegatesOf(cara, US)).toEqual([amy]);
  });

  it.each([[{}], [{ emails: [] }], [{ emails: bob }], [{ emails: [7] }]])('refuses the body %j', async (body) => {
    expect((await place.rest('POST', INSERT + of(cara, US), token, body)).status).toBe(400);
  });

  it('tells the change and writes an audit event, but not when nothing changed', async () => {
    const told: unknown[] = [];
    place.emulator.state.events.on('happened', (happening) => told.push([happening.resource, happening.event]));
    await place.rest('POST', INSERT + of(cara, US), token, { emails: [amy] });
    expect(told).toEqual([]);
    await place.rest('POST', INSERT + of(cara, US), token, { emails: [bob] });
    expect(told).toEqual([['delegates', 'updated']]);
    const { orgId } = [...place.emulator.state.people.values()][0]!;
    const [from = '', to = ''] = [-3_600_000, 3_600_000].map((ms) => new Date(place.clock.now() + ms).toISOString());
    const { items } = (await place.rest('GET', `/adminAudit/events${query({ orgId, from, to })}`, token)).body;
    expect(items).toHaveLength(1);
    expect(items[0].data).toMatchObject({ eventCategory: 'MEETINGS', actorEmail: anna, targetName: 'Cara Olsen' });
  });
});

describe('PUT schedulingOptions', () => {
  const full = { enabledJoinBeforeHost: true, joinBeforeHostMinutes: 10, enabledAutoShareRecording: true, enabledWebexAssistantByDefault: true };

  it('trap 27: resets what is left out and replaces the list', async () => {
    await place.rest('PUT', OPTIONS + of(cara, US), token, full);
    const { enabledWebexAssistantByDefault: _left, ...rest } = full;
    await place.rest('PUT', OPTIONS + of(cara, US), token, { ...rest, joinBeforeHostMinutes: 0, delegateEmails: [bob] });
    expect((await place.rest('GET', OPTIONS + of(cara, US), token)).body)
      .toEqual({ ...rest, joinBeforeHostMinutes: 0, enabledWebexAssistantByDefault: false, delegateEmails: [bob] });
  });

  it('leaves the list for null and nothing, clears it for []', async () => {
    await place.rest('PUT', OPTIONS + of(cara, US), token, full);
    await place.rest('PUT', OPTIONS + of(cara, US), token, { ...full, delegateEmails: null });
    expect(await delegatesOf(cara, US)).toEqual([amy]);
    expect((await place.rest('PUT', OPTIONS + of(cara, US), token, { ...full, delegateEmails: [] })).body.delegateEmails).toEqual([]);
    expect(await delegatesOf(cara, US)).toEqual([]);
  });

  it.each([
    [{ delegateEmails: [bob] }], [{ ...full, joinBeforeHostMinutes: 7 }], [{ ...full, enabledAutoShareRecording: 'true' }], [{ ...full, delegateEmails: [grace] }],
    [{ ...full, delegateEmails: bob }],
  ])('refuses %j and changes nothing', async (body) => {
    const before = (await place.rest('GET', OPTIONS + of(cara, US), token)).body;
    expect((await place.rest('PUT', OPTIONS + of(cara, US), token, body)).status).toBe(400);
    expect((await place.rest('GET', OPTIONS + of(cara, US), token)).body).toEqual(before);
  });
});

describe('whose preferences', () => {
  const refusal = {
    message: 'The server understood the request, but refused to fulfill it because the access token is missing required scopes or the user is missing required roles or licenses.',
    errors: [{ description: "Not permitted to view or change other user's preferences." }], trackingId: expect.any(String),
  };

  it('trap 26: without siteUrl the site is the default one of the admin', async () => {
    expect((await place.rest('GET', OPTIONS + of(ingrid), token)).status).toBe(404);
    await place.rest('POST', INSERT + of(cara), token, { emails: [bob] });
    expect([await delegatesOf(cara, US), await delegatesOf(cara, EU)]).toEqual([[amy, bob], [amy]]);
    await place.rest('PUT', '/meetingPreferences/sites?defaultSite=true', token, { siteUrl: EU });
    await place.rest('POST', INSERT + of(cara), token, { emails: [ingrid] });
    expect([await delegatesOf(cara, US), await delegatesOf(cara, EU)]).toEqual([[amy, bob], [amy, ingrid]]);
  });

  it('refuses others without the admin scope, also one who gives his own address', async () => {
    const own = place.tokenWith(cara, ['meeting:preferences_read', 'meeting:preferences_write']);
    for (const email of [anna, cara]) expect(await place.rest('GET', OPTIONS + of(email, US), own)).toEqual({ status: 403, body: refusal });
    expect((await place.rest('GET', OPTIONS, own)).body.delegateEmails).toEqual([amy]);
    expect((await place.rest('POST', INSERT, own, { emails: [bob] })).status).toBe(200);
    expect(await delegatesOf(cara, US)).toEqual([amy, bob]);
  });

  it('refuses a full administrator who is no site admin, and a site that is not the organization\'s', async () => {
    const scopes = ['meeting:admin_preferences_read', 'meeting:admin_preferences_write'];
    const reply = await place.rest('POST', INSERT + of(cara, US), place.tokenWith(carl, scopes), { emails: [bob] });
    expect(reply).toEqual({ status: 403, body: refusal });
    expect((await place.rest('GET', OPTIONS + of(cara, 'globex.webex.com'), token)).body).toEqual(refusal);
    expect(await delegatesOf(cara, US)).toEqual([amy]);
  });

  it('refuses a site admin whose role was taken away, with the same token', async () => {
    place.emulator.state.people.get(place.emulator.accounts().people.find((person) => person.email === anna)!.id)!.roles = [];
    expect(await place.rest('GET', OPTIONS + of(cara, US), token)).toEqual({ status: 403, body: refusal });
  });

  it('needs the writing scope to write and the own scopes for oneself', async () => {
    const reader = place.tokenWith(anna, ['meeting:admin_preferences_read']);
    expect((await place.rest('GET', OPTIONS + of(cara, US), reader)).status).toBe(200);
    expect((await place.rest('POST', DELETE + of(cara, US), reader, { emails: [amy] })).status).toBe(403);
    expect((await place.rest('GET', OPTIONS, reader)).status).toBe(403);
    expect((await place.rest('GET', OPTIONS, place.emulator.accounts().bot.token)).status).toBe(403);
  });

  it('answers 404 for somebody unknown or not on the site', async () => {
    expect((await place.rest('GET', OPTIONS + of('nobody@acme.test', US), token)).status).toBe(404);
    expect((await place.rest('GET', OPTIONS + of(ingrid, US), token)).status).toBe(404);
    expect((await place.rest('GET', OPTIONS + of(ingrid, EU), token)).status).toBe(200);
  });

  it('lists the sites of a user and sets the default one', async () => {
    const sites = `/meetingPreferences/sites${of(cara, EU)}`;
    expect((await place.rest('GET', sites, token)).body).toEqual({ sites: [{ siteUrl: US, default: true }, { siteUrl: EU, default: false }] });
    const change = `/meetingPreferences/sites${query({ userEmail: cara, defaultSite: 'true' })}`;
    expect((await place.rest('PUT', change, token, { siteUrl: EU })).body).toEqual({ siteUrl: EU, default: true });
    expect((await place.rest('GET', sites, token)).body).toEqual({ sites: [{ siteUrl: US, default: false }, { siteUrl: EU, default: true }] });
    expect((await place.rest('PUT', '/meetingPreferences/sites', token, { siteUrl: EU })).status).toBe(400);
  });
});
