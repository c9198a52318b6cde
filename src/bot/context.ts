import { setMaxListeners } from 'node:events';
import type { Account } from '../accounts/define.js';
import { CallerMistake } from '../lib/errors.js';
import { sameId } from '../lib/ids.js';
import type { ReadClient } from '../webex/call.js';
import { sealedRecords } from '../store/sealed.js';
import type { AttachedCsv, Caller, Command, Context, Place } from './define.js';
import { livePeople } from './live.js';
import type { PeopleFinder } from './people.js';
import type { ShellParts } from './ports.js';

/** Who asks for what, where, and about which organization. */
export interface Ask {
  caller: Caller;
  place: Place;
  organization: { id: string; name: string };
  via: Context['via'];
}

/** Everything that a command gets, and by which its people arguments are found. */
export interface Means {
  context: Context;
  finder: PeopleFinder;
}

/** Makes what a command may use. `signal` ends its reads of Webex. */
export function meansFor(
  parts: ShellParts, ask: Ask, command: Pick<Command, 'noun' | 'verb' | 'plans'>, allowed: { account: Account | undefined; roles: string[] }, csv: AttachedCsv | undefined, signal: AbortSignal,
): Means {
  const { account, roles } = allowed;
  // Every read under way listens to it.
  setMaxListeners(0, signal);
  const { organization, caller, place } = ask;
  const webex = account === undefined ? nobody(caller) : hurried(parts.accounts.reader(account), { impatient: !command.plans, signal });
  const home = account === undefined || sameId(account.orgId, organization.id);
  const live = livePeople(webex, { id: organization.id, home });
  const reading = { reader: webex, organization: organization.id, home };
  const records = parts.store.organization(organization.id);
  const search = (text: string, limit: number): ReturnType<Context['findPeople']> => parts.directory.search(reading, text, limit);
  return {
    context: {
      caller, place, organization, webex, csv, via: ask.via,
      account: account && { personId: account.personId, email: account.email, scopes: account.scopes, roles },
      findPeople: search,
      peopleByEmail: (emails) => live.byEmail(emails),
      records,
      sealed: (collection) => sealedRecords({ partition: records, vault: parts.vault, organization: organization.id, collection }),
      audit: (action, subject, details) => parts.audit.record(organization.id, { actor: caller.personId, action, subject, details }),
      settings: parts.settings.at(organization.id, place.roomId === '' ? {} : { roomId: place.roomId }),
      schedules: parts.schedules(organization, caller),
      outdate: (command, reason, set) => parts.outdate(organization.id, command, reason, set),
      clock: parts.clock,
      log: parts.log.child({ command: `${command.noun} ${command.verb}`.trim(), organization: organization.id, caller: caller.personId }),
    },
    finder: {
      ...live,
      search,
      group: (name) => parts.directory.group(reading, name),
      department: (name) => parts.directory.department(reading, name),
    },
  };
}

/**
 * Webex may ask to wait for an hour. What only looks fails then at once with the time to wait; a plan's many reads go on, until the signal ends them.
 */
function hurried(reader: ReadClient, manner: { impatient: boolean; signal: AbortSignal }): ReadClient {
  return {
    owner: reader.owner,
    tickets: reader.tickets,
    waitingUntil: () => reader.waitingUntil(),
    send: (call) => reader.send({ ...manner, ...call }),
    follow: (link, like) => reader.follow(link, { ...manner, ...like }),
    xml: (call) => reader.xml({ ...manner, ...call }),
  };
}

/** Commands for people without an account read nothing as them. */
function nobody(caller: Caller): ReadClient {
  const refuse = (): Promise<never> => Promise.reject(new CallerMistake({ code: 'NOT_LINKED', message: 'Your Webex account is not linked. Write “account link” to me in our 1:1.' }));
  return { owner: caller.personId, tickets: { bySite: new Map(), now: () => 0, hide: () => undefined }, waitingUntil: () => undefined, send: refuse, follow: refuse, xml: refuse };
}
