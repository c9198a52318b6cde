import { inputsOf } from '../cards/inputs.js';
import { LARGEST_CARD, type Card, type Cards } from '../cards/render.js';
import { messageOf } from '../lib/errors.js';
import type { Log } from '../lib/log.js';
import { cutToBytes, markdown as escaped } from '../lib/text.js';
import type { WriteClient } from '../webex/call.js';
import { WebexRefused } from '../webex/errors.js';
import * as messages from '../webex/rest/messages.js';
import type { Audience } from './audience.js';
import type { Buttons, PostedCard } from './buttons.js';
import type { FileOut, Place, Poster, View } from './define.js';
import type { Hub, Saying } from './framework.js';
import { fitted, type Offered, type Offering } from './offered.js';

/** Where one message goes. */
type Target = { roomId: string; threadId?: string | undefined } | { person: string };

const ELSEWHERE = 'I have sent you the answer directly, because not everybody in this space may see it.';
/** Where nobody had asked just there. */
const REPORT_ELSEWHERE = 'What is to be told here went to one person directly, because not everybody in this space may see it.';
const FILE_ELSEWHERE = 'I have sent you the file directly.';
const REPORT_FILE_ELSEWHERE = 'The file with all details went to the one who scheduled this.';

/** The shell's own way to post: `offering` decides which buttons of an answer its caller is shown. */
export interface AnswerPoster extends Poster {
  post(to: Parameters<Poster['post']>[0], view: View, offering?: Offering): ReturnType<Poster['post']>;
}

/** Posts views: as a card with its text beside it, or as text in parts; pictures with it, other files apart and only in 1:1. */
export function createPoster(options: {
  hub: Hub; bot: WriteClient; cards: Cards; buttons: Buttons; audience: Audience; organizationName: (id: string) => Promise<string>; log: Log;
}): AnswerPoster {
  const { hub, bot, cards, buttons, audience, organizationName, log } = options;

  /** Says it in the space, else to the person: a space may be announcement-only, and threads and bots get removed. */
  const say = async (target: Target, person: string, saying: Saying): Promise<PostedCard> => {
    const posted = await sayAt(target, person, saying);
    return { messageId: posted.id, roomId: posted.roomId, roomType: posted.roomType === 'direct' ? 'direct' : 'group', threadId: posted.parentId };
  };
  const sayAt = async (target: Target, person: string, saying: Saying): Promise<messages.Message> => {
    if ('person' in target) return hub.tell(target.person, saying);
    const { roomId, threadId } = target;
    try {
      return await hub.say(roomId, threadId === undefined ? saying : { ...saying, parentId: threadId });
    } catch (error) {
      if (!(error instanceof WebexRefused) || ![400, 403, 404].includes(error.status)) throw error;
      if (threadId !== undefined && error.status !== 403) return sayAt({ roomId }, person, saying);
      if (error.status === 400) throw error;
      log.info({ error, roomId }, 'a space does not take messages of the bot, so they go to 1:1');
      return hub.tell(person, saying);
    }
  };

  /** A picture goes with the first part. */
  const sayText = async (target: Target, person: string, text: string, picture?: FileOut): Promise<PostedCard> => {
    let first: PostedCard | undefined;
    for (const part of messages.split(text)) {
      const posted = await say(target, person, { markdown: part, ...(first === undefined && picture !== undefined ? { file: uploadOf(picture) } : {}) });
      first ??= posted;
    }
    return first ?? say(target, person, { markdown: ' ' });
  };

  const sayCard = async (target: Target, person: string, view: View, offered: Offered, organization: string, name: string): Promise<PostedCard> => {
    const { template, data } = view.card ?? { template: 'bot/text', data: {} };
    const wanted = offered.buttons;
    const tokens = buttons.tokensFor(wanted);
    const actions = wanted.map(({ title, style }, n) => ({ title, token: tokens[n] ?? '', ...(style === undefined ? {} : { style }) }));
    let card: Card = fitted(cards.render(template, data, { buttons: actions, footer: name }), offered);
    if (Buffer.byteLength(JSON.stringify(card)) > LARGEST_CARD) {
      await sayText(target, person, view.markdown);
      card = cards.render('bot/text', { title: '', lines: ['What this is about stands in the message above.'] }, { buttons: actions, footer: name });
    }
    const text = fallback(view.markdown);
    return buttons.post({ buttons: wanted, tokens, inputs: inputsOf(card), organization }, async () => {
      try {
        return await say(target, person, { markdown: text, card });
      } catch (error) {
        if (!(error instanceof WebexRefused) || error.status !== 400) throw error;
        log.error({ error, words: error.words, template }, 'Webex does not take a card, so its text goes alone');
        return sayText(target, person, view.markdown);
      }
    });
  };

  const sayFiles = async (files: NonNullable<View['files']>, person: string, thread: { roomId: string; threadId: string } | undefined): Promise<void> => {
    for (const file of files) await say(thread ?? { person }, person, { markdown: escaped(file.name), file: uploadOf(file) });
  };

  return {
    post: async ({ place, person, organization }, view, offering = allOf) => {
      const shown = await audience.decide(place, view.audience, organization);
      const name = await organizationName(organization);
      const here: Target = shown === 'here' && place !== undefined ? { roomId: place.roomId, threadId: place.threadId } : { person };
      const offered = offering(view.card?.buttons ?? [], shown === 'here' && place?.roomType === 'group');
      const said: View = { ...view, markdown: withOrganization(offered.note === undefined ? view.markdown : `${view.markdown}\n\n${offered.note}`, name) };
      const pictures = view.files?.filter(({ inline }) => inline === true) ?? [];
      const files = view.files?.filter(({ inline }) => inline !== true) ?? [];
      // Webex: a message holds a card or a file, so beside a card the picture goes into its thread.
      const first = view.card === undefined ? pictures.shift() : undefined;
      const posted = view.card === undefined ? await sayText(here, person, said.markdown, first) : await sayCard(here, person, said, offered, organization, name);
      const isInSpace = shown === 'here' && place?.roomType === 'group' && posted.roomId === place.roomId;
      const threadId = place?.threadId !== undefined && posted.roomId === place.roomId ? place.threadId : posted.messageId;
      await sayFiles(pictures, person, { roomId: posted.roomId, threadId });
      if (files.length > 0) {
        await sayFiles(files, person, isInSpace ? undefined : { roomId: posted.roomId, threadId });
        if (isInSpace) await sayText({ roomId: posted.roomId, threadId }, person, place.messageId === '' ? REPORT_FILE_ELSEWHERE : FILE_ELSEWHERE);
      }
      if (place?.roomType === 'group' && shown === 'direct') await sayLine(place, person, place.messageId === '' ? REPORT_ELSEWHERE : ELSEWHERE);
      return { messageId: posted.messageId, roomId: posted.roomId };
    },
    edit: async ({ messageId, roomId }, text) => {
      await messages.edit(bot, { id: messageId, roomId }, { markdown: fallback(text) });
    },
    remove: async (message) => {
      await buttons.forget(message);
      try {
        await messages.remove(bot, message.messageId);
      } catch (error) {
        if (!(error instanceof WebexRefused) || error.status !== 404) throw error;
      }
    },
  };

  /** The line in the space is a courtesy: the answer itself has arrived. */
  async function sayLine(place: Place, person: string, text: string): Promise<void> {
    try {
      await hub.say(place.roomId, { markdown: text, ...(place.threadId === undefined ? {} : { parentId: place.threadId }) });
    } catch (error) {
      log.info({ error: messageOf(error), person }, 'the line in the space could not be posted');
    }
  }
}

/** What nobody asked for is offered as it is. */
const allOf: Offering = (buttons) => ({ buttons: [...buttons], idle: new Set() });

function uploadOf({ name, content }: FileOut): NonNullable<Saying['file']> {
  const contentType = { csv: 'text/csv', png: 'image/png' }[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
  return { filename: name, contentType, content };
}

/** The text beside a card: what clients show that cannot draw it. */
function fallback(text: string): string {
  if (Buffer.byteLength(text, 'utf8') <= messages.LONGEST_TEXT) return text === '' ? ' ' : text;
  return `${cutToBytes(text, messages.LONGEST_TEXT - 3)}…`;
}

/** Every reply says which organization it is about. */
function withOrganization(text: string, name: string): string {
  return name === '' || text.includes(name) || text.includes(escaped(name)) ? text : `${text}\n\n*${escaped(name)}*`;
}
