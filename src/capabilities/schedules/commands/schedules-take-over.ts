import type { Command } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { sameId } from '../../../lib/ids.js';
import { LINKED, lackOf, ownerName } from '../access.js';
import { askedFor, ID_ARGUMENT, notNow } from '../asking.js';
import { isEnd } from '../end-input.js';
import type { SchedulesParts } from '../ports.js';
import type { Runs } from '../runs.js';
import { showView } from '../show-view.js';

/** [Take over]: a schedule whose owner cannot act any more runs under the caller's account from now on. What it would change is shown anew and waits for a press. */
export function schedulesTakeOver(parts: SchedulesParts, runs: Runs): Command {
  return {
    noun: 'schedules', verb: 'take-over', summary: 'Let a schedule run under your account, when its owner cannot act any more', examples: ['schedules take-over 3fa9c01b'],
    arguments: [ID_ARGUMENT], access: LINKED, plans: false,
    run: async (context, values) => {
      const { scheduler } = parts;
      const organization = context.organization.id;
      const schedule = await askedFor(parts, context, values);
      if (sameId(schedule.owner.personId, context.caller.personId)) throw notNow(`It is yours already. “schedules resume ${schedule.id}” lets it run again.`);
      if (schedule.state !== 'suspended' && (await parts.contextFor(schedule)).ok) {
        throw notNow(`It runs under the account of ${ownerName(schedule)}, who can act. It can be taken over when that ends.`);
      }
      const lack = await lackOf(parts, schedule, context.account);
      if (lack !== undefined) throw new CallerMistake({ code: 'NOT_ALLOWED', message: `It cannot run under your account. ${lack}` });
      await runs.retire(schedule);
      const taken = await scheduler.takeOver(organization, schedule.id, context.caller);
      // An end runs at its time, and at once when that has passed.
      if (!isEnd(schedule)) await scheduler.runNow(organization, schedule.id, context.caller.personId);
      return {
        kind: 'view',
        view: showView(taken, context.clock.now(), isEnd(schedule) ? 'It runs under your account now.' : 'It runs under your account now. It plans anew: what it would change is shown and waits for a press.'),
      };
    },
  };
}
