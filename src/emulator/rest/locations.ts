import { canonicalId } from '../fields.js';
import type { Location } from '../model.js';
import { page } from '../paging.js';
import { ADMIN_ROLES } from '../roles.js';
import { ApiError, ok, type ApiReply, type ApiRequest, type Route } from '../route.js';

const scopes = ['spark-admin:locations_read', 'spark-admin:people_read', 'spark-admin:devices_read'];
const roles = [...ADMIN_ROLES];

function show({ numberPrefix: _numbers, routingPrefix: _prefix, ...shown }: Location): unknown {
  return shown;
}

function orgOf({ caller, query }: ApiRequest): string {
  const orgId = canonicalId('ORGANIZATION', query.get('orgId') ?? caller.person.orgId);
  if (orgId !== caller.person.orgId) throw new ApiError(403, 'You are not authorized to view locations of this organization.');
  return orgId;
}

/** `name` is a part of it in any case, `id` one location. */
function list(request: ApiRequest): ApiReply {
  const orgId = orgOf(request);
  const name = request.query.get('name')?.toLowerCase();
  const id = request.query.get('id');
  const where = (location: Location): boolean => location.orgId === orgId
    && (name === undefined || location.name.toLowerCase().includes(name)) && (id === null || location.id === canonicalId('LOCATION', id));
  return page(request, request.state.locations.values(), show, { where, fallback: 500 });
}

function get(request: ApiRequest): ApiReply {
  const location = request.state.locations.get(canonicalId('LOCATION', request.params.locationId ?? ''));
  if (location?.orgId !== orgOf(request)) throw new ApiError(404, 'Location not found.');
  return ok(show(location));
}

export const routes: Route[] = [
  { method: 'GET', path: '/locations', scopes, roles, bots: false, handle: list },
  { method: 'GET', path: '/locations/:locationId', scopes, roles, bots: false, handle: get },
];
