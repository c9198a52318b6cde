import type { Context } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { sameId } from '../../lib/ids.js';
import { sentenceList } from '../../lib/text.js';
import { END_JOB, type Schedule } from '../../schedules/define.js';
import { ROLES } from '../../webex/roles.js';
import { planOf } from './end-input.js';
import type { SchedulesParts } from './ports.js';

/** Any linked account: what else is needed depends on the schedule's job. */
export const LINKED = { linked: true, scopes: [], roles: [] } as const;

/** All of the scopes, any one of the roles (empty: none needed). */
interface Needs {
  scopes: readonly string[];
  roles: readonly string[];
}

/** What of an account's roles and scopes is missing for what a schedule does, as a sentence; undefined when nothing is. */
export async function lackOf(parts: Pick<SchedulesParts, 'jobs' | 'kinds' | 'engine'>, schedule: Schedule, account: Context['account']): Promise<string | undefined> {
  if (account === undefined) return 'It needs a linked account.';
  for (const needs of await needsOf(parts, schedule)) {
    if (needs.roles.length > 0 && !needs.roles.some((role) => account.roles.includes(role))) {
      return `It needs the role ${sentenceList(needs.roles)}${needs.roles.length > 1 ? ' (one of them)' : ''} in ${schedule.organization.name}.`;
    }
    const scopes = needs.scopes.filter((scope) => !account.scopes.includes(scope));
    if (scopes.length > 0) return `It needs a link with ${sentenceList(scopes)}. Link again and choose it: account link.`;
  }
  return undefined;
}

/** Only the owner, or whoever may do the same himself, decides about a schedule. Throws CallerMistake `NOT_ALLOWED`. */
export async function mustManage(parts: SchedulesParts, context: Context, schedule: Schedule): Promise<void> {
  if (sameId(context.caller.personId, schedule.owner.personId)) return;
  const lack = await lackOf(parts, schedule, context.account);
  if (lack !== undefined) throw new CallerMistake({ code: 'NOT_ALLOWED', message: `This schedule belongs to ${ownerName(schedule)}. ${lack}` });
}

/** `Anna Berg`, or the address of somebody without a name. Raw. */
export function ownerName({ owner }: Pick<Schedule, 'owner'>): string {
  return personName(owner);
}

export function personName({ displayName, email }: { displayName: string; email: string }): string {
  return displayName === '' ? email : displayName;
}

/** What nobody knows the needs of any more. */
const UNKNOWN: Needs[] = [{ scopes: [], roles: [ROLES.full] }];

/** The end of a change needs what its steps need. */
async function needsOf({ jobs, kinds, engine }: Pick<SchedulesParts, 'jobs' | 'kinds' | 'engine'>, schedule: Schedule): Promise<Needs[]> {
  const job = jobs().find(({ name }) => name === schedule.job);
  if (schedule.job !== END_JOB) return job === undefined ? UNKNOWN : [job.access];
  const plan = await engine.get(schedule.organization.id, planOf(schedule)).catch((error: unknown) => {
    if (error instanceof CallerMistake) return undefined;
    throw error;
  });
  return plan === undefined ? UNKNOWN : kinds.filter(({ name }) => plan.kinds[name] !== undefined).map(({ needs }) => needs);
}
