import type { Context, View } from '../../../bot/define.js';
import { format } from '../../../lib/csv.js';
import { count, markdown } from '../../../lib/text.js';
import { MOST_CHOICES } from '../ask.js';
import { namesOf } from '../names.js';
import { peopleView } from '../people-view.js';
import { sortAnswers } from './answers.js';
import type { Ask, Asked } from './define.js';
import { byText } from './question.js';

interface Question {
  ask: Ask;
  asked: Asked[];
}

/** `5 asked: 2 give it back, 1 keeps it, 2 have not answered`. */
export function answersText(asked: readonly Asked[]): string {
  const { back, keep, open } = sortAnswers(asked);
  const parts = [count(back.length, 'gives it back', 'give it back'), count(keep.length, 'keeps it', 'keep it'), count(open.length, 'has not answered', 'have not answered')];
  return `${asked.length.toLocaleString('en-US')} asked: ${parts.join(', ')}`;
}

/** What everybody said who was asked one question. */
export function answersView(context: Context, { ask, asked }: Question): View {
  const { back, keep, open } = sortAnswers(asked);
  const called = namesOf(asked.map(({ person }) => person));
  const rowOf = ({ person, at }: Asked): { name: string; value: string } => ({ name: called(person), value: at === undefined ? '' : `on ${at.slice(0, 10)}` });
  const isOver = ask.by <= context.clock.iso();
  return peopleView(context, {
    title: `Who still needs ${ask.license.label}?`,
    lines: [
      `${answersText(asked)}. Asked by ${ask.asker.displayName || ask.asker.email}.`,
      isOver ? `The time to answer was over on ${byText(ask)}.` : `They can answer until ${byText(ask)}; then the removal from those who give it back or have not answered is planned.`,
    ],
    sections: [{ heading: 'Give it back', rows: back.map(rowOf) }, { heading: 'Keep it', rows: keep.map(rowOf) }, { heading: 'No answer yet', rows: open.map(rowOf) }],
    buttons: back.length + open.length === 0 ? [] : [{ title: 'Plan removal', command: 'licenses reclaim', arguments: { ask: ask.id }, style: 'destructive' }],
    files: [{
      name: 'license-answers.csv',
      content: format(['email', 'name', 'answer', 'answered', 'license', 'licenseId'], [...back, ...keep, ...open].map(({ person, answer, at }) => [
        person.email, person.displayName, answer === undefined ? 'none' : answer === 'back' ? 'give back' : 'keep', at ?? '', ask.license.label, ask.license.id,
      ])),
    }],
  });
}

/** All questions that were put to people, the newest first. */
export function questionsView({ organization }: Context, questions: readonly Question[]): View {
  if (questions.length === 0) return { audience: 'details', markdown: 'Nobody was asked yet whether a license is still needed. `licenses idle` with a license shows whom to ask.' };
  const rows = questions.slice(0, MOST_CHOICES).map(({ ask, asked }) => ({ id: ask.id, title: ask.license.label, text: answersText(asked), small: `until ${byText(ask)}, asked by ${ask.asker.displayName || ask.asker.email}` }));
  return {
    audience: 'details',
    markdown: ['**Who still needs a license?**', ...rows.map(({ id, title, text, small }) => `- **${markdown(title)}** (${id}): ${text} (${markdown(small, 300)})`)].join('\n'),
    card: {
      template: 'licenses/asks',
      data: { organization: organization.name, rows, choices: rows.map(({ id, title, small }) => ({ title: `${title}, ${small}`, value: id })) },
      buttons: [{ title: 'Show', command: 'licenses answers', arguments: {} }],
    },
  };
}
