import type { Answer, Command, Context, PersonRef } from '../../../bot/define.js';
import type { Problem } from '../../../changes/define.js';
import { plain } from '../../../lib/text.js';
import { readActivity } from '../activity.js';
import { sortIdle } from '../idle-people.js';
import type { Ask, Asked } from './define.js';
import { askedQuestions, findAsk } from './records.js';

/** People who were asked, by what they said. */
export interface Answers {
  back: Asked[];
  keep: Asked[];
  /** No answer yet. */
  open: Asked[];
}

export function sortAnswers(asked: readonly Asked[]): Answers {
  const of = (answer: Asked['answer']): Asked[] => asked.filter((one) => one.answer === answer).sort((a, b) => a.person.displayName.localeCompare(b.person.displayName));
  return { back: of('back'), keep: of('keep'), open: of(undefined) };
}

/** A question with all who were asked; undefined where there is none of this id, or nobody was asked. */
export async function readAnswers(context: Pick<Context, 'sealed'>, id: string): Promise<{ ask: Ask; asked: Asked[] } | undefined> {
  if ((await findAsk(context, id)) === undefined) return undefined;
  return (await askedQuestions(context)).find(({ ask }) => ask.id === id);
}

/**
 * Plans with `remove` (the command `licenses remove`) for those who give the license back, and for those who did not answer and are still idle.
 * Undefined when nobody is left; `problems` says who is left out and why.
 */
export async function planFrom(context: Context, { ask, asked }: { ask: Ask; asked: readonly Asked[] }, remove: Command): Promise<{ answer: Answer | undefined; problems: Problem[] }> {
  const { back, keep, open } = sortAnswers(asked);
  const idle = sortIdle(await readActivity(context, open.map(({ person }) => ({ id: person.id })), ask.days));
  const kept = keep.map(({ person, at }): Problem => ({ subject: plain(person.displayName, 120), reason: `keeps it, as answered on ${at?.slice(0, 10) ?? ''}`, settled: true }));
  const problems = [...kept, ...idle.left];
  const people: PersonRef[] = [...back.map(({ person }) => person), ...idle.people];
  if (people.length === 0) return { answer: undefined, problems };
  const answer = await remove.run(context, { people: { people, problems: [] }, license: ask.license.id });
  return { answer: answer.kind === 'plan' ? { kind: 'plan', draft: { ...answer.draft, problems: [...answer.draft.problems, ...problems] } } : answer, problems };
}
