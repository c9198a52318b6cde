import { approve, linesOf, plan } from '../support/plans.js';
import { titlesOf, type Person } from '../support/person.js';
import { timed } from '../support/schedules.js';
import { startWorld, type World } from '../support/world.js';

const at = (name: string): string => `${name}@acme.test`;

let world: World;
let anna: Person;

beforeAll(async () => {
  world = await startWorld({ people: 40, env: { APPROVAL_STEPS: '1000' } });
  anna = world.person('anna.berg');
  await world.link(anna, 'delegates,delegates-xml');
});
afterAll(async () => { await world.stop(); });

timed('a permission to schedule with an end', () => {
  it('shows its end on the card that is approved, is listed, and ends by itself with a report', async () => {
    const before = await world.delegatesOf('victor.stone');
    const card = await plan(anna, `delegates add ${at('priya.natarajan')} for=${at('victor.stone')} until=7d`);
    expect(card.text).toMatch(/It ends on .*what it changes is taken back then/);
    await approve(anna, card);
    expect(await world.delegatesOf('victor.stone')).toContain(at('priya.natarajan'));

    const list = await anna.ask('schedules', /Schedules of/);
    expect(linesOf(list)).toEqual(expect.arrayContaining([expect.stringContaining('End of: Let Priya Natarajan schedule')]));
    await anna.press(list, titlesOf(list).find((title) => title.startsWith('Show '))!);
    const end = await anna.hears(/It takes back what change/);
    expect(titlesOf(end)).toEqual(['Extend', 'Pause']);

    await world.control('POST', 'clock', { advance: '170h' });
    await anna.hears(/End of Let Priya Natarajan schedule.*taken back/);
    expect(await world.delegatesOf('victor.stone')).toEqual(before);
  });

  it('is put off with a date on its card', async () => {
    await approve(anna, await plan(anna, `delegates add ${at('priya.natarajan')} for=${at('victor.stone')} until=3d`));
    const list = await anna.ask('schedules', /Schedules of/);
    await anna.press(list, titlesOf(list).find((title) => title.startsWith('Show '))!);
    const end = await anna.hears(/It takes back what change/);
    const until = new Date(Date.now() + 60 * 24 * 3600_000).toISOString().slice(0, 10);
    await anna.press(end, 'Extend', { until });
    const later = await anna.hears(/The end is put off/);
    expect(later.text).toMatch(new RegExp(`Next runs: \\w{3} ${until} 23:59`));
    expect(later.text).toMatch(/State: active/);
  });
});
