import type { LinkedAccounts } from './accounts/index.js';
import type { AccountTokens } from './accounts/tokens.js';
import type { Bot } from './bot/bot.js';
import type { Button, Capability } from './bot/define.js';
import type { Offer } from './bot/ports.js';
import { accountHome } from './capabilities/accounts/home.js';
import { createAccountsCapability } from './capabilities/accounts/index.js';
import { changesHome } from './capabilities/changes/home.js';
import { createChangesCapability, type ChangesCapability } from './capabilities/changes/index.js';
import { createReports, createReportsCapability } from './capabilities/reports/index.js';
import { schedulesHome } from './capabilities/schedules/home.js';
import { createSchedulesCapability, type SchedulesCapability } from './capabilities/schedules/index.js';
import { createSettingsCapability } from './capabilities/settings/index.js';
import type { ChangeEngine } from './changes/engine.js';
import type { Config } from './config.js';
import type { Clock } from './lib/clock.js';
import type { Log } from './lib/log.js';
import type { Scheduler } from './schedules/scheduler.js';
import type { AuditLog } from './store/audit.js';
import type { SettingsStore } from './store/settings.js';
import type { SpaceOrganizations } from './store/spaces.js';
import type { Store } from './store/store.js';
import type { ReadClient } from './webex/call.js';

/** Of what the offer is made. */
export interface OfferParts {
  config: Config;
  /** The areas of admin work that are switched on. */
  areas: readonly Capability[];
  store: Store;
  audit: AuditLog;
  settings: SettingsStore;
  spaces: SpaceOrganizations;
  accounts: LinkedAccounts;
  tokens: Pick<AccountTokens, 'refreshExpires'>;
  engine: ChangeEngine;
  scheduler: Scheduler;
  shell: Pick<Bot, 'poster' | 'contextFor'>;
  bot: ReadClient;
  clock: Clock;
  log: Log;
}

/** Everything that can be asked for, and those capabilities that also listen to what happens. */
export function createOffer(parts: OfferParts): { offer: Offer; changes: ChangesCapability; schedules: SchedulesCapability } {
  const { config, areas, store, audit, settings, spaces, accounts, tokens, engine, scheduler, shell, bot, clock, log } = parts;
  const { poster } = shell;
  const records = (organization: string): ReturnType<Store['organization']> => store.organization(organization);
  const changes = createChangesCapability({
    engine, audit, clock, log, poster, records,
    approvalSpace: async (organization) => (await settings.get(organization, 'approval.space')) || undefined,
  });
  const schedules = createSchedulesCapability({
    scheduler, engine, poster, clock, log, records,
    limits: { removal: { ...config.removalLimit }, add: { ...config.addLimit } },
    kinds: areas.flatMap((area) => area.stepKinds),
    organizations: () => store.organizations(),
    jobs: () => capabilities.flatMap((capability) => capability.jobs ?? []),
    contextFor: (schedule) => shell.contextFor(schedule),
    admins: async (organization) => (await accounts.list(organization)).filter(({ state }) => state === 'linked'),
  });
  const own = createReports({
    changes: (organization) => engine.list(organization),
    accounts: async (organization) => Promise.all((await accounts.list(organization)).map(async (account) => ({ ...account, refreshEnds: await tokens.refreshExpires(account) }))),
  });
  const reports = createReportsCapability({ bot, reports: () => [...own, ...capabilities.flatMap((capability) => capability.reports ?? [])] });
  const capabilities: Capability[] = [
    createAccountsCapability({ accounts, areas: config.features, spaces, audit }),
    ...areas, reports, schedules, changes, createSettingsCapability({ settings, audit, site: config.site }),
  ];
  const home: Offer['home'] = {
    providers: [(context) => accountHome({ accounts }, context), (context) => changesHome(engine, context), schedulesHome],
    buttons: HOME.filter(({ command }) => capabilities.some((capability) => capability.commands.some(({ noun }) => noun === command))),
  };
  return { offer: { capabilities, planMaker: changes.planMaker, home }, changes, schedules };
}

/** The big buttons of the home card. */
const HOME: readonly Button[] = [
  { title: 'Scheduling permissions', command: 'delegates', arguments: {} },
  { title: 'Spaces that follow groups', command: 'spaces', arguments: {} },
  { title: 'Licenses', command: 'licenses', arguments: {} },
  { title: 'Plans and changes', command: 'changes', arguments: {} },
];
