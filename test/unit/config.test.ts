import { readFileSync } from 'node:fs';
import { CONFIG_KEYS, ConfigError, FEATURE_NAMES, isLoopback, loadConfig } from '../../src/config.js';
import { FEATURES } from '../../src/accounts/scopes.js';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
const ORGANIZATION = Buffer.from('ciscospark://us/ORGANIZATION/1eb65fdf-9643-417f-9974-ad72cae0e10f').toString('base64');

const complete = {
  WEBEX_BOT_TOKEN: 'bot-token', WEBEX_CLIENT_ID: 'C123', WEBEX_CLIENT_SECRET: 'client-secret', PUBLIC_URL: 'https://steward.acme.test/',
  WEBHOOK_SECRET: 'a-secret-of-some-length', TOKEN_KEYS: `k1:${KEY}`, ALLOWED_ORGANIZATIONS: ORGANIZATION, ALLOWED_ADMINS: 'Amy@Acme.test, @admins.acme.test',
};

function problemsOf(env: Record<string, string | undefined>): { key: string; problem: string }[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

describe('the configuration', () => {
  it('takes a complete environment and fills in what may be left out', () => {
    const config = loadConfig({ ...complete, WEBEX_SITE: ' ', PATH: '/bin' });
    expect(config).toMatchObject({
      apiUrl: 'https://webexapis.com/v1', publicUrl: 'https://steward.acme.test', admins: ['amy@acme.test', '@admins.acme.test'],
      approvalSteps: 20, removalLimit: { count: 50, percent: 20 }, site: undefined, features: ['delegates', 'spaces', 'licenses'], ops: { host: '127.0.0.1', port: 9090 },
    });
    expect(config.tokenKeys[0]?.secret).toHaveLength(32);
  });

  it('names every missing key at once, with the way to mend it', () => {
    const problems = problemsOf({});
    expect(problems.map(({ key }) => key)).toEqual([
      'WEBEX_BOT_TOKEN', 'WEBEX_CLIENT_ID', 'WEBEX_CLIENT_SECRET', 'PUBLIC_URL', 'WEBHOOK_SECRET', 'TOKEN_KEYS', 'ALLOWED_ORGANIZATIONS', 'ALLOWED_ADMINS',
    ]);
    for (const { problem } of problems) expect(problem).toMatch(/^is missing\. \S/);
  });

  it.each([
    ['ALLOWED_ADMINS', ' , '], ['ALLOWED_ADMINS', 'amy'], ['ALLOWED_ORGANIZATIONS', ','], ['ALLOWED_ORGANIZATIONS', 'acme'],
    ['TOKEN_KEYS', KEY], ['TOKEN_KEYS', 'k1:c2hvcnQ='], ['TOKEN_KEYS', `k1:${KEY},k1:${KEY}`], ['TOKEN_KEYS', `k1:${Buffer.alloc(32, 7).toString('base64')}`],
    ['WEBHOOK_SECRET', 'short'],
    ['PUBLIC_URL', 'http://steward.acme.test'], ['PUBLIC_URL', 'steward.acme.test'], ['WEBEX_API_URL', 'http://webexapis.com/v1'],
    ['WEBEX_API_URL', 'http://localhost.evil.test/v1'], ['WEBEX_XML_URL', 'ftp://acme.webex.com/'], ['WEBEX_SITE', 'https://acme.webex.com'],
    ['REMOVAL_LIMIT', '50'], ['ADD_LIMIT', '50,120%'], ['APPROVAL_STEPS', 'none'], ['PORT', '70000'], ['OPS_ADDRESS', '9090'],
    ['LOG_LEVEL', 'loud'], ['FEATURES', 'delegates,coffee'], ['STORE_URL', 'mysql://x'], ['HTTPS_PROXY', 'proxy'], ['RETENTION_DAYS', '-1'],
  ])('refuses %s=%s, naming only that key', (key, value) => {
    expect(problemsOf({ ...complete, [key]: value }).map((problem) => problem.key)).toEqual([key]);
  });

  it('trap 33: never repeats a value in what it says', () => {
    const env = { ...complete, TOKEN_KEYS: 'k1:leaked-key-value', WEBHOOK_SECRET: 'leaked-secret', PUBLIC_URL: 'leaked-url' };
    expect(JSON.stringify(problemsOf(env))).not.toContain('leaked');
  });

  it('takes http on this machine only', () => {
    expect(loadConfig({ ...complete, WEBEX_API_URL: 'http://127.0.0.1:4010/v1/' }).apiUrl).toBe('http://127.0.0.1:4010/v1');
    expect(isLoopback('http://[::1]:80')).toBe(true);
    expect(isLoopback('http://127.0.0.1.evil.test')).toBe(false);
  });

  it('has every key in .env.example, with a comment and its default', () => {
    const lines = readFileSync('.env.example', 'utf8').split('\n');
    const keys = lines.flatMap((line) => /^#?([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(keys).toEqual(CONFIG_KEYS);
    const defaults = Object.fromEntries(lines.flatMap((line) => {
      const [, key, value] = /^#([A-Z_]+)=(.+)$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value]];
    })) as Record<string, string>;
    expect(loadConfig({ ...complete, ...defaults })).toEqual(loadConfig(complete));
    lines.forEach((line, at) => {
      if (/^#?[A-Z_]+=/.test(line)) expect(lines.slice(Math.max(0, at - 2), at).some((before) => before.startsWith('# '))).toBe(true);
    });
  });

  it('gives no secret a default', () => {
    expect(readFileSync('.env.example', 'utf8').match(/^(WEBEX_BOT_TOKEN|WEBEX_CLIENT_SECRET|WEBHOOK_SECRET|TOKEN_KEYS)=$/gm)).toHaveLength(4);
  });

  it('knows the features that have scopes', () => {
    expect(FEATURES.filter((feature) => feature.area === undefined).map(({ name }) => name)).toEqual(['reports', 'audit', 'look', 'revoke']);
    expect(new Set(FEATURES.flatMap(({ area }) => area ?? []))).toEqual(new Set(FEATURE_NAMES));
  });
});
