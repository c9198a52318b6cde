import type { Command } from '../../../bot/define.js';
import { LINKED } from '../access.js';
import { askedFor, ID_ARGUMENT } from '../asking.js';
import type { SchedulesParts } from '../ports.js';
import { showView } from '../show-view.js';

/** `schedules show <id>`: also what commands that make a schedule answer with. */
export function schedulesShow(parts: SchedulesParts): Command {
  return {
    noun: 'schedules', verb: 'show', summary: 'Show one schedule and its next runs', examples: ['schedules show 3fa9c01b'],
    arguments: [ID_ARGUMENT], access: LINKED, plans: false,
    run: async (context, values) => ({ kind: 'view', view: showView(await askedFor(parts, context, values), context.clock.now()) }),
  };
}
