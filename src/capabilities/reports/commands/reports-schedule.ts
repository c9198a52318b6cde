import { textOf, type Command, type Context, type Report, type View } from '../../../bot/define.js';
import { timeZoneOf, whenArguments, whenWritten, zoneArgument } from '../../../bot/times.js';
import { markdown } from '../../../lib/text.js';
import { whenOf, WHEN_EXAMPLES } from '../../../schedules/when.js';
import type { Room } from '../../../webex/rest/rooms.js';
import { requireAccess } from '../access.js';
import { reportArgument } from '../arguments.js';
import { REPORT_JOB, reportNamed } from '../job.js';
import type { ReportsParts } from '../ports.js';
import { spaceFor, titleOf } from '../space.js';

/** Webex draws about this many choices well. */
const MOST_CHOICES = 50;

/** `reports schedule <report> <when> [space=] [tz=]`: has a report posted at set times, made with the caller's account. */
export function reportsSchedule({ reports, bot }: ReportsParts): Command {
  return {
    noun: 'reports', verb: 'schedule', summary: 'Have a report posted at set times',
    examples: ['reports schedule licenses weekly on=Mon at=08:00', 'reports schedule audit every=12h space="Webex admins"', 'reports schedule changes weekdays at=07:30 tz=Europe/Berlin'],
    arguments: [
      reportArgument(reports),
      ...whenArguments,
      { name: 'space', kind: 'text', label: 'Space', required: false, help: 'the full title or the id of a space that you and I are in; without it, the space where you write this, or our 1:1' },
      zoneArgument,
    ],
    access: { linked: true, scopes: [], roles: [] }, plans: false,
    run: async (context, values) => {
      const report = reportNamed(reports(), textOf(values, 'report') ?? '');
      requireAccess(context, report);
      const written = whenWritten(values);
      const zone = await timeZoneOf(context, textOf(values, 'tz'));
      if (written === '') return { kind: 'view', view: askWhen(context, report, zone, textOf(values, 'space')) };
      const when = whenOf(written, { tz: zone, now: context.clock.now() });
      const found = await spaceFor(context, bot, textOf(values, 'space'));
      if ('several' in found) return { kind: 'view', view: askSpace(context, report, found.several, { when: written, tz: zone }) };
      const { id } = await context.schedules.add({ job: REPORT_JOB, input: { report: report.name }, title: `Report: ${report.title}`, when, tz: zone, ...found });
      return { kind: 'run', command: `schedules show ${id}` };
    },
  };
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
