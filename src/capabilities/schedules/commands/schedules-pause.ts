import type { Command } from '../../../bot/define.js';
import { personName } from '../access.js';
import { notNow, steering } from '../asking.js';
import type { SchedulesParts } from '../ports.js';

/** [Pause]: nothing runs until somebody resumes it. */
export function schedulesPause(parts: SchedulesParts): Command {
  return steering(parts, { verb: 'pause', summary: 'Let a schedule rest' }, async ({ caller, organization }, { id, state }) => {
    if (state === 'done') throw notNow('It is done already.');
    await parts.scheduler.pause(organization.id, id, caller.personId, `Paused by ${personName(caller)}.`);
    return 'It is paused: nothing runs until somebody resumes it.';
  });
}
