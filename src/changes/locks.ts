import type { Clock } from '../lib/clock.js';
import { idKey } from '../lib/ids.js';
import type { Store } from '../store/store.js';

const LEASE_MS = 120_000;
const RENEW_MS = 40_000;
const ASK_AGAIN_MS = 250;

/** One at a time on a key of an organization: a queue within this process, a lease in the store against others. */
export class Locks {
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(private readonly store: Store, private readonly clock: Clock, private readonly instance: string) {}

  /** Runs `task` when the key is free. The lease is renewed for as long as it takes; the signal ends the waiting. */
  async hold<T>(organization: string, key: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const name = `${idKey(organization)} ${key}`;
    const before = this.queues.get(name) ?? Promise.resolve();
    const mine = before.then(() => this.leased(organization, key, task, signal));
    const quiet = mine.catch(() => undefined);
    this.queues.set(name, quiet);
    try {
      return await mine;
    } finally {
      if (this.queues.get(name) === quiet) this.queues.delete(name);
    }
  }

  private async leased<T>(organization: string, key: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const partition = this.store.organization(organization);
    while (!(await partition.lease(key, this.instance, LEASE_MS))) await this.clock.sleep(ASK_AGAIN_MS, signal);
    const renew = (): void => {
      // A renewal that fails leaves the lease to run out, as after a crash.
      void partition.lease(key, this.instance, LEASE_MS).catch(() => undefined);
      timer = this.clock.after(RENEW_MS, renew);
    };
    let timer = this.clock.after(RENEW_MS, renew);
    try {
      return await task();
    } finally {
      timer.cancel();
      // Nobody waits for the release: until it is durable the lease merely lasts a little longer.
      void partition.release(key, this.instance).catch(() => undefined);
    }
  }
}
