import type { Command } from '../../../bot/define.js';
import type { SpacesParts } from '../define.js';
import { countsText } from '../draft.js';
import { look, LOOK_ACCESS, ruleArgument, rulesOf } from '../follow.js';
import { planRows, stoppedLines, summaryView } from '../summary.js';

/** `spaces preview [rule]`: what following the groups would do now. Changes nothing, and keeps nothing. */
export function spacesPreview(parts: SpacesParts): Command {
  return {
    noun: 'spaces', verb: 'preview',
    summary: 'See who would join and leave spaces that follow groups; changes nothing',
    examples: ['spaces preview', 'spaces preview "Field Sales"'],
    arguments: [ruleArgument],
    access: LOOK_ACCESS,
    plans: false,
    run: async (context, values) => {
      const { rules, plans, stopped } = await look(context, parts, await rulesOf(context, values));
      const [only] = rules;
      const sync = { command: 'spaces sync', arguments: values['rule'] === undefined || only === undefined ? {} : { rule: only.id } };
      const joins = plans.some((plan) => plan.joins.length > 0);
      const leaves = plans.some((plan) => plan.leaves.length > 0);
      const title = rules.length === 0 ? 'No space follows a group yet' : `Spaces that follow groups: ${countsText(plans)}`;
      return {
        kind: 'view',
        view: summaryView(context, {
          title, rows: planRows(plans), notes: stoppedLines(stopped),
          buttons: [
            ...(joins || leaves ? [{ title: 'Sync now', ...sync }] : []),
            ...(joins && leaves ? [{ title: 'Add only', ...sync, arguments: { ...sync.arguments, only: 'add' } }] : []),
          ],
        }),
      };
    },
  };
}
