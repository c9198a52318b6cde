import { textOf, type Command, type Context, type View } from '../../../bot/define.js';
import { format } from '../../../lib/csv.js';
import { count } from '../../../lib/text.js';
import * as rest from '../../../webex/rest/licenses.js';
import type { LicenseUser } from '../../../webex/rest/licenses.js';
import { oneLicenseArgument, READ_ACCESS } from '../access.js';
import { licenseOrQuestion } from '../ask.js';
import { openCatalog } from '../catalog.js';
import type { Known } from '../define.js';
import { isManaged } from '../kinds.js';
import { peopleView } from '../people-view.js';

/** `licenses users <license>`: everybody who has it, to the last page, on a card and in a file. */
export const licensesUsers: Command = {
  noun: 'licenses', verb: 'users',
  summary: 'Show everybody who has a license, also people of other organizations, as a list and a CSV file',
  examples: ['licenses users "Webex Calling - Standard"', 'licenses users webinars'],
  arguments: [oneLicenseArgument], access: READ_ACCESS, plans: false,
  run: async (context, values) => {
    const found = licenseOrQuestion(context, await openCatalog(context), textOf(values, 'license') ?? '', { title: 'Show', command: 'licenses users', arguments: {} });
    if ('view' in found) return { kind: 'view', view: found.view };
    const users: LicenseUser[] = [];
    for await (const user of rest.users(context.webex, found.known.license.id)) users.push(user);
    return { kind: 'view', view: usersView(context, found.known, users) };
  },
};

/** `INTERNAL` and `EXTERNAL` as people say it; what Webex does not tell is not guessed. */
export function sideOf({ type }: Pick<LicenseUser, 'type'>): 'internal' | 'external' | 'not told' {
  return type === 'INTERNAL' ? 'internal' : type === 'EXTERNAL' ? 'external' : 'not told';
}

/** By name, else by address. */
export function nameOf({ displayName, email, id }: LicenseUser): string {
  return displayName ?? email ?? `somebody whose name Webex does not show (id …${id.slice(-8)})`;
}

function usersView(context: Context, known: Known, users: readonly LicenseUser[]): View {
  const { license, label } = known;
  const sorted = [...users].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const external = sorted.filter((user) => sideOf(user) === 'external');
  const { consumedByUsers: counted, consumedByWorkspaces: workspaces = 0 } = license;
  const lines = [
    `${count(users.length, 'person has', 'people have')} it: ${(users.length - external.length).toLocaleString('en-US')} of this organization, ${external.length.toLocaleString('en-US')} of others.`,
    ...(workspaces === 0 ? [] : [`Besides, ${count(workspaces, 'workspace uses it', 'workspaces use it')}; Webex does not list which.`]),
    // Pending licenses of outside people are counted before they are shown, and counts lag.
    ...(counted === undefined || counted === users.length ? [] : [`Webex counts ${count(counted, 'person', 'people')}: counts follow a change after a while, and include people of other organizations who have not accepted yet.`]),
  ];
  const rowOf = (user: LicenseUser): { name: string; value: string } => ({ name: nameOf(user), value: user.email ?? '' });
  return peopleView(context, {
    title: label, lines,
    sections: [{ heading: 'Of other organizations', rows: external.map(rowOf) }, { heading: 'Of this organization', rows: sorted.filter((user) => !external.includes(user)).map(rowOf) }],
    buttons: [
      ...(isManaged(known) ? [
        { title: 'Assign…', command: 'licenses assign', arguments: { license: license.id }, style: 'positive' } as const,
        { title: 'Remove…', command: 'licenses remove', arguments: { license: license.id }, style: 'destructive' } as const,
      ] : []),
      { title: 'Who is idle', command: 'licenses idle', arguments: { license: license.id } },
    ],
    files: [{
      name: 'license-users.csv',
      content: format(['email', 'name', 'type', 'license', 'licenseId'], sorted.map((user) => [user.email ?? '', user.displayName ?? '', sideOf(user), label, license.id])),
    }],
  });
}
