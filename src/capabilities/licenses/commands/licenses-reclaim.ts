import { textOf, type Answer, type Command, type Context } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { PEOPLE_READ_ACCESS } from '../access.js';
import { readActivity } from '../activity.js';
import { planFrom, readAnswers } from '../asks/answers.js';
import { findIdleList } from '../idle-lists.js';
import { sortIdle } from '../idle-people.js';

/**
 * `licenses reclaim`: a button of `licenses idle` and `licenses answers`. Plans with `remove` (the command `licenses remove`) for those of the
 * list who are still idle, or for those who were asked and do not keep the license.
 */
export function licensesReclaim(remove: Command): Command {
  return {
    noun: 'licenses', verb: 'reclaim', hidden: true,
    summary: 'Plan the removal of a license from those whom “licenses idle” found or who were asked; its buttons do this',
    examples: [],
    arguments: [
      { name: 'list', kind: 'text', label: 'List', required: false, help: 'what the button is bound to' },
      { name: 'ask', kind: 'text', label: 'Question', required: false, help: 'what the button is bound to' },
    ],
    access: { ...remove.access, scopes: [...new Set([...remove.access.scopes, ...PEOPLE_READ_ACCESS.scopes])] },
    plans: true,
    run: (context, values) => {
      const ask = textOf(values, 'ask');
      return ask === undefined ? fromList(context, textOf(values, 'list') ?? '', remove) : fromAnswers(context, ask, remove);
    },
  };
}

async function fromList(context: Context, id: string, remove: Command): Promise<Answer> {
  const list = await findIdleList(context, id);
  const { people, left } = sortIdle(await readActivity(context, list.people.map((person) => ({ id: person })), list.days));
  if (people.length === 0) throw new CallerMistake({ code: 'NOBODY_IDLE', message: 'Nobody of this list is idle any more, or nobody could be read. Nothing is planned.' });
  const answer = await remove.run(context, { people: { people, problems: [] }, license: list.license });
  // They are no part of what was asked for: [Plan again] must not bring them back.
  return answer.kind === 'plan' ? { kind: 'plan', draft: { ...answer.draft, problems: [...answer.draft.problems, ...left] } } : answer;
}

async function fromAnswers(context: Context, id: string, remove: Command): Promise<Answer> {
  const found = await readAnswers(context, id);
  if (found === undefined) throw new CallerMistake({ code: 'ASK_GONE', message: 'There is no such question any more. Write “licenses answers” to see those that there are.' });
  const { answer } = await planFrom(context, found, remove);
  if (answer === undefined) throw new CallerMistake({ code: 'NOBODY_LEFT', message: 'Everybody who was asked keeps the license, was active since, or could not be read. Nothing is planned.' });
  return answer;
}
