import type { Command } from '../../../bot/define.js';
import { personName } from '../access.js';
import { notNow, steering } from '../asking.js';
import type { SchedulesParts } from '../ports.js';

/** [Stop] of a schedule whose owner cannot act any more: it stays as it is, and nobody is asked again. */
export function schedulesStop(parts: SchedulesParts): Command {
  return steering(parts, { verb: 'stop', summary: 'Stop a schedule whose owner cannot act any more' }, async ({ caller, organization }, { id, state }) => {
    if (state === 'done') throw notNow('It is done already.');
    await parts.scheduler.pause(organization.id, id, caller.personId, `Stopped by ${personName(caller)}.`);
    return 'It is stopped: nothing runs. It can still be resumed or removed.';
  });
}
