import { answer, approve, countsOf, file, linesOf, shown } from '../support/plans.js';
import { textOf, titlesOf, type Message, type Person } from '../support/person.js';
import { advance, scheduleIn, timed, waiting } from '../support/schedules.js';
import { at, follow, followed, membersOf, spaceCalled } from '../support/spaces.js';
import { startWorld, type World } from '../support/world.js';

const PEOPLE = ['anna.berg', 'ben.okoye', 'carl.jensen', 'daniel.kim', 'priya.natarajan'];
const EVERY = 'spaces schedule every=12h report="IT Admins"';
const REPORT = /^Spaces follow their groups( \(Acme\))?:/;
/** A write that Webex takes, and whose reply comes when the clock has moved so far. */
const held = (ms: number): unknown => ({ rules: [{ method: 'POST', path: '/memberships', delayMs: ms, times: 1 }] });

/** Everything that tests of this file do in one Acme. */
interface House {
  world: World;
  anna: Person;
  /** The space of the reports. */
  space: string;
  /** The space that follows the group “Desk group”; both have PEOPLE in them. */
  desk: string;
  organization: (change: unknown) => Promise<unknown>;
  group: (change: { add?: string[]; remove?: string[] }) => Promise<unknown>;
  /** The next report in the space. */
  report: () => Promise<Message>;
  /** The first lines of all reports in the space, oldest first. */
  reports: () => Promise<string[]>;
  /** The adding and removing calls since the last `mark`, as `POST` and `DELETE`. */
  writes: () => Promise<string[]>;
  show: (id: string) => Promise<string>;
}

async function open(options: { env?: Record<string, string> } = {}): Promise<House> {
  const world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '1000', ...options.env } });
  const anna = world.person('anna.berg');
  await world.link(anna, 'spaces');
  const space = await spaceCalled(world, 'IT Admins');
  const organization = (change: unknown): Promise<unknown> => world.control('POST', 'change', change);
  const desk = await followed(world, anna, 'Desk', PEOPLE, PEOPLE);
  return {
    world, anna, space, desk, organization,
    group: ({ add = [], remove = [] }) => organization({ groups: [{ name: 'Desk group', add: add.map(at), remove: remove.map(at) }] }),
    report: () => anna.hears((message) => REPORT.test(message.text ?? ''), { roomId: space }),
    reports: async () => (await anna.messages(space)).reverse().flatMap(({ text = '', personEmail }) => (personEmail === world.botEmail && REPORT.test(text) ? [text.split('\n')[0] ?? ''] : [])),
    writes: async () => (await world.requests('/v1/memberships')).flatMap(({ method }) => (method === 'GET' ? [] : [method])),
    show: async (id) => (await answer(anna, `schedules show ${id}`)).text ?? '',
  };
}

timed('spaces that follow their groups, every 12 hours', () => {
  let house: House;
  let id: string;
  beforeAll(async () => { house = await open(); });
  afterAll(async () => { await house.world.stop(); });

  it('are echoed with the next three runs and [Send me one now]', async () => {
    const card = await answer(house.anna, EVERY);
    id = scheduleIn(card);
    expect(card.text).toMatch(/- When: every 12 hours\n- Next runs: (\w{3} \d{4}-\d\d-\d\d \d\d:\d\d(, )?){3} \(America\/New_York\)\n- Reports to: IT Admins\n- Account: Anna Berg\n- State: active/);
    expect(titlesOf(card)).toEqual(['Send me one now', 'Pause', 'Remove']);
  });

  it('the first run makes a plan that waits, and says so in the space', async () => {
    const { world, anna, group, report } = house;
    await group({ add: ['grace.hall'], remove: ['daniel.kim'] });
    await world.mark();
    await advance(world, '12h');
    const told = await report();
    expect(shown(told)).toMatch(/a plan of 2 steps waits for approval\. Nothing has been changed[^]*Would join \(1\): Grace Hall\nWould leave \(1\): Daniel Kim\nIt is the first run under this account/);
    const plan = await anna.hears((message) => titlesOf(message).includes('Approve'));
    expect(titlesOf(plan)).toEqual(['Approve', 'Add only', 'Reject']);
    expect(linesOf(plan)).toEqual(expect.arrayContaining(['Daniel Kim leaves Desk', 'Grace Hall joins Desk']));
    expect(await house.writes()).toEqual([]);
    expect(countsOf(await approve(anna, plan))).toBe('Done: 2 done');
    expect(shown(await report())).toMatch(/1 added, 1 removed[^]*Added \(1\): Grace Hall\nRemoved \(1\): Daniel Kim/);
  });

  it('the next run applies by itself and says who was added and removed; ids are in the file of the owner only', async () => {
    const { world, anna, space, group, report } = house;
    await group({ add: ['daniel.kim'], remove: ['grace.hall'] });
    await advance(world, '12h');
    const told = await report();
    expect(shown(told)).toMatch(/1 added, 1 removed\nAcme\nDesk\nAdded \(1\): Daniel Kim\nRemoved \(1\): Grace Hall\nFinished .*\nNext run: .*\(America\/New_York\)\./);
    const members = await membersOf(world, house.desk);
    expect(members).toContain('daniel.kim');
    expect(members).not.toContain('grace.hall');

    const change = world.audit().filter(({ action }) => action === 'plan.made').at(-1);
    expect(change?.details?.approval).toBe('automatic');
    const rows = (await file(anna, `memberships-${change?.subject ?? ''}.csv`)).trimEnd().split('\r\n');
    expect(rows[0]).toBe('space,person,change,state,reason,room id,person id,membership id');
    const [, , , , , , , membershipId = ''] = rows.find((row) => row.startsWith('Desk,Grace Hall,remove,done'))?.split(',') ?? [];
    expect(membershipId).toMatch(/^[A-Za-z0-9_-]{20,}$/);
    const inSpace = await anna.messages(space);
    expect(inSpace.filter(({ files }) => files !== undefined)).toEqual([]);
    expect(inSpace.map(textOf).join('\n')).not.toContain(membershipId);
  });

  it('says in one line that nothing changed', async () => {
    const { world, report } = house;
    await advance(world, '12h');
    const told = await report();
    expect(told.text).toMatch(/^Spaces follow their groups \(Acme\): nothing to change in 1 space\. Next run: [^\n]+$/);
    expect(told.attachments).toBeUndefined();
  });

  it('fault 9: a run that overlaps the next one does not act twice', async () => {
    const { world, group, report } = house;
    await group({ add: ['grace.hall'] });
    await world.mark();
    const before = (await house.reports()).length;
    await world.control('POST', 'faults', held(12 * 3_600_000 + 60_000));
    await advance(world, '12h');
    await world.stream.until('the write', async () => ((await house.writes()).length > 0 ? true : undefined));
    await advance(world, '12h');
    await world.stream.until('the run to be skipped', () => Promise.resolve(world.logged().includes('a run was skipped') ? true : undefined));
    await advance(world, '2m');
    expect(shown(await report())).toContain('Added (1): Grace Hall');
    await world.stream.until('the run to be written down', async () => (/The run of \w{3} \d{4}-\d\d-\d\d \d\d:\d\d was skipped, since this one was still going/.test(await house.show(id)) ? true : undefined));
    expect(await house.writes()).toEqual(['POST']);
    expect(await house.reports()).toHaveLength(before + 1);
  });

  describe('fault 10: the 12 hours pass on the server with no browser open; a restart in between does not lose or double the run', () => {
    it('when it restarts before the time', async () => {
      const { world, group, report } = house;
      await group({ remove: ['grace.hall'] });
      await world.mark();
      const before = (await house.reports()).length;
      await advance(world, '6h');
      await world.restart();
      expect(await house.writes()).toEqual([]);
      await advance(world, '6h');
      expect(shown(await report())).toContain('Removed (1): Grace Hall');
      expect(await house.writes()).toEqual(['DELETE']);
      expect(await house.reports()).toHaveLength(before + 1);
    });

    it('when it is down at the time: three missed runs are caught up once', async () => {
      const { world, group, report } = house;
      await group({ add: ['grace.hall'] });
      await world.mark();
      const before = (await house.reports()).length;
      await world.restart(undefined, () => advance(world, '36h'));
      expect(shown(await report())).toContain('Added (1): Grace Hall');
      await world.stream.until('the run to end', async () => (/Last run: done/.test(await house.show(id)) ? true : undefined));
      expect(await house.writes()).toEqual(['POST']);
      expect(await house.reports()).toHaveLength(before + 1);
      expect(await house.show(id)).toMatch(/Next runs: (\w{3} \d{4}-\d\d-\d\d \d\d:\d\d(, )?){3}/);
    });

    it('when it ends in the middle of a run: what is left is done once, and reported once', async () => {
      const { world, group, report } = house;
      await group({ add: ['raj.patel'], remove: ['grace.hall'] });
      await world.mark();
      const before = (await house.reports()).length;
      await world.control('POST', 'faults', held(60_000));
      await advance(world, '12h');
      await world.stream.until('the write', async () => ((await house.writes()).length > 0 ? true : undefined));
      const restarted = world.restart();
      await advance(world, '2m');
      await restarted;
      expect(shown(await report())).toMatch(/1 added, 1 removed[^]*Added \(1\): Raj Patel\nRemoved \(1\): Grace Hall/);
      expect(await house.writes()).toEqual(['POST', 'DELETE']);
      expect(await house.reports()).toHaveLength(before + 1);
    });
  });
});

timed('what was approved is applied by itself, and nothing else', () => {
  let house: House;
  beforeAll(async () => {
    house = await open();
    await answer(house.anna, EVERY);
    await house.group({ add: ['grace.hall'] });
    await advance(house.world, '12h');
    await waitsBecause(/It is the first run under this account/);
  });
  afterAll(async () => { await house.world.stop(); });

  /** The next report says that a plan waits, and why; approving it lets the next run go on by itself. */
  async function waitsBecause(why: RegExp): Promise<void> {
    const { anna, report } = house;
    const told = shown(await report());
    expect(told).toMatch(/waits for approval\. Nothing has been changed/);
    expect(told).toMatch(why);
    await approve(anna, await waiting(anna));
    expect(shown(await report())).toMatch(/(Added|Removed) \(1\)/);
  }

  it('a rule that another administrator has changed: the next run waits, and says why', async () => {
    const { world, group, report } = house;
    const ben = world.person('ben.okoye');
    await world.link(ben, 'spaces');
    await group({ remove: ['grace.hall'] });
    await advance(world, '12h');
    expect(shown(await report())).toMatch(/Removed \(1\): Grace Hall/);

    await follow(ben, '"Desk group" to=Desk grace=1d');
    await group({ add: ['grace.hall'] });
    await advance(world, '12h');
    await waitsBecause(/Its rules, groups or limits have changed since Anna Berg approved them on \d{4}-\d\d-\d\d\./);
  });

  it('a first person of another organization in the space', async () => {
    const { world, desk, group, organization } = house;
    await organization({ rooms: [{ id: desk, add: ['olga.petrov@globex.test'] }] });
    await group({ add: ['raj.patel'] });
    await advance(world, '12h');
    await waitsBecause(/Somebody of another organization is in Desk for the first time\./);
    expect(await membersOf(world, desk)).toEqual(expect.arrayContaining(['olga.petrov@globex.test', 'raj.patel']));
  });

  it('another owner of the space', async () => {
    const { world, desk, group, organization } = house;
    const { organizations } = (await world.control('GET', 'state')) as { organizations: { id: string; displayName: string }[] };
    await organization({ rooms: [{ id: desk, ownerId: organizations.find(({ displayName }) => displayName === 'Globex')?.id }] });
    await group({ add: ['olu.adeyemi'] });
    await advance(world, '12h');
    await waitsBecause(/Desk has another owner than at the last run\./);
  });

  it('a group that is gone: its space is left as it is, a new group of the same name is not taken, and the other space waits too', async () => {
    const { world, anna, desk, group, organization, report } = house;
    const field = await followed(world, anna, 'Field Desk', PEOPLE, PEOPLE);
    await group({ add: ['nina.rossi'] });
    await advance(world, '12h');
    await waitsBecause(/Its rules, groups or limits have changed/);
    const before = await membersOf(world, desk);

    await organization({ groups: [{ name: 'Desk group', delete: true }] });
    await organization({ groups: [{ name: 'Desk group', create: true, add: [at('grace.hall')] }, { name: 'Field Desk group', add: [at('tomas.novak')] }] });
    await advance(world, '12h');
    await waitsBecause(/Desk: not followed now\. The group “Desk group” is gone\. A new one of the same name is not taken/);
    expect(await membersOf(world, field)).toContain('tomas.novak');
    expect(await membersOf(world, desk)).toEqual(before);

    await organization({ groups: [{ name: 'Field Desk group', remove: [at('tomas.novak')] }] });
    await advance(world, '12h');
    const told = shown(await report());
    expect(told).toMatch(/Removed \(1\): Tomáš Novák[^]*Desk: not followed now\. The group “Desk group” is gone/);
    expect(await membersOf(world, desk)).toEqual(before);
  });

  it('in an organization that only looks, nothing is applied and the report says so', async () => {
    const { world, anna, organization, report } = house;
    expect(textOf(await answer(anna, 'settings set mode=look'))).toMatch(/mode is now look/);
    await organization({ groups: [{ name: 'Field Desk group', add: [at('tomas.novak')] }] });
    await world.mark();
    await advance(world, '12h');
    expect(shown(await report())).toMatch(/waits for approval\. Nothing has been changed[^]*set to look only/);
    const plan = await anna.hears(/Tomáš Novák joins Field Desk/);
    expect(titlesOf(plan)).not.toContain('Approve');
    expect(await house.writes()).toEqual([]);

    expect(textOf(await answer(anna, 'settings set mode=apply'))).toMatch(/mode is now apply/);
    await advance(world, '12h');
    expect(shown(await report())).toMatch(/Added \(1\): Tomáš Novák/);
  });
});

timed('more than the limits', () => {
  let house: House;
  beforeAll(async () => { house = await open({ env: { REMOVAL_LIMIT: '2,90%' } }); });
  afterAll(async () => { await house.world.stop(); });

  it('wait for a second administrator even when scheduled; below them, in the same 24 hours, they count together', async () => {
    const { world, anna, desk, group, report } = house;
    const ben = world.person('ben.okoye');
    await world.link(ben, 'spaces');
    await answer(anna, EVERY);
    await group({ add: ['grace.hall', 'raj.patel', 'nina.rossi', 'olu.adeyemi', 'tomas.novak', 'amy.adams'] });
    await advance(world, '12h');
    await report();
    await approve(anna, await waiting(anna));
    await report();

    await group({ remove: ['grace.hall', 'raj.patel', 'nina.rossi'] });
    await world.mark();
    await advance(world, '12h');
    expect(shown(await report())).toMatch(/a plan of 3 steps waits for approval[^]*It removes 3 from Desk, where 11 are now\. More than 2 in 24 hours need the approval of another person\./);
    const own = await anna.hears(/3 would leave/);
    expect(titlesOf(own)).not.toContain('Approve');
    expect(await house.writes()).toEqual([]);
    const asked = await waiting(ben);
    expect((await ben.press(asked, 'Approve')).status).toBe(200);
    expect(shown(await report())).toMatch(/0 added, 3 removed[^]*Removed \(3\): Grace Hall, Nina Rossi and Raj Patel/);

    await group({ remove: ['olu.adeyemi'] });
    await advance(world, '12h');
    expect(shown(await report())).toMatch(/It removes 1 \(with 3 of the last 24 hours\) from Desk/);
    expect(await membersOf(world, desk)).toContain('olu.adeyemi');
    await advance(world, '13h');
    expect(shown(await report())).toMatch(/0 added, 1 removed[^]*Removed \(1\): Olú Adéyẹmí/);
  });
});
