import { titlesOf } from '../support/person.js';
import { startWorld, type World } from '../support/world.js';
import { createChecker } from './checker.js';
import { startRecorder, type Recorder } from './recorder.js';
import { loadSpec, specIsHere } from './spec.js';

if (!specIsHere) console.warn('SKIPPED: the official API description is not beside this checkout, so Steward’s requests are not compared with it.');
const describeWithSpec = specIsHere ? describe : describe.skip;

describeWithSpec('every request of Steward fits the official description', () => {
  let recorder: Recorder | undefined;
  let world: World;

  beforeAll(async () => {
    world = await startWorld({
      through: async (url) => {
        recorder = await startRecorder(url);
        return recorder.url;
      },
    });
  });

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

    const { spec, quirks } = loadSpec();
    const checker = createChecker(spec, quirks);
    // OAuth and downloads are not in the description.
    const apart = /^\/(authorize|access_token|contents\/)/;
    const exchanges = (recorder?.exchanges ?? []).filter(({ path }) => !apart.test(path));
    const called = new Set(exchanges.map(({ method, path }) => checker.operationOf(method, path)));
    expect([...called]).toEqual(expect.arrayContaining([
      'GET /people/me', 'GET /people', 'GET /people/{personId}', 'GET /licenses', 'GET /roles', 'POST /messages', 'GET /messages/{messageId}',
      'GET /attachment/actions/{id}', 'POST /webhooks', 'GET /meetingPreferences/schedulingOptions',
      'POST /meetingPreferences/schedulingOptions/delegateEmails/insert', 'POST /meetingPreferences/schedulingOptions/delegateEmails/delete',
    ]));
    // Links to next pages are Webex's own: Steward follows them as they are.
    const own = exchanges.filter(({ query }) => !('cursor' in query));
    const findings = own.flatMap((exchange) => checker.check(exchange).filter(({ side }) => side === 'request'));
    const lines = findings.map((one) => `${one.operation} ${one.code} ${one.where} ${one.name}: ${one.message}`);
    expect([...new Set(lines)]).toEqual([]);
  });
});
