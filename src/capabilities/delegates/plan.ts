import type { PersonRef } from '../../bot/define.js';
import type { PlanDraft, Problem, StepDraft } from '../../changes/define.js';
import { count, plain, sentenceList } from '../../lib/text.js';
import type { Backend } from './read.js';
import { namesByEmail } from './names.js';
import { stepKindOf } from './steps.js';

/** What is to happen to one host's list of delegates. `set` makes the list exactly this. */
export type Mode = 'add' | 'set' | 'remove';

/** One host on one site, as read from Webex just now. */
export interface HostState {
  host: PersonRef;
  site: string;
  backend: Backend;
  /** Who may schedule for the host now: lower-case addresses. */
  current: readonly string[];
}

/** Whether an address is on the host's list, whatever its case. */
export function holds(state: HostState, email: string): boolean {
  return state.current.some((one) => one.toLowerCase() === email.toLowerCase());
}

/** What is wanted for one host. Delegates have already been checked to be hosts on that site. */
export interface Wish {
  state: HostState;
  mode: Mode;
  delegates: readonly PersonRef[];
}

/** More than this is unusual for a person's delegates, and Webex's pages become hard to use. */
const MANY_DELEGATES = 20;

/** Said with every result. */
export const NOTES = [
  'It can take a while until Webex shows the change everywhere. Outlook delegation is separate: it is set in Microsoft 365.',
];

/**
 * The difference between what is and what is wanted, as steps: for each host first the additions, then the removals.
 * Addresses are compared without regard to case. Pure.
 * @param nameOf the shown name of an address that is on a list already; the address itself where it is not known
 */
export function planDelegates(wishes: readonly Wish[], nameOf: (email: string) => string): Pick<PlanDraft, 'steps' | 'warnings' | 'problems'> {
  const steps: StepDraft[] = [];
  const warnings: string[] = [];
  const problems: Problem[] = [];
  // Who is only on a list may be known by address alone, so what is known better comes later.
  const listed = wishes.flatMap(({ state }) => state.current.map((email) => ({ email, displayName: nameOf(email.toLowerCase()) })));
  const names = namesByEmail([...listed, ...wishes.flatMap(({ state, delegates }) => [...delegates, state.host])]);
  const name = (email: string): string => names.get(email.toLowerCase()) ?? plain(email);
  for (const wish of wishes) {
    const { host, site, current } = wish.state;
    const self = host.email.toLowerCase();
    const who = name(self);
    const has = new Set(current.map((email) => email.toLowerCase()));
    const wanted = new Map(wish.delegates.map(({ email }) => [email.toLowerCase(), name(email)]));
    if (wanted.delete(self)) problems.push({ subject: who, reason: `cannot be a delegate of ${who}: a host schedules for himself anyway` });
    // With nobody left to set, the wish was about the host alone; emptying the list was not asked for.
    if (wanted.size === 0 && wish.delegates.length > 0) continue;
    const added = wish.mode === 'remove' ? [] : [...wanted.keys()].filter((email) => !has.has(email));
    const removed = removedBy(wish.mode, has, wanted);
    if (added.length === 0 && removed.length === 0) {
      problems.push({ subject: who, reason: nothingToDo(wish.mode, [...wanted.values()], who, site) });
      continue;
    }
    if (added.length > 0) steps.push(stepOf(wish.state, 'insert', added, name));
    if (removed.length > 0) steps.push(stepOf(wish.state, 'delete', removed, name));
    const after = has.size + added.length - removed.length;
    if (after > MANY_DELEGATES) warnings.push(`${who} would have ${count(after, 'delegate')} on ${site}, more than ${MANY_DELEGATES}.`);
  }
  return { steps, warnings, problems };
}

/** What the steps of one host on one site write. */
export function targetOf({ site, host }: Pick<HostState, 'site' | 'host'>): string {
  return `delegates ${site} ${host.email.toLowerCase()}`;
}

function removedBy(mode: Mode, has: ReadonlySet<string>, wanted: ReadonlyMap<string, string>): string[] {
  if (mode === 'add') return [];
  return [...has].filter((email) => wanted.has(email) === (mode === 'remove'));
}

function nothingToDo(mode: Mode, names: string[], host: string, site: string): string {
  if (mode === 'remove') return `nothing to change: ${sentenceList(names, 3)} may not schedule for ${host} on ${site}`;
  if (mode === 'set') return `nothing to change: the delegates on ${site} are already exactly these`;
  return `nothing to change: ${sentenceList(names, 3)} may already schedule for ${host} on ${site}`;
}

function stepOf(state: HostState, direction: 'insert' | 'delete', emails: string[], name: (email: string) => string): StepDraft {
  const { host, site, backend } = state;
  const [before, after] = direction === 'insert' ? ['absent', 'present'] : ['present', 'absent'];
  const hostName = name(host.email);
  const may = direction === 'insert' ? 'may schedule for' : 'may no longer schedule for';
  return {
    kind: stepKindOf(backend, direction),
    target: targetOf(state),
    input: { host: host.email, hostName, site, names: Object.fromEntries(emails.map((email) => [email, name(email)])) },
    before: Object.fromEntries(emails.map((email) => [email, before])),
    after: Object.fromEntries(emails.map((email) => [email, after])),
    sentence: `${sentenceList(emails.map(name), 5)} ${may} ${hostName} on ${site}`,
    ...(direction === 'delete' ? { risk: 'removal' as const } : {}),
  };
}
