import { livePeople } from '../../../src/bot/live.js';
import { startWorld, type World } from '../webex/world.js';

let world: World;
beforeEach(async () => { world = await startWorld(240); });
afterEach(() => world.stop());

const addresses = (count: number): string[] => Array.from({ length: count }, (_, at) => `p${String(100 + at).padStart(5, '0')}@acme.test`);
/** Finds these addresses with somebody's account, and says whom, and by which calls. */
async function find(local: string, emails: string[]): Promise<{ found: string[]; calls: string[] }> {
  const organization = { id: [...world.emulator.state.people.values()].find(({ emails: [email] }) => email === 'anna.berg@acme.test')?.orgId ?? '', home: true };
  await world.seen();
  const found = await livePeople(world.as(local), organization).byEmail(emails);
  for (const [email, person] of found) expect(person.id).toBe(world.idOf(email));
  return { found: [...found.keys()].sort(), calls: (await world.seen()).map(({ query, status }) => `${query.email === undefined ? 'list' : 'one'} ${status}`) };
}

it('few addresses are read one by one', async () => {
  expect(await find('anna.berg', ['CARA.OLSEN@acme.test', 'nobody@acme.test'])).toEqual({ found: ['cara.olsen@acme.test'], calls: ['one 200', 'one 200'] });
});

it('many are found in the list of everybody; those who are not in it are read one by one', async () => {
  const many = addresses(120);
  expect(await find('anna.berg', [...many.map((email) => email.toUpperCase()), 'nobody@acme.test'])).toEqual({ found: many, calls: ['list 200', 'one 200'] });
});

it('whoever may not list everybody finds them all the same', async () => {
  const many = addresses(120);
  const { found, calls } = await find('cara.olsen', many);
  expect(found).toEqual(many);
  expect(calls.filter((call) => call.startsWith('list'))).toEqual([expect.stringMatching(/^list 40[03]$/)]);
});
