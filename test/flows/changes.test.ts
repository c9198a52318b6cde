import { answer, approve, change, countsOf, file, idOf, linesOf, plan, result, shown } from '../support/plans.js';
import { cardOf, inputsOf, textOf, titlesOf, type Message, type Person } from '../support/person.js';
import { startWorld, type World } from '../support/world.js';

const at = (name: string): string => `${name}@acme.test`;
const US = 'acme.webex.com';
const INSERT = '/meetingPreferences/schedulingOptions/delegateEmails/insert';
const BOT = '<@personEmail:steward@webex.bot|Steward>';

const hostsWith = async (world: World, delegate: string): Promise<string[]> => {
  const { people } = (await world.control('GET', 'state')) as { people: { emails: string[]; sites: { delegates: string[] }[] }[] };
  return people.filter(({ sites }) => sites.some(({ delegates }) => delegates.includes(delegate))).map(({ emails }) => emails[0] ?? '');
};
const writes = async (world: World): Promise<number> => (await world.requests('POST /v1/meetingPreferences')).length;

describe('plans and changes of one administrator', () => {
  let world: World;
  let anna: Person;
  let ben: Person;

  beforeAll(async () => {
    world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '1000' } });
    anna = world.person('anna.berg');
    ben = world.person('ben.okoye');
    await world.link(anna);
    await world.link(ben);
  });
  afterAll(async () => { await world.stop(); });

  const add = (delegate: string, ...hosts: string[]): string => `delegates add ${at(delegate)} for=${hosts.map(at).join(',')}`;
  const somebodyElse = (host: string, more: { add?: string[]; remove?: string[] }): Promise<unknown> =>
    world.control('POST', 'change', { delegates: [{ host: at(host), site: US, add: (more.add ?? []).map(at), remove: (more.remove ?? []).map(at) }] });

  it('a plan that its requester takes back leaves a card to plan it again, from what Webex shows then', async () => {
    const card = await plan(anna, add('raj.patel', 'cara.olsen', 'victor.stone'));
    await world.mark();
    await anna.press(card, 'Reject');
    const note = await anna.hears(new RegExp(`Plan ${idOf(card)} was withdrawn by Anna Berg`));
    expect((await anna.messages()).map(({ id }) => id)).not.toContain(card.id);
    expect(await writes(world)).toBe(0);

    await somebodyElse('cara.olsen', { add: ['raj.patel'] });
    await anna.press(note, 'Plan again');
    const again = await anna.hears(/Nothing has been changed yet/);
    expect(idOf(again)).not.toBe(idOf(card));
    expect(linesOf(again)).toEqual(expect.arrayContaining(['Raj Patel may schedule for Victor Stone on acme.webex.com', 'Cara Olsen: nothing to change: Raj Patel may already schedule for Cara Olsen on acme.webex.com']));
    await approve(anna, again);
    expect(await world.delegatesOf('victor.stone')).toContain(at('raj.patel'));
  });

  it('another administrator can look a plan up and reject it; the requester is told by whom', async () => {
    const card = await plan(anna, add('raj.patel', 'hana.sato'));
    const seen = await answer(ben, `changes show ${idOf(card).toUpperCase()}`);
    expect(titlesOf(seen)).toEqual(['Approve', 'Reject']);
    await ben.press(seen, 'Reject');
    await anna.hears(new RegExp(`Plan ${idOf(card)} was rejected by Ben Okoye`));
    expect(textOf(await answer(anna, `changes approve ${idOf(card)}`))).toMatch(/was rejected by Ben Okoye/);
    expect(await world.delegatesOf('hana.sato')).toEqual([]);
  });

  it('text alone never approves: `changes approve` shows the plan and its button', async () => {
    const card = await plan(anna, add('olu.adeyemi', 'hana.sato'));
    await world.mark();
    const again = await answer(anna, `changes approve ${idOf(card)}`);
    expect(linesOf(again)).toContain('Olú Adéyẹmí may schedule for Hana Satō on acme.webex.com');
    await anna.ask(`changes approve ${idOf(card)} hash=0000`, /Nothing has been changed yet/);
    expect(await writes(world)).toBe(0);
    await approve(anna, again);
    expect(await world.delegatesOf('hana.sato')).toEqual([at('olu.adeyemi')]);
  });

  it('what somebody else did in between is skipped, kept, and not undone', async () => {
    const card = await plan(anna, `delegates add ${at('bob.nguyen')},${at('amy.adams')} for=${at('leo.wei')},${at('daniel.kim')}`);
    await somebodyElse('leo.wei', { add: ['bob.nguyen', 'noor.devries'] });
    await somebodyElse('daniel.kim', { add: ['bob.nguyen', 'amy.adams'] });
    const done = await approve(anna, card);
    expect(countsOf(done)).toBe('Done: 1 done, 1 already so');
    expect(await world.delegatesOf('leo.wei')).toEqual([at('amy.adams'), at('bob.nguyen'), at('noor.devries')]);

    await anna.press(done, 'Undo');
    await approve(anna, await anna.hears(/Undo: Let Bob Nguyễn/));
    expect(await world.delegatesOf('leo.wei')).toEqual([at('bob.nguyen'), at('noor.devries')]);
    expect(await world.delegatesOf('daniel.kim')).toEqual([at('amy.adams'), at('bob.nguyen')]);
  });

  it('undo leaves out, with the reason, what is no longer as the change left it', async () => {
    const done = await change(anna, add('bob.nguyen', 'maria.garcia', 'raj.patel'));
    await somebodyElse('maria.garcia', { remove: ['bob.nguyen'] });
    const undo = await plan(anna, 'changes undo last');
    expect(linesOf(undo)).toContain('Bob Nguyễn may schedule for María García on acme.webex.com: It is already as it was before the change.');
    expect(textOf(undo)).not.toContain('may no longer schedule for María García');
    await approve(anna, undo);
    expect(await world.delegatesOf('raj.patel')).toEqual([]);
    expect(textOf(await answer(anna, `changes undo ${idOf(done)}`))).toMatch(/There is nothing to change/);
  });

  it('undo only some: by choosing steps on a card, or by naming people', async () => {
    const done = await change(anna, add('priya.natarajan', 'olu.adeyemi', 'nina.rossi', 'dora.silva'));
    await anna.press(done, 'Undo some…');
    const choice = await anna.hears(/Undo some of/);
    const offered = inputsOf(choice).get('steps')?.choices ?? [];
    expect(offered.map(({ title }) => title)).toHaveLength(3);
    const nina = offered.find(({ title }) => title.includes('Nina Rossi'))?.value ?? '';
    await anna.press(choice, 'Next', { steps: nina, only: '' });
    await approve(anna, await anna.hears(/Nothing has been changed yet/));
    expect(await hostsWith(world, at('priya.natarajan'))).toEqual(expect.arrayContaining([at('olu.adeyemi'), at('dora.silva')]));
    expect(await world.delegatesOf('nina.rossi')).toEqual([]);

    await change(anna, `changes undo ${idOf(done)} only=${at('dora.silva')}`);
    expect(await world.delegatesOf('dora.silva')).toEqual([]);
    expect(await world.delegatesOf('olu.adeyemi')).toEqual([at('priya.natarajan')]);
  });

  it('lists, shows and exports; an id that is not known says so', async () => {
    const done = await change(anna, add('amy.adams', 'carl.jensen', 'ben.okoye'));
    const waiting = await plan(anna, add('bob.nguyen', 'carl.jensen'));
    const list = await answer(anna, 'changes');
    expect(list.text).toMatch(new RegExp(`${idOf(waiting)}.*waits for approval[^]*${idOf(done)}.*done.*2`, 'i'));
    await anna.press(list, `Show ${idOf(waiting)}`);
    expect(titlesOf(await anna.hears(/Nothing has been changed yet/))).toContain('Approve');
    expect(countsOf(await answer(anna, `changes show ${idOf(done)}`))).toBe('Done: 2 done');

    await anna.say(`changes export ${idOf(done)}`);
    const rows = (await file(anna, `change-${idOf(done)}.csv`)).trimEnd().split('\r\n');
    expect(rows).toHaveLength(3);
    expect(rows[1]).toMatch(new RegExp(`^${idOf(done)},1,done,Amy Adams may schedule for Carl Jensen on acme\\.webex\\.com`));
    await anna.say(`changes export ${idOf(waiting)}`);
    expect(await file(anna, `plan-${idOf(waiting)}.csv`)).toContain('Bob Nguyễn may schedule for Carl Jensen');
    expect(textOf(await answer(anna, 'changes show 0123456789'))).toContain('There is no such plan or change in this organization.');
    await anna.press(await answer(anna, `changes show ${idOf(waiting)}`), 'Reject');
    await anna.hears(new RegExp(`Plan ${idOf(waiting)} was withdrawn`));
  });

  it('audit verify finds the log whole, also against a head that was noted, and says so when the head is another one', async () => {
    const whole = await anna.ask('audit verify', /audit log is whole/);
    const [, count = '', head = ''] = /whole: ([\d,]+) entries\. Its head is (\S+)\. /.exec(whole.text ?? '') ?? [];
    expect(Number(count.replace(',', ''))).toBeGreaterThan(20);
    await anna.ask(`audit verify head=${head}`, /audit log is whole/);
    await anna.ask(`audit verify head=${head.replace(/.$/, (sign) => (sign === 'A' ? 'B' : 'A'))}`, /audit log was changed/);
    expect(textOf(await answer(world.person('dora.silva'), 'audit verify'))).toMatch(/not linked/);
  });

  it('mode=look plans everything and applies nothing, also what was planned before', async () => {
    const early = await plan(anna, add('bob.nguyen', 'carl.jensen'));
    await anna.ask('settings set mode=look', /mode is now look/);
    await world.mark();
    await anna.press(early, 'Approve');
    await anna.hears(/set to look only/);
    const card = await plan(anna, add('bob.nguyen', 'daniel.kim2'));
    expect(titlesOf(card)).toEqual(['Withdraw']);
    expect(shown(card)).toMatch(/set to look only/);
    expect(await writes(world)).toBe(0);
    await anna.ask('settings set mode=apply', /mode is now apply/);
    await approve(anna, early);
    expect(await world.delegatesOf('carl.jensen')).toContain(at('bob.nguyen'));
  });

  it('Apply first 5 does five steps of a long plan and waits; Continue does the rest, Undo these takes the five back', async () => {
    const everybody = ['IT', 'Executive', 'Engineering', 'Sales', 'Legal', 'Finance', 'Marketing'].map((name) => `department:${name}`).join(',');
    const card = await plan(anna, `delegates add ${at('noor.devries')} for=${everybody}`);
    expect(titlesOf(card)).toEqual(['Approve', 'Apply first 5', 'Reject']);
    const before = (await hostsWith(world, at('noor.devries'))).length;
    const paused = await approve(anna, card, 'Apply first 5');
    expect(countsOf(paused)).toMatch(/^Paused: 5 done, \d+ left$/);
    expect(await hostsWith(world, at('noor.devries'))).toHaveLength(before + 5);

    await anna.press(paused, 'Undo these');
    const undo = await anna.hears(/Nothing has been changed yet/);
    await approve(anna, undo);
    expect(await hostsWith(world, at('noor.devries'))).toHaveLength(before);

    const again = await plan(anna, `delegates add ${at('noor.devries')} for=${everybody}`);
    const first = await approve(anna, again, 'Apply first 5');
    await anna.press(first, 'Continue');
    expect(countsOf(await result(anna, idOf(again)))).toMatch(/^Done: \d+ done$/);
    expect((await hostsWith(world, at('noor.devries'))).length).toBeGreaterThan(before + 20);
  });

  it('a change that Webex slows down can be paused, goes on, and can be cancelled; progress is told', async () => {
    const slow = (): Promise<unknown> => world.control('POST', 'faults', { rules: [{ method: 'POST', path: INSERT, status: 429, headers: { 'Retry-After': '1' } }] });
    const free = (): Promise<unknown> => world.control('POST', 'faults', { rules: [] });
    const isSlowed = (): Promise<unknown> => world.stream.until('a write to be put off', async () => ((await world.requests('delegateEmails/insert')).length > 0 ? true : undefined));

    const card = await plan(anna, add('mary-jane.vandenberg', 'cara.olsen', 'victor.stone', 'kwame.mensah'));
    const id = idOf(card);
    await slow();
    await world.mark();
    await anna.press(card, 'Approve');
    const progress = await anna.hears(/0 of 3 done/);
    await isSlowed();
    await anna.say(`changes pause ${id}`);
    const paused = await result(anna, id);
    expect(countsOf(paused)).toBe('Paused: 3 left');
    expect(shown(paused)).toContain('Anna Berg paused it');
    expect((await anna.api('GET', `/messages/${progress.id}`)).json.text).toMatch(/0 of 3 done.*Paused\./);
    await free();
    await anna.press(paused, 'Continue');
    expect(countsOf(await result(anna, id))).toBe('Done: 3 done');

    const second = await plan(anna, `delegates add ${at('fatima.haddad')} for=${at('cara.olsen')},${at('victor.stone')}`);
    await slow();
    await world.mark();
    await anna.press(second, 'Approve');
    await isSlowed();
    await anna.say(`changes cancel ${idOf(second)}`);
    const cancelled = await result(anna, idOf(second));
    await free();
    expect(countsOf(cancelled)).toBe('Cancelled: 2 cancelled');
    expect(await hostsWith(world, at('fatima.haddad'))).toEqual([]);
    await anna.press(cancelled, 'Retry failed');
    await approve(anna, await anna.hears(/Again: Let Fatima Haddad/));
    expect(await hostsWith(world, at('fatima.haddad'))).toEqual([at('cara.olsen'), at('victor.stone')]);
  });

  it('unlinking ends the plans that wait', async () => {
    const card = await plan(ben, add('zoe.kraus', 'ingrid.dahl').replace('ingrid.dahl', 'lukasz.wojcik'));
    const ask = await ben.ask('account unlink', /Unlink your account\?/);
    await ben.press(ask, 'Unlink');
    expect(textOf(await ben.hears(new RegExp(`Plan ${idOf(card)} was withdrawn`)))).toContain('The account was unlinked.');
    await ben.hears(/Your account is unlinked/);
    expect(textOf(await answer(ben, `changes show ${idOf(card)}`))).toMatch(/not linked/);
  });
});

describe('a plan that waits too long', () => {
  // Only in one process can the time of the bot be moved.
  it('expires, and its card gives way to one that plans again', async () => {
    const world = await startWorld({ people: 40, processes: false });
    try {
      const anna = world.person('anna.berg');
      await world.link(anna);
      const card = await plan(anna, `delegates add ${at('raj.patel')} for=${at('cara.olsen')}`);
      await world.control('POST', 'clock', { advance: '61m' });
      const note = await anna.hears(new RegExp(`Plan ${idOf(card)} expired`));
      expect((await anna.messages()).map(({ id }) => id)).not.toContain(card.id);
      expect(textOf(await answer(anna, `changes approve ${idOf(card)}`))).toMatch(/expired/);
      expect(await world.delegatesOf('cara.olsen')).toEqual([at('amy.adams')]);
      await anna.press(note, 'Plan again');
      await approve(anna, await anna.hears(/Nothing has been changed yet/));
      expect(await world.delegatesOf('cara.olsen')).toEqual([at('amy.adams'), at('raj.patel')]);
    } finally {
      await world.stop();
    }
  });
});

describe('plans that another person must approve', () => {
  let world: World;
  let anna: Person;
  let ben: Person;
  const three = `for=${at('cara.olsen')},${at('kwame.mensah')},${at('xavier.darcy')}`;
  const hearsCard = (person: Person, id: string, options = {}): Promise<Message> =>
    person.hears((message) => cardOf(message) !== undefined && textOf(message).includes(`Plan ${id} ·`), options);

  beforeAll(async () => {
    world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '2' } });
    anna = world.person('anna.berg');
    ben = world.person('ben.okoye');
    await world.link(anna);
  });
  afterAll(async () => { await world.stop(); });

  it('says when nobody can approve, and who must link', async () => {
    const card = await plan(anna, `delegates add ${at('priya.natarajan')} ${three}`);
    expect(titlesOf(card)).toEqual(['Remind', 'Withdraw']);
    expect(shown(card)).toMatch(/More than 2 in 24 hours need the approval of another person\. Nobody else who has linked an account may approve it now.*must write “account link” to the bot/);
    await anna.press(card, 'Remind');
    await anna.hears(/There is nobody to remind\. Nobody else who has linked/);
    await anna.press(card, 'Withdraw');
    await anna.hears(new RegExp(`Plan ${idOf(card)} was withdrawn`));
  });

  it('shows what waits to whoever can approve it since, as soon as he has linked', async () => {
    const id = idOf(await plan(anna, `delegates add ${at('priya.natarajan')} ${three}`));
    await world.link(ben);
    const asked = await hearsCard(ben, id);
    expect(shown(asked)).toContain('Can be approved by: Ben Okoye');
    expect(shown(await answer(ben, 'menu'))).toContain(id);
    await anna.say(`changes remind ${id}`);
    await anna.hears(/A reminder of plan \w+ was sent to Ben Okoye\./);
    await hearsCard(ben, id);
    await anna.say(`changes withdraw ${id}`);
    await anna.hears(new RegExp(`Plan ${id} was withdrawn`));
  });

  it('the second administrator gets the card and approves; the requester cannot; it runs with her account', async () => {
    await world.link(world.person('carl.jensen'), 'look');
    const card = await plan(anna, `delegates add ${at('priya.natarajan')} ${three}`);
    const id = idOf(card);
    expect(titlesOf(card)).toEqual(['Remind', 'Withdraw']);
    expect(shown(card)).toContain('Can be approved by: Ben Okoye');
    expect(titlesOf(await answer(anna, `changes approve ${id}`))).toEqual(['Remind', 'Withdraw']);
    const asked = await hearsCard(ben, id);
    expect(titlesOf(asked)).toEqual(['Approve', 'Reject']);

    await world.mark();
    await ben.press(asked, 'Approve');
    const done = await result(anna, id);
    expect(shown(done)).toContain('Asked for by Anna Berg, approved by Ben Okoye');
    await ben.hears(new RegExp(`Change ${id}.*which you approved, is done: 3 done`));
    expect([...new Set((await world.requests('POST /v1/meetingPreferences')).map(({ owner }) => owner))]).toEqual([anna.email]);
    expect(textOf(await answer(world.person('carl.jensen'), 'account'))).toContain('carl.jensen');
    expect((await world.person('carl.jensen').messages()).filter((message) => textOf(message).includes(id))).toEqual([]);

    await anna.press(done, 'Undo');
    const undo = await anna.hears(/Undo: Let Priya Natarajan/);
    expect(titlesOf(undo)).toEqual(['Approve', 'Reject']);
    await approve(anna, undo);
    await ben.hears(new RegExp(`Change ${id}, which you approved, is being undone by Anna Berg`));
    expect(await hostsWith(world, at('priya.natarajan'))).not.toContain(at('kwame.mensah'));
  });

  it('Remind shows it to him again, at most once in ten minutes; his Reject ends it', async () => {
    const card = await plan(anna, `delegates add ${at('olu.adeyemi')} ${three}`);
    const id = idOf(card);
    const first = await hearsCard(ben, id);
    await anna.press(card, 'Remind');
    const second = await hearsCard(ben, id);
    await anna.hears(/A reminder of plan/);
    expect((await ben.messages()).map((message) => message.id)).not.toContain(first.id);
    await anna.press(card, 'Remind');
    await anna.hears(/reminder was sent less than 10 minutes ago/);
    await ben.press(second, 'Reject');
    for (const person of [anna, ben]) await person.hears(new RegExp(`Plan ${id} was rejected by Ben Okoye`));
    expect(await hostsWith(world, at('olu.adeyemi'))).toEqual([]);
  });

  it('small plans count together: the third step of the day wants another person', async () => {
    const second = await plan(ben, `delegates add ${at('amy.adams')},${at('bob.nguyen')} for=${at('daniel.kim')},${at('maria.garcia')}`);
    expect(titlesOf(second)).toEqual(['Approve', 'Reject']);
    const third = await plan(ben, `delegates add ${at('amy.adams')} for=${at('leo.wei')}`);
    expect(titlesOf(third)).toEqual(['Remind', 'Withdraw']);
    expect(shown(third)).toMatch(/It has 1 step \(with 2 other steps of the last 24 hours, 2 of them in plans that only wait and could be withdrawn\)/);
    await approve(ben, second);
    await anna.press(await hearsCard(anna, idOf(third)), 'Approve');
    await result(ben, idOf(third));
    expect(await world.delegatesOf('leo.wei')).toEqual([at('amy.adams')]);
  });

  it('the approval space of the organization gets the card too', async () => {
    const space = ((await anna.api('GET', '/rooms?max=100')).json.items as { id: string; title: string }[]).find(({ title }) => title === 'IT Admins')?.id ?? '';
    await anna.say(`${BOT} settings set space.details=here`, { roomId: space });
    await anna.hears(/space\.details is now here/, { roomId: space });
    await anna.say(`${BOT} settings set approval.space=here`, { roomId: space });
    await anna.hears(/approval\.space is now here/, { roomId: space });
    const card = await plan(anna, `delegates add ${at('raj.patel')} ${three}`);
    const shared = await hearsCard(ben, idOf(card), { roomId: space });
    await ben.press(shared, 'Approve');
    await result(anna, idOf(card));
    expect(await hostsWith(world, at('raj.patel'))).toEqual([at('cara.olsen'), at('kwame.mensah'), at('xavier.darcy')]);
    await ben.hears(new RegExp(`Plan ${idOf(card)} was approved by Ben Okoye`), { roomId: space });
  });
});
