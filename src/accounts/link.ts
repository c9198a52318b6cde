import type { Clock } from '../lib/clock.js';
import { randomToken, sameId, sameSecret, tokenHash } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import type { AuditLog } from '../store/audit.js';
import { StaleRecord, update, type Record, type Store } from '../store/store.js';
import type { WriteClient } from '../webex/call.js';
import { createClient, type Transport } from '../webex/client.js';
import { WebexRefused } from '../webex/errors.js';
import { authorizeUrl, exchangeCode, type Integration, type Tokens } from '../webex/oauth.js';
import * as organizations from '../webex/rest/organizations.js';
import * as people from '../webex/rest/people.js';
import { refusalOf, type Allowed } from './allowed.js';
import type { Account } from './define.js';
import { revokeGrant, WHERE_TO_REVOKE } from './grant.js';
import { toLookAt } from './looking.js';
import type { AccountRecords } from './records.js';
import { scopesFor, type Feature } from './scopes.js';
import type { AccountTokens } from './tokens.js';

const LINK_MS = 10 * 60_000;
const STATES = 'link-states';

/** Who asked for a link, as Webex says. */
export interface LinkCaller {
  personId: string;
  email: string;
  displayName: string;
  orgId: string;
}

type Asked = { scope: string; reason: string }[];

/** A link that waits for somebody to come back from Webex. Its id is the hash of its state. */
interface Waiting {
  caller: LinkCaller;
  scopes: Asked;
  /** What to ask for instead when Webex refuses: enough for somebody whose roles let him only look. */
  looking?: Asked;
  expires: number;
  /** Of the browser that opened the start page last. */
  challenge?: string;
}

/** What a browser is shown; http/pages/page.ts draws it. */
export interface LinkPage {
  status: number;
  mood: 'ask' | 'good' | 'bad';
  title: string;
  lines: string[];
  scopes?: { scope: string; reason: string }[];
  next?: { url: string; label: string };
  cookie?: string | null;
}

export interface LinkParts {
  store: Store;
  records: AccountRecords;
  /** Keeps the tokens of a person, encrypted. */
  tokens: Pick<AccountTokens, 'save'>;
  transport: Transport;
  allowed: Allowed;
  audit: Pick<AuditLog, 'record'>;
  clock: Clock;
  log: Log;
  integration: Integration;
  publicUrl: string;
  /** Called when an account is linked or its grant has changed: what was made with the old one is forgotten. */
  changed(personId: string): void;
  /** Tells the person in his 1:1 what works now. Its failure does not undo the link. */
  linked(account: Account): Promise<void>;
  /** Tells the person who asked that somebody else came back, or that the grant was not taken. */
  refused(caller: LinkCaller, reason: string): Promise<void>;
}

export interface Linking {
  /** The address of the start page for this caller, for his 1:1 only. It is good once, for 10 minutes. */
  begin(caller: LinkCaller, features: readonly Feature[]): Promise<string>;
  start(input: { state: string; cookie: string | undefined }): Promise<LinkPage>;
  finish(input: { state: string; code: string | undefined; error: string | undefined; cookie: string | undefined }): Promise<LinkPage>;
}

/**
 * Linking by the authorization code flow. The browser's cookie is the PKCE verifier itself and the store holds its challenge only:
 * without the very browser that opened the start page there is nothing with which the code could be exchanged.
 */
export function createLinking(parts: LinkParts): Linking {
  const { store, clock, log, transport, integration } = parts;
  const redirectUri = redirectUriOf(parts.publicUrl);
  const find = async (state: string): Promise<Record<Waiting> | undefined> => {
    const found = state === '' ? undefined : await store.shared.get<Waiting>(STATES, tokenHash(state));
    return found !== undefined && found.value.expires > clock.now() ? found : undefined;
  };
  const open = async (wanted: Omit<Waiting, 'expires'>): Promise<string> => {
    const state = randomToken(32);
    log.hide(state);
    await sweep(store, clock.now());
    const waiting: Waiting = { ...wanted, expires: clock.now() + LINK_MS };
    await store.shared.put(STATES, tokenHash(state), waiting, 0);
    return `${parts.publicUrl}/oauth/start?state=${state}`;
  };

  return {
    begin: (caller, features) => {
      const looking = scopesFor(toLookAt(features));
      return open({ caller, scopes: scopesFor(features), ...(looking.length > 0 ? { looking } : {}) });
    },

    start: async ({ state, cookie }) => {
      const found = await find(state);
      if (found === undefined) return OVER;
      const { caller, scopes, challenge } = found.value;
      const same = cookie !== undefined && challenge !== undefined && sameSecret(tokenHash(cookie), challenge);
      const verifier = same ? cookie : randomToken(48);
      if (!same) {
        log.hide(verifier);
        await update<Waiting>(store.shared, STATES, found.id, (waiting) => waiting && { ...waiting, challenge: tokenHash(verifier) });
      }
      const url = authorizeUrl(transport.baseUrl, {
        clientId: integration.clientId, redirectUri, scopes: scopes.map(({ scope }) => scope), state, codeChallenge: tokenHash(verifier), loginHint: caller.email,
      });
      return {
        status: 200, mood: 'ask', title: `Link the Webex account of ${caller.displayName}`, scopes, cookie: verifier, next: { url, label: 'Continue to Webex' },
        lines: [`This link is for ${caller.email} only. Webex will ask you to sign in as this person and to allow what is listed here.`, 'Did you not ask Steward for it? Then close this page.'],
      };
    },

    finish: async ({ state, code, error, cookie }) => {
      const found = await find(state);
      if (found === undefined) return OVER;
      const { caller, challenge, looking } = found.value;
      if (cookie === undefined || challenge === undefined || !sameSecret(tokenHash(cookie), challenge)) {
        await parts.audit.record(caller.orgId, { actor: caller.personId, action: 'account.link.refused', details: { reason: 'another browser' } });
        return bad('This is not the browser in which you began', ['Open the link of the bot again and finish in the same browser, with cookies allowed.']);
      }
      // Deleting tells nobody that he came second; this does.
      if (!(await store.shared.once(`link ${found.id}`, LINK_MS))) return OVER;
      await forget(store, found);
      if (error !== undefined || code === undefined) {
        await parts.audit.record(caller.orgId, { actor: caller.personId, action: 'account.link.denied' });
        return looking === undefined ? { ...NOT_GIVEN, cookie: null } : {
          ...bad('Nothing was linked', [
            'Webex did not give Steward access.',
            'If it was not you who said no: your roles may not allow all that was asked for. If they let you only look, link for that; for more, ask a full administrator of your organization.',
          ]),
          // For the same person: whoever comes back from Webex as somebody else is refused there too.
          next: { url: await open({ caller, scopes: looking }), label: 'Link only to look' }, cookie: null,
        };
      }
      const page = await take(parts, found.value, { code, codeVerifier: cookie, redirectUri });
      return { ...page, cookie: null };
    },
  };
}

/** What must be registered as the redirect URI of the integration. */
export function redirectUriOf(publicUrl: string): string {
  return `${publicUrl}/oauth/callback`;
}

/** Exchanges the code, sees who came back, and keeps or drops the grant. */
async function take(parts: LinkParts, { caller, scopes }: Waiting, back: { code: string; codeVerifier: string; redirectUri: string }): Promise<LinkPage> {
  const { audit, log } = parts;
  let grant: Tokens;
  try {
    grant = await exchangeCode(parts.transport, parts.integration, back);
  } catch (error) {
    if (!(error instanceof WebexRefused)) throw error;
    log.warn({ error }, 'Webex refused the code of a link');
    await audit.record(caller.orgId, { actor: caller.personId, action: 'account.link.refused', details: { reason: 'code' } });
    return bad('Webex did not accept the sign-in', ['It may have taken too long. Write “account link” to the bot and try again.']);
  }
  // A reply without scopes means that all were granted (RFC 6749, 5.1).
  const granted = grant.scopes ?? scopes.map(({ scope }) => scope);
  const webex = createClient(parts.transport, { owner: `link ${caller.personId}`, token: () => Promise.resolve(grant.accessToken), refresh: () => Promise.resolve(grant.accessToken) });
  const me = await people.me(webex);
  const reason = sameId(me.id, caller.personId)
    ? (me.loginEnabled === false ? 'This account is switched off.' : refusalOf(parts.allowed, { email: me.emails[0] ?? '', orgId: me.orgId, type: me.type }))
    : 'You signed in to Webex as somebody else.';
  if (reason !== undefined) return drop(parts, caller, webex, { me, granted, reason });

  const account: Account = {
    personId: me.id, email: (me.emails[0] ?? caller.email).toLowerCase(), displayName: me.displayName, orgId: me.orgId,
    organizations: await reached(webex, me.orgId, log), scopes: granted, linkedAt: parts.clock.iso(), state: 'linked',
  };
  const before = await parts.records.findAnywhere(account.personId);
  await parts.tokens.save(account, grant);
  await parts.records.put(account);
  if (before !== undefined && !sameId(before.orgId, account.orgId)) await parts.records.remove(before);
  parts.changed(account.personId);
  await audit.record(account.orgId, { actor: account.personId, action: 'account.linked', details: { scopes: account.scopes, organizations: account.organizations.map(({ id }) => id) } });
  // Not waited for: a slow answer in chat is no reason to keep the browser waiting.
  parts.linked(account).catch((error: unknown) => { log.warn({ error }, 'the person could not be told that the account is linked'); });
  return {
    status: 200, mood: 'good', title: `${account.displayName} is linked`,
    lines: ['You can close this page. The bot tells you in Webex what works now.'],
  };
}

/** The grant of somebody who may not: taken back where that can be done, told, audited; its tokens are kept nowhere. */
async function drop(
  parts: LinkParts,
  caller: LinkCaller,
  webex: WriteClient,
  { me, granted, reason }: { me: { id: string; orgId: string }; granted: string[]; reason: string },
): Promise<LinkPage> {
  const revoked = await revokeGrant(webex, { personId: me.id, clientId: parts.integration.clientId, scopes: granted }, 'newest', parts.log);
  await parts.audit.record(caller.orgId, {
    actor: caller.personId, action: 'account.link.refused', subject: me.id, details: { reason, cameBack: me.id, organization: me.orgId, revoked },
  });
  parts.refused(caller, reason).catch((error: unknown) => { parts.log.warn({ error }, 'the person could not be told that the link was refused'); });
  return bad('This account was not linked', [
    reason, `The link was for ${caller.email}. Steward kept nothing of what you allowed.`, ...(revoked ? ['The grant was taken back at Webex.'] : [WHERE_TO_REVOKE]),
  ]);
}

/** Home, and what Webex lists besides. Without the scope for it: home, by its id. */
async function reached(webex: WriteClient, home: string, log: Log): Promise<{ id: string; name: string }[]> {
  try {
    const listed = (await organizations.list(webex)).map(({ id, displayName }) => ({ id, name: displayName }));
    if (listed.some(({ id }) => sameId(id, home))) return listed;
    return [{ id: home, name: (await organizations.get(webex, home)).displayName }, ...listed];
  } catch (error) {
    if (!(error instanceof WebexRefused)) throw error;
    log.info({ error }, 'Webex does not show the names of organizations to a new account');
    return [{ id: home, name: 'your organization' }];
  }
}

/** Links that nobody used are not kept. */
async function sweep(store: Store, now: number): Promise<void> {
  for (const found of await store.shared.list<Waiting>(STATES)) if (found.value.expires <= now) await forget(store, found);
}

async function forget(store: Store, { id, version }: Record<Waiting>): Promise<void> {
  await store.shared.delete(STATES, id, version).catch((error: unknown) => {
    if (!(error instanceof StaleRecord)) throw error;
  });
}

function bad(title: string, lines: string[]): LinkPage {
  return { status: 400, mood: 'bad', title, lines };
}

const NOT_GIVEN = bad('Nothing was linked', [
  'Webex did not give Steward access.',
  'If it was not you who said no: your roles may not allow all that was asked for. Write “account link for=look” to the bot, or ask a full administrator of your organization.',
]);
const OVER = bad('This link does not work any more', ['It was used already, or is older than 10 minutes. Write “account link” to the bot for a new one.']);
