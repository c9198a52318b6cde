import type { Access, Argument } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';

/** What every delegates command needs. What reading and writing lists needs depends on the site's backend: see READ_SCOPE and the step kinds. */
export const DELEGATES_ACCESS: Access = {
  linked: true,
  scopes: ['spark-admin:people_read', 'spark-admin:licenses_read'],
  roles: ['Full Administrator'],
};

/** The delegates (receivers): those who will schedule. */
export const delegatesArgument: Argument = {
  name: 'delegates', kind: 'people', label: 'Delegates', required: true, positional: true,
  help: 'those who schedule',
};

/** The hosts (granters): those for whom they schedule. */
export const hostsArgument: Argument = {
  name: 'for', kind: 'people', label: 'Hosts', required: true,
  help: 'those for whom they schedule',
};

export const siteArgument: Argument = {
  name: 'site', kind: 'text', label: 'Webex site', required: false,
  help: 'such as acme.webex.com; without it, each host’s default site',
};

/** `https://Acme.webex.com/` and `acme.webex.com` are one site. */
export function siteOf(text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const site = text.trim().toLowerCase().replace(/^https?:\/\//, '').replace(/\/+$/, '');
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(site)) {
    throw new CallerMistake({ code: 'SITE_INVALID', message: 'The site is not written as a host name. Write it like site=acme.webex.com.' });
  }
  return site;
}

/** `for=everyone`: all hosts of the organization. */
export const EVERYONE = 'everyone';
