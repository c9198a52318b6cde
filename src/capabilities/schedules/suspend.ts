import type { View } from '../../bot/define.js';
import { sameId } from '../../lib/ids.js';
import { markdown } from '../../lib/text.js';
import type { Owner, Schedule } from '../../schedules/define.js';
import { whenText } from '../../schedules/when.js';
import { lackOf, ownerName } from './access.js';
import type { SchedulesParts } from './ports.js';
import type { Reports } from './reports.js';
import { spaceText } from './words.js';

const MOST_ASKED = 20;

/** The owner cannot act any more: nothing runs until another administrator takes the schedule over, or the owner mends it. All of them are asked. */
export async function suspend(parts: SchedulesParts, reports: Reports, schedule: Schedule, { code, reason: toOwner }: { code: string; reason: string }): Promise<void> {
  const { scheduler, log } = parts;
  const organization = schedule.organization.id;
  const reason = OF_OTHERS[code] ?? toOwner;
  await scheduler.suspend(organization, schedule.id, reason);
  const others = await successors(parts, schedule);
  let asked = 0;
  for (const { personId } of others) {
    try {
      await parts.poster.post({ person: personId, organization }, askView(schedule, reason, personId));
      asked += 1;
    } catch (error) {
      // One who cannot be reached must not keep the others from being asked.
      log.error({ error, schedule: schedule.id, person: personId }, 'nobody could be asked to take a schedule over');
    }
  }
  const then = asked === 0
    ? 'No other administrator who may do the same has linked an account: somebody must write “account link” to me, and can then take it over.'
    : 'Other administrators were asked to take it over or to stop it.';
  await reports.failed(schedule, undefined, `${ownerName(schedule)} cannot act any more. ${reason} ${then}`);
  await reports.tell(schedule, {
    audience: 'private',
    markdown: `**${markdown(schedule.title)}** runs no more under your account: ${markdown(toOwner, 700)} ${markdown(then)} Once it is mended, you can go on: \`schedules resume ${schedule.id}\``,
  });
}

/** What is told to the owner himself speaks of “your account”. */
const OF_OTHERS: Record<string, string> = {
  NOT_LINKED: 'The account is not linked any more.',
  RELINK: 'Webex no longer takes the grant of the account.',
  LOGIN_DISABLED: 'The Webex account is switched off.',
  OTHER_ORGANIZATION: 'The account does not reach this organization any more.',
};

/** Other administrators whose own accounts may do the same, as Webex says now. */
async function successors(parts: SchedulesParts, schedule: Schedule): Promise<Owner[]> {
  const able: Owner[] = [];
  for (const admin of await parts.admins(schedule.organization.id)) {
    if (able.length === MOST_ASKED || sameId(admin.personId, schedule.owner.personId)) continue;
    const found = await parts.contextFor({ ...schedule, owner: admin });
    if (found.ok && (await lackOf(parts, schedule, found.context.account)) === undefined) able.push(admin);
  }
  return able;
}

function askView(schedule: Schedule, reason: string, only: string): View {
  const facts = [
    { title: 'When', value: whenText(schedule.when, schedule.tz) },
    { title: 'Reports to', value: spaceText(schedule) },
    { title: 'Owner', value: ownerName(schedule) },
    { title: 'Id', value: schedule.id },
  ];
  const line = `It runs no more: ${ownerName(schedule)} cannot act any more. ${reason}`;
  const hint = 'Who takes it over lets it run under the own account. What it would change is shown first and waits for a press.';
  return {
    audience: 'private',
    markdown: [
      `**${markdown(schedule.title)}** (${markdown(schedule.organization.name)})`, '', markdown(line, 1000), '',
      ...facts.map(({ title, value }) => `- ${title}: ${markdown(value, 300)}`), '',
      `Take it over: \`schedules take-over ${schedule.id}\`, or stop it: \`schedules stop ${schedule.id}\``,
    ].join('\n'),
    card: {
      template: 'schedules/suspended',
      data: { title: schedule.title, organization: schedule.organization.name, line, facts, hint },
      buttons: [
        { title: 'Take over', command: 'schedules take-over', arguments: { id: schedule.id }, only, style: 'positive' },
        { title: 'Stop', command: 'schedules stop', arguments: { id: schedule.id }, only, style: 'destructive' },
      ],
    },
  };
}
