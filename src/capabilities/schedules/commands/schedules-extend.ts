import { textOf, type Command } from '../../../bot/define.js';
import { timeZoneOf } from '../../../bot/times.js';
import { END_JOB } from '../../../schedules/define.js';
import { untilOf } from '../../../schedules/when.js';
import { LINKED, mustManage } from '../access.js';
import { ID_ARGUMENT, notNow, unknown } from '../asking.js';
import { planOf } from '../end-input.js';
import type { SchedulesParts } from '../ports.js';
import type { Runs } from '../runs.js';
import { showView } from '../show-view.js';

/** [Extend]: a change with an end is taken back later. Also takes the id of the change. */
export function schedulesExtend(parts: SchedulesParts, runs: Runs): Command {
  return {
    noun: 'schedules', verb: 'extend', summary: 'Put off the end of a change', examples: ['schedules extend 3fa9c01b until=2027-03-31', 'schedules extend 3fa9c01b2d until=7d'],
    arguments: [
      { ...ID_ARGUMENT, label: 'Schedule or change', help: 'the signs that stand beside the end or on the card of the change' },
      { name: 'until', kind: 'text', label: 'New end', required: true, help: 'a date, as 2027-03-31, or how long from now, as 7d' },
    ],
    access: LINKED, plans: false,
    run: async (context, values) => {
      const id = textOf(values, 'id')?.trim().toLowerCase() ?? '';
      const schedule = (await context.schedules.list(END_JOB)).find((end) => end.id === id || planOf(end) === id);
      if (schedule === undefined) throw unknown();
      await mustManage(parts, context, schedule);
      if (schedule.state === 'done') throw notNow('It has ended already. Ask for the change anew.');
      if (schedule.last !== undefined && schedule.last.outcome === undefined) throw notNow('It is ending at this moment.');
      const tz = await timeZoneOf(context);
      const at = untilOf(textOf(values, 'until') ?? '', { tz, now: context.clock.now() });
      await context.audit('change.extended', planOf(schedule), { schedule: schedule.id, before: schedule.when.kind === 'once' ? schedule.when.at : '', after: at });
      // A plan that waits would end it before the new time.
      await runs.retire(schedule);
      const later = await context.schedules.change(schedule.id, { when: { kind: 'once', at }, tz });
      return { kind: 'view', view: showView(later, context.clock.now(), 'The end is put off.') };
    },
  };
}
