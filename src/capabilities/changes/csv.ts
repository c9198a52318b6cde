import type { FileOut } from '../../bot/define.js';
import type { Outcome, Step } from '../../changes/define.js';
import type { Plan } from '../../changes/engine.js';
import { format } from '../../lib/csv.js';

/** All steps of a plan, with its hash, so that the file can be held against the plan. */
export function planCsv(plan: Plan, steps: readonly Step[]): FileOut {
  const header = ['plan', 'n', 'step', 'risk', 'kind', 'target', 'before', 'after', 'hash'];
  const rows = steps.map((step) => [plan.id, String(step.n), step.sentence, step.risk ?? '', step.kind, step.target, text(step.before), text(step.after), plan.hash]);
  return { name: `plan-${plan.id}.csv`, content: format(header, rows) };
}

/** All steps with what became of them. */
export function resultCsv(plan: Plan, steps: readonly Step[], outcomes: ReadonlyMap<number, Outcome>): FileOut {
  const header = ['change', 'n', 'state', 'step', 'reason', 'trackingId', 'changed from', 'changed to', 'kind', 'target', 'hash'];
  const rows = steps.map((step) => {
    const outcome = outcomes.get(step.n);
    const state = outcome?.state ?? (plan.change?.state === 'cancelled' ? 'cancelled' : 'open');
    return [
      plan.id, String(step.n), state, step.sentence, outcome?.reason ?? '', outcome?.trackingId ?? '',
      outcome?.changed === undefined ? '' : text(outcome.changed.before), outcome?.changed === undefined ? '' : text(outcome.changed.after),
      step.kind, step.target, plan.hash,
    ];
  });
  return { name: `change-${plan.id}.csv`, content: format(header, rows) };
}

function text(value: Step['before']): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
