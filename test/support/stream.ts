/** Wakes whoever waits when something happens in the emulated Webex. */
export interface Stream {
  /** Resolves with the first defined value that `look` gives: at once, or after something happened. Fails, saying `what`, after `seconds`. */
  until<T>(what: string, look: () => Promise<T | undefined>, seconds?: number): Promise<T>;
  stop(): void;
}

/** What happens outside the stream's sight (a write to disk, an error) is looked for this often. */
const LOOK_EVERY_MS = 250;

export async function openStream(url: string): Promise<Stream> {
  const control = new AbortController();
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const one of waiting) one();
    waiting.clear();
  };
  const response = await fetch(`${url}/_emulator/stream`, { signal: control.signal });
  void (async () => {
    try {
      for await (const chunk of response.body ?? []) if (Buffer.from(chunk as Uint8Array).includes('data:')) wake();
    } catch {
      // The stream was stopped; the last waiters fail by their own deadline.
    }
  })();
  const next = (deadline: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, Math.max(0, Math.min(LOOK_EVERY_MS, deadline - Date.now())));
      function done(): void {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
  return {
    until: async (what, look, seconds = 30) => {
      const deadline = Date.now() + seconds * 1000;
      for (;;) {
        const moment = next(deadline);
        const found = await look();
        if (found !== undefined) return found;
        if (Date.now() >= deadline) throw new Error(`Waited ${seconds} s for: ${what}`);
        await moment;
      }
    },
    stop: () => {
      control.abort();
    },
  };
}
