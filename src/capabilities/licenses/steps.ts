import { z } from 'zod';
import type { PersonRef } from '../../bot/define.js';
import type { Applied, Changed, Step, StepDraft, StepKind } from '../../changes/define.js';
import type { Json } from '../../lib/canonical.js';
import { Bug, CallerMistake } from '../../lib/errors.js';
import { idKey } from '../../lib/ids.js';
import { sentenceList } from '../../lib/text.js';
import type { ReadClient, WriteClient } from '../../webex/call.js';
import { ROLES } from '../../webex/roles.js';
import * as rest from '../../webex/rest/licenses.js';
import * as people from '../../webex/rest/people.js';
import type { Calling } from './define.js';
import { acceptedBy, shownOf } from './holders.js';
import { cannotBecomeStandard, kindOf } from './kinds.js';
import { callingText } from './names.js';

export const ASSIGN = 'license-assign';

const callingSchema = z.object({ locationId: z.string().optional(), phoneNumber: z.string().optional(), extension: z.string().optional() });
const inputSchema = z.object({
  /** Empty for people of other organizations who are known by address only. */
  personId: z.string(),
  email: z.string(),
  name: z.string(),
  isExternal: z.boolean(),
  /** Set where the organization is not the account's own. */
  orgId: z.string().nullable(),
  /** In the order in which they can be given: what others need comes first. `calling`: what is given with it, or what went with it when it was held. */
  licenses: z.array(z.object({ id: z.string(), label: z.string(), isCalling: z.boolean(), calling: callingSchema.nullable() })),
  sites: z.array(z.string()),
});
const elementsSchema = z.record(z.string(), z.enum(['present', 'absent']));

type Input = z.output<typeof inputSchema>;
type Elements = z.output<typeof elementsSchema>;

/** The names of a step's elements. */
export const licenseElement = (id: string): string => `license ${idKey(id)}`;
export const siteElement = (site: string): string => `site ${site}`;

/** One license or site of a step: `to` is what it shall be. */
export interface Part {
  what: 'license' | 'site';
  to: 'present' | 'absent';
  license?: { id: string; label: string; isCalling: boolean; calling: Calling | undefined };
  site?: string;
}

/** All that one call changes for one person. */
export function assignStep(person: PersonRef & { name: string; isExternal: boolean }, orgId: string | undefined, parts: readonly Part[], sentence: string): StepDraft {
  const input: Input = {
    personId: person.id, email: person.email, name: person.name, isExternal: person.isExternal, orgId: orgId ?? null,
    licenses: parts.flatMap(({ license }) => (license === undefined ? [] : [{ ...license, calling: license.calling ?? null }])),
    sites: parts.flatMap(({ site }) => site ?? []),
  };
  const after = Object.fromEntries(parts.map(({ license, site, to }) => [license === undefined ? siteElement(site ?? '') : licenseElement(license.id), to]));
  return draft(input, turned(after), after, sentence);
}

function draft(input: Input, before: Elements, after: Elements, sentence: string): StepDraft {
  const isRemoval = input.licenses.some(({ id }) => after[licenseElement(id)] === 'absent') || Object.values(after).every((value) => value === 'absent');
  const risk = input.isExternal ? 'outside' as const : isRemoval ? 'removal' as const : undefined;
  return {
    kind: ASSIGN, target: `licenses ${input.personId === '' ? input.email.toLowerCase() : idKey(input.personId)}`,
    input: input as unknown as Json, before, after, sentence, ...(risk === undefined ? {} : { risk }),
  };
}

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
  invert,
}];

async function read(webex: ReadClient, step: Step): Promise<Json> {
  const input = inputOf(step);
  if (!input.isExternal) {
    const { licenses, attendeeOf } = shownOf(await people.get(webex, input.personId));
    return touched(step, licenses, attendeeOf);
  }
  // What is pending is shown nowhere but in the reply of a write: what is not shown counts as the plan found it. Giving or taking it twice does no harm.
  const ids = input.licenses.map(({ id }) => id);
  const accepted = await acceptedBy(webex, { id: input.personId, email: input.email }, ids);
  return { ...elements(step.before), ...Object.fromEntries(accepted.map((id) => [licenseElement(id), 'present' as const])) };
}

async function apply(webex: WriteClient, step: Step, live: Json): Promise<Applied> {
  const input = inputOf(step);
  const [now, wanted] = [elements(live), elements(step.after)];
  const operationOf = (element: string): 'add' | 'remove' | undefined =>
    now[element] === wanted[element] ? undefined : wanted[element] === 'present' ? 'add' : 'remove';
  const licenses = input.licenses.flatMap(({ id, calling }): rest.LicenseOperation[] => {
    const operation = operationOf(licenseElement(id));
    return operation === undefined ? [] : [{ id, operation, ...(operation === 'add' && calling !== null ? { properties: defined(calling) } : {}) }];
  });
  const attendee = input.sites.flatMap((siteUrl) => {
    const operation = operationOf(siteElement(siteUrl));
    return operation === undefined ? [] : [{ siteUrl, operation }];
  });
  const reply = await rest.assign(webex, {
    person: input.personId === '' ? { email: input.email } : { personId: input.personId }, ...(input.orgId === null ? {} : { orgId: input.orgId }),
    // Removals first: what is free then can be given.
    licenses: [...licenses.filter(({ operation }) => operation === 'remove').reverse(), ...licenses.filter(({ operation }) => operation === 'add')], attendee,
  });
  const attendeeOf = [...reply.siteUrls, ...reply.pendingSiteUrls].flatMap(({ siteUrl, accountType }) => (accountType === 'attendee' ? siteUrl.toLowerCase() : []));
  return { live: touched(step, [...reply.licenses, ...reply.pendingLicenses], attendeeOf), trackingId: reply.trackingId };
}

/** What Webex did not do of what was asked. */
function shortfall(step: Step, live: Json): string {
  const input = inputOf(step);
  const [now, wanted] = [elements(live), elements(step.after)];
  const differing = [
    ...input.licenses.map(({ id, label }) => ({ element: licenseElement(id), label })), ...input.sites.map((site) => ({ element: siteElement(site), label: `attendee on ${site}` })),
  ].filter(({ element }) => now[element] !== wanted[element]);
  const labels = (to: Part['to']): string[] => differing.filter(({ element }) => wanted[element] === to).map(({ label }) => label);
  const missing = labels('present');
  const staying = labels('absent');
  const lost = input.licenses.filter(({ id }) => wanted[licenseElement(id)] === 'absent' && now[licenseElement(id)] === 'absent').map(({ label }) => label);
  return [
    ...(missing.length === 0 ? [] : [`Webex did not give ${sentenceList(missing)}; it does not say why. As a rule no seat is left, or the number or extension belongs to somebody else.`]),
    ...(staying.length === 0 ? [] : [`Webex did not take away ${sentenceList(staying)}.`]),
    ...(missing.length === 0 || lost.length === 0 ? [] : [`${input.name} has neither ${sentenceList([...lost, ...missing])} now; undo gives back ${sentenceList(lost)}.`]),
  ].join(' ');
}

function invert(step: Step, changed: Changed): StepDraft {
  const whole = inputOf(step);
  const after = elements(changed.before);
  const input: Input = {
    ...whole,
    licenses: whole.licenses.filter(({ id }) => licenseElement(id) in after),
    sites: whole.sites.filter((site) => siteElement(site) in after),
  };
  const back = input.licenses.filter(({ id }) => after[licenseElement(id)] === 'present');
  const bare = back.filter(({ isCalling, calling }) => isCalling && !canBeCalled(calling ?? {}));
  if (bare.length > 0) {
    throw new CallerMistake({ code: 'CALLING_UNKNOWN', message: `${sentenceList(bare.map(({ label }) => label))} cannot be given back: Webex did not show with which number or extension ${input.name} had it. Assign it anew.` });
  }
  const standard = back.find(({ isCalling, label }) => isCalling && kindOf({ name: label }) === 'calling-standard');
  const better = input.licenses.find(({ id, label }) => after[licenseElement(id)] === 'absent' && cannotBecomeStandard(kindOf({ name: label })));
  if (standard !== undefined && better !== undefined) {
    throw new CallerMistake({ code: 'CALLING_STANDARD', message: `Webex does not change ${better.label} back to ${standard.label}. Take it away first, then assign the other.` });
  }
  const gets = back.map(({ label, calling }) => withCalling(label, calling ?? {}));
  const loses = input.licenses.filter(({ id }) => after[licenseElement(id)] === 'absent').map(({ label }) => label);
  const sites = (to: Part['to']): string[] => input.sites.filter((site) => after[siteElement(site)] === to);
  const parts = [
    ...(gets.length === 0 ? [] : [`gets back ${sentenceList(gets)}`]), ...(loses.length === 0 ? [] : [`loses ${sentenceList(loses)} again`]),
    ...(sites('present').length === 0 ? [] : [`is an attendee on ${sentenceList(sites('present'))} again`]),
    ...(sites('absent').length === 0 ? [] : [`is no attendee on ${sentenceList(sites('absent'))} any more`]),
  ];
  return draft(input, elements(changed.after), after, `${input.name} ${sentenceList(parts)}`);
}

/** Webex: a number or an extension; without a number also the location. */
export function canBeCalled({ phoneNumber, extension, locationId }: Calling | z.output<typeof callingSchema>): boolean {
  return phoneNumber !== undefined || (extension !== undefined && locationId !== undefined);
}

/** "Webex Calling - Professional with number +12125550100 and extension 1001". */
export function withCalling(label: string, calling: Calling | z.output<typeof callingSchema>): string {
  const text = callingText(defined(calling));
  return text === '' ? label : `${label} with ${text}`;
}

function defined({ locationId, phoneNumber, extension }: z.output<typeof callingSchema>): Calling {
  return { ...(locationId === undefined ? {} : { locationId }), ...(phoneNumber === undefined ? {} : { phoneNumber }), ...(extension === undefined ? {} : { extension }) };
}

/** The part of what a person holds that the step touches. */
function touched(step: Step, licenses: readonly string[], attendeeOf: readonly string[]): Elements {
  const has = new Set([...licenses.map(licenseElement), ...attendeeOf.map(siteElement)]);
  return Object.fromEntries(Object.keys(elements(step.after)).map((element) => [element, has.has(element) ? 'present' : 'absent']));
}

function turned(after: Elements): Elements {
  return Object.fromEntries(Object.entries(after).map(([element, value]) => [element, value === 'present' ? 'absent' : 'present']));
}

function elements(value: unknown): Elements {
  const parsed = elementsSchema.safeParse(value);
  if (!parsed.success) throw new Bug('A license step does not hold a set of licenses and sites.', parsed.error);
  return parsed.data;
}

function inputOf(step: Pick<StepDraft, 'input'>): Input {
  return inputSchema.parse(step.input);
}
