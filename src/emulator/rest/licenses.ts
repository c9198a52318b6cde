import { canonicalId } from '../fields.js';
import type { License, Person } from '../model.js';
import { filtered, slicePage } from '../paging.js';
import { ADMIN_ROLES, FULL_ADMIN, USER_ADMIN } from '../roles.js';
import { ApiError, ok, type ApiReply, type ApiRequest, type Route } from '../route.js';
import { kindOf, shownCounts, type LicenseKind } from '../licenses.js';
import { assign } from './licenseUsers.js';

const scopes = ['spark-admin:licenses_read'];
const roles = [...ADMIN_ROLES];

type Shown = Omit<License, 'orgId' | 'staleCounts'> & { consumedUnits: number };

/** Webex leaves out what does not apply, and does not say where that is. Here: users of what is for workspaces, and a number and workspaces of what comes by itself. */
const NOT_APPLICABLE: Readonly<Partial<Record<LicenseKind, readonly (keyof Shown)[]>>> = { workspace: ['consumedByUsers'], screenShare: ['totalUnits', 'consumedByWorkspaces'] };

/** A license as Webex shows it: fields that do not apply are absent. */
function show(license: License, now: number): Partial<Shown> {
  const { orgId: _orgId, staleCounts: _stale, ...rest } = license;
  const counts = shownCounts(license, now);
  const shown: Shown = { ...rest, ...counts, consumedUnits: counts.consumedByUsers + counts.consumedByWorkspaces };
  const kind = kindOf(license);
  const absent: readonly string[] = (kind && NOT_APPLICABLE[kind]) ?? [];
  return Object.fromEntries(Object.entries(shown).filter(([field]) => !absent.includes(field)));
}

function list({ state, caller, query }: ApiRequest): ApiReply {
  const orgId = canonicalId('ORGANIZATION', query.get('orgId') ?? caller.person.orgId);
  if (orgId !== caller.person.orgId) throw new ApiError(403, 'You are not authorized to view licenses of this organization.');
  return ok({ items: [...filtered(state.licenses.values(), (license) => license.orgId === orgId)].map((license) => show(license, state.clock.now())) });
}

function get(request: ApiRequest): ApiReply {
  const { state, caller, params, query } = request;
  const license = state.licenses.get(canonicalId('LICENSE', params.licenseId ?? ''));
  if (license?.orgId !== caller.person.orgId) throw new ApiError(404, 'License not found.');
  if (!query.has('includeAssignedTo')) return ok(show(license, state.clock.now()));
  if (query.get('includeAssignedTo') !== 'user') throw new ApiError(400, "Invalid value for parameter 'includeAssignedTo'.");
  const where = (person: Person): boolean => person.licenses.includes(license.id);
  const { items, headers } = slicePage(request, state.people.values(), { where, fallback: 300, ceiling: 300, sizeName: 'limit', cursorName: 'next' });
  const user = (person: Person): unknown => ({
    id: person.id, type: person.orgId === license.orgId ? 'INTERNAL' : 'EXTERNAL', displayName: person.displayName, email: person.emails[0],
  });
  return { status: 200, headers, body: { ...show(license, state.clock.now()), users: items.map(user) } };
}

export const routes: Route[] = [
  { method: 'GET', path: '/licenses', scopes, roles, bots: false, handle: list },
  { method: 'GET', path: '/licenses/:licenseId', scopes, roles, bots: false, handle: get },
  { method: 'PATCH', path: '/licenses/users', scopes: ['spark-admin:people_write'], roles: [FULL_ADMIN, USER_ADMIN], bots: false, handle: assign },
];
