import { peopleOf, type Access, type Argument, type PeopleArgument, type PersonRef, type Values } from '../../bot/define.js';
import { fromArgument, untilArgument } from '../../bot/times.js';
import { CallerMistake } from '../../lib/errors.js';
import { ROLES } from '../../webex/roles.js';

/** What planning needs; writing needs spark-admin:people_write besides, as the step kind says. */
export const CHANGE_ACCESS: Access = { linked: true, scopes: ['spark-admin:people_read', 'spark-admin:licenses_read'], roles: [ROLES.full, ROLES.users] };

export const peopleArgument: Argument = { name: 'people', kind: 'people', label: 'People', required: true, positional: true, help: 'whose licenses are changed' };

export const licenseArgument: Argument = {
  name: 'license', kind: 'text', label: 'Licenses', required: true,
  help: 'names as “licenses” shows them, ids, or template:"Name", with commas',
};

export const callingArguments: Argument[] = [
  { name: 'extension', kind: 'text', label: 'Extension', required: false, help: 'for a calling license; needs the location, if there is no phone number' },
  { name: 'phone', kind: 'text', label: 'Phone number', required: false, help: 'for a calling license, such as +12125550123' },
  { name: 'location', kind: 'text', label: 'Location', required: false, help: 'name of the location where a calling license is used' },
];

export const timeArguments: Argument[] = [
  untilArgument,
  fromArgument,
];

/** People of other organizations are never taken for typing errors, nor typing errors for them. */
export const outsideArgument: Argument = {
  name: 'outside', kind: 'choice', label: 'People of other organizations', required: false, default: 'no',
  choices: [{ title: 'No', value: 'no' }, { title: 'Yes, by address', value: 'yes' }],
  help: 'yes: addresses that are not of this organization are of another; they can get meeting licenses and sites',
};

export const siteArgument: Argument = { name: 'site', kind: 'text', label: 'Webex site', required: true, help: 'such as acme.webex.com' };

const ADDRESS = /^[^\s@,;<>"]+@[^\s@,;<>"]+$/;

/** With `outside=yes` the addresses that nobody of the organization has are people of other organizations. */
export function withOutsiders(argument: PeopleArgument, isWanted: boolean): PeopleArgument {
  if (!isWanted) return argument;
  const outside = argument.problems.filter(({ subject }) => ADDRESS.test(subject));
  const people = outside.map(({ subject }) => outsider(subject));
  return { people: [...argument.people, ...people], problems: argument.problems.filter((problem) => !outside.includes(problem)) };
}

/** Somebody of another organization, of whom only the address is known. */
export function outsider(address: string): PersonRef {
  return { id: '', email: address.toLowerCase(), displayName: address, orgId: '' };
}

/** `https://Acme.webex.com/` and `acme.webex.com` are one site. */
export function siteOf(text: string): string {
  const site = text.trim().toLowerCase().replace(/^https?:\/\//, '').replace(/\/+$/, '');
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(site)) throw new CallerMistake({ code: 'SITE_INVALID', message: 'The site is not written as a host name. Write it like site=acme.webex.com.' });
  return site;
}

/** People as a command names them, so that it means the same again. */
export function writtenPeople({ people, problems }: PeopleArgument): string {
  return [...people.map(({ email }) => email), ...problems.map(({ subject }) => `"${subject.replaceAll('"', '')}"`)].join(',');
}

/** What was written, as the button of a card is bound to it: all but what that card asks for (`asked`). */
export function boundTo(values: Values, asked?: string): Record<string, string> {
  const texts = Object.entries(values).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || name === asked) return [];
    return [[name, typeof value === 'string' ? value : writtenPeople(peopleOf(values, name))]];
  });
  return Object.fromEntries(texts);
}
