/** A timer that has been set and may be taken back. */
export interface Timer {
  cancel(): void;
}

/** The only source of time. Everything that waits or stamps takes one, so that a demo or a test can move time. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** The same moment as an ISO 8601 text with milliseconds, as Webex writes dates. */
  iso(): string;
  /** Runs `action` once when `ms` have passed on this clock. Does not keep the process alive. */
  after(ms: number, action: () => void): Timer;
  /** Resolves when `ms` have passed on this clock; rejects with the signal's reason when aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A clock that can be moved forward; what falls due on the way is run. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
}

/** Node takes longer delays for 1 ms, so longer waits are done in parts. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

interface Pending {
  due: number;
  action: () => void;
  handle?: NodeJS.Timeout;
}

/**
 * The system's time plus an offset (0 at start, moved by `advance`).
 * Waits keep the process alive only where `keepAlive` is given, so that a stopped server ends.
 */
export function createClock(options: { keepAlive?: boolean } = {}): MovableClock {
  let offset = 0;
  const pending = new Set<Pending>();
  const now = (): number => Date.now() + offset;

  const arm = (entry: Pending): void => {
    clearTimeout(entry.handle);
    entry.handle = setTimeout(() => {
      if (entry.due > now()) {
        arm(entry);
        return;
      }
      pending.delete(entry);
      entry.action();
    }, Math.min(Math.max(0, entry.due - now()), LONGEST_TIMEOUT_MS));
    if (options.keepAlive !== true) entry.handle.unref();
  };

  const after = (ms: number, action: () => void): Timer => {
    const entry: Pending = { due: now() + ms, action };
    pending.add(entry);
    arm(entry);
    return {
      cancel: () => {
        clearTimeout(entry.handle);
        pending.delete(entry);
      },
    };
  };

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(abortReason(signal));
        return;
      }
      const onAbort = (): void => {
        timer.cancel();
        reject(abortReason(signal));
      };
      const timer = after(ms, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });

  return {
    now,
    iso: () => new Date(now()).toISOString(),
    after,
    sleep,
    advance: (ms) => {
      offset += ms;
      for (const entry of pending) arm(entry);
    },
  };
}

function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('Stopped.');
}
