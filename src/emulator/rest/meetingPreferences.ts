import { FORBIDDEN } from '../api.js';
import { delegateAddress, setDelegates, siteUserOf } from '../delegates.js';
import type { Person, SiteUser } from '../model.js';
import { FULL_ADMIN } from '../roles.js';
import { ApiError, noContent, ok, type ApiReply, type ApiRequest, type Route } from '../route.js';
import { personByEmail } from '../state.js';

type Access = 'read' | 'write';

const forbidden = (description: string = FORBIDDEN): ApiError => new ApiError(403, FORBIDDEN, undefined, {}, description);
const notOthers = (): ApiError => forbidden("Not permitted to view or change other user's preferences.");

const scopesFor = (access: Access): string[] => [`meeting:preferences_${access}`, `meeting:admin_preferences_${access}`];

interface Subject {
  person: Person;
  seat: SiteUser;
}

/**
 * Whose preferences on which site a request is about.
 * Webex: `userEmail` needs the admin scope, a full administrator and site admin of that site, else 403 with a documented text;
 * without `siteUrl` the site is the default one of the token's owner, also when the user lives elsewhere.
 */
function subjectOf(request: ApiRequest, access: Access): Subject {
  const { state, caller, query } = request;
  const userEmail = query.get('userEmail');
  const own = userEmail === null;
  if (!caller.token.scopes.includes(`meeting:${own ? '' : 'admin_'}preferences_${access}`)) throw own ? forbidden() : notOthers();
  const siteUrl = (query.get('siteUrl') ?? caller.person.sites.find((site) => site.isDefault)?.siteUrl ?? '').toLowerCase();
  if (!own && !mayAdminister(caller.person, siteUrl)) throw notOthers();
  const person = own ? caller.person : personByEmail(state, userEmail);
  const seat = person && siteUserOf(person, siteUrl);
  if (!person || !seat) throw new ApiError(404, `The user could not be found on the site ${siteUrl}.`);
  return { person, seat };
}

const mayAdminister = (person: Person, siteUrl: string): boolean => person.roles.includes(FULL_ADMIN) && siteUserOf(person, siteUrl)?.isSiteAdmin === true;

/** A list of addresses of the body. One element is one address: several joined by commas are refused, although Webex's examples have them so. */
function addresses(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) throw new ApiError(400, `'${name}' must be an array of email addresses.`);
  return value.map((item: unknown) => {
    if (typeof item !== 'string' || !/^[^\s@,;]+@[^\s@,;]+$/.test(item.trim())) throw new ApiError(400, `'${name}' has an invalid email address.`);
    return item.trim().toLowerCase();
  });
}

const REFUSED = {
  unknown: 'does not exist', notOnSite: 'is not a user of the site', notHost: 'is not a host on the site', self: 'is the host himself',
};

/** All or none: one bad address refuses the whole list. */
function delegatesFrom(request: ApiRequest, { person, seat }: Subject, emails: readonly string[]): string[] {
  return emails.map((email) => {
    const found = delegateAddress(request.state, person, seat.siteUrl, email);
    if ('refused' in found) throw new ApiError(400, `The delegate ${email} ${REFUSED[found.refused]}.`);
    return found.address;
  });
}

function schedulingOptions(seat: SiteUser): ApiReply {
  return ok({
    enabledJoinBeforeHost: seat.enabledJoinBeforeHost, joinBeforeHostMinutes: seat.joinBeforeHostMinutes,
    enabledAutoShareRecording: seat.enabledAutoShareRecording, enabledWebexAssistantByDefault: seat.enabledWebexAssistantByDefault,
    delegateEmails: [...seat.delegates],
  });
}

function flag(body: Record<string, unknown>, name: string, required: boolean): boolean {
  const value = body[name];
  if (typeof value === 'boolean') return value;
  if (value !== undefined || required) throw new ApiError(400, `'${name}' must be a boolean.`);
  return false;
}

/** Webex: a PUT writes every option, those that are left out too; the list is replaced, cleared by `[]`, left by null or nothing. */
function updateOptions(request: ApiRequest): ApiReply {
  const { state, caller, body } = request;
  const subject = subjectOf(request, 'write');
  const { person, seat } = subject;
  const minutes = body.joinBeforeHostMinutes;
  if (minutes !== 0 && minutes !== 5 && minutes !== 10 && minutes !== 15) throw new ApiError(400, "'joinBeforeHostMinutes' must be 0, 5, 10 or 15.");
  const options = {
    enabledJoinBeforeHost: flag(body, 'enabledJoinBeforeHost', true), joinBeforeHostMinutes: minutes,
    enabledAutoShareRecording: flag(body, 'enabledAutoShareRecording', true),
    enabledWebexAssistantByDefault: flag(body, 'enabledWebexAssistantByDefault', false),
  };
  const given = body.delegateEmails ?? undefined;
  const delegates = given === undefined ? seat.delegates : delegatesFrom(request, subject, addresses(given, 'delegateEmails'));
  Object.assign(seat, options);
  setDelegates(state, caller.person, person, seat, delegates);
  return schedulingOptions(seat);
}

/** Answers the delegates of this request only, not the whole list. */
function insertDelegates(request: ApiRequest): ApiReply {
  const subject = subjectOf(request, 'write');
  const emails = addresses(request.body.emails, 'emails');
  if (emails.length === 0) throw new ApiError(400, "'emails' must not be empty.");
  const added = delegatesFrom(request, subject, emails);
  setDelegates(request.state, request.caller.person, subject.person, subject.seat, [...subject.seat.delegates, ...added]);
  return ok({ emails: [...new Set(added)] });
}

/** Who is no delegate is passed over; who left the organization can still be taken off. */
function deleteDelegates(request: ApiRequest): ApiReply {
  const { person, seat } = subjectOf(request, 'write');
  const emails = addresses(request.body.emails, 'emails');
  if (emails.length === 0) throw new ApiError(400, "'emails' must not be empty.");
  const gone = new Set(emails.flatMap((email) => [email, personByEmail(request.state, email)?.emails[0]?.toLowerCase() ?? email]));
  setDelegates(request.state, request.caller.person, person, seat, seat.delegates.filter((email) => !gone.has(email)));
  return noContent;
}

function listSites(request: ApiRequest): ApiReply {
  const { person } = subjectOf(request, 'read');
  return ok({ sites: person.sites.map(({ siteUrl, isDefault }) => ({ siteUrl, default: isDefault })) });
}

/** `siteUrl` stands in the body here, and is also the site whose admin the caller must be. */
function setDefaultSite(request: ApiRequest): ApiReply {
  if (request.query.get('defaultSite') !== 'true') throw new ApiError(400, "'defaultSite' must be true.");
  const { siteUrl } = request.body;
  if (typeof siteUrl !== 'string') throw new ApiError(400, "'siteUrl' must be given.");
  const query = new URLSearchParams(request.query);
  query.set('siteUrl', siteUrl);
  const { person, seat } = subjectOf({ ...request, query }, 'write');
  for (const site of person.sites) site.isDefault = site === seat;
  return ok({ siteUrl: seat.siteUrl, default: true });
}

const route = (method: Route['method'], path: string, access: Access, handle: Route['handle']): Route =>
  ({ method, path: `/meetingPreferences${path}`, scopes: scopesFor(access), roles: [], bots: false, handle });

export const routes: Route[] = [
  route('GET', '/schedulingOptions', 'read', (request) => schedulingOptions(subjectOf(request, 'read').seat)),
  route('PUT', '/schedulingOptions', 'write', updateOptions),
  route('POST', '/schedulingOptions/delegateEmails/insert', 'write', insertDelegates),
  route('POST', '/schedulingOptions/delegateEmails/delete', 'write', deleteDelegates),
  route('GET', '/sites', 'read', listSites),
  route('PUT', '/sites', 'write', setDefaultSite),
];
