import type { Changed, Step, StepDraft } from '../../changes/define.js';
import { CallerMistake } from '../../lib/errors.js';
import { sentenceList } from '../../lib/text.js';
import { cannotBecomeStandard, kindOf } from './kinds.js';
import { calledIn, canBeCalled, draft, elementsOf, inputOf, licenseElement, shownElement, siteElement, withCalling, writtenOf, type Elements, type Input, type Part } from './step.js';

/** The step that takes back what was changed: with the number and extension that the person had then. Throws CallerMistake for what Webex or we cannot give back. */
export function invert(step: Step, changed: Changed): StepDraft {
  const whole = inputOf(step);
  const before = elementsOf(changed.before);
  const after = writtenOf(before);
  const called = calledIn(before);
  const licenses = whole.licenses.filter(({ id }) => licenseElement(id) in after).map((one) => (one.isCalling && called !== undefined ? { ...one, calling: called } : one));
  const input: Input = { ...whole, licenses, sites: whole.sites.filter((site) => siteElement(site) in after) };
  if (input.licenses.length + input.sites.length === 0) throw new CallerMistake({ code: 'NOTHING_LEFT', message: 'Nothing of it is left to take back.' });
  const back = input.licenses.filter(({ id }) => after[licenseElement(id)] === 'present');
  refuse(input, back, before);
  return draft(input, writtenOf(elementsOf(changed.after)), after, sentenceOf(input, back, after));
}

function refuse({ name, isExternal, licenses, sites }: Input, back: Input['licenses'], before: Elements): void {
  const bare = back.filter(({ isCalling, calling }) => isCalling && !canBeCalled(calling ?? {}));
  if (bare.length > 0) {
    throw new CallerMistake({ code: 'CALLING_UNKNOWN', message: `${sentenceList(bare.map(({ label }) => label))} cannot be given back: Webex did not show with which number or extension ${name} had it. Assign it anew.` });
  }
  const standard = back.find(({ isCalling, label }) => isCalling && kindOf({ name: label }) === 'calling-standard');
  const better = licenses.find(({ id, label }) => before[licenseElement(id)] === 'absent' && cannotBecomeStandard(kindOf({ name: label })));
  if (standard !== undefined && better !== undefined) {
    throw new CallerMistake({ code: 'CALLING_STANDARD', message: `Webex does not change ${better.label} back to ${standard.label}. Take it away first, then assign the other.` });
  }
  // What is pending is shown nowhere: undo must not offer what was perhaps never there.
  const unseen = isExternal ? [...back.filter(({ id }) => before[shownElement(id)] !== 'present').map(({ label }) => label), ...sites.filter((site) => before[siteElement(site)] === 'present')] : [];
  if (unseen.length > 0) {
    throw new CallerMistake({ code: 'NOT_SHOWN', message: `Webex did not show whether ${name} had ${sentenceList(unseen)}, or an offer of it, so it is not offered again. Assign it anew if it is wanted.` });
  }
}

function sentenceOf(input: Input, back: Input['licenses'], after: Elements): string {
  const gets = back.map(({ label, calling }) => withCalling(label, calling ?? {}));
  const loses = input.licenses.filter(({ id }) => after[licenseElement(id)] === 'absent').map(({ label }) => label);
  const sites = (to: Part['to']): string[] => input.sites.filter((site) => after[siteElement(site)] === to);
  const given = input.isExternal ? `is offered ${sentenceList(gets)} again, pending until accepted` : `gets back ${sentenceList(gets)}`;
  return `${input.name} ${sentenceList([
    ...(gets.length === 0 ? [] : [given]), ...(loses.length === 0 ? [] : [`loses ${sentenceList(loses)} again`]),
    ...(sites('present').length === 0 ? [] : [`is an attendee on ${sentenceList(sites('present'))} again`]),
    ...(sites('absent').length === 0 ? [] : [`is no attendee on ${sentenceList(sites('absent'))} any more`]),
  ])}`;
}
