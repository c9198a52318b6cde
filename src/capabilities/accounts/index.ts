import type { Capability } from '../../bot/define.js';
import { accountLink } from './commands/account-link.js';
import { accountStatus } from './commands/account-status.js';
import { accountUnlink } from './commands/account-unlink.js';
import { accountUse } from './commands/account-use.js';
import type { AccountsParts } from './parts.js';

export { linkedView } from './present.js';

/** Linking one's Webex account, seeing what it may do, and choosing the organization of a space. */
export function createAccountsCapability(parts: AccountsParts): Capability {
  return {
    name: 'accounts',
    commands: [accountStatus(parts, ''), accountLink(parts), accountStatus(parts, 'status'), accountUnlink(parts), accountUse(parts)],
    stepKinds: [],
  };
}
