import type { Command } from '../../../bot/define.js';
import { notNow, steering } from '../asking.js';
import type { SchedulesParts } from '../ports.js';

/** [Resume]: it runs again at its times. What its owner may do is read from Webex at each run. */
export function schedulesResume(parts: SchedulesParts): Command {
  return steering(parts, { verb: 'resume', summary: 'Let a schedule run again' }, async ({ caller, organization }, { id, state }) => {
    if (state === 'done') throw notNow('It is done already.');
    if (state === 'active') throw notNow('It runs already.');
    await parts.scheduler.resume(organization.id, id, caller.personId);
    return 'It runs again at its times.';
  });
}
