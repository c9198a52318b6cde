import type { ReadClient } from '../call.js';
import { WebexRefused } from '../errors.js';
import { unexpected } from '../failures.js';
import { element, elementAt, elementsOf, NO_RECORD, textOf, type Element } from './envelope.js';
import { perform } from './sessions.js';

/** Users in one page; Webex gives 10 when it is not said. */
const PAGE = 500;

export interface UserSummary {
  webExId: string;
  email: string;
  firstName: string;
  lastName: string;
  /** `ACTIVATED`, `DEACTIVATED` … */
  active: string;
}

/** The users of a site, for its administrators; with `email` the one with this address. Streamed. Throws when fewer come than announced. */
export async function* lstsummaryUser(client: ReadClient, site: string, options: { email?: string } = {}): AsyncGenerator<UserSummary> {
  let read = 0;
  let total = 0;
  do {
    const body = await page(client, site, read + 1, options.email);
    if (body === undefined) break;
    const records = elementAt(body, 'matchingRecords');
    total = Number(textOf(records, 'total') ?? Number.NaN);
    if (Number.isNaN(total)) throw unexpected('a list of users without their number');
    const users = elementsOf(body, 'user');
    if (users.length === 0) break;
    for (const user of users) yield summaryOf(user);
    read += users.length;
  } while (read < total);
  if (read < total) throw unexpected(`${read} users of a list of ${total}`);
}

/** One page; undefined when Webex says that there is no record. */
async function page(client: ReadClient, site: string, startFrom: number, email: string | undefined): Promise<Element | undefined> {
  const control = element('serv:startFrom', String(startFrom)) + element('serv:maximumNum', String(PAGE)) + element('serv:listMethod', 'AND');
  const content = `<listControl>${control}</listControl><order>${element('orderBy', 'UID')}${element('orderAD', 'ASC')}</order>`
    + (email === undefined ? '' : element('email', email));
  try {
    return (await perform(client, { site, operation: 'LstsummaryUser', content })).body;
  } catch (error) {
    if (error instanceof WebexRefused && error.errorCode === NO_RECORD) return undefined;
    throw error;
  }
}

function summaryOf(user: Element): UserSummary {
  const webExId = textOf(user, 'webExId');
  if (webExId === undefined) throw unexpected('a user without a webExId');
  const text = (name: string): string => textOf(user, name) ?? '';
  return { webExId, email: textOf(user, 'email') ?? webExId, firstName: text('firstName'), lastName: text('lastName'), active: text('active') };
}
