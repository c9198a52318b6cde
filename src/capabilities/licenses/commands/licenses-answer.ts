import { textOf, type Command, type Context, type View } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import type { Answered } from '../asks/define.js';
import { answeredView, lateView } from '../asks/question.js';
import { askedOf, findAsk } from '../asks/records.js';

/** `licenses answer`: the buttons of the card by which somebody is asked. Counts for the one who presses, if he was asked. */
export const licensesAnswer: Command = {
  noun: 'licenses', verb: 'answer', hidden: true,
  summary: 'Answer whether a license is still needed; the buttons of the question do this',
  examples: [],
  arguments: [
    { name: 'ask', kind: 'text', label: 'Question', required: true, help: 'what the button is bound to' },
    { name: 'answer', kind: 'choice', label: 'Answer', required: true, help: 'what the button is bound to', choices: [{ title: 'Keep it', value: 'keep' }, { title: 'Give it back', value: 'back' }] },
  ],
  access: { linked: false, scopes: [], roles: [], addressed: true },
  plans: false,
  run: async (context, values) => ({ kind: 'view', view: await note(context, textOf(values, 'ask') ?? '', textOf(values, 'answer') === 'keep' ? 'keep' : 'back') }),
};

async function note(context: Context, id: string, answer: Answered): Promise<View> {
  const ask = await findAsk(context, id);
  const records = askedOf(context, id, context.caller.personId);
  const found = await records.read();
  if (ask === undefined || found === undefined) throw new CallerMistake({ code: 'NOT_ASKED', message: 'You are not asked that any more. Nothing has changed.' });
  if (ask.by <= context.clock.iso()) return lateView(ask);
  await records.put({ ...found.value, answer, at: context.clock.iso() }, found.version);
  await context.audit('license-ask.answered', id, { answer, license: ask.license.id });
  return answeredView(ask, answer);
}
