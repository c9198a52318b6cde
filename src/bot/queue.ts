import { performance } from 'node:perf_hooks';
import type { Clock, Timer } from '../lib/clock.js';
import type { Log } from '../lib/log.js';

/** Work that was accepted and is waiting for its turn. */
export interface Queue {
  /** Whether there is room for one more. */
  hasRoom(): boolean;
  /** Takes the task; its failure is logged, never thrown. */
  add(task: () => Promise<void>): void;
  /** Resolves when nothing is running or waiting. */
  idle(): Promise<void>;
  readonly size: number;
}

/** How often it is looked how busy the process is, and the share of the time up to which more is begun side by side. */
const LOOK_MS = 20;
const BUSY = 0.6;
/** However busy the process is, one task is begun in this time. */
const PRESSED_MS = 50;

/**
 * Runs at most `atOnce` tasks side by side, and fewer while the process is busy: Webex gives up webhooks that are answered late, but
 * people can wait a second longer. `hasRoom` is false from `most` tasks on.
 */
export function createQueue(options: { atOnce: number; most: number; clock: Clock; log: Log }): Queue {
  const { atOnce, most, clock, log } = options;
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  /** How many may run side by side now. */
  let width = atOnce;
  let begunAt = 0;
  let look: Timer | undefined;
  let watchers: (() => void)[] = [];

  const begin = (task: () => Promise<void>): void => {
    running += 1;
    begunAt = clock.now();
    void task()
      .catch((error: unknown) => { log.error({ error }, 'an event could not be handled'); })
      .finally(() => {
        running -= 1;
        next();
      });
  };
  const next = (): void => {
    while (running < width) {
      const task = waiting.shift();
      if (!task) break;
      begin(task);
    }
    if (running > 0 || waiting.length > 0) {
      look ??= lookLater();
      return;
    }
    watchers.forEach((resolve) => { resolve(); });
    watchers = [];
  };
  const lookLater = (): Timer => {
    const before = performance.eventLoopUtilization();
    return clock.after(LOOK_MS, () => {
      look = undefined;
      const isBusy = performance.eventLoopUtilization(before).utilization > BUSY;
      width = isBusy ? Math.max(1, Math.floor(width / 2)) : Math.min(atOnce, width + 1);
      if (running < atOnce && clock.now() - begunAt >= PRESSED_MS) {
        const task = waiting.shift();
        if (task) begin(task);
      }
      next();
    });
  };
  return {
    get size() { return running + waiting.length; },
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
