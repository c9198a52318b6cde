import { actionsOf, cardOf, textOf, type Message, type Person } from '../support/person.js';
import { startWorld, type RequestEntry, type World } from '../support/world.js';

const HOSTS = 200;
const KILLS_PER_CHANGE = 10;
const MODES = ['add', 'remove'] as const;
const LATENCY_MS = 50;
const DELEGATE = 'bob.nguyen@acme.test';
/** So late that the killed process never has the reply. */
const NEVER_MS = 3_600_000;
const SITE = 'acme.webex.com';

/** `STEWARD_SEED=<number>` makes the same kills again. */
const SEED = process.env.STEWARD_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(process.env.STEWARD_SEED);

/** Numbers from 0 up to 1 that follow from the seed (a linear congruential generator). */
function numbersFrom(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number(state >> 32n) / 2 ** 32;
  };
}

/** When one change is killed: after which of its writes, and whether the reply of that write is withheld. */
interface Kill {
  write: number;
  withheld: boolean;
}

/** So far apart that a process does something of its own before the next kill. */
const LEAST_GAP = 10;

function killsOf(random: () => number): Kill[] {
  const writes: number[] = [];
  while (writes.length < KILLS_PER_CHANGE) {
    const write = 1 + Math.floor(random() * HOSTS);
    if (writes.every((other) => Math.abs(other - write) >= LEAST_GAP)) writes.push(write);
  }
  return writes.sort((a, b) => a - b).map((write) => ({ write, withheld: false }));
}

/** Half of all kills, chosen by the seed, withhold the reply. */
function withhold(kills: readonly Kill[], random: () => number): void {
  const order = kills.map((kill) => ({ kill, at: random() })).sort((a, b) => a.at - b.at);
  for (const { kill } of order.slice(0, kills.length / 2)) kill.withheld = true;
}

interface HostPerson {
  email: string;
  delegates: string[];
}

/** All hosts of the site, as the emulator's own state says. */
async function hostsOf(world: World): Promise<HostPerson[]> {
  const { people } = (await world.control('GET', 'state')) as { people: { emails: string[]; sites: { siteUrl: string; accountType: string; delegates: string[] }[] }[] };
  return people.flatMap(({ emails, sites }) => {
    const seat = sites.find((site) => site.siteUrl === SITE && site.accountType === 'host');
    return seat === undefined ? [] : [{ email: emails[0] ?? '', delegates: seat.delegates }];
  });
}

/** The writes that Webex has seen since the last `mark`. */
function writes(world: World): Promise<RequestEntry[]> {
  return world.requests('/delegateEmails/');
}

/** Rules: every call takes a while; the write with this number gets no reply. `already` writes have been seen. */
async function setFaults(world: World, kill: Kill, already: number): Promise<void> {
  const until = kill.write - already;
  const withheld = { method: 'POST', path: '/meetingPreferences/schedulingOptions/delegateEmails/*', every: until, times: 1, delayMs: NEVER_MS, drop: 'reply' };
  await world.control('POST', 'faults', { rules: [{ path: '**', delayMs: LATENCY_MS }, ...(kill.withheld && until > 0 ? [withheld] : [])] });
}

async function planned(anna: Person, hosts: readonly HostPerson[], mode: (typeof MODES)[number]): Promise<Message> {
  const rows = hosts.map(({ email }) => `${email},${DELEGATE},${mode},${SITE}`);
  await anna.say('delegates import', { file: { name: `${mode}.csv`, content: ['host,delegate,mode,site', ...rows].join('\n') } });
  return anna.hears((message) => actionsOf(message).some((action) => action.title === 'Approve'), { seconds: 60 });
}

/** Kills Steward each time when Webex has seen the write, and starts it again at once. */
async function killed(world: World, kills: readonly Kill[], approve: () => Promise<void>): Promise<void> {
  await world.mark();
  let already = 0;
  for (const [index, kill] of kills.entries()) {
    await setFaults(world, kill, already);
    if (index === 0) await approve();
    await world.stream.until(`write ${kill.write}`, async () => ((await writes(world)).length >= kill.write ? true : undefined), 60);
    await world.restart('kill');
    // Calls that were under way when the process died have arrived by now; they count.
    already = (await writes(world)).length;
  }
}

describe(`Steward killed in the middle of changes (STEWARD_SEED=${SEED} makes the same kills)`, () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ people: 400, processes: true, env: { APPROVAL_STEPS: 'off' } });
  }, 60_000);
  afterAll(async () => {
    await world.stop();
  });

  it(`does every write of ${MODES.length} changes of ${HOSTS} steps once, through ${MODES.length * KILLS_PER_CHANGE} kills`, async () => {
    const random = numbersFrom(SEED);
    const kills = MODES.map(() => killsOf(random));
    withhold(kills.flat(), random);
    const anna = world.person('anna.berg');
    await world.link(anna);
    const hosts = (await hostsOf(world)).filter(({ email }) => /^p\d+@/.test(email)).slice(0, HOSTS);
    expect(hosts).toHaveLength(HOSTS);
    const others = (await hostsOf(world)).filter((one) => !hosts.some(({ email }) => email === one.email));

    for (const [index, mode] of MODES.entries()) {
      const plan = await planned(anna, hosts, mode);
      const id = /Plan ([0-9a-f]{10})/.exec(textOf(plan))?.[1] ?? 'no id';
      await killed(world, kills[index] ?? [], async () => { expect((await anna.press(plan, 'Approve')).status).toBe(200); });
      const result = await anna.hears((message) => cardOf(message) !== undefined && new RegExp(`Change ${id}`).test(textOf(message)) && /Done|Finished|Paused|Cancelled/.test(textOf(message)), { seconds: 60 });
      expect(textOf(result)).toContain(`: ${HOSTS} done.`);

      const seen = await writes(world);
      expect(seen.filter(({ status }) => status !== (mode === 'add' ? 200 : 204))).toEqual([]);
      expect(seen.map(({ path, query }) => `${path.split('/').at(-1) ?? ''} ${query.userEmail ?? ''}`).sort())
        .toEqual(hosts.map(({ email }) => `${mode === 'add' ? 'insert' : 'delete'} ${email}`).sort());
      const now = new Map((await hostsOf(world)).map(({ email, delegates }) => [email, delegates]));
      for (const { email, delegates } of hosts) expect({ email, delegates: now.get(email) }).toEqual({ email, delegates: mode === 'add' ? [...delegates, DELEGATE] : delegates });
      for (const { email, delegates } of others) expect({ email, delegates: now.get(email) }).toEqual({ email, delegates });
    }
  }, 300_000);
});
