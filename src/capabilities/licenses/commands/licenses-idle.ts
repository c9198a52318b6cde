import { textOf, type Button, type Command, type Context, type PersonRef, type View } from '../../../bot/define.js';
import { format } from '../../../lib/csv.js';
import { CallerMistake } from '../../../lib/errors.js';
import { count, plain } from '../../../lib/text.js';
import * as rest from '../../../webex/rest/licenses.js';
import type { LicenseUser } from '../../../webex/rest/licenses.js';
import { oneLicenseArgument, PEOPLE_READ_ACCESS } from '../access.js';
import { DAY_MS, isNewlyInvited, readActivity, type Activity, type Holding } from '../activity.js';
import { licenseOrQuestion } from '../ask.js';
import { openCatalog } from '../catalog.js';
import type { Known } from '../define.js';
import { keepIdleList } from '../idle-lists.js';
import { isManaged } from '../kinds.js';
import { namesOf } from '../names.js';
import { peopleView } from '../people-view.js';
import { nameOf } from './licenses-users.js';

const MOST_DAYS = 3650;

/** `licenses idle <license> [days=90]`: who has it and has not been active for so long, or never signed in. */
export const licensesIdle: Command = {
  noun: 'licenses', verb: 'idle',
  summary: 'Show who has a license but has not been active for some time or never signed in; ask them, or plan its removal',
  examples: ['licenses idle "Webex Calling - Standard"', 'licenses idle webinars days=30'],
  arguments: [oneLicenseArgument, { name: 'days', kind: 'text', label: 'Days', required: false, default: '90', help: 'without activity for at least so many days' }],
  access: PEOPLE_READ_ACCESS, plans: false,
  run: async (context, values) => {
    const days = daysOf(textOf(values, 'days') ?? '90');
    const found = licenseOrQuestion(context, await openCatalog(context), textOf(values, 'license') ?? '', { title: 'Show', command: 'licenses idle', arguments: { days: String(days) } });
    if ('view' in found) return { kind: 'view', view: found.view };
    const users: LicenseUser[] = [];
    for await (const user of rest.users(context.webex, found.known.license.id)) users.push(user);
    return { kind: 'view', view: await idleView(context, found.known, await readActivity(context, users, days), days) };
  },
};

function daysOf(text: string): number {
  const days = Number(/^(\d{1,4})\s*(d|days?)?$/i.exec(text.trim())?.[1] ?? NaN);
  if (days >= 1 && days <= MOST_DAYS) return days;
  throw new CallerMistake({ code: 'DAYS_INVALID', message: `days= is a number from 1 to ${MOST_DAYS.toLocaleString('en-US')}, such as days=90; it says “${plain(text, 40)}”.` });
}

async function idleView(context: Context, known: Known, holdings: readonly Holding[], days: number): Promise<View> {
  const now = context.clock.now();
  const byAge = [...holdings].sort((a, b) => sinceOf(a).localeCompare(sinceOf(b)) || nameOf(a.user).localeCompare(nameOf(b.user)));
  const of = (state: Activity['state']): Holding[] => byAge.filter(({ activity }) => activity.state === state);
  const [idle, never, unknown] = [of('idle'), of('never'), of('unknown')];
  const newly = never.filter((holding) => isNewlyInvited(holding, now, days));
  const both = [...idle, ...never];
  const lines = [
    `${count(holdings.length, 'person has', 'people have')} ${known.label}: ${number(idle.length)} not active for ${count(days, 'day')}, ${number(never.length)} never signed in, ${number(holdings.length - both.length - unknown.length)} active${unknown.length === 0 ? '' : `, ${number(unknown.length)} unknown`}.`,
    ...(newly.length === 0 ? [] : [`${number(newly.length)} of those who never signed in ${newly.length === 1 ? 'was' : 'were'} invited less than ${count(days, 'day')} ago.`]),
    ...(unknown.length === 0 ? [] : ['Whose activity is unknown is not counted as idle and is never planned for removal.']),
  ];
  const refOf = ({ user }: Holding): PersonRef => ({ id: user.id, email: user.email ?? '', displayName: nameOf(user), orgId: '' });
  const called = namesOf(holdings.map(refOf));
  const rowOf = (holding: Holding): { name: string; value: string } => ({ name: called(refOf(holding)), value: activityText(holding.activity, now) });
  return peopleView(context, {
    title: both.length === 0 ? `Nobody with ${known.label} is idle` : `${count(both.length, 'person', 'people')} with ${known.label} ${both.length === 1 ? 'is' : 'are'} idle`,
    lines,
    sections: [
      { heading: `Not active for ${count(days, 'day')}`, rows: idle.map(rowOf) },
      { heading: 'Never signed in', rows: never.map(rowOf) },
      { heading: 'Unknown, not counted', rows: unknown.map(rowOf) },
    ],
    buttons: isManaged(known) ? await buttonsFor(context, known, both, newly, days) : [],
    files: [{ name: 'license-idle.csv', content: csvOf(known, [...both, ...unknown], now) }],
  });
}

async function buttonsFor(context: Context, { license }: Known, both: readonly Holding[], newly: readonly Holding[], days: number): Promise<Button[]> {
  const only = context.caller.personId;
  const kept = (holdings: readonly Holding[]): Promise<string> => keepIdleList(context, { license: license.id, days, people: holdings.map(({ user }) => user.id) });
  const removal = (title: string, list: string): Button => ({ title, command: 'licenses reclaim', arguments: { list }, only, style: 'destructive' });
  if (both.length === 0) return [];
  const all = await kept(both);
  const others = both.filter((holding) => !newly.includes(holding));
  return [
    removal('Plan removal', all),
    ...(newly.length === 0 || others.length === 0 ? [] : [removal('Plan without the newly invited', await kept(others))]),
    { title: 'Ask each first', command: 'licenses ask', arguments: { list: all }, only },
  ];
}

/** For sorting: those who have been idle longest first. */
function sinceOf({ activity }: Holding): string {
  return activity.state === 'never' ? activity.invited ?? '' : activity.state === 'unknown' ? '' : activity.at ?? '';
}

function activityText(activity: Activity, now: number): string {
  if (activity.state === 'unknown') return activity.reason;
  if (activity.state === 'never') return activity.invited === undefined ? 'never signed in' : `never signed in, invited ${agoText(activity.invited, now)}`;
  return activity.at === undefined ? 'active now' : `last active ${agoText(activity.at, now)}`;
}

/** `2026-05-08, 200 days ago`. */
function agoText(at: string, now: number): string {
  return `${at.slice(0, 10)}, ${count(daysSince(at, now), 'day')} ago`;
}

function daysSince(at: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(at)) / DAY_MS));
}

function csvOf({ label, license }: Known, holdings: readonly Holding[], now: number): Buffer {
  return format(['email', 'name', 'state', 'lastActivity', 'invited', 'days', 'mayLogIn', 'note', 'license', 'licenseId'], holdings.map(({ user, activity, person }) => {
    const last = activity.state === 'idle' || activity.state === 'active' ? activity.at : undefined;
    const invited = activity.state === 'never' ? activity.invited : undefined;
    const since = last ?? invited;
    return [
      user.email ?? person?.emails[0] ?? '', user.displayName ?? person?.displayName ?? '', activity.state === 'never' ? 'never signed in' : activity.state, last ?? '', invited ?? '',
      since === undefined ? '' : String(daysSince(since, now)), person?.loginEnabled === undefined ? '' : person.loginEnabled ? 'yes' : 'no',
      activity.state === 'unknown' ? activity.reason : '', label, license.id,
    ];
  }));
}

function number(n: number): string {
  return n.toLocaleString('en-US');
}
