import type { Timer } from '../lib/clock.js';
import { sameId } from '../lib/ids.js';
import { Bug } from '../lib/errors.js';
import { createAudience } from './audience.js';
import { createButtons } from './buttons.js';
import { createCommandTable } from './commands.js';
import type { Schedule } from '../schedules/define.js';
import { meansFor } from './context.js';
import type { Capability, Command, Context, Place, Poster } from './define.js';
import { createDispatcher } from './dispatch.js';
import { createHub } from './framework.js';
import { helpCommand } from './help.js';
import { homeCommand } from './home.js';
import { createInbound, type Inbound } from './inbound.js';
import { openInbox, type Event } from './inbox.js';
import type { Offer, ShellParts } from './ports.js';
import { createPoster } from './reply.js';
import { createRunner } from './run.js';
import { createRegistration } from './webhooks.js';

/*
 * The bot shell. In this order:
 *
 *   const bot = createBot({ …parts, webhook: { url, secret } });
 *   const changes = …made with bot.poster…;                       // what posts outside of an answer
 *   const server = await listen({ webhook: { secret, receive: (event) => bot.receive(event) }, … });
 *   await bot.start({ capabilities, planMaker, home });            // who am I, what was left over, webhooks
 *   …
 *   await bot.stop();                                              // before the store closes
 */

export interface BotParts extends ShellParts {
  /** Where Webex delivers events, and the secret that it signs them with. */
  webhook: { url: string; secret: string };
}

export interface Bot {
  readonly poster: Poster;
  /** For the webhook route. `busy` until the bot has started. Rejects when the event could not be made durable. */
  receive(event: Event): Promise<'taken' | 'busy'>;
  /** What a schedule's job may use: as its owner would, if he may act now as Webex says. */
  contextFor(schedule: Schedule): Promise<{ ok: true; context: Context } | { ok: false; code: string; reason: string }>;
  /** Rejects when the bot's token is refused, or two commands have one name. */
  start(offer: Offer): Promise<void>;
  stop(): Promise<void>;
  /** For readiness and metrics. */
  state(): { isListening: boolean; waiting: number };
}

const NAME_KNOWN_MS = 10 * 60_000;
const LONGEST_STOP_MS = 5_000;
const SWEEP_MS = 24 * 60 * 60_000;

export function createBot(parts: BotParts): Bot {
  const { bot, store, clock, log } = parts;
  const hub = createHub(bot, log);
  const buttons = createButtons(parts);
  const audience = createAudience(parts);
  const organizationName = organizationNames(parts);
  const poster = createPoster({ ...parts, hub, buttons, audience, organizationName });
  const registration = createRegistration({ bot, store, targetUrl: parts.webhook.url, secret: parts.webhook.secret, clock, log });
  let inbound: Inbound | undefined;
  let sweeping: Timer | undefined;

  const sweep = (): void => {
    buttons.sweep().catch((error: unknown) => { log.error({ error }, 'old cards could not be swept'); });
    sweeping = clock.after(SWEEP_MS, sweep);
  };

  return {
    poster,
    contextFor: (schedule) => contextFor(parts, schedule),
    receive: (event) => inbound?.receive(event) ?? Promise.resolve('busy'),
    start: async (offer) => {
      if (inbound) throw new Bug('The bot was started twice.');
      const table = createCommandTable([{ name: 'shell', commands: shellCommands(offer), stepKinds: [] }]);
      const self = await hub.start();
      const runner = createRunner(parts, offer, table, poster);
      const dispatcher = createDispatcher(parts, { table, runner, buttons, poster, bot: self, organizationName });
      inbound = createInbound({ bot, self, hub, dispatcher, audience, inbox: await openInbox({ store, clock }), clock, log });
      inbound.resume();
      await registration.start();
      sweep();
    },
    stop: async () => {
      sweeping?.cancel();
      registration.stop();
      // What waits for Webex is not waited for: it is handled again after the next start.
      await Promise.race([inbound?.stop(), clock.sleep(LONGEST_STOP_MS)]);
      await hub.stop();
    },
    state: () => ({ isListening: inbound !== undefined && registration.isComplete, waiting: inbound?.waiting ?? 0 }),
  };
}

async function contextFor(parts: ShellParts, { owner, organization, space, job }: Schedule): ReturnType<Bot['contextFor']> {
  const authority = await parts.accounts.authority(organization.id, owner.personId);
  if (!authority.ok) return authority;
  const place: Place = space === undefined ? { roomId: '', roomType: 'direct', messageId: '' } : { roomId: space.id, roomType: 'group', messageId: '' };
  const ask = { caller: owner, place, organization, via: 'schedule' as const };
  return { ok: true, context: meansFor(parts, ask, { noun: job, verb: '', plans: true }, authority, undefined, new AbortController().signal).context };
}

/** All commands in the order of help: those of the capabilities, and the shell's own. */
export function shellCommands(offer: { capabilities: readonly Capability[]; home?: Offer['home'] }): Command[] {
  const commands = offer.capabilities.flatMap((capability) => capability.commands);
  const all: Command[] = [helpCommand(() => table), homeCommand(offer.home ?? { providers: [], buttons: [] }), ...commands];
  const table = createCommandTable([{ name: 'shell', commands: all, stepKinds: [] }]);
  return all;
}

/** Names of organizations as linked accounts know them; empty when nobody of it has linked an account yet. */
function organizationNames({ accounts, clock }: ShellParts): (id: string) => Promise<string> {
  const known = new Map<string, { name: string; until: number }>();
  return async (id) => {
    const found = known.get(id);
    if (found && found.until > clock.now()) return found.name;
    const name = (await accounts.list(id)).flatMap((account) => account.organizations).find((organization) => sameId(organization.id, id))?.name ?? '';
    if (name !== '') known.set(id, { name, until: clock.now() + NAME_KNOWN_MS });
    return name;
  };
}
