import type { Answer, Command, Values } from '../../../../src/bot/define.js';
import { licensesIdle } from '../../../../src/capabilities/licenses/commands/licenses-idle.js';
import { licensesReclaim } from '../../../../src/capabilities/licenses/commands/licenses-reclaim.js';
import { licensesRemove } from '../../../../src/capabilities/licenses/commands/licenses-remove.js';
import { startOffice, type Office } from './office.js';

const CALLING = 'Webex Calling - Standard';
const DAY_MS = 86_400_000;

let office: Office;
let asked: Values[];
/** Stands for `licenses remove`: gives a plan of one step and says what was asked for. */
const reclaim = (): Command => licensesReclaim({
  ...licensesRemove,
  run: (_context, values) => {
    asked.push(values);
    return Promise.resolve({ kind: 'plan', draft: { title: 'Remove', command: 'licenses remove', steps: [], warnings: [], problems: [{ subject: 'X', reason: 'y' }] } } as unknown as Answer);
  },
});

const seen = (local: string, days: number | null): Promise<void> =>
  office.world.control('change', { people: [{ email: `${local}@acme.test`, lastActivity: days === null ? null : new Date(office.world.clock.now() - days * DAY_MS).toISOString() }] });
async function listOf(title: string, days = '90'): Promise<string> {
  const answer = await licensesIdle.run(office.context(), { license: office.licenseId(CALLING), days });
  if (answer.kind !== 'view') throw new Error('no view');
  const button = answer.view.card?.buttons?.find((one) => one.title === title);
  if (button === undefined) throw new Error(`no button ${title}`);
  expect(button).toMatchObject({ command: 'licenses reclaim', only: office.context().caller.personId });
  return button.arguments['list'] ?? '';
}

beforeEach(async () => {
  office = await startOffice(60);
  asked = [];
  await office.world.control('change', { people: ['anna.berg', 'ben.okoye', 'carl.jensen'].map((local) => ({ email: `${local}@acme.test`, licenses: [...office.world.emulator.state.people.get(office.world.idOf(local))!.licenses, office.licenseId(CALLING)] })) });
  await seen('anna.berg', 200);
  await seen('ben.okoye', 100);
});
afterEach(() => office.stop());

it('plans for who is still idle; who was active since is named as settled, and no part of what is asked again', async () => {
  const list = await listOf('Plan removal');
  await seen('ben.okoye', 0);
  const answer = await reclaim().run(office.context(), { list });
  expect(asked).toMatchObject([{ license: office.licenseId(CALLING), people: { problems: [] } }]);
  const { people } = asked[0]!['people'] as { people: { email: string; id: string; orgId: string }[] };
  expect(people.map(({ email }) => email)).toContain('anna.berg@acme.test');
  expect(people.map(({ email }) => email)).not.toContain('ben.okoye@acme.test');
  expect(answer).toMatchObject({ kind: 'plan', draft: { problems: [{ subject: 'X' }, { subject: 'Ben Okoye', reason: 'was active since the list was made, so nothing is planned', settled: true }] } });
});

it('leaves out whom it cannot read now, and plans nothing when nobody is left', async () => {
  const list = await listOf('Plan removal', '150');
  await office.world.control('faults', { rules: [{ path: '/v1/people/*', status: 403 }] });
  await expect(reclaim().run(office.context(), { list })).rejects.toMatchObject({ code: 'NOBODY_IDLE' });
  expect(asked).toEqual([]);
});

it('is for the one who asked, and for a day', async () => {
  const list = await listOf('Plan removal');
  await expect(reclaim().run(office.context('ben.okoye'), { list })).rejects.toMatchObject({ code: 'LIST_GONE' });
  await expect(reclaim().run(office.context(), { list: 'made-up' })).rejects.toMatchObject({ code: 'LIST_GONE' });
  office.world.clock.advance(DAY_MS + 1000);
  await expect(reclaim().run(office.context(), { list })).rejects.toMatchObject({ code: 'LIST_GONE' });
  expect(asked).toEqual([]);
});

it('can leave those alone who were invited only lately', async () => {
  const { people } = office.world.emulator.state;
  const carl = people.get(office.world.idOf('carl.jensen'))!;
  await seen('carl.jensen', null);
  carl.created = new Date(office.world.clock.now() - 5 * DAY_MS).toISOString();
  const emails = async (title: string): Promise<string[]> => {
    await reclaim().run(office.context(), { list: await listOf(title) });
    return (asked.at(-1)!['people'] as { people: { email: string }[] }).people.map(({ email }) => email);
  };
  expect(await emails('Plan removal')).toContain(carl.emails[0]);
  expect(await emails('Plan without the newly invited')).toEqual((await emails('Plan removal')).filter((email) => email !== carl.emails[0]));
});

it('asks for the same access as licenses remove, and to read people', () => {
  expect(licensesReclaim(licensesRemove).access.roles).toEqual(licensesRemove.access.roles);
  expect(licensesReclaim(licensesRemove).access.scopes).toEqual(expect.arrayContaining([...licensesRemove.access.scopes, 'spark-admin:people_read']));
});
