import type { Cards } from '../cards/render.js';
import type { Accounts } from '../accounts/define.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import type { Owner, Schedules } from '../schedules/define.js';
import type { AuditLog } from '../store/audit.js';
import type { SettingsStore } from '../store/settings.js';
import type { SpaceOrganizations } from '../store/spaces.js';
import type { Store } from '../store/store.js';
import type { Vault } from '../store/vault.js';
import type { ReadClient, WriteClient } from '../webex/call.js';
import type { Button, Capability, Context, PeopleArgument, PersonRef, PlanMaker } from './define.js';

/** An organization as one caller reads it. Webex: only administrators of another organization name it in a call (`home` false). */
export interface Reading {
  reader: ReadClient;
  organization: string;
  home: boolean;
}

/** Finds people. What it gives is a hint: the shell reads live whoever is meant. */
export interface Directory {
  /** People of the organization with any word of their name or address beginning with the words of `text`; best first. */
  search(reading: Reading, text: string, limit: number): Promise<PersonRef[]>;
  /** Everybody in the group of this name, or in the department; undefined when there is none. Throws CallerMistake when several have the name. */
  group(reading: Reading, name: string): Promise<PeopleArgument | undefined>;
  department(reading: Reading, name: string): Promise<PeopleArgument | undefined>;
}

/** Somebody as Webex shows him when he is looked up by id. */
export interface Identity {
  email: string;
  orgId: string;
  /** `person`, `bot`, `appuser`. */
  type: string | undefined;
}

/** One block of the home card, such as "Waiting for you". */
export interface HomeBlock {
  title: string;
  /** Foreign text as it is: the card escapes it. */
  lines: string[];
  /** What can be done about it. A positive one is shown before, others after the buttons that are always there. */
  buttons?: Button[];
}

/** Adds to the home card. One that throws is left out and logged. */
export type HomeProvider = (context: Context) => Promise<HomeBlock | undefined>;

/** What the shell is made of. */
export interface ShellParts {
  /** The bot's own client. */
  bot: WriteClient;
  store: Store;
  vault: Vault;
  audit: Pick<AuditLog, 'record'>;
  accounts: Pick<Accounts, 'authority' | 'find' | 'list' | 'reader'>;
  settings: Pick<SettingsStore, 'find' | 'at'>;
  spaces: Pick<SpaceOrganizations, 'find'>;
  /** The schedules of an organization, as one person may make and change them. */
  schedules(organization: { id: string; name: string }, owner: Owner): Schedules;
  /** Ends the plans of a command that wait. */
  outdate(organization: string, command: string, reason: string, set?: string): Promise<void>;
  directory: Directory;
  /** Why somebody may not use Steward; undefined when address, organization and type fit. */
  refusalOf(who: Identity): string | undefined;
  cards: Cards;
  clock: Clock;
  log: Log;
}

/** What can be asked for. Given apart from the parts, since capabilities are made with the shell's poster. */
export interface Offer {
  capabilities: readonly Capability[];
  /** Turns drafts into stored plans with their cards. */
  planMaker: PlanMaker;
  /** What the home card shows, in order, and its big buttons. */
  home?: { providers: readonly HomeProvider[]; buttons: readonly Button[] };
}
