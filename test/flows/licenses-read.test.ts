import { parse } from '../../src/lib/csv.js';
import { actionsOf, inputsOf, textOf, titlesOf, type Person } from '../support/person.js';
import { answer, approve, countsOf, file, linesOf, plan, shown } from '../support/plans.js';
import { startWorld, type World } from '../support/world.js';

const at = (name: string): string => `${name}@acme.test`;
const WEBINARS = 'Meeting - Webex Webinars 1000';
const CALLING = 'Webex Calling - Standard';
const agoIso = async (days: number): Promise<string> => new Date(Date.parse(((await world.control('POST', 'clock', { advance: '0s' })) as { now: string }).now) - days * 86_400_000).toISOString();

interface State {
  people: { emails: string[]; licenses: string[]; lastActivity?: string; invitePending: boolean; orgId: string }[];
  licenses: { id: string; name: string; subscriptionId?: string; siteUrl?: string; totalUnits: number }[];
}

let world: World;
let anna: Person;

const state = (): Promise<State> => world.control('GET', 'state') as Promise<State>;
const holdersOf = async (id: string): Promise<string[]> => (await state()).people.filter(({ licenses }) => licenses.includes(id)).map(({ emails }) => emails[0]!).sort();
const licenseCalled = async (name: string, subscriptionId?: string): Promise<State['licenses'][number]> =>
  (await state()).licenses.find((one) => one.name === name && (subscriptionId === undefined || one.subscriptionId === subscriptionId))!;
const rowsOf = (csv: string): string[][] => parse(Buffer.from(csv)).rows.map(({ cells }) => cells);

beforeAll(async () => {
  world = await startWorld({ people: 700, env: { APPROVAL_STEPS: '1000' } });
  anna = world.person('anna.berg');
  await world.link(anna, 'licenses');
});
afterAll(async () => { await world.stop(); });

describe('licenses', () => {
  it('shows every license by name, site and subscription, with bars on the card and a picture in its thread', async () => {
    const card = await answer(anna, 'licenses');
    const { licenses } = await state();
    const lines = (card.text ?? '').split('\n').filter((line) => line.startsWith('- '));
    expect(lines).toHaveLength(licenses.length);
    expect(card.text).toMatch(/Basic Messaging: [\d,]+ used, unlimited/);
    expect(card.text).toMatch(/Meeting - Webex Webinars 1000 on acme\.webex\.com: 2 of 3 used, only 1 left \(meetings, host · acme\.webex\.com · Control Hub managed site · Sub207733 · 2 by users, 0 by workspaces\)/);
    expect(card.text).toMatch(/Webex Calling - Professional \(Sub100417\): \d+ of 200 used.*\(Webex Calling: Professional/);
    const bars = linesOf(card).filter((line) => /^[█░]+$/.test(line));
    expect(bars.length).toBeGreaterThan(10);
    expect(new Set(bars.map((bar) => bar.length))).toEqual(new Set([24]));
    const fill = bars.map((bar) => bar.indexOf('░') < 0 ? 24 : bar.indexOf('░'));
    expect(fill).toEqual([...fill].sort((a, b) => b - a));
    expect(titlesOf(card)).toEqual(['Show', 'Assign…', 'Remove…', 'Who is idle']);
    const picture = await anna.hears((message) => message.files !== undefined && message.text === 'license-usage.png');
    expect(picture.parentId).toBe(card.id);
    expect(inputsOf(card).get('license')?.choices).toHaveLength(licenses.length);

    await anna.press(card, 'Show', { license: (await licenseCalled(WEBINARS)).id });
    expect(shown(await anna.hears(/Used by workspaces/))).toContain('2 of 3 used, only 1 left');
  });

  it('counts people and workspaces, and marks what runs short when it does', async () => {
    const { id, totalUnits } = await licenseCalled('Shared Devices - Registration');
    await world.control('POST', 'change', { licenses: [{ id, consumedByWorkspaces: totalUnits }] });
    const card = await answer(anna, 'licenses show shared devices');
    await anna.press(card, 'Show', { license: id });
    const details = await anna.hears(/Used by workspaces/);
    expect(details.text).toContain(`${totalUnits} of ${totalUnits} used, none left`);
    expect(details.text).toContain('It is for workspaces, not for people.');
    expect(titlesOf(details)).toEqual([]);
    await world.control('POST', 'change', { licenses: [{ id, consumedByWorkspaces: 7 }] });
  });

  it('asks which license is meant where several have the name, and refuses what none has', async () => {
    const asked = await answer(anna, 'licenses show "Webex Calling - Professional"');
    expect(shown(asked)).toMatch(/“Webex Calling - Professional”: 2 licenses could be meant/);
    const choices = inputsOf(asked).get('license')!.choices!;
    expect(choices.map(({ title }) => title)).toEqual([expect.stringMatching(/\(Sub100417\): \d+ left/), expect.stringMatching(/\(Sub207733\): \d+ left/)]);
    await anna.press(asked, 'Show', { license: choices[1]!.value });
    expect(shown(await anna.hears(/Used by workspaces/))).toContain('Sub207733');
    expect((await answer(anna, 'licenses show "Quantum Meetings"')).text).toMatch(/“Quantum Meetings” is not the name or id of a license/);
  });

  it('exports all licenses by id; what is unlimited says so', async () => {
    await answer(anna, 'licenses export');
    const rows = rowsOf(await file(anna, 'licenses.csv'));
    const { licenses } = await state();
    expect(rows.map(([id]) => id).sort()).toEqual(licenses.map(({ id }) => id).sort());
    expect(rows.find(([, name]) => name === 'Basic Messaging')!.slice(6, 11)).toEqual(['unlimited', expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/), '0', '']);
  });
});

describe('licenses users', () => {
  it('lists everybody to the last page, on the card by number and in the file by row', async () => {
    const { id } = await licenseCalled('Basic Messaging');
    const holders = await holdersOf(id);
    expect(holders.length).toBeGreaterThan(600);
    await world.mark();
    const card = await answer(anna, 'licenses users "Basic Messaging"');
    expect(shown(card)).toContain(`${holders.length} people have it`);
    expect((await world.requests(`GET /v1/licenses/`)).length).toBe(Math.floor(holders.length / 300) + 1);
    const rows = rowsOf(await file(anna, 'license-users.csv'));
    expect(rows.map(([email]) => email).sort()).toEqual(holders);
    expect(new Set(rows.map((row) => row[2]))).toEqual(new Set(['internal']));
  });

  it('tells people of other organizations from those of this one', async () => {
    const { id } = await licenseCalled('Webex Events');
    await anna.api('PATCH', '/licenses/users', { email: 'olga.petrov@globex.test', licenses: [{ id, operation: 'add' }] });
    await world.control('POST', 'change', { people: [{ email: 'olga.petrov@globex.test', accept: true }] });
    const card = await answer(anna, `licenses users ${id}`);
    expect(linesOf(card)).toEqual(expect.arrayContaining(['Of other organizations', 'Olga Petrov', '1 person has it: 0 of this organization, 1 of others.']));
    expect(await file(anna, 'license-users.csv')).toMatch(/olga\.petrov@globex\.test,Olga Petrov,external,/);
  });

  it('is no list when a later page cannot be read', async () => {
    await world.control('POST', 'faults', { rules: [{ path: '/v1/licenses/*', query: { next: '*' }, status: 403 }] });
    const refused = await answer(anna, 'licenses users "Basic Messaging"');
    await world.control('POST', 'faults', { rules: [] });
    expect(titlesOf(refused)).toEqual([]);
    expect(textOf(refused)).not.toMatch(/people have it/);
  });
});

describe('licenses idle', () => {
  it('finds who was not active or never signed in, and plans for those who still are', async () => {
    const { id } = await licenseCalled(CALLING);
    const [first, second, third, fourth] = (await holdersOf(id)).filter((email) => email !== at('gus.meyer'));
    await world.control('POST', 'change', { people: [{ email: first, lastActivity: await agoIso(120) }, { email: second, lastActivity: await agoIso(89) }, { email: third, lastActivity: null }, { email: fourth, lastActivity: await agoIso(91) }] });
    const card = await answer(anna, `licenses idle "${CALLING}"`);
    const rows = rowsOf(await file(anna, 'license-idle.csv'));
    const found = rows.map(([email]) => email);
    expect(found).toEqual(expect.arrayContaining([first, third, fourth]));
    expect(found).not.toContain(second);
    expect(rows.find(([email]) => email === third)![2]).toBe('never signed in');
    expect(rows.find(([email]) => email === first)!.slice(2, 6)).toEqual(['idle', expect.stringMatching(/^20/), '', '120']);
    expect(shown(card)).toMatch(new RegExp(`${found.length} people with Webex Calling - Standard are idle`));

    await world.control('POST', 'change', { people: [{ email: first, lastActivity: await agoIso(0) }] });
    await anna.press(card, 'Plan removal');
    const drawn = await anna.hears(/Nothing has been changed yet/);
    expect(shown(drawn)).toMatch(/was active since the list was made, so nothing is planned/);
    const done = await approve(anna, drawn);
    expect(countsOf(done)).toBe(`Done: ${found.length - 1} done`);
    const left = await holdersOf(id);
    expect(left).toEqual(expect.arrayContaining([first, second]));
    expect(left.filter((email) => found.includes(email) && email !== first)).toEqual([]);
  });

  it('never counts people of other organizations, of whom nothing is shown, and has no button then', async () => {
    const card = await answer(anna, `licenses idle ${(await licenseCalled('Webex Events')).id}`);
    expect(linesOf(card)).toEqual(expect.arrayContaining(['Nobody with Webex Events on acme-eu.webex.com is idle', 'Unknown, not counted', 'Olga Petrov']));
    expect(titlesOf(card)).toEqual([]);
    expect(rowsOf(await file(anna, 'license-idle.csv')).map(([email, , how]) => [email, how])).toEqual([['olga.petrov@globex.test', 'unknown']]);
  });

  it('takes another number of days, and tells the newly invited from the others', async () => {
    const { id } = await licenseCalled('Messaging', 'Sub100417');
    const card = await answer(anna, `licenses idle ${id} days=180`);
    const rows = rowsOf(await file(anna, 'license-idle.csv'));
    const { people } = await state();
    const limit = Date.parse(await agoIso(180));
    const expected = people.filter(({ licenses, lastActivity, invitePending }) => licenses.includes(id) && (invitePending || (lastActivity !== undefined && Date.parse(lastActivity) <= limit)));
    expect(rows.map(([email]) => email).sort()).toEqual(expected.map(({ emails }) => emails[0]).sort());
    expect(titlesOf(card)).toEqual(['Plan removal', 'Plan without the newly invited', 'Ask each first']);
    expect(Object.keys(actionsOf(card)[0]!.data!)).toEqual(['token']);
    expect((await answer(anna, 'licenses idle webinars days=never')).text).toMatch(/days= is a number from 1/);
  });
});

describe('templates', () => {
  it('are kept, listed, changed and forgotten; audited, and nobody\'s licenses change', async () => {
    expect((await answer(anna, 'licenses templates')).text).toMatch(/There are no templates yet/);
    await world.mark();
    const kept = await answer(anna, `licenses template "New starter, Berlin" license="Webex Events","${WEBINARS}"`);
    expect(kept.text).toMatch(/New starter, Berlin is kept: Webex Events on acme-eu\.webex\.com and Meeting - Webex Webinars 1000 on acme\.webex\.com/);
    const listed = await answer(anna, 'licenses templates');
    expect(shown(listed)).toContain('New starter, Berlin');
    expect(inputsOf(listed).get('license')!.choices).toEqual([{ title: 'New starter, Berlin', value: 'template:"New starter, Berlin"' }]);
    const changed = await answer(anna, 'licenses template "new STARTER,Berlin" license="Webex Events"');
    expect(changed.text).toMatch(/Before, it was: .*Webinars 1000/);
    expect((await answer(anna, 'licenses untemplate "New starter, Berlin"')).text).toMatch(/is gone; it had Webex Events/);
    expect((await answer(anna, 'licenses untemplate "New starter, Berlin"')).text).toMatch(/There is no template called “New starter, Berlin”/);
    expect((await world.requests('/v1/licenses/users'))).toEqual([]);
    expect(world.audit().filter(({ action }) => action.startsWith('license-template')).map(({ action }) => action)).toEqual(['license-template.made', 'license-template.changed', 'license-template.removed']);
  });

  it('ask for the licenses whose names fit several', async () => {
    const asked = await answer(anna, 'licenses template Callers license="Webex Calling - Professional","Webex Events"');
    const { choices, value } = inputsOf(asked).get('license')!;
    expect(choices).toHaveLength(3);
    expect(value).toBe((await licenseCalled('Webex Events')).id);
    await anna.press(asked, 'Save', { license: [value, choices!.find(({ title }) => title.includes('Sub207733') && title.includes('Professional'))!.value].join(',') });
    expect((await anna.hears(/is kept/)).text).toMatch(/Callers is kept: Webex Events on acme-eu\.webex\.com and Webex Calling - Professional \(Sub207733\)/);
  });

  it('are used by their name in an assignment', async () => {
    await answer(anna, `licenses template "Hosts, all" license="Webex Events","${WEBINARS}"`);
    const card = await plan(anna, `licenses assign ${at('priya.natarajan')} license=template:"Hosts, all"`);
    await approve(anna, card);
    for (const name of ['Webex Events', WEBINARS]) expect(await holdersOf((await licenseCalled(name)).id)).toContain(at('priya.natarajan'));
  });
});
