import type { View } from '../../bot/define.js';
import type { Outcome, Step } from '../../changes/define.js';
import type { Plan } from '../../changes/engine.js';
import { count, markdown } from '../../lib/text.js';

/** More choices than this make a card that nobody reads. */
const CHOICES = 50;
const LONGEST_CHOICE = 200;

/** The card to choose what shall be taken back: single steps, or what concerns some people. */
export function undoSomeView(plan: Plan, steps: readonly Step[], outcomes: ReadonlyMap<number, Outcome>): View {
  const undoable = steps.filter((step) => outcomes.get(step.n)?.changed !== undefined || outcomes.get(step.n)?.unconfirmed === true);
  const shown = undoable.slice(0, CHOICES);
  const more = undoable.length > shown.length ? `Only the first ${CHOICES} of ${count(undoable.length, 'step')} can be chosen here. For the others, name people.` : '';
  return {
    audience: 'details',
    markdown: [
      `**Undo some of: ${markdown(plan.title, 300)}** (${markdown(plan.organization.name)})`,
      `Write \`changes undo ${plan.id} only=<people>\`, or \`changes undo ${plan.id} steps=<numbers>\`:`,
      ...shown.map((step) => `- ${step.n}: ${markdown(step.sentence, 300)}`),
    ].join('\n'),
    card: {
      template: 'changes/undo-some',
      data: {
        title: `Undo some of: ${plan.title}`,
        subtitle: `Change ${plan.id} · ${plan.organization.name}`,
        more,
        choices: shown.map((step) => ({ title: step.sentence.length > LONGEST_CHOICE ? `${step.sentence.slice(0, LONGEST_CHOICE)}…` : step.sentence, value: String(step.n) })),
      },
      buttons: [{ title: 'Next', command: 'changes undo', arguments: { id: plan.id, choose: 'yes' } }],
    },
  };
}
