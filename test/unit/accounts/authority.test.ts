import { createAccountRecords } from '../../../src/accounts/records.js';
import { refusalOf } from '../../../src/accounts/allowed.js';
import { missing, ROLES, type Account, type Authority } from '../../../src/accounts/define.js';
import { FEATURES } from '../../../src/accounts/scopes.js';
import { openHouse, type House } from './house.js';

const ANNA = 'anna.berg@acme.test';
const BEN = 'ben.okoye@acme.test';
const CARL = 'carl.jensen@acme.test';
const DORA = 'dora.silva@acme.test';

let house: House;
beforeEach(async () => { house = await openHouse(); });
afterEach(() => house.stop());

const authority = (email: string, organization = house.caller(email).orgId): Promise<Authority> =>
  house.accounts.authority(organization, house.caller(email).personId);
const globex = (): string => [...house.emulator.state.organizations.values()].find(({ displayName }) => displayName === 'Globex')!.id;
const requests = async (): Promise<{ path: string; owner: string; status: number }[]> => (await house.control('/requests')).items;
const accountOf = async (email: string): Promise<Account> => (await house.accounts.records.findAnywhere(house.caller(email).personId))!;

describe('what somebody may do', () => {
  it('is read live, with roles by name', async () => {
    await house.link(ANNA);
    expect(await authority(ANNA)).toMatchObject({ ok: true, roles: [ROLES.full], account: { email: ANNA } });
    const before = (await requests()).filter(({ path }) => path === '/v1/people/me').length;
    await authority(ANNA);
    const after = await requests();
    expect(after.filter(({ path }) => path === '/v1/people/me')).toHaveLength(before + 1);
    expect(after.filter(({ path }) => path === '/v1/roles')).toHaveLength(1);
  });

  it('fault 10: a role taken away a minute ago is gone at the next question', async () => {
    await house.link(ANNA);
    expect(await authority(ANNA)).toMatchObject({ ok: true, roles: [ROLES.full] });
    await house.control('/change', { people: [{ email: ANNA, roles: [] }] });
    const now = await authority(ANNA);
    expect(now).toMatchObject({ ok: true, roles: [] });
    expect(missing({ scopes: [], roles: [ROLES.full] }, { scopes: [], roles: now.ok ? now.roles : ['?'] }).roles).toEqual([ROLES.full]);
    await house.control('/change', { people: [{ email: ANNA, roles: ['Read-only Administrator'] }] });
    expect(await authority(ANNA)).toMatchObject({ ok: true, roles: [ROLES.readOnly] });
  });

  it('fault 4: everyone acts with his own account, whoever came before', async () => {
    await house.link(ANNA);
    await house.link(DORA, { features: ['look'] });
    const seen = await Promise.all([ANNA, DORA, ANNA, DORA].map((email) => authority(email)));
    expect(seen.map((one) => one.ok && one.account.email)).toEqual([ANNA, DORA, ANNA, DORA]);
    expect(seen.map((one) => one.ok && one.roles)).toEqual([[ROLES.full], [ROLES.users], [ROLES.full], [ROLES.users]]);
    for (const email of [ANNA, DORA]) {
      const account = await accountOf(email);
      const { data } = await house.accounts.writer(account).send<{ emails: string[] }>({ method: 'GET', path: '/people/me', lane: 'people' });
      expect(data.emails).toEqual([email]);
    }
    // Somebody who never linked has nothing, though others are linked in his organization.
    expect(await authority(BEN)).toMatchObject({ ok: false, code: 'NOT_LINKED' });
    expect(await house.accounts.find(house.caller(BEN).orgId, house.caller(BEN).personId)).toBeUndefined();
  });

  it('is nothing for a switched off account', async () => {
    await house.link(ANNA);
    await house.control('/faults', { rules: [{ path: '/v1/people/me', status: 200, body: { ...me(ANNA), loginEnabled: false } }] });
    expect(await authority(ANNA)).toMatchObject({ ok: false, code: 'LOGIN_DISABLED' });
    await house.control('/faults', { rules: [{ path: '/v1/people/me', status: 200, body: { ...me(ANNA), loginEnabled: 'false' } }] });
    expect(await authority(ANNA)).toMatchObject({ ok: false, code: 'LOGIN_DISABLED' });
  });

  const me = (email: string): object => {
    const { personId, orgId, displayName } = house.caller(email);
    return { id: personId, emails: [email], displayName, orgId, roles: [], type: 'person' };
  };

  it('is nothing when Webex answers for somebody else, or for somebody who moved', async () => {
    await house.link(ANNA);
    await house.control('/faults', { rules: [{ path: '/v1/people/me', status: 200, body: me(BEN) }] });
    expect(await authority(ANNA)).toMatchObject({ ok: false, code: 'UNREADABLE' });
    await house.control('/faults', { rules: [{ path: '/v1/people/me', status: 200, body: { ...me(ANNA), orgId: globex() } }] });
    expect(await authority(ANNA)).toMatchObject({ ok: false, code: 'OTHER_ORGANIZATION' });
    await house.control('/faults', { rules: [{ path: '/v1/people/me', status: 200, body: { ...me(ANNA), type: 'bot' } }] });
    expect(await authority(ANNA)).toMatchObject({ ok: false, code: 'NOT_ALLOWED' });
  });

  it.each(['/v1/people/me', '/v1/roles'])('is nothing when %s cannot be read', async (path) => {
    await house.link(ANNA);
    for (const fault of [{ status: 403 }, { status: 400, body: 'no' }, { status: 200, body: { items: 'none' } }]) {
      await house.control('/faults', { rules: [{ path, ...fault }] });
      expect(await authority(ANNA)).toMatchObject({ ok: false, code: 'UNREADABLE' });
    }
    await house.control('/faults', { rules: [] });
    expect(await authority(ANNA)).toMatchObject({ ok: true });
  });

  it('waits for a new link when Webex no longer takes the grant, and works again after it', async () => {
    await house.link(ANNA);
    for (const [text, token] of house.emulator.state.tokens) if (token.authorizationId !== undefined) house.emulator.state.tokens.delete(text);
    house.emulator.state.authorizations.clear();
    expect(await authority(ANNA)).toMatchObject({ ok: false, code: 'RELINK' });
    expect(house.told.gone).toEqual([house.caller(ANNA).personId]);
    const asked = (await requests()).length;
    expect(await authority(ANNA)).toMatchObject({ ok: false, code: 'RELINK' });
    expect(await requests()).toHaveLength(asked);
    await house.link(ANNA);
    expect(await authority(ANNA)).toMatchObject({ ok: true, roles: [ROLES.full] });
  });

  it('trap 30: calls that meet an ended access token share one refresh, and all get through', async () => {
    await house.link(ANNA);
    const account = await accountOf(ANNA);
    house.clock.advance(1_209_599_000 + 1000);
    const calls = await Promise.all(Array.from({ length: 12 }, () => house.accounts.reader(account).send<{ id: string }>({ method: 'GET', path: '/people/me', lane: 'people' })));
    expect(new Set(calls.map(({ data }) => data.id))).toEqual(new Set([account.personId]));
    expect((await requests()).filter(({ path }) => path === '/v1/access_token')).toHaveLength(2);
    // The old refresh token has ended: had an older reply been stored, this refresh would fail.
    house.clock.advance(1_209_599_000 + 1000);
    expect(await authority(ANNA)).toMatchObject({ ok: true });
  });

  it('trap 32: lives are counted in seconds: a fresh grant is good for 14 and 90 days, not for minutes', async () => {
    await house.link(ANNA);
    const expires = await house.accounts.refreshExpires(await accountOf(ANNA));
    expect(Math.round((expires! - house.clock.now()) / 86_400_000)).toBe(90);
    house.clock.advance(5 * 86_400_000);
    await authority(ANNA);
    expect((await requests()).filter(({ path }) => path === '/v1/access_token')).toHaveLength(1);
  });

  it('trap 31: a full administrator who is not site admin is not granted what needs it, and nothing is linked', async () => {
    const page = await house.link(CARL);
    expect(page.status).toBe(400);
    expect(page.text).toContain('your roles may not allow all that was asked for');
    await house.link(CARL, { features: ['look'] });
    const now = await authority(CARL);
    const wanted = FEATURES.find(({ name }) => name === 'delegates')!.scopes.map(({ scope }) => scope);
    expect(now.ok && missing({ scopes: wanted, roles: [ROLES.full] }, { scopes: now.account.scopes, roles: now.roles })).toEqual({
      scopes: ['spark-admin:licenses_read', 'identity:groups_read', 'meeting:admin_preferences_read', 'meeting:admin_preferences_write'], roles: [],
    });
  });

  it('trap 31: a partner reaches what Webex lists now, without the scopes that a partner may not grant', async () => {
    const { orgId } = house.caller(ANNA);
    const both = { items: [{ id: orgId, displayName: 'Acme' }, { id: globex(), displayName: 'Globex' }] };
    await house.control('/faults', { rules: [{ path: '/v1/organizations', status: 200, body: both }] });
    await house.link(ANNA);
    expect((await house.accounts.list(globex())).map(({ email }) => email)).toEqual([ANNA]);
    const there = await authority(ANNA, globex());
    expect(there.ok && there.account.scopes.filter((scope) => scope.startsWith('meeting:admin_'))).toEqual([]);
    expect(there.ok && there.account.scopes).toContain('spark-admin:people_read');
    const home = await authority(ANNA);
    expect(home.ok && home.account.scopes).toContain('meeting:admin_preferences_write');
    await house.control('/faults', { rules: [] });
    expect(await authority(ANNA, globex())).toMatchObject({ ok: false, code: 'OTHER_ORGANIZATION' });
  });
});

describe('unlinking', () => {
  it('forgets account and tokens, and takes the grant back where its scopes allow it', async () => {
    await house.link(ANNA, { features: ['look', 'revoke'] });
    const account = await accountOf(ANNA);
    expect(await house.accounts.unlink(account)).toEqual({ revoked: true });
    expect(house.emulator.state.authorizations.size).toBe(0);
    expect(await house.store.organization(account.orgId).list('tokens')).toEqual([]);
    expect(await authority(ANNA)).toMatchObject({ ok: false, code: 'NOT_LINKED' });
    expect(house.told.unlinked).toEqual([account.personId]);
    await expect(house.accounts.reader(account).send({ method: 'GET', path: '/people/me', lane: 'people' })).rejects.toMatchObject({ status: 401 });
    expect((await house.audited(account.orgId)).map(({ action }) => action)).toEqual(['account.linked', 'account.unlinked']);
  });

  it('forgets them too without these scopes, and says that it did not revoke', async () => {
    await house.link(ANNA, { features: ['look'] });
    expect(await house.accounts.unlink(await accountOf(ANNA))).toEqual({ revoked: false });
    expect(house.emulator.state.authorizations.size).toBe(1);
    expect(await authority(ANNA)).toMatchObject({ ok: false, code: 'NOT_LINKED' });
  });
});

describe('the records', () => {
  it('are of persons: all spellings of an id are one, and a moved person has one account', async () => {
    await house.link(ANNA);
    const account = await accountOf(ANNA);
    const bare = Buffer.from(account.personId, 'base64').toString('utf8').split('/').at(-1)!;
    expect(await createAccountRecords(house.store).findAnywhere(bare)).toEqual(account);
    expect(await house.accounts.find(globex(), account.personId)).toBeUndefined();
  });

  it('tell who is allowed exactly: the part behind the last @, the whole address, a person', () => {
    const organization = house.caller(ANNA).orgId;
    const allowed = { organizations: [organization], admins: ['@acme.test', 'olga@globex.test'] };
    const may = (email: string, more = {}): boolean => refusalOf(allowed, { email, orgId: organization, type: 'person', ...more }) === undefined;
    expect([may('X@ACME.TEST'), may('olga@globex.test'), may('x@acme.test@evil.test'), may('x@sub.acme.test'), may('xacme.test'), may('')]).toEqual([true, true, false, false, false, false]);
    expect([may('x@acme.test', { orgId: globex() }), may('x@acme.test', { type: 'bot' }), may('x@acme.test', { type: undefined })]).toEqual([false, false, false]);
  });
});
