import { z } from 'zod';
import type { Job, Report } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { plain } from '../../lib/text.js';
import { requireAccess } from './access.js';
import { periodOf } from './period.js';

/** The name of the job in schedules. */
export const REPORT_JOB = 'report';

const inputSchema = z.object({ report: z.string() });

/** The name of the report that a schedule makes; undefined when it makes none. */
export function reportNameIn(input: unknown): string | undefined {
  return inputSchema.safeParse(input).data?.report;
}

/** Makes a report at set times, about the time since the last one. Whatever is missing or cannot be read throws: the scheduler tells of the failed run. */
export function createReportJob(reports: () => readonly Report[]): Job {
  return {
    name: REPORT_JOB,
    // What a report itself needs is compared when it is made.
    access: { linked: true, scopes: [], roles: [] },
    run: async (context, run) => {
      const report = reportNamed(reports(), reportNameIn(run.schedule.input) ?? '');
      requireAccess(context, report);
      const period = await periodOf(context, run);
      const view = await report.make(context, { since: period.since });
      // What is sent between two times is extra: the next one still tells everything.
      if (!run.asked) await period.told();
      return { view, outcome: 'done', note: `${report.title}: made` };
    },
  };
}

/** The report of this name (whatever its case). Throws CallerMistake that names all. */
export function reportNamed(reports: readonly Report[], name: string): Report {
  const found = reports.find((report) => report.name === name.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new CallerMistake({ code: 'UNKNOWN_REPORT', message: `There is no report “${plain(name, 40)}”. There are: ${reports.map((report) => report.name).join(', ')}.` });
}
