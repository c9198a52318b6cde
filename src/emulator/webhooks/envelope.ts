import { bareId } from '../ids.js';
import type { AttachmentAction, Membership, Message, Room, Webhook } from '../model.js';
import type { Happening, State } from '../state.js';

/** A webhook as REST shows it. `secret` only to its owner. */
export function showWebhook(webhook: Webhook): Record<string, unknown> {
  return {
    id: webhook.id, name: webhook.name, targetUrl: webhook.targetUrl, resource: webhook.resource, event: webhook.event, filter: webhook.filter,
    secret: webhook.secret, status: webhook.status, created: webhook.created, orgId: bareId(webhook.orgId), createdBy: webhook.ownerId, appId: webhook.appId,
    ownedBy: 'creator',
  };
}

function person(state: State, personId: string): Record<string, unknown> {
  return { personId, personEmail: state.people.get(personId)?.emails[0] };
}

/** Which thing it is about: ids and flags, never what was written. Webex: the rest is to be fetched. */
function dataOf(state: State, { resource, subject }: Happening): Record<string, unknown> {
  if (resource === 'messages') {
    const message = subject as Message;
    return {
      id: message.id, roomId: message.roomId, roomType: state.rooms.get(message.roomId)?.type, ...person(state, message.personId), parentId: message.parentId,
      mentionedPeople: message.mentionedPeople.length > 0 ? message.mentionedPeople : undefined,
      mentionedGroups: message.mentionedGroups.length > 0 ? message.mentionedGroups : undefined,
      created: message.created, updated: message.updated,
    };
  }
  if (resource === 'memberships') {
    const { id, roomId, personId, isModerator, isRoomHidden, created } = subject as Membership;
    const { displayName, orgId } = state.people.get(personId) ?? {};
    return {
      id, roomId, roomType: state.rooms.get(roomId)?.type, ...person(state, personId), personDisplayName: displayName, personOrgId: orgId,
      isModerator, isRoomHidden, isMonitor: false, created,
    };
  }
  if (resource === 'rooms') {
    const { id, type, isLocked, isAnnouncementOnly, creatorId, ownerId, created, lastActivity, teamId } = subject as Room;
    return { id, type, isLocked, isAnnouncementOnly, teamId, creatorId, ownerId, created, lastActivity };
  }
  const { id, type, messageId, personId, roomId, created } = subject as AttachmentAction;
  return { id, type, messageId, personId, roomId, created };
}

/** What is posted to a webhook's target. A firehose says which resource and event it was. There is no id of the delivery. */
export function envelope(state: State, webhook: Webhook, happening: Happening): unknown {
  const { secret: _secret, ...shown } = showWebhook(webhook);
  return { ...shown, resource: happening.resource, event: happening.event, actorId: happening.actorId, data: dataOf(state, happening) };
}
