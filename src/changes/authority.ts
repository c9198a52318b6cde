import { sentenceList } from '../lib/text.js';
import type { StepKind } from './define.js';
import type { EngineAccounts, EngineAuthority } from './ports.js';

/** Scopes and roles that a person lacks; empty when nothing is missing. */
export interface Lacks {
  scopes: string[];
  /** Any one of these would do. */
  roles: string[];
}

/** What is missing of what all these kinds of steps need. */
export function lacks(kinds: readonly StepKind[], has: { scopes: readonly string[]; roles: readonly string[] }): Lacks {
  const scopes = new Set<string>();
  const roles = new Set<string>();
  for (const { needs } of kinds) {
    for (const scope of needs.scopes) if (!has.scopes.includes(scope)) scopes.add(scope);
    if (needs.roles.length > 0 && !needs.roles.some((role) => has.roles.includes(role))) for (const role of needs.roles) roles.add(role);
  }
  return { scopes: [...scopes], roles: [...roles] };
}

/** `the role A or B, and the scope x`. Empty when nothing is missing. */
export function lacksText({ scopes, roles }: Lacks): string {
  const parts = [
    ...(roles.length > 0 ? [`the role ${roles.join(' or ')}`] : []),
    ...(scopes.length > 0 ? [`the ${scopes.length === 1 ? 'scope' : 'scopes'} ${sentenceList(scopes)}`] : []),
  ];
  return parts.join(', and ');
}

/** Everything that the kinds need, in words, for those who must link. */
export function needsText(kinds: readonly StepKind[]): string {
  return lacksText(lacks(kinds, { scopes: [], roles: [] }));
}

/** Whether Webex says at this moment that the person may do steps of these kinds. `reason` names what is missing and who can help. */
export async function mayDo(accounts: EngineAccounts, organization: string, personId: string, kinds: readonly StepKind[]): Promise<EngineAuthority> {
  const authority = await accounts.authority(organization, personId).catch((): EngineAuthority => ({
    ok: false, code: 'UNREADABLE', reason: 'Webex could not be asked what this person may do now. Try again in a while.',
  }));
  if (!authority.ok) return authority;
  const missing = lacks(kinds, { scopes: authority.account.scopes, roles: authority.roles });
  const text = lacksText(missing);
  if (text === '') return authority;
  const help = missing.roles.length > 0 ? 'A full administrator of the organization can give the role.' : 'Write `account link` to the bot to grant it.';
  return { ok: false, code: 'LACKS', reason: `${authority.account.displayName} lacks ${text}. ${help}` };
}
