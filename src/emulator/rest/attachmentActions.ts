import { canonicalId, textField } from '../fields.js';
import { publicId } from '../ids.js';
import type { AttachmentAction } from '../model.js';
import { ApiError, ok, type ApiReply, type ApiRequest, type Route } from '../route.js';
import { ownRoom, requireOpen, tell } from '../spaces.js';
import { seesMessage } from '../messages/show.js';

function show({ id, type, messageId, inputs, personId, roomId, created }: AttachmentAction): unknown {
  return { id, type, messageId, inputs, personId, roomId, created };
}

function create({ state, caller, body }: ApiRequest): ApiReply {
  if (body.type !== 'submit') throw new ApiError(400, "Unable to post attachment action: the only type is 'submit'.");
  const messageId = textField(body, 'messageId');
  if (messageId === undefined) throw new ApiError(400, 'messageId cannot be null');
  const { inputs } = body;
  if (inputs === null || typeof inputs !== 'object' || Array.isArray(inputs)) throw new ApiError(400, 'inputs cannot be null');
  const message = state.messages.get(canonicalId('MESSAGE', messageId));
  if (!message) throw new ApiError(404, 'Unable to get message.');
  requireOpen(ownRoom(state, caller, message.roomId).room);
  if (message.attachments.length === 0) throw new ApiError(400, 'Unable to post attachment action: "MessageId should point to an activity with cards"');
  if (message.personId === caller.person.id) throw new ApiError(400, 'Unable to post attachment action: "Author of a card cannot submit a cardAction on that card"');
  const action: AttachmentAction = {
    id: publicId('ATTACHMENT_ACTION'), type: 'submit', messageId: message.id, personId: caller.person.id, roomId: message.roomId,
    inputs: inputs as Record<string, unknown>, created: state.clock.iso(),
  };
  state.actions.set(action.id, action);
  tell(state, { resource: 'attachmentActions', event: 'created', actorId: caller.person.id, subject: action, audience: [message.personId] });
  return ok(show(action));
}

/** Everybody in the space may read it, a bot where it sees the card. After the card is deleted, that is no longer known. */
function get({ state, caller, params }: ApiRequest): ApiReply {
  const action = state.actions.get(canonicalId('ATTACHMENT_ACTION', params.id ?? ''));
  const message = action && state.messages.get(action.messageId);
  if (!action || (message && !seesMessage(state, caller, message))) throw new ApiError(404, 'Unable to get attachment action.');
  ownRoom(state, caller, action.roomId);
  return ok(show(action));
}

export const routes: Route[] = [
  { method: 'POST', path: '/attachment/actions', scopes: ['spark:messages_write', 'spark:all'], roles: [], bots: true, handle: create },
  { method: 'GET', path: '/attachment/actions/:id', scopes: ['spark:messages_read', 'spark:all'], roles: [], bots: true, handle: get },
];
