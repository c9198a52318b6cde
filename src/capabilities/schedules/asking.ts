import { textOf, type Argument, type Command, type Context, type Values } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import type { Schedule } from '../../schedules/define.js';
import { LINKED, mustManage } from './access.js';
import type { SchedulesParts } from './ports.js';
import { showView } from './show-view.js';

/** The argument by which these commands are told which schedule is meant. */
export const ID_ARGUMENT: Argument = {
  name: 'id', kind: 'text', label: 'Schedule', required: true, positional: true, help: 'the eight signs that stand beside it in: schedules',
};

/** The schedule that is meant, of the organization that the context is about. Throws CallerMistake `UNKNOWN_SCHEDULE`, also for one of another organization. */
export async function askedFor({ scheduler }: Pick<SchedulesParts, 'scheduler'>, context: Context, values: Values): Promise<Schedule> {
  const id = textOf(values, 'id')?.trim().toLowerCase() ?? '';
  const found = id === '' ? undefined : await scheduler.get(context.organization.id, id);
  if (found === undefined) throw unknown();
  return found;
}

export function unknown(): CallerMistake {
  return new CallerMistake({ code: 'UNKNOWN_SCHEDULE', message: 'There is no such schedule in this organization. Write “schedules” to see what there is.' });
}

export function notNow(message: string): CallerMistake {
  return new CallerMistake({ code: 'NOT_NOW', message });
}

/** A command that steers one schedule, for its owner and for those who may do the same. `steer` gives what was done, in words; the schedule is shown as it is then. */
export function steering(
  parts: SchedulesParts, words: { verb: string; summary: string }, steer: (context: Context, schedule: Schedule) => Promise<string>,
): Command {
  const { verb, summary } = words;
  return {
    noun: 'schedules', verb, summary, examples: [`schedules ${verb} 3fa9c01b`],
    arguments: [ID_ARGUMENT], access: LINKED, plans: false,
    run: async (context, values) => {
      const schedule = await askedFor(parts, context, values);
      await mustManage(parts, context, schedule);
      const said = await steer(context, schedule);
      const now = await parts.scheduler.get(context.organization.id, schedule.id);
      return { kind: 'view', view: showView(now ?? schedule, context.clock.now(), said) };
    },
  };
}
