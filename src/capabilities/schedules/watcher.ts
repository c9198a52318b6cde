import { keyOf } from './runs.js';
import type { Ends } from './ends.js';
import type { EngineNews, SchedulesParts } from './ports.js';
import type { Runs } from './runs.js';

/** After something that could not be done; it is tried for about a day, and again at the next start. */
const TRY_AGAIN_MS = 60_000;
const MOST_TRIES = 1_440;

/** Hears what becomes of plans, and does what schedules owe them: in order for each plan, and until it is done. */
export class Watcher {
  private readonly queues = new Map<string, Promise<void>>();
  private stopped = false;

  constructor(private readonly parts: SchedulesParts, private readonly runs: Runs, private readonly ends: Ends) {}

  listen(): () => void {
    const off = this.parts.engine.on((news) => { this.hear(news); });
    return () => {
      off();
      this.stopped = true;
      this.ends.stop();
    };
  }

  async takeUp(): Promise<void> {
    for (const organization of await this.parts.organizations()) {
      for (const schedule of await this.parts.scheduler.list(organization)) {
        // One that cannot be told now must not keep the others from it.
        await this.runs.catchUp(schedule).catch((error: unknown) => {
          this.parts.log.error({ error, schedule: schedule.id }, 'what became of a schedule’s plan could not be told');
        });
      }
    }
    await this.ends.takeUp();
  }

  private hear(news: EngineNews): void {
    const { plan, type } = news;
    if (plan.until !== undefined && (type === 'finished' || type === 'paused')) this.owe(news, () => this.ends.plant(plan));
    if (plan.schedule !== undefined) this.owe(news, () => this.runs.hear(news));
  }

  private owe({ plan, type }: EngineNews, task: () => Promise<void>, tries = 1): void {
    const key = keyOf(plan.organization.id, plan.id);
    const done = (this.queues.get(key) ?? Promise.resolve()).then(() => (this.stopped ? undefined : task())).catch((error: unknown) => {
      this.parts.log.error({ error, plan: plan.id, event: type }, 'what schedules owe to a plan could not be done');
      if (tries < MOST_TRIES && !this.stopped) this.parts.clock.after(TRY_AGAIN_MS, () => { this.owe({ plan, type }, task, tries + 1); });
    });
    this.queues.set(key, done);
    void done.then(() => {
      if (this.queues.get(key) === done) this.queues.delete(key);
    });
  }
}
