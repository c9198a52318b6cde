import { textField } from '../fields.js';
import { publicId, stableUuid } from '../ids.js';
import type { Webhook } from '../model.js';
import { filtered, page } from '../paging.js';
import { ApiError, noContent, ok, type ApiReply, type ApiRequest, type Caller, type Route } from '../route.js';
import { showWebhook } from '../webhooks/envelope.js';
import { checkFilter } from '../webhooks/filter.js';

/** Resources that the emulator tells of, with their events and the scopes that reading them needs. */
const TOLD: Record<string, { events: string[]; scopes: string[] }> = {
  all: { events: ['created', 'updated', 'deleted'], scopes: ['spark:memberships_read', 'spark:messages_read', 'spark:rooms_read'] },
  messages: { events: ['created', 'updated', 'deleted'], scopes: ['spark:messages_read'] },
  memberships: { events: ['created', 'updated', 'deleted'], scopes: ['spark:memberships_read'] },
  rooms: { events: ['created', 'updated', 'deleted', 'migrated'], scopes: ['spark:rooms_read'] },
  attachmentActions: { events: ['created'], scopes: ['spark:messages_read'] },
};
/** Webex's other resources and events: accepted, nothing of theirs happens here. */
const OTHERS = ['dataSources', 'meetings', 'recordings', 'convergedRecordings', 'meetingParticipants', 'meetingTranscripts', 'telephony_calls', 'telephony_conference',
  'telephony_mwi', 'uc_counters', 'serviceApp', 'adminBatchJobs'];
const OTHER_EVENTS = ['created', 'updated', 'deleted', 'started', 'ended', 'joined', 'left', 'migrated', 'authorized', 'deauthorized', 'statusChanged'];

/** A required text. Webex's words for a missing one differ. */
function required(body: Record<string, unknown>, name: string): string {
  const value = textField(body, name)?.trim();
  if (!value) throw new ApiError(400, name === 'name' ? 'name cannot be empty' : `${name} cannot be null`);
  return value;
}

function targetUrl(body: Record<string, unknown>): string {
  const url = required(body, 'targetUrl');
  if (!URL.canParse(url) || !/^https?:/i.test(url)) throw new ApiError(400, 'targetUrl is not a valid URL.');
  return url;
}

function checkEvent(caller: Caller, resource: string, event: string): void {
  const told = Object.hasOwn(TOLD, resource) ? TOLD[resource] : undefined;
  if (!told && !OTHERS.includes(resource)) throw new ApiError(400, 'Invalid value for resource.');
  if (event !== 'all' && !(told?.events ?? OTHER_EVENTS).includes(event)) throw new ApiError(400, 'Invalid value for event.');
  const has = (scope: string): boolean => caller.token.scopes.includes(scope) || caller.token.scopes.includes('spark:all');
  if (caller.person.type !== 'bot' && told?.scopes.every(has) === false) {
    throw new ApiError(403, 'Creating a webhook needs the read scopes of its resource.');
  }
}

function create({ state, caller, body }: ApiRequest): ApiReply {
  const name = required(body, 'name');
  const url = targetUrl(body);
  const resource = required(body, 'resource');
  const event = required(body, 'event');
  checkEvent(caller, resource, event);
  const ownedBy = textField(body, 'ownedBy');
  if (ownedBy !== undefined && ownedBy !== 'creator') throw new ApiError(400, `Webhooks with ownedBy ${ownedBy} are not supported here.`);
  const filter = textField(body, 'filter');
  if (filter !== undefined) checkFilter(state, caller.person, resource, filter);
  const secret = textField(body, 'secret');
  const webhook: Webhook = {
    id: publicId('WEBHOOK'), name, targetUrl: url, resource, event, ...(filter === undefined ? {} : { filter }), ...(secret === undefined ? {} : { secret }),
    status: 'active', created: state.clock.iso(), ownerId: caller.person.id, orgId: caller.person.orgId,
    appId: publicId('APPLICATION', stableUuid(`application ${caller.token.clientId}`)), failures: [],
  };
  state.webhooks.set(webhook.id, webhook);
  return ok(showWebhook(webhook));
}

/** A webhook of the caller. Foreign ones are as unknown ones. */
function own({ state, caller, params }: ApiRequest): Webhook {
  const webhook = state.webhooks.get(params.webhookId ?? '');
  if (webhook?.ownerId !== caller.person.id) throw new ApiError(404, 'Could not find a webhook with provided ID.');
  return webhook;
}

function list(request: ApiRequest): ApiReply {
  const { state, caller, query } = request;
  const ownedBy = query.get('ownedBy');
  if (ownedBy !== null && ownedBy !== 'org') throw new ApiError(400, "Invalid value for parameter 'ownedBy'.");
  // No webhook of a whole organization can be made here.
  return page(request, ownedBy === 'org' ? [] : filtered(state.webhooks.values(), ({ ownerId }) => ownerId === caller.person.id), showWebhook);
}

/** Webex: only name, targetUrl, secret and status; a webhook can be activated, not deactivated. */
function update(request: ApiRequest): ApiReply {
  const { body } = request;
  const webhook = own(request);
  const name = required(body, 'name');
  const url = targetUrl(body);
  const status = textField(body, 'status');
  if (status !== undefined && status !== 'active') throw new ApiError(400, "The only value of status is 'active'.");
  const secret = textField(body, 'secret');
  Object.assign(webhook, { name, targetUrl: url }, secret === undefined ? {} : { secret }, status === undefined ? {} : { status });
  return ok(showWebhook(webhook));
}

function remove(request: ApiRequest): ApiReply {
  request.state.webhooks.delete(own(request).id);
  return noContent;
}

/** Which of these a webhook needs depends on its resource. */
const SCOPES = ['spark:messages_read', 'spark:memberships_read', 'spark:rooms_read', 'spark:all'];

export const routes: Route[] = [
  { method: 'GET', path: '/webhooks', scopes: SCOPES, roles: [], bots: true, handle: list },
  { method: 'POST', path: '/webhooks', scopes: SCOPES, roles: [], bots: true, handle: create },
  { method: 'GET', path: '/webhooks/:webhookId', scopes: SCOPES, roles: [], bots: true, handle: (request) => ok(showWebhook(own(request))) },
  { method: 'PUT', path: '/webhooks/:webhookId', scopes: SCOPES, roles: [], bots: true, handle: update },
  { method: 'DELETE', path: '/webhooks/:webhookId', scopes: SCOPES, roles: [], bots: true, handle: remove },
];
