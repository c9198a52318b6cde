import nock from 'nock';
import type { WebexCall } from '../../../src/webex/call.js';
import { indexedPages, nextLink, offsetPages, pages, type Page } from '../../../src/webex/paging.js';
import * as groups from '../../../src/webex/rest/groups.js';
import * as licenses from '../../../src/webex/rest/licenses.js';
import * as memberships from '../../../src/webex/rest/memberships.js';
import { all } from '../../../src/webex/rest/parse.js';
import * as rooms from '../../../src/webex/rest/rooms.js';
import { errorOf } from './error-of.js';
import { BASE, guardNetwork, oddClient, ORIGIN } from './odd-server.js';

guardNetwork();

const server = () => nock(ORIGIN);
const call: WebexCall = { method: 'GET', path: '/messages', lane: 'messages', query: { roomId: 'r', mentionedPeople: 'me', max: 2 } };
const next = (query: string, path = 'messages') => ({ link: `<${BASE}/${path}?${query}>; rel="next"` });

async function read(list: AsyncIterable<Page>): Promise<unknown[][]> {
  return (await all(list)).map(({ items }) => items);
}

describe('a list by Link', () => {
  it('trap 20: goes on after an empty page, to the end', async () => {
    server().get('/v1/messages').query({ roomId: 'r', mentionedPeople: 'me', max: 2 }).reply(200, { items: [{ id: 1 }] }, next('roomId=r&mentionedPeople=me&max=2&after=b'))
      .get('/v1/messages').query({ roomId: 'r', mentionedPeople: 'me', max: 2, after: 'b' }).reply(200, { items: [] }, next('roomId=r&mentionedPeople=me&max=2&after=c'))
      .get('/v1/messages').query({ roomId: 'r', mentionedPeople: 'me', max: 2, after: 'c' }).reply(200, { items: [{ id: 2 }] });
    expect(await read(pages(oddClient().client, call, 'items'))).toEqual([[{ id: 1 }], [], [{ id: 2 }]]);
  });

  it('puts back what a next link lost of the query, but no cursor', async () => {
    server().get('/v1/messages').query({ roomId: 'r', before: 'today', mentionedPeople: 'me' }).reply(200, { items: [] }, next('roomId=r&beforeMessage=m'))
      .get('/v1/messages').query({ roomId: 'r', beforeMessage: 'm', mentionedPeople: 'me' }).reply(200, { items: [] });
    const query = { roomId: 'r', before: 'today', mentionedPeople: 'me' };
    expect(await read(pages(oddClient().client, { ...call, query }, 'items'))).toEqual([[], []]);
  });

  it('trap 20: sends the token to no other host', async () => {
    server().get('/v1/messages').query(true).reply(200, { items: [{ id: 1 }] }, { link: '<https://elsewhere.test/v1/messages?x=1>; rel="next"' });
    expect(await errorOf(read(pages(oddClient().client, call, 'items')))).toMatchObject({ code: 'WEBEX_UNEXPECTED' });
  });

  it('throws when a next link comes twice', async () => {
    server().get('/v1/messages').query(true).times(2).reply(200, { items: [{ id: 1 }] }, next('roomId=r&mentionedPeople=me&max=2&after=b'));
    expect(await errorOf(read(pages(oddClient().client, call, 'items')))).toMatchObject({ code: 'WEBEX_UNEXPECTED' });
  });

  it.each([[{}], [{ items: null }], ['[]'], [undefined]])('takes %j not for an empty list', async (body) => {
    server().get('/v1/messages').query(true).reply(200, body);
    expect(await errorOf(read(pages(oddClient().client, call, 'items')))).toMatchObject({ code: 'WEBEX_UNEXPECTED' });
  });

  it('passes on the failure of a later page', async () => {
    server().get('/v1/messages').query(true).reply(200, { items: [{ id: 1 }] }, next('roomId=r&mentionedPeople=me&max=2&after=b')).get('/v1/messages').query(true).reply(403);
    expect(await errorOf(read(pages(oddClient().client, call, 'items')))).toMatchObject({ status: 403 });
  });

  it('trap 21: of a license’s users is called users and asked for 300 at a time', async () => {
    server().get('/v1/licenses/L').query({ includeAssignedTo: 'user', limit: 300 })
      .reply(200, { id: 'L', name: 'M', users: [{ id: 'a', email: 'a@x.test' }] }, next('includeAssignedTo=user&limit=300&next=N', 'licenses/L'))
      .get('/v1/licenses/L').query({ includeAssignedTo: 'user', limit: 300, next: 'N' }).reply(200, { id: 'L', name: 'M', users: [{ id: 'b' }] });
    expect((await all(licenses.users(oddClient().client, 'L'))).map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('a Link header', () => {
  it.each([
    ['<https://a.test/x?b=1,2>; rel="next"', 'https://a.test/x?b=1,2'],
    ['<https://a.test/1>; rel="first", <https://a.test/2>; rel="next"', 'https://a.test/2'],
    ['<https://a.test/2>; title="a, b"; rel=next', 'https://a.test/2'],
    ['<https://a.test/2>;rel="last next"', 'https://a.test/2'],
    ['<https://a.test/1>; rel="prev"', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, link) => {
    expect(nextLink(header)).toBe(link);
  });
});

describe('a list by startIndex and count', () => {
  const members = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => ({ id: `m${from + n}`, type: 'user' }));
  const page = (startIndex: number, body: object) => server().get('/v1/groups/G/members').query({ startIndex, count: 500 }).reply(200, body);

  it('trap 21: goes on with startIndex although the server gives shorter pages, and ends by memberSize', async () => {
    page(1, { id: 'G', memberSize: 5, members: members(1, 2) });
    page(3, { id: 'G', memberSize: 5, members: members(3, 4) });
    page(5, { id: 'G', memberSize: 5, members: members(5, 5) });
    expect((await all(groups.members(oddClient().client, 'G'))).map(({ id }) => id)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
  });

  it('reads a group without members', async () => {
    page(1, { id: 'G', memberSize: 0 });
    expect(await all(groups.members(oddClient().client, 'G'))).toEqual([]);
  });

  it('throws when fewer come than were announced: unknown is not empty', async () => {
    page(1, { id: 'G', memberSize: 5, members: members(1, 2) });
    page(3, { id: 'G', memberSize: 5, members: [] });
    expect(await errorOf(all(groups.members(oddClient().client, 'G')))).toMatchObject({ code: 'WEBEX_UNEXPECTED' });
  });

  it('throws when the server gives the same page again', async () => {
    page(1, { id: 'G', memberSize: 4, members: members(1, 2) });
    page(3, { id: 'G', memberSize: 4, members: members(1, 2) });
    expect(await errorOf(all(groups.members(oddClient().client, 'G')))).toMatchObject({ code: 'WEBEX_UNEXPECTED' });
  });

  it.each([{ id: 'G', members: [] }, { id: 'G', memberSize: 3 }, { id: 'G', memberSize: '3', members: [] }])('takes %j not for an empty group', async (body) => {
    page(1, body);
    expect(await errorOf(all(groups.members(oddClient().client, 'G')))).toMatchObject({ code: 'WEBEX_UNEXPECTED' });
  });

  it('gives an item that moved to the next page once', async () => {
    server().get('/v1/groups').query({ startIndex: 1, count: 2 }).reply(200, { totalResults: 3, groups: [{ id: 'a' }, { id: 'b' }] })
      .get('/v1/groups').query({ startIndex: 3, count: 2 }).reply(200, { totalResults: 3, groups: [{ id: 'b' }, { id: 'c' }] });
    const list = indexedPages(oddClient().client, { method: 'GET', path: '/groups', lane: 'groups' }, { key: 'groups', total: 'totalResults', count: 2 });
    expect(await read(list)).toEqual([[{ id: 'a' }, { id: 'b' }], [{ id: 'c' }]]);
  });
});

it('a list by offset ends at an empty page', async () => {
  server().get('/v1/adminAudit/events').query({ offset: 0 }).reply(200, { items: [1, 2] }).get('/v1/adminAudit/events').query({ offset: 2 }).reply(200, { items: [3] })
    .get('/v1/adminAudit/events').query({ offset: 3 }).reply(200, { items: [] });
  expect(await read(offsetPages(oddClient().client, { method: 'GET', path: '/adminAudit/events', lane: 'adminAudit' }, 'items'))).toEqual([[1, 2], [3]]);
});

describe('an item of a good list that could not be read', () => {
  it('is there, and says what of it is not to be trusted', async () => {
    server().get('/v1/rooms').query(true).reply(200, { items: [{ id: 'a', type: 'group', title: 'eyJhbGciOi', errors: { title: { code: 'kms_failure', reason: 'Key server' } } }, { id: 'b', type: 'group', title: 'B' }] });
    const list = await all(rooms.list(oddClient().client));
    expect(list.map(({ id, unreadable }) => [id, unreadable])).toEqual([['a', ['title']], ['b', []]]);
  });

  it('without what we need fails the whole list instead of being left out', async () => {
    server().get('/v1/memberships').query(true).reply(200, { items: [{ id: 'a', roomId: 'r', personId: 'p' }, { id: 'b', roomId: 'r', errors: { personId: { code: 'kms_failure' } } }] });
    const error = await errorOf(all(memberships.list(oddClient().client, 'r')));
    expect(error.message).toContain('a membership with a wrong or missing personId');
  });
});
