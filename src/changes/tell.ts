import type { Person, Plan } from './records.js';

/** `Bob Baker`, or the address of somebody without a name. Raw: foreign text, to be escaped on output. */
export function nameOf(person: Person): string {
  return person.displayName === '' ? person.email : person.displayName;
}

/** `2026-11-24 17:52 UTC`. */
export function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** What happened to a plan, by whom and when, for somebody who comes too late. */
export function told(plan: Plan): string {
  const { decision, change } = plan;
  if (!decision) return `Plan ${plan.id} still waits for approval.`;
  const by = decision.by === undefined ? '' : ` by ${nameOf(decision.by)}`;
  const because = decision.reason === undefined ? '' : ` ${decision.reason}`;
  const verb = { approved: 'was approved', rejected: 'was rejected', withdrawn: 'was withdrawn', expired: 'expired', superseded: 'was superseded' }[decision.how];
  return `Plan ${plan.id} ${verb}${by} on ${timeText(decision.at)}.${because}${change === undefined ? '' : ` ${changeTold(plan)}`}`;
}

/** Where a change stands, and who did that when. */
export function changeTold({ change, from }: Plan): string {
  if (!change) return 'It was never applied.';
  const by = change.last === undefined ? '' : ` ${nameOf(change.last.by)} asked for that on ${timeText(change.last.at)}.`;
  switch (change.state) {
    case 'queued':
      if (from !== undefined) return `It begins on ${timeText(from)}.`;
      return 'It is running.';
    case 'running':
      return `It is running.${change.last?.action === 'resume' ? by : ''}`;
    case 'paused':
      return `It is paused: ${change.pause?.reason ?? ''}${change.last?.action === 'pause' ? by : ''}`;
    case 'done':
      return `It was finished on ${timeText(change.finishedAt ?? '')}.`;
    case 'cancelled':
      return `It was cancelled on ${timeText(change.finishedAt ?? '')}.${by}`;
  }
}
