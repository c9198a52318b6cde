import { peopleOf, textOf, type Command, type Context, type Values } from '../../../bot/define.js';
import type { PlanDraft } from '../../../changes/define.js';
import type { Asking } from '../../../changes/engine.js';
import { CallerMistake } from '../../../lib/errors.js';
import { askingOf, ID_ARGUMENT, LINKED, type CommandParts } from '../asking.js';
import { undoSomeView } from '../undo-view.js';

/** [Undo], [Undo some…], [Undo these]: a plan that takes back what the change really changed. */
export function changesUndo(parts: CommandParts): Command {
  const { engine } = parts;
  return {
    noun: 'changes', verb: 'undo', summary: 'Plan to take back what a change did',
    examples: ['changes undo last', 'changes undo 3fa9c01b2d', 'changes undo 3fa9c01b2d only=amy@acme.test'],
    arguments: [
      { ...ID_ARGUMENT, help: 'its id, the ten characters that stand on its card, or last' },
      { name: 'only', kind: 'people', label: 'Only for these people', required: false, help: 'take back only what concerns them' },
      { name: 'steps', kind: 'text', label: 'Only these steps', required: false, help: 'their numbers, with commas' },
      { name: 'choose', kind: 'choice', label: 'Choose steps', required: false, help: 'show a card to choose from', choices: [{ title: 'Yes', value: 'yes' }] },
      { name: 'cancel', kind: 'choice', label: 'Cancel the rest', required: false, help: 'of a paused change, cancel what is left first', choices: [{ title: 'Yes', value: 'yes' }] },
    ],
    access: LINKED, plans: true,
    run: async (context, values) => {
      const asking = askingOf(context, values);
      if (textOf(values, 'cancel') === 'yes') await cancelRest(parts, asking);
      const steps = stepsOf(textOf(values, 'steps'));
      const isChosen = steps !== undefined || values['only'] !== undefined;
      if (textOf(values, 'choose') === 'yes' && !isChosen) {
        const plan = await engine.get(asking.organization, asking.id);
        return { kind: 'view', view: undoSomeView(plan, await engine.steps(asking.organization, asking.id), await engine.outcomes(asking.organization, asking.id)) };
      }
      return { kind: 'plan', draft: await draftOf(context, values, parts, asking, steps) };
    },
  };
}

async function draftOf(_context: Context, values: Values, { engine }: CommandParts, asking: Asking, steps: ReadonlySet<number> | undefined): Promise<PlanDraft> {
  const isLimited = values['only'] !== undefined;
  const { people, problems } = peopleOf(values, 'only');
  if (isLimited && people.length === 0) {
    throw new CallerMistake({ code: 'NOBODY_FOUND', message: `None of these people was found, so nothing is taken back. ${problems.map(({ subject, reason }) => `${subject}: ${reason}`).join(' ')}` });
  }
  const draft = await engine.undo({ ...asking, ...(isLimited ? { only: people } : {}), ...(steps === undefined ? {} : { steps }) });
  const only = isLimited ? ` only=${people.map(({ email }) => email).join(',')}` : '';
  const chosen = steps === undefined ? '' : ` steps=${[...steps].join(',')}`;
  return { ...draft, command: `${draft.command}${only}${chosen}`, problems: [...problems, ...draft.problems] };
}

/** A change that waits after its first steps must have ended before it can be taken back. */
async function cancelRest({ engine, announcer }: CommandParts, asking: Asking): Promise<void> {
  const { change } = await engine.get(asking.organization, asking.id);
  if (change?.state !== 'paused') return;
  const plan = await engine.cancel(asking);
  await engine.ended(plan);
  await announcer.settled(plan);
}

function stepsOf(text: string | undefined): ReadonlySet<number> | undefined {
  if (text === undefined) return undefined;
  const numbers = text.split(',').map((part) => Number(part.trim()));
  if (!numbers.every((n) => Number.isInteger(n) && n > 0)) throw new CallerMistake({ code: 'NOT_UNDERSTOOD', message: 'Steps are given by their numbers, with commas: steps=1,4,5.' });
  return new Set(numbers);
}
