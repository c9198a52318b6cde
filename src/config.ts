import { z } from 'zod';
import { decodeId } from './lib/ids.js';
import { StewardError } from './lib/errors.js';

/** Areas of admin work that can be switched on. Their scopes are in accounts/scopes.ts; a test compares the two lists. */
export const FEATURE_NAMES = ['delegates', 'spaces', 'licenses'] as const;

/** How much of a plan is too much: a number, a share of what is there, whichever comes first. */
export interface Limit {
  count: number;
  /** 0 to 100. */
  percent: number;
}

/** Everything that the operator decides, checked. Texts are trimmed, base URLs have no slash at the end. */
export interface Config {
  botToken: string;
  clientId: string;
  clientSecret: string;
  /** With `/v1`. */
  apiUrl: string;
  /** The Meetings XML service, one address for all sites. */
  xmlUrl: string;
  /** `acme.webex.com`, the start value of the first organization. */
  site: string | undefined;
  publicUrl: string;
  port: number;
  /** Where metrics and readiness are served. */
  ops: { host: string; port: number };
  webhookSecret: string;
  /** The first encrypts, all decrypt. Keys have 32 bytes, as store/vault.ts takes them. */
  tokenKeys: { id: string; secret: Buffer }[];
  dataDir: string;
  storeUrl: 'file:';
  /** Organization ids as written; compare with sameId. */
  organizations: string[];
  /** Lower-case addresses, or `@domain`. */
  admins: string[];
  approvalSteps: number | 'off';
  removalLimit: Limit;
  addLimit: Limit;
  retentionDays: number;
  /** For the calls to Webex; none when undefined. */
  proxy: string | undefined;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  features: (typeof FEATURE_NAMES)[number][];
}

/** The environment does not make a configuration. The message has a line per key: what is wrong and how to mend it. */
export class ConfigError extends StewardError {
  constructor(readonly problems: { key: string; problem: string }[]) {
    super({
      code: 'CONFIG',
      message: `The configuration is not complete:\n${problems.map(({ key, problem }) => `  ${key}: ${problem}`).join('\n')}`,
    });
  }
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL stays on this machine, where plain http harms nobody. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

const required = (fix: string): z.ZodString => z.string({ error: `is missing. ${fix}` });
const list = (text: string): string[] => text.split(',').map((item) => item.trim()).filter((item) => item !== '');

/** A base URL without query, https unless on loopback. */
const baseUrl = (fix: string): z.ZodType<string, string> =>
  required(fix)
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), `must be a URL such as https://steward.example.com. ${fix}`)
    .refine((text) => !URL.canParse(text) || new URL(text).protocol === 'https:' || isLoopback(text), 'must begin with https:// (http is taken on localhost only).')
    .refine((text) => !/[?#@]/.test(text), 'must have no query, fragment or user name.')
    .transform((text) => text.replace(/\/+$/, ''));

const wholeNumber = (least: number, most: number, unit: string): z.ZodType<number, string> =>
  z.string()
    .regex(/^\d+$/, `must be a whole number of ${unit}.`)
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be from ${least} to ${most} ${unit}.`);

const LIMIT_FORM = /^(\d+),(\d+)%$/;
const limit = z.string()
  .regex(LIMIT_FORM, 'must be a number and a share, as 50,20% (whichever comes first).')
  .transform((text): Limit => {
    const [, count, percent] = LIMIT_FORM.exec(text) ?? [];
    return { count: Number(count), percent: Number(percent) };
  })
  .refine((value) => value.percent <= 100, 'must have a share of at most 100%.');

const tokenKeys = required('Make one with: echo "k1:$(openssl rand -base64 32)", or run npm run setup.')
  .transform((text) => list(text).map((item) => {
    const at = item.indexOf(':');
    return { id: item.slice(0, Math.max(0, at)), secret: Buffer.from(item.slice(at + 1), 'base64') };
  }))
  .refine((keys) => keys.length > 0 && keys.every(({ id, secret }) => /^[A-Za-z0-9_-]{1,32}$/.test(id) && secret.length === 32),
    'must be a comma list of <id>:<base64 of 32 bytes>. Make one with: echo "k1:$(openssl rand -base64 32)".')
  .refine((keys) => keys.every(({ secret }) => secret.some((byte) => byte !== secret[0])), 'has a key that is not random. Make one with: echo "k1:$(openssl rand -base64 32)".')
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'names the same key id twice. Give every key its own id.');

const organizations = required('Set it to the id of your organization (npm run setup finds it by the bot token).')
  .transform(list)
  .refine((ids) => ids.length > 0, 'is empty, so nobody could use Steward. Set it to the id of your organization.')
  .refine((ids) => ids.every((id) => ['ORGANIZATION', ''].includes(decodeId(id).type)), 'must be a comma list of organization ids.');

const ADMIN_FORM = /^[^@\s,]*@[^@\s,]+\.?[^@\s,]+$/;
const admins = required('Set it to the addresses that may use Steward, or to @your-domain.')
  .transform((text) => list(text).map((item) => item.toLowerCase()))
  .refine((items) => items.length > 0, 'is empty, so nobody could use Steward. Set it to the addresses that may use it, or to @your-domain.')
  .refine((items) => items.every((item) => ADMIN_FORM.test(item)), 'must be a comma list of addresses (amy@acme.com) and domains (@acme.com).');

const opsAddress = z.string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'must be host:port, as 127.0.0.1:9090.')
  .transform((text) => {
    const at = text.lastIndexOf(':');
    return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
  })
  .refine(({ port }) => port <= 65535, 'must have a port up to 65535.');

const proxy = z.string().refine(
  (text) => URL.canParse(text) && /^(https?|socks5?):$/.test(new URL(text).protocol),
  'must be the URL of a proxy, as http://proxy.example.com:3128.',
);

const features = z.string()
  .transform((text) => list(text).map((item) => item.toLowerCase()))
  .pipe(z.array(z.enum(FEATURE_NAMES, { error: `must be a comma list of: ${FEATURE_NAMES.join(', ')}.` })));

/** The one schema over the environment, in the order of .env.example. */
const Environment = z.object({
  WEBEX_BOT_TOKEN: required('Make a bot at developer.webex.com and copy its token.'),
  WEBEX_CLIENT_ID: required('Make an integration at developer.webex.com and copy its client id.'),
  WEBEX_CLIENT_SECRET: required('It is shown once, when the integration is made; make a new one if it is lost.'),
  WEBEX_API_URL: baseUrl('Leave it out for https://webexapis.com/v1.').default('https://webexapis.com/v1'),
  WEBEX_XML_URL: baseUrl('Leave it out for the address that serves all sites.').default('https://api.webex.com/WBXService/XMLService'),
  WEBEX_SITE: z.string().toLowerCase().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be the host of a Webex site, as acme.webex.com.').optional(),
  PUBLIC_URL: baseUrl('Set it to the address at which Webex and browsers reach Steward.'),
  PORT: wholeNumber(0, 65535, 'a port').default(8080),
  OPS_ADDRESS: opsAddress.default({ host: '127.0.0.1', port: 9090 }),
  WEBHOOK_SECRET: required('Make one with: openssl rand -hex 32, or run npm run setup.').min(16, 'is too short: take at least 16 characters (openssl rand -hex 32).'),
  TOKEN_KEYS: tokenKeys,
  DATA_DIR: z.string().default('./data'),
  STORE_URL: z.literal('file:', { error: 'must be file: (or left out): this build keeps its records in DATA_DIR.' }).default('file:'),
  ALLOWED_ORGANIZATIONS: organizations,
  ALLOWED_ADMINS: admins,
  APPROVAL_STEPS: z.union([z.literal('off'), wholeNumber(0, 1_000_000, 'steps')], { error: 'must be a whole number of steps, or off.' }).default(20),
  REMOVAL_LIMIT: limit.default({ count: 50, percent: 20 }),
  ADD_LIMIT: limit.default({ count: 500, percent: 50 }),
  RETENTION_DAYS: wholeNumber(1, 36_500, 'days').default(365),
  HTTPS_PROXY: proxy.optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'must be debug, info, warn, error or silent.' }).default('info'),
  FEATURES: features.default(['delegates', 'spaces', 'licenses']),
});

/** All keys that Steward reads from the environment. */
export const CONFIG_KEYS = Object.keys(Environment.shape);

/**
 * The configuration that an environment makes. Empty values count as left out; other keys are ignored.
 * Throws ConfigError that names all wrong keys at once, never a value.
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    CONFIG_KEYS.map((key) => [key, env[key]?.trim()]).filter(([, value]) => value !== undefined && value !== ''),
  ) as Record<string, string>;
  const result = Environment.safeParse(given);
  if (!result.success) {
    const problems = new Map(result.error.issues.map((issue) => [String(issue.path[0]), issue.message]).reverse() as [string, string][]);
    throw new ConfigError(CONFIG_KEYS.filter((key) => problems.has(key)).map((key) => ({ key, problem: problems.get(key) ?? '' })));
  }
  const value = result.data;
  return {
    botToken: value.WEBEX_BOT_TOKEN,
    clientId: value.WEBEX_CLIENT_ID,
    clientSecret: value.WEBEX_CLIENT_SECRET,
    apiUrl: value.WEBEX_API_URL,
    xmlUrl: value.WEBEX_XML_URL,
    site: value.WEBEX_SITE,
    publicUrl: value.PUBLIC_URL,
    port: value.PORT,
    ops: value.OPS_ADDRESS,
    webhookSecret: value.WEBHOOK_SECRET,
    tokenKeys: value.TOKEN_KEYS,
    dataDir: value.DATA_DIR,
    storeUrl: value.STORE_URL,
    organizations: value.ALLOWED_ORGANIZATIONS,
    admins: value.ALLOWED_ADMINS,
    approvalSteps: value.APPROVAL_STEPS,
    removalLimit: value.REMOVAL_LIMIT,
    addLimit: value.ADD_LIMIT,
    retentionDays: value.RETENTION_DAYS,
    proxy: value.HTTPS_PROXY,
    logLevel: value.LOG_LEVEL,
    features: value.FEATURES,
  };
}
