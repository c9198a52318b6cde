import { z } from 'zod';
import type { PersonRef } from '../../bot/define.js';
import type { Step, StepDraft } from '../../changes/define.js';
import type { Json } from '../../lib/canonical.js';
import { Bug } from '../../lib/errors.js';
import { idKey } from '../../lib/ids.js';
import type { Calling } from './define.js';
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

export type Input = z.output<typeof inputSchema>;
export type Elements = z.output<typeof elementsSchema>;

/** The names of a step's elements. */
export const licenseElement = (id: string): string => `license ${idKey(id)}`;
export const siteElement = (site: string): string => `site ${site}`;
/** What is only read, and kept for undo: that a person of another organization has accepted a license, and by what somebody is called. */
export const shownElement = (id: string): string => `shown ${idKey(id)}`;
const CALLED = 'called ';

/** By what somebody is called, as an element; none where he is not called. */
export function calledElements(calling: Calling): Elements {
  const { extension, locationId, phoneNumber } = calling;
  return extension === undefined && phoneNumber === undefined ? {} : { [`${CALLED}${JSON.stringify({ extension, locationId, phoneNumber })}`]: 'present' };
}

/** By what somebody is called, as the elements say; undefined where they do not. */
export function calledIn(all: Elements): Calling | undefined {
  const key = Object.keys(all).find((name) => name.startsWith(CALLED) && all[name] === 'present');
  return key === undefined ? undefined : defined(callingSchema.parse(JSON.parse(key.slice(CALLED.length))));
}

/** Without what is only read. */
export function writtenOf(all: Elements): Elements {
  return Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith('license ') || key.startsWith('site ')));
}

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

export function draft(input: Input, before: Elements, after: Elements, sentence: string): StepDraft {
  const isRemoval = input.licenses.some(({ id }) => after[licenseElement(id)] === 'absent') || Object.values(after).every((value) => value === 'absent');
  const risk = input.isExternal ? 'outside' as const : isRemoval ? 'removal' as const : undefined;
  return {
    kind: ASSIGN, target: `licenses ${input.personId === '' ? input.email.toLowerCase() : idKey(input.personId)}`,
    input: input as unknown as Json, before, after, sentence, ...(risk === undefined ? {} : { risk }),
  };
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

/** Only what is there, as Webex takes it. */
export function defined({ locationId, phoneNumber, extension }: z.output<typeof callingSchema>): Calling {
  return { ...(locationId === undefined ? {} : { locationId }), ...(phoneNumber === undefined ? {} : { phoneNumber }), ...(extension === undefined ? {} : { extension }) };
}

/** The part of what a person holds that the step touches. */
export function touched(step: Pick<Step, 'after'>, licenses: readonly string[], attendeeOf: readonly string[]): Elements {
  const has = new Set([...licenses.map(licenseElement), ...attendeeOf.map(siteElement)]);
  return Object.fromEntries(Object.keys(elementsOf(step.after)).map((element) => [element, has.has(element) ? 'present' : 'absent']));
}

function turned(after: Elements): Elements {
  return Object.fromEntries(Object.entries(after).map(([element, value]) => [element, value === 'present' ? 'absent' : 'present']));
}

/** A step's value as the set that it is. Throws a Bug for any other. */
export function elementsOf(value: unknown): Elements {
  const parsed = elementsSchema.safeParse(value);
  if (!parsed.success) throw new Bug('A license step does not hold a set of licenses and sites.', parsed.error);
  return parsed.data;
}

export function inputOf(step: Pick<StepDraft, 'input'>): Input {
  return inputSchema.parse(step.input);
}
