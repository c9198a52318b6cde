import type { Context, Report } from '../../bot/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { plain, sentenceList } from '../../lib/text.js';

/** What the account lacks of what a report needs, with a sentence for chat: code `ROLE_MISSING` or `SCOPE_MISSING`. The commands and the job need less than some reports do. */
export function lackingFor({ account, organization }: Pick<Context, 'account' | 'organization'>, { title, access }: Pick<Report, 'title' | 'access'>): CallerMistake | undefined {
  const scopes = account?.scopes ?? [];
  const roles = account?.roles ?? [];
  if (access.roles.length > 0 && !access.roles.some((role) => roles.includes(role))) {
    return new CallerMistake({
      code: 'ROLE_MISSING',
      message: `The report “${title}” needs the role ${sentenceList(access.roles)}${access.roles.length > 1 ? ' (one of them)' : ''}, which you do not have in ${plain(organization.name)}. A Full Administrator there can give it to you.`,
    });
  }
  const lacks = access.scopes.filter((scope) => !scopes.includes(scope));
  if (lacks.length === 0) return undefined;
  return new CallerMistake({
    code: 'SCOPE_MISSING',
    message: `Your link does not include ${sentenceList(lacks)}, which the report “${title}” needs. Link again and choose “${lacks.includes('audit:events_read') ? 'What administrators did' : 'Reports'}”: write “account link” to me in our 1:1.`,
  });
}

/** Throws what lackingFor finds. In a scheduled run it is a failed run, told with its sentence. */
export function requireAccess(context: Pick<Context, 'account' | 'organization'>, report: Pick<Report, 'title' | 'access'>): void {
  const lacking = lackingFor(context, report);
  if (lacking !== undefined) throw lacking;
}
