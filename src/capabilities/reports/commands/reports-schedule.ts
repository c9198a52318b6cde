import { textOf, type Command, type Context, type Report, type Values, type View } from '../../../bot/define.js';
import { CallerMistake } from '../../../lib/errors.js';
import { markdown } from '../../../lib/text.js';
import { tzOf, whenOf, WHEN_EXAMPLES } from '../../../schedules/when.js';
import * as people from '../../../webex/rest/people.js';
import type { Room } from '../../../webex/rest/rooms.js';
import { requireAccess } from '../access.js';
import { reportArgument } from '../arguments.js';
import { REPORT_JOB, reportNamed } from '../job.js';
import type { ReportsParts } from '../ports.js';
import { spaceFor, titleOf } from '../space.js';

/** Webex draws about this many choices well. */
const MOST_CHOICES = 50;

/** The words of the times that may stand as options, in the order in which they are read. */
const TIMES = ['every', 'cron', 'on', 'at'] as const;

/** `reports schedule <report> <when> [space=] [tz=]`: has a report posted at set times, made with the caller's account. */
export function reportsSchedule({ reports, bot }: ReportsParts): Command {
  return {
    noun: 'reports', verb: 'schedule', summary: 'Have a report posted at set times',
    examples: ['reports schedule licenses weekly on=Mon at=08:00', 'reports schedule audit every=12h space="Webex admins"', 'reports schedule changes weekdays at=07:30 tz=Europe/Berlin'],
    arguments: [
      reportArgument(reports),
      { name: 'when', kind: 'text', label: 'When', required: false, positional: true, help: `as ${WHEN_EXAMPLES.slice(0, 5).join('; ')}` },
      { name: 'space', kind: 'text', label: 'Space', required: false, help: 'the full title or the id of a space that you and I are in; without it, the space where you write this, or our 1:1' },
      { name: 'tz', kind: 'text', label: 'Time zone', required: false, help: 'as Europe/Berlin; without it, yours in Webex' },
      { name: 'every', kind: 'text', label: 'Every', required: false, help: 'instead of “when”: as 12h or 7d' },
      { name: 'at', kind: 'text', label: 'At', required: false, help: 'the time of day, with daily, weekdays, weekly or monthly' },
      { name: 'on', kind: 'text', label: 'On', required: false, help: 'the days of the week or the day of the month, with weekly or monthly' },
      { name: 'cron', kind: 'text', label: 'Cron', required: false, help: 'instead of “when”: five fields in quotes' },
    ],
    access: { linked: true, scopes: [], roles: [] }, plans: false,
    run: async (context, values) => {
      const report = reportNamed(reports(), textOf(values, 'report') ?? '');
      requireAccess(context, report);
      const written = timesIn(values);
      const tz = textOf(values, 'tz');
      const zone = tz === undefined ? await zoneOf(context) : tzOf(tz);
      if (written === '') return { kind: 'view', view: askWhen(context, report, zone, textOf(values, 'space')) };
      const when = whenOf(written, { tz: zone, now: context.clock.now() });
      const found = await spaceFor(context, bot, textOf(values, 'space'));
      if ('several' in found) return { kind: 'view', view: askSpace(context, report, found.several, { when: written, tz: zone }) };
      const { id } = await context.schedules.add({ job: REPORT_JOB, input: { report: report.name }, title: `Report: ${report.title}`, when, tz: zone, ...found });
      return { kind: 'run', command: `schedules show ${id}` };
    },
  };
}

/** What was said about the times, as one text. */
function timesIn(values: Values): string {
  return [textOf(values, 'when'), ...TIMES.map((name) => {
    const text = textOf(values, name);
    return text === undefined ? undefined : `${name}=${text}`;
  })].filter((part) => part !== undefined).join(' ');
}

/** The caller's time zone as Webex has it; UTC where Webex has none that is known here. */
async function zoneOf(context: Context): Promise<string> {
  const { timezone } = await people.me(context.webex);
  try {
    return timezone === undefined ? 'UTC' : tzOf(timezone);
  } catch (error) {
    if (error instanceof CallerMistake) return 'UTC';
    throw error;
  }
}

function askWhen({ organization, caller }: Context, { name, title }: Report, tz: string, space: string | undefined): View {
  return {
    audience: 'open',
    markdown: `When shall “${markdown(title)}” be posted? Write for example: reports schedule ${markdown(name)} weekly on=Mon at=08:00`,
    card: {
      template: 'reports/schedule',
      data: { organization: organization.name, title, examples: WHEN_EXAMPLES.slice(0, 5).join('; '), tz, space: space ?? '' },
      buttons: [{ title: 'Schedule', command: 'reports schedule', arguments: { report: name }, only: caller.personId, style: 'positive' }],
    },
  };
}

/** Which spaces somebody is in is nobody else's business. */
function askSpace({ organization, caller }: Context, { name, title }: Report, rooms: readonly Room[], args: { when: string; tz: string }): View {
  const choices = rooms.slice(0, MOST_CHOICES).map((room) => ({ title: spaceText(room), value: room.id }));
  const asked = `You are in ${rooms.length} spaces with this title${choices.length < rooms.length ? `; the first ${choices.length} are shown` : ''}. Which of them shall get “${title}”?`;
  return {
    audience: 'private',
    markdown: [markdown(asked, 400), ...choices.map((choice) => `- ${markdown(choice.title, 300)}: space=${markdown(choice.value)}`)].join('\n'),
    card: {
      template: 'reports/space',
      data: { organization: organization.name, asked, choices },
      buttons: [{ title: 'Schedule', command: 'reports schedule', arguments: { report: name, ...args }, only: caller.personId, style: 'positive' }],
    },
  };
}

/** Spaces of one title are told apart by their days, and by the end of the id. */
function spaceText(room: Room): string {
  const days = [['made on', room.created], ['last active on', room.lastActivity]].flatMap(([word = '', at]) => (at === undefined ? [] : [`${word} ${at.slice(0, 10)}`]));
  return [titleOf(room), ...days, `id …${room.id.slice(-8)}`].join(', ');
}
