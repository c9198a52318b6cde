import { bareId } from '../ids.js';
import type { AuditEvent } from '../model.js';
import { FULL_ADMIN } from '../roles.js';
import { ApiError, ok, type ApiReply, type ApiRequest, type Route } from '../route.js';

const scopes = ['audit:events_read'];
const roles = [FULL_ADMIN];
const YEAR_MS = 366 * 86_400_000;
const CATEGORIES = ['CALLS', 'COMPLIANCE', 'DEVICES', 'GROUPS', 'LICENSES', 'LOGINS', 'LOGOUT', 'MEETINGS', 'ORG_SETTINGS', 'ROLES', 'USERS'];

function required(request: ApiRequest, name: string): string {
  const value = request.query.get(name);
  if (value === null || value === '') throw new ApiError(400, `'${name}' is required.`);
  return value;
}

function moment(request: ApiRequest, name: string): number {
  const value = required(request, name);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(value) || Number.isNaN(Date.parse(value))) throw new ApiError(400, `'${name}' must be an ISO 8601 time such as 2026-01-01T13:12:11.789Z.`);
  return Date.parse(value);
}

function whole(request: ApiRequest, name: string, fallback: number, least: number): number {
  const value = Number(request.query.get(name) ?? fallback);
  if (!Number.isInteger(value) || value < least) throw new ApiError(400, `Invalid value for parameter '${name}'.`);
  return value;
}

function list(request: ApiRequest): ApiReply {
  const { state, caller, query } = request;
  const orgId = required(request, 'orgId');
  // bareId also takes ids that are bare already, as the items of this list have them.
  if (bareId(orgId) !== bareId(caller.person.orgId)) throw new ApiError(403, 'You are not authorized to view the events of this organization.');
  const from = moment(request, 'from');
  const to = moment(request, 'to');
  if (to <= from || to - from > YEAR_MS) throw new ApiError(400, "'from' must be before 'to', and both at most one year apart.");
  const actorId = query.get('actorId');
  const categories = new Set(query.getAll('eventCategories').flatMap((text) => text.split(',')).filter((text) => text !== ''));
  const fits = (event: AuditEvent): boolean => {
    const at = Date.parse(event.created);
    return event.actorOrgId === bareId(caller.person.orgId) && at >= from && at < to && (actorId === null || event.actorId === bareId(actorId))
      && (categories.size === 0 || categories.has(String(event.data.eventCategory)));
  };
  const max = Math.min(200, whole(request, 'max', 100, 1));
  const offset = whole(request, 'offset', 0, 0);
  // Newest first. Pages by `offset` only: that there are Link headers, too, is not documented.
  return ok({ items: state.audit.filter(fits).reverse().slice(offset, offset + max) });
}

export const routes: Route[] = [
  { method: 'GET', path: '/adminAudit/events', scopes, roles, bots: false, handle: list },
  { method: 'GET', path: '/adminAudit/eventCategories', scopes, roles, bots: false, handle: () => ok({ eventCategories: CATEGORIES }) },
];
