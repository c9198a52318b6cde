import { textOf, type Button, type Command } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { sameId } from '../../../lib/ids.js';
import { markdown, plain, sentenceList } from '../../../lib/text.js';
import { reportArgument } from '../arguments.js';
import { REPORT_JOB, reportNamed, reportNameIn } from '../job.js';
import type { ReportsParts } from '../ports.js';
import { scheduleText } from './reports.js';

/** Webex draws five buttons. */
const MOST_BUTTONS = 5;

/** `reports unschedule <report>`: posts it no more. Only the caller's own; of several it asks which. */
export function reportsUnschedule({ reports }: Pick<ReportsParts, 'reports'>): Command {
  return {
    noun: 'reports', verb: 'unschedule', summary: 'Stop posting a report', examples: ['reports unschedule licenses'],
    arguments: [
      reportArgument(reports),
      { name: 'id', kind: 'text', label: 'Schedule', required: false, help: 'which of your schedules of this report, when there are several' },
    ],
    access: { linked: true, scopes: [], roles: [] }, plans: false,
    run: async (context, values) => {
      const report = reportNamed(reports(), textOf(values, 'report') ?? '');
      const id = textOf(values, 'id');
      const all = (await context.schedules.list(REPORT_JOB)).filter(({ input }) => reportNameIn(input) === report.name);
      const own = all.filter((schedule) => sameId(schedule.owner.personId, context.caller.personId) && (id === undefined || schedule.id === id));
      const [first] = own;
      if (first === undefined) {
        const owners = [...new Set(all.map(({ owner }) => plain(owner.displayName)))];
        throw new CallerMistake({
          code: 'NOT_SCHEDULED',
          message: `You have no ${id === undefined ? '' : 'such '}schedule of “${report.title}”.${owners.length === 0 ? '' : ` There are schedules of ${sentenceList(owners, 5)}: “schedules” lists them.`}`,
        });
      }
      if (own.length > 1) {
        const buttons = own.slice(0, MOST_BUTTONS).map((schedule): Button => ({
          title: `Stop ${schedule.id}`, command: 'reports unschedule', arguments: { report: report.name, id: schedule.id }, only: context.caller.personId, style: 'destructive',
        }));
        const lines = own.map((schedule) => `${schedule.id}: ${scheduleText(schedule)}`);
        const title = `“${report.title}” is posted several times. Which shall stop?`;
        return { kind: 'view', view: { audience: 'details', markdown: [markdown(title), ...lines.map((line) => `- ${markdown(line, 400)}`)].join('\n'), card: { template: 'bot/text', data: { title, lines }, buttons } } };
      }
      await context.schedules.remove(first.id);
      return { kind: 'view', view: { audience: 'details', markdown: `“${markdown(report.title)}” is no longer posted ${markdown(scheduleText(first).replace(/;[^;]*$/, ''), 400)}.` } };
    },
  };
}
