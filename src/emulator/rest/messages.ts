import { canonicalId, textField } from '../fields.js';
import { publicId } from '../ids.js';
import { readAttachments } from '../messages/cards.js';
import { contentOf, mentionable, type Content } from '../messages/content.js';
import { fileAddress, givenFile, storedFile } from '../messages/files.js';
import { seesMessage, showMessage } from '../messages/show.js';
import type { Message, Person, Room } from '../model.js';
import { filtered, slicePage } from '../paging.js';
import { ApiError, noContent, ok, type ApiReply, type ApiRequest, type Caller, type Route } from '../route.js';
import { addDirectRoom, findDirectRoom, ownRoom, readableRoom, requireOpen, tell } from '../spaces.js';
import { membershipOf, personByEmail, type State } from '../state.js';

const MAX_EDITS = 10;

function* newestFirst(state: State, room: Room): Generator<Message> {
  const ids = state.messagesOfRoom.get(room.id) ?? [];
  for (let at = ids.length - 1; at >= 0; at -= 1) {
    const message = state.messages.get(ids[at] ?? '');
    if (message) yield message;
  }
}

const noMessage = (): ApiError => new ApiError(404, 'Unable to get message.');

/** A message that the caller may see. Unknown ones and those that a bot may not see are the same 404. */
function visible({ state, caller, params }: ApiRequest): { message: Message; room: Room } {
  const message = state.messages.get(canonicalId('MESSAGE', params.messageId ?? ''));
  if (!message) throw noMessage();
  const room = readableRoom(state, caller, message.roomId, 'messages');
  if (!seesMessage(state, caller, message)) throw noMessage();
  return { message, room };
}

/** Whether the list is of those that mention the caller. Webex: nobody else may be given, and a bot must give it in group spaces. */
function onlyMentions({ state, caller, query }: ApiRequest, room: Room): boolean {
  const given = query.getAll('mentionedPeople').flatMap((text) => text.split(',')).filter(Boolean);
  const isMe = (text: string): boolean => text === 'me' || state.people.get(canonicalId('PEOPLE', text)) === caller.person;
  if (given.some((text) => !isMe(text))) throw new ApiError(400, "Only 'me' or your own ID can be given as 'mentionedPeople'.");
  if (given.length === 0 && caller.person.type === 'bot' && room.type === 'group') {
    throw new ApiError(403, "Failed to get activities: a bot must give 'mentionedPeople=me' in group rooms.");
  }
  return given.length > 0;
}

/** Tests for `parentId`, `before` and `beforeMessage`. Throws 400 or 404. */
function within({ state, query }: ApiRequest, room: Room): (message: Message) => boolean {
  const parentGiven = query.get('parentId');
  const parentId = parentGiven === null ? undefined : canonicalId('MESSAGE', parentGiven);
  const before = query.get('before');
  const time = before === null ? Infinity : Date.parse(before);
  if (Number.isNaN(time)) throw new ApiError(400, "Invalid value for parameter 'before'.");
  const beforeMessage = query.get('beforeMessage');
  let older: Set<string> | undefined;
  if (beforeMessage !== null) {
    const ids = state.messagesOfRoom.get(room.id) ?? [];
    const at = ids.indexOf(canonicalId('MESSAGE', beforeMessage));
    if (at === -1) throw new ApiError(404, 'Could not find the message given as beforeMessage.');
    older = new Set(ids.slice(0, at));
  }
  return (message) => (parentId === undefined || message.parentId === parentId) && Date.parse(message.created) < time && (older?.has(message.id) ?? true);
}

function list(request: ApiRequest): ApiReply {
  const { state, caller, query, baseUrl } = request;
  const roomId = query.get('roomId');
  if (!roomId) throw new ApiError(400, "Required String parameter 'roomId' is not present");
  const room = readableRoom(state, caller, roomId, 'messages');
  const mentions = onlyMentions(request, room);
  const fits = within(request, room);
  const all = filtered(newestFirst(state, room), (message) => (!mentions || message.mentionedPeople.includes(caller.person.id)) && fits(message));
  const { items, headers } = slicePage(request, all, { fallback: 50, ceiling: mentions ? 100 : 1000 });
  const last = items.at(-1);
  if (headers.Link !== undefined && last) {
    // By message, not by number: what is posted between two pages moves nothing.
    const next = new URL(request.url, baseUrl);
    next.searchParams.set('beforeMessage', last.id);
    headers.Link = `<${next.href}>; rel="next"`;
  }
  return { status: 200, headers, body: { items: items.map((message) => showMessage(state, baseUrl, message)) } };
}

function listDirect(request: ApiRequest): ApiReply {
  const { state, caller, query, baseUrl } = request;
  const id = query.get('personId');
  const email = query.get('personEmail');
  if ((id === null) === (email === null)) throw new ApiError(400, 'Must specify either personId or personEmail.');
  const person = id !== null ? state.people.get(canonicalId('PEOPLE', id)) : personByEmail(state, email ?? '');
  const room = person && findDirectRoom(state, caller.person.id, person.id);
  if (!room) throw new ApiError(404, 'Could not find a 1:1 room with this person.');
  const all = [...filtered(newestFirst(state, room), within(request, room))];
  return ok({ items: all.map((message) => showMessage(state, baseUrl, message)) });
}

interface Destination {
  /** Absent for a 1:1 space that the message will make. */
  room: Room | undefined;
  to: Person | undefined;
  isInside: (personId: string) => boolean;
}

const DESTINATIONS = ['roomId', 'toPersonEmail', 'toPersonId'];

function destination({ state, caller, body }: ApiRequest): Destination {
  const given = DESTINATIONS.filter((name) => textField(body, name) !== undefined);
  if (given.length !== 1) throw new ApiError(400, `Exactly one of the destination fields must not be empty (${DESTINATIONS.join(', ')})`);
  const roomId = textField(body, 'roomId');
  if (roomId !== undefined) {
    const { room, membership } = ownRoom(state, caller, roomId);
    requireOpen(room);
    if (room.isAnnouncementOnly && !membership.isModerator) throw new ApiError(403, 'Only moderators can post messages in this room.');
    return { room, to: undefined, isInside: (id) => membershipOf(state, room.id, id) !== undefined };
  }
  const id = textField(body, 'toPersonId');
  const email = textField(body, 'toPersonEmail');
  const to = id !== undefined ? state.people.get(canonicalId('PEOPLE', id)) : personByEmail(state, email ?? '');
  if (!to) throw new ApiError(404, id !== undefined ? 'Could not find a person with provided ID.' : `${email ?? ''} not found.`);
  if (to === caller.person) throw new ApiError(400, 'A message cannot be sent to oneself.');
  return { room: findDirectRoom(state, caller.person.id, to.id), to, isInside: (person) => person === caller.person.id || person === to.id };
}

/** Throws 404 for a parent that is not in the space, 400 for one that is a reply itself. */
function parentIn({ state, body }: ApiRequest, room: Room | undefined): string | undefined {
  const given = textField(body, 'parentId');
  if (given === undefined) return undefined;
  const parent = state.messages.get(canonicalId('MESSAGE', given));
  if (!parent || parent.roomId !== room?.id) throw new ApiError(404, 'Could not find the parent message in the room.');
  if (parent.parentId !== undefined) throw new ApiError(400, 'A reply cannot be the parent of a message.');
  return parent.id;
}

interface Draft extends Destination {
  content: Content;
  parentId: string | undefined;
  attachments: Message['attachments'];
}

/** Everything that can be wrong with a new message, but for its file's content. Changes nothing. */
function draftOf(request: ApiRequest): Draft {
  const { state, body, files } = request;
  const attachments = readAttachments(body.attachments);
  const hasFile = files.length > 0 || fileAddress(body) !== undefined;
  // Unconfirmed: Webex has no form that carries both.
  if (hasFile && attachments.length > 0) throw new ApiError(400, 'A message cannot have both files and attachments.');
  const target = destination(request);
  const content = contentOf(body, mentionable(state, target.isInside));
  if (content.text === '' && !hasFile) throw new ApiError(400, 'Both text and file cannot be empty.');
  return { ...target, content, parentId: parentIn(request, target.room), attachments };
}

async function create(request: ApiRequest): Promise<ApiReply> {
  const { state, caller, baseUrl } = request;
  let draft = draftOf(request);
  const file = await givenFile(request);
  // The space may have changed while the file was fetched.
  if (file) draft = draftOf(request);
  const room = draft.room ?? (draft.to && addDirectRoom(state, caller.person, draft.to));
  if (!room) throw new Error('A message without a destination.');
  const stored = file && storedFile(file, room.id);
  if (stored) state.files.set(stored.id, stored);
  const message: Message = {
    id: publicId('MESSAGE'), roomId: room.id, personId: caller.person.id, ...(draft.parentId === undefined ? {} : { parentId: draft.parentId }), ...draft.content,
    files: stored ? [stored.id] : [], attachments: draft.attachments, created: state.clock.iso(), edits: 0,
  };
  state.messages.set(message.id, message);
  state.messagesOfRoom.get(room.id)?.push(message.id);
  room.lastActivity = message.created;
  tell(state, { resource: 'messages', event: 'created', actorId: caller.person.id, subject: message });
  const to = draft.to && { toPersonId: draft.to.id, toPersonEmail: draft.to.emails[0] };
  return ok({ ...showMessage(state, baseUrl, message), ...to });
}

function update(request: ApiRequest): ApiReply {
  const { state, caller, body, baseUrl } = request;
  const { message, room } = visible(request);
  ownRoom(state, caller, room.id);
  requireOpen(room);
  const roomId = textField(body, 'roomId');
  if (roomId === undefined) throw new ApiError(400, 'roomId cannot be null');
  if (canonicalId('ROOM', roomId) !== room.id) throw new ApiError(404, 'Could not find the message in the room.');
  if (message.personId !== caller.person.id) throw new ApiError(403, 'Only the author of a message can edit it.');
  // Unconfirmed: some clients edit cards, the documentation says that it is not supported.
  const isPlain = message.files.length === 0 && message.attachments.length === 0 && readAttachments(body.attachments).length === 0;
  if (!isPlain) throw new ApiError(400, 'Editing messages containing files or attachments is currently unsupported.');
  if (textField(body, 'markdown') !== undefined && textField(body, 'html') !== undefined) throw new ApiError(400, "'html' must not be given with 'markdown'.");
  const content = contentOf(body, mentionable(state, (id) => membershipOf(state, room.id, id) !== undefined));
  if (content.text === '') throw new ApiError(400, 'Both text and file cannot be empty.');
  if (message.edits >= MAX_EDITS) throw new ApiError(400, `The limit of ${MAX_EDITS} edits of a message has been reached.`);
  delete message.markdown;
  delete message.html;
  Object.assign(message, content, { updated: state.clock.iso(), edits: message.edits + 1 });
  tell(state, { resource: 'messages', event: 'updated', actorId: caller.person.id, subject: message });
  return ok(showMessage(state, baseUrl, message));
}

/** Webex: one's own messages; a moderator also others', but a bot never. */
function mayDelete(caller: Caller, message: Message, isModerator: boolean): boolean {
  return message.personId === caller.person.id || (isModerator && caller.person.type !== 'bot');
}

function remove(request: ApiRequest): ApiReply {
  const { state, caller } = request;
  const { message, room } = visible(request);
  const { membership } = ownRoom(state, caller, room.id);
  requireOpen(room);
  if (!mayDelete(caller, message, room.isLocked && membership.isModerator)) throw new ApiError(403, 'Only the author of a message or a moderator can delete it.');
  state.messages.delete(message.id);
  const ids = state.messagesOfRoom.get(room.id) ?? [];
  const at = ids.lastIndexOf(message.id);
  if (at !== -1) ids.splice(at, 1);
  for (const id of message.files) state.files.delete(id);
  tell(state, { resource: 'messages', event: 'deleted', actorId: caller.person.id, subject: message });
  return noContent;
}

const READ = ['spark:messages_read', 'spark-compliance:messages_read', 'spark:all'];
const WRITE = ['spark:messages_write', 'spark:all'];

export const routes: Route[] = [
  { method: 'GET', path: '/messages', scopes: READ, roles: [], bots: true, handle: list },
  { method: 'POST', path: '/messages', scopes: WRITE, roles: [], bots: true, multipart: true, handle: create },
  { method: 'GET', path: '/messages/direct', scopes: READ, roles: [], bots: true, handle: listDirect },
  {
    method: 'GET', path: '/messages/:messageId', scopes: READ, roles: [], bots: true,
    handle: (request) => ok(showMessage(request.state, request.baseUrl, visible(request).message)),
  },
  { method: 'PUT', path: '/messages/:messageId', scopes: WRITE, roles: [], bots: true, handle: update },
  { method: 'DELETE', path: '/messages/:messageId', scopes: WRITE, roles: [], bots: true, handle: remove },
];
