import { canonicalId, textField } from '../fields.js';
import { addGroup, changeMembers, groupHappened, removeGroup } from '../groups.js';
import type { Group, GroupMember } from '../model.js';
import { indexPage } from '../paging.js';
import { ADMIN_ROLES, FULL_ADMIN, USER_ADMIN } from '../roles.js';
import { ApiError, noContent, ok, type ApiReply, type ApiRequest, type Route } from '../route.js';

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

/** A member by id, as the directory has it. Throws 400 for an id that is nobody's of the organization. */
function memberOf({ state, caller }: ApiRequest, given: unknown): GroupMember {
  const id = typeof given === 'string' ? given : '';
  const person = state.people.get(canonicalId('PEOPLE', id));
  if (person?.orgId === caller.person.orgId) return { id: person.id, type: person.type === 'bot' ? 'machine' : 'user', displayName: person.displayName };
  const nested = state.groups.get(canonicalId('SCIM_GROUP', id));
  if (nested?.orgId === caller.person.orgId) return { id: nested.id, type: 'group', displayName: nested.displayName };
  for (const group of state.groups.values()) {
    const known = group.orgId === caller.person.orgId ? group.members.find((member) => member.id === canonicalId('PEOPLE', id)) : undefined;
    if (known) return known;
  }
  throw new ApiError(400, `Invalid member: ${id}`);
}

function membersIn(body: Record<string, unknown>): Record<string, unknown>[] {
  const given = body.members ?? [];
  if (!Array.isArray(given) || given.some((item) => item === null || typeof item !== 'object')) throw new ApiError(400, "Invalid value for 'members'.");
  return given as Record<string, unknown>[];
}

function create(request: ApiRequest): ApiReply {
  const { state, caller, body } = request;
  const displayName = textField(body, 'displayName')?.trim();
  if (!displayName) throw new ApiError(400, 'displayName cannot be empty');
  const orgId = canonicalId('ORGANIZATION', textField(body, 'orgId') ?? caller.person.orgId);
  if (orgId !== caller.person.orgId) throw new ApiError(403, 'You are not authorized to create groups in this organization.');
  const description = textField(body, 'description');
  const members = membersIn(body).map(({ id }) => memberOf(request, id));
  const group = addGroup(state, caller.person, { displayName, members, ...(description === undefined ? {} : { description }) });
  return { status: 201, body: show(group, true) };
}

/** Whether all members are to go. Webex: `purgeAllValues: {attributes: ["members"]}`. */
function purges(body: Record<string, unknown>): boolean {
  if (body.purgeAllValues === undefined) return false;
  const { attributes } = (body.purgeAllValues ?? {}) as { attributes?: unknown };
  if (!Array.isArray(attributes) || attributes.some((name) => name !== 'members')) throw new ApiError(400, "Invalid value for 'purgeAllValues'.");
  return attributes.length > 0;
}

/** Unconfirmed: who is there already or not is passed over; without an operation, or with an unknown member to add, nothing is changed. */
function update(request: ApiRequest): ApiReply {
  const { state, caller, body } = request;
  const group = find(request);
  const displayName = textField(body, 'displayName')?.trim();
  const description = textField(body, 'description');
  const given = membersIn(body);
  if (given.some(({ operation }) => operation !== 'add' && operation !== 'delete')) throw new ApiError(400, "Invalid value for 'operation'.");
  const add = given.filter(({ operation }) => operation === 'add').map(({ id }) => memberOf(request, id));
  if (add.some(({ id }) => id === group.id)) throw new ApiError(400, 'A group cannot be a member of itself.');
  const gone = given.filter(({ operation }) => operation === 'delete').map(({ id }) => String(id));
  const remove = purges(body) ? group.members.map(({ id }) => id) : gone.flatMap((id) => [canonicalId('PEOPLE', id), canonicalId('SCIM_GROUP', id)]);
  changeMembers(group, add, remove);
  if (displayName) group.displayName = displayName;
  if (description !== undefined) group.description = description;
  groupHappened(state, caller.person, group, 'updated');
  return ok(show(group, true));
}

function remove(request: ApiRequest): ApiReply {
  removeGroup(request.state, request.caller.person, find(request));
  return noContent;
}

const writeScopes = ['identity:groups_rw'];
const writers = [FULL_ADMIN, USER_ADMIN];

export const routes: Route[] = [
  { method: 'GET', path: '/groups', scopes, roles, bots: false, handle: list },
  { method: 'GET', path: '/groups/:groupId', scopes, roles, bots: false, handle: (request) => ok(show(find(request), request.query.get('includeMembers') === 'true')) },
  { method: 'GET', path: '/groups/:groupId/members', scopes, roles, bots: false, handle: members },
  { method: 'POST', path: '/groups', scopes: writeScopes, roles: writers, bots: false, handle: create },
  { method: 'PATCH', path: '/groups/:groupId', scopes: writeScopes, roles: writers, bots: false, handle: update },
  { method: 'DELETE', path: '/groups/:groupId', scopes: writeScopes, roles: writers, bots: false, handle: remove },
];
