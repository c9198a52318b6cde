import { answer, approve, change, plan, shown } from '../support/plans.js';
import { cardOf, inputsOf, textOf, titlesOf, type Person } from '../support/person.js';
import { advance, timed } from '../support/schedules.js';
import { at } from '../support/spaces.js';
import { startWorld, type World } from '../support/world.js';

const US = 'acme.webex.com';

let world: World;
let anna: Person;

async function open(): Promise<void> {
  world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '1000' } });
  anna = world.person('anna.berg');
  await world.link(anna, 'delegates');
}
const close = (): Promise<void> => world.stop();
const by = (delegates: { host: string; add?: string[]; remove?: string[] }): Promise<unknown> =>
  world.control('POST', 'change', { delegates: [{ host: at(delegates.host), site: US, add: (delegates.add ?? []).map(at), remove: (delegates.remove ?? []).map(at) }] });
const removals = async (): Promise<number> => (await world.requests('delegateEmails/delete')).filter(({ status }) => status === 204).length;
const ended = (title: RegExp): ReturnType<Person['hears']> => anna.hears((message) => title.test(message.text ?? '') && /taken back|take back/.test(message.text ?? ''));

timed('a permission with an end', () => {
  beforeAll(open);
  afterAll(close);

  it('shows its end on the card; when the time comes, only what the change added goes, also over a restart', async () => {
    expect(await world.delegatesOf('victor.stone')).toEqual([at('amy.adams'), at('bob.nguyen')]);
    const card = await plan(anna, `delegates add ${at('amy.adams')},${at('priya.natarajan')} for=${at('victor.stone')} until=3d`);
    expect(JSON.stringify(cardOf(card))).toMatch(/"title":"Ends","value":"[^"]+: what it changes is taken back then"/);
    await approve(anna, card);
    await by({ host: 'victor.stone', add: ['raj.patel'] });
    await world.mark();
    await advance(world, '36h');
    expect(await world.delegatesOf('victor.stone')).toEqual([at('amy.adams'), at('bob.nguyen'), at('priya.natarajan'), at('raj.patel')]);
    await world.restart(undefined, () => advance(world, '37h'));
    expect((await ended(/^End of Let .*Priya Natarajan schedule for Victor Stone: taken back\./)).text).toMatch(/- Done: Priya Natarajan may no longer schedule for Victor Stone on acme\.webex\.com/);
    expect(await world.delegatesOf('victor.stone')).toEqual([at('amy.adams'), at('bob.nguyen'), at('raj.patel')]);
    expect(await removals()).toBe(1);
    expect(world.audit().filter(({ action }) => action === 'plan.made').at(-1)?.details).toMatchObject({ approval: 'automatic', steps: 1 });
    await world.restart();
    expect(textOf(await answer(anna, 'delegates expiring'))).toContain('No permission ends by itself.');
    expect(await removals()).toBe(1);
  });

  it('has nothing left to take back when somebody else took it away before', async () => {
    await change(anna, `delegates add ${at('priya.natarajan')} for=${at('victor.stone')} until=1d`);
    await by({ host: 'victor.stone', remove: ['priya.natarajan'] });
    await world.mark();
    await advance(world, '25h');
    await anna.hears(/^End of: Let Priya Natarajan schedule for Victor Stone: .*nothing of it was left to take back|^End of Let Priya Natarajan schedule for Victor Stone: taken back[^]*Already so/);
    expect(await removals()).toBe(0);
  });

  it('does nothing when the change was undone before', async () => {
    const result = await change(anna, `delegates add ${at('priya.natarajan')} for=${at('victor.stone')} until=1d`);
    await anna.press(result, 'Undo');
    await approve(anna, await anna.hears(/Undo: Let Priya Natarajan schedule/));
    const before = await world.delegatesOf('victor.stone');
    await world.mark();
    await advance(world, '25h');
    await anna.hears(/^End of: Let Priya Natarajan schedule for Victor Stone: .*nothing of it was left to take back/);
    expect(await removals()).toBe(0);
    expect(await world.delegatesOf('victor.stone')).toEqual(before);
  });

  it('does not take what was given anew, without an end, after an undo', async () => {
    const result = await change(anna, `delegates add ${at('noor.devries')} for=${at('victor.stone')} until=1d`);
    await anna.press(result, 'Undo');
    await approve(anna, await anna.hears(/Undo: Let Noor de Vries schedule/));
    await change(anna, `delegates add ${at('noor.devries')} for=${at('victor.stone')}`);
    await world.mark();
    await advance(world, '25h');
    await anna.hears(/^End of: Let Noor de Vries schedule for Victor Stone: .*nothing of it was left to take back/);
    expect(await removals()).toBe(0);
    expect(await world.delegatesOf('victor.stone')).toContain(at('noor.devries'));
    await by({ host: 'victor.stone', remove: ['noor.devries'] });
  });

  it('is listed by delegates expiring, and put off by [Extend]', async () => {
    await change(anna, `delegates add ${at('noor.devries')} for=${at('cara.olsen')} until=2d`);
    const list = await answer(anna, 'delegates expiring');
    expect(shown(list)).toMatch(/Ends on .*End of: Let Noor de Vries schedule for Cara Olsen/);
    expect(titlesOf(list)).toEqual(['Extend']);
    const id = [...inputsOf(list).values()].find(({ choices }) => choices !== undefined)?.choices?.[0]?.value ?? '';
    await anna.press(list, 'Extend', Object.fromEntries([...inputsOf(list)].map(([name, { choices }]) => [name, choices === undefined ? '4d' : id])));
    await anna.hears(/The end is put off\./);
    await advance(world, '49h');
    expect(await world.delegatesOf('cara.olsen')).toContain(at('noor.devries'));
    expect((await answer(anna, `schedules extend ${id} until=1d`)).text).toMatch(/The end is put off\./);
    await advance(world, '25h');
    await ended(/^End of Let Noor de Vries schedule for Cara Olsen: taken back\./);
    expect(await world.delegatesOf('cara.olsen')).toEqual([at('amy.adams')]);
    expect((await answer(anna, `schedules extend ${id} until=1d`)).text).toMatch(/It has ended already/);
  });
});

timed('a permission with an end that cannot be made in time, or with a beginning', () => {
  beforeAll(open);
  afterAll(close);

  it('is tried again until it is done, and its owner is warned once each day that it is overdue', async () => {
    await change(anna, `delegates add ${at('raj.patel')} for=${at('cara.olsen')} until=1d`);
    await world.control('POST', 'faults', { rules: [{ method: 'POST', path: '/meetingPreferences/schedulingOptions/delegateEmails/delete', status: 400, body: { message: 'The site is being moved', errors: [] } }] });
    await advance(world, '25h');
    const first = await anna.hears(/^End of Let Raj Patel schedule for Cara Olsen: not all is taken back/);
    expect(first.text).toMatch(/What is not done is tried again each hour\.[^]*The site is being moved/);
    const warnings = async (): Promise<number> => (await anna.messages()).filter(({ text = '' }) => /^(Overdue: End of|End of).*Raj Patel/.test(text)).length;
    for (const day of [2, 3]) {
      await advance(world, '24h');
      await world.stream.until(`warning ${day}`, async () => ((await warnings()) === day ? true : undefined));
    }
    expect(await world.delegatesOf('cara.olsen')).toContain(at('raj.patel'));
    expect(textOf(await answer(anna, 'delegates expiring'))).toMatch(/Overdue since/);
    await world.control('POST', 'faults', { rules: [] });
    await advance(world, '1h');
    await world.stream.until('the end', async () => ((await world.delegatesOf('cara.olsen')).includes(at('raj.patel')) ? undefined : true));
    await anna.hears(/^End of Let Raj Patel schedule for Cara Olsen: taken back\./);
    expect(await world.delegatesOf('cara.olsen')).toEqual([at('amy.adams')]);
  });

  it('begins at from= and ends at until=', async () => {
    const card = await plan(anna, `delegates add ${at('bob.nguyen')} for=${at('cara.olsen')} from=${new Date(Date.now() + 6 * 24 * 3_600_000).toISOString().slice(0, 16)}Z until=8d`);
    expect(card.text).toMatch(/It begins on .*, once it is approved\.\nIt ends on /);
    await anna.press(card, 'Approve');
    await anna.hears(/begins on|waits until|It begins/i);
    expect(await world.delegatesOf('cara.olsen')).toEqual([at('amy.adams')]);
    await world.restart();
    await advance(world, '72h');
    await world.stream.until('the beginning', async () => ((await world.delegatesOf('cara.olsen')).includes(at('bob.nguyen')) ? true : undefined));
    await advance(world, '130h');
    await anna.hears(/^End of Let Bob Nguyễn schedule for Cara Olsen: taken back\./);
    expect(await world.delegatesOf('cara.olsen')).toEqual([at('amy.adams')]);
  });
});
