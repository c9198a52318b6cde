import type { Clock } from '../lib/clock.js';
import { idKey, sameId } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import type { ReadClient } from '../webex/call.js';
import { WebexRefused } from '../webex/errors.js';
import * as organizations from '../webex/rest/organizations.js';
import * as people from '../webex/rest/people.js';
import * as roles from '../webex/rest/roles.js';
import { refusalOf, type Allowed } from './allowed.js';
import type { Account, Authority } from './define.js';
import type { AccountRecords } from './records.js';

/** The names of roles hardly ever change; whose they are is read each time. */
const ROLE_NAMES_MS = 60 * 60_000;

/** Webex: a partner's administrator may not grant these for a customer's organization. */
const NOT_FOR_CUSTOMERS = /^meeting:admin_/;

export interface AuthorityParts {
  records: AccountRecords;
  reader: (account: Account) => ReadClient;
  allowed: Allowed;
  clock: Clock;
  log: Log;
}

/** Answers what somebody may do now: asked of Webex each time, with that person's own account. What cannot be read means no. */
export function createAuthority(parts: AuthorityParts): (organization: string, personId: string) => Promise<Authority> {
  const { records, reader, allowed, log } = parts;
  const namesOf = roleNames(parts.clock);

  return async (organization, personId) => {
    const account = await records.findAnywhere(personId);
    if (account === undefined) return no('NOT_LINKED', 'Your Webex account is not linked. Write “account link” to me in our 1:1.');
    if (account.state === 'relink') return relink;
    const webex = impatient(reader(account));
    try {
      const me = await people.me(webex);
      if (!sameId(me.id, account.personId)) return no('UNREADABLE', 'Webex answered for somebody else. Link your account again: “account link”.');
      if (me.loginEnabled === false) return no('LOGIN_DISABLED', 'Your Webex account is switched off.');
      if (!sameId(me.orgId, account.orgId)) return no('OTHER_ORGANIZATION', 'You have moved to another organization. Link your account again: “account link”.');
      const refusal = refusalOf(allowed, { email: me.emails[0] ?? '', orgId: me.orgId, type: me.type });
      if (refusal !== undefined) return no('NOT_ALLOWED', refusal);
      const names = await namesOf(webex, me.roles ?? []);
      if (sameId(organization, account.orgId)) return { ok: true, account, roles: names };
      // What was reached when the account was linked may have been taken away since.
      const managed = await organizations.list(webex);
      if (!managed.some(({ id }) => sameId(id, organization))) {
        return no('OTHER_ORGANIZATION', 'Your account does not reach this organization. “account status” shows which it reaches; “account use” changes the organization of this space.');
      }
      return { ok: true, account: { ...account, scopes: account.scopes.filter((scope) => !NOT_FOR_CUSTOMERS.test(scope)) }, roles: names };
    } catch (error) {
      if (await isGone(error, records, account)) return relink;
      log.warn({ error, personId: account.personId }, 'the authority of an account cannot be read');
      return no('UNREADABLE', error instanceof WebexRefused && error.status === 403
        ? 'Webex does not let your account show who you are and which roles you have. Link it again: “account link”.'
        : error instanceof WebexRefused && error.status === 429 ? error.message
        : 'Webex does not say at the moment what you may do, so the answer is no. Try again in a minute.');
    }
  };
}

const relink = no('RELINK', 'Webex no longer takes the grant of your account. Link it again: “account link”.');

function no(code: Extract<Authority, { ok: false }>['code'], reason: string): Authority {
  return { ok: false, code, reason };
}

/** A 401 that came back after a refresh, or a refresh that found the grant gone (then the tokens' keeper has set the state). */
async function isGone(error: unknown, records: AccountRecords, account: Account): Promise<boolean> {
  if (error instanceof WebexRefused && error.status === 401) {
    await records.change(account, (found) => ({ ...found, state: 'relink' }));
    return true;
  }
  return (await records.findAnywhere(account.personId))?.state === 'relink';
}

/** Role ids to names. A name that is not known gives nothing; ids that are not known are asked for once more. */
function roleNames(clock: Clock): (webex: ReadClient, ids: readonly string[]) => Promise<string[]> {
  let known = new Map<string, string>();
  let readAt = -Infinity;
  return async (webex, ids) => {
    if (ids.length === 0) return [];
    if (clock.now() - readAt > ROLE_NAMES_MS || ids.some((id) => !known.has(idKey(id)))) {
      known = new Map((await roles.list(webex)).map(({ id, name }) => [idKey(id), name]));
      readAt = clock.now();
    }
    return ids.flatMap((id) => known.get(idKey(id)) ?? []);
  };
}

/** Somebody waits for the answer: while Webex asks to be left alone for long, what may be done is not known, and that means no. */
function impatient(reader: ReadClient): ReadClient {
  return { ...reader, send: (call) => reader.send({ impatient: true, ...call }), follow: (link, like) => reader.follow(link, { impatient: true, ...like }) };
}
