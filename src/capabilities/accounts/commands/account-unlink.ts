import { WHERE_TO_REVOKE } from '../../../accounts/grant.js';
import { textOf, type Command } from '../../../bot/define.js';
import { markdown } from '../../../lib/text.js';
import type { AccountsParts } from '../parts.js';
import { notLinkedView } from '../present.js';

/** `account unlink`: asks, then forgets the account and its tokens. */
export function accountUnlink({ accounts }: AccountsParts): Command {
  return {
    noun: 'account', verb: 'unlink', summary: 'Unlink your Webex account: Steward forgets its tokens', examples: ['account unlink'],
    arguments: [{ name: 'confirm', kind: 'choice', label: 'Unlink', required: false, help: 'given by the button only', choices: [{ title: 'Yes', value: 'yes' }] }],
    access: { linked: false, scopes: [], roles: [] }, plans: false,
    run: async ({ caller, via }, values) => {
      const account = await accounts.records.findAnywhere(caller.personId);
      if (account === undefined) return { kind: 'view', view: notLinkedView(caller.personId) };
      if (via !== 'button' || textOf(values, 'confirm') !== 'yes') {
        const text = `Steward will forget the tokens of ${account.email}. Your plans that wait are cancelled, and your changes and schedules pause.`;
        return {
          kind: 'view',
          view: {
            audience: 'private', markdown: `**Unlink your account?** ${markdown(text, 400)} Press the button to do it.`,
            card: {
              template: 'accounts/notice', data: { title: 'Unlink your account?', text },
              buttons: [{ title: 'Unlink', command: 'account unlink', arguments: { confirm: 'yes' }, only: caller.personId, once: true, style: 'destructive' }],
            },
          },
        };
      }
      const { revoked } = await accounts.unlink(account);
      const text = revoked ? 'Steward has forgotten your tokens, and the grant was taken back at Webex.' : `Steward has forgotten your tokens. ${WHERE_TO_REVOKE}`;
      return {
        kind: 'view',
        view: { audience: 'private', markdown: `**Your account is unlinked.** ${text}`, card: { template: 'accounts/notice', data: { title: 'Your account is unlinked', text } } },
      };
    },
  };
}
