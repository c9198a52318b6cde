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

/** Runs at most `atOnce` tasks side by side; `hasRoom` is false from `most` tasks on. */
export function createQueue(options: { atOnce: number; most: number; log: Log }): Queue {
  const { atOnce, most, log } = options;
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  let watchers: (() => void)[] = [];

  const next = (): void => {
    while (running < atOnce) {
      const task = waiting.shift();
      if (!task) break;
      running += 1;
      void task()
        .catch((error: unknown) => { log.error({ error }, 'an event could not be handled'); })
        .finally(() => {
          running -= 1;
          next();
        });
    }
    if (running > 0 || waiting.length > 0) return;
    watchers.forEach((resolve) => { resolve(); });
    watchers = [];
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
