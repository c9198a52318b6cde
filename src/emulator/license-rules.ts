import { isCalling, kindOf, type LicenseKind } from './licenses.js';
import type { License } from './model.js';
import { ApiError } from './route.js';

/** One license of a request, looked up. */
export interface Operation {
  license: License;
  operation: 'add' | 'remove';
  properties?: { locationId?: string | undefined; phoneNumber?: string | undefined; extension?: string | undefined } | undefined;
}

const NOT_APPLIED = 'The following license(s) could not be applied as requested:';

/** Webex: `errorCode` and its text; `message` is the short one above it. */
export function refused(errorCode: number, message: string, description: string): ApiError {
  return new ApiError(400, message, errorCode, {}, description);
}

/** Kinds that nobody holds together. */
const CONFLICTS: readonly { kinds: [LicenseKind, LicenseKind]; errorCode: number; text: string }[] = [
  { kinds: ['standard', 'professional'], errorCode: 400404, text: `User cannot have both Webex Calling Professional and Standard License together. ${NOT_APPLIED}` },
  { kinds: ['standard', 'attendantConsole'], errorCode: 400406, text: `User cannot have both Webex Calling Standard and Webex Attendant Console licenses together. ${NOT_APPLIED}` },
  { kinds: ['standard', 'cxEssentials'], errorCode: 400407, text: `User cannot have both Webex Calling Standard and CX Essential licenses together. ${NOT_APPLIED}` },
];

/** Kinds that no call replaces by Standard. */
const DOWNGRADES: readonly { from: LicenseKind; errorCode: number; message: string; text: string }[] = [
  { from: 'professional', errorCode: 400112, message: 'License assignment failed',
    text: `Changing a user's Webex Calling license from Professional to Standard is not allowed. ${NOT_APPLIED}` },
  { from: 'cxEssentials', errorCode: 400410, message: 'License downgrade not allowed',
    text: `Changing a user's license from CX Essential to Webex Calling Standard is not allowed. ${NOT_APPLIED}` },
];

/** Kinds that only who holds another may hold. */
const PREREQUISITES: readonly { kind: LicenseKind; needs: LicenseKind; errorCode: number; text: string }[] = [
  { kind: 'attendantConsole', needs: 'professional', errorCode: 400408, text: 'User needs Webex Calling Professional license to be assigned before assigning Webex Attendant Console:' },
  { kind: 'paidMessaging', needs: 'freeMessaging', errorCode: 700003,
    text: 'Free teams messaging mandatory for paid teams messaging license. The following license could not be applied as requested:' },
  { kind: 'paidMeeting', needs: 'freeMeeting', errorCode: 700004,
    text: 'Free teams meeting mandatory for paid teams meeting license. The following license could not be applied as requested:' },
  { kind: 'paidMeeting', needs: 'freeMessaging', errorCode: 700005, text: `Free teams messaging mandatory for teams meeting license. ${NOT_APPLIED}` },
  { kind: 'freeMeeting', needs: 'freeMessaging', errorCode: 700005, text: `Free teams messaging mandatory for teams meeting license. ${NOT_APPLIED}` },
];

const named = (licenses: readonly License[]): string => licenses.map(({ id }) => id).join(', ');
const ofKind = (licenses: readonly License[], kind: LicenseKind): License[] => licenses.filter((license) => kindOf(license) === kind);
const has = (licenses: readonly License[], kind: LicenseKind): boolean => licenses.some((license) => kindOf(license) === kind);

/** Throws Webex's 400 where one operation alone cannot be: Messenger, Screen Share, calling without its properties. */
export function checkOperations(operations: readonly Operation[]): void {
  const messenger = ofKind(operations.map(({ license }) => license), 'messenger');
  if (messenger.length > 0) throw refused(400118, 'License management not supported', `User management of Messenger license ${named(messenger)} is not supported`);
  const implicit = ofKind(operations.filter(({ operation }) => operation === 'remove').map(({ license }) => license), 'screenShare');
  if (implicit.length > 0) throw refused(700006, 'License removal not allowed', `Screen Share ${named(implicit)} is implicitly assigned and cannot be removed`);
  const bare = operations.filter(({ license, operation, properties }) => operation === 'add' && isCalling(license) && !properties?.phoneNumber && !properties?.extension);
  if (bare.length > 0) {
    throw refused(400411, 'License properties missing',
      `Each Webex Calling license should contain its own calling properties. The following license(s) do not have properties: ${named(bare.map(({ license }) => license))}`);
  }
}

/**
 * Throws Webex's 400 where what a person would hold may not be held, or not be come to from what is held before.
 * A rule that was broken before is not held against the call.
 */
export function checkHolding(before: readonly License[], after: readonly License[]): void {
  const added = after.filter((license) => !before.includes(license));
  const blamed = (kinds: readonly LicenseKind[]): string => {
    const of = (licenses: readonly License[]): License[] => licenses.filter((license) => kinds.some((kind) => kindOf(license) === kind));
    return named(of(added).length > 0 ? of(added) : of(after));
  };
  for (const { kinds: [one, other], errorCode, text } of CONFLICTS) {
    const both = (licenses: readonly License[]): boolean => has(licenses, one) && has(licenses, other);
    if (both(after) && !both(before)) throw refused(errorCode, 'License conflict', `${text} ${blamed([one, other])}`);
  }
  for (const { from, errorCode, message, text } of DOWNGRADES) {
    if (has(before, from) && has(added, 'standard')) throw refused(errorCode, message, `${text} ${blamed(['standard'])}`);
  }
  for (const { kind, needs, errorCode, text } of PREREQUISITES) {
    const lacks = (licenses: readonly License[]): boolean => has(licenses, kind) && !has(licenses, needs);
    if (lacks(after) && !lacks(before)) throw refused(errorCode, 'License prerequisite missing', `${text} ${blamed([kind])}`);
  }
  const twice = added.filter((license) => after.some((other) => other !== license && isSameOffer(other, license)));
  if (twice.length > 0) {
    throw refused(400413, 'License conflict',
      `Could not apply the following license(s): ${named(twice)} as the user can be assigned only one of licenses with the offer code from the list: ${twice[0]?.name ?? ''}`);
  }
}

/** The same thing of another subscription: of those a person holds one. */
function isSameOffer(a: License, b: License): boolean {
  return a.name === b.name && a.siteUrl === b.siteUrl;
}

/** Whether all that a license needs is among `held`. */
export function isSupported(license: License, held: readonly License[]): boolean {
  return PREREQUISITES.every(({ kind, needs }) => kindOf(license) !== kind || has(held, needs));
}
