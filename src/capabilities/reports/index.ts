import type { Capability, Report } from '../../bot/define.js';
import { auditReport } from './audit.js';
import { changesReport } from './changes.js';
import { reportsCommand } from './commands/reports.js';
import { reportsNow } from './commands/reports-now.js';
import { reportsSchedule } from './commands/reports-schedule.js';
import { reportsUnschedule } from './commands/reports-unschedule.js';
import { createReportJob } from './job.js';
import { licensesReport } from './licenses.js';
import type { ReportSources, ReportsParts } from './ports.js';
import { tokensReport } from './tokens.js';

export type { ReportedAccount, ReportedPlan, ReportSources, ReportsParts } from './ports.js';

/** The reports that belong to no other capability: license usage, plans and changes, admin audit digest, linked accounts. */
export function createReports(sources: ReportSources): Report[] {
  return [licensesReport, changesReport(sources), auditReport, tokensReport(sources)];
}

/** Reports: made at once, or posted to a space at set times. */
export function createReportsCapability(parts: ReportsParts): Capability {
  return {
    name: 'reports',
    commands: [reportsCommand(parts), reportsNow(parts), reportsSchedule(parts), reportsUnschedule(parts)],
    stepKinds: [],
    jobs: [createReportJob(parts.reports)],
  };
}
