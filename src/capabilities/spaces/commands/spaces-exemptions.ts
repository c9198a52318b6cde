import type { Command } from '../../../bot/define.js';
import { timeZoneOf } from '../../../bot/times.js';
import { count, plain } from '../../../lib/text.js';
import { timeIn } from '../../../schedules/when.js';
import { LOOK_ACCESS } from '../follow.js';
import { readExemptions } from '../rules.js';
import { listView } from '../views.js';

/** `spaces exemptions`: who stays whatever the groups say. */
export const spacesExemptions: Command = {
  noun: 'spaces', verb: 'exemptions',
  summary: 'Show who stays in spaces whatever the groups say',
  examples: ['spaces exemptions'],
  arguments: [],
  access: LOOK_ACCESS,
  plans: false,
  run: async (context) => {
    const [exemptions, tz] = [await readExemptions(context), await timeZoneOf(context)];
    return {
      kind: 'view',
      view: listView(context, {
        title: exemptions.length === 0 ? 'Nobody is exempt' : count(exemptions.length, 'exemption'),
        rows: exemptions.map(({ person, space, until, by, at }) => ({
          title: `${plain(person.displayName, 60)} (${plain(person.email, 100)})`,
          text: `stays in ${space === undefined ? 'all spaces that follow groups' : plain(space.title, 80)}${until === undefined ? '' : ` until ${timeIn(until, tz)} (${tz})`}`,
          small: `by ${plain(by.displayName, 60)} on ${at.slice(0, 10)}`,
        })),
        buttons: [
          { title: 'Exempt people', command: 'spaces exempt', arguments: {} },
          ...(exemptions.length === 0 ? [] : [{ title: 'End exemptions', command: 'spaces unexempt', arguments: {} }]),
        ],
      }),
    };
  },
};
