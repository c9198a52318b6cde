import { offered, scopesFor } from './accounts/scopes.js';
import { redirectUriOf } from './accounts/link.js';
import { isLoopback, type Config } from './config.js';
import type { Clock } from './lib/clock.js';
import { messageOf } from './lib/errors.js';
import type { Log } from './lib/log.js';
import { plain } from './lib/text.js';
import { createAuditLog } from './store/audit.js';
import { openLowdbStore } from './store/lowdb/index.js';
import { createVault } from './store/vault.js';
import { createClient, createTransport, type Transport } from './webex/client.js';
import { WebexRefused } from './webex/errors.js';
import { GRANT_GONE, refreshToken } from './webex/oauth.js';
import * as people from './webex/rest/people.js';
import * as webhooks from './webex/rest/webhooks.js';

/** One thing that was looked at. `note` is worth knowing and no fault. */
export interface Finding {
  state: 'ok' | 'note' | 'wrong';
  text: string;
}

/** What the operator is told: `ok` when nothing is wrong. Lines are plain text without secrets. */
export interface Diagnosis {
  ok: boolean;
  lines: string[];
}

type Reach = Pick<Config, 'botToken' | 'clientId' | 'clientSecret' | 'apiUrl' | 'xmlUrl' | 'proxy'>;

/** Looks at everything that Steward needs, changes nothing in Webex, and says what to paste into the developer portal. */
export async function runDoctor(config: Config, means: { clock: Clock; log: Log }): Promise<Diagnosis> {
  for (const secret of [config.botToken, config.clientSecret, config.webhookSecret]) means.log.hide(secret);
  const transport = transportFor(config, means);
  try {
    const findings = [
      await checkBot(config, transport), await checkIntegration(config, transport), await checkXml(transport),
      await checkPublicUrl(config, transport), await checkWebhooks(config, transport), ...(await checkStore(config, means)),
    ];
    const marks = { ok: 'ok    ', note: 'note  ', wrong: 'WRONG ' };
    return {
      ok: findings.every(({ state }) => state !== 'wrong'),
      lines: [...portalLines(config), '', 'What was looked at:', ...findings.map(({ state, text }) => `  ${marks[state]}${text}`)],
    };
  } finally {
    transport.close();
  }
}

/** What the integration must have in the developer portal. */
export function portalLines(config: Pick<Config, 'publicUrl' | 'features'>): string[] {
  const scopes = scopesFor(offered(config.features));
  const widest = Math.max(...scopes.map(({ scope }) => scope.length));
  return [
    'At developer.webex.com > My Webex Apps, the integration needs:',
    `  Redirect URI: ${redirectUriOf(config.publicUrl)}`,
    '  Scopes:',
    ...scopes.map(({ scope, reason }) => `    ${scope.padEnd(widest)}  ${reason}`),
  ];
}

/** The way to Webex as the configuration says; what is on this machine is reached straight. */
export function transportFor(config: Pick<Reach, 'apiUrl' | 'xmlUrl' | 'proxy'>, means: { clock: Clock; log: Log }): Transport {
  return createTransport({ baseUrl: config.apiUrl, xmlUrl: config.xmlUrl, proxyUrl: config.proxy, noProxy: 'localhost,127.0.0.1,[::1]', timeouts: { replyMs: 10_000 }, ...means });
}

/** Whether the token is taken, and is a bot's. `organization` is where the bot is at home. */
export async function checkBot(config: Pick<Reach, 'botToken' | 'apiUrl' | 'proxy'>, transport: Transport): Promise<Finding & { organization?: string }> {
  try {
    const me = await people.me(createClient(transport, { owner: 'bot', token: () => Promise.resolve(config.botToken), refresh: () => Promise.resolve(config.botToken) }));
    const who = `${plain(me.displayName)} (${plain(me.emails[0] ?? '')})`;
    if (me.type !== 'bot') return wrong(`WEBEX_BOT_TOKEN is the token of ${who}, who is no bot. Take the token of a bot.`);
    return { ...ok(`Webex is reached and takes the token of the bot ${who}`), organization: me.orgId };
  } catch (error) {
    if (error instanceof WebexRefused && error.status === 401) return wrong('WEBEX_BOT_TOKEN is not taken by Webex. Copy it again, or make a new one in the developer portal.');
    const way = config.proxy === undefined ? 'no proxy (HTTPS_PROXY)' : 'the proxy of HTTPS_PROXY';
    return wrong(`The bot cannot be read at ${config.apiUrl} by ${way}: ${messageOf(error)}`);
  }
}

/** Whether Webex knows the integration: a refresh token that nobody ever had is refused for another reason. */
export async function checkIntegration(config: Pick<Reach, 'clientId' | 'clientSecret'>, transport: Transport): Promise<Finding> {
  try {
    await refreshToken(transport, config, 'a-token-that-nobody-has');
    return note('WEBEX_CLIENT_ID and WEBEX_CLIENT_SECRET could not be tested');
  } catch (error) {
    if (error instanceof WebexRefused && error.code === 'WEBEX_CLIENT_REFUSED') return wrong(error.message);
    // Which words Webex has for a wrong secret is not confirmed: a 401 may be that, or our test token.
    if (error instanceof WebexRefused && error.code === GRANT_GONE && error.status === 401) return note(`Webex may not know the integration. It says: ${plain(error.words)}`);
    if (error instanceof WebexRefused && error.code === GRANT_GONE) return ok('Webex knows the integration');
    return note(`The integration could not be tested: ${messageOf(error)}`);
  }
}

async function checkXml(transport: Transport): Promise<Finding> {
  try {
    await transport.exchange({ method: 'GET', url: transport.xmlUrl, headers: {} });
    return ok('The Meetings XML API is reached');
  } catch {
    return note(`${transport.xmlUrl} is not reached; it is needed only where delegates.backend is xml`);
  }
}

async function checkPublicUrl({ publicUrl }: Config, transport: Transport): Promise<Finding> {
  const outside = isLoopback(publicUrl) ? ' Webex cannot reach an address on this machine: fine with the emulator only.' : '';
  try {
    const answer = await transport.exchange({ method: 'GET', url: `${publicUrl}/oauth/start`, headers: { Accept: 'text/html' } });
    if (answer.bytes.toString('utf8').includes('class="name">Steward<')) return (outside === '' ? ok : note)(`Steward answers at ${publicUrl}.${outside}`);
    return note(`${publicUrl} answers, but not as Steward (status ${answer.status}). Start Steward, and see that ${publicUrl} leads to it.${outside}`);
  } catch {
    return note(`${publicUrl} does not answer from here. Start Steward, then look again; some networks do not let you reach your own public address.${outside}`);
  }
}

async function checkWebhooks(config: Config, transport: Transport): Promise<Finding> {
  try {
    const bot = createClient(transport, { owner: 'bot', token: () => Promise.resolve(config.botToken), refresh: () => Promise.resolve(config.botToken) });
    const all = await webhooks.list(bot);
    const ours = all.filter(({ targetUrl }) => targetUrl.startsWith(`${config.publicUrl}/`));
    const others = all.length - ours.length;
    const more = others > 0 ? ` ${others} of this bot lead elsewhere: is the bot used by another program?` : '';
    const inactive = ours.filter(({ status }) => status === 'inactive');
    if (inactive.length > 0) return wrong(`Webex has switched off ${inactive.length} of ${ours.length} webhooks, since ${config.publicUrl} did not answer. Start Steward: it switches them on again.${more}`);
    if (ours.length === 0) return note(`There are no webhooks yet; npm start makes them.${more}`);
    return (others > 0 ? note : ok)(`${ours.length} webhooks are active.${more}`);
  } catch (error) {
    return note(`The webhooks could not be read: ${messageOf(error)}`);
  }
}

/** Opens the store, unless a running Steward has it, and checks keys and audit logs by each other. */
async function checkStore(config: Config, means: { clock: Clock; log: Log }): Promise<Finding[]> {
  const store = await openLowdbStore({ dataDir: config.dataDir, ...means }).catch((error: unknown) => messageOf(error));
  if (typeof store === 'string') return [note(`The store was not looked into: ${store}`)];
  try {
    await store.shared.once('doctor', 1);
    const audit = createAuditLog({ store, vault: createVault(config.tokenKeys), ...means });
    const verdicts = await Promise.all([undefined, ...(await store.organizations())].map((organization) => audit.verify(organization)));
    return [
      ok(`The store in ${config.dataDir} can be written`),
      ...verdicts.map((verdict) => (verdict.ok
        ? ok(`An audit log of ${verdict.count} entries is whole, and TOKEN_KEYS has its keys`)
        : wrong(`An audit log is broken at entry ${verdict.firstBad}: ${verdict.reason}`))),
    ];
  } catch (error) {
    return [wrong(`The store in ${config.dataDir} cannot be written: ${messageOf(error)}`)];
  } finally {
    await store.close();
  }
}

const ok = (text: string): Finding => ({ state: 'ok', text });
const note = (text: string): Finding => ({ state: 'note', text });
const wrong = (text: string): Finding => ({ state: 'wrong', text });
