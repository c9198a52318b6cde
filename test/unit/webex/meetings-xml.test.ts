import { build, element, elementAt, elementsOf, read, textOf } from '../../../src/webex/meetings-xml/envelope.js';
import { getUser } from '../../../src/webex/meetings-xml/getUser.js';
import { lstsummaryUser } from '../../../src/webex/meetings-xml/lstsummaryUser.js';
import { setSchedulingPermission } from '../../../src/webex/meetings-xml/setUser.js';
import { readOnly } from '../../../src/webex/client.js';
import * as meetingPreferences from '../../../src/webex/rest/meetingPreferences.js';
import { all } from '../../../src/webex/rest/parse.js';
import { errorOf } from './error-of.js';
import { EU, startWorld, US, type World } from './world.js';

const success = (content: string, head = ''): string => `<?xml version="1.0"?>${head}<serv:message xmlns:serv="s" xmlns:use="u"><serv:header><serv:response><serv:result>SUCCESS</serv:result></serv:response></serv:header>`
  + `<serv:body><serv:bodyContent>${content}</serv:bodyContent></serv:body></serv:message>`;
const failure = (id: string): string => '<serv:message xmlns:serv="s"><serv:header><serv:response><serv:result>FAILURE</serv:result>'
  + `<serv:reason>Because</serv:reason><serv:exceptionID>${id}</serv:exceptionID></serv:response></serv:header><serv:body><serv:bodyContent/></serv:body></serv:message>`;
const reading = (text: string, write = false) => errorOf(Promise.resolve().then(() => read({ status: 200, text, trackingId: 'T_1' }, write)));

describe('the envelope', () => {
  it('escapes every value that goes in', () => {
    const document = build('GetUser', { site: US, webExId: `a&b'<x>"@acme.test`, ticket: 'T<1>' }, element('webExId', '</webExId><active>x'));
    expect(document).toContain('<siteName>acme</siteName><webExID>a&amp;b&apos;&lt;x&gt;&quot;@acme.test</webExID><sessionTicket>T&lt;1&gt;</sessionTicket>');
    expect(document).toContain('<webExId>&lt;/webExId&gt;&lt;active&gt;x</webExId>');
    expect(document).toContain('xsi:type="java:com.webex.service.binding.user.GetUser"');
  });

  it('trap 28: keeps the leading zeros of an exceptionID and throws although the status is 200', async () => {
    expect(await reading(failure('000001'))).toMatchObject({ code: 'WEBEX_FORBIDDEN', status: 403, errorCode: '000001', words: 'Because', trackingId: 'T_1' });
    expect(await reading(failure('030001'))).toMatchObject({ code: 'WEBEX_NOT_FOUND', status: 404, errorCode: '030001' });
    expect(await reading(failure('030048'))).toMatchObject({ code: 'WEBEX_XML_REFUSED', status: 400, errorCode: '030048' });
  });

  it('trap 28: takes one record for a list of one', () => {
    const body = read({ status: 200, text: success('<use:user><use:email>a@x</use:email></use:user>') }, false);
    expect(elementsOf(body, 'user')).toEqual([{ email: 'a@x' }]);
    expect(elementsOf(body, 'nobody')).toEqual([]);
  });

  it('reads by local names, texts as texts, entities once', () => {
    const body = read({ status: 200, text: success('<com:a xmlns:com="c">007</com:a><b>&amp;lt; &#228;&#xe9; R&amp;D</b><c/><d><e>true</e></d>') }, false);
    expect([textOf(body, 'a'), textOf(body, 'b'), textOf(body, 'c'), textOf(body, 'none')]).toEqual(['007', '&lt; äé R&D', '', undefined]);
    expect(textOf(elementAt(body, 'd'), 'e')).toBe('true');
  });

  it.each([
    ['a DTD', success('<a>&x;</a>', '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>')],
    ['a reply that is cut off', success('<use:schedulingPermission>amy@acme.test;bob@acme.test</use:schedulingPermission>').slice(0, -60)],
    ['no XML', '<html><body>Bad gateway</html>'],
    ['nothing', ''],
    ['neither SUCCESS nor FAILURE', success('').replace('SUCCESS', 'MAYBE')],
  ])('takes %s not for an answer', async (_what, text) => {
    expect(await reading(text)).toMatchObject({ code: 'WEBEX_UNEXPECTED', mayHaveHappened: false });
    expect(await reading(text, true)).toMatchObject({ code: 'WEBEX_UNEXPECTED', mayHaveHappened: true });
  });
});

describe('a Meetings site', () => {
  let world: World;
  beforeEach(async () => { world = await startWorld(60); });
  afterEach(() => world.stop());
  const seat = { site: US, webExId: 'victor.stone@acme.test' };
  const operations = async (): Promise<string[]> => (await world.seen()).filter(({ path }) => path.startsWith('/WBX')).map(({ path }) => path.split('/').at(-1) ?? '');

  it('shows a user with those who may schedule', async () => {
    expect(await getUser(world.as('anna.berg'), seat)).toEqual({
      webExId: 'victor.stone@acme.test', email: 'victor.stone@acme.test', firstName: 'Victor', lastName: 'Stone', active: 'ACTIVATED', isHost: true, isSiteAdmin: false,
      schedulingPermission: ['amy.adams@acme.test', 'bob.nguyen@acme.test'],
    });
    // Nobody may schedule for her: the element is absent.
    expect((await getUser(world.as('anna.berg'), { site: US, webExId: 'Amy.Adams@acme.test' })).schedulingPermission).toEqual([]);
  });

  it('is signed in on once by many calls at the same time, and for each site apart', async () => {
    const anna = world.as('anna.berg');
    await Promise.all(Array.from({ length: 10 }, () => getUser(readOnly(anna), seat)));
    await getUser(anna, { ...seat, site: US.toUpperCase() });
    await getUser(anna, { site: EU, webExId: 'cara.olsen@acme.test' });
    expect((await operations()).filter((name) => name === 'AuthenticateUser')).toHaveLength(2);
  });

  it('trap 28: the whole list is written, separated by semicolons, and nothing else of the user', async () => {
    const anna = world.as('anna.berg');
    const before = await getUser(anna, seat);
    await world.seen();
    await setSchedulingPermission(anna, seat, [...before.schedulingPermission, 'Daniel.Kim@acme.test', 'AMY.adams@acme.test', 'victor.stone@acme.test']);
    const [asked] = (await world.seen()).filter(({ path }) => path.endsWith('/SetUser'));
    const content = /<bodyContent[^>]*>(.*)<\/bodyContent>/.exec(String(asked?.body))?.[1];
    expect(content).toBe('<webExId>victor.stone@acme.test</webExId><schedulingPermission>AMY.adams@acme.test;bob.nguyen@acme.test;Daniel.Kim@acme.test</schedulingPermission>');
    const rest = await meetingPreferences.schedulingOptions(anna, { email: seat.webExId, siteUrl: US });
    expect([...rest.delegateEmails].sort()).toEqual(['amy.adams@acme.test', 'bob.nguyen@acme.test', 'daniel.kim@acme.test']);
    await setSchedulingPermission(anna, seat, []);
    expect(await getUser(anna, seat)).toEqual({ ...before, schedulingPermission: [] });
  });

  it('works with addresses that have &, \' and + in them', async () => {
    const anna = world.as('anna.berg');
    await setSchedulingPermission(anna, { site: US, webExId: "sinead.o'connor@acme.test" }, ['r&d.desk@acme.test']);
    expect((await getUser(anna, { site: US, webExId: "sinead.o'connor@acme.test" })).schedulingPermission).toEqual(['r&d.desk@acme.test']);
  });

  it.each(['a@x.test;b@x.test', 'a@x.test,b@x.test', 'a@x.test b', ''])('an address %j does not become two', async (address) => {
    await world.seen();
    expect(await errorOf(setSchedulingPermission(world.as('anna.berg'), seat, [address]))).toMatchObject({ code: 'BAD_ADDRESS' });
    expect(await operations()).toEqual([]);
  });

  it('trap 28: a session that has ended is renewed once, and the call done again', async () => {
    const anna = world.as('anna.berg');
    await getUser(anna, seat);
    world.clock.advance(10 * 60_000);
    await world.control('reset', {});
    await setSchedulingPermission(anna, seat, ['amy.adams@acme.test']);
    expect((await getUser(anna, seat)).schedulingPermission).toEqual(['amy.adams@acme.test']);
    await world.seen();
    world.clock.advance(91 * 60_000);
    await getUser(anna, seat);
    // Not even tried with a ticket that is over.
    expect(await operations()).toEqual(['AuthenticateUser', 'GetUser']);
  });

  it('that denies an old ticket for want of a privilege is asked twice and not more', async () => {
    const dora = world.as('dora.silva');
    expect(await errorOf(getUser(dora, seat))).toMatchObject({ status: 403, errorCode: '000001' });
    world.clock.advance(10 * 60_000);
    await world.seen();
    expect(await errorOf(getUser(dora, seat))).toMatchObject({ status: 403, errorCode: '000001' });
    expect(await operations()).toEqual(['GetUser', 'AuthenticateUser', 'GetUser']);
  });

  it('that does not know the person, or on which the caller is nobody, says so', async () => {
    expect(await errorOf(getUser(world.as('anna.berg'), { site: US, webExId: 'nobody@acme.test' }))).toMatchObject({ code: 'WEBEX_NOT_FOUND', status: 404 });
    expect(await errorOf(getUser(world.as('erik.lund'), seat))).toMatchObject({ status: 404, errorCode: '030001' });
  });

  it('an access token that is not taken is renewed once for the sign-in', async () => {
    let renewed = 0;
    const good = world.emulator.accounts().people.find(({ email }) => email === 'anna.berg@acme.test')?.token ?? '';
    // REST gets the good token; the sign-in meets the time in which it is over.
    let turn = 0;
    const anna = world.as('anna.berg', { token: () => Promise.resolve((turn += 1) === 1 ? good : 'over'), refresh: () => { renewed += 1; return Promise.resolve(good); } });
    expect((await getUser(anna, seat)).firstName).toBe('Victor');
    expect(renewed).toBe(1);
  });

  it('lists its users over pages, one of them as a list of one, and none as an empty list', async () => {
    const anna = world.as('anna.berg');
    const users = await all(lstsummaryUser(anna, US));
    const onSite = [...world.emulator.state.people.values()].filter(({ sites }) => sites.some(({ siteUrl }) => siteUrl === US));
    expect(users).toHaveLength(onSite.length);
    expect(await all(lstsummaryUser(anna, US, { email: 'amy.adams@acme.test' }))).toEqual([{ webExId: 'amy.adams@acme.test', email: 'amy.adams@acme.test', firstName: 'Amy', lastName: 'Adams', active: 'ACTIVATED' }]);
    // 000015 means nobody, not a failure.
    expect(await all(lstsummaryUser(anna, US, { email: 'nobody@acme.test' }))).toEqual([]);
  });

  it('that asks to wait a minute (000045) closes its lane, and no other site’s', async () => {
    const anna = world.as('anna.berg');
    await getUser(anna, seat);
    await getUser(anna, { site: EU, webExId: 'cara.olsen@acme.test' });
    await world.control('limits', { kind: 'window', perSecond: 1, burst: 1, only: ['/WBXService/XMLService/GetUser'] });
    await getUser(anna, seat);
    const error = await errorOf(getUser(anna, seat, { impatient: true }));
    expect(error).toMatchObject({ code: 'WEBEX_TOO_MANY_CALLS', status: 429, retryAfter: 60 });
    await world.control('limits', { kind: 'none' });
    expect((await getUser(anna, { site: EU, webExId: 'cara.olsen@acme.test' }, { impatient: true })).firstName).toBe('Cara');
    await world.seen();
    expect(await errorOf(getUser(anna, seat, { impatient: true }))).toMatchObject({ status: 429 });
    expect(await operations()).toEqual([]);
  });
});
