import type { Capability } from '../../bot/define.js';
import type { Execute } from '../../schedules/scheduler.js';
import { schedulesCommand } from './commands/schedules.js';
import { schedulesExtend } from './commands/schedules-extend.js';
import { schedulesPause } from './commands/schedules-pause.js';
import { schedulesRemove } from './commands/schedules-remove.js';
import { schedulesResume } from './commands/schedules-resume.js';
import { schedulesRun } from './commands/schedules-run.js';
import { schedulesShow } from './commands/schedules-show.js';
import { schedulesStop } from './commands/schedules-stop.js';
import { schedulesTakeOver } from './commands/schedules-take-over.js';
import { Ends } from './ends.js';
import type { SchedulesParts } from './ports.js';
import { Reports } from './reports.js';
import { Runs } from './runs.js';
import { Watcher } from './watcher.js';

export type { SchedulesParts } from './ports.js';

/** What runs at set times, and how people see and steer it. */
export interface SchedulesCapability extends Capability {
  /** One run of a schedule: what the scheduler calls. */
  execute: Execute;
  /** Listens to what becomes of plans; call it before the engine starts. Gives a function that ends it. */
  watch(): () => void;
  /** After the scheduler has started: makes the ends of changes that have none yet, and tells what happened while nobody listened. */
  takeUp(): Promise<void>;
}

export function createSchedulesCapability(parts: SchedulesParts): SchedulesCapability {
  const reports = new Reports(parts);
  const runs = new Runs(parts, reports);
  const ends = new Ends(parts, reports);
  const watcher = new Watcher(parts, runs, ends);
  return {
    name: 'schedules',
    stepKinds: [],
    jobs: [ends.job()],
    commands: [
      schedulesCommand(parts), schedulesShow(parts), schedulesRun(parts), schedulesPause(parts), schedulesResume(parts), schedulesRemove(parts, runs),
      schedulesTakeOver(parts, runs), schedulesStop(parts), schedulesExtend(parts, runs),
    ],
    execute: (schedule, run) => runs.execute(schedule, run),
    watch: () => watcher.listen(),
    takeUp: () => watcher.takeUp(),
  };
}
