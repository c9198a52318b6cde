import { activityOf, readActivity } from '../../../../src/capabilities/licenses/activity.js';
import { startOffice, type Office } from './office.js';

const NOW = Date.parse('2026-11-24T12:00:00.000Z');
const ago = (days: number, from = NOW): string => new Date(from - days * 86_400_000).toISOString();

describe('activity', () => {
  const state = (person: Parameters<typeof activityOf>[0]): string => activityOf(person, NOW, 90).state;

  it('is idle from exactly so many days on', () => {
    expect([state({ lastActivity: ago(89.99) }), state({ lastActivity: ago(90) }), state({ lastActivity: ago(200), status: 'inactive' })]).toEqual(['active', 'idle', 'idle']);
  });

  it('is never idle for who is busy just now, whatever the time says', () => {
    expect(['active', 'call', 'meeting', 'presenting'].map((status) => state({ status, lastActivity: ago(200) }))).toEqual(['active', 'active', 'active', 'active']);
  });

  it('knows who never signed in by pending, or by an open invitation', () => {
    expect(activityOf({ status: 'pending', created: ago(5) }, NOW, 90)).toEqual({ state: 'never', invited: ago(5) });
    expect(state({ invitePending: true })).toBe('never');
    expect(state({ status: 'pending', lastActivity: ago(1) })).toBe('active');
  });

  it('is unknown, not idle, where Webex shows no time or one that cannot be read', () => {
    expect([state({}), state({ status: 'unknown' }), state({ status: 'inactive' }), state({ lastActivity: 'yesterday' }), state({ status: 'OutOfOffice', invitePending: false })]).toEqual(Array(5).fill('unknown'));
  });
});

describe('reading it', () => {
  let office: Office;
  const usersOf = (license: string) => [...office.world.emulator.state.people.values()].filter(({ licenses }) => licenses.includes(office.licenseId(license)))
    .map(({ id, displayName, emails }) => ({ id, type: 'INTERNAL', displayName, email: emails[0]! }));
  afterEach(() => office.stop());

  it('reads few people one by one; who cannot be read is unknown with Webex\'s words', async () => {
    office = await startOffice();
    const users = usersOf('Webex Calling - Professional');
    const [lost] = users;
    await office.world.control('faults', { rules: [{ path: `/v1/people/${lost!.id}`, status: 403, body: { message: 'Not *yours*' } }] });
    await office.world.seen();
    const found = await readActivity(office.context(), users, 90);
    expect(found.find(({ user }) => user.id === lost!.id)!.activity).toEqual({ state: 'unknown', reason: 'could not be read: Webex says “Not *yours*”' });
    expect(found.filter(({ activity }) => activity.state === 'unknown')).toHaveLength(1);
    const calls = await office.world.seen();
    expect(calls).toHaveLength(users.length);
    expect(calls.every(({ path }) => path.startsWith('/v1/people/'))).toBe(true);
  });

  it('reads many from the list of everybody, with their status, and nobody of another organization', async () => {
    office = await startOffice(1500);
    const users = usersOf('Basic Messaging');
    await office.world.seen();
    const found = await readActivity(office.context(), [...users, { id: office.world.idOf('olga.petrov@globex.test'), type: 'EXTERNAL' }], 90);
    expect(found).toHaveLength(users.length + 1);
    expect(found.at(-1)!.activity).toMatchObject({ state: 'unknown', reason: expect.stringContaining('another organization') });
    const { people } = office.world.emulator.state;
    const expected = users.filter(({ id }) => people.get(id)!.invitePending).length;
    expect(expected).toBeGreaterThan(3);
    expect(found.filter(({ activity }) => activity.state === 'never')).toHaveLength(expected);
    const calls = await office.world.seen();
    expect(calls.map(({ path }) => path)).toEqual(['/v1/people', '/v1/people']);
    expect(calls.every(({ query }) => query['excludeStatus'] === 'false')).toBe(true);
  });
});
