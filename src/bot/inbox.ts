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
  /**
   * Resolves when durable: from then on it will be handled, also after a restart. Undefined for all but the first of several deliveries
   * of one event, yesterday's too; webhooks carry no id of their own delivery.
   */
  accept(event: Event): Promise<Accepted | undefined>;
  /** Resolves when that is written, or on its way with the next event. */
  done(accepted: Accepted): Promise<void>;
  /** What had been accepted yesterday or today and never done when the inbox was opened, each once. */
  readonly unfinished: readonly Accepted[];
}

type Entry = { accepted: Accepted } | { done: string };

/** How long what is done waits for others to share its write. When the process dies in this time it is handled again, as it would be just before. */
const SHARING_MS = 5;
const A_DAY_MS = 24 * 60 * 60_000;
/** Logs older than yesterday's are dropped; after a long stop there may be more than one. */
const DAYS_LOOKED_BACK = 8;

/** Reads what is known of yesterday and today. One process at a time may have a store's inbox open. */
export async function openInbox(options: { store: Store; clock: Clock }): Promise<Inbox> {
  const { clock } = options;
  const { shared } = options.store;
  const logOf = (at: number): string => `inbox-${new Date(at).toISOString().slice(0, 10)}`;
  const daysAgo = (days: number): string => logOf(clock.now() - days * A_DAY_MS);
  /** The keys in the logs of yesterday and today, by log: what is durable there was accepted. */
  const seen = new Map<string, Set<string>>();
  const isKnown = (key: string): boolean => [...seen.values()].some((keys) => keys.has(key));
  const remember = (log: string, key: string): void => { seen.set(log, (seen.get(log) ?? new Set()).add(key)); };

  const open = new Map<string, Accepted>();
  for (const log of [daysAgo(1), daysAgo(0)]) {
    for await (const { entry } of shared.read<Entry>(log)) {
      if ('done' in entry) {
        open.delete(entry.done);
      } else if (!isKnown(entry.accepted.key)) {
        open.set(entry.accepted.key, entry.accepted);
        remember(log, entry.accepted.key);
      }
    }
  }
  for (let days = 2; days <= DAYS_LOOKED_BACK; days += 1) await shared.drop(daysAgo(days));

  /** Keys of what is done and not written yet. */
  const done: string[] = [];
  let writing: Promise<void> | undefined;
  const unwritten = (): Entry[] => done.splice(0).map((key) => ({ done: key }));
  const writeSoon = async (): Promise<void> => {
    await clock.sleep(SHARING_MS);
    writing = undefined;
    await shared.append(logOf(clock.now()), unwritten());
  };

  let today = '';
  const begin = async (day: string): Promise<void> => {
    today = day;
    for (const log of seen.keys()) if (log < daysAgo(1)) seen.delete(log);
    await shared.drop(daysAgo(2));
  };
  return {
    unfinished: [...open.values()],
    accept: async (event) => {
      const at = clock.now();
      const log = logOf(at);
      const key = `event ${event.resource} ${event.event} ${idKey(event.id)}`;
      if (isKnown(key)) return undefined;
      if (today !== log) await begin(log);
      const accepted: Accepted = { key, event, at };
      await shared.append(log, [...unwritten(), { accepted } satisfies Entry]);
      // Another delivery of the same may have become durable meanwhile.
      if (isKnown(key)) return undefined;
      remember(log, key);
      return accepted;
    },
    done: ({ key }) => {
      done.push(key);
      return (writing ??= writeSoon());
    },
  };
}
