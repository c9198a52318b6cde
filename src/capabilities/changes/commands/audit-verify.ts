import { textOf, type Command } from '../../../bot/define.js';
import { count, markdown } from '../../../lib/text.js';
import { ROLES } from '../../../webex/roles.js';
import type { CommandParts } from '../asking.js';

/** `audit verify [head=]`: whether the organization's audit log is whole, against a head noted earlier if given. */
export function auditVerify({ audit }: CommandParts): Command {
  return {
    noun: 'audit', verb: 'verify', summary: 'Check that the audit log was not changed or cut', examples: ['audit verify', 'audit verify head=120:k1.Zm9v'],
    arguments: [{ name: 'head', kind: 'text', label: 'Head', required: false, help: 'a head noted earlier, as this command or the log output shows it' }],
    access: { linked: true, scopes: [], roles: [ROLES.full, ROLES.compliance] }, plans: false,
    run: async (context, values) => {
      const verdict = await audit.verify(context.organization.id, textOf(values, 'head'));
      const text = verdict.ok
        ? `The audit log is whole: ${count(verdict.count, 'entry', 'entries')}. Its head is ${verdict.head}. Note it elsewhere: that nobody cut off its end together with what is stored of its head shows only against a head that was noted (audit verify head=).`
        : `**The audit log was changed.** ${verdict.firstBad === 0 ? '' : `The first bad entry is number ${verdict.firstBad}. `}${markdown(verdict.reason, 400)}`;
      return { kind: 'view', view: { audience: 'details', markdown: `${markdown(context.organization.name)}: ${text}` } };
    },
  };
}
