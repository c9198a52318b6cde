import type { LargeSizes } from '../support/large-space.js';
import { textOf, type Person } from '../support/person.js';
import { startWorld, type RequestEntry, type World } from '../support/world.js';
import { apply, hears, load, memoryAtRest, peakMemory, percentile, PINS, plan, undelivered } from './tools.js';

export interface Figure {
  what: string;
  /** What design wants, in words; empty where nothing is set. */
  reach: string;
  value: string;
  /** Undefined where nothing is set. */
  reached?: boolean;
}

export interface Sizes {
  /** Steps of the large change. */
  steps: number;
  /** Calls a second of its limit. */
  perSecond: number;
  /** Seconds of load. */
  loadSeconds: number;
  /** People of the large organization. */
  people: number;
  /** The group and the space that follows it. */
  large: LargeSizes;
  /** People in the file of licenses. */
  licensed: number;
  /** Added to Steward's environment. */
  env?: Record<string, string>;
}

const EVENTS_PER_SECOND = 300;
/** Seconds of load before it is measured. */
const WARM_UP = 2;
const SMALL_STEPS = 200;
const SMALL_LIMIT = 20;
const LATENCY_MS = 50;
const ONE_AT_A_TIME = 60;
const REPLIES = 60;
/** A host on both sites. */
const DELEGATE = 'cara.olsen@acme.test';
const PREFERENCES = '/meetingPreferences/**';

export const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const mb = (value: number): string => `${value.toFixed(0)} MB`;

type Hosts = { email: string; site: string }[];

/** Generated hosts, each with a site. */
async function hostsOf(world: World): Promise<Hosts> {
  const { people } = (await world.control('GET', 'state')) as { people: { emails: string[]; sites: { siteUrl: string; accountType: string }[] }[] };
  return people.flatMap(({ emails, sites }) => {
    const seat = sites.find((site) => site.accountType === 'host');
    return seat === undefined || !/^p\d+@/.test(emails[0] ?? '') ? [] : [{ email: emails[0] ?? '', site: seat.siteUrl }];
  });
}

function preferenceCalls(entries: readonly RequestEntry[]): RequestEntry[] {
  return entries.filter(({ path }) => path.includes('/meetingPreferences'));
}

/** From the first to the last of these calls, in seconds. */
function secondsOf(calls: readonly RequestEntry[]): number {
  return ((calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0)) / 1000;
}

/** Each figure begins with hosts who lack the delegate, and with a Steward that has not learned any limit yet. */
async function fresh(world: World, hosts: Hosts): Promise<void> {
  await world.control('POST', 'change', { delegates: hosts.map(({ email, site }) => ({ host: email, site, remove: [DELEGATE] })) });
  await world.restart();
}

/** What a limit that lets `perSecond` pass, and as many at once, was used for. */
export function againstLimit(calls: readonly RequestEntry[], perSecond: number, steps: number): { used: number; refused: number; perStep: number; seconds: number } {
  const taken = calls.filter(({ status }) => status !== 429);
  const seconds = secondsOf(calls);
  return { used: taken.length / (perSecond * seconds + perSecond), refused: 1 - taken.length / calls.length, perStep: taken.length / steps, seconds };
}

async function startFigures(world: World, anna: Person): Promise<Figure[]> {
  const began = performance.now();
  await world.restart('kill');
  const listening = performance.now() - began;
  const { created } = await anna.say('help');
  await world.stream.until('the first answer', async () => (await anna.messages()).find((one) => one.personEmail === world.botEmail && one.created >= created));
  const first = performance.now() - began;
  return [{ what: 'start → first answer', reach: '≤ 3 s', value: `${(first / 1000).toFixed(1)} s (listens after ${(listening / 1000).toFixed(1)} s)`, reached: first <= 3000 }];
}

async function replyFigures(world: World, anna: Person): Promise<Figure[]> {
  const took: number[] = [];
  for (let n = 0; n < REPLIES; n += 1) {
    const { id, created } = await anna.say(`delegates list ${DELEGATE}`);
    const answer = await world.stream.until('an answer', async () => (await anna.messages()).find((one) => one.personEmail === world.botEmail && one.created >= created && one.parentId === id || (one.personEmail === world.botEmail && one.created > created)));
    took.push(Date.parse(answer.created) - Date.parse(created));
  }
  return [{ what: 'message → reply (`delegates list`, reads Webex)', reach: '', value: `p50 ${ms(percentile(took, 0.5))}, p99 ${ms(percentile(took, 0.99))}` }];
}

async function limitFigures(world: World, anna: Person, hosts: Hosts, perSecond: number): Promise<Figure[]> {
  await fresh(world, hosts);
  await world.control('POST', 'limits', { kind: 'bucket', perSecond, burst: perSecond, only: [PREFERENCES] });
  const planned = await plan(world, anna, hosts, DELEGATE);
  await world.mark();
  await apply(world, anna, planned, hosts.length);
  const found = againstLimit(preferenceCalls(await world.requests()), perSecond, hosts.length);
  await world.control('POST', 'limits', { kind: 'none' });
  const what = `${hosts.length.toLocaleString('en-US')} steps against ${perSecond} calls/s`;
  return [
    { what: `${what}: share of what the limit lets through`, reach: '≥ 95 %', value: `${share(found.used)} (${found.seconds.toFixed(1)} s, ${found.perStep.toFixed(2)} calls a step)`, reached: found.used >= 0.95 },
    { what: `${what}: calls answered 429`, reach: '≤ 1 %', value: share(found.refused), reached: found.refused <= 0.01 },
  ];
}

/** Steps a second of a program that reads, writes and reads again, one call after the other. */
async function oneAtATime(anna: Person, hosts: Hosts): Promise<number> {
  const began = performance.now();
  for (const { email, site } of hosts) {
    const query = `userEmail=${encodeURIComponent(email)}&siteUrl=${site}`;
    const read = (): ReturnType<Person['api']> => anna.api('GET', `/meetingPreferences/schedulingOptions?${query}`);
    const replies = [await read(), await anna.api('POST', `/meetingPreferences/schedulingOptions/delegateEmails/delete?${query}`, { emails: [DELEGATE] }), await read()];
    if (replies[0]?.status !== 200) throw new Error(`A read was answered ${replies[0]?.status ?? 0}.`);
  }
  return hosts.length / ((performance.now() - began) / 1000);
}

async function freeFigures(world: World, anna: Person, hosts: Hosts, rest: number): Promise<Figure[]> {
  await fresh(world, hosts);
  await world.control('POST', 'faults', { rules: [{ path: '**', delayMs: LATENCY_MS }] });
  const planned = await plan(world, anna, hosts, DELEGATE);
  const single = await oneAtATime(anna, hosts.slice(0, ONE_AT_A_TIME));
  await world.mark();
  const { peak } = await peakMemory(world, () => apply(world, anna, planned, hosts.length));
  const calls = preferenceCalls(await world.requests());
  await world.control('POST', 'faults', { rules: [] });
  const factor = hosts.length / secondsOf(calls) / single;
  return [
    { what: `${hosts.length.toLocaleString('en-US')} steps without a limit, ${LATENCY_MS} ms latency`, reach: '≥ 20 × one at a time', value: `${factor.toFixed(1)} × (${(hosts.length / secondsOf(calls)).toFixed(0)} steps/s, ${(calls.length / secondsOf(calls)).toFixed(0)} calls/s)`, reached: factor >= 20 },
    { what: 'memory above rest during that change', reach: '', value: mb(peak - rest) },
  ];
}

async function webhookFigures(world: World, anna: Person, hosts: Hosts, sizes: Sizes): Promise<Figure[]> {
  const events = await undelivered(world, world.person('sam.carter'), EVENTS_PER_SECOND * (WARM_UP + sizes.loadSeconds));
  await fresh(world, hosts);
  await world.control('POST', 'limits', { kind: 'bucket', perSecond: sizes.perSecond, burst: sizes.perSecond, only: [PREFERENCES] });
  const planned = await plan(world, anna, hosts, DELEGATE);
  const running = apply(world, anna, planned, hosts.length);
  const { ms: all, statuses } = await load(world, events, EVENTS_PER_SECOND);
  const took = all.slice(WARM_UP * EVENTS_PER_SECOND);
  await running;
  await world.control('POST', 'limits', { kind: 'none' });
  const p99 = percentile(took, 0.99);
  return [{
    what: `webhook answered at ${EVENTS_PER_SECOND} events/s while a change runs at ${sizes.perSecond} calls/s`, reach: 'p99 ≤ 20 ms',
    value: `p50 ${ms(percentile(took, 0.5))}, p99 ${ms(p99)} (${Object.entries(statuses).map(([status, count]) => `${count} × ${status}`).join(', ')})`, reached: p99 <= 20 && Object.keys(statuses).join() === '200',
  }];
}

async function groupFigures(world: World, anna: Person, rest: number): Promise<Figure[]> {
  await world.mark();
  const { created } = await anna.say('delegates add bob.nguyen@acme.test for=group:"All Staff"');
  const { peak } = await peakMemory(world, () => hears(anna, world.botEmail, created, (message) => /"Approve"/.test(textOf(message))));
  // Her own calls are those of her chat.
  const calls = (await world.requests()).filter(({ owner, path }) => owner === anna.email && !path.startsWith('/v1/messages'));
  const kinds = new Map<string, number>();
  for (const { path } of calls) {
    const kind = path.replace('/v1', '').replace(/\/(?:Y2lz|[0-9a-f-]{36})[^/]*/g, '/…');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const lists = kinds.get('/meetingPreferences/schedulingOptions') ?? 0;
  const { groups } = (await world.control('GET', 'state')) as { groups: { displayName: string; members: unknown[] }[] };
  const members = groups.find(({ displayName }) => displayName === 'All Staff')?.members.length ?? 0;
  return [{
    what: `plan for a group of ${members.toLocaleString('en-US')}`, reach: 'a call for each list of delegates, else pages only; ≤ 60 MB above rest',
    value: `${lists.toLocaleString('en-US')} lists and ${calls.length - lists} other calls (${[...kinds].filter(([kind]) => !kind.endsWith('schedulingOptions')).map(([kind, count]) => `${count} ${kind}`).join(', ')}), ${mb(peak - rest)} above rest`,
    reached: calls.length - lists <= members / 20 && peak - rest <= 60,
  }];
}

/** All that needs an organization of ordinary size. */
export async function changeFigures(sizes: Sizes, only: readonly string[], say: (figures: Figure[]) => void): Promise<void> {
  const world = await startWorld({ people: Math.max(1240, Math.ceil(sizes.steps / 0.88) + 60), processes: true, env: { APPROVAL_STEPS: 'off', LOG_LEVEL: 'warn', ...sizes.env }, ...(PINS === undefined ? {} : { prefix: PINS }) });
  try {
    const anna = world.person('anna.berg');
    await world.link(anna);
    const start = await startFigures(world, anna);
    const rest = await memoryAtRest(world);
    const hosts = (await hostsOf(world)).slice(0, sizes.steps);
    const parts: Record<string, () => Promise<Figure[]>> = {
      start: () => Promise.resolve([...start, { what: 'memory at rest', reach: '', value: mb(rest) }]),
      reply: () => replyFigures(world, anna),
      group: () => groupFigures(world, anna, rest),
      small: () => limitFigures(world, anna, hosts.slice(0, SMALL_STEPS), SMALL_LIMIT),
      large: () => limitFigures(world, anna, hosts, sizes.perSecond),
      free: () => freeFigures(world, anna, hosts, rest),
      webhook: () => webhookFigures(world, anna, hosts, sizes),
    };
    for (const [name, part] of Object.entries(parts)) if (only.length === 0 || only.includes(name)) say(await part());
  } finally {
    await world.stop();
  }
}

/** Listing a large organization. */
export async function listingFigures(sizes: Sizes): Promise<Figure[]> {
  const world = await startWorld({ people: sizes.people, processes: true, env: { LOG_LEVEL: 'warn', ...sizes.env }, ...(PINS === undefined ? {} : { prefix: PINS }) });
  try {
    const anna = world.person('anna.berg');
    await world.link(anna);
    const rest = await memoryAtRest(world);
    await world.mark();
    const { created } = await anna.say('delegates list "Zebulon Nobody"');
    const { peak } = await peakMemory(world, () => hears(anna, world.botEmail, created, (message) => textOf(message).includes('Zebulon')));
    const pages = (await world.requests('GET /v1/people')).filter(({ path, query }) => path === '/v1/people' && query.max !== undefined);
    const seconds = ((pages.at(-1)?.repliedAt ?? 0) - (pages[0]?.at ?? 0)) / 1000;
    const serving = pages.reduce((sum, { at, repliedAt }) => sum + ((repliedAt ?? at) - at), 0) / 1000;
    const people = sizes.people.toLocaleString('en-US');
    return [
      { what: `listing ${people} people: memory above rest`, reach: '≤ 60 MB', value: mb(peak - rest), reached: peak - rest <= 60 },
      { what: `listing ${people} people: pages`, reach: 'as fast as the server answers', value: `${pages.length} pages, ${(pages.length / seconds).toFixed(1)} a second; the server was busy with them ${share(serving / seconds)} of the time` },
    ];
  } finally {
    await world.stop();
  }
}
