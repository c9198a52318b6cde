import type { Command } from '../../../bot/define.js';
import { notNow, steering } from '../asking.js';
import { isEnd, planOf } from '../end-input.js';
import type { SchedulesParts } from '../ports.js';
import { isOverdue } from '../show-view.js';
import { spaceText } from '../words.js';

/** [Run now], [Send me one now]: one run besides its times, under its owner's account. */
export function schedulesRun(parts: SchedulesParts): Command {
  return steering(parts, { verb: 'run', summary: 'Let a schedule run once now' }, async (context, schedule) => {
    if (schedule.state === 'suspended') throw notNow(`It does not run: ${schedule.reason ?? 'its owner cannot act any more.'} It can be taken over: “schedules take-over ${schedule.id}”.`);
    if (schedule.state === 'done') throw notNow('It is done already.');
    if (isEnd(schedule) && !isOverdue(schedule, context.clock.now())) {
      throw notNow(`It was approved for its time, not for now. “changes undo ${planOf(schedule)}” makes a plan that takes the change back at once.`);
    }
    await parts.scheduler.runNow(context.organization.id, schedule.id, context.caller.personId);
    return `It runs now. What comes of it goes to ${spaceText(schedule)}.`;
  });
}
