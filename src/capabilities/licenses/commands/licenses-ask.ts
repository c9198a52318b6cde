import { randomBytes } from 'node:crypto';
import { textOf, type Command, type Context, type PersonRef, type View } from '../../../bot/define.js';
import { timeZoneOf } from '../../../bot/times.js';
import type { PlanDraft, Problem } from '../../../changes/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { idKey } from '../../../lib/ids.js';
import { count, markdown, plain } from '../../../lib/text.js';
import { untilOf } from '../../../schedules/when.js';
import { PEOPLE_READ_ACCESS } from '../access.js';
import { DAY_MS, readActivity } from '../activity.js';
import type { Ask } from '../asks/define.js';
import { byText } from '../asks/question.js';
import { askedQuestions, keepAsk } from '../asks/records.js';
import { askStep } from '../asks/steps.js';
import { openCatalog } from '../catalog.js';
import { CHANGE_ACCESS } from '../change-arguments.js';
import { findIdleList, type IdleList } from '../idle-lists.js';
import { sortIdle } from '../idle-people.js';
import { namesOf } from '../names.js';

/** Cards can be pressed for 30 days. */
const MOST_DAYS = 28;
const USUAL_DAYS = 14;

/** `licenses ask`: a button of `licenses idle`. Plans to ask those of its list who are still idle, each in the 1:1, whether they need the license. */
export const licensesAsk: Command = {
  noun: 'licenses', verb: 'ask', hidden: true,
  summary: 'Plan to ask those whom “licenses idle” found whether they still need the license; its button does this',
  examples: [],
  arguments: [
    { name: 'list', kind: 'text', label: 'List', required: true, help: 'what the button is bound to' },
    { name: 'by', kind: 'text', label: 'Answer by', required: false, help: `a date, at most ${MOST_DAYS} days from now` },
  ],
  access: { ...CHANGE_ACCESS, scopes: [...new Set([...CHANGE_ACCESS.scopes, ...PEOPLE_READ_ACCESS.scopes])] },
  plans: true,
  run: async (context, values) => {
    const id = textOf(values, 'list') ?? '';
    const list = await findIdleList(context, id);
    const known = (await openCatalog(context)).get(list.license);
    if (known === undefined) throw new CallerMistake({ code: 'UNKNOWN_LICENSE', message: 'The organization no longer has this license.' });
    const written = textOf(values, 'by');
    if (written === undefined) return { kind: 'view', view: dateView(context, id, list, known.label) };
    const tz = await timeZoneOf(context);
    const now = context.clock.now();
    const by = untilOf(written, { tz, now });
    if (Date.parse(by) > now + MOST_DAYS * DAY_MS) throw new CallerMistake({ code: 'BY_TOO_LATE', message: `People can be given at most ${MOST_DAYS} days to answer.` });
    const { personId, email, displayName, orgId } = context.caller;
    const ask: Ask = {
      id: randomBytes(4).toString('hex'), organization: { id: context.organization.id, name: context.organization.name }, license: { id: list.license, label: known.label },
      days: list.days, asker: { personId, email, displayName, orgId }, by, tz,
    };
    const draft = await draftOf(context, ask, list, id);
    if (draft.steps.length > 0) await keepAsk(context, ask);
    return { kind: 'plan', draft };
  },
};

async function draftOf(context: Context, ask: Ask, list: IdleList, listId: string): Promise<PlanDraft> {
  const { people, left } = sortIdle(await readActivity(context, list.people.map((id) => ({ id })), list.days));
  const earlier = await openFor(context, ask.license.id);
  const problems: Problem[] = [...left];
  const asked: PersonRef[] = [];
  for (const person of people) {
    const open = earlier.get(idKey(person.id));
    if (open === undefined) asked.push(person);
    else problems.push({ subject: plain(person.displayName, 120), reason: `asked already, with time to answer until ${byText(open)}`, settled: true });
  }
  const nameOf = namesOf(asked);
  return {
    title: `Ask ${asked.length === 0 ? 'nobody' : count(asked.length, 'person', 'people')} about ${ask.license.label}, until ${byText(ask)}`,
    command: `licenses ask list=${listId} by=${ask.by}`,
    steps: asked.map((person) => askStep(ask, person, nameOf(person))),
    warnings: asked.length === 0 ? [] : [
      'Each gets a message of mine in the 1:1 with two buttons: Keep it, Give it back. No license changes by that.',
      'When the time is over, the removal from those who give it back or do not answer is planned under your account, and waits for approval. Answers so far: licenses answers.',
    ],
    problems,
  };
}

/** Who has an unanswered question about this license, by the key of the person. */
async function openFor(context: Context, license: string): Promise<Map<string, Ask>> {
  const now = context.clock.iso();
  const questions = (await askedQuestions(context)).filter(({ ask }) => idKey(ask.license.id) === idKey(license) && ask.by > now);
  return new Map(questions.flatMap(({ ask, asked }) => asked.map(({ person }) => [idKey(person.id), ask] as const)));
}

/** Asks until when people may answer. */
function dateView({ organization, clock, caller }: Context, list: string, { people }: IdleList, label: string): View {
  const dateIn = (days: number): string => new Date(clock.now() + days * DAY_MS).toISOString().slice(0, 10);
  const title = `Ask ${count(people.length, 'person', 'people')} whether they still need ${label}?`;
  const line = `Each is asked in the 1:1 by a card that only this person can press. They have at most ${MOST_DAYS} days. You see a plan first.`;
  return {
    audience: 'details',
    markdown: `**${markdown(title, 300)}**\n${markdown(line, 300)} Choose the last day on the card.`,
    card: {
      template: 'licenses/ask-by', data: { organization: organization.name, title, line, by: dateIn(USUAL_DAYS), first: dateIn(1), last: dateIn(MOST_DAYS - 1) },
      buttons: [{ title: 'Next', command: 'licenses ask', arguments: { list }, only: caller.personId, style: 'positive' }],
    },
  };
}
