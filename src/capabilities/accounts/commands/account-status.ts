import type { Command } from '../../../bot/define.js';
import type { AccountsParts } from '../parts.js';
import { notLinkedView, statusView } from '../present.js';

/** `account` and `account status`: what is linked, what it may do now, and for how long. */
export function accountStatus({ accounts, areas }: AccountsParts, verb: '' | 'status'): Command {
  return {
    noun: 'account', verb, summary: 'Show your linked account: organizations, roles, scopes, how long it is good for',
    examples: [verb === '' ? 'account' : 'account status'], arguments: [], access: { linked: false, scopes: [], roles: [] }, plans: false,
    run: async ({ caller, clock }) => {
      const account = await accounts.records.findAnywhere(caller.personId);
      if (account === undefined) return { kind: 'view', view: notLinkedView(caller.personId) };
      const authority = await accounts.authority(account.orgId, caller.personId);
      // Reading may have found that the grant is gone.
      const now = (await accounts.records.findAnywhere(caller.personId)) ?? account;
      return {
        kind: 'view',
        view: statusView({
          account: now, roles: authority.ok ? authority.roles : [], refused: authority.ok ? undefined : authority.reason,
          refreshExpires: await accounts.refreshExpires(now), now: clock.now(), areas,
        }),
      };
    },
  };
}
