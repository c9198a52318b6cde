import { callsMade, numbered, peopleFor } from '../support/large-space.js';
import { textOf, titlesOf, type Message, type Person } from '../support/person.js';
import { startWorld, type RequestEntry, type World } from '../support/world.js';
import { againstLimit, mb, share, type Figure, type Sizes } from './measures.js';
import { apply, hears, memoryAtRest, peakMemory, PINS, planIn } from './tools.js';

const LATENCY_MS = 50;
const GIVEN = 'Advanced Space Meetings';
const TAKEN = 'Messaging (Sub100417)';
/** What a step calls: the person is read, then changed; the reply says what is held after it. */
const LIMITED = ['/people/**', '/licenses/users'];
const PEOPLE_PAGE = 1000;

/** Licenses for everybody in a file: its plan, and the change that a second administrator approves, with latency and against a limit. */
export async function licensesFigures(sizes: Sizes): Promise<Figure[]> {
  const people = numbered(0, sizes.licensed);
  const world = await startWorld({ people: peopleFor({ group: people.length, space: 0, both: 0 }), processes: true, env: { LOG_LEVEL: 'warn', ...sizes.env }, ...(PINS === undefined ? {} : { prefix: PINS }) });
  try {
    const anna = world.person('anna.berg');
    const ben = world.person('ben.okoye');
    await world.link(anna, 'licenses');
    await world.link(ben, 'licenses');
    await world.control('POST', 'change', { licenses: [{ name: GIVEN, totalUnits: people.length + 100 }] });
    await world.control('POST', 'faults', { rules: [{ path: '**', delayMs: LATENCY_MS }] });
    await world.restart();
    const rest = await memoryAtRest(world);
    const { figures, card } = await planFigures(world, anna, people, rest);
    return [...figures, ...await applyFigures(world, anna, ben, card, people, sizes.perSecond, rest)];
  } finally {
    await world.stop();
  }
}

/** Everybody is given a license, and every second one loses another in the same call. */
function fileOf(people: readonly string[]): string {
  const rows = people.flatMap((email, at) => [`${email},${GIVEN},add`, ...(at % 2 === 0 ? [] : [`${email},${TAKEN},remove`])]);
  return ['email,license,operation', ...rows].join('\n');
}

async function planFigures(world: World, anna: Person, people: readonly string[], rest: number): Promise<{ figures: Figure[]; card: Message }> {
  await world.mark();
  const began = performance.now();
  const { created } = await anna.say('licenses import', { file: { name: 'licenses.csv', content: fileOf(people) } });
  const { value: card, peak } = await peakMemory(world, () => hears(anna, world.botEmail, created, isPlan));
  const seconds = (performance.now() - began) / 1000;
  const made = await callsMade(world, anna);
  const calls = Object.values(made).reduce((sum, n) => sum + n, 0);
  const pages = Math.ceil(people.length / PEOPLE_PAGE);
  return { card, figures: [{
    what: `plan of licenses for ${words(people.length)} people in a file, ${LATENCY_MS} ms latency`, reach: `a few calls for each page of 1,000 people; ≤ 60 MB above rest`,
    value: `${calls} calls (${Object.entries(made).map(([kind, n]) => `${n} ${kind}`).join(', ')}), ${mb(peak - rest)} above rest, ${seconds.toFixed(1)} s`,
    reached: calls <= 10 + 3 * pages && peak - rest <= 60,
  }] };
}

/** Approved and applied by a Steward that has not learned any limit yet. */
async function applyFigures(world: World, anna: Person, ben: Person, plan: Message, people: readonly string[], perSecond: number, rest: number): Promise<Figure[]> {
  const card = await hears(ben, world.botEmail, new Date(0).toISOString(), (message) => textOf(message).includes(planIn(plan)) && titlesOf(message).includes('Approve'));
  await world.restart();
  await world.control('POST', 'limits', { kind: 'bucket', perSecond, burst: perSecond, only: LIMITED });
  await world.mark();
  const { peak } = await peakMemory(world, () => apply(world, anna, plan, people.length, { person: ben, card }));
  const calls = (await world.requests()).filter((entry) => entry.owner === anna.email && isOfStep(entry));
  await world.control('POST', 'limits', { kind: 'none' });
  const found = againstLimit(calls, perSecond, people.length);
  const changes = calls.filter(({ method, status }) => method === 'PATCH' && status !== 429).length;
  const what = `licenses of ${words(people.length)} people against ${perSecond} calls/s, ${LATENCY_MS} ms latency`;
  return [
    { what: `${what}: share of what the limit lets through`, reach: '≥ 95 %', value: `${share(found.used)} (${found.seconds.toFixed(1)} s, ${found.perStep.toFixed(2)} calls a step)`, reached: found.used >= 0.95 },
    { what: `${what}: changing calls`, reach: 'one a person', value: words(changes), reached: changes === people.length },
    { what: `${what}: calls answered 429`, reach: '≤ 1 %', value: share(found.refused), reached: found.refused <= 0.01 },
    { what: 'memory above rest during that change', reach: '', value: mb(peak - rest) },
  ];
}

function isOfStep({ path }: RequestEntry): boolean {
  return path.startsWith('/v1/people/') || path === '/v1/licenses/users';
}

function isPlan(message: Message): boolean {
  return textOf(message).includes('Nothing has been changed yet');
}

function words(n: number): string {
  return n.toLocaleString('en-US');
}
