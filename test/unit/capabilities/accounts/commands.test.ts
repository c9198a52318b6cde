import { createCards } from '../../../../src/cards/render.js';
import { inputsOf } from '../../../../src/cards/inputs.js';
import type { Command, Context, View } from '../../../../src/bot/define.js';
import { createAccountsCapability, linkedView } from '../../../../src/capabilities/accounts/index.js';
import { createSpaceOrganizations, type SpaceOrganizations } from '../../../../src/store/spaces.js';
import { openHouse, type House } from '../../accounts/house.js';

const ANNA = 'anna.berg@acme.test';
const ROOM = Buffer.from('ciscospark://us/ROOM/6c2e2ba0-0000-4000-8000-000000000001').toString('base64');
const cards = createCards();

let house: House;
let spaces: SpaceOrganizations;
let commands: Command[];
beforeEach(async () => {
  house = await openHouse();
  spaces = createSpaceOrganizations(house);
  commands = createAccountsCapability({ accounts: house.accounts, areas: ['delegates'], spaces, audit: house.audit }).commands;
});
afterEach(() => house.stop());

async function run(verb: string, values: Record<string, string> = {}, more: { email?: string; via?: 'text' | 'button' } = {}): Promise<View> {
  const context = {
    caller: house.caller(more.email ?? ANNA), place: { roomId: ROOM, roomType: 'group', messageId: 'm' }, via: more.via ?? 'text', clock: house.clock, log: house.log,
  } as unknown as Context;
  const answer = await commands.find((command) => command.verb === verb)!.run(context, values);
  if (answer.kind !== 'view') throw new Error('not a view');
  return answer.view;
}

function drawn(view: View): string {
  const buttons = (view.card!.buttons ?? []).map(({ title }) => ({ title, token: 't' }));
  return JSON.stringify(cards.render(view.card!.template, view.card!.data, { buttons }));
}

describe('account link', () => {
  it('asks what for, with only what is switched on', async () => {
    const view = await run('link');
    expect(view.audience).toBe('private');
    const card = JSON.parse(drawn(view)) as unknown;
    expect(inputsOf(card)).toEqual({ for: { choices: ['delegates', 'delegates-xml', 'reports', 'audit', 'look', 'revoke'], multiple: true } });
    expect(view.card!.buttons).toEqual([expect.objectContaining({ title: 'Next', command: 'account link', only: house.caller(ANNA).personId })]);
  });

  it('answers in the 1:1 with the link, the scopes and the reason for each', async () => {
    const view = await run('link', { for: 'look, revoke' });
    expect(view.audience).toBe('private');
    const url = /\]\((http[^)]+)\)/.exec(view.markdown)![1]!;
    expect(url).toMatch(new RegExp(`^${house.url}/oauth/start\\?state=[\\w-]{43}$`));
    expect(JSON.parse(drawn(view)).actions).toEqual([{ type: 'Action.OpenUrl', title: 'Link my account', url }]);
    expect(drawn(view)).toContain('identity:tokens\\\\_write');
    expect(drawn(view)).toContain('to take back, when you unlink, what you granted to Steward');
    expect((await fetch(url)).status).toBe(200);
  });

  it('says what ends when a new grant leaves out what is linked now, and proposes to keep it', async () => {
    await house.link(ANNA);
    expect((await run('link')).card!.data['chosen']).toBe('delegates,look');
    const view = await run('link', { for: 'revoke' });
    expect(drawn(view)).toContain('so this ends: Scheduling permissions, Look only. To keep it: account link for=delegates,look,revoke');
    expect(drawn(await run('link', { for: 'delegates,revoke' }))).not.toContain('this ends');
  });

  it.each(['coffee', 'spaces'])('refuses what there is not to link for: %s', async (name) => {
    await expect(run('link', { for: name })).rejects.toMatchObject({ code: 'FEATURE_UNKNOWN', message: expect.stringContaining('delegates, delegates-xml, reports, audit, look and revoke') });
  });
});

describe('after linking', () => {
  it('says what works, what does not, and who can help', async () => {
    await house.link(ANNA);
    const view = linkedView(house.told.linked[0]!, ['Full Administrator'], ['delegates']);
    expect(view.audience).toBe('private');
    for (const text of ['Scheduling permissions: see and change who may schedule meetings for whom.', 'You must also be site administrator', 'You can also link for:', 'Unlink at Webex too']) expect(drawn(view)).toContain(text);
    const powerless = drawn(linkedView(house.told.linked[0]!, [], ['delegates']));
    expect(powerless).toContain('you need the role Full Administrator, which a full administrator of your organization can give you');
  });
});

describe('account status', () => {
  it('offers to link when nothing is linked', async () => {
    for (const verb of ['', 'status']) expect((await run(verb)).card!.buttons).toEqual([expect.objectContaining({ command: 'account link' })]);
  });

  it('trap 32: shows organizations, roles, scopes and the days that are left', async () => {
    await house.link(ANNA);
    const view = await run('status');
    expect(view.audience).toBe('private');
    const card = drawn(view);
    for (const text of ['Acme', 'Full Administrator', 'spark-admin:people', '89 days']) expect(card).toContain(text);
    await house.control('/change', { people: [{ email: ANNA, roles: [] }] });
    expect(view.markdown).toContain('Full Administrator');
    expect((await run('status')).markdown).toContain('- Roles: none');
  });

  it('says so when Webex no longer takes the grant', async () => {
    await house.link(ANNA);
    house.emulator.state.authorizations.clear();
    house.emulator.state.tokens.clear();
    const view = await run('status');
    expect(drawn(view)).toContain('must be linked again');
    expect(view.card!.buttons![0]).toMatchObject({ title: 'Link again', command: 'account link' });
  });
});

describe('account unlink', () => {
  it('asks first; text alone, even with the answer in it, unlinks nothing', async () => {
    await house.link(ANNA);
    const asked = [await run('unlink'), await run('unlink', { confirm: 'yes' }), await run('unlink', {}, { via: 'button' })];
    for (const view of asked) expect(view.card!.buttons).toEqual([expect.objectContaining({ title: 'Unlink', arguments: { confirm: 'yes' }, only: house.caller(ANNA).personId })]);
    expect(await house.accounts.records.listAll()).toHaveLength(1);
  });

  it('forgets on the button, and says where to take the grant back', async () => {
    await house.link(ANNA, { features: ['look'] });
    expect((await run('unlink', { confirm: 'yes' }, { via: 'button' })).markdown).toContain('settings.webex.com');
    expect(await house.accounts.records.listAll()).toEqual([]);
    await house.link(ANNA, { features: ['look', 'revoke'] });
    expect((await run('unlink', { confirm: 'yes' }, { via: 'button' })).markdown).toContain('taken back at Webex');
  });

  it('fault 4: unlinks the one who asks, nobody else', async () => {
    await house.link(ANNA);
    const view = await run('unlink', { confirm: 'yes' }, { via: 'button', email: 'ben.okoye@acme.test' });
    expect(view.markdown).toContain('not linked yet');
    expect((await house.accounts.records.listAll()).map(({ email }) => email)).toEqual([ANNA]);
  });
});

describe('account use', () => {
  const globex = (): string => [...house.emulator.state.organizations.values()].find(({ displayName }) => displayName === 'Globex')!.id;

  it('sets the organization of the space to one that the account reaches', async () => {
    const { orgId } = house.caller(ANNA);
    await house.control('/faults', { rules: [{ path: '/v1/organizations', status: 200, body: { items: [{ id: orgId, displayName: 'Acme' }, { id: globex(), displayName: 'Globex' }] } }] });
    await house.link(ANNA);
    expect((await run('use', { organization: 'glob' })).markdown).toContain('Globex');
    expect(await spaces.find(ROOM)).toMatchObject({ organization: { id: globex(), name: 'Globex' }, by: house.caller(ANNA).personId });
    expect((await house.audited(globex())).map(({ action }) => action)).toEqual(['space.organization']);
    await run('use', { organization: orgId });
    expect((await spaces.find(ROOM))?.organization.name).toBe('Acme');
  });

  it('refuses one that it does not reach, exactly as one that there is not', async () => {
    await house.link(ANNA);
    const messages = await Promise.all(['Globex', globex(), 'Nowhere'].map((organization) => run('use', { organization }).catch((error: unknown) => (error as Error).message)));
    expect(new Set(messages)).toEqual(new Set(['Your account does not reach that organization. It reaches: Acme.']));
    expect(await spaces.find(ROOM)).toBeUndefined();
  });

  it('refuses those without an account', async () => {
    await expect(run('use', { organization: 'Acme' })).rejects.toMatchObject({ code: 'NOT_LINKED' });
  });
});
