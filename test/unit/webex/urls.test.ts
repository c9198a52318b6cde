import { address, path, sameOrigin } from '../../../src/webex/urls.js';
import { isExempt } from '../../../src/webex/agents.js';

describe('a path', () => {
  it('is made of names and ids', () => {
    expect(path('people', 'Y2lzY29zcGFyazovL3Vz_-=')).toBe('/people/Y2lzY29zcGFyazovL3Vz_-=');
  });

  it.each(['', '.', '..', 'a/b', 'a%2Fb', 'amy@acme.test', 'a b', 'a?b', 'a#b', 'ä', 'a'.repeat(513), '../people'])('does not take %j for an id', (id) => {
    expect(() => path('people', id)).toThrow(expect.objectContaining({ code: 'NOT_AN_ID' }));
  });
});

it('an address takes a base with or without a slash at its end', () => {
  for (const base of ['https://webex.test/v1', 'https://webex.test/v1/']) {
    expect(address(base, { path: '/people', query: { max: 1, email: 'a+b@x.test', id: undefined } })).toBe('https://webex.test/v1/people?max=1&email=a%2Bb%40x.test');
  }
});

it('the origin is scheme, host and port', () => {
  expect(sameOrigin('https://webex.test/v1', 'https://webex.test:443/v2?x')).toBe(true);
  for (const other of ['http://webex.test/v1', 'https://webex.test:444/', 'https://a.webex.test/', 'https://webex.test@evil.test/', 'https://me@webex.test/', 'javascript:1', '']) {
    expect(sameOrigin('https://webex.test/v1', other)).toBe(false);
  }
});

describe('hosts that are reached without the proxy', () => {
  it.each([
    ['https://webexapis.com/v1', 'webexapis.com', true],
    ['https://api.webexapis.com/v1', '.webexapis.com', true],
    ['https://webexapis.com/v1', '*.webexapis.com', true],
    ['https://notwebexapis.com/v1', 'webexapis.com', false],
    ['http://127.0.0.1:4010/v1', 'localhost, 127.0.0.1:4010', true],
    ['http://127.0.0.1:4011/v1', '127.0.0.1:4010', false],
    ['https://webexapis.com/v1', 'webexapis.com:443', true],
    ['https://webexapis.com/v1', '*', true],
    ['https://webexapis.com/v1', '', false],
  ])('%s with %j: %s', (url, list, exempt) => {
    expect(isExempt(new URL(url), list)).toBe(exempt);
  });
});
