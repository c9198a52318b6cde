import type { LinkedAccounts } from '../../accounts/index.js';

/** What the account commands are made of. */
export interface AccountsParts {
  accounts: LinkedAccounts;
  /** FEATURES of the environment: what can be linked for. */
  areas: readonly string[];
  /** Keeps which organization a space works on. */
  spaces: { use(roomId: string, organization: { id: string; name: string }, by: string): Promise<void> };
  audit: { record(organization: string, event: { actor: string; action: string; subject: string; details: { [key: string]: unknown } }): Promise<void> };
}
