import { orgOption, type Context, type PeopleArgument, type PersonRef } from '../../bot/define.js';
import type { PlanDraft, Problem } from '../../changes/define.js';
import { mapConcurrently } from '../../lib/concurrency.js';
import { CallerMistake } from '../../lib/errors.js';
import { sameId } from '../../lib/ids.js';
import { plain, sentenceList } from '../../lib/text.js';
import { WebexRefused, WebexUnreachable } from '../../webex/errors.js';
import { NOTES, planDelegates, targetOf, type HostState, type Mode, type Wish } from './plan.js';
import { READ_SCOPE, readDelegates, type Backend } from './read.js';
import { openSiteBook, type SiteBook } from './sites.js';

/** Hosts read side by side; the client's pace is what really limits. */
export const READS_AT_ONCE = 32;
const MOST_NAMES = 5;

/** One wish as asked: for these hosts, on this site (default: each host's default site). */
export interface Asked {
  hosts: PeopleArgument;
  delegates: PeopleArgument;
  mode: Mode;
  site: string | undefined;
}

/** What a plan is called; undefined where nothing would change. People who are left out are not in it. */
export type Title = (changed: { delegates: PersonRef[]; hosts: PersonRef[] } | undefined) => string;

/** Reads everything live and makes the plan draft; who cannot be served is named with the reason, the rest goes on. */
export async function draftFor(context: Context, asked: readonly Asked[], title: Title, command: string): Promise<PlanDraft> {
  const book = await openSiteBook(context.webex, orgOption(context));
  const problems: Problem[] = [];
  const wishes: Wish[] = [];
  const elsewhere = new Map<string, string[]>();
  const pairs = asked.flatMap((one) => {
    const delegates = one.mode === 'remove' ? withFormerPeople(one.delegates) : one.delegates;
    problems.push(...[...one.hosts.problems, ...delegates.problems].map(cleaned));
    const hosts = ownPeople(context, one.hosts.people, problems);
    const receivers = one.mode === 'remove' ? delegates.people : ownPeople(context, delegates.people, problems);
    return receivers.length === 0 ? [] : hosts.map((host) => ({ host, receivers, one }));
  });
  await book.expect(pairs.flatMap(({ host, receivers }) => [host, ...receivers]));
  for (const found of await mapConcurrently(pairs, READS_AT_ONCE, ({ host, receivers, one }) => wishFor(context, book, host, receivers, one))) {
    problems.push(...found.problems);
    if (found.wish === undefined) continue;
    wishes.push(found.wish);
    for (const site of found.elsewhere ?? []) elsewhere.set(site, [...(elsewhere.get(site) ?? []), plain(found.wish.state.host.displayName, 60)]);
  }
  const draft = await draftOf(context, wishes, problems, title, command);
  const notes = [...elsewhere].map(([site, hosts]) => `On ${site} the lists of ${sentenceList([...new Set(hosts)], MOST_NAMES)} stay as they are; site=${site} is for those.`);
  return draft.steps.length === 0 ? draft : { ...draft, warnings: [...draft.warnings, ...notes] };
}

/** The plan draft of wishes whose lists have been read. */
export async function draftOf(context: Context, wishes: readonly Wish[], problems: readonly Problem[], title: Title, command: string): Promise<PlanDraft> {
  const names = await namesOnLists(context, wishes);
  const plan = planDelegates(wishes, (email) => names.get(email) ?? email);
  return {
    title: title(changedBy(wishes, new Set(plan.steps.map(({ target }) => target)))),
    command, steps: plan.steps, warnings: plan.warnings, problems: distinct([...problems, ...plan.problems]), notes: NOTES,
  };
}

/** Those whose lists would change, and their delegates; a host is not his own delegate. */
function changedBy(wishes: readonly Wish[], targets: ReadonlySet<string>): Parameters<Title>[0] {
  const changed = wishes.filter(({ state }) => targets.has(targetOf(state)));
  if (changed.length === 0) return undefined;
  const delegates = changed.flatMap(({ state, delegates: wanted }) => wanted.filter(({ email }) => email.toLowerCase() !== state.host.email.toLowerCase()));
  return { delegates, hosts: changed.map(({ state }) => state.host) };
}

interface Gathered {
  wish?: Wish;
  /** The other sites of the host, where the default was taken and permissions there may be meant, too. */
  elsewhere?: string[];
  problems: Problem[];
}

async function wishFor(context: Context, book: SiteBook, host: PersonRef, receivers: readonly PersonRef[], asked: Asked): Promise<Gathered> {
  const who = plain(host.displayName);
  const problems: Problem[] = [];
  try {
    const sites = await book.hostSites(host);
    const site = asked.site ?? (await book.defaultSite(host));
    if (site === undefined) return { problems: [{ subject: who, reason: 'has no host license on any site, so nobody can schedule for this person' }] };
    if (!sites.includes(site)) return { problems: [{ subject: who, reason: notOn(site, sites) }] };
    const delegates = asked.mode === 'remove' ? receivers : await hostsAmong(book, receivers, site, problems);
    if (delegates.length === 0) return { problems };
    const state = await readHost(context, host, site);
    const others = asked.site === undefined && asked.mode !== 'add' ? sites.filter((one) => one !== site) : [];
    return { wish: { state, mode: asked.mode, delegates }, problems, elsewhere: others };
  } catch (error) {
    return { problems: [...problems, unreadable(who, error)] };
  }
}

/** One host's list on one site, read by the API that is set for that site. */
export async function readHost(context: Context, host: PersonRef, site: string): Promise<HostState> {
  const backend: Backend = (await context.settings.get('delegates.backend', { site })) === 'xml' ? 'xml' : 'rest';
  if (context.account?.scopes.includes(READ_SCOPE[backend]) !== true) throw new ScopeMissing(backend, site);
  return { host, site, backend, current: await readDelegates(context.webex, backend, { host: host.email, site }) };
}

/** Only hosts of a site can be delegates there. A set whose delegates are only partly hosts still sets those that are. */
async function hostsAmong(book: SiteBook, receivers: readonly PersonRef[], site: string, problems: Problem[]): Promise<PersonRef[]> {
  const sites = await mapConcurrently(receivers, READS_AT_ONCE, (person) => book.hostSites(person));
  return receivers.filter((person, index) => {
    const on = sites[index] ?? [];
    if (on.includes(site)) return true;
    problems.push({ subject: plain(person.displayName), reason: `cannot be a delegate: ${notOn(site, on)}` });
    return false;
  });
}

function notOn(site: string, sites: readonly string[]): string {
  return sites.length === 0
    ? `has no host license on ${site}`
    : `is not a host on ${site}, only on ${sentenceList(sites)} (say site=${sites[0] ?? ''})`;
}

function ownPeople(context: Context, people: readonly PersonRef[], problems: Problem[]): PersonRef[] {
  return people.filter((person) => {
    if (sameId(person.orgId, context.organization.id)) return true;
    problems.push({ subject: plain(person.displayName), reason: `belongs to another organization than ${plain(context.organization.name)}` });
    return false;
  });
}

/** People who have left stay on lists; an address that Webex no longer knows can be removed all the same. */
export function withFormerPeople(argument: PeopleArgument): PeopleArgument {
  const former = argument.problems.filter((problem) => /^[^\s@,;]+@[^\s@,;]+$/.test(problem.subject));
  return {
    people: [...argument.people, ...former.map(({ subject }) => ({ id: '', email: subject, displayName: subject, orgId: '' }))],
    problems: argument.problems.filter((problem) => !former.includes(problem)),
  };
}

/** Names of those whom a `set` would remove; they were not named by the caller. */
async function namesOnLists(context: Context, wishes: readonly Wish[]): Promise<Map<string, string>> {
  const emails = new Set(wishes.filter((wish) => wish.mode === 'set').flatMap((wish) => wish.state.current.map((email) => email.toLowerCase())));
  const found = await context.peopleByEmail([...emails]);
  return new Map([...found].map(([email, person]) => [email, person.displayName]));
}

/** The account was not linked for what this site needs: nothing can be read at all, so the whole command is refused. */
class ScopeMissing extends CallerMistake {
  constructor(backend: Backend, site: string) {
    const feature = backend === 'xml' ? 'delegates-xml' : 'delegates';
    super({
      code: 'SCOPE_MISSING',
      message: `Your linked account lacks the scope ${READ_SCOPE[backend]}, by which delegates on ${site} are read. Write “account link for=${feature}” to me in our 1:1.`,
    });
  }
}

/** A read that failed leaves that person out and says why; it never counts as "has no delegates". */
export function unreadable(subject: string, error: unknown): Problem {
  if (error instanceof ScopeMissing) throw error;
  if (error instanceof WebexRefused) return { subject, reason: `could not be read, so nothing is planned: Webex says “${plain(error.words)}”` };
  if (error instanceof WebexUnreachable || error instanceof CallerMistake) return { subject, reason: `could not be read, so nothing is planned: ${error.message}` };
  throw error;
}

function cleaned(problem: Problem): Problem {
  return { subject: plain(problem.subject), reason: plain(problem.reason, 400) };
}

function distinct(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.subject}\n${problem.reason}`, problem])).values()];
}
