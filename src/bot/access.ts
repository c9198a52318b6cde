import { missing, type Account } from '../accounts/define.js';
import { sentenceList } from '../lib/text.js';
import { nameOf } from './commands.js';
import type { Caller, Command } from './define.js';
import type { ShellParts } from './ports.js';

/** What somebody may use of a command: his account and roles as Webex shows them now, or why not and who can help. */
export type Access =
  | { ok: true; account: Account | undefined; roles: string[] }
  /** Sentences for chat, of our own words. `offer`: a command that mends it, and what its button says. */
  | { ok: false; code: string; sentences: string; offer?: { command: string; title: string } };

const LINK = { command: 'account link', title: 'Link my account' };

/** Asks Webex what the caller may do at this moment, and compares it with what the command needs. */
export async function accessTo(
  command: Command, caller: Caller, organization: { id: string; name: string }, accounts: Pick<ShellParts['accounts'], 'authority' | 'find'>,
): Promise<Access> {
  if (!command.access.linked) return { ok: true, account: await accounts.find(organization.id, caller.personId), roles: [] };
  const authority = await accounts.authority(organization.id, caller.personId);
  if (!authority.ok) {
    const isLinking = authority.code === 'NOT_LINKED' || authority.code === 'RELINK';
    return { ok: false, code: authority.code, sentences: authority.reason, ...(isLinking ? { offer: LINK } : {}) };
  }
  const lacks = missing(command.access, { scopes: authority.account.scopes, roles: authority.roles });
  if (lacks.roles.length > 0) {
    return {
      ok: false, code: 'ROLE_MISSING',
      sentences: `${nameOf(command)} needs the role ${sentenceList(lacks.roles)}${lacks.roles.length > 1 ? ' (one of them)' : ''}, which you do not have in ${organization.name}. A Full Administrator there can give it to you, or run it for you.`,
    };
  }
  if (lacks.scopes.length > 0) {
    return {
      ok: false, code: 'SCOPE_MISSING', offer: LINK,
      sentences: `Your link does not include ${sentenceList(lacks.scopes)}, which ${nameOf(command)} needs. You can link again and choose it.`,
    };
  }
  return { ok: true, account: authority.account, roles: authority.roles };
}
