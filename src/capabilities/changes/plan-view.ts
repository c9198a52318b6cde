import type { Button, View } from '../../bot/define.js';
import type { PlanDraft, Problem, Step } from '../../changes/define.js';
import { nameOf, timeText, type Plan } from '../../changes/engine.js';
import { count, markdown, sentenceList } from '../../lib/text.js';
import { planCsv } from './csv.js';
import { expectedDuration, kindsText, riskText } from './words.js';

/** More sentences than this are in the CSV file. */
export const SENTENCES = 10;
const WARNINGS = 8;
const PROBLEMS = 8;
/** People who are left out for one reason, by name. */
const SUBJECTS = 5;
/** The sentence of a step on a larger set does not name all of its elements. */
const NAMES_IN_SENTENCE = 5;
const LONGEST_LINE = 300;
/** Plans over this size can be tried with their first steps. */
const FIRST_FROM = 20;
const FIRST = 5;

/** Whom the card is for: who may decide, or the requester who waits for another person. */
export type Audience = 'decide' | 'wait';

/** The buttons of a plan that waits. */
export function planButtons(plan: Plan, audience: Audience): Button[] {
  const id = { id: plan.id };
  const withdraw: Button = { title: 'Withdraw', command: 'changes withdraw', arguments: id, only: plan.requester.personId, once: true };
  if (plan.look === true) return [withdraw];
  if (audience === 'wait') return [{ title: 'Remind', command: 'changes remind', arguments: id, only: plan.requester.personId }, withdraw];
  const approve = { command: 'changes approve', once: true as const, style: 'positive' as const };
  const instead = (plan.alternatives ?? []).map(({ title }, n): Button => ({ title, command: 'changes again', arguments: { ...id, instead: String(n + 1) } }));
  return [
    { title: 'Approve', ...approve, arguments: { ...id, hash: plan.hash } },
    ...instead,
    ...(plan.stepCount > FIRST_FROM ? [{ title: `Apply first ${FIRST}`, ...approve, arguments: { ...id, hash: plan.hash, first: String(FIRST) } }] : []),
    { title: 'Reject', command: 'changes reject', arguments: id, once: true, style: 'destructive' },
  ];
}

/** The card of a plan that waits: what would change, for whom, who must approve. With many steps, all of them in a file. */
export function planView(plan: Plan, steps: readonly Step[], audience: Audience): View {
  const risky = steps.filter((step) => step.risk !== undefined);
  const shown = [...risky, ...steps.filter((step) => step.risk === undefined)].slice(0, SENTENCES);
  const more = moreText(plan, steps, shown);
  const risk = risky.length > 0 && risky.length < steps.length ? `${riskText(steps)}, shown first` : riskText(steps);
  const warnings = firstOf(plan.warnings, WARNINGS, 'warning');
  const problems = problemLines(plan.problems, PROBLEMS);
  const approval = approvalLines(plan);
  const data = {
    title: plan.title,
    subtitle: `Plan ${plan.id} · ${plan.organization.name}`,
    facts: [
      { title: 'Changes', value: kindsText(plan) },
      { title: 'Asked for by', value: nameOf(plan.requester) },
      { title: 'Takes', value: expectedDuration(plan) },
      ...(plan.look === true ? [] : [{ title: 'Approve until', value: timeText(plan.expiresAt) }]),
      ...(plan.from === undefined ? [] : [{ title: 'Begins', value: `${timeText(plan.from)}, once it is approved` }]),
      ...(plan.until === undefined ? [] : [{ title: 'Ends', value: `${timeText(plan.until)}: what it changes is taken back then` }]),
    ],
    steps: shown.map((step) => ({ text: step.sentence, color: step.risk === undefined ? 'Default' : 'Attention' })),
    more, risk, warnings, problems, approval,
  };
  return {
    audience: 'details',
    markdown: [
      `**${markdown(plan.title, LONGEST_LINE)}**`,
      `Plan **${plan.id}** for ${markdown(plan.organization.name)}, asked for by ${markdown(nameOf(plan.requester))}. Nothing has been changed yet.`,
      `${markdown(kindsText(plan), 500)}; takes ${expectedDuration(plan)}${plan.look === true ? '' : `; can be approved until ${timeText(plan.expiresAt)}`}.`,
      ...(plan.from === undefined ? [] : [`It begins on ${timeText(plan.from)}, once it is approved.`]),
      ...(plan.until === undefined ? [] : [`It ends on ${timeText(plan.until)}: what it changes is taken back then.`]),
      '',
      ...shown.map((step) => `- ${step.risk === undefined ? '' : '⚠ '}${markdown(step.sentence, LONGEST_LINE)}`),
      ...(more === '' ? [] : [`- ${markdown(more)}`]),
      ...warnings.map((line) => `- Warning: ${markdown(line, LONGEST_LINE)}`),
      ...problems.map((line) => `- Left out: ${markdown(line, LONGEST_LINE)}`),
      '',
      ...approval.map((line) => markdown(line, 600)),
    ].join('\n'),
    card: { template: 'changes/plan', data, buttons: planButtons(plan, audience) },
    ...(more === '' ? {} : { files: [planCsv(plan, steps)] }),
  };
}

/** What is said when a command has found nothing to change. */
export function nothingView(organization: string, draft: PlanDraft): View {
  const problems = problemLines(draft.problems, SENTENCES);
  const notes = [...draft.warnings, ...problems];
  return {
    audience: 'details',
    markdown: [
      `**${markdown(draft.title, LONGEST_LINE)}** (${markdown(organization)})`,
      'There is nothing to change.',
      ...notes.map((line) => `- ${markdown(line, LONGEST_LINE)}`),
    ].join('\n'),
    card: { template: 'changes/note', data: { title: draft.title, organization, lines: ['There is nothing to change.', ...notes] }, buttons: [] },
  };
}

/** The files that came of making a plan, such as the rows of an import that could not be used. */
export function filesView(organization: string, { title, files = [] }: PlanDraft): View {
  return { audience: 'private', markdown: `With **${markdown(title, LONGEST_LINE)}** (${markdown(organization)}) goes ${files.map(({ name }) => markdown(name)).join(', ')}:`, files };
}

/** Who must approve, in sentences. */
function approvalLines(plan: Plan): string[] {
  const { by, why, eligible, nobody } = plan.approval;
  if (by === 'requester' || eligible.length === 0) return [nobody === undefined ? why : `${why} ${nobody}`];
  const names = eligible.slice(0, SENTENCES).map(nameOf).join(', ');
  return [why, `Can be approved by: ${names}${eligible.length > SENTENCES ? ` and ${count(eligible.length - SENTENCES, 'other')}` : ''}. Each has got this card.`];
}

/** What the card does not show, and where it is; empty when it shows all. */
function moreText(plan: Plan, steps: readonly Step[], shown: readonly Step[]): string {
  const file = `plan-${plan.id}.csv`;
  if (steps.length > shown.length) return `and ${count(steps.length - shown.length, 'more step')}: all of them are in ${file}`;
  return steps.some(({ after }) => after !== null && typeof after === 'object' && Object.keys(after).length > NAMES_IN_SENTENCE) ? `All names are in ${file}` : '';
}

/** One line for each reason, with those whom it is about. */
function problemLines(problems: readonly Problem[], most: number): string[] {
  const subjects = new Map<string, string[]>();
  for (const { subject, reason } of problems) subjects.set(reason, [...(subjects.get(reason) ?? []), subject]);
  return firstOf([...subjects].map(([reason, who]) => `${sentenceList([...new Set(who)], SUBJECTS)}: ${reason}`), most, 'other reason');
}

function firstOf(lines: readonly string[], most: number, what: string): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), `and ${count(lines.length - most, what)}`];
}
