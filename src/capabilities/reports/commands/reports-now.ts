import { textOf, type Command } from '../../../bot/define.js';
import { requireAccess } from '../access.js';
import { reportArgument } from '../arguments.js';
import { reportNamed } from '../job.js';
import { sinceOf } from '../period.js';
import type { ReportsParts } from '../ports.js';

/** `reports now <report> [since=]`: makes a report at once, with the caller's account. */
export function reportsNow({ reports }: Pick<ReportsParts, 'reports'>): Command {
  return {
    noun: 'reports', verb: 'now', summary: 'Make a report at once', examples: ['reports now licenses', 'reports now audit since=24h'],
    arguments: [
      reportArgument(reports),
      { name: 'since', kind: 'text', label: 'Since', required: false, help: 'the period it is about, as 24h, 7d, or a day such as 2026-11-20 (UTC); without it, the last 7 days' },
    ],
    access: { linked: true, scopes: [], roles: [] }, plans: false,
    run: async (context, values) => {
      const report = reportNamed(reports(), textOf(values, 'report') ?? '');
      requireAccess(context, report);
      return { kind: 'view', view: await report.make(context, { since: sinceOf(textOf(values, 'since'), context.clock) }) };
    },
  };
}
