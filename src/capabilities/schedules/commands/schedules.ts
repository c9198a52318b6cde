import type { Command } from '../../../bot/define.js';
import { LINKED } from '../access.js';
import { listView } from '../list-view.js';
import type { SchedulesParts } from '../ports.js';

/** `schedules`: all that runs at set times in the organization. */
export function schedulesCommand(_parts: SchedulesParts): Command {
  return {
    noun: 'schedules', verb: '', summary: 'Show what runs at set times', examples: ['schedules'],
    arguments: [], access: LINKED, plans: false,
    run: async (context) => ({ kind: 'view', view: listView(context.organization.name, await context.schedules.list()) }),
  };
}
