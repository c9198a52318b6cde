import { createEmulator, type Emulator } from '../../src/emulator/server.js';
import { ROUTES } from '../../src/emulator/routes.js';
import { createClock } from '../../src/lib/clock.js';
import { createLog } from '../../src/lib/log.js';
import { createChecker } from './checker.js';
import { startRecorder, type Recorder } from './recorder.js';
import { loadSpec, specIsHere } from './spec.js';

if (!specIsHere) console.warn('SKIPPED: the official API description is not beside this checkout, so the emulator is not compared with it.');
const describeWithSpec = specIsHere ? describe : describe.skip;

describeWithSpec('every answer of the emulator fits the official description', () => {
  let emulator: Emulator;
  let recorder: Recorder;
  let tokens: Record<string, string>;

  beforeAll(async () => {
    emulator = createEmulator({ clock: createClock(), log: createLog({ level: 'silent' }) });
    recorder = await startRecorder((await emulator.start()).url);
    const accounts = emulator.accounts();
    tokens = Object.fromEntries([...accounts.people, accounts.bot].map((one) => [one.email, one.token]));
  });

  afterAll(async () => {
    await recorder.stop();
    await emulator.stop();
  });

  const call = async (who: string, method: string, path: string, body?: unknown): Promise<any> => {
    const form = body instanceof FormData;
    const response = await fetch(`${recorder.url}/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${tokens[who] ?? who}`, ...(body === undefined || form ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return response.headers.get('content-type')?.includes('json') === true && text !== '' ? JSON.parse(text) : text;
  };

  const ADMIN = 'anna.berg@acme.test';
  const BOT = 'steward@webex.bot';

  it('for every call that it knows', async () => {
    const me = await call(ADMIN, 'GET', '/people/me');
    await call(ADMIN, 'GET', '/people?max=3&excludeStatus=true');
    await call(ADMIN, 'GET', `/people/${me.id}`);
    await call(ADMIN, 'GET', '/people?max=20&callingData=true');
    for (const list of ['roles', 'organizations', 'licenses']) {
      const { items } = await call(ADMIN, 'GET', `/${list}`);
      await call(ADMIN, 'GET', `/${list}/${items[0].id}${list === 'licenses' ? '?includeAssignedTo=user&limit=5' : ''}`);
    }
    const { groups } = await call(ADMIN, 'GET', '/groups?startIndex=1&count=3&sortBy=displayName');
    await call(ADMIN, 'GET', `/groups/${groups[0].id}?includeMembers=true`);
    await call(ADMIN, 'GET', `/groups/${groups[0].id}/members?startIndex=1&count=5`);

    const team = await call(ADMIN, 'POST', '/teams', { name: 'Contract', description: 'Of this test' });
    await call(ADMIN, 'GET', '/teams?max=2');
    await call(ADMIN, 'GET', `/teams/${team.id}`);
    await call(ADMIN, 'PUT', `/teams/${team.id}`, { name: 'Contract (again)' });
    const mate = await call(ADMIN, 'POST', '/team/memberships', { teamId: team.id, personEmail: 'ben.okoye@acme.test' });
    await call(ADMIN, 'POST', '/team/memberships', { teamId: team.id, personEmail: 'ben.okoye@acme.test' });
    await call(ADMIN, 'GET', `/team/memberships?teamId=${team.id}&max=1`);
    await call(ADMIN, 'GET', `/team/memberships/${mate.id}`);
    await call(ADMIN, 'PUT', `/team/memberships/${mate.id}`, { isModerator: true });
    const inTeam = await call(ADMIN, 'POST', '/rooms', { title: 'Contract of a team', teamId: team.id });
    await call(ADMIN, 'GET', `/rooms?teamId=${team.id}`);
    await call(ADMIN, 'DELETE', `/rooms/${inTeam.id}`);
    await call(ADMIN, 'GET', `/rooms/${inTeam.id}`);
    await call(ADMIN, 'DELETE', `/team/memberships/${mate.id}`);
    await call(ADMIN, 'DELETE', `/teams/${team.id}`);

    const written = await call(ADMIN, 'POST', '/groups', { displayName: 'Contract', description: 'Of this test', members: [{ id: me.id }] });
    await call(ADMIN, 'PATCH', `/groups/${written.id}`, { displayName: 'Contract (again)', members: [{ id: me.id, operation: 'delete' }] });
    await call(ADMIN, 'PATCH', `/groups/${written.id}`, { purgeAllValues: { attributes: ['members'] } });
    await call(ADMIN, 'DELETE', `/groups/${written.id}`);

    const { items: locations } = await call(ADMIN, 'GET', '/locations?max=10');
    await call(ADMIN, 'GET', `/locations/${locations[0].id}`);
    const { items: licenses } = await call(ADMIN, 'GET', '/licenses');
    const license = (name: string): string => licenses.find((one: { name: string }) => one.name === name).id;
    const professional = { id: license('Webex Calling - Professional'), properties: { locationId: locations[0].id, extension: '7001' } };
    const attendee = [{ siteUrl: 'acme-eu.webex.com', accountType: 'attendee', operation: 'add' }];
    await call(ADMIN, 'PATCH', '/licenses/users', { email: 'carl.jensen@acme.test', licenses: [professional], siteUrls: attendee });
    await call(ADMIN, 'PATCH', '/licenses/users', { email: 'dora.silva@acme.test', licenses: [professional] });
    await call(ADMIN, 'PATCH', '/licenses/users', { email: 'dora.silva@acme.test', licenses: [{ ...professional, properties: {} }] });
    await call(ADMIN, 'PATCH', '/licenses/users', { email: 'olga.petrov@globex.test', licenses: [{ id: license('Webex Events') }] });

    const preferences = '/meetingPreferences/schedulingOptions';
    const of = '?userEmail=cara.olsen@acme.test&siteUrl=acme.webex.com';
    const options = await call(ADMIN, 'GET', preferences + of);
    await call(ADMIN, 'PUT', preferences + of, { ...options, delegateEmails: null });
    await call(ADMIN, 'POST', `${preferences}/delegateEmails/insert${of}`, { emails: ['ben.okoye@acme.test'] });
    await call(ADMIN, 'POST', `${preferences}/delegateEmails/delete${of}`, { emails: ['ben.okoye@acme.test'] });
    await call(ADMIN, 'POST', `${preferences}/delegateEmails/insert${of}`, { emails: ['nobody@nowhere.test'] });
    await call('grace.hall@acme.test', 'GET', preferences + of);
    const { sites } = await call(ADMIN, 'GET', '/meetingPreferences/sites?userEmail=cara.olsen@acme.test&siteUrl=acme.webex.com');
    await call(ADMIN, 'PUT', '/meetingPreferences/sites?defaultSite=true&userEmail=cara.olsen@acme.test', { siteUrl: sites[0].siteUrl });

    const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString();
    await call(ADMIN, 'GET', `/adminAudit/events?orgId=${me.orgId}&from=${day(-1)}&to=${day(1)}&max=10`);
    await call(ADMIN, 'GET', '/adminAudit/eventCategories');
    await call(ADMIN, 'GET', '/authorizations/tokenExpiry');

    const room = await call(ADMIN, 'POST', '/rooms', { title: 'Contract' });
    await call(ADMIN, 'GET', '/rooms?max=2&sortBy=created');
    await call(ADMIN, 'GET', `/rooms/${room.id}`);
    await call(ADMIN, 'PUT', `/rooms/${room.id}`, { title: 'Contract (again)' });
    const joined = await call(ADMIN, 'POST', '/memberships', { roomId: room.id, personEmail: BOT });
    await call(ADMIN, 'POST', '/memberships', { roomId: room.id, personEmail: BOT });
    const guest = await call(ADMIN, 'POST', '/memberships', { roomId: room.id, personEmail: 'ben.okoye@acme.test' });
    await call(ADMIN, 'GET', `/memberships?roomId=${room.id}&max=2`);
    await call(ADMIN, 'GET', `/memberships/${joined.id}`);
    await call(ADMIN, 'PUT', `/memberships/${guest.id}`, { isModerator: false, isRoomHidden: false });
    await call(ADMIN, 'DELETE', `/memberships/${guest.id}`);

    await call(BOT, 'POST', '/webhooks', { name: 'contract', targetUrl: 'http://127.0.0.1:9/hook', resource: 'all', event: 'all', secret: 'a secret of ours' });
    const hook = await call(BOT, 'POST', '/webhooks', { name: 'cards', targetUrl: 'http://127.0.0.1:9/hook', resource: 'attachmentActions', event: 'created' });
    await call(BOT, 'GET', '/webhooks?max=10');
    await call(BOT, 'GET', `/webhooks/${hook.id}`);
    await call(BOT, 'PUT', `/webhooks/${hook.id}`, { name: 'cards', targetUrl: 'http://127.0.0.1:9/hook', status: 'active' });
    await call(BOT, 'DELETE', `/webhooks/${hook.id}`);

    const said = await call(ADMIN, 'POST', '/messages', { roomId: room.id, markdown: `Hello <@personEmail:${BOT}|Steward> and <@all>` });
    await call(BOT, 'POST', '/messages', { roomId: room.id, text: 'A reply', parentId: said.id });
    const content = { type: 'AdaptiveCard', version: '1.3', body: [{ type: 'Input.Text', id: 'name', label: 'Name' }], actions: [{ type: 'Action.Submit', title: 'Send' }] };
    const card = await call(BOT, 'POST', '/messages', { roomId: room.id, text: 'A card', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] });
    const action = await call(ADMIN, 'POST', '/attachment/actions', { type: 'submit', messageId: card.id, inputs: { name: 'Ada' } });
    await call(BOT, 'GET', `/attachment/actions/${action.id}`);
    const form = new FormData();
    form.set('roomId', room.id);
    form.set('text', 'A file');
    form.set('files', new Blob(['host,delegate\n'], { type: 'text/csv' }), 'list.csv');
    const file = await call(ADMIN, 'POST', '/messages', form);
    await call(ADMIN, 'GET', `/contents/${String(file.files[0]).split('/').at(-1)}`);
    await call(ADMIN, 'GET', `/messages?roomId=${room.id}&max=2`);
    await call(BOT, 'GET', `/messages?roomId=${room.id}`);
    await call(BOT, 'GET', `/messages?roomId=${room.id}&mentionedPeople=me&max=10`);
    await call(ADMIN, 'GET', `/messages/${card.id}`);
    await call(ADMIN, 'PUT', `/messages/${said.id}`, { roomId: room.id, text: 'Hello' });
    await call(BOT, 'POST', '/messages', { toPersonEmail: ADMIN, markdown: 'Hello **Anna**' });
    await call(ADMIN, 'GET', `/messages/direct?personEmail=${BOT}`);
    await call(ADMIN, 'DELETE', `/messages/${said.id}`);
    await call(ADMIN, 'DELETE', `/rooms/${room.id}`);

    await call('no token at all', 'GET', '/people/me');
    await call(ADMIN, 'GET', '/rooms/Y2lzY29zcGFyazovL3VzL1JPT00vbm9uZQ');
    await call('grace.hall@acme.test', 'GET', '/licenses');
    await call(ADMIN, 'POST', '/messages', { text: 'to nobody' });

    expect(recorder.exchanges.filter(({ method, path }) => method === 'PATCH' && path === '/licenses/users').map(({ status }) => status)).toEqual([200, 206, 400, 200]);
    const { spec, quirks } = loadSpec();
    const checker = createChecker(spec, quirks);
    // Downloads are not in the description; revoking would end the tokens that this test works with.
    const apart = ['/contents/:contentId', '/authorizations', '/authorizations/:authorizationId'];
    const called = new Set(recorder.exchanges.filter(({ status }) => status < 400).map(({ method, path }) => checker.operationOf(method, path)));
    const known = ROUTES.filter(({ path }) => !apart.includes(path)).map(({ method, path }) => `${method} ${path}`);
    const named = (operation: string): string => operation.replace(/\{(\w+)\}/g, ':$1');
    const shapes = (operation: string): string => operation.replace(/:\w+/g, ':');
    expect(known.map(shapes).filter((route) => ![...called].some((one) => shapes(named(one ?? '')) === route))).toEqual([]);

    const findings = recorder.exchanges.filter(({ path }) => !path.startsWith('/contents/')).flatMap((exchange) => checker.check(exchange));
    const lines = findings.map((one) => `${one.operation} ${one.side} ${one.code} ${one.where} ${one.name}: ${one.message} (${one.schema})`);
    expect([...new Set(lines)]).toEqual([]);
  });

  it('and the checker finds what is planted', () => {
    const { spec, quirks } = loadSpec();
    const checker = createChecker(spec, quirks);
    const exchange = { method: 'GET', path: '/people/me', query: {}, requestType: '', request: undefined, status: 200, responseType: 'application/json', response: { id: 7, planted: true } };
    expect(checker.check(exchange).map(({ code, name }) => `${code} ${name}`)).toEqual(['body-schema 7', 'property-undeclared planted']);
  });
});
