import { canonicalId } from '../fields.js';
import type { AttachmentAction, Membership, Message, Person, Room, Webhook } from '../model.js';
import { ApiError } from '../route.js';
import { membershipOf, type Happening, type State } from '../state.js';

interface Filter {
  name: string;
  value: string;
}

type Subjects = { messages: Message; memberships: Membership; rooms: Room; attachmentActions: AttachmentAction };
type Test<T> = (state: State, subject: T, value: string, ownerId: string) => boolean;

const isBoolean = (value: boolean, text: string): boolean => String(value) === text.toLowerCase();
const isPerson = (personId: string, text: string, ownerId: string): boolean => personId === (text === 'me' ? ownerId : canonicalId('PEOPLE', text));
const hasEmail = (state: State, personId: string, text: string): boolean =>
  state.people.get(personId)?.emails.some((email) => email.toLowerCase() === text.toLowerCase()) === true;
const inRoom: Test<{ roomId: string }> = (_state, { roomId }, value) => roomId === canonicalId('ROOM', value);
const ofPerson: Test<{ personId: string }> = (_state, { personId }, value, ownerId) => isPerson(personId, value, ownerId);
const ofEmail: Test<{ personId: string }> = (state, { personId }, value) => hasEmail(state, personId, value);

/** What each resource can be filtered by, as the webhooks guide lists it. */
const TESTS: { [R in keyof Subjects]: Record<string, Test<Subjects[R]>> } = {
  messages: {
    roomId: inRoom, personId: ofPerson, personEmail: ofEmail,
    roomType: (state, { roomId }, value) => state.rooms.get(roomId)?.type === value,
    mentionedPeople: (_state, { mentionedPeople }, value, ownerId) => value.split(',').some((text) => mentionedPeople.some((id) => isPerson(id, text, ownerId))),
    hasFiles: (_state, { files }, value) => isBoolean(files.length > 0, value),
    hasAttachments: (_state, { attachments }, value) => isBoolean(attachments.length > 0, value),
  },
  memberships: {
    roomId: inRoom, personId: ofPerson, personEmail: ofEmail,
    isModerator: (_state, { isModerator }, value) => isBoolean(isModerator, value),
  },
  rooms: {
    type: (_state, { type }, value) => type === value,
    isLocked: (_state, { isLocked }, value) => isBoolean(isLocked, value),
  },
  attachmentActions: {
    roomId: inRoom, personId: ofPerson,
    messageId: (_state, { messageId }, value) => messageId === canonicalId('MESSAGE', value),
  },
};

function testsOf(resource: string): Record<string, Test<never>> {
  return Object.hasOwn(TESTS, resource) ? TESTS[resource as keyof Subjects] : {};
}

function parse(filter: string): Filter[] {
  return filter.split('&').filter(Boolean).map((part) => {
    const at = part.indexOf('=');
    return { name: at === -1 ? part : part.slice(0, at), value: at === -1 ? '' : part.slice(at + 1) };
  });
}

/** What a value must be, so that a filter that can never fit is refused. */
const VALID: Record<string, (state: State, owner: Person, value: string) => boolean> = {
  roomId: (state, owner, value) => membershipOf(state, canonicalId('ROOM', value), owner.id) !== undefined,
  personId: (state, _owner, value) => value === 'me' || state.people.has(canonicalId('PEOPLE', value)),
  mentionedPeople: (state, _owner, value) => value.split(',').every((text) => text === 'me' || state.people.has(canonicalId('PEOPLE', text))),
  messageId: (state, owner, value) => {
    const message = state.messages.get(canonicalId('MESSAGE', value));
    return message !== undefined && membershipOf(state, message.roomId, owner.id) !== undefined;
  },
  roomType: (_state, _owner, value) => value === 'direct' || value === 'group',
  type: (_state, _owner, value) => value === 'direct' || value === 'group',
  hasFiles: (_state, _owner, value) => /^(true|false)$/i.test(value),
  hasAttachments: (_state, _owner, value) => /^(true|false)$/i.test(value),
  isModerator: (_state, _owner, value) => /^(true|false)$/i.test(value),
  isLocked: (_state, _owner, value) => /^(true|false)$/i.test(value),
};

/** Throws 400 for a filter that the resource has not, and for a value of something that the owner cannot see. */
export function checkFilter(state: State, owner: Person, resource: string, filter: string): void {
  const tests = testsOf(resource);
  for (const { name, value } of parse(filter)) {
    if (!Object.hasOwn(tests, name)) throw new ApiError(400, `invalid filter: ${name}`);
    if (value === '' || VALID[name]?.(state, owner, value) === false) throw new ApiError(400, `invalid value for filter: ${name}`);
  }
}

/** Whether all parts of a webhook's filter hold. */
export function passesFilter(state: State, webhook: Webhook, { resource, subject }: Happening): boolean {
  if (webhook.filter === undefined) return true;
  const tests = testsOf(resource);
  return parse(webhook.filter).every(({ name, value }) => tests[name]?.(state, subject as never, value, webhook.ownerId) === true);
}
