import { createAccounts } from './accounts/index.js';
import { createOffer } from './app-offer.js';
import { refusalOf } from './accounts/allowed.js';
import { createTokens } from './accounts/tokens.js';
import { createBot, shellCommands } from './bot/bot.js';
import type { Command } from './bot/define.js';
import { linkedView } from './capabilities/accounts/index.js';
import { administration } from './capabilities/index.js';
import { SETTINGS } from './capabilities/settings/index.js';
import { createCards } from './cards/render.js';
import { createChangeEngine } from './changes/engine.js';
import { isLoopback, type Config } from './config.js';
import { createDirectory } from './directory/directory.js';
import { createFinder } from './directory/finder.js';
import { listen } from './http/server.js';
import { createScheduler } from './schedules/scheduler.js';
import type { Clock, Timer } from './lib/clock.js';
import type { Log } from './lib/log.js';
import { createAuditLog, type AuditLog } from './store/audit.js';
import { openLowdbStore } from './store/lowdb/index.js';
import { sealedRecords } from './store/sealed.js';
import { createSettingsStore } from './store/settings.js';
import { createSpaceOrganizations } from './store/spaces.js';
import { createVault } from './store/vault.js';
import type { TokenSource } from './webex/call.js';
import { createClient, createTransport } from './webex/client.js';
import { refreshToken } from './webex/oauth.js';

/** A running Steward. */
export interface App {
  /** Where webhooks and browsers arrive. */
  port: number;
  /** Everything that can be asked for, in the order of help. */
  commands: readonly Command[];
  /** Takes nothing new, ends what is under way at a safe point, closes the store. */
  stop(): Promise<void>;
}

/**
 * Puts the parts together, takes up what the last process left, and serves. Resolves when Webex's events are taken.
 * Throws ConfigError, StewardError: with a sentence that says what to mend.
 */
export async function startApp(config: Config, means: { clock: Clock; log: Log }): Promise<App> {
  const { clock, log } = means;
  for (const secret of [config.botToken, config.clientSecret, config.webhookSecret]) log.hide(secret);
  const store = await openLowdbStore({ dataDir: config.dataDir, clock, log });
  const vault = createVault(config.tokenKeys);
  const audit = createAuditLog({ store, vault, clock, log });
  const transport = createTransport({ baseUrl: config.apiUrl, xmlUrl: config.xmlUrl, clock, log, ...(config.proxy === undefined ? {} : { proxyUrl: config.proxy, noProxy: 'localhost,127.0.0.1,[::1]' }) });
  const bot = createClient(transport, botToken(config.botToken));
  const integration = { clientId: config.clientId, clientSecret: config.clientSecret };
  const allowed = { organizations: config.organizations, admins: config.admins };
  const settings = createSettingsStore({ store, vault, clock, definitions: SETTINGS });
  const spaces = createSpaceOrganizations({ store, vault, clock });

  const tokens = createTokens({
    store, vault, audit, clock, log,
    records: { change: (account, change) => accounts.records.change(account, change) },
    refresh: (token) => refreshToken(transport, integration, token),
    gone: (owner) => tell(owner.personId, owner.orgId, 'Webex no longer takes the grant of your account, so your plans and changes wait. Link it again: `account link`.'),
    ending: (owner, days) => tell(owner.personId, owner.orgId, `The grant of your Webex account ends in ${days} ${days === 1 ? 'day' : 'days'} and Webex does not prolong it. Link it again: \`account link\`.`),
  });
  const accounts = createAccounts({
    store, tokens, transport, integration, allowed, audit, clock, log, publicUrl: config.publicUrl,
    linked: async (account) => {
      const authority = await accounts.authority(account.orgId, account.personId);
      await shell.poster.post({ person: account.personId, organization: account.orgId }, linkedView(account, authority.ok ? authority.roles : [], config.features));
      for (const { id } of account.organizations) await engine.widen(id);
    },
    refused: (caller, reason) => tell(caller.personId, caller.orgId, reason),
    unlinked: async (account) => {
      for (const { id } of account.organizations) await engine.dismiss(id, account.personId, 'The account was unlinked.');
    },
  });

  // The one knows when, the other what.
  const scheduler = createScheduler({ store, vault, audit, clock, log, execute: (schedule, run) => schedules.execute(schedule, run) });

  const shell = createBot({
    bot, store, vault, audit, accounts, settings, spaces, clock, log,
    schedules: (organization, owner) => scheduler.of(organization, owner),
    outdate: (organization, command, reason, set) => engine.outdate(organization, command, reason, set),
    directory: createFinder(createDirectory({ clock, log })),
    refusalOf: (who) => refusalOf(allowed, who),
    cards: createCards(),
    webhook: { url: `${config.publicUrl}/webhook`, secret: config.webhookSecret },
  });
  const tell = async (personId: string, organization: string, markdown: string): Promise<void> => {
    await shell.poster.post({ person: personId, organization }, { markdown, audience: 'private' });
  };

  const areas = administration(config.features, {
    bot, clock, poster: shell.poster,
    schedules: (organization, owner) => scheduler.of(organization, owner),
    sealed: (organization) => (collection) => sealedRecords({ partition: store.organization(organization), vault, organization, collection }),
  });
  const engine = createChangeEngine({
    store, vault, audit, clock, log, accounts, retentionDays: config.retentionDays,
    kinds: areas.flatMap((area) => area.stepKinds),
    settings: {
      approvalSteps: config.approvalSteps,
      limits: { removal: config.removalLimit, add: config.addLimit },
      mode: async (organization) => ((await settings.get(organization, 'mode')) === 'look' ? 'look' : 'apply'),
    },
  });
  const { offer, changes, schedules } = createOffer({ config, areas, store, audit, settings, spaces, accounts, tokens, engine, scheduler, shell, bot, clock, log });

  const server = await listen({
    // On loopback nobody else needs to reach it.
    config: { port: config.port, ops: config.ops, publicUrl: config.publicUrl, ...(isLoopback(config.publicUrl) ? { host: '127.0.0.1' } : {}) },
    webhook: { secret: config.webhookSecret, receive: (event) => shell.receive(event) },
    linking: accounts.linking,
    health: () => ({ isReady: shell.state().isListening, numbers: { events_waiting: shell.state().waiting } }),
    clock, log,
  });
  await checkAudit(store.organizations(), audit, log);
  const deaf = [changes.announce(), schedules.watch()];
  await engine.start();
  const refreshing = tokens.start();
  const heads = noteHeads(audit, clock, log);
  await shell.start(offer);
  await scheduler.start();
  await schedules.takeUp();

  return {
    port: server.port,
    commands: shellCommands(offer),
    stop: async () => {
      await server.stop();
      await scheduler.stop();
      await shell.stop();
      await engine.stop();
      for (const stopListening of deaf) stopListening();
      heads.cancel();
      await refreshing.stop();
      transport.close();
      await store.close();
    },
  };
}

/** A bot's token does not expire and cannot be refreshed. */
function botToken(token: string): TokenSource {
  return { owner: 'bot', token: () => Promise.resolve(token), refresh: () => Promise.resolve(token) };
}

/** The audit logs are checked at each start; one that was changed outside is reported, and Steward goes on. */
async function checkAudit(organizations: Promise<string[]>, audit: AuditLog, log: Log): Promise<void> {
  for (const organization of await organizations) {
    const verdict = await audit.verify(organization);
    if (verdict.ok && verdict.count === 0) log.error({ organization }, 'the audit log has no entry, though there is a part of the store for this organization: it may have been removed');
    else if (verdict.ok) log.info({ organization, count: verdict.count, head: verdict.head }, 'the audit log is whole');
    else log.error({ organization, firstBad: verdict.firstBad, reason: verdict.reason }, 'the audit log was changed outside of Steward');
  }
}

const DAY_MS = 24 * 60 * 60_000;

/** The heads of the audit logs go to the log output once a day, where whoever changes the store's files cannot reach them. */
function noteHeads(audit: AuditLog, clock: Clock, log: Log): Timer {
  let timer: Timer;
  const note = (): void => {
    timer = clock.after(DAY_MS, note);
    audit.heads().then(
      (heads) => { log.info({ heads }, 'the heads of the audit logs'); },
      (error: unknown) => { log.error({ error }, 'the heads of the audit logs could not be read'); },
    );
  };
  timer = clock.after(DAY_MS, note);
  return { cancel: () => { timer.cancel(); } };
}
