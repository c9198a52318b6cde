import type { Command } from '../../../bot/define.js';
import { markdown } from '../../../lib/text.js';
import { askedFor, ID_ARGUMENT, notNow } from '../asking.js';
import { LINKED, mustManage } from '../access.js';
import { isEnd } from '../end-input.js';
import type { SchedulesParts } from '../ports.js';
import type { Runs } from '../runs.js';

/** [Remove]: it is forgotten. What it has changed stays. */
export function schedulesRemove(parts: SchedulesParts, runs: Runs): Command {
  return {
    noun: 'schedules', verb: 'remove', summary: 'Remove a schedule', examples: ['schedules remove 3fa9c01b'],
    arguments: [ID_ARGUMENT], access: LINKED, plans: false,
    run: async (context, values) => {
      const schedule = await askedFor(parts, context, values);
      await mustManage(parts, context, schedule);
      if (isEnd(schedule)) throw notNow(`The end is a part of what was approved, so it cannot be removed. It can be put off: “schedules extend ${schedule.id} until=<date>”.`);
      await context.schedules.remove(schedule.id);
      await runs.retire(schedule);
      return {
        kind: 'view',
        view: { audience: 'details', markdown: `**${markdown(schedule.title)}** (${schedule.id}) is removed: it runs no more. What it has changed stays as it is.` },
      };
    },
  };
}
