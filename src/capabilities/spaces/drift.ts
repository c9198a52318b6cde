import type { Report } from '../../bot/define.js';
import { count, sentenceList } from '../../lib/text.js';
import type { SpacesParts } from './define.js';
import { look, LOOK_ACCESS } from './follow.js';
import { titleOf } from './names.js';
import { readRules } from './rules.js';
import { planRows, stoppedLines, summaryView } from './summary.js';

/** A card has five buttons; one of them is for all spaces. */
const BUTTONS = 4;
const SAME_BY_NAME = 8;

/** How spaces that follow groups differ from them now. Changes nothing. */
export function driftReport(parts: SpacesParts): Report {
  return {
    name: 'membership',
    title: 'Membership drift',
    summary: 'Where the members of spaces differ from the groups that they follow; changes nothing',
    access: LOOK_ACCESS,
    make: async (context) => {
      const { rules, plans, stopped } = await look(context, parts, await readRules(context));
      const differ = plans.filter(({ joins, leaves, teamFirst }) => joins.length + leaves.length + teamFirst.length > 0);
      const follow = differ.filter(({ joins, leaves }) => joins.length + leaves.length > 0);
      const same = plans.filter((plan) => !differ.includes(plan));
      const title = rules.length === 0 ? 'Membership drift: no space follows a group yet'
        : `Membership drift: ${count(differ.length, 'space')} of ${rules.length} ${differ.length === 1 ? 'differs' : 'differ'} from ${differ.length === 1 ? 'its' : 'their'} groups`;
      return summaryView(context, {
        title, rows: planRows(differ),
        notes: [...stoppedLines(stopped), ...(same.length === 0 ? [] : [`As their groups: ${sentenceList(same.map(({ state }) => titleOf(state)), SAME_BY_NAME)}`])],
        buttons: [
          ...(follow.length > 1 ? [{ title: 'Sync all', command: 'spaces sync', arguments: {} }] : []),
          ...follow.slice(0, BUTTONS).map(({ state }) => ({ title: `Sync ${titleOf(state).slice(0, 40)}`, command: 'spaces sync', arguments: { rule: state.rule.id } })),
        ],
      });
    },
  };
}
