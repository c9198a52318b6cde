import { canonicalId } from '../fields.js';
import { page } from '../paging.js';
import type { Person } from '../model.js';
import { ADMIN_ROLES, hasAnyRole, roleId } from '../roles.js';
import { ApiError, ok, type ApiReply, type ApiRequest, type Caller, type Route } from '../route.js';
import { personByEmail, type State } from '../state.js';

const READ = ['spark:people_read', 'spark-admin:people_read'];
const IDS_AT_ONCE = 85;

/** Whether the caller sees people as an administrator does: the scope and a role. */
function isAdmin({ token, person }: Caller): boolean {
  return token.scopes.includes('spark-admin:people_read') && hasAnyRole(person, ADMIN_ROLES);
}

interface Shown {
  status: boolean;
  admin: boolean;
  /** With `callingData=true`: extension and location. */
  calling: boolean;
}

/** A person's numbers. Webex: the extension is shown behind the routing prefix of the location, and only with `callingData=true`. */
function numbersOf(state: State, { calling }: Person, withExtension: boolean): unknown[] {
  const prefix = state.locations.get(calling?.locationId ?? '')?.routingPrefix ?? '';
  return [
    ...(calling?.phoneNumber === undefined ? [] : [{ type: 'work', value: calling.phoneNumber, primary: true }]),
    ...(!withExtension || calling?.extension === undefined ? [] : [{ type: 'work_extension', value: `${prefix}${calling.extension}` }]),
  ];
}

/** A person as Webex shows him. `admin` adds what only administrators of his own organization see. */
function show(state: State, person: Person, { status, admin, calling }: Shown): unknown {
  const now = state.clock.now();
  const seen = person.lastActivity;
  return {
    id: person.id, emails: person.emails, phoneNumbers: numbersOf(state, person, admin && calling), displayName: person.displayName, nickName: person.firstName, firstName: person.firstName,
    lastName: person.lastName, orgId: person.orgId, created: person.created, lastModified: person.lastModified, timezone: person.timezone,
    department: person.department, title: person.title,
    ...(status ? { lastActivity: seen, status: person.invitePending ? 'pending' : seen !== undefined && now - Date.parse(seen) < 600_000 ? 'active' : 'inactive' } : {}),
    ...(admin ? {
      roles: person.roles.map(roleId), licenses: person.licenses,
      siteUrls: person.sites.map((site) => (site.accountType === 'attendee' ? `${site.siteUrl}#attendee` : site.siteUrl)),
      invitePending: person.invitePending, loginEnabled: person.loginEnabled,
      ...(calling ? { extension: person.calling?.extension, locationId: person.calling?.locationId } : {}),
    } : {}),
    type: person.type,
  };
}

function shownTo({ caller, query }: ApiRequest, person: Person, status: boolean): Shown {
  const own = caller.person.orgId === person.orgId;
  return { status: status && own && person.type === 'person', admin: own && isAdmin(caller), calling: query.get('callingData') === 'true' };
}

function byIds(request: ApiRequest, text: string): ApiReply {
  const ids = text.split(',').map((id) => id.trim()).filter(Boolean);
  if (ids.length > IDS_AT_ONCE) throw new ApiError(400, `At most ${IDS_AT_ONCE} ids can be given.`);
  const found = ids.flatMap((id) => request.state.people.get(canonicalId('PEOPLE', id)) ?? []);
  const notFoundIds = ids.filter((id) => !request.state.people.has(canonicalId('PEOPLE', id)));
  // Webex: no presence and no administrator's fields in this variant.
  const items = found.map((person) => show(request.state, person, { status: false, admin: false, calling: false }));
  return ok(notFoundIds.length > 0 ? { items, notFoundIds } : { items });
}

function list(request: ApiRequest): ApiReply {
  const { state, caller, query } = request;
  const ids = query.get('id');
  if (ids !== null) return byIds(request, ids);
  const email = query.get('email');
  const name = query.get('displayName')?.toLowerCase();
  const roles = query.get('roles')?.split(',');
  const admin = isAdmin(caller);
  if (!admin && !email && !name) throw new ApiError(400, 'Email, displayName, or id list should be specified.');
  if (!admin && roles) throw new ApiError(403, 'Only administrators may look people up by roles.');
  const { orgId } = caller.person;
  // No partner relations are emulated: an administrator's reach ends at his own organization.
  if (canonicalId('ORGANIZATION', query.get('orgId') ?? orgId) !== orgId) throw new ApiError(403, 'You are not authorized to view people of this organization.');
  const one = email ? personByEmail(state, email) : undefined;
  const locationId = query.get('locationId');
  const pool: Iterable<Person> = email ? (one ? [one] : []) : state.people.values();
  const where = (person: Person): boolean => person.orgId === orgId && person.type === 'person'
    && (name === undefined || person.displayName.toLowerCase().startsWith(name))
    && (locationId === null || person.calling?.locationId === canonicalId('LOCATION', locationId))
    && (roles === undefined || person.roles.some((role) => roles.includes(roleId(role))));
  const ceiling = locationId !== null ? 50 : query.get('callingData') === 'true' ? 100 : 1000;
  const status = query.get('excludeStatus') !== 'true';
  return page(request, pool, (person) => show(state, person, shownTo(request, person, status)), { ceiling, where });
}

function get(request: ApiRequest): ApiReply {
  const { state, params } = request;
  const person = state.people.get(canonicalId('PEOPLE', params.personId ?? ''));
  if (!person) throw new ApiError(404, 'Person not found.');
  return ok(show(state, person, shownTo(request, person, true)));
}

export const routes: Route[] = [
  { method: 'GET', path: '/people', scopes: READ, roles: [], bots: true, handle: list },
  {
    method: 'GET', path: '/people/me', scopes: READ, roles: [], bots: true,
    handle: (request) => ok(show(request.state, request.caller.person, shownTo(request, request.caller.person, true))),
  },
  { method: 'GET', path: '/people/:personId', scopes: READ, roles: [], bots: true, handle: get },
];
