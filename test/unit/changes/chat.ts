import { PassThrough } from 'node:stream';
import type { Answer, Button, Command, Context, Place, Posted, Poster, View } from '../../../src/bot/define.js';
import { changesHome } from '../../../src/capabilities/changes/home.js';
import { createChangesCapability, type ChangesCapability } from '../../../src/capabilities/changes/index.js';
import { createCards, type Card } from '../../../src/cards/render.js';
import type { PlanDraft } from '../../../src/changes/define.js';
import type { Person, Plan } from '../../../src/changes/engine.js';
import { createAuditLog } from '../../../src/store/audit.js';
import { parse } from '../../../src/lib/csv.js';
import { ACME, World, type WorldOptions } from './world.js';

export interface Message {
  id: string;
  place: Place | undefined;
  person: string;
  view: View;
  card: Card | undefined;
  edits: string[];
  removed: boolean;
}

const HERE: Place = { roomId: 'room-here', roomType: 'direct', messageId: 'asked' };

/** A world with the changes capability, and a chat in memory whose cards are really rendered. */
export class Chat {
  readonly messages: Message[] = [];
  approvalSpace: string | undefined;
  capability!: ChangesCapability;
  failPosts = 0;
  private readonly cards = createCards();
  private readonly changed = new PassThrough();

  private constructor(readonly world: World) {
    this.changed.setMaxListeners(0);
  }

  static async open(options: WorldOptions = {}): Promise<Chat> {
    const chat = new Chat(await World.open(options));
    chat.newCapability();
    return chat;
  }

  newCapability(): void {
    const { world } = this;
    this.capability = createChangesCapability({
      engine: world.engine,
      poster: this.poster,
      audit: createAuditLog(world),
      records: (organization) => world.store.organization(organization),
      approvalSpace: () => Promise.resolve(this.approvalSpace),
      clock: world.clock,
      log: world.log,
    });
    this.capability.announce();
  }

  readonly poster: Poster = {
    post: (to, view) => {
      if (this.failPosts > 0) {
        this.failPosts -= 1;
        return Promise.reject(new Error('Webex is away.'));
      }
      const id = `m${this.messages.length + 1}`;
      const card = view.card && this.cards.render(view.card.template, view.card.data, { buttons: (view.card.buttons ?? []).map(({ title }) => ({ title, token: 't' })) });
      this.messages.push({ id, place: to.place, person: to.person, view, card, edits: [], removed: false });
      this.changed.emit('changed');
      return Promise.resolve({ messageId: id, roomId: to.place?.roomId ?? `direct ${to.person}` });
    },
    edit: (message, markdown) => {
      this.of(message).edits.push(markdown);
      this.changed.emit('changed');
      return Promise.resolve();
    },
    remove: (message) => {
      this.of(message).removed = true;
      this.changed.emit('changed');
      return Promise.resolve();
    },
  };

  /** The first message that is still there and as wished, as soon as there is one. */
  async until(wished: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find((message) => !message.removed && wished(message));
      if (found) return found;
      await new Promise((resolve) => this.changed.once('changed', resolve));
    }
  }

  /** The card with this template that a person has, newest first. */
  card(template: string, person: Person): Message | undefined {
    return this.messages.findLast((message) => !message.removed && message.view.card?.template === template && message.person === person.personId);
  }

  texts(person: Person): string[] {
    return this.messages.filter((message) => !message.removed && message.person === person.personId).map((message) => message.edits.at(-1) ?? message.view.markdown);
  }

  async make(by: Person, draft: Partial<PlanDraft> & Pick<PlanDraft, 'steps'>): Promise<Plan> {
    await this.capability.planMaker(this.context(by), { title: 'A test', command: 'test it', warnings: [], problems: [], ...draft });
    return (await this.world.engine.list(ACME.id))[0]!;
  }

  /** Runs a command as somebody, and does with its answer what the shell does. */
  async say(by: Person, name: string, values: Record<string, unknown> = {}, via: 'text' | 'button' = 'text'): Promise<Answer> {
    const command = this.command(name);
    const context = this.context(by, via);
    const answer = await command.run(context, values as never);
    if (answer.kind === 'plan') await this.capability.planMaker(context, answer.draft);
    if (answer.kind === 'view') await this.poster.post({ place: context.place, person: by.personId, organization: ACME.id }, answer.view);
    return answer;
  }

  press(by: Person, message: Message, title: string, filled: Record<string, string> = {}): Promise<Answer> {
    const button = this.buttons(message).find((one) => one.title === title);
    if (!button) throw new Error(`There is no button ${title}, but ${this.buttons(message).map((one) => one.title).join(', ')}.`);
    return this.say(by, button.command, { ...button.arguments, ...filled }, 'button');
  }

  buttons(message: Message): Button[] {
    return message.view.card?.buttons ?? [];
  }

  titles(message: Message): string[] {
    return this.buttons(message).map((one) => one.title);
  }

  async home(by: Person): Promise<string[]> {
    const block = await changesHome(this.world.engine, this.context(by));
    return block === undefined ? [] : [block.title, ...block.lines];
  }

  csv(message: Message): { header: string[]; rows: string[][] } {
    const table = parse(message.view.files![0]!.content);
    return { header: table.header, rows: table.rows.map((row) => row.cells) };
  }

  async close(): Promise<void> {
    await this.world.close();
  }

  private command(name: string): Command {
    const found = this.capability.commands.find((command) => `${command.noun} ${command.verb}`.trim() === name);
    if (!found) throw new Error(`There is no command ${name}.`);
    return found;
  }

  private context(by: Person, via: 'text' | 'button' = 'text'): Context {
    const { world } = this;
    return {
      caller: { ...by, orgId: ACME.id }, place: { ...HERE, roomId: `room of ${by.displayName}` }, organization: ACME, via,
      account: { personId: by.personId, email: by.email, scopes: [], roles: [] },
      records: world.store.organization(ACME.id), clock: world.clock, log: world.log, csv: undefined,
      webex: undefined as never, settings: undefined as never, sealed: undefined as never, audit: undefined as never, schedules: undefined as never, outdate: undefined as never, findPeople: undefined as never, peopleByEmail: undefined as never,
    };
  }

  private of(message: Posted): Message {
    return this.messages.find((one) => one.id === message.messageId)!;
  }
}
