import { CallerMistake } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import { sealedRecords, type SealedRecords } from '../store/sealed.js';
import { StaleRecord, type Store } from '../store/store.js';
import type { Vault } from '../store/vault.js';
import type { Schedule } from './define.js';

const UNKNOWN = 'UNKNOWN_SCHEDULE';

/** Schedules as sealed records. One that was changed outside Steward is refused: it is neither shown nor run. */
export class ScheduleRecords {
  constructor(private readonly parts: { store: Store; vault: Vault; log: Log }) {}

  /** Throws SealBroken. */
  async find(organization: string, id: string): Promise<Schedule | undefined> {
    return isId(id) ? (await this.of(organization).get(id))?.value : undefined;
  }

  /** By next due time, those that do not run last. Broken ones are logged and left out. */
  async list(organization: string): Promise<Schedule[]> {
    const found = await this.of(organization).list((error) => {
      this.parts.log.error({ organization, error }, 'a stored schedule was changed outside and does not run');
    });
    return found.map(({ value }) => value).sort((a, b) => compare(a.nextDue ?? '9', b.nextDue ?? '9') || compare(a.id, b.id));
  }

  /** Stores a new one, or gives the one that has this id already. */
  async add(schedule: Schedule): Promise<{ schedule: Schedule; isNew: boolean }> {
    if (!isId(schedule.id)) throw unknown();
    const organization = schedule.organization.id;
    for (;;) {
      const found = await this.find(organization, schedule.id);
      if (found) return { schedule: found, isNew: false };
      try {
        await this.of(organization).put(schedule.id, schedule, 0);
        return { schedule, isNew: true };
      } catch (error) {
        if (!(error instanceof StaleRecord)) throw error;
      }
    }
  }

  /** `change` is asked again when somebody was faster; it gives the same object, or throws, to leave it as it is. Throws CallerMistake `UNKNOWN_SCHEDULE`. */
  async move(organization: string, id: string, change: (schedule: Schedule) => Schedule): Promise<Schedule> {
    for (;;) {
      const found = isId(id) ? await this.of(organization).get(id) : undefined;
      if (!found) throw unknown();
      const next = change(found.value);
      if (next === found.value) return next;
      try {
        await this.of(organization).put(id, next, found.version);
        return next;
      } catch (error) {
        if (!(error instanceof StaleRecord)) throw error;
      }
    }
  }

  /** Gives what was removed. Throws CallerMistake `UNKNOWN_SCHEDULE`. */
  async remove(organization: string, id: string): Promise<Schedule> {
    for (;;) {
      const found = isId(id) ? await this.of(organization).get(id) : undefined;
      if (!found) throw unknown();
      try {
        await this.of(organization).delete(id, found.version);
        return found.value;
      } catch (error) {
        if (!(error instanceof StaleRecord)) throw error;
      }
    }
  }

  private of(organization: string): SealedRecords<Schedule> {
    return sealedRecords<Schedule>({ partition: this.parts.store.organization(organization), vault: this.parts.vault, organization, collection: 'schedules' });
  }
}

/** The same answer for an id of another organization as for one that nobody has. */
export function unknown(): CallerMistake {
  return new CallerMistake({ code: UNKNOWN, message: 'There is no such schedule in this organization. Write schedules to see what there is.' });
}

/** Whether that is what an error says. */
export function isUnknown(error: unknown): boolean {
  return error instanceof CallerMistake && error.code === UNKNOWN;
}

function isId(id: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
