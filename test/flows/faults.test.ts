import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as csv } from 'csv-parse/sync';
import { publicId, stableUuid } from '../../src/emulator/ids.js';
import { answer, approve, change, countsOf, file, idOf, linesOf, plan, result, shown } from '../support/plans.js';
import { actionsOf, cardOf, textOf, type Message, type Person } from '../support/person.js';
import { startWorld, type World } from '../support/world.js';

const at = (name: string): string => `${name}@acme.test`;
const BOT = '<@personEmail:steward@webex.bot|Steward>';

let world: World;
let anna: Person;

beforeAll(async () => {
  world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '1000' } });
  anna = world.person('anna.berg');
  await world.link(anna);
});
afterAll(async () => { await world.stop(); });

const inserts = async (): Promise<string[]> => (await world.requests('POST /v1/meetingPreferences')).map(({ body }) => String(body.emails));
const refusals = (): number => world.audit().filter(({ action }) => action.endsWith('refused')).length;
const roomId = async (person: Person, title: string): Promise<string> =>
  ((await person.api('GET', '/rooms?max=100')).json.items as { id: string; title: string }[]).find((room) => room.title === title)?.id ?? '';

/** Everything that the bot says in answer to this and after it, up to the answer to a `help` that is asked behind it. */
async function saidUntilHelp(person: Person): Promise<Message[]> {
  const known = new Set((await person.messages()).map(({ id }) => id));
  await person.say('help');
  await person.hears((message) => !known.has(message.id) && /You can ask me for/.test(textOf(message)));
  return (await person.messages()).filter(({ personEmail }) => personEmail === world.botEmail);
}

/** A space in which everybody may see plans. */
async function openSpace(): Promise<string> {
  const space = await roomId(anna, 'IT Admins');
  await anna.say(`${BOT} settings set space.details=here`, { roomId: space });
  await anna.hears(/space\.details is now here/, { roomId: space });
  return space;
}

async function planIn(space: string, command: string): Promise<Message> {
  await anna.say(`${BOT} ${command}`, { roomId: space });
  return anna.hears((message) => /Nothing has been changed yet/.test(textOf(message)), { roomId: space });
}

describe('faults 1 to 4: whose delegates, whose failure, whose rights', () => {
  it("fault 1: adding a receiver to granters A and B does not give A's earlier delegates to B", async () => {
    await change(anna, `delegates add ${at('priya.natarajan')} for=${at('kwame.mensah')},${at('xavier.darcy')}`);
    expect(await world.delegatesOf('kwame.mensah')).toEqual([at('noor.devries'), at('priya.natarajan')]);
    expect(await world.delegatesOf('xavier.darcy')).toEqual([at('mary-jane.vandenberg'), at('priya.natarajan')]);
  });

  it('fault 2: overwriting with a list that has a granter in it keeps him for the other granters', async () => {
    const card = await plan(anna, `delegates set ${at('victor.stone')},${at('raj.patel')} for=${at('victor.stone')},${at('cara.olsen')}`);
    expect(linesOf(card)).toContain('Victor Stone: cannot be a delegate of Victor Stone: a host schedules for himself anyway');
    await approve(anna, card);
    expect(await world.delegatesOf('cara.olsen')).toEqual([at('raj.patel'), at('victor.stone')]);
    expect(await world.delegatesOf('victor.stone')).toEqual([at('raj.patel')]);
  });

  it('fault 3: one failing granter does not hide in a batch "SUCCESS"', async () => {
    const hosts = ['daniel.kim', 'maria.garcia', 'olu.adeyemi'];
    const card = await plan(anna, `delegates add ${at('amy.adams')} for=${hosts.map(at).join(',')}`);
    await world.control('POST', 'faults', { rules: [{ method: 'POST', path: '/meetingPreferences/schedulingOptions/delegateEmails/insert', status: 400, body: { message: 'The user is being moved', errors: [] }, times: 1 }] });
    const done = await approve(anna, card);
    await world.control('POST', 'faults', { rules: [] });
    const lines = linesOf(done);
    expect(countsOf(done)).toBe('Finished: 2 done, 1 failed');
    const failed = lines.filter((line) => line.startsWith('Failed: '));
    const without = [];
    for (const host of hosts) if (!(await world.delegatesOf(host)).includes(at('amy.adams'))) without.push(host);
    const names: Record<string, string> = { 'daniel.kim': 'Daniel Kim', 'maria.garcia': 'María García', 'olu.adeyemi': 'Olú Adéyẹmí' };
    expect(without).toHaveLength(1);
    expect(failed).toHaveLength(1);
    expect(failed[0]).toContain(`schedule for ${names[without[0] ?? ''] ?? ''} on acme.webex.com`);
    expect(failed[0]).toMatch(/The user is being moved.*tracking id/);

    await anna.press(done, 'Retry failed');
    await approve(anna, await anna.hears(/Again: Let Amy Adams/));
    for (const host of hosts) expect([host, await world.delegatesOf(host)]).toEqual([host, [at('amy.adams')]]);
  });

  it('fault 4: the next person who opens the bot does not act as the last admin', async () => {
    const ben = world.person('ben.okoye');
    await world.mark();
    const refused = await answer(ben, `delegates add ${at('amy.adams')} for=${at('ben.okoye')}`);
    expect(textOf(refused)).toMatch(/Your Webex account is not linked/);
    expect((await world.requests()).filter(({ owner }) => owner === anna.email)).toEqual([]);

    await world.link(ben);
    await world.mark();
    await change(ben, `delegates add ${at('amy.adams')} for=${at('ben.okoye')}`);
    const byPeople = (await world.requests()).filter(({ owner, path }) => owner !== world.botEmail && path.includes('meetingPreferences'));
    expect(byPeople.length).toBeGreaterThan(2);
    expect([...new Set(byPeople.map(({ owner }) => owner))]).toEqual([ben.email]);
  });
});

describe('names that are more than names', () => {
  const NAMES = ['Ann "A&B" <b>O\'Neil</b>; DROP', 'Line\nBreak\r\nCell', '\u202Eevil\u2066\u200B name', '=HYPERLINK("http://evil.test")', '**bold** [x](http://evil.test) <@all>', '${$root} {{token}} ${1+1}', '</TextBlock>]]>&amp;'];
  const hosts = NAMES.map((displayName, n) => ({ displayName, email: `${['o\'neil&co', 'line', 'bidi', 'sum', 'bold', 'root', 'cdata'][n] ?? ''}@acme.test` }));
  let odd: World;
  let admin: Person;

  beforeAll(async () => {
    const license = (site: string): string => publicId('LICENSE', `acme:MC_${stableUuid(site)}`);
    const sites = ['acme.webex.com', 'acme-eu.webex.com'];
    const person = (email: string, displayName: string, more: object = {}): object => ({
      emails: [email], displayName, licenses: sites.map(license), sites: sites.map((siteUrl, n) => ({ siteUrl, isDefault: n === 0, isSiteAdmin: 'roles' in more })), ...more,
    });
    const folder = mkdtempSync(join(tmpdir(), 'steward-odd-'));
    const organizationFile = join(folder, 'odd.json');
    writeFileSync(organizationFile, JSON.stringify({
      organizations: [{ id: publicId('ORGANIZATION', stableUuid('odd')), displayName: 'Acme' }], sites: sites.map((siteUrl) => ({ siteUrl })),
      licenses: sites.map((siteUrl) => ({ id: license(siteUrl), name: 'Meeting', totalUnits: 99, subscriptionId: 'Sub1', siteUrl })),
      people: [
        person('admin@acme.test', 'Admin', { roles: ['Full Administrator'] }), person('semi;colon@acme.test', 'Semi Colon'), person('colon@acme.test', 'Colon'),
        ...hosts.map(({ email, displayName }) => person(email, displayName)),
      ],
    }));
    odd = await startWorld({ organizationFile, env: { APPROVAL_STEPS: '1000', LOG_LEVEL: 'debug' } });
    rmSync(folder, { recursive: true });
    admin = odd.person('admin');
    await odd.link(admin, 'delegates,delegates-xml');
    expect(textOf(await answer(admin, 'settings set delegates.backend=xml for=site site=acme-eu.webex.com'))).toContain('is now xml');
  });
  afterAll(async () => { await odd.stop(); });

  it("fault 5: a name or address with `&`, `'`, `<`, `;`, a newline or bidi marks breaks nothing in XML, markdown, card, CSV, log", async () => {
    const everybody = hosts.map(({ email }) => `"${email}"`).join(',');
    for (const site of ['acme.webex.com', 'acme-eu.webex.com']) {
      const card = await plan(admin, `delegates add ${everybody} for=${everybody} site=${site}`);
      const done = await approve(admin, card);
      expect(countsOf(done)).toBe('Done: 7 done');
      for (const { email } of hosts) expect([email, await odd.delegatesOf(email, site)]).toEqual([email, hosts.map((host) => host.email).filter((one) => one !== email).sort()]);

      await admin.say(`changes export ${idOf(done)}`);
      const rows = csv(await file(admin, `change-${idOf(done)}.csv`));
      expect(rows).toHaveLength(1 + hosts.length);
      expect([...new Set(rows.map((cells) => cells.length))]).toEqual([rows[0]?.length]);
      expect(rows.flat().filter((cell) => /^[=+@]/.test(cell))).toEqual([]);
    }
    await answer(admin, `delegates list ${everybody}`);
    await answer(admin, 'delegates list to=sum@acme.test');
    await answer(admin, 'delegates add "O\'Neil" for=Line');

    const said = (await admin.messages()).filter(({ personEmail }) => personEmail === odd.botEmail);
    expect(said.length).toBeGreaterThan(6);
    for (const message of said) {
      const card = JSON.stringify(cardOf(message) ?? {});
      expect(message.html ?? '').not.toMatch(/<b>|<strong>bold|<a [^>]*evil|<spark-mention/);
      expect(message.text ?? '').not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]/);
      expect(card).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]|\]\(http|\\n|\\r/);
    }
    const all = said.map((message) => [message.text, ...linesOf(message)].join('\n')).join('\n');
    for (const whole of ['Ann "A&B" <b>O\'Neil</b>; DROP', 'Line Break Cell', 'evil name', '=HYPERLINK("http', '${$root} {{token}} ${1+1}', '</TextBlock>]]>&amp;']) expect(all).toContain(whole);

    const lines = odd.logged().split('\n').filter((line) => line.startsWith('{'));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(odd.logged()).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B]/);
  });

  it('fault 5: an address with `;` never becomes two addresses', async () => {
    for (const site of ['acme.webex.com', 'acme-eu.webex.com']) {
      const message = await answer(admin, `delegates add "semi;colon@acme.test" for=admin@acme.test site=${site}`);
      if (/Nothing has been changed yet/.test(textOf(message))) await approve(admin, message);
      expect(await odd.delegatesOf('admin', site)).not.toContain('colon@acme.test');
    }
  });
});

describe('faults 6 and 7: buttons', () => {
  it('fault 6: a second press of Approve, or two at once by two admins, acts once', async () => {
    const ben = world.person('ben.okoye');
    const card = await plan(anna, `delegates add ${at('amy.adams')} for=${at('raj.patel')}`);
    await world.mark();
    await Promise.all([anna.press(card, 'Approve'), anna.press(card, 'Approve'), anna.press(card, 'Approve')]);
    await result(anna, idOf(card));
    await saidUntilHelp(anna);
    expect(await inserts()).toEqual([at('amy.adams')]);

    const space = await openSpace();
    const shared = await planIn(space, `delegates add ${at('bob.nguyen')} for=${at('raj.patel')}`);
    await world.mark();
    await Promise.all([anna.press(shared, 'Approve'), ben.press(shared, 'Approve')]);
    await anna.hears((message) => cardOf(message) !== undefined && textOf(message).includes(`Change ${idOf(shared)} ·`), { roomId: space });
    await saidUntilHelp(anna);
    await saidUntilHelp(ben);
    expect(await inserts()).toEqual([at('bob.nguyen')]);
    expect(world.audit().filter(({ action, subject }) => action === 'plan.approved' && subject === idOf(shared))).toHaveLength(1);
    const inSpace = (await anna.messages(space)).map(textOf).join('\n');
    expect(inSpace).toMatch(new RegExp(`Plan ${idOf(shared)} was approved by|This is being done already|no longer valid`));
    expect(await world.delegatesOf('raj.patel')).toEqual([at('amy.adams'), at('bob.nguyen')]);
  });

  it('fault 7: a card pressed by someone without rights, or forged by posting an attachment action with made-up inputs, does nothing, spends nothing, and is in the audit log', async () => {
    const space = await openSpace();
    const card = await planIn(space, `delegates add ${at('amy.adams')} for=${at('dora.silva')}`);
    const token = actionsOf(card).find(({ title }) => title === 'Approve')?.data?.token ?? '';
    expect(token).not.toBe('');
    await world.mark();
    const before = refusals();

    const dora = world.person('dora.silva');
    await dora.press(card, 'Approve');
    await dora.hears(/not linked/, { roomId: space });
    await world.link(dora, 'look');
    await dora.press(card, 'Approve');
    await dora.hears(/may not approve it/, { roomId: space });
    expect(refusals()).toBe(before + 2);

    const other = await anna.ask('menu', /Hello Anna/);
    const forged: [Message, Record<string, unknown>][] = [
      [card, { token: 'x'.repeat(token.length) }],
      [card, { command: 'changes approve', id: idOf(card), hash: 'y' }],
      [card, {}],
      [card, { token: [token] }],
      // The token of this card on another card.
      [other, { token }],
    ];
    for (const [message, inputs] of forged) expect((await anna.api('POST', '/attachment/actions', { type: 'submit', messageId: message.id, inputs })).status).toBe(200);
    await world.stream.until('every forged press in the audit log', async () => (await Promise.resolve(refusals()) === before + 2 + forged.length ? true : undefined));
    await saidUntilHelp(anna);
    expect(await inserts()).toEqual([]);
    expect(await world.delegatesOf('dora.silva')).toEqual([]);
    expect(world.audit().filter(({ action }) => action === 'card.refused').slice(-forged.length).map(({ details }) => details?.reason).sort())
      .toEqual(['no token', 'no token', 'no token', 'unknown token', 'unknown token']);

    await anna.press(card, 'Approve');
    await anna.hears((message) => textOf(message).includes(`Change ${idOf(card)} ·`), { roomId: space });
    expect(await inserts()).toEqual([at('amy.adams')]);
  });
});

describe('faults 8 and 9: what comes in from outside', () => {
  const deliver = async (body: string, signature: string | undefined): Promise<number> =>
    (await fetch(`${world.publicUrl}/webhook`, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...(signature === undefined ? {} : { 'X-Spark-Signature': signature }) } })).status;
  const signed = (body: string): string => createHmac('sha1', world.webhookSecret).update(body).digest('hex');
  const envelope = ({ id, roomId: room, personEmail, ...rest }: Message): string =>
    JSON.stringify({ resource: 'messages', event: 'created', data: { id, roomId: room, personEmail, personId: (rest as { personId?: string }).personId } });

  it('fault 8: a webhook with no signature, a wrong one, one of another body, is 401 and does nothing; one delivered three times acts once, also over a restart', async () => {
    await world.control('POST', 'faults', { webhooks: { lose: 2 } });
    const unheard = await anna.say(`delegates list ${at('ingrid.dahl')}`);
    await world.control('POST', 'faults', { webhooks: { lose: 0 } });
    const body = envelope(unheard);
    const isAnswer = ({ text = '' }: Message): boolean => text.includes('Ingrid Dahl');
    const answersBefore = (await anna.messages()).filter(isAnswer).length;

    expect([await deliver(body, undefined), await deliver(body, ''), await deliver(body, 'f'.repeat(40)), await deliver(body, signed(`${body} `)), await deliver(`${body} `, signed(body))]).toEqual([401, 401, 401, 401, 401]);
    await saidUntilHelp(anna);
    expect(await world.requests(`GET /v1/messages/${unheard.id}`)).toEqual([]);

    expect([await deliver(body, signed(body)), await deliver(body, signed(body)), await deliver(body, signed(body))]).toEqual([200, 200, 200]);
    await anna.hears(/Ingrid Dahl/);
    await world.restart();
    expect(await deliver(body, signed(body))).toBe(200);
    expect((await saidUntilHelp(anna)).filter(isAnswer)).toHaveLength(answersBefore + 1);

    await world.control('POST', 'faults', { webhooks: { duplicate: 2 } });
    await world.mark();
    await change(anna, `delegates add ${at('raj.patel')} for=${at('hana.sato')}`);
    await world.control('POST', 'faults', { webhooks: {} });
    await saidUntilHelp(anna);
    expect(await inserts()).toEqual([at('raj.patel')]);
  });

  it('fault 9: text of a user is never a mention, link or command of ours when echoed', async () => {
    const hostile = '<@all> [click](http://evil.test/x) <@personEmail:ben.okoye@acme.test|Ben> **bold** `delegates` http://evil.test';
    const space = await openSpace();
    await world.mark();
    const answers = [
      await answer(anna, hostile),
      await answer(anna, `delegates add "${hostile.replaceAll('"', '')}" for=${at('cara.olsen')}`),
      await answer(anna, `delegates add ${at('zoe.kraus')} for="[click](http://evil.test/x)"`),
      await answer(anna, `changes show <@all>[x](http://evil.test)`),
      await answer(anna, `settings set [x](http://evil.test)=<@all>`),
    ];
    await anna.say(`${BOT} [click](http://evil.test/x) delegates <@all>`, { roomId: space });
    answers.push(await anna.hears(() => true, { roomId: space }));
    for (const message of answers) {
      const { json } = await anna.api('GET', `/messages/${message.id}`);
      expect([message.text, json.mentionedPeople, json.mentionedGroups]).toEqual([message.text, undefined, undefined]);
      expect(json.html ?? '').not.toMatch(/<a |<spark-mention|<strong>bold/);
      expect(JSON.stringify(cardOf(message) ?? {})).not.toContain('](http');
    }
    expect(answers.filter((message) => textOf(message).includes('evil.test')).length).toBeGreaterThan(3);
    // The bot's own words come back to it as a message; they are nobody's command.
    await saidUntilHelp(anna);
    expect(await inserts()).toEqual([]);
  });
});

describe('faults 10 and 11: roles that are gone, lookups that fail', () => {
  it('fault 11: one 429 or 500 on any lookup neither loses the message nor makes the bot deaf to that person', async () => {
    for (const path of ['/messages/*', '/people/*', '/attachment/actions/*']) {
      for (const status of [429, 500]) {
        const rule = { method: 'GET', path, status, owner: world.botEmail, times: 1, ...(status === 429 ? { headers: { 'Retry-After': '0' } } : {}) };
        const card = await plan(anna, `delegates add ${at('bob.nguyen')} for=${at('noor.devries')}`);
        await world.control('POST', 'faults', { rules: [rule] });
        const heard = await answer(anna, `no such thing ${path} ${status}`);
        expect(textOf(heard)).toContain('I do not know');
        await anna.press(card, 'Reject');
        await anna.hears(new RegExp(`Plan ${idOf(card)} was withdrawn`));
        await world.control('POST', 'faults', { rules: [] });
      }
    }
    const carl = world.person('carl.jensen');
    const space = await roomId(carl, 'IT Admins');
    await world.control('POST', 'faults', { rules: ['/people', '/memberships', '/rooms/*'].map((path) => ({ method: 'GET', path, status: 500, owner: world.botEmail, times: 1 })) });
    await carl.say(`${BOT} help`, { roomId: space });
    await carl.hears(/You can ask me for/, { roomId: space });
    await carl.ask('help', /You can ask me for/);
    await world.control('POST', 'faults', { rules: [] });
  });

  it('fault 10: an admin whose role was taken away a minute ago can neither approve nor have his change go on', async () => {
    const ben = world.person('ben.okoye');
    const role = async (roles: string[]): Promise<unknown> => world.control('POST', 'change', { people: [{ email: ben.email, roles }] });
    const card = await plan(ben, `delegates add ${at('amy.adams')} for=${at('nina.rossi')}`);
    await role([]);
    await world.mark();
    await ben.press(card, 'Approve');
    expect(textOf(await ben.hears(/may not approve it/))).toMatch(/lacks|role/);
    expect(await inserts()).toEqual([]);
    await ben.hears(new RegExp(`Plan ${idOf(card)} was withdrawn`));

    await role(['Full Administrator']);
    const hosts = ['anna.berg', 'carl.jensen', 'fatima.haddad', 'priya.natarajan', 'bob.nguyen', 'mary-jane.vandenberg'];
    const going = await plan(ben, `delegates add ${at('olu.adeyemi')} for=${hosts.map(at).join(',')}`);
    // Webex asks to wait, and meanwhile the role goes.
    await world.control('POST', 'faults', { rules: [{ method: 'POST', path: '/meetingPreferences/schedulingOptions/delegateEmails/insert', status: 429, headers: { 'Retry-After': '2' } }] });
    await ben.press(going, 'Approve');
    await world.stream.until('the first write to be put off', async () => ((await world.requests('delegateEmails/insert')).length > 0 ? true : undefined));
    await role([]);
    await world.control('POST', 'faults', { rules: [] });
    const paused = await result(ben, idOf(going));
    expect(countsOf(paused)).toBe('Paused: 6 left');
    expect(shown(paused)).toMatch(/lacks the role Full Administrator/);
    for (const host of hosts) expect([host, await world.delegatesOf(host)]).toEqual([host, []]);

    await ben.press(paused, 'Continue');
    await ben.hears(/may not let it go on/);
    for (const host of hosts) expect([host, await world.delegatesOf(host)]).toEqual([host, []]);
    expect(world.audit().map(({ action }) => action)).toContain('change.resume-refused');
  });
});
