import { siteUserOf } from '../delegates.js';
import { keyOf } from '../ids.js';
import type { Person } from '../model.js';
import type { ApiReply } from '../route.js';
import { accessDenied, elementAt, EXCEPTION, success, tag, textAt, XmlFailure, type Element } from './envelope.js';
import type { XmlRequest } from './sessions.js';

const DEFAULT_COUNT = 10;
const LARGEST_COUNT = 500;

/** Milliseconds as `MM/DD/YYYY HH:MM:SS`, UTC. */
function dateText(iso: string): string {
  const [, year = '', month = '', day = '', time = ''] = /^(\d+)-(\d+)-(\d+)T([\d:]{8})/.exec(iso) ?? [];
  return `${month}/${day}/${year} ${time}`;
}

function dateOf(text: string): number {
  const [, month = '', day = '', year = '', time = ''] = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(text) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${time}Z`);
  if (Number.isNaN(at)) throw new XmlFailure(EXCEPTION.unsupported, 'A date has the form MM/DD/YYYY HH:MM:SS', text);
  return at;
}

function numberAt(content: Element, name: string, fallback: number): number {
  const value = Number(textAt(content, 'listControl', name) ?? fallback);
  if (!Number.isInteger(value) || value < 1) throw new XmlFailure(EXCEPTION.unsupported, `${name} is not a positive number`);
  return value;
}

/** webExId, email and dates of registration; joined by `listMethod`, AND unless it is OR. */
function filterOf(content: Element): (person: Person) => boolean {
  const tests: ((person: Person) => boolean)[] = [];
  for (const name of ['webExId', 'email']) {
    const wanted = textAt(content, name)?.toLowerCase();
    if (wanted !== undefined && wanted !== '') tests.push((person) => person.emails[0]?.toLowerCase() === wanted);
  }
  const start = textAt(content, 'dataScope', 'regDateStart');
  const end = textAt(content, 'dataScope', 'regDateEnd');
  const from = start === undefined ? -Infinity : dateOf(start);
  const to = end === undefined ? Infinity : dateOf(end);
  if (elementAt(content, 'dataScope') !== undefined) tests.push((person) => Date.parse(person.created) >= from && Date.parse(person.created) <= to);
  const either = textAt(content, 'listControl', 'listMethod')?.toUpperCase() === 'OR' && tests.length > 0;
  return (person) => (either ? tests.some((test) => test(person)) : tests.every((test) => test(person)));
}

const idOf = (person: Person): string => person.emails[0]?.toLowerCase() ?? '';

/** The users of the site, a page at a time; for site admins. One hit is one element; none is the failure 000015. */
export function lstsummaryUser({ state, content, siteUrl, seat }: XmlRequest): ApiReply {
  if (!seat.isSiteAdmin) throw accessDenied();
  const startFrom = numberAt(content, 'startFrom', 1);
  const maximumNum = Math.min(LARGEST_COUNT, numberAt(content, 'maximumNum', DEFAULT_COUNT));
  const fits = filterOf(content);
  const matching = [...state.people.values()].filter((person) => siteUserOf(person, siteUrl) !== undefined && fits(person));
  const sign = textAt(content, 'order', 'orderAD')?.toUpperCase() === 'DESC' ? -1 : 1;
  matching.sort((a, b) => sign * (idOf(a) < idOf(b) ? -1 : 1));
  const shown = matching.slice(startFrom - 1, startFrom - 1 + maximumNum);
  if (shown.length === 0) throw new XmlFailure(EXCEPTION.noRecord, 'Sorry, no record found');
  const users = shown.map((person) => `<use:user>${[
    tag('use:webExId', person.emails[0]), tag('use:firstName', person.firstName), tag('use:lastName', person.lastName), tag('use:email', person.emails[0]),
    tag('use:registrationDate', dateText(person.created)), tag('use:active', person.loginEnabled ? 'ACTIVATED' : 'DEACTIVATED'),
    tag('use:timeZoneID', 25), tag('use:objectGUID', keyOf(person.id)),
  ].join('')}</use:user>`);
  const records = tag('serv:total', matching.length) + tag('serv:returned', shown.length) + tag('serv:startFrom', startFrom);
  return success('lstsummaryUserResponse', `${users.join('')}<use:matchingRecords>${records}</use:matchingRecords>`);
}
