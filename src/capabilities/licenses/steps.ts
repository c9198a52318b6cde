import type { Applied, Step, StepDraft, StepKind } from '../../changes/define.js';
import type { Json } from '../../lib/canonical.js';
import { idKey } from '../../lib/ids.js';
import { count, sentenceList } from '../../lib/text.js';
import type { ReadClient, WriteClient } from '../../webex/call.js';
import { WebexRefused, WebexUnreachable } from '../../webex/errors.js';
import { ROLES } from '../../webex/roles.js';
import * as rest from '../../webex/rest/licenses.js';
import * as people from '../../webex/rest/people.js';
import { leftOf } from './catalog.js';
import { acceptedBy, callingIn, shownOf } from './holders.js';
import { ASSIGN, calledElements, calledIn, canBeCalled, defined, elementsOf, inputOf, licenseElement, shownElement, siteElement, touched, type Elements, type Input } from './step.js';
import { invert } from './step-undo.js';

/** What a person held when the step was read, also what it does not touch: to be compared with Webex's answer. */
const heldAtRead = new WeakMap<Step, readonly string[]>();

/** Licenses and attendee sites of a person, by one PATCH with what still differs. Webex's reply says what is held then. */
export const licenseStepKinds: StepKind[] = [{
  name: ASSIGN,
  label: 'change licenses and sites',
  version: 1,
  reversible: true,
  privileged: false,
  check: 'reply',
  needs: { scopes: ['spark-admin:people_read', 'spark-admin:people_write', 'spark-admin:licenses_read'], roles: [ROLES.full, ROLES.users] },
  callsPerStep: 2,
  read,
  apply,
  shortfall,
  isHidden: (step) => inputOf(step).isExternal,
  isDelicate: (step) => new Set(Object.values(elementsOf(step.after))).size > 1,
  foresee,
  invert,
}];

async function read(webex: ReadClient, step: Step): Promise<Json> {
  const input = inputOf(step);
  if (!input.isExternal) {
    const isCalling = input.licenses.some((one) => one.isCalling);
    const person = await people.get(webex, input.personId, isCalling ? { callingData: true } : {});
    const { licenses, attendeeOf } = shownOf(person);
    heldAtRead.set(step, licenses);
    return { ...touched(step, licenses, attendeeOf), ...(isCalling ? calledElements(callingIn(person)) : {}) };
  }
  // What is pending is shown nowhere but in the reply of a write: what is not shown counts as the plan found it. Giving or taking it twice does no harm.
  const accepted = await acceptedBy(webex, { id: input.personId, email: input.email }, input.licenses.map(({ id }) => id));
  return { ...elementsOf(step.before), ...shown(accepted) };
}

function shown(accepted: readonly string[]): Elements {
  return Object.fromEntries(accepted.flatMap((id) => [[licenseElement(id), 'present'], [shownElement(id), 'present']] as const));
}

async function apply(webex: WriteClient, step: Step, live: Json): Promise<Applied> {
  const input = inputOf(step);
  const now = elementsOf(live);
  const reply = await send(webex, input, now, elementsOf(step.after), calledIn(now));
  const result = after(step, input, now, reply);
  const back = await giveBack(webex, step, input, result, calledIn(now));
  return back === undefined
    ? { live: result, trackingId: reply.trackingId, ...besides(step, input, reply) }
    : { live: after(step, input, now, back), trackingId: reply.trackingId };
}

/** What the person holds after an answer, of what the step touches. */
function after(step: Step, input: Input, now: Elements, reply: rest.Assigned): Elements {
  const attendeeOf = [...reply.siteUrls, ...reply.pendingSiteUrls].flatMap(({ siteUrl, accountType }) => (accountType.toLowerCase() === 'attendee' ? siteUrl.toLowerCase() : []));
  const held = touched(step, [...reply.licenses, ...reply.pendingLicenses], attendeeOf);
  const isCalled = input.licenses.some(({ id, isCalling }) => isCalling && held[licenseElement(id)] === 'present');
  const accepted = input.isExternal ? input.licenses.map(({ id }) => id).filter((id) => reply.licenses.some((one) => idKey(one) === idKey(id))) : [];
  // The number stays with a calling license; the answer does not show it.
  return { ...held, ...shown(accepted), ...(isCalled ? calledElements(calledIn(now) ?? {}) : {}) };
}

/** One call with what differs between the two. Who is called already keeps that, whatever the plan knew. */
async function send(webex: WriteClient, input: Input, now: Elements, wanted: Elements, called: ReturnType<typeof calledIn>): Promise<rest.Assigned> {
  const operationOf = (element: string): 'add' | 'remove' | undefined =>
    now[element] === wanted[element] || wanted[element] === undefined ? undefined : wanted[element] === 'present' ? 'add' : 'remove';
  const licenses = input.licenses.flatMap(({ id, isCalling, calling }): rest.LicenseOperation[] => {
    const operation = operationOf(licenseElement(id));
    const properties = isCalling && called !== undefined && canBeCalled(called) ? called : calling;
    return operation === undefined ? [] : [{ id, operation, ...(operation === 'add' && properties !== null ? { properties: defined(properties) } : {}) }];
  });
  const attendee = input.sites.flatMap((siteUrl) => {
    const operation = operationOf(siteElement(siteUrl));
    return operation === undefined ? [] : [{ siteUrl, operation }];
  });
  try {
    return await rest.assign(webex, {
      person: input.personId === '' ? { email: input.email } : { personId: input.personId }, ...(input.orgId === null ? {} : { orgId: input.orgId }),
      // Removals first: what is free then can be given.
      licenses: [...licenses.filter(({ operation }) => operation === 'remove').reverse(), ...licenses.filter(({ operation }) => operation === 'add')], attendee,
    });
  } catch (error) {
    throw error instanceof WebexRefused ? named(error, input) : error;
  }
}

/** Where Webex took something and did not give what was to come instead, what it took is given back at once. Undefined where that is not so, or cannot be done. */
async function giveBack(webex: WriteClient, step: Step, input: Input, result: Elements, called: ReturnType<typeof calledIn>): Promise<rest.Assigned | undefined> {
  const [before, wanted] = [elementsOf(step.before), elementsOf(step.after)];
  const lacks = Object.keys(wanted).some((element) => wanted[element] === 'present' && result[element] !== 'present');
  const lost = Object.keys(wanted).filter((element) => wanted[element] === 'absent' && before[element] === 'present' && result[element] === 'absent');
  // To somebody of another organization it could only be offered.
  if (!lacks || lost.length === 0 || input.isExternal) return undefined;
  try {
    return await send(webex, input, result, Object.fromEntries(lost.map((element) => [element, 'present'])), called);
  } catch (error) {
    if (error instanceof WebexRefused || error instanceof WebexUnreachable) return undefined;
    throw error;
  }
}

/** What nobody named and Webex no longer shows, where nothing was to be taken. */
function besides(step: Step, { isExternal }: Input, reply: rest.Assigned): Pick<Applied, 'besides'> {
  if (isExternal || Object.values(elementsOf(step.after)).includes('absent')) return {};
  const now = new Set(reply.licenses.map(idKey));
  const gone = (heldAtRead.get(step) ?? []).filter((id) => !now.has(idKey(id)));
  if (gone.length === 0) return {};
  return { besides: `It was given, but Webex’s answer no longer shows ${count(gone.length, 'license')} that nobody asked to change: ${sentenceList(gone, 3)}. Look at this person in Control Hub.` };
}

/** Webex names licenses by their ids, which tell people nothing. */
function named(error: WebexRefused, { licenses }: Input): WebexRefused {
  const words = licenses.reduce((text, { id, label }) => text.replaceAll(id, label), error.words);
  const { code, message, status, trackingId, errorCode, retryAfter } = error;
  return words === error.words ? error : new WebexRefused({ code, message, status, trackingId, errorCode, retryAfter, words, cause: error });
}

/** What Webex did not do of what was asked. */
function shortfall(step: Step, live: Json): string {
  const input = inputOf(step);
  const [now, wanted] = [elementsOf(live), elementsOf(step.after)];
  const all = [
    ...input.licenses.map(({ id, label }) => ({ element: licenseElement(id), label })), ...input.sites.map((site) => ({ element: siteElement(site), label: `attendee on ${site}` })),
  ];
  const labels = (to: 'present' | 'absent', isDone: boolean): string[] => all.filter(({ element }) => wanted[element] === to && (now[element] === to) === isDone).map(({ label }) => label);
  const [missing, staying, lost] = [labels('present', false), labels('absent', false), labels('absent', true)];
  const keeps = `${input.name} keeps ${sentenceList(staying)}.`;
  return [
    ...(missing.length === 0 ? [] : [`Webex did not give ${sentenceList(missing)}; it does not say why. As a rule no seat is left, or the number or extension belongs to somebody else.`]),
    ...(staying.length === 0 ? [] : [missing.length === 0 ? `Webex did not take away ${sentenceList(staying)}.` : keeps]),
    ...(missing.length === 0 || lost.length === 0 ? [] : [`${input.name} is without ${sentenceList([...lost, ...missing])} now; undo gives back ${sentenceList(lost)}.`]),
  ].join(' ');
}

/** Steps that were planned at another time were not counted against the seats that there are now. */
async function foresee(webex: ReadClient, steps: readonly StepDraft[]): Promise<string[]> {
  const wanted = new Map<string, { label: string; people: number }>();
  const inputs = steps.map((step) => ({ input: inputOf(step), after: elementsOf(step.after) }));
  for (const { input, after: to } of inputs) {
    for (const { id, label } of input.licenses) {
      if (to[licenseElement(id)] === 'present') wanted.set(idKey(id), { label, people: (wanted.get(idKey(id))?.people ?? 0) + 1 });
    }
  }
  const [orgId] = inputs.flatMap(({ input }) => input.orgId ?? []);
  if (wanted.size === 0) return [];
  const licenses = await rest.list(webex, orgId === undefined ? {} : { orgId }).catch((error: unknown) => {
    if (error instanceof WebexRefused || error instanceof WebexUnreachable) return undefined;
    throw error;
  });
  if (licenses === undefined) return ['Webex could not be asked how many seats are left. Whoever gets none keeps what he has.'];
  return licenses.flatMap((license) => {
    const asked = wanted.get(idKey(license.id));
    const left = leftOf(license);
    if (asked === undefined || left === undefined || left >= asked.people) return [];
    return [`Webex shows ${left === 0 ? 'no seat' : count(left, 'seat')} of ${asked.label} left, and ${count(asked.people, 'person needs', 'people need')} one. Whoever gets none keeps what he has; counts follow a change after a while.`];
  });
}
