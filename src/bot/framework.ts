import { createRequire, Module } from 'node:module';
import { idKey } from '../lib/ids.js';
import { Bug } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import type { WriteClient } from '../webex/call.js';
import type { AttachmentAction } from '../webex/rest/attachmentActions.js';
import * as memberships from '../webex/rest/memberships.js';
import * as messages from '../webex/rest/messages.js';
import * as people from '../webex/rest/people.js';
import * as rooms from '../webex/rest/rooms.js';

/*
 * The one file that knows webex-node-bot-framework. It keeps who the bot is and a bot object per space, makes triggers and says things;
 * but the `webex` object that it works with is ours, so that every call has our pace, retries, timeouts, proxy and errors. Left out, since
 * each would lose events or let others in: its webhooks (it deletes those of other programs; webhooks.ts has ours), its signature check
 * (http/routes/webhook.ts), its lookups of people in batches, its authorizer (dispatch.ts), its swallowed errors (inbound.ts).
 */

/** What a message of ours holds, but for where it goes. */
export type Saying = Omit<messages.MessageDraft, 'to'>;

/** The framework as the shell uses it. */
export interface Hub {
  /** Reads who the bot is. Rejects when the token is refused. */
  start(): Promise<people.Person>;
  stop(): Promise<void>;
  /** Passes a message on; true when the framework made a trigger of it. */
  message(message: messages.Message, sender: people.Person): Promise<boolean>;
  action(action: AttachmentAction, sender: people.Person): Promise<boolean>;
  /** The bot was added to or removed from a space. Only ids are used. */
  membership(event: 'created' | 'deleted', data: { id: string; roomId: string; personId: string }): Promise<void>;
  /** Says something in a space. Throws what messages.create throws. */
  say(roomId: string, saying: Saying): Promise<messages.Message>;
  /** Says something to one person. */
  tell(personId: string, saying: Saying): Promise<messages.Message>;
}

interface BotObject {
  active: boolean;
  say(message: object): Promise<messages.Message>;
  dm(person: string, message: object): Promise<messages.Message>;
}

interface Trigger {
  id: string;
}

interface FrameworkObject {
  webhook: { name?: string } | false;
  bots: BotObject[];
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
  on(event: string, listener: (...values: never[]) => void): void;
  removeAllListeners(event: string): void;
  hears(phrase: RegExp, action: (bot: BotObject, trigger: Trigger) => void): void;
  getBotByRoomId(roomId: string): BotObject | undefined;
}

interface FrameworkModule {
  create: new (options: object) => FrameworkObject;
  receive: (framework: FrameworkObject) => (request: { body: object; headers: object }) => Promise<unknown>;
}

/**
 * Loads the framework without the Webex SDK that it wants: the SDK costs two seconds and 70 MB, and would call Webex by itself as soon as
 * it is made. A module with the one function that the framework calls takes its place.
 */
function loadFramework(): FrameworkModule {
  const here = createRequire(import.meta.url);
  const there = createRequire(here.resolve('webex-node-bot-framework'));
  const path = there.resolve('webex');
  const empty = new Module(path);
  empty.exports = {};
  empty.loaded = true;
  there.cache[path] ??= empty;
  // Where the cache cannot be written (under a test runner) the SDK is loaded, but never made.
  (there('webex') as { init: () => undefined }).init = () => undefined;
  return {
    create: here('webex-node-bot-framework') as FrameworkModule['create'],
    receive: here('webex-node-bot-framework/webhook.js') as FrameworkModule['receive'],
  };
}

export function createHub(bot: WriteClient, log: Log): Hub {
  const { create, receive } = loadFramework();
  /** What was read already for the event that is being passed on. */
  const known = new Map<string, unknown>();
  const heard = new Set<string>();
  /** The first events of a space come one after the other: while a bot object is being made, the framework drops others. */
  const turns = new Map<string, Promise<unknown>>();
  let self: people.Person | undefined;

  const knownOr = async <T>(id: string, read: () => Promise<T>): Promise<T> => (known.get(id) as T | undefined) ?? read();
  const facade = {
    people: {
      get: async (id: string) => {
        if (id !== 'me') return knownOr(id, () => people.get(bot, id));
        self = await people.me(bot);
        return self;
      },
    },
    rooms: { get: (room: string) => rooms.get(bot, room) },
    memberships: {
      get: (id: string) => knownOr(id, () => memberships.get(bot, id)),
      list: async ({ roomId, personId }: { roomId: string; personId?: string }) => {
        const items: memberships.Membership[] = [];
        if (personId === undefined) for await (const membership of memberships.list(bot, roomId)) items.push(membership);
        const own = personId === undefined ? undefined : await memberships.find(bot, roomId, personId);
        if (own) items.push(own);
        return { items, length: items.length };
      },
    },
    messages: {
      get: (id: string) => knownOr(id, () => messages.get(bot, id)),
      create: ({ roomId, toPersonId, ...saying }: Saying & { roomId?: string; toPersonId?: string }) =>
        messages.create(bot, { ...saying, to: roomId === undefined ? { toPersonId: toPersonId ?? '' } : { roomId } }),
    },
    attachmentActions: { get: (id: string) => knownOr(id, () => Promise.reject(new Bug(`The action ${id} was not read.`))) },
    webhooks: {
      list: () => Promise.resolve({ items: [] }),
      create: (webhook: object) => Promise.resolve(webhook),
      remove: () => Promise.resolve(),
    },
  };

  // A webhook address makes the framework wait for events instead of opening a websocket; nothing is registered under it.
  const framework = new create({ token: 'unused', webhookUrl: 'https://steward.invalid/webhook', removeWebhooksOnStart: false, maxStartupSpaces: 0 });
  Object.defineProperty(framework, 'webex', { get: () => facade, set: () => undefined });
  framework.removeAllListeners('error');
  framework.on('error', (error: never) => { log.error({ error }, 'the bot framework reports an error'); });
  const hear = (_bot: BotObject, trigger: Trigger): void => { heard.add(trigger.id); };
  framework.hears(/[\s\S]*/, hear);
  // A message that is only a file has no text to be heard.
  framework.on('files', hear);
  framework.on('attachmentAction', hear);
  const handle = receive(framework);

  /** Passes one event on; what it is about was read before, so that a failing lookup loses nothing. */
  const pass = async (event: { resource: string; event: string; data: { id: string; roomId: string } }, things: Record<string, unknown>): Promise<boolean> => {
    const key = idKey(event.data.roomId);
    const turn = (turns.get(key) ?? Promise.resolve()).then(async () => {
      const name = framework.webhook === false ? undefined : framework.webhook.name;
      for (const [id, thing] of Object.entries(things)) known.set(id, thing);
      try {
        await handle({ body: { name, ...event }, headers: {} });
      } finally {
        for (const id of Object.keys(things)) known.delete(id);
      }
      return heard.delete(event.data.id);
    });
    const settled = turn.catch(() => undefined);
    turns.set(key, settled);
    try {
      return await turn;
    } finally {
      if (turns.get(key) === settled) turns.delete(key);
    }
  };

  return {
    start: async () => {
      await framework.start();
      if (!self) throw new Bug('The framework started without asking who the bot is.');
      return self;
    },
    stop: async () => {
      await framework.stop();
    },
    message: (message, sender) =>
      pass({ resource: 'messages', event: 'created', data: { id: message.id, roomId: message.roomId } }, { [message.id]: { ...message }, [message.personId]: sender }),
    action: (action, sender) =>
      pass({ resource: 'attachmentActions', event: 'created', data: { id: action.id, roomId: action.roomId } }, { [action.id]: action, [action.personId]: sender }),
    membership: async (event, data) => {
      await pass({ resource: 'memberships', event, data }, {});
    },
    say: (roomId, saying) => framework.getBotByRoomId(roomId)?.say({ ...saying }) ?? facade.messages.create({ ...saying, roomId }),
    tell: (personId, saying) => {
      const anyBot = framework.bots.find((one) => one.active);
      return anyBot?.dm(personId, { ...saying }) ?? facade.messages.create({ ...saying, toPersonId: personId });
    },
  };
}
