import { answer, linesOf } from '../support/plans.js';
import { textOf, titlesOf, type Message, type Person } from '../support/person.js';
import { advance, scheduleIn, timed } from '../support/schedules.js';
import { followed, spaceCalled, writesBy } from '../support/spaces.js';
import { startWorld, type World } from '../support/world.js';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The reports, how each begins when it was made, and the route that it cannot do without (none: it reads nothing of Webex). */
const REPORTS = [
  ['licenses', 'License usage', '/licenses'],
  ['membership', 'Membership drift: 1 space of 1 differs from its groups', undefined],
  ['changes', 'Plans and changes', undefined],
  ['audit', 'Admin audit digest', '/adminAudit/events'],
  ['tokens', 'Linked accounts', undefined],
] as const;

let world: World;
let anna: Person;
let space: string;

beforeAll(async () => {
  world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '1000' } });
  anna = world.person('anna.berg');
  await world.link(anna, 'reports,audit,spaces,delegates');
  space = await spaceCalled(world, 'IT Admins');
  await followed(world, anna, 'Desk', ['anna.berg', 'ben.okoye'], ['anna.berg', 'carl.jensen']);
});
afterAll(async () => { await world.stop(); });

/** The answer to a command that may take long enough for a word in between. */
async function made(command: string, begins: string): Promise<Message> {
  const known = new Set((await anna.messages()).map(({ id }) => id));
  await anna.say(command);
  return anna.hears((message) => !known.has(message.id) && message.text?.startsWith(begins) === true);
}

/** The bytes of the pictures that belong to a message: in it, or in its thread. */
async function pictures(message: Message, roomId?: string): Promise<Buffer[]> {
  const files = (await anna.messages(roomId)).filter(({ id, parentId }) => id === message.id || parentId === message.id).flatMap((one) => one.files ?? []);
  return Promise.all(files.map(async (file) => Buffer.from(await (await fetch(file, { headers: { Authorization: `Bearer ${anna.token}` } })).arrayBuffer())));
}

/** The picture, once it has come. */
function picture(message: Message, roomId?: string): Promise<Buffer> {
  return world.stream.until('a picture', async () => (await pictures(message, roomId))[0]);
}

/** Resolves when the last run of the schedule was written down: until then the next one is skipped. */
async function rested(id: string): Promise<string> {
  return world.stream.until('the last run to end', async () => {
    const { text = '' } = await answer(anna, `schedules show ${id}`);
    return /Last run: (runs since|has not run)/.test(text) ? undefined : text;
  });
}

describe('a report at once', () => {
  it.each(REPORTS)('%s', async (name, begins) => {
    await world.mark();
    const message = await made(`reports now ${name}`, begins);
    expect(textOf(message)).toContain('Acme');
    expect(await writesBy(world, anna)).toEqual([]);
  });

  it('licenses: every license with its numbers, and a drawn chart in the message', async () => {
    const message = await made('reports now licenses', 'License usage');
    const { licenses } = (await world.control('GET', 'state')) as { licenses: { name: string }[] };
    expect(message.text).toContain(`${licenses.length} licenses, 1 of them nearly used up.`);
    for (const { name } of licenses) expect(message.text).toContain(`- ${name}`);
    const bytes = await picture(message);
    expect(bytes.subarray(0, PNG.length)).toEqual(PNG);
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)].every((pixels) => pixels >= 400)).toBe(true);
  });

  it('membership: the differences, and a button that makes a plan', async () => {
    const message = await made('reports now membership', 'Membership drift');
    expect(linesOf(message)).toEqual(expect.arrayContaining(['Desk', 'Would join (1): Ben Okoye', 'Would leave (1): Carl Jensen']));
    await anna.press(message, 'Sync Desk');
    const plan = await anna.hears(/Ben Okoye joins Desk/);
    expect(titlesOf(plan)).toContain('Approve');
    await anna.press(plan, 'Reject');
    await anna.hears(/was withdrawn/);
  });

  it('changes: what was planned and how it ended, by whom', async () => {
    expect((await made('reports now changes', 'Plans and changes')).text).toMatch(/1 plan since [^]*- Anna Berg: 1 plan[^]*Desk follows its groups[^]*(withdrawn|rejected), Anna Berg/);
  });

  it('audit: events of the period by category and person', async () => {
    await world.control('POST', 'change', { people: [{ email: 'grace.hall@acme.test', loginEnabled: false }] });
    expect((await made('reports now audit since=24h', 'Admin audit digest')).text).toMatch(/- Users: 1 event[^]*- Anna Berg \(anna\.berg@acme\.test\): \d+ events/);
  });

  it('tokens: whose grants work, and until when', async () => {
    expect((await made('reports now tokens', 'Linked accounts')).text).toMatch(/1 linked account, all of them work\.[^]*- Anna Berg \(anna\.berg@acme\.test\): linked on [\d-]+; works; \d+ days left/);
  });

  it('is refused where the role or the link does not let somebody see it', async () => {
    const erik = world.person('erik.lund');
    await world.link(erik, 'spaces');
    expect((await answer(erik, 'reports now audit')).text).toMatch(/needs the role Full Administrator/);
    expect((await answer(world.person('amy.adams'), 'reports now licenses')).text).toMatch(/not linked/);
  });
});

timed('a report at set times', () => {
  const ids = new Map<string, string>();

  it.each(REPORTS)('%s is scheduled: echoed with the next three runs', async (name) => {
    const card = await answer(anna, `reports schedule ${name} every=12h space="IT Admins"`);
    ids.set(name, scheduleIn(card));
    expect(card.text).toMatch(/- When: every 12 hours\n- Next runs: (\w{3} \d{4}-\d\d-\d\d \d\d:\d\d(, )?){3} \(America\/New_York\)\n- Reports to: IT Admins\n- Account: Anna Berg/);
    expect(card.text).not.toMatch(/waits for a press/);
    expect(titlesOf(card)).toEqual(['Send me one now', 'Pause', 'Remove']);
  });

  it('all of them come to the space, each once, the licenses with their chart', async () => {
    await advance(world, '12h');
    for (const [name, begins] of REPORTS) {
      const message = await anna.hears((one) => one.text?.startsWith(begins) === true, { roomId: space });
      if (name === 'licenses') expect((await picture(message, space)).subarray(0, PNG.length)).toEqual(PNG);
      expect(await rested(ids.get(name) ?? '')).toMatch(/Last run: done/);
    }
    const texts = (await anna.messages(space)).filter(({ personEmail }) => personEmail === world.botEmail).map(({ text = '' }) => text);
    for (const [, begins] of REPORTS) expect(texts.filter((text) => text.startsWith(begins))).toHaveLength(1);
  });

  it.each([['licenses', 500, 'Report: License usage'], ['audit', 403, 'Report: Admin audit digest']] as const)('%s that Webex answers with %i is posted as failed, and made again at the next time', async (name, status, title) => {
    const path = REPORTS.find(([one]) => one === name)?.[2];
    const id = ids.get(name) ?? '';
    await world.control('POST', 'faults', { rules: [{ method: 'GET', path, status, body: { message: 'Not now', errors: [] } }] });
    await advance(world, '12h');
    const failed = await anna.hears((one) => one.text?.startsWith(`${title} could not be made:`) === true, { roomId: space, seconds: 60 });
    expect(failed.text).toMatch(/tracking id|Webex says/);
    expect(failed.text).toMatch(/Next run: \w{3} \d{4}-\d\d-\d\d \d\d:\d\d/);
    expect(await rested(id)).toMatch(/Last run: failed/);
    await world.control('POST', 'faults', { rules: [] });
    for (const other of ids.values()) await rested(other);
    const begins = REPORTS.find(([one]) => one === name)?.[1] ?? '';
    const seen = new Set((await anna.messages(space)).map((one) => one.id));
    await advance(world, '12h');
    await anna.hears((one) => !seen.has(one.id) && one.text?.startsWith(begins) === true, { roomId: space });
    for (const other of ids.values()) await rested(other);
  });

  it('is withheld from a space with somebody of another organization: the owner gets it and is told why, the space one line without names', async () => {
    await world.control('POST', 'change', { rooms: [{ id: space, add: ['olga.petrov@globex.test'] }] });
    const seen = new Set((await anna.messages(space)).map(({ id }) => id));
    const own = new Set((await anna.messages()).map(({ id }) => id));
    await anna.say(`schedules run ${ids.get('tokens') ?? ''}`);
    const report = await anna.hears((one) => !own.has(one.id) && one.text?.startsWith('Linked accounts') === true);
    expect(report.text).toContain('anna.berg@acme.test');
    expect((await anna.hears(/The report above .*came to you and not to IT Admins/)).text).toMatch(/of another organization/);
    const line = await anna.hears((one) => !seen.has(one.id), { roomId: space });
    expect(line.text).toBe('What is to be told here went to one person directly, because not everybody in this space may see it.');
    expect(line.attachments).toBeUndefined();
    await rested(ids.get('tokens') ?? '');
    expect((await anna.messages(space)).filter(({ id }) => !seen.has(id))).toHaveLength(1);
    await world.control('POST', 'change', { rooms: [{ id: space, remove: ['olga.petrov@globex.test'] }] });
  });

  it.each(REPORTS)('%s is unscheduled', async (name) => {
    expect((await answer(anna, `reports unschedule ${name}`)).text).toMatch(/is no longer posted every 12 hours in .IT Admins./);
    expect((await answer(anna, `schedules show ${ids.get(name) ?? ''}`)).text).toMatch(/There is no such schedule/);
    expect((await answer(anna, `reports unschedule ${name}`)).text).toMatch(/You have no schedule of/);
  });
});
