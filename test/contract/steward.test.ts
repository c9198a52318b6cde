import { titlesOf } from '../support/person.js';
import { answer, change, countsOf, undo } from '../support/plans.js';
import { followed } from '../support/spaces.js';
import { startWorld, type World } from '../support/world.js';
import { createChecker, type Checker, type Exchange } from './checker.js';
import { startRecorder, type Recorder } from './recorder.js';
import { loadSpec, specIsHere } from './spec.js';

if (!specIsHere) console.warn('SKIPPED: the official API description is not beside this checkout, so Steward’s requests are not compared with it.');
const describeWithSpec = specIsHere ? describe : describe.skip;

describeWithSpec('every request of Steward fits the official description', () => {
  let recorder: Recorder | undefined;
  let world: World;
  let checker: Checker;

  beforeAll(async () => {
    const { spec, quirks } = loadSpec();
    checker = createChecker(spec, quirks);
    world = await startWorld({
      through: async (url) => {
        recorder = await startRecorder(url);
        return recorder.url;
      },
    });
  });

  /** What went over the wire so far. OAuth and downloads are not in the description. */
  const exchanges = (): Exchange[] => (recorder?.exchanges ?? []).filter(({ path }) => !/^\/(authorize|access_token|contents\/)/.test(path));
  const called = (): (string | undefined)[] => [...new Set(exchanges().map(({ method, path }) => checker.operationOf(method, path)))];

  /** Where requests differ from the description. Links to next pages are Webex's own: Steward follows them as they are. */
  const differences = (): string[] => {
    const findings = exchanges().filter(({ query }) => !('cursor' in query) && !('next' in query)).flatMap((exchange) => checker.check(exchange).filter(({ side }) => side === 'request'));
    return [...new Set(findings.map((one) => `${one.operation} ${one.code} ${one.where} ${one.name}: ${one.message}`))];
  };

  afterAll(async () => {
    await world.stop();
    await recorder?.stop();
  });

  it('from linking over plans and files to undo', async () => {
    const anna = world.person('anna.berg');
    await world.link(anna, 'delegates,revoke');
    await anna.ask('menu', /Hello/);
    await anna.ask('account status', /Scopes/);
    await anna.ask('delegates list cara.olsen@acme.test', /Amy Adams/);
    await anna.ask('delegates list to=amy.adams@acme.test', /may schedule for/);
    const plan = await anna.ask('delegates add "Bob", department:Executive for=group:"Executives"', /Plan|form|several|choose|nobody/i);
    expect(titlesOf(plan).length).toBeGreaterThan(0);
    const small = await anna.ask('delegates set bob.nguyen@acme.test for=cara.olsen@acme.test,victor.stone@acme.test', /Nothing has been changed yet/);
    await anna.press(small, 'Approve');
    const result = await anna.hears((message) => titlesOf(message).includes('Undo'));
    await anna.press(result, 'Undo');
    await anna.press(await anna.hears((message) => titlesOf(message).includes('Approve')), 'Approve');
    await anna.hears((message) => titlesOf(message).includes('Undo'));
    await anna.ask('delegates export for=department:Executive', /permission/);
    await anna.ask('changes', /Plans and changes/);

    expect(called()).toEqual(expect.arrayContaining([
      'GET /people/me', 'GET /people', 'GET /people/{personId}', 'GET /licenses', 'GET /roles', 'POST /messages', 'GET /messages/{messageId}',
      'GET /attachment/actions/{id}', 'POST /webhooks', 'GET /meetingPreferences/schedulingOptions',
      'POST /meetingPreferences/schedulingOptions/delegateEmails/insert', 'POST /meetingPreferences/schedulingOptions/delegateEmails/delete',
    ]));
    expect(differences()).toEqual([]);
  });

  it('from reading licenses over calling, sites and people of other organizations to undo', async () => {
    const dora = world.person('dora.silva');
    await world.link(dora, 'licenses');
    await answer(dora, 'licenses');
    await answer(dora, 'licenses users "Webex Events"');
    await answer(dora, 'licenses idle "Webex Calling - Standard"');
    const home = '@acme.test';
    const done = [
      await change(dora, `licenses assign amy.adams${home} license="Webex Calling - Standard","Advanced Space Meetings" extension=4799 location=Berlin`),
      await change(dora, `licenses assign raj.patel${home} license="Webex Calling - Standard" phone=+12125559876`),
      await change(dora, `licenses assign ines.goncalves${home} license="Meeting - Webex Meeting Center on acme.webex.com"`),
      await change(dora, 'licenses assign olga.petrov@globex.test license="Webex Events" outside=yes'),
      await change(dora, `licenses move xavier.darcy${home} from="Webex Calling - Professional (Sub100417)" to="Webex Calling - Professional (Sub207733)"`),
    ];
    for (const result of done) expect(countsOf(await undo(dora, result))).toBe('Done: 1 done');
    const bodies = exchanges().filter(({ method, path }) => method === 'PATCH' && path === '/licenses/users').map(({ request }) => Object.keys(request as object).sort().join());
    expect(new Set(bodies)).toEqual(new Set(['licenses,personId', 'licenses,personId,siteUrls', 'email,licenses']));
    expect(called()).toEqual(expect.arrayContaining(['GET /licenses/{licenseId}', 'GET /locations', 'PATCH /licenses/users']));
    expect(differences()).toEqual([]);
  });

  it('from rules of a space over members that join and leave to undo', async () => {
    const carl = world.person('carl.jensen');
    await world.link(carl, 'spaces');
    await followed(world, carl, 'Contract', ['amy.adams', 'raj.patel'], ['carl.jensen', 'amy.adams', 'victor.stone']);
    const result = await change(carl, 'spaces sync "Contract"');
    expect(countsOf(await undo(carl, result))).toMatch(/^Done: /);
    expect(called()).toEqual(expect.arrayContaining(['GET /groups', 'GET /groups/{groupId}/members', 'GET /rooms/{roomId}', 'GET /memberships', 'POST /memberships', 'DELETE /memberships/{membershipId}']));
    expect(differences()).toEqual([]);
  });
});
