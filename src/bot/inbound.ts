import type { Clock } from '../lib/clock.js';
import { sameId } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import type { ReadClient } from '../webex/call.js';
import { WebexRefused, WebexUnreachable } from '../webex/errors.js';
import * as attachmentActions from '../webex/rest/attachmentActions.js';
import * as messages from '../webex/rest/messages.js';
import * as people from '../webex/rest/people.js';
import type { Audience } from './audience.js';
import type { Dispatcher } from './dispatch.js';
import type { Hub } from './framework.js';
import type { Accepted, Event, Inbox } from './inbox.js';
import { createQueue } from './queue.js';

/** Commands that were written longer ago than this are answered, not run. */
const LATE_MS = 15 * 60_000;
/** For so long at least the inbox knows what it has taken. */
const REMEMBERED_MS = 24 * 60 * 60_000;
/** Webex: what a webhook tells of may answer 404 for a moment. Waits in milliseconds; after the last one it is gone. */
const APPEARS_MS = [200, 400, 800, 1600, 3200];
/** Waits after an answer that says nothing: too many calls, no answer, a fault of Webex. The last one repeats. */
const TROUBLE_MS = [1000, 2000, 5000, 10_000, 30_000];
const AT_ONCE = 64;
/** About 6 MB of ids. */
const MOST_WAITING = 20_000;

/** Takes events in, reads what they are about, and hands them on, each once. */
export interface Inbound {
  /** `busy`: not taken, it must be delivered again. Rejects when the store fails. */
  receive(event: Event): Promise<'taken' | 'busy'>;
  /** Handles what was taken before a restart and not done. */
  resume(): void;
  /** Takes no more, and waits for what runs; events still waiting come again after the next start. */
  stop(): Promise<void>;
  readonly waiting: number;
}

export function createInbound(options: {
  bot: ReadClient; self: people.Person; hub: Hub; dispatcher: Dispatcher; audience: Audience; inbox: Inbox; clock: Clock; log: Log;
}): Inbound {
  const { bot, self, hub, dispatcher, audience, inbox, clock, log } = options;
  const queue = createQueue({ atOnce: AT_ONCE, most: MOST_WAITING, clock, log });
  const stopping = new AbortController();

  /** Reads until Webex answers. Undefined when it does not exist: deleted, or never ours to see. */
  const lookUp = async <T>(read: () => Promise<T>, at: number): Promise<T | undefined> => {
    for (let missed = 0, troubled = 0; ;) {
      try {
        return await read();
      } catch (error) {
        const isMissing = error instanceof WebexRefused && error.status === 404;
        const isTrouble = error instanceof WebexUnreachable || (error instanceof WebexRefused && error.status === 429);
        if (!isMissing && !isTrouble) throw error;
        const wait = isMissing ? APPEARS_MS[missed++] : TROUBLE_MS[Math.min(troubled++, TROUBLE_MS.length - 1)];
        if (wait === undefined) return undefined;
        if (isTrouble && clock.now() - at > LATE_MS) throw error;
        await clock.sleep(wait, stopping.signal);
      }
    }
  };
  /** Reads of people that are under way: events of one person at one time share one, and nothing of it is kept when it has ended. */
  const reading = new Map<string, Promise<people.Person>>();
  const readPerson = (id: string): Promise<people.Person> => {
    const read = reading.get(id) ?? people.get(bot, id).finally(() => { reading.delete(id); });
    reading.set(id, read);
    return read;
  };
  const personOf = (id: string, at: number): Promise<people.Person | undefined> => lookUp(() => readPerson(id), at);

  /** The thing and the one who made it, read side by side: the envelope's person is only a guess, and checked. */
  const withSender = async <T extends { personId: string }>(event: Event, at: number, read: () => Promise<T>): Promise<{ thing: T; sender: people.Person } | undefined> => {
    const [thing, guessed] = await Promise.all([lookUp(read, at), personOf(event.personId, at)]);
    if (thing === undefined) return undefined;
    const sender = guessed !== undefined && sameId(guessed.id, thing.personId) ? guessed : await personOf(thing.personId, at);
    return sender === undefined || isOurs(sender) ? undefined : { thing, sender };
  };
  /** Ourselves and other bots: answering them could go on for ever. */
  const isOurs = (sender: people.Person): boolean => sameId(sender.id, self.id) || sender.type === 'bot';

  const handle = async (accepted: Accepted): Promise<void> => {
    if (stopping.signal.aborted) return;
    const { event, at } = accepted;
    const isLate = clock.now() - at > LATE_MS;
    /** An envelope that somebody has kept is signed all the same: what is older than the inbox remembers may have been done already. */
    const isOld = ({ created = '' }: { created?: string | undefined }): boolean => {
      if (!(clock.now() - Date.parse(created) > REMEMBERED_MS)) return false;
      log.warn({ resource: event.resource, id: event.id, created }, 'an event tells of something that is more than a day old, and is left');
      return true;
    };
    if (event.resource === 'messages') {
      const found = await withSender(event, at, () => messages.get(bot, event.id));
      if (found && !isOld(found.thing)) {
        await passOn(hub.message(found.thing, found.sender), event);
        await dispatcher.message(found.thing, found.sender, isLate);
      }
    } else {
      const found = await withSender(event, at, () => attachmentActions.get(bot, event.id));
      if (found && !isOld(found.thing)) {
        await passOn(hub.action(found.thing, found.sender), event);
        await dispatcher.press(found.thing, found.sender, isLate);
      }
    }
    await inbox.done(accepted);
  };
  /** The framework may fail to make a bot object of the space; the event is handled all the same. */
  const passOn = async (passing: Promise<boolean>, event: Event): Promise<void> => {
    const isHeard = await passing.catch((error: unknown) => {
      log.warn({ error }, 'the bot framework failed on an event');
      return false;
    });
    if (!isHeard) log.info({ resource: event.resource, id: event.id }, 'the bot framework made no trigger of an event');
  };

  return {
    get waiting() { return queue.size; },
    receive: async (event) => {
      if (event.resource === 'memberships') {
        audience.changed(event.roomId);
        const what = event.event;
        if (sameId(event.personId, self.id) && (what === 'created' || what === 'deleted')) {
          const { id, roomId, personId } = event;
          queue.add(() => hub.membership(what, { id, roomId, personId }));
        }
        return 'taken';
      }
      const isForUs = event.event === 'created' && (event.resource === 'messages' || event.resource === 'attachmentActions');
      if (!isForUs || sameId(event.personId, self.id)) return 'taken';
      if (stopping.signal.aborted || !queue.hasRoom()) return 'busy';
      const accepted = await inbox.accept(event);
      if (accepted) queue.add(() => handle(accepted));
      return 'taken';
    },
    resume: () => {
      for (const accepted of inbox.unfinished) queue.add(() => handle(accepted));
    },
    stop: async () => {
      stopping.abort(new Error('Stopped.'));
      await queue.idle();
    },
  };
}
