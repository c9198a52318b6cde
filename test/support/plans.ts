import { cardOf, textOf, titlesOf, type Message, type Person } from './person.js';

type Options = Parameters<Person['say']>[1];

/** What is said beside answers: that it is still reading, and that a plan which waited has ended. */
const ASIDE = /^Still reading from Webex|was superseded on/;

/** Writes to the bot and gives the first thing that it answers, whatever it is. Files, which follow what they belong to, and what is said beside are passed over. */
export async function answer(person: Person, text: string, options: Options = {}): Promise<Message> {
  const known = new Set((await person.messages()).map(({ id }) => id));
  await person.say(text, options);
  return person.hears((message) => !known.has(message.id) && message.files === undefined && !ASIDE.test(message.text ?? ''));
}

/** Asks for something that makes a plan, and gives the card with [Approve], [Remind] or [Withdraw]. */
export async function plan(person: Person, text: string, options: Options = {}): Promise<Message> {
  const message = await answer(person, text, options);
  if (!/Nothing has been changed yet/.test(textOf(message))) throw new Error(`No plan, but: ${textOf(message)}`);
  return message;
}

/** The ten signs of the plan or change that a card is about. */
export function idOf(message: Message): string {
  const id = /(?:Plan|Change) \**([0-9a-f]{10})\b/.exec(textOf(message))?.[1];
  if (id === undefined) throw new Error(`No plan and no change in: ${textOf(message)}`);
  return id;
}

/** The next card that says how the change rests or has ended. */
export function result(person: Person, id: string): Promise<Message> {
  return person.hears((message) => cardOf(message) !== undefined && textOf(message).includes(`Change ${id} ·`));
}

/** What became of the steps, as the text of a result says: `2 done, 1 failed`. */
export function countsOf(message: Message): string {
  const [, state = '', counts = ''] = /^(\w+)[^]*?: ((?:[\d,]+ (?:done|already so|in conflict|failed|cancelled|left)(?:, )?)+)\./.exec(message.text ?? '') ?? [];
  return `${state}: ${counts}`;
}

/** Approves the plan of a card and gives the card of its result. */
export async function approve(person: Person, card: Message, title = 'Approve'): Promise<Message> {
  const pressed = await person.press(card, title);
  if (pressed.status !== 200) throw new Error(`The press was refused: ${pressed.status}`);
  return result(person, idOf(card));
}

/** From the command to the card of the result. */
export async function change(person: Person, text: string, options: Options = {}): Promise<Message> {
  return approve(person, await plan(person, text, options));
}

/** Presses [Undo] on the card of a result, approves, and gives the card of the result of that. */
export async function undo(person: Person, ended: Message): Promise<Message> {
  await person.press(ended, 'Undo');
  return approve(person, await person.hears((message) => /Undo: /.test(textOf(message)) && titlesOf(message).includes('Approve')));
}

/** The text of the next file of this name that the bot sends, without the mark of its encoding. */
export async function file(person: Person, name: string): Promise<string> {
  const message = await person.hears((one) => one.files !== undefined && one.text === name);
  const found = await person.download(message.files?.[0] ?? '');
  if (found.name !== name) throw new Error(`The file is called ${found.name}`);
  return found.text.replace(/^\uFEFF/, '');
}

/** The texts of a card, as the reader sees them. */
export function linesOf(message: Message): string[] {
  const lines: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (value !== null && typeof value === 'object') {
      const element = value as { type?: string; text?: string };
      if (element.type === 'TextBlock' && typeof element.text === 'string') lines.push(element.text.replace(/\\([\\*_[\]()`])/g, '$1'));
      Object.values(value).forEach(walk);
    }
  };
  walk(cardOf(message)?.body);
  return lines;
}

/** The lines of a card and its buttons as one text, for a look at everything at once. */
export function shown(message: Message): string {
  return [...linesOf(message), titlesOf(message).map((title) => `[${title}]`).join(' ')].join('\n');
}
