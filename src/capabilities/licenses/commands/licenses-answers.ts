import { textOf, type Command } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { PEOPLE_READ_ACCESS } from '../access.js';
import { answersView, questionsView } from '../asks/answers-view.js';
import { askedQuestions } from '../asks/records.js';

/** `licenses answers [question]`: what people said who were asked whether they still need a license. */
export const licensesAnswers: Command = {
  noun: 'licenses', verb: 'answers',
  summary: 'Show what people said who were asked whether they still need a license, and plan the removal from those who do not',
  examples: ['licenses answers'],
  arguments: [{ name: 'ask', kind: 'text', label: 'Question', required: false, positional: true, help: 'the eight signs of one question; without them, the only one or all' }],
  access: PEOPLE_READ_ACCESS, plans: false,
  run: async (context, values) => {
    const wanted = textOf(values, 'ask')?.toLowerCase();
    const questions = await askedQuestions(context);
    if (wanted === undefined && questions.length !== 1) return { kind: 'view', view: questionsView(context, questions) };
    const found = questions.find(({ ask }) => wanted === undefined || ask.id === wanted);
    if (found === undefined) throw new CallerMistake({ code: 'UNKNOWN_ASK', message: 'There is no question with these signs. Write “licenses answers” to see those that there are.' });
    return { kind: 'view', view: answersView(context, found) };
  },
};
