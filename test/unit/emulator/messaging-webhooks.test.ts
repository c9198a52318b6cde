import { keyOf } from '../../../src/emulator/ids.js';
import { cast, CARD, sha1, startReceiver, until, type Receiver } from './messaging-support.js';
import { startWire, type Json, type Wire } from './wire.js';

describe('webhooks', () => {
  let wire: Wire;
  let now: ReturnType<typeof cast>;
  let receiver: Receiver;
  let roomId: string;
  beforeEach(async () => {
    [wire, receiver] = await Promise.all([startWire(), startReceiver()]);
    now = cast(wire);
    roomId = now.roomOf('IT Admins');
  });
  afterEach(() => Promise.all([wire.stop(), receiver.stop()]));

  const register = async (body: object = {}): Promise<Json> =>
    (await now.asBot('POST', '/webhooks', { name: 'All', targetUrl: receiver.url, resource: 'all', event: 'all', secret: 'keep it', ...body })).json;
  const mention = async (text: string): Promise<Json> => (await now.as('anna.berg')('POST', '/messages', { roomId, markdown: `<@personEmail:steward@webex.bot> ${text}` })).json;

  it('are listed, read, changed and deleted by their owner alone', async () => {
    const made = await register({ resource: 'messages', event: 'created', filter: `roomId=${roomId}` });
    expect(made).toMatchObject({ name: 'All', targetUrl: receiver.url, resource: 'messages', event: 'created', filter: `roomId=${roomId}`, secret: 'keep it', status: 'active', ownedBy: 'creator' });
    expect(Buffer.from(made.orgId, 'base64').toString()).toMatch(/^[0-9a-f-]{36}$/);
    const changed = await now.asBot('PUT', `/webhooks/${made.id}`, { name: 'Renamed', targetUrl: `${receiver.url}/2`, resource: 'rooms', status: 'active' });
    expect(changed.json).toMatchObject({ name: 'Renamed', targetUrl: `${receiver.url}/2`, resource: 'messages', secret: 'keep it' });
    expect((await now.asBot('PUT', `/webhooks/${made.id}`, { name: 'a', targetUrl: receiver.url, status: 'inactive' })).status).toBe(400);
    expect((await now.asBot('GET', '/webhooks')).json.items).toEqual([changed.json]);
    expect((await now.as('anna.berg')('GET', '/webhooks')).json.items).toEqual([]);
    expect((await now.as('anna.berg')('DELETE', `/webhooks/${made.id}`)).status).toBe(404);
    expect((await now.asBot('DELETE', `/webhooks/${made.id}`)).status).toBe(204);
    expect((await now.asBot('GET', `/webhooks/${made.id}`)).status).toBe(404);
  });

  it.each([
    [{ name: '' }], [{ targetUrl: 'nowhere' }], [{ resource: 'people' }], [{ resource: 'messages', event: 'joined' }], [{ resource: 'messages', filter: 'title=x' }],
    [{ resource: 'messages', event: 'created', filter: 'roomId=unknown' }], [{ resource: 'messages', event: 'created', filter: 'hasFiles=perhaps' }], [{ ownedBy: 'org' }],
  ])('are refused with %j', async (wrong) => {
    expect((await now.asBot('POST', '/webhooks', { name: 'n', targetUrl: receiver.url, resource: 'all', event: 'all', ...wrong })).status).toBe(400);
  });

  it('need the read scopes of what they tell of', async () => {
    const { tokens } = wire.emulator.state;
    tokens.set('narrow', { ...tokens.get(wire.token('anna.berg'))!, token: 'narrow', scopes: ['spark:messages_read'] });
    const create = async (resource: string): Promise<number> =>
      (await wire.call('POST', '/v1/webhooks', { token: 'narrow', body: { name: 'n', targetUrl: receiver.url, resource, event: 'created' } })).status;
    expect([await create('messages'), await create('memberships'), await create('all')]).toEqual([200, 403, 403]);
  });

  it('carry ids, no text, and a signature over the bytes as they are', async () => {
    const hook = await register();
    const sent = await mention('geheim ✓');
    const { raw, headers, json } = await receiver.until(({ json: { data } }) => data.id === sent.id);
    expect(headers['x-spark-signature']).toBe(sha1('keep it', raw));
    expect(headers['content-type']).toContain('application/json');
    expect(json).toMatchObject({
      id: hook.id, name: 'All', targetUrl: receiver.url, resource: 'messages', event: 'created', actorId: now.idOf('anna.berg'), createdBy: now.bot.id, ownedBy: 'creator', status: 'active',
      data: { id: sent.id, roomId, roomType: 'group', personId: now.idOf('anna.berg'), personEmail: 'anna.berg@acme.test', mentionedPeople: [now.bot.id], created: sent.created },
    });
    expect(Buffer.from(json.orgId, 'base64').toString()).toBe(keyOf(wire.emulator.state.people.get(now.bot.id)!.orgId));
    expect(raw.toString()).not.toContain('geheim');
    expect(raw.toString()).not.toContain('keep it');
  });

  it('have no signature without a secret', async () => {
    await register({ secret: undefined });
    const sent = await mention('x');
    const { headers } = await receiver.until(({ json }) => json.data.id === sent.id);
    expect(headers).not.toHaveProperty('x-spark-signature');
  });

  it('tell a bot of mentions, 1:1 messages and its own posts, and of nothing else that is said', async () => {
    await register();
    const silent = (await now.as('anna.berg')('POST', '/messages', { roomId, text: 'Between us' })).json;
    const reply = (await now.as('ben.okoye')('POST', '/messages', { roomId, text: 'Me too', parentId: silent.id })).json;
    const direct = (await now.as('anna.berg')('POST', '/messages', { toPersonEmail: now.bot.email, text: 'Hi' })).json;
    const own = (await now.asBot('POST', '/messages', { roomId, text: 'I am here' })).json;
    const called = await mention('status');
    for (const { id } of [direct, own, called]) await receiver.until(({ json }) => json.data.id === id);
    const told = receiver.deliveries.map(({ json }) => json.data.id);
    expect(told).not.toContain(silent.id);
    expect(told).not.toContain(reply.id);
    const spawned = receiver.deliveries.filter(({ json }) => json.resource === 'memberships').map(({ json }) => json.data);
    expect(spawned).toContainEqual(expect.objectContaining({ personId: now.bot.id, roomId: direct.roomId, roomType: 'direct' }));
  });

  it('tell of edits and deletions, of people who come and go, and of a space that ends', async () => {
    await register();
    const anna = now.as('anna.berg');
    const is = (resource: string, event: string, id: string) => receiver.until(({ json }) => json.resource === resource && json.event === event && json.data.id === id);
    const sent = await mention('first');
    await anna('PUT', `/messages/${sent.id}`, { roomId, markdown: '<@personEmail:steward@webex.bot> second' });
    expect((await is('messages', 'updated', sent.id)).json.data.updated).toEqual(expect.any(String));
    await anna('DELETE', `/messages/${sent.id}`);
    await is('messages', 'deleted', sent.id);
    const erik = (await anna('POST', '/memberships', { roomId, personEmail: 'erik.lund@acme.test' })).json;
    expect((await is('memberships', 'created', erik.id)).json.data).toMatchObject({ personEmail: 'erik.lund@acme.test', roomType: 'group', isModerator: false });
    await anna('DELETE', `/memberships/${erik.id}`);
    await is('memberships', 'deleted', erik.id);
    await anna('PUT', `/rooms/${roomId}`, { title: 'Renamed', isLocked: true });
    expect((await is('rooms', 'updated', roomId)).json.data).toMatchObject({ type: 'group', isLocked: true });
    await anna('DELETE', `/rooms/${roomId}`);
    await is('rooms', 'deleted', roomId);
    await receiver.until(({ json }) => json.resource === 'memberships' && json.event === 'deleted' && json.data.personId === now.bot.id);
    expect(receiver.deliveries.filter(({ json }) => json.event === 'deleted' && json.resource === 'memberships')).toHaveLength(2);
  });

  it('tell the author of a card what was pressed, not through the firehose', async () => {
    const all = await register();
    const actions = await register({ name: 'Actions', resource: 'attachmentActions', event: 'created' });
    const card = (await now.asBot('POST', '/messages', { roomId, text: 'Card', attachments: [CARD] })).json;
    const pressed = (await now.as('anna.berg')('POST', '/attachment/actions', { type: 'submit', messageId: card.id, inputs: { host: 'secret input' } })).json;
    const { json, raw } = await receiver.until(({ json: { data } }) => data.id === pressed.id);
    expect(json).toMatchObject({ id: actions.id, resource: 'attachmentActions', event: 'created', actorId: now.idOf('anna.berg') });
    expect(json.data).toEqual({ id: pressed.id, type: 'submit', messageId: card.id, personId: now.idOf('anna.berg'), roomId, created: pressed.created });
    expect(raw.toString()).not.toContain('secret input');
    expect(receiver.deliveries.filter(({ json: told }) => told.id === all.id && told.resource === 'attachmentActions')).toEqual([]);
  });

  it('hold to all parts of their filter', async () => {
    await register({ resource: 'messages', event: 'created', filter: `roomId=${roomId}&personEmail=BEN.okoye@acme.test` });
    const other = await mention('from Anna');
    const elsewhere = (await now.as('ben.okoye')('POST', '/messages', { toPersonEmail: now.bot.email, text: 'from Ben' })).json;
    const right = (await now.as('ben.okoye')('POST', '/messages', { roomId, markdown: '<@personEmail:steward@webex.bot> from Ben' })).json;
    await receiver.until(({ json }) => json.data.id === right.id);
    const told = receiver.deliveries.map(({ json }) => json.data.id);
    expect(told).not.toContain(other.id);
    expect(told).not.toContain(elsewhere.id);
  });

  it('come twice, late or never when that is asked for', async () => {
    const faults = (webhooks: object): Promise<unknown> => wire.call('POST', '/_emulator/faults', { body: { webhooks } });
    await register({ resource: 'messages', event: 'created' });
    await faults({ duplicate: true });
    const twice = await mention('twice');
    await until(() => receiver.deliveries.filter(({ json }) => json.data.id === twice.id).length === 2);
    const [first, second] = receiver.deliveries.filter(({ json }) => json.data.id === twice.id);
    expect(second!.raw.equals(first!.raw)).toBe(true);
    await faults({ lose: 1 });
    const lost = await mention('lost');
    const kept = await mention('kept');
    await receiver.until(({ json }) => json.data.id === kept.id);
    expect(receiver.deliveries.map(({ json }) => json.data.id)).not.toContain(lost.id);
    await faults({ delayMs: 3_600_000 });
    const late = await mention('late');
    await faults({});
    const soon = await mention('soon');
    await receiver.until(({ json }) => json.data.id === soon.id);
    expect(receiver.deliveries.map(({ json }) => json.data.id)).not.toContain(late.id);
    wire.clock.advance(3_600_000);
    await receiver.until(({ json }) => json.data.id === late.id);
  });

  it('are disabled after 100 failures in five minutes, and at once when re-enabled too soon', async () => {
    const hook = await register({ resource: 'messages', event: 'created' });
    const stored = wire.emulator.state.webhooks.get(hook.id)!;
    const status = async (): Promise<string> => (await now.asBot('GET', `/webhooks/${hook.id}`)).json.status;
    const activate = (): Promise<unknown> => now.asBot('PUT', `/webhooks/${hook.id}`, { name: 'All', targetUrl: receiver.url, status: 'active' });
    const say = (count: number): Promise<unknown> => Promise.all(Array.from({ length: count }, (_, index) => mention(`message ${index}`)));
    receiver.status = 503;
    await say(99);
    await until(() => stored.failures.length === 99);
    expect(await status()).toBe('active');
    await say(1);
    await until(async () => (await status()) === 'inactive');
    await mention('unheard');
    expect(receiver.deliveries).toHaveLength(100);
    wire.clock.advance(4 * 60_000);
    await activate();
    expect(await status()).toBe('active');
    await say(1);
    await until(async () => (await status()) === 'inactive');
    wire.clock.advance(6 * 60_000);
    await activate();
    await say(1);
    await until(() => stored.failures.length === 1);
    expect(await status()).toBe('active');
  });

  it('count what cannot be reached as failed', async () => {
    const hook = await register({ targetUrl: 'http://127.0.0.1:1/', resource: 'messages', event: 'created' });
    await mention('x');
    await until(() => wire.emulator.state.webhooks.get(hook.id)!.failures.length === 1);
    expect(wire.emulator.state.webhooks.get(hook.id)!.status).toBe('active');
  });
});
