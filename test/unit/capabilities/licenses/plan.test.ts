import fc from 'fast-check';
import type { Step, StepDraft } from '../../../../src/changes/define.js';
import type { PersonRef } from '../../../../src/bot/define.js';
import { catalogOf } from '../../../../src/capabilities/licenses/catalog.js';
import type { Calling, Holder, Operation, Wish } from '../../../../src/capabilities/licenses/define.js';
import { holderKey } from '../../../../src/capabilities/licenses/holders.js';
import { isCalling } from '../../../../src/capabilities/licenses/kinds.js';
import { planLicenses } from '../../../../src/capabilities/licenses/plan.js';
import { licenseStepKinds } from '../../../../src/capabilities/licenses/steps.js';
import type { License } from '../../../../src/webex/rest/licenses.js';
import type { WebexCall, WriteClient } from '../../../../src/webex/call.js';

const NAMES: [string, string?, string?][] = [
  ['Basic Messaging'], ['Basic Space Meetings'], ['Messaging', 'Sub1'], ['Messaging', 'Sub2'], ['Advanced Space Meetings', 'Sub1'],
  ['Webex Calling - Professional', 'Sub1'], ['Webex Calling - Professional', 'Sub2'], ['Webex Calling - Standard', 'Sub1'], ['Webex Calling - Attendant Console', 'Sub1'],
  ['Customer Experience - Essential', 'Sub1'], ['Meeting', 'Sub1', 'us.webex.com'], ['Meeting', 'Sub2', 'us.webex.com'], ['Meeting', 'Sub1', 'eu.webex.com'], ['Webex Messenger', 'Sub1'], ['Other', 'Sub1'],
];
const SITES = ['us.webex.com', 'eu.webex.com'];
const NUMBER: Calling = { locationId: 'berlin', extension: '100' };

interface Account {
  licenses: Set<string>;
  attendeeOf: Set<string>;
  calling: Calling;
}

const personOf = (n: number): PersonRef => ({ id: `person-${n}`, email: `p${n}@acme.test`, displayName: `Person ${n}`, orgId: 'acme' });

/** An organization, what is asked of it, and how many seats each license has besides those in use. */
const situation = fc.record({
  spare: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: NAMES.length, maxLength: NAMES.length }),
  people: fc.array(fc.record({ licenses: fc.uniqueArray(fc.nat(NAMES.length - 1), { maxLength: 6 }), attendeeOf: fc.subarray(SITES) }), { minLength: 1, maxLength: 5 }),
  wishes: fc.array(fc.record({
    together: fc.boolean(),
    licenses: fc.uniqueArray(fc.record({ n: fc.nat(NAMES.length - 1), add: fc.boolean(), extension: fc.option(fc.constantFrom(100, 110, 200, 201)) }), { maxLength: 4, selector: ({ n }) => n }),
    sites: fc.uniqueArray(fc.record({ site: fc.constantFrom(...SITES), add: fc.boolean() }), { maxLength: 1, selector: ({ site }) => site }),
  }), { minLength: 1, maxLength: 5 }),
});
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

/** Webex as far as one call is concerned. It refuses what makes no sense, so that a step that asks for it fails the test. */
class Model {
  readonly accounts = new Map<string, Account>();
  readonly left: Map<string, number>;
  private readonly atStart: Map<string, Calling>;

  constructor({ people, spare, wishes }: Situation, private readonly licenses: readonly License[]) {
    this.left = new Map(licenses.map(({ id }, n) => [id, spare[n] ?? 0]).filter(([, left]) => left !== -1) as [string, number][]);
    for (const [n, { licenses: held, attendeeOf }] of people.entries()) {
      const ids = held.map((index) => licenses[index]!.id);
      const hosts = ids.map((id) => this.license(id).siteUrl);
      this.accounts.set(`person-${n}`, {
        licenses: new Set(ids), attendeeOf: new Set(attendeeOf.filter((site) => !hosts.includes(site))), calling: ids.some((id) => this.calls(id)) ? { ...NUMBER, extension: `1${n}0` } : {},
      });
    }
    // Of whom nothing is asked is not read.
    this.atStart = new Map([...this.accounts].slice(0, wishes.length).map(([id, { calling }]) => [id, calling]));
  }

  license(id: string): License {
    return this.licenses.find((one) => one.id === id)!;
  }

  calls(id: string): boolean {
    return isCalling(catalogOf(this.licenses).get(id)!);
  }

  readonly client = {
    send: ({ method, path, body }: WebexCall) => {
      expect([method, path]).toEqual(['PATCH', '/licenses/users']);
      const { personId, licenses = [], siteUrls = [] } = body as { personId: string; licenses?: { id: string; operation: string; properties?: Calling }[]; siteUrls?: { siteUrl: string; operation: string }[] };
      const account = this.accounts.get(personId)!;
      for (const { id, operation, properties } of licenses) {
        expect(account.licenses.has(id)).toBe(operation === 'remove');
        const left = this.left.get(id);
        if (left !== undefined) this.left.set(id, left + (operation === 'remove' ? 1 : -1));
        if (operation === 'remove') account.licenses.delete(id);
        else {
          account.licenses.add(id);
          if (this.calls(id)) expect(properties?.extension).toBeDefined();
          // Steps run side by side: what somebody else had at the start may still be his.
          for (const [other, { extension }] of this.atStart) if (other !== personId) expect(properties?.extension).not.toBe(extension ?? 'none');
          if (properties !== undefined) account.calling = properties;
        }
      }
      for (const { siteUrl, operation } of siteUrls) {
        expect(account.attendeeOf.has(siteUrl)).toBe(operation === 'remove');
        if (operation === 'remove') account.attendeeOf.delete(siteUrl);
        else account.attendeeOf.add(siteUrl);
      }
      if (![...account.licenses].some((id) => this.calls(id))) account.calling = {};
      for (const id of account.licenses) expect(account.attendeeOf.has(this.license(id).siteUrl ?? '')).toBe(false);
      for (const left of this.left.values()) expect(left).toBeGreaterThanOrEqual(0);
      const data = { licenses: [...account.licenses], siteUrls: [...account.attendeeOf].map((siteUrl) => ({ siteUrl, accountType: 'attendee' })) };
      return Promise.resolve({ status: 200, data, headers: {}, trackingId: undefined });
    },
  } as unknown as WriteClient;

  /** All but these people; the seats only where nobody is left out. */
  snapshot(without: ReadonlySet<string> = new Set()): unknown {
    return {
      left: without.size === 0 ? [...this.left] : [], accounts: [...this.accounts].filter(([id]) => !without.has(id)).map(([id, { licenses, attendeeOf, calling }]) => ({ id, licenses: [...licenses].sort(), attendeeOf: [...attendeeOf].sort(), calling })),
    };
  }
}

function planned(given: Situation) {
  const licenses = NAMES.map(([name, subscriptionId, siteUrl], n): License => ({
    id: `license-${n}`, name, totalUnits: given.spare[n] === -1 ? -1 : 100, consumedUnits: 100 - (given.spare[n] ?? 0), ...(subscriptionId === undefined ? {} : { subscriptionId }), ...(siteUrl === undefined ? {} : { siteUrl }),
  }));
  const catalog = catalogOf(licenses);
  const model = new Model(given, licenses);
  const holders = new Map<string, Holder>([...model.accounts].map(([id, account]) => {
    const person = personOf(Number(id.slice('person-'.length)));
    return [holderKey(person), { person, isExternal: false, licenses: [...account.licenses], attendeeOf: [...account.attendeeOf], calling: account.calling }];
  }));
  const wishes = given.wishes.slice(0, given.people.length).map(({ together, licenses: asked, sites }, n): Wish => ({
    person: personOf(n), ...(together ? { together: true as const } : {}),
    operations: [
      ...asked.map(({ n: index, add, extension }): Operation => ({
        what: 'license', known: catalog.all[index]!, operation: add ? 'add' : 'remove', ...(extension === null ? {} : { calling: { locationId: 'berlin', extension: String(extension) } }),
      })),
      ...sites.map(({ site, add }): Operation => ({ what: 'site', site, operation: add ? 'add' : 'remove' })),
    ],
  }));
  return { catalog, model, wishes, plan: planLicenses(wishes, holders, catalog) };
}

const [kind] = licenseStepKinds;
const asStep = (draft: StepDraft, n: number): Step => ({ ...draft, n, version: kind!.version });

/** The step that takes it back. None where Webex does not change a calling license back to Standard: then the plan has said so. */
function backOf(step: Step, warnings: readonly string[]): StepDraft | undefined {
  const { name } = step.input as { name: string };
  const isWarned = warnings.some((warning) => warning.includes(name) && warning.endsWith('Webex does not change this back to Calling Standard, so undo cannot either.'));
  try {
    const back = kind!.invert(step, { before: step.before, after: step.after });
    expect(isWarned).toBe(false);
    return back;
  } catch (error) {
    expect([(error as { code?: string }).code, isWarned]).toEqual(['CALLING_STANDARD', true]);
    return undefined;
  }
}

describe('any organization and any request', () => {
  it('plan, apply and undo end where it began; seats never go below zero; each reply is what was planned', async () => {
    await fc.assert(fc.asyncProperty(situation, async (given) => {
      const { model, plan } = planned(given);
      const stuck = new Set(plan.steps.filter((draft) => backOf(asStep(draft, 1), plan.warnings) === undefined).map(({ input }) => (input as { personId: string }).personId));
      const before = model.snapshot(stuck);
      const steps = plan.steps.map((draft, n) => asStep(draft, n + 1));
      for (const step of steps) expect((await kind!.apply(model.client, step, step.before)).live).toEqual(step.after);
      for (const step of steps.reverse()) {
        const draft = backOf(step, plan.warnings);
        if (draft === undefined) continue;
        const back = asStep(draft, 0);
        expect((await kind!.apply(model.client, back, back.before)).live).toEqual(back.after);
      }
      expect(model.snapshot(stuck)).toEqual(before);
    }), { numRuns: 200 });
  });

  it('what was not named never moves, and undo of undo is the change again', async () => {
    await fc.assert(fc.asyncProperty(situation, async (given) => {
      const { model, plan, wishes } = planned(given);
      const held = (): Map<string, Set<string>> => new Map([...model.accounts].map(([id, { licenses }]) => [id, new Set(licenses)]));
      const before = held();
      for (const [n, draft] of plan.steps.entries()) await kind!.apply(model.client, asStep(draft, n + 1), draft.before);
      for (const [id, licenses] of held()) {
        const named = new Set(wishes.find(({ person }) => person.id === id)?.operations.flatMap((one) => (one.what === 'license' ? one.known.license.id : [])));
        const moved = [...new Set([...licenses, ...before.get(id)!])].filter((one) => licenses.has(one) !== before.get(id)!.has(one));
        expect(moved.filter((one) => !named.has(one))).toEqual([]);
      }
      for (const draft of plan.steps) {
        const step = asStep(draft, 1);
        const back = backOf(step, plan.warnings);
        if (back === undefined) continue;
        const again = kind!.invert(asStep(back, 1), { before: back.before, after: back.after });
        expect([again.before, again.after, again.input]).toEqual([draft.before, draft.after, draft.input]);
      }
    }), { numRuns: 150 });
  });

  it('of a person asked to move, either all is planned or nothing; everything else is told', () => {
    fc.assert(fc.property(situation, (given) => {
      const { plan, wishes } = planned(given);
      for (const { person, operations, together } of wishes) {
        const step = plan.steps.find(({ input }) => (input as { personId: string }).personId === person.id);
        const elements = Object.keys((step?.after ?? {}) as object);
        const told = plan.problems.filter(({ subject }) => subject === person.displayName);
        const left = operations.filter((one) => !elements.includes(one.what === 'site' ? `site ${one.site}` : `license ${one.known.license.id}`));
        expect(told.length).toBeGreaterThanOrEqual(Math.min(left.length, 1));
        if (together === true && step !== undefined) for (const { reason } of told) expect(reason).toMatch(/^already has/);
      }
    }), { numRuns: 150 });
  });

  it('who gets Professional for Standard cannot go back, and the plan says so', () => {
    const upgrade = (without: object): Situation => ({
      spare: NAMES.map(() => 1), people: [{ licenses: [7], attendeeOf: [] }],
      wishes: [{ together: false, licenses: [{ n: 7, add: false, extension: null }, { n: 5, add: true, extension: null }], sites: [], ...without }],
    });
    const { plan } = planned(upgrade({}));
    expect(plan.steps).toHaveLength(1);
    expect(backOf(asStep(plan.steps[0]!, 1), plan.warnings)).toBeUndefined();
    const downgraded = planned({ ...upgrade({}), people: [{ licenses: [5], attendeeOf: [] }], wishes: upgrade({ licenses: [{ n: 5, add: false, extension: null }, { n: 7, add: true, extension: 200 }] }).wishes }).plan;
    expect(downgraded.steps).toEqual([]);
    expect(downgraded.problems.map(({ reason }) => reason)).toEqual([expect.stringMatching(/400112/), expect.stringMatching(/^keeps Webex Calling - Professional \(Sub1\), since Webex Calling - Standard cannot be given$/)]);
  });

  it('problems and warnings hold no seat that is not there', () => {
    const given: Situation = {
      spare: NAMES.map(() => 1), people: [0, 1, 2].map(() => ({ licenses: [0], attendeeOf: [] })),
      wishes: [0, 1, 2].map(() => ({ together: false, licenses: [{ n: 14, add: true, extension: null }], sites: [] })),
    };
    const { plan } = planned(given);
    expect(plan.steps.map(({ sentence }) => sentence)).toEqual(['Person 0 gets Other']);
    expect(plan.problems.map(({ subject }) => subject)).toEqual(['Person 1', 'Person 2']);
    expect(plan.left.map(({ person }) => person.email)).toEqual(['p1@acme.test', 'p2@acme.test']);
    expect(plan.warnings).toEqual(['This takes the last seats of Other.']);
  });
});
