import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { text } from 'node:stream/consumers';
import { ROOT } from '../structure/house.js';
import { textOf, type Message, type Person } from '../support/person.js';
import type { World } from '../support/world.js';
import type { LoadResult } from './load.js';

const LOOK_EVERY_MS = 200;

/** Steward alone on the last core, all others on the rest, where this machine can do that. */
export const PINS = canPin() ? { steward: ['taskset', '-c', String(cpus().length - 1)], webex: ['taskset', '-c', `0-${cpus().length - 2}`] } : undefined;

function canPin(): boolean {
  return cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Looks now and then, so rarely that it does not weigh on what is measured. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, seconds = 300): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; ;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${seconds} s for: ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** The first message in the 1:1 after `since` (ISO) that fits. */
export function hears(person: Person, botEmail: string, since: string, fits: (message: Message) => boolean): Promise<Message> {
  return until('an answer', async () => (await person.messages()).find((one) => one.personEmail === botEmail && one.created >= since && fits(one)));
}

/** The share of values that are at most this. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** Resident memory of a process in MB. Undefined where there is no /proc. */
export function memoryOf(pid: number | undefined): number | undefined {
  const file = `/proc/${pid ?? 0}/status`;
  if (!existsSync(file)) return undefined;
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024;
}

/** Watches a process's memory while `task` runs; gives the most that was seen, in MB. */
export async function peakMemory<T>(world: World, task: () => Promise<T>): Promise<{ value: T; peak: number }> {
  let peak = 0;
  const timer = setInterval(() => { peak = Math.max(peak, memoryOf(world.pid()) ?? NaN); }, 50);
  try {
    return { value: await task(), peak };
  } finally {
    clearInterval(timer);
  }
}

/** The median memory of three quiet seconds, in MB. */
export async function memoryAtRest(world: World): Promise<number> {
  const seen: number[] = [];
  for (let second = 0; second < 6; second += 1) {
    await pause(500);
    seen.push(memoryOf(world.pid()) ?? NaN);
  }
  return percentile(seen, 0.5);
}

/** Posts signed events at a steady rate from a process of its own. */
export async function load(world: World, events: unknown[], perSecond: number): Promise<LoadResult> {
  const [command, ...words] = [...(PINS?.webex ?? []), process.execPath];
  const child = spawn(command, [...words, '--import', 'tsx', 'test/bench/load.ts'], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ url: `${world.publicUrl}/webhook`, secret: world.webhookSecret, perSecond, events }));
  return JSON.parse(await text(child.stdout)) as LoadResult;
}

/** Makes messages to the bot whose webhooks are lost, and gives their envelopes as Webex would post them. */
export async function undelivered(world: World, person: Person, count: number): Promise<unknown[]> {
  await world.control('POST', 'faults', { webhooks: { lose: 1_000_000 } });
  const events: unknown[] = [];
  for (let n = 0; n < count; n += 1) {
    const { id, roomId, personEmail, created, personId } = (await person.say(`Good morning ${n}`)) as Message & { personId: string };
    events.push({ id: 'load', name: 'load', resource: 'messages', event: 'created', actorId: personId, data: { id, roomId, roomType: 'direct', personId, personEmail, created } });
  }
  await world.control('POST', 'faults', { webhooks: {} });
  return events;
}

/** How a plan and its change are asked for by an import: one delegate for each of these hosts. */
export async function plan(world: World, person: Person, hosts: readonly { email: string; site: string }[], delegate: string): Promise<Message> {
  const rows = hosts.map(({ email, site }) => `${email},${delegate},add,${site}`);
  const { created } = await person.say('delegates import', { file: { name: 'bench.csv', content: ['host,delegate,mode,site', ...rows].join('\n') } });
  return hears(person, world.botEmail, created, (message) => /Plan [0-9a-f]{10}/.test(textOf(message)) && /"Approve"/.test(textOf(message)));
}

/** The ten signs of the plan that a message is about. */
export function planIn(message: Message): string {
  return /Plan ([0-9a-f]{10})/.exec(textOf(message))?.[1] ?? '';
}

/** Approves a plan, or lets somebody else do that with his card, and waits for its result, which must be that all was done. */
export async function apply(world: World, person: Person, planned: Message, steps: number, approver = { person, card: planned }): Promise<void> {
  const id = planIn(planned);
  const pressed = await approver.person.press(approver.card, 'Approve');
  if (pressed.status !== 200) throw new Error(`Approve was answered ${pressed.status}.`);
  const result = await hears(person, world.botEmail, planned.created, (message) => textOf(message).includes(`Change ${id}`) && /"headline"|Done:|Finished|Paused|Cancelled/.test(textOf(message)) && message.attachments !== undefined);
  if (!textOf(result).replaceAll(',', '').includes(`: ${steps} done.`)) throw new Error(`The change did not go as planned: ${textOf(result).slice(0, 600)}`);
}
