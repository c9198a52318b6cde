import type { CardInput } from '../cards/inputs.js';
import { filledIn } from '../cards/inputs.js';
import type { Clock } from '../lib/clock.js';
import { idKey, randomToken, sameId, sameSecret, tokenHash } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import { sealedRecords } from '../store/sealed.js';
import { StaleRecord, type Store } from '../store/store.js';
import { SealBroken, type Vault } from '../store/vault.js';
import type { Button, Place, Posted } from './define.js';

/** Cards of undo and of plans for another approver live long; what they may still do is decided by the command. */
const CARD_LIFE_MS = 30 * 24 * 60 * 60_000;
const TOKEN_BYTES = 24;

/** One button as it is stored: what it calls, and the hash of the token that its card carries. */
interface StoredButton {
  hash: string;
  title: string;
  command: string;
  arguments: Record<string, string>;
  only?: string;
  once?: true;
  spent?: true;
}

/** A card that hangs in a space. Its id is the key of its message. */
interface StoredCard {
  messageId: string;
  roomId: string;
  roomType: Place['roomType'];
  /** The root of the thread that the card is in. */
  threadId?: string;
  organization: string;
  /** Milliseconds since 1970. */
  expires: number;
  inputs: Record<string, CardInput>;
  buttons: StoredButton[];
}

/** What a press means, once it is proven that this button is on this card. */
export interface Pressed {
  card: Posted;
  /** One text per button, for taking turns. */
  key: string;
  /** Where the card hangs: what comes of the press is shown there. */
  place: Place;
  organization: string;
  command: string;
  /** What was bound when the card was made. */
  bound: Record<string, string>;
  /** What the presser filled in; never a member that the card has no input for. */
  filled: Record<string, string>;
  only: string | undefined;
  /** Called after the command ran without an error. */
  spend(): Promise<void>;
}

/** A press that is not one of ours, or no longer. */
export interface Refused {
  refused: 'no token' | 'unknown card' | 'other space' | 'unknown token' | 'expired' | 'spent' | 'choice not offered';
  /** The organization of the card, when the card is known. */
  organization?: string;
}

/** A card's message, as Webex gave it back. */
export interface PostedCard extends Posted {
  roomType: Place['roomType'];
  threadId?: string | undefined;
}

export interface PressedAction {
  messageId: string;
  roomId: string;
  inputs: Readonly<Record<string, unknown>>;
}

/** Tokens are handed out before the card is posted, and valid when the card's message is known. */
export interface Buttons {
  tokensFor(buttons: readonly Button[]): string[];
  /** Posts a card and keeps what its buttons mean. A press that comes before this is stored waits for it. */
  post(card: { buttons: readonly Button[]; tokens: readonly string[]; inputs: Record<string, CardInput>; organization: string }, send: () => Promise<PostedCard>): Promise<PostedCard>;
  find(action: PressedAction): Promise<Pressed | Refused>;
  /** The card is gone: its buttons are worth nothing. */
  forget(message: Pick<Posted, 'messageId'>): Promise<void>;
  /** Removes cards that are past their time. */
  sweep(): Promise<void>;
}

export function createButtons(options: { store: Store; vault: Vault; clock: Clock; log: Log }): Buttons {
  const { store, vault, clock, log } = options;
  const cards = sealedRecords<StoredCard>({ partition: store.shared, vault, organization: undefined, collection: 'cards' });
  const beingPosted = new Set<Promise<unknown>>();

  const read = async (messageId: string): Promise<{ value: StoredCard; version: number } | undefined> => {
    try {
      return await cards.get(idKey(messageId));
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      log.error({ error }, 'a card was changed outside, its buttons are refused');
      return undefined;
    }
  };

  const spend = async (messageId: string, hash: string): Promise<void> => {
    for (;;) {
      const found = await read(messageId);
      if (!found) return;
      const buttons = found.value.buttons.map((button): StoredButton => (button.hash === hash && button.once === true ? { ...button, spent: true } : button));
      try {
        await cards.put(idKey(messageId), { ...found.value, buttons }, found.version);
        return;
      } catch (error) {
        if (!(error instanceof StaleRecord)) throw error;
      }
    }
  };

  const forget: Buttons['forget'] = async ({ messageId }) => {
    const found = await read(messageId);
    if (!found) return;
    await cards.delete(idKey(messageId), found.version).catch((error: unknown) => {
      if (!(error instanceof StaleRecord)) throw error;
    });
  };

  return {
    forget,
    tokensFor: (buttons) => buttons.map(() => randomToken(TOKEN_BYTES)),
    post: async ({ buttons, tokens, inputs, organization }, send) => {
      const posting = (async () => {
        const posted = await send();
        const card: StoredCard = {
          messageId: posted.messageId, roomId: posted.roomId, roomType: posted.roomType, organization, inputs, expires: clock.now() + CARD_LIFE_MS,
          ...(posted.threadId === undefined ? {} : { threadId: posted.threadId }),
          buttons: buttons.map((button, n) => ({
            hash: tokenHash(tokens[n] ?? randomToken(TOKEN_BYTES)), title: button.title, command: button.command, arguments: button.arguments,
            ...(button.only === undefined ? {} : { only: button.only }), ...(button.once === undefined ? {} : { once: button.once }),
          })),
        };
        await cards.put(idKey(posted.messageId), card, 0);
        return posted;
      })();
      beingPosted.add(posting);
      try {
        return await posting;
      } finally {
        beingPosted.delete(posting);
      }
    },
    find: async ({ messageId, roomId, inputs }) => {
      const token = inputs['token'];
      if (typeof token !== 'string' || token === '') return { refused: 'no token' };
      let found = await read(messageId);
      if (!found && beingPosted.size > 0) {
        await Promise.allSettled(beingPosted);
        found = await read(messageId);
      }
      if (!found) return { refused: 'unknown card' };
      const { organization, buttons, expires, inputs: offered } = found.value;
      if (!sameId(found.value.roomId, roomId) || !sameId(found.value.messageId, messageId)) return { refused: 'other space', organization };
      const hash = tokenHash(token);
      const button = buttons.find((one) => sameSecret(one.hash, hash));
      if (!button) return { refused: 'unknown token', organization };
      if (expires < clock.now()) return { refused: 'expired', organization };
      if (button.spent === true) return { refused: 'spent', organization };
      const { roomType, threadId } = found.value;
      const filled = filledIn(offered, inputs);
      if (!filled) return { refused: 'choice not offered', organization };
      return {
        card: { messageId: found.value.messageId, roomId: found.value.roomId },
        place: { roomId: found.value.roomId, roomType, messageId: found.value.messageId, ...(threadId === undefined ? {} : { threadId }) },
        key: hash, organization, command: button.command, bound: button.arguments,
        filled, only: button.only, spend: () => (button.once === true ? spend(messageId, hash) : Promise.resolve()),
      };
    },
    sweep: async () => {
      for (const { value } of await cards.list((error) => { log.error({ error }, 'a card was changed outside, its buttons are refused'); })) {
        if (value.expires < clock.now()) await forget(value);
      }
    },
  };
}
