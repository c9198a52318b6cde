import type { Message } from '../model.js';
import type { Caller } from '../route.js';
import type { State } from '../state.js';

/** A message as REST shows it; what it has not is absent. `baseUrl` is for the addresses of its files. */
export function showMessage(state: State, baseUrl: string, message: Message): Record<string, unknown> {
  return {
    id: message.id, parentId: message.parentId, roomId: message.roomId, roomType: state.rooms.get(message.roomId)?.type,
    text: message.text || undefined, markdown: message.markdown, html: message.html,
    files: someOf(message.files.map((id) => `${baseUrl}/contents/${id}`)),
    personId: message.personId, personEmail: state.people.get(message.personId)?.emails[0],
    mentionedPeople: someOf(message.mentionedPeople), mentionedGroups: someOf(message.mentionedGroups), attachments: someOf(message.attachments),
    created: message.created, updated: message.updated,
  };
}

function someOf<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** Whether a member of the space sees it. Webex: a bot sees in group spaces its own messages and those that mention it; `@all` is no mention of it. */
export function seesMessage(state: State, { person }: Pick<Caller, 'person'>, message: Message): boolean {
  if (person.type !== 'bot' || state.rooms.get(message.roomId)?.type !== 'group') return true;
  return message.personId === person.id || message.mentionedPeople.includes(person.id);
}
