import type { Command } from '../../../bot/define.js';
import { markdown } from '../../../lib/text.js';
import { planCsv, resultCsv } from '../csv.js';
import { askingOf, ID_ARGUMENT, LINKED, type CommandParts } from '../asking.js';

/** `changes export <id>`: all steps as CSV, with what became of them. Goes to the caller's 1:1. */
export function changesExport({ engine }: CommandParts): Command {
  return {
    noun: 'changes', verb: 'export', summary: 'Get all steps of a plan or change as CSV', examples: ['changes export 3fa9c01b2d'],
    arguments: [ID_ARGUMENT], access: LINKED, plans: false,
    run: async (context, values) => {
      const { organization, id } = askingOf(context, values);
      const plan = await engine.get(organization, id);
      const steps = await engine.steps(organization, id);
      const file = plan.change ? resultCsv(plan, steps, await engine.outcomes(organization, id)) : planCsv(plan, steps);
      return {
        kind: 'view',
        view: { audience: 'private', markdown: `All steps of **${plan.id}** (${markdown(plan.title, 300)}) in ${markdown(plan.organization.name)}. Its hash is ${plan.hash}.`, files: [file] },
      };
    },
  };
}
