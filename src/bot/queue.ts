import type { Clock, Timer } from '../lib/clock.js';
import type { Log } from '../lib/log.js';

/** Work that was accepted and is waiting for its turn. */
export interface Queue {
  /** Whether there is room for one more. */
  hasRoom(): boolean;
  /** Takes the task; its failure is logged, never thrown. */
  add(task: () => Promise<void>): void;
  /** Looks whether work may start now. */
  next(): void;
  /** Resolves when nothing is running or waiting. */
  idle(): Promise<void>;
  readonly size: number;
}

/** Under pressure one task is begun in this time. */
const PRESSED_MS = 50;

/**
 * Runs at most `atOnce` tasks side by side; `hasRoom` is false from `most` tasks on. While `isPressed` says that something more urgent
 * is under way, hardly any is begun: Webex gives up webhooks that are answered late, but people can wait a second longer.
 */
export function createQueue(options: { atOnce: number; most: number; isPressed: () => boolean; clock: Clock; log: Log }): Queue {
  const { atOnce, most, isPressed, clock, log } = options;
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  let watchers: (() => void)[] = [];

  let pause: Timer | undefined;

  const begin = (task: () => Promise<void>): void => {
    running += 1;
    void task()
      .catch((error: unknown) => { log.error({ error }, 'an event could not be handled'); })
      .finally(() => {
        running -= 1;
        next();
      });
  };
  const next = (isDue = false): void => {
    let mayBegin = isDue;
    while (running < atOnce && waiting.length > 0 && (mayBegin || !isPressed())) {
      const task = waiting.shift();
      if (task) begin(task);
      mayBegin = false;
    }
    if (running < atOnce && waiting.length > 0) {
      pause ??= clock.after(PRESSED_MS, () => {
        pause = undefined;
        next(true);
      });
    }
    if (running > 0 || waiting.length > 0) return;
    watchers.forEach((resolve) => { resolve(); });
    watchers = [];
  };
  return {
    get size() { return running + waiting.length; },
    next: () => { next(); },
    hasRoom: () => running + waiting.length < most,
    add: (task) => {
      waiting.push(task);
      next();
    },
    idle: () => new Promise((resolve) => {
      watchers.push(resolve);
      next();
    }),
  };
}
