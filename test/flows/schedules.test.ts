import { publicId, stableUuid } from '../../src/emulator/ids.js';
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
  /** What was answered when the schedule was made, and its id. */
  echo: Message;
  id: string;
  /** The schedule as text. */
  show: (to?: Person) => Promise<string>;
  /** Resolves when the last run was written down: until then the next one is skipped. */
  rested: (by?: Person) => Promise<void>;
  /** Lets time pass after that, 12 hours by default. */
  pass: (by?: string) => Promise<void>;
}

async function open(options: { env?: Record<string, string> } = {}): Promise<House> {
  const world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '1000', ...options.env } });
  const anna = world.person('anna.berg');
  await world.link(anna, 'spaces');
  const space = await spaceCalled(world, 'IT Admins');
  const echo = await answer(anna, EVERY);
  const id = scheduleIn(echo);
  const show = async (to = anna): Promise<string> => (await answer(to, `schedules show ${id}`)).text ?? '';
  const rested = async (by = anna): Promise<void> => {
    await world.stream.until('the last run to end', async () => (/Last run: runs since/.test(await show(by)) ? undefined : true));
  };
  const organization = (change: unknown): Promise<unknown> => world.control('POST', 'change', change);
  const desk = await followed(world, anna, 'Desk', PEOPLE, PEOPLE);
  return {
    world, anna, space, desk, organization,
    group: ({ add = [], remove = [] }) => organization({ groups: [{ name: 'Desk group', add: add.map(at), remove: remove.map(at) }] }),
    report: () => anna.hears((message) => REPORT.test(message.text ?? ''), { roomId: space }),
    reports: async () => (await anna.messages(space)).reverse().flatMap(({ text = '', personEmail }) => (personEmail === world.botEmail && REPORT.test(text) ? [text.split('\n')[0] ?? ''] : [])),
    writes: async () => (await world.requests('/v1/memberships')).flatMap(({ method }) => (method === 'GET' ? [] : [method])),
    echo, id, show, rested,
    pass: async (by = '12h') => {
      await rested();
      await advance(world, by);
    },
  };
}

timed('spaces that follow their groups, every 12 hours', () => {
  let house: House;
  beforeAll(async () => { house = await open(); });
  afterAll(async () => { await house.world.stop(); });

  it('are echoed with the next three runs and [Run now]', () => {
    const card = house.echo;
    expect(card.text).toMatch(/- When: every 12 hours\n- Next runs: (\w{3} \d{4}-\d\d-\d\d \d\d:\d\d(, )?){3} \(America\/New_York\)\n- Reports to: IT Admins\n- Account: Anna Berg\n- State: active/);
    expect(titlesOf(card)).toEqual(['Run now', 'Pause', 'Remove']);
  });

  it('the first run makes a plan that waits, and says so in the space', async () => {
    const { world, anna, group, report } = house;
    await group({ add: ['grace.hall'], remove: ['daniel.kim'] });
    await world.mark();
    await house.pass();
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
    await house.pass();
    const told = await report();
    expect(shown(told)).toMatch(/1 added, 1 removed\nAcme\nDesk\nAdded \(1\): Daniel Kim\nRemoved \(1\): Grace Hall\nFinished .*Next run: .*\(America\/New_York\)\./);
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
    const { report } = house;
    await house.pass();
    const told = await report();
    expect(told.text).toMatch(/^Spaces follow their groups \(Acme\): nothing to change in 1 space\. Next run: [^\n]+$/);
    expect(told.attachments).toBeUndefined();
  });

  it('space fault 9: a run that overlaps the next one does not act twice', async () => {
    const { world, group, report } = house;
    await group({ add: ['grace.hall'] });
    await world.mark();
    const before = (await house.reports()).length;
    await world.control('POST', 'faults', held(12 * 3_600_000 + 60_000));
    await house.pass();
    await world.stream.until('the write', async () => ((await house.writes()).length > 0 ? true : undefined));
    await advance(world, '12h');
    await world.stream.until('the run to be skipped', () => Promise.resolve(world.logged().includes('a run was skipped') ? true : undefined));
    await advance(world, '2m');
    expect(shown(await report())).toContain('Added (1): Grace Hall');
    await world.stream.until('the run to be written down', async () => (/The run of \w{3} \d{4}-\d\d-\d\d \d\d:\d\d was skipped, since this one was still going/.test(await house.show()) ? true : undefined));
    expect(await house.writes()).toEqual(['POST']);
    expect(await house.reports()).toHaveLength(before + 1);
  });

  describe('space fault 10: the 12 hours pass on the server with no browser open; a restart in between does not lose or double the run', () => {
    it('when it restarts before the time', async () => {
      const { world, group, report } = house;
      await group({ remove: ['grace.hall'] });
      await world.mark();
      const before = (await house.reports()).length;
      await house.pass('6h');
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
      await house.rested();
      await world.restart(undefined, () => advance(world, '36h'));
      expect(shown(await report())).toContain('Added (1): Grace Hall');
      await house.rested();
      expect(await house.writes()).toEqual(['POST']);
      expect(await house.reports()).toHaveLength(before + 1);
      expect(await house.show()).toMatch(/Next runs: (\w{3} \d{4}-\d\d-\d\d \d\d:\d\d(, )?){3}/);
    });

    it('when it ends in the middle of a run: what is left is done once, and reported once', async () => {
      const { world, group, report } = house;
      await group({ add: ['raj.patel'], remove: ['grace.hall'] });
      await world.mark();
      const before = (await house.reports()).length;
      await world.control('POST', 'faults', held(60_000));
      await house.pass();
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
    await house.group({ add: ['grace.hall'] });
    await house.pass();
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
    await house.pass();
    expect(shown(await report())).toMatch(/Removed \(1\): Grace Hall/);

    await follow(ben, '"Desk group" to=Desk grace=1d');
    await group({ add: ['grace.hall'] });
    await house.pass();
    await waitsBecause(/Its rules, groups or limits have changed since Anna Berg approved them on \d{4}-\d\d-\d\d\./);
  });

  it('a first person of another organization in the space', async () => {
    const { world, desk, group, organization } = house;
    await organization({ rooms: [{ id: desk, add: ['olga.petrov@globex.test'] }] });
    await group({ add: ['raj.patel'] });
    await house.pass();
    await waitsBecause(/Somebody of another organization is in Desk for the first time\./);
    expect(await membersOf(world, desk)).toEqual(expect.arrayContaining(['olga.petrov@globex.test', 'raj.patel']));
  });

  it('another owner of the space', async () => {
    const { world, desk, group, organization } = house;
    const { organizations } = (await world.control('GET', 'state')) as { organizations: { id: string; displayName: string }[] };
    await organization({ rooms: [{ id: desk, ownerId: organizations.find(({ displayName }) => displayName === 'Globex')?.id }] });
    await group({ add: ['olu.adeyemi'] });
    await house.pass();
    await waitsBecause(/Desk has another owner than at the last run\./);
  });

  it('a group that is gone: its space is left as it is, a new group of the same name is not taken, and the other space waits too', async () => {
    const { world, anna, desk, group, organization, report } = house;
    const field = await followed(world, anna, 'Field Desk', PEOPLE, PEOPLE);
    await group({ add: ['nina.rossi'] });
    await house.pass();
    await waitsBecause(/Its rules, groups or limits have changed/);
    const before = await membersOf(world, desk);

    await organization({ groups: [{ name: 'Desk group', delete: true }] });
    await organization({ groups: [{ name: 'Desk group', create: true, add: [at('grace.hall')] }, { name: 'Field Desk group', add: [at('tomas.novak')] }] });
    await house.pass();
    await waitsBecause(/Desk: not followed now\. The group “Desk group” is gone\. A new one of the same name is not taken/);
    expect(await membersOf(world, field)).toContain('tomas.novak');
    expect(await membersOf(world, desk)).toEqual(before);

    await organization({ groups: [{ name: 'Field Desk group', remove: [at('tomas.novak')] }] });
    await house.pass();
    const told = shown(await report());
    expect(told).toMatch(/Removed \(1\): Tomáš Novák[^]*Desk: not followed now\. The group “Desk group” is gone/);
    expect(await membersOf(world, desk)).toEqual(before);
  });

  it('in an organization that only looks, nothing is applied and the report says so', async () => {
    const { world, anna, organization, report } = house;
    expect(textOf(await answer(anna, 'settings set mode=look'))).toMatch(/mode is now look/);
    await organization({ groups: [{ name: 'Field Desk group', add: [at('tomas.novak')] }] });
    await world.mark();
    await house.pass();
    expect(shown(await report())).toMatch(/waits for approval\. Nothing has been changed[^]*set to look only/);
    const plan = await anna.hears(/Tomáš Novák joins Field Desk/);
    expect(titlesOf(plan)).not.toContain('Approve');
    expect(await house.writes()).toEqual([]);

    expect(textOf(await answer(anna, 'settings set mode=apply'))).toMatch(/mode is now apply/);
    await house.pass();
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
    await group({ add: ['grace.hall', 'raj.patel', 'nina.rossi', 'olu.adeyemi', 'tomas.novak'] });
    await house.pass();
    await report();
    await approve(anna, await waiting(anna));
    await report();

    await group({ remove: ['grace.hall', 'raj.patel', 'nina.rossi'] });
    await world.mark();
    await house.pass();
    expect(shown(await report())).toMatch(/a plan of 3 steps waits for approval[^]*It removes 3 from Desk, where 10 are now\. More than 2 in 24 hours need the approval of another person\./);
    const own = await anna.hears(/3 would leave/);
    expect(titlesOf(own)).not.toContain('Approve');
    expect(await house.writes()).toEqual([]);
    const asked = await waiting(ben);
    expect((await ben.press(asked, 'Approve')).status).toBe(200);
    expect(shown(await report())).toMatch(/0 added, 3 removed[^]*Removed \(3\): Grace Hall, Nina Rossi and Raj Patel/);

    await group({ remove: ['olu.adeyemi'] });
    await house.pass();
    expect(shown(await report())).toMatch(/It removes 1 \(with 3 of the last 24 hours\) from Desk/);
    expect(await membersOf(world, desk)).toContain('olu.adeyemi');
    await house.pass('13h');
    expect(shown(await report())).toMatch(/0 added, 1 removed[^]*Removed \(1\): Olú Adéyẹmí/);
  });
});

timed('a schedule whose owner cannot act any more', () => {
  let house: House;
  let [ben, carl] = [] as unknown as [Person, Person];
  beforeAll(async () => {
    house = await open();
    ben = house.world.person('ben.okoye');
    carl = house.world.person('carl.jensen');
    await house.world.link(ben, 'spaces');
    await house.world.link(carl, 'spaces');
    await house.group({ add: ['grace.hall'] });
    await house.pass();
    await house.report();
    await approve(house.anna, await waiting(house.anna));
    await house.report();
  });
  afterAll(async () => { await house.world.stop(); });

  const asked = (person: Person): Promise<Message> => person.hears((message) => titlesOf(message).includes('Take over'));
  const stopped = (): Promise<Message> => house.anna.hears(/^Spaces follow their groups could not be made: \w+ \w+ cannot act any more\./, { roomId: house.space });
  const writers = async (): Promise<string[]> => [...new Set((await house.world.requests('/v1/memberships')).filter(({ method }) => method !== 'GET').map(({ owner }) => owner))];

  it('who lost the role: it is suspended, and the other administrators get [Take over] [Stop]', async () => {
    const { world, anna, group, organization } = house;
    await organization({ people: [{ email: at('anna.berg'), roles: [] }] });
    await group({ remove: ['grace.hall'] });
    await world.mark();
    await house.rested();
    await advance(world, '12h');
    expect((await stopped()).text).toMatch(/Anna Berg cannot act any more\. It needs the role .*Other administrators were asked to take it over or to stop it\./);
    await anna.hears(/runs no more under your account: It needs the role/);
    const card = await asked(ben);
    expect(titlesOf(card)).toEqual(['Take over', 'Stop']);
    expect(titlesOf(await asked(carl))).toEqual(['Take over', 'Stop']);
    expect(await writers()).toEqual([]);

    await ben.press(card, 'Take over');
    await ben.hears(/It runs under your account now\. It plans anew/);
    expect(shown(await house.report())).toMatch(/Would leave \(1\): Grace Hall\nIt is the first run under this account/);
    expect(await writers()).toEqual([]);
    await approve(ben, await waiting(ben));
    expect(shown(await house.report())).toMatch(/Removed \(1\): Grace Hall/);
    await group({ add: ['grace.hall'] });
    await house.rested(ben);
    await advance(world, '12h');
    expect(shown(await house.report())).toMatch(/Added \(1\): Grace Hall/);
    expect(await writers()).toEqual([ben.email]);
  });

  it('who may not sign in any more: [Stop] ends it, and it can be taken over later', async () => {
    const { world, organization } = house;
    await organization({ people: [{ email: ben.email, loginEnabled: false }] });
    await house.rested(carl);
    await advance(world, '12h');
    expect((await stopped()).text).toMatch(/Ben Okoye cannot act any more\. Webex no longer takes the grant/);
    await carl.press(await asked(carl), 'Stop');
    expect((await carl.hears(/It is stopped: nothing runs/)).text).toContain('State: paused: Stopped by Carl Jensen.');
    const before = (await house.reports()).length;
    await advance(world, '24h');
    expect((await answer(carl, `schedules take-over ${house.id}`)).text).toMatch(/It runs under your account now[^]*Account: Carl Jensen/);
    await house.report();
    expect(await house.reports()).toHaveLength(before + 1);
  });

  it('who unlinks: it is suspended; whoever may not do the same is not asked, and cannot take it over', async () => {
    const { world, anna, id } = house;
    await house.rested(carl);
    await carl.press(await carl.ask('account unlink', /Unlink your account\?/), 'Unlink');
    await carl.hears(/Your account is unlinked/);
    await advance(world, '12h');
    expect((await stopped()).text).toMatch(/Carl Jensen cannot act any more\./);
    await anna.ask(`schedules take-over ${id}`, /It cannot run under your account\. It needs the role/);
    expect((await anna.messages()).filter((message) => titlesOf(message).includes('Take over') && /Carl Jensen cannot act/.test(message.text ?? ''))).toEqual([]);
  });
});

timed('steering a schedule', () => {
  let house: House;
  beforeAll(async () => {
    const globex = publicId('ORGANIZATION', stableUuid('organization Globex'));
    const acme = publicId('ORGANIZATION', stableUuid('organization Acme'));
    house = await open({ env: { ALLOWED_ORGANIZATIONS: `${acme},${globex}`, ALLOWED_ADMINS: '@acme.test,@globex.test' } });
  });
  afterAll(async () => { await house.world.stop(); });

  it('[Run now] runs it at once, once, and its times stay', async () => {
    const { anna, echo, report, show } = house;
    const next = /Next runs: .*/.exec(await show())?.[0];
    await anna.press(echo, 'Run now');
    await anna.hears(/It runs now\. What comes of it goes to IT Admins\./);
    expect((await report()).text).toMatch(/nothing to change in 1 space/);
    expect(await house.reports()).toHaveLength(1);
    expect(await show()).toContain(next);
  });

  it('pause and resume: nothing runs in between, also over a restart', async () => {
    const { world, anna, id, report } = house;
    await house.rested();
    expect((await answer(anna, `schedules pause ${id}`)).text).toMatch(/State: paused: Paused by Anna Berg\./);
    await world.restart();
    const before = (await house.reports()).length;
    await advance(world, '24h');
    expect(await house.show()).toMatch(/Next runs: none[^]*State: paused: Paused by Anna Berg\./);
    expect((await answer(anna, `schedules resume ${id}`)).text).toMatch(/State: active/);
    await advance(world, '12h');
    await report();
    expect(await house.reports()).toHaveLength(before + 1);
  });

  it.each(['pause', 'run', 'remove', 'take-over', 'stop'])('%s is refused to strangers and to administrators who may only look', async (verb) => {
    const { world, id, show } = house;
    const erik = world.person('erik.lund');
    if (verb === 'pause') await world.link(erik, 'spaces');
    const before = await show();
    expect((await answer(erik, `schedules ${verb} ${id}`)).text).toMatch(verb === 'take-over' ? /runs under the account of Anna Berg, who can act/ : /This schedule belongs to Anna Berg\. It needs the role/);
    expect((await answer(world.person('amy.adams'), `schedules ${verb} ${id}`)).text).toMatch(/not linked/);
    expect(await show()).toBe(before);
  });

  it('a user administrator, who may do the same, may pause it', async () => {
    const dora = house.world.person('dora.silva');
    await house.world.link(dora, 'spaces');
    expect((await answer(dora, `schedules pause ${house.id}`)).text).toMatch(/Paused by Dora Silva/);
    expect((await answer(dora, `schedules resume ${house.id}`)).text).toMatch(/State: active/);
  });

  it('the id of another organization’s schedule answers like one that nobody has', async () => {
    const { world, anna, organization } = house;
    const sam = world.person('sam.carter@globex.test');
    await organization({ people: [{ email: sam.email, roles: ['Full Administrator'] }] });
    await world.link(sam, 'reports');
    const foreign = scheduleIn(await answer(sam, 'reports schedule changes every=12h'));
    for (const verb of ['show', 'pause', 'resume', 'run', 'remove', 'take-over', 'stop']) {
      const [theirs, nobodys] = [await answer(anna, `schedules ${verb} ${foreign}`), await answer(anna, `schedules ${verb} ffffffff`)];
      expect(theirs.text).toMatch(/There is no such schedule in this organization\./);
      expect(theirs.text).toBe(nobodys.text);
    }
    expect((await answer(sam, `schedules show ${foreign}`)).text).toMatch(/State: active/);
  });

  it('remove: it is forgotten, and the spaces stay as they are', async () => {
    const { world, anna, desk, id } = house;
    const before = await membersOf(world, desk);
    expect((await answer(anna, `schedules remove ${id}`)).text).toMatch(/is removed: it runs no more/);
    expect((await answer(anna, `schedules show ${id}`)).text).toMatch(/There is no such schedule/);
    expect(await membersOf(world, desk)).toEqual(before);
  });
});
