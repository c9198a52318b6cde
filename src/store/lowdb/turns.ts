/** Lets one caller at a time work on a key, in the order of their coming. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs `task` when all earlier ones with this key are done, whether they failed or not. */
  async take<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    const mine = before.then(task, task);
    this.last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === mine) this.last.delete(key);
    }
  }
}
