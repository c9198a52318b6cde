import type { Answer, Context } from '../../bot/define.js';
import { told, type Plan } from '../../changes/engine.js';
import { markdown } from '../../lib/text.js';
import { callerOf, type CommandParts } from './asking.js';
import { resultView } from './result-view.js';

/** A plan that waits is shown with its buttons; a change with its result so far; anything else with what became of it. */
export async function showAnswer(context: Context, { announcer, engine }: CommandParts, plan: Plan): Promise<Answer> {
  if (plan.state === 'pending') {
    await announcer.show(plan, context.place, callerOf(context));
    return { kind: 'handled' };
  }
  if (plan.change) {
    const organization = plan.organization.id;
    return { kind: 'view', view: resultView(plan, await engine.steps(organization, plan.id), await engine.outcomes(organization, plan.id)) };
  }
  return {
    kind: 'view',
    view: {
      audience: 'details',
      markdown: `**${markdown(plan.title, 300)}** (${markdown(plan.organization.name)})\n\n${markdown(told(plan), 700)} Nothing was changed.`,
      card: {
        template: 'changes/note',
        data: { title: plan.title, organization: plan.organization.name, lines: [`${told(plan)} Nothing was changed.`] },
        buttons: [{ title: 'Plan again', command: 'changes again', arguments: { id: plan.id } }],
      },
    },
  };
}
