import type { Membership, Message, Person, Webhook } from '../model.js';
import { seesMessage } from '../messages/show.js';
import type { Happening, State } from '../state.js';
import { passesFilter } from './filter.js';

/** Resources of the firehose. Webex: card actions are not in it. */
const FIREHOSE = new Set(['memberships', 'messages', 'rooms']);

function wants(webhook: Webhook, { resource, event }: Happening): boolean {
  const fits = webhook.resource === 'all' ? FIREHOSE.has(resource) : webhook.resource === resource;
  return fits && (webhook.event === 'all' || webhook.event === event);
}

function isIn(state: State, roomId: string, personId: string): boolean {
  return state.membersOfRoom.get(roomId)?.has(personId) === true;
}

/** Whether the owner of a webhook gets to know of it. */
function concerns(state: State, owner: Person, { resource, event, subject, audience }: Happening): boolean {
  if (audience) return audience.includes(owner.id);
  switch (resource) {
    case 'messages': {
      const message = subject as Message;
      return isIn(state, message.roomId, owner.id) && seesMessage(state, { person: owner }, message);
    }
    case 'memberships': {
      const membership = subject as Membership;
      // Webex: the end of a membership is told of group spaces only.
      if (event === 'deleted' && state.rooms.get(membership.roomId)?.type !== 'group') return false;
      return membership.personId === owner.id || isIn(state, membership.roomId, owner.id);
    }
    case 'rooms':
      return isIn(state, (subject as { id: string }).id, owner.id);
    default:
      return false;
  }
}

/** The active webhooks that are told. Webex: a webhook whose owner is gone is disabled; one whose token is over is not. */
export function webhooksFor(state: State, happening: Happening): Webhook[] {
  const found: Webhook[] = [];
  for (const webhook of state.webhooks.values()) {
    if (webhook.status !== 'active' || !wants(webhook, happening)) continue;
    const owner = state.people.get(webhook.ownerId);
    if (!owner) webhook.status = 'inactive';
    else if (concerns(state, owner, happening) && passesFilter(state, webhook, happening)) found.push(webhook);
  }
  return found;
}
