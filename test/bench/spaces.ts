import { callsMade, callsNeeded, followLarge, makeLarge, peopleFor } from '../support/large-space.js';
import { textOf, titlesOf, type Person } from '../support/person.js';
import { startWorld, type World } from '../support/world.js';
import { againstLimit, mb, share, type Figure, type Sizes } from './measures.js';
import { apply, hears, memoryAtRest, peakMemory, PINS, planIn } from './tools.js';

const MEMBERSHIPS = ['/memberships', '/memberships/**'];

/** A space that follows a group: its plan, and the change that a second administrator approves. */
export async function spacesFigures(sizes: Sizes): Promise<Figure[]> {
  const world = await startWorld({ people: peopleFor(sizes.large), processes: true, env: { LOG_LEVEL: 'warn', ...sizes.env }, ...(PINS === undefined ? {} : { prefix: PINS }) });
  try {
    const anna = world.person('anna.berg');
    const ben = world.person('ben.okoye');
    await world.link(anna, 'spaces');
    await world.link(ben, 'spaces');
    await makeLarge(world, anna, sizes.large);
    await followLarge(anna, (fits) => anna.hears(fits));
    await world.restart();
    const rest = await memoryAtRest(world);
    return [...await planFigures(world, anna, ben, sizes, rest), ...await applyFigures(world, anna, ben, sizes, rest)];
  } finally {
    await world.stop();
  }
}

/** Until the card is with whoever approves. */
async function planFigures(world: World, anna: Person, ben: Person, { large }: Sizes, rest: number): Promise<Figure[]> {
  await world.mark();
  const began = performance.now();
  const { created } = await anna.say('spaces sync');
  const { peak } = await peakMemory(world, () => hears(ben, world.botEmail, created, planned));
  const seconds = (performance.now() - began) / 1000;
  const [made, needed] = [await callsMade(world, anna), callsNeeded(large)];
  const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, n) => total + n, 0);
  return [{
    what: `plan for a group of ${words(large.group)} and a space of ${words(large.space)}`, reach: 'calls = pages needed; ≤ 60 MB above rest',
    value: `${sum(made)} calls of ${sum(needed)} needed (${Object.entries(made).map(([kind, n]) => `${n} ${kind}`).join(', ')}), ${mb(peak - rest)} above rest, ${seconds.toFixed(1)} s`,
    reached: sum(made) === sum(needed) && peak - rest <= 60,
  }];
}

/** The plan that waits is approved and applied by a Steward that has not learned any limit yet. */
async function applyFigures(world: World, anna: Person, ben: Person, { large, perSecond }: Sizes, rest: number): Promise<Figure[]> {
  const steps = large.group + large.space - 2 * large.both;
  const since = new Date(0).toISOString();
  const plan = await hears(anna, world.botEmail, since, planned);
  const card = await hears(ben, world.botEmail, since, (message) => textOf(message).includes(planIn(plan)) && titlesOf(message).includes('Approve'));
  await world.restart();
  await world.control('POST', 'limits', { kind: 'bucket', perSecond, burst: perSecond, only: MEMBERSHIPS });
  await world.mark();
  const { peak } = await peakMemory(world, () => apply(world, anna, plan, steps, { person: ben, card }));
  const calls = (await world.requests()).filter(({ owner, path }) => owner === anna.email && path.startsWith('/v1/memberships'));
  await world.control('POST', 'limits', { kind: 'none' });
  const found = againstLimit(calls, perSecond, steps);
  const what = `${words(steps)} joins and leaves against ${perSecond} calls/s`;
  return [
    { what: `${what}: share of what the limit lets through`, reach: '≥ 95 %', value: `${share(found.used)} (${found.seconds.toFixed(1)} s, ${found.perStep.toFixed(2)} calls a step)`, reached: found.used >= 0.95 },
    { what: `${what}: calls answered 429`, reach: '≤ 1 %', value: share(found.refused), reached: found.refused <= 0.01 },
    { what: 'memory above rest during that change', reach: '', value: mb(peak - rest) },
  ];
}

function planned(message: Parameters<typeof textOf>[0]): boolean {
  return textOf(message).includes('Nothing has been changed yet');
}

function words(n: number): string {
  return n.toLocaleString('en-US');
}
