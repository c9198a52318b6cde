import type { Clock } from '../lib/clock.js';
import { idKey } from '../lib/ids.js';
import type { Store } from '../store/store.js';

/** What a webhook told: only ids are taken from it, everything else is read from Webex. */
export interface Event {
  resource: string;
  event: string;
  /** Of the message, action or membership. */
  id: string;
  roomId: string;
  personId: string;
}

/** An event that was accepted, and when (milliseconds since 1970). */
export interface Accepted {
  key: string;
  event: Event;
  at: number;
}

/** Remembers events before they are acknowledged, so that each acts once and none is lost over a restart. */
export interface Inbox {
  /** Resolves when durable: from then on it will be handled, also after a restart. */
  accept(event: Event): Promise<Accepted>;
  /** True for the first of several deliveries of one event; webhooks carry no id of their own delivery. Asked before it is handled. */
  claim(accepted: Accepted): Promise<boolean>;
  done(accepted: Accepted): Promise<void>;
  /** What was accepted yesterday or today and never done, each once. It is claimed already. */
  unfinished(): Promise<Accepted[]>;
}

type Entry = { accepted: Accepted } | { done: string };

const A_DAY_MS = 24 * 60 * 60_000;
/** Logs older than yesterday's are dropped; after a long stop there may be more than one. */
const DAYS_LOOKED_BACK = 8;

export function createInbox(options: { store: Store; clock: Clock }): Inbox {
  const { clock } = options;
  const { shared } = options.store;
  const logOf = (at: number): string => `inbox-${new Date(at).toISOString().slice(0, 10)}`;
  const daysAgo = (days: number): string => logOf(clock.now() - days * A_DAY_MS);
  let today = '';

  return {
    accept: async (event) => {
      const at = clock.now();
      const accepted: Accepted = { key: `event ${event.resource} ${event.event} ${idKey(event.id)}`, event, at };
      if (today !== logOf(at)) {
        today = logOf(at);
        await shared.drop(daysAgo(2));
      }
      await shared.append(today, [{ accepted } satisfies Entry]);
      return accepted;
    },
    // After the log: an event that is marked as seen but not in the log would be lost when the process dies in between.
    claim: ({ key }) => shared.once(key, A_DAY_MS),
    done: async ({ key, at }) => {
      await shared.append(logOf(at), [{ done: key } satisfies Entry]);
    },
    unfinished: async () => {
      const open = new Map<string, Accepted>();
      const finished = new Set<string>();
      for (const name of [daysAgo(1), daysAgo(0)]) {
        for await (const { entry } of shared.read<Entry>(name)) {
          if ('done' in entry) finished.add(entry.done);
          else if (!open.has(entry.accepted.key)) open.set(entry.accepted.key, entry.accepted);
        }
      }
      for (let days = 2; days <= DAYS_LOOKED_BACK; days += 1) await shared.drop(daysAgo(days));
      const left = [...open.values()].filter(({ key }) => !finished.has(key));
      for (const { key } of left) await shared.once(key, A_DAY_MS);
      return left;
    },
  };
}
