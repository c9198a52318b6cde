import { recordAudit } from '../../../../src/emulator/audit.js';
import type { ReportedPlan } from '../../../../src/capabilities/reports/index.js';
import { startReporting, type Reporting } from './world.js';

const DAY_MS = 24 * 60 * 60_000;

let reporting: Reporting;
beforeEach(async () => { reporting = await startReporting(); });
afterEach(() => reporting.stop());

const agoIso = (days: number): string => new Date(reporting.world.clock.now() - days * DAY_MS).toISOString();
const tried = (local: string, eventCategory: string, failure: { errorCode?: number; errorMessage?: string } = {}): void => {
  const { state } = reporting.world.emulator;
  const actor = state.people.get(reporting.world.idOf(local))!;
  recordAudit(state, actor, { eventCategory, eventDescription: 'An admin did something', actionText: `${actor.displayName} did *something*`, targetType: 'USER', targetId: actor.id, targetName: 'x' });
  Object.assign(state.audit.at(-1)!.data, failure);
};

describe('license usage', () => {
  it('names every license of the organization once, with a chart that belongs to the message', async () => {
    const { markdown, card, files, audience } = await reporting.show('now', { report: 'licenses' });
    const lines = markdown.split('\n').filter((line) => line.startsWith('- '));
    expect(audience).toBe('details');
    expect(lines).toHaveLength(reporting.world.emulator.state.licenses.size);
    expect(new Set(lines.map((line) => line.split(':')[0])).size).toBe(lines.length);
    expect(markdown).toMatch(/- Meeting \\- Webex Meeting Center \(?\\?\(acme\\-eu\.webex\.com, Sub207733\\\): \d+ of 40 used/);
    expect(markdown).toMatch(/- Basic Messaging: \d+ used, unlimited/);
    expect(files).toMatchObject([{ name: 'license-usage.png', inline: true }]);
    expect(files![0]!.content.subarray(1, 4).toString()).toBe('PNG');
    expect(card).toBeUndefined();
  });

  it('is no report when the licenses cannot be read', async () => {
    await reporting.world.control('faults', { rules: [{ path: '/v1/licenses', status: 403 }] });
    await expect(reporting.run('now', { report: 'licenses' })).rejects.toMatchObject({ status: 403 });
  });
});

describe('admin audit digest', () => {
  it('counts all events of the period, to the last page, with what failed', async () => {
    tried('anna.berg', 'LICENSES');
    reporting.world.clock.advance(2 * DAY_MS);
    for (let n = 0; n < 430; n += 1) tried(n % 3 === 0 ? 'ben.okoye' : 'carl.jensen', n % 2 === 0 ? 'USERS' : 'EventCategory.ORG_SETTINGS');
    tried('anna.berg', 'GROUPS', { errorCode: 403, errorMessage: 'Not allowed' });
    await reporting.world.seen();
    reporting.world.clock.advance(1000);
    const { markdown } = await reporting.show('now', { report: 'audit', since: '24h' });
    expect(markdown).toMatch(/^431 events since .* UTC, 1 failed\.$/m);
    expect(markdown).toContain('- Org settings: 215 events\n- Users: 215 events\n- Groups: 1 event');
    expect(markdown).toMatch(/- Carl Jensen \\\(carl\.jensen@acme\.test\\\): 286 events\n- Ben Okoye .*: 144 events\n- Anna Berg .*: 1 event/);
    expect(markdown).toMatch(/\*\*Failed\*\*\n- Anna Berg .*: \*\*Anna Berg did \\\*something\\\*: Not allowed\*\*/);
    expect((await reporting.world.seen()).map(({ query }) => Number(query['offset']))).toEqual([0, 200, 400, 431]);
  });

  it('is one line when there was nothing, and no report when a later page fails', async () => {
    expect((await reporting.show('now', { report: 'audit', since: '24h' })).markdown).toMatch(/^\*\*Admin audit digest\*\*: No events since .* UTC\\?\.$/);
    for (let n = 0; n < 250; n += 1) tried('ben.okoye', 'USERS');
    reporting.world.clock.advance(1000);
    await reporting.world.control('faults', { rules: [{ path: '/v1/adminAudit/events', query: { offset: '200' }, status: 403 }] });
    await expect(reporting.run('now', { report: 'audit', since: '24h' })).rejects.toMatchObject({ status: 403 });
  });
});

describe('plans and changes', () => {
  const plan = (id: string, createdAt: string, rest: Partial<ReportedPlan> = {}): ReportedPlan =>
    ({ id, title: `Plan <${id}>`, requester: { displayName: 'Anna Berg', email: 'anna.berg@acme.test' }, createdAt, state: 'pending', ...rest });
  const counts = { done: 0, skipped: 0, conflict: 0, failed: 0, cancelled: 0, left: 0 };

  it('tells those of the period, also older ones that ended in it', async () => {
    const ben = { displayName: 'Ben Okoye', email: 'ben.okoye@acme.test' };
    reporting.plans.push(
      plan('new', agoIso(1)), plan('old', agoIso(20)),
      plan('ended', agoIso(9), { state: 'approved', decision: { at: agoIso(8) }, change: { state: 'done', finishedAt: agoIso(2), counts: { ...counts, done: 1240, failed: 3 } } }),
      plan('bens', agoIso(3), { requester: ben, state: 'rejected', decision: { at: agoIso(3) } }),
    );
    const { markdown } = await reporting.show('now', { report: 'changes' });
    expect(markdown).toMatch(/^3 plans since .*: steps: 1,240 done, 3 failed\.$/m);
    expect(markdown).toContain('- Anna Berg: 2 plans: steps: 1,240 done, 3 failed\n- Ben Okoye: 1 plan: no step was applied');
    expect(markdown).toContain('- Plan &lt;new&gt; \\(new\\): waits for approval, Anna Berg\n- Plan &lt;ended&gt; \\(ended\\): **finished, steps: 1,240 done, 3 failed, Anna Berg**\n- Plan &lt;bens&gt; \\(bens\\): rejected, Ben Okoye');
    expect(markdown).not.toContain('old');
  });

  it('is one line when there was nothing', async () => {
    reporting.plans.push(plan('old', agoIso(20)));
    const view = await reporting.show('now', { report: 'changes' });
    expect(view.markdown).toMatch(/^\*\*Plans and changes\*\*: Nothing was planned or changed since .*$/);
    expect(view.card).toBeUndefined();
  });
});

it('linked accounts: those that do not work come first', async () => {
  const account = (displayName: string, rest: object = {}) => ({ displayName, email: `${displayName.toLowerCase()}@acme.test`, state: 'linked' as const, linkedAt: '2026-01-02T03:04:05.000Z', ...rest });
  const inDays = (days: number): number => reporting.world.clock.now() + (days + 0.5) * DAY_MS;
  reporting.accounts.push(account('Unknown'), account('Fine', { refreshEnds: inDays(80) }), account('Ending', { refreshEnds: inDays(5) }), account('Gone', { state: 'relink' }));
  const { markdown } = await reporting.show('now', { report: 'tokens' });
  expect(markdown).toContain('4 linked accounts, 2 to look at.');
  expect(markdown.split('\n').filter((line) => line.startsWith('- ')).map((line) => line.slice(2).split(' ')[0])).toEqual(['Gone', 'Ending', 'Fine', 'Unknown']);
  expect(markdown).toMatch(/Gone .*\*\*.*link again/);
  expect(markdown).toMatch(/Ending .*\*\*.*ends in 5 days/);
  expect(markdown).toMatch(/Fine .*80 days left, and it is renewed by itself/);
});

describe('what a report needs', () => {
  it('is compared with what the account may do, and named', async () => {
    await expect(reporting.run('now', { report: 'audit' }, reporting.context({ who: 'erik' }))).rejects.toMatchObject({ code: 'ROLE_MISSING', message: expect.stringMatching(/Full Administrator/) });
    await expect(reporting.run('now', { report: 'licenses' }, reporting.context({ scopes: [] }))).rejects.toMatchObject({ code: 'SCOPE_MISSING', message: expect.stringMatching(/spark-admin:licenses_read/) });
    const { markdown } = await reporting.show('', {}, reporting.context({ who: 'erik' }));
    expect(markdown).toMatch(/\*\*audit\*\*.*\n {2}- .*needs the role Full Administrator/);
    expect(markdown.match(/needs the role/g)).toHaveLength(1);
  });

  it('is a period that is past and at most a year long', async () => {
    for (const since of ['tomorrow', '2099-01-01', '400d', '2026-02-31']) await expect(reporting.run('now', { report: 'changes', since })).rejects.toMatchObject({ code: expect.stringMatching(/PERIOD_NOT_UNDERSTOOD|SPAN_NOT_UNDERSTOOD/) });
  });
});
