import type { Button, View } from '../../bot/define.js';
import type { Outcome, Step } from '../../changes/define.js';
import { changeTold, nameOf, type Plan } from '../../changes/engine.js';
import { sameId } from '../../lib/ids.js';
import { count, markdown } from '../../lib/text.js';
import { resultCsv } from './csv.js';
import { capital, countsText, outcomeText } from './words.js';

/** More troubled steps than this are in the CSV file. */
const TROUBLES = 10;
/** More steps than this come as a file too. */
const FILE_FROM = 10;
const LONGEST_LINE = 700;

/** The card of a change that rests or has ended: counts, what did not go as planned in Webex's words, and what can be done now. */
export function resultView(plan: Plan, steps: readonly Step[], outcomes: ReadonlyMap<number, Outcome>): View {
  const { change } = plan;
  const counts = change?.counts ?? { done: 0, skipped: 0, conflict: 0, failed: 0, cancelled: 0, left: plan.stepCount };
  const troubled = steps.filter((step) => ['failed', 'conflict'].includes(outcomes.get(step.n)?.state ?? ''));
  const troubles = troubled.slice(0, TROUBLES).map((step) => troubleText(step, outcomes.get(step.n)));
  const more = troubled.length > TROUBLES ? `and ${count(troubled.length - TROUBLES, 'more')}: all of them are in change-${plan.id}.csv` : '';
  const done = steps.length <= FILE_FROM ? steps.filter((step) => outcomes.get(step.n)?.state === 'done').map((step) => step.sentence) : [];
  const headline = headlineOf(plan);
  const notes = change?.state === 'done' ? plan.notes : [];
  const reason = change?.state === 'done' ? '' : changeTold(plan);
  const lines = [reason, ...notes].filter((line) => line !== '');
  return {
    audience: 'details',
    markdown: [
      `**${headline}: ${markdown(plan.title, 300)}**`,
      `Change **${plan.id}** in ${markdown(plan.organization.name)}, ${markdown(whoText(plan), 400)}: ${countsText(counts)}.`,
      ...lines.map((line) => markdown(line, LONGEST_LINE)),
      '',
      ...done.map((line) => `- Done: ${markdown(line, LONGEST_LINE)}`),
      ...troubles.map((line) => `- ${markdown(line, LONGEST_LINE)}`),
      ...(more === '' ? [] : [`- ${markdown(more)}`]),
    ].join('\n'),
    card: {
      template: 'changes/result',
      data: {
        title: plan.title,
        headline: `${headline}: ${outcomeText(counts)}`,
        color: counts.failed + counts.conflict > 0 || change?.state !== 'done' ? 'Warning' : 'Good',
        subtitle: `Change ${plan.id} · ${plan.organization.name}`,
        who: capital(whoText(plan)),
        lines, done, troubles, more,
      },
      buttons: resultButtons(plan, steps, outcomes),
    },
    ...(steps.length > FILE_FROM ? { files: [resultCsv(plan, steps, outcomes)] } : {}),
  };
}

/** `asked for and approved by Anna Berg`, or by whom each. */
function whoText({ requester, decision }: Plan): string {
  if (decision?.by === undefined) return `asked for by ${nameOf(requester)}`;
  return sameId(decision.by.personId, requester.personId) ? `asked for and approved by ${nameOf(requester)}` : `asked for by ${nameOf(requester)}, approved by ${nameOf(decision.by)}`;
}

function resultButtons(plan: Plan, steps: readonly Step[], outcomes: ReadonlyMap<number, Outcome>): Button[] {
  const id = { id: plan.id };
  const { change } = plan;
  const undoable = steps.filter((step) => outcomes.get(step.n)?.changed !== undefined || outcomes.get(step.n)?.unconfirmed === true).length;
  if (change?.state === 'paused') {
    return [
      { title: 'Continue', command: 'changes resume', arguments: id, once: true, style: 'positive' },
      ...(undoable > 0 ? [{ title: 'Undo these', command: 'changes undo', arguments: { ...id, cancel: 'yes' } }] : []),
      { title: 'Cancel', command: 'changes cancel', arguments: id, once: true, style: 'destructive' },
    ];
  }
  if (change?.finishedAt === undefined) return change ? [{ title: 'Pause', command: 'changes pause', arguments: id }, { title: 'Cancel', command: 'changes cancel', arguments: id, style: 'destructive' }] : [];
  const counts = change.counts;
  const open = counts === undefined ? 0 : counts.failed + counts.conflict + counts.cancelled;
  return [
    ...(undoable > 0 ? [{ title: 'Undo', command: 'changes undo', arguments: id }] : []),
    ...(undoable > 1 ? [{ title: 'Undo some…', command: 'changes undo', arguments: { ...id, choose: 'yes' } }] : []),
    ...(open > 0 ? [{ title: 'Retry failed', command: 'changes retry', arguments: id }] : []),
  ];
}

function troubleText(step: Step, outcome: Outcome | undefined): string {
  const word = outcome?.unconfirmed === true ? 'Not confirmed' : outcome?.state === 'conflict' ? 'Conflict' : 'Failed';
  const tracking = outcome?.trackingId === undefined ? '' : ` (tracking id ${outcome.trackingId})`;
  return `${word}: ${step.sentence}. ${outcome?.reason ?? ''}${tracking}`;
}

function headlineOf({ change }: Plan): string {
  if (change?.state === 'paused') return 'Paused';
  if (change?.state === 'cancelled') return 'Cancelled';
  if (change?.state !== 'done') return 'Running';
  const { counts } = change;
  return counts !== undefined && counts.failed + counts.conflict > 0 ? 'Finished, not all done' : 'Done';
}
