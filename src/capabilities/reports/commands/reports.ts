import type { Command, Context, Report } from '../../../bot/define.js';
import { markdown, plain } from '../../../lib/text.js';
import type { Schedule } from '../../../schedules/define.js';
import { timeIn, whenText } from '../../../schedules/when.js';
import { lackingFor } from '../access.js';
import { REPORT_JOB, reportNameIn } from '../job.js';
import type { ReportsParts } from '../ports.js';

/** `reports`: which there are and when they are posted, with a choice to see one now or to schedule it. */
export function reportsCommand({ reports }: Pick<ReportsParts, 'reports'>): Command {
  return {
    noun: 'reports', verb: '', summary: 'Show which reports there are, and when they are posted', examples: ['reports'],
    arguments: [], access: { linked: true, scopes: [], roles: [] }, plans: false,
    run: async (context) => {
      const schedules = await context.schedules.list(REPORT_JOB);
      const rows = reports().map((report) => rowOf(context, report, schedules.filter(({ input }) => reportNameIn(input) === report.name)));
      return {
        kind: 'view',
        view: {
          audience: 'details',
          markdown: [
            '**Reports**',
            ...rows.flatMap(({ name, title, summary, lacks, times }) => [`- **${markdown(name)}**: ${markdown(title)}. ${markdown(summary, 300)}.`, ...[...(lacks === '' ? [] : [lacks]), ...times].map((line) => `  - ${markdown(line, 500)}`)]),
            'See one with: reports now licenses. Have it posted with: reports schedule licenses weekly on=Mon at=08:00 space="Title of a space".',
          ].join('\n'),
          card: {
            template: 'reports/home',
            data: { organization: context.organization.name, rows, choices: rows.map(({ title, name }) => ({ title, value: name })) },
            buttons: [
              { title: 'Show now', command: 'reports now', arguments: {}, style: 'positive' },
              { title: 'Schedule…', command: 'reports schedule', arguments: {} },
              { title: 'Stop posting it', command: 'reports unschedule', arguments: {} },
            ],
          },
        },
      };
    },
  };
}

function rowOf(context: Context, report: Report, schedules: readonly Schedule[]): { name: string; title: string; summary: string; lacks: string; times: string[] } {
  const { name, title, summary } = report;
  return { name, title, summary, lacks: lackingFor(context, report)?.message ?? '', times: schedules.map(scheduleText) };
}

/** `weekdays at 07:00 (Europe/Berlin) in “Ops”, by Anna Berg; next Wed 2026-11-25 07:00`. */
export function scheduleText({ when, tz, space, owner, state, nextDue }: Schedule): string {
  const where = space === undefined ? `in the 1:1 with ${plain(owner.displayName)}` : `in “${plain(space.title)}”, by ${plain(owner.displayName)}`;
  return `${whenText(when, tz)} ${where}; ${state === 'active' && nextDue !== undefined ? `next ${timeIn(nextDue, tz)}` : state}`;
}
