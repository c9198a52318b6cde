import { canonicalId } from '../fields.js';
import type { Group } from '../model.js';
import { indexPage } from '../paging.js';
import { ADMIN_ROLES } from '../roles.js';
import { ApiError, ok, type ApiReply, type ApiRequest, type Route } from '../route.js';

const scopes = ['identity:groups_read', 'identity:groups_rw'];
const roles = [...ADMIN_ROLES];
const MEMBERS_AT_ONCE = 500;

function show(group: Group, includeMembers: boolean): Record<string, unknown> {
  const { members, ...shown } = group;
  return { ...shown, memberSize: members.length, ...(includeMembers ? { members: members.slice(0, MEMBERS_AT_ONCE) } : {}) };
}

/** `displayName eq "X"` or `displayName sw "X"`; everything else is refused. */
function filterOf(text: string | null): (group: Group) => boolean {
  if (text === null) return () => true;
  const match = /^displayName\s+(eq|sw)\s+"((?:[^"\\]|\\.)*)"$/i.exec(text.trim());
  if (!match) throw new ApiError(400, "Invalid value for parameter 'filter'.");
  const wanted = (match[2] ?? '').replace(/\\(.)/g, '$1').toLowerCase();
  return match[1]?.toLowerCase() === 'eq' ? (group) => group.displayName.toLowerCase() === wanted : (group) => group.displayName.toLowerCase().startsWith(wanted);
}

function list(request: ApiRequest): ApiReply {
  const { state, caller, query } = request;
  const orgId = canonicalId('ORGANIZATION', query.get('orgId') ?? caller.person.orgId);
  if (orgId !== caller.person.orgId) throw new ApiError(403, 'You are not authorized to view groups of this organization.');
  const fits = filterOf(query.get('filter'));
  const found = [...state.groups.values()].filter((group) => group.orgId === orgId && fits(group));
  const sortBy = query.get('sortBy');
  if (sortBy === 'id' || sortBy === 'displayName') found.sort((a, b) => a[sortBy].localeCompare(b[sortBy]));
  if (query.get('sortOrder') === 'descending') found.reverse();
  const { items, startIndex } = indexPage(request, found, 100, 500);
  const includeMembers = query.get('includeMembers') === 'true';
  return ok({ totalResults: found.length, startIndex, itemsPerPage: items.length, groups: items.map((group) => show(group, includeMembers)) });
}

function find({ state, caller, params }: ApiRequest): Group {
  const group = state.groups.get(canonicalId('SCIM_GROUP', params.groupId ?? ''));
  if (group?.orgId !== caller.person.orgId) throw new ApiError(404, 'Group not found.');
  return group;
}

function members(request: ApiRequest): ApiReply {
  const group = find(request);
  const { items } = indexPage(request, group.members, MEMBERS_AT_ONCE, MEMBERS_AT_ONCE);
  return ok({ ...show(group, false), members: items });
}

export const routes: Route[] = [
  { method: 'GET', path: '/groups', scopes, roles, bots: false, handle: list },
  { method: 'GET', path: '/groups/:groupId', scopes, roles, bots: false, handle: (request) => ok(show(find(request), request.query.get('includeMembers') === 'true')) },
  { method: 'GET', path: '/groups/:groupId/members', scopes, roles, bots: false, handle: members },
];
