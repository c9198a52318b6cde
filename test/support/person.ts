import type { Stream } from './stream.js';

export interface Message {
  id: string;
  roomId: string;
  parentId?: string;
  personEmail: string;
  text?: string;
  markdown?: string;
  html?: string;
  files?: string[];
  attachments?: { content: Card }[];
  created: string;
  updated?: string;
}

interface Element {
  type: string;
  id?: string;
  text?: string;
  title?: string;
  url?: string;
  data?: Record<string, string>;
  choices?: { title: string; value: string }[];
  value?: string;
  [other: string]: unknown;
}

export interface Card {
  body: Element[];
  actions?: Element[];
}

/** Somebody who chats with the bot, by the same calls as the chat page and a Webex client make. */
export interface Person {
  email: string;
  token: string;
  /** Any call under /v1 with this person's token. */
  api(method: string, path: string, body?: unknown): Promise<{ status: number; json: any; text: string }>;
  /** Writes to the bot in the 1:1, or (with a mention already in `markdown`) in a space. A file goes with it. */
  say(text: string, options?: { roomId?: string; parentId?: string; file?: { name: string; content: string | Buffer } }): Promise<Message>;
  /** The next message of the bot that was not given out before and that fits; in the 1:1 unless `roomId` is given. */
  hears(fits: RegExp | ((message: Message) => boolean), options?: { roomId?: string; seconds?: number }): Promise<Message>;
  /** `say` and then `hears`. */
  ask(text: string, answer: RegExp): Promise<Message>;
  /** Presses a button by its title. Toggles, texts and choices go in `inputs` by the ids that the card gives them. */
  press(message: Message, title: string, inputs?: Record<string, string>): Promise<{ status: number; json: any }>;
  /** All messages of the 1:1 (or a space), newest first. */
  messages(roomId?: string): Promise<Message[]>;
  download(url: string): Promise<{ name: string; text: string }>;
}

export function createPerson(parts: { url: string; email: string; token: string; botEmail: string; stream: Stream }): Person {
  const { url, email, token, botEmail, stream } = parts;
  const given = new Set<string>();
  const headers = { Authorization: `Bearer ${token}` };

  const api: Person['api'] = async (method, path, body) => {
    const form = body instanceof FormData;
    const response = await fetch(`${url}/v1${path}`, {
      method,
      headers: { ...headers, ...(body === undefined || form ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
  };

  const messages: Person['messages'] = async (roomId) => {
    const answer = await api('GET', roomId === undefined ? `/messages/direct?personEmail=${encodeURIComponent(botEmail)}` : `/messages?roomId=${roomId}&max=100`);
    return answer.json?.items ?? [];
  };

  const say: Person['say'] = async (text, options = {}) => {
    const { roomId, parentId, file } = options;
    const where = roomId === undefined ? { toPersonEmail: botEmail } : { roomId };
    const fields = { ...where, ...(roomId === undefined ? { text } : { markdown: text }), ...(parentId === undefined ? {} : { parentId }) };
    if (file === undefined) return sent(await api('POST', '/messages', fields));
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('files', new Blob([new Uint8Array(Buffer.from(file.content))], { type: 'text/csv' }), file.name);
    return sent(await api('POST', '/messages', form));
  };

  const hears: Person['hears'] = (fits, options = {}) =>
    stream.until(`${email} to hear ${String(fits)}`, async () => {
      const list = await messages(options.roomId);
      const found = list.reverse().find((one) => one.personEmail === botEmail && !given.has(one.id) && (fits instanceof RegExp ? fits.test(textOf(one)) : fits(one)));
      if (found !== undefined) given.add(found.id);
      return found;
    }, options.seconds);

  return {
    email, token, api, messages, say, hears,
    ask: async (text, answer) => {
      await say(text);
      return hears(answer);
    },
    press: (message, title, inputs = {}) => {
      const action = actionsOf(message).find((one) => one.title === title);
      if (action === undefined) throw new Error(`No button “${title}”, only: ${titlesOf(message).join(', ')}`);
      return api('POST', '/attachment/actions', { type: 'submit', messageId: message.id, inputs: { ...inputs, ...action.data } });
    },
    download: async (file) => {
      const response = await fetch(file, { headers });
      return { name: /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? '', text: await response.text() };
    },
  };
}

function sent(answer: { status: number; json: any; text: string }): Message {
  if (answer.status !== 200) throw new Error(`The message was refused: ${answer.status} ${answer.text}`);
  return answer.json;
}

/** Everything that a message says: its text and, with a card, all texts of the card. */
export function textOf(message: Message): string {
  return [message.text ?? '', ...(message.attachments ?? []).map((one) => JSON.stringify(one.content))].join('\n');
}

export function cardOf(message: Message): Card | undefined {
  return message.attachments?.[0]?.content;
}

export function actionsOf(message: Message): Element[] {
  return cardOf(message)?.actions ?? [];
}

export function titlesOf(message: Message): string[] {
  return actionsOf(message).map((one) => one.title ?? '');
}

/** The inputs of a card wherever they stand, by id. */
export function inputsOf(message: Message): Map<string, Element> {
  const found = new Map<string, Element>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (value !== null && typeof value === 'object') {
      const element = value as Element;
      if (typeof element.type === 'string' && element.type.startsWith('Input.') && element.id !== undefined) found.set(element.id, element);
      Object.values(value).forEach(walk);
    }
  };
  walk(cardOf(message)?.body);
  return found;
}
