import type { Command, Context, Job, JobAnswer, JobPlan, JobRun, View } from '../../../bot/define.js';
import { count, markdown, plain } from '../../../lib/text.js';
import { PEOPLE_READ_ACCESS } from '../access.js';
import { answersText } from './answers-view.js';
import { planFrom, readAnswers } from './answers.js';
import type { Asked } from './define.js';
import { ANSWERS_JOB } from './steps.js';

const MOST_LEFT = 12;

/** Runs once, when the time to answer is over: plans with `remove` what comes of the answers, and leaves it to the owner. */
export function answersJob(remove: Command): Job {
  return {
    name: ANSWERS_JOB,
    access: { ...remove.access, scopes: [...new Set([...remove.access.scopes, ...PEOPLE_READ_ACCESS.scopes])] },
    run: (context, run) => follow(context, run, remove),
    report: async (context, run, plan) => reportView(run, plan, (await questionOf(context, run))?.asked ?? []),
  };
}

async function follow(context: Context, run: JobRun, remove: Command): Promise<JobAnswer> {
  const found = await questionOf(context, run);
  if (found === undefined) return { outcome: 'done', note: 'nobody is asked any more, so nothing is planned' };
  const said = answersText(found.asked);
  const { answer, problems } = await planFrom(context, found, remove);
  if (answer?.kind === 'plan' && answer.draft.steps.length > 0) {
    return { draft: answer.draft, holds: ['What comes of answers is applied only after a press.'], handsOver: true, outcome: 'done', note: said };
  }
  // A plan without steps names those who lost the license already.
  const left = answer?.kind === 'plan' ? answer.draft.problems : problems;
  const lines = left.slice(0, MOST_LEFT).map(({ subject, reason }) => `- ${markdown(subject)}: ${markdown(reason, 300)}`);
  const more = left.length > MOST_LEFT ? [`- and ${count(left.length - MOST_LEFT, 'more', 'more')}: \`licenses answers ${found.ask.id}\``] : [];
  return {
    view: { audience: 'details', markdown: [`**${markdown(run.schedule.title)}**: ${said}. There is nothing to take away.`, ...lines, ...more].join('\n') },
    outcome: 'done', note: said,
  };
}

function questionOf(context: Context, { schedule: { input } }: JobRun): ReturnType<typeof readAnswers> {
  const ask = (input as { ask?: unknown } | null)?.ask;
  return readAnswers(context, typeof ask === 'string' ? ask : '');
}

function reportView({ schedule }: JobRun, plan: JobPlan, asked: readonly Asked[]): View {
  return {
    audience: 'details',
    markdown: `**${markdown(schedule.title)}**: ${answersText(asked)}. The removal from ${count(plan.steps.length, 'person', 'people')} is planned as **${plain(plan.id)}** and waits for your approval; nothing has been changed.`,
  };
}
