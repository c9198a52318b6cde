import type { License } from '../../webex/rest/licenses.js';
import type { Kind, Known } from './define.js';

/** By name, the first that fits. Webex gives licenses no kind, and its names are in English everywhere. */
const BY_NAME: readonly [RegExp, Kind][] = [
  [/attendant console/i, 'attendant-console'],
  [/(customer experience|\bcx\b).*essential/i, 'cx-essentials'],
  [/calling.*professional/i, 'calling-professional'],
  [/calling.*standard/i, 'calling-standard'],
  [/calling.*(workspace|hot desk)/i, 'calling-workspace'],
  [/shared device|workspace|room registration/i, 'workspace'],
  [/screen ?share/i, 'screen-share'],
  [/messenger/i, 'messenger'],
  [/(basic|free).*messaging/i, 'free-messaging'],
  [/messaging/i, 'messaging'],
  [/(basic|free).*(space|team)s? meeting/i, 'free-meetings'],
  [/(space|team)s? meeting/i, 'space-meetings'],
];

/** What kind of license it is. One with a site makes its holder a host there, whatever it is called. */
export function kindOf({ name, siteUrl }: Pick<License, 'name' | 'siteUrl'>): Kind {
  if (siteUrl !== undefined) return 'meetings';
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}

const CALLING: readonly Kind[] = ['calling-professional', 'calling-standard', 'cx-essentials'];

/** With such a license a person has a number or an extension, and needs one to get it. Webex: 400411. */
export function isCalling({ kind }: Pick<Known, 'kind'>): boolean {
  return CALLING.includes(kind);
}

/** Webex: 400112 and 400410. Such a license is never changed to Calling Standard. */
export function cannotBecomeStandard(kind: Kind): boolean {
  return kind === 'calling-professional' || kind === 'cx-essentials';
}

/** Not for people. */
export function isForWorkspaces({ kind }: Pick<Known, 'kind'>): boolean {
  return kind === 'workspace' || kind === 'calling-workspace';
}

/** Whether people can get it and have it taken away by the API. */
export function isManaged(known: Pick<Known, 'kind'>): boolean {
  return known.kind !== 'messenger' && known.kind !== 'screen-share' && !isForWorkspaces(known);
}
