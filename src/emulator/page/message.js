import { bot, call, me } from './api.js';
import { drawCard } from './cards.js';
import { el, notice } from './dom.js';
import { fileElement } from './files.js';
import { fromHtml, fromText } from './markup.js';
import { avatar, isOutside, nameOf } from './people.js';

export const timeText = (iso) => new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

function contentOf(message) {
  const card = (message.attachments?.length ?? 0) > 0 ? drawCard(message) : undefined;
  // As in Webex: the text is for those who cannot see the card.
  if (card) return [card];
  const body = message.html ? el('div', { class: 'rich' }, fromHtml(message.html, me().id)) : el('div', { class: 'plain' }, fromText(message.text ?? ''));
  return message.text || message.html ? [body] : [];
}

async function remove(message) {
  try {
    await call('DELETE', `/messages/${message.id}`);
  } catch (error) {
    notice(error.message);
  }
}

/** One message. `onReply` gets it when its "Reply in thread" is pressed. */
export function messageElement(message, onReply) {
  const name = nameOf(message.personId, message.personEmail);
  const isBot = message.personId === bot().id;
  const tools = el('div', { class: 'tools' },
    el('button', { type: 'button', text: 'Reply in thread', dataset: { testid: 'reply' }, onclick: () => { onReply(message); } }),
    message.personId === me().id && el('button', { type: 'button', text: 'Delete', dataset: { testid: 'delete' }, onclick: () => remove(message) }));
  return el('article', {
    class: isBot ? 'message from-bot' : 'message', 'aria-label': `${name}, ${timeText(message.created)}`,
    dataset: { testid: 'message', id: message.id, author: message.personEmail ?? '', created: message.created, updated: message.updated ?? '' },
  },
  avatar(message.personId, name),
  el('div', { class: 'body' },
    el('div', { class: 'head' },
      el('span', { class: 'author', text: name }),
      isBot && el('span', { class: 'tag', text: 'bot' }),
      isOutside(message.personId) && el('span', { class: 'tag outside', text: 'external' }),
      el('time', { datetime: message.created, text: timeText(message.created), title: new Date(message.created).toLocaleString() }),
      message.updated && el('span', { class: 'quiet', text: 'edited' })),
    el('div', { class: 'content', dataset: { testid: 'content' } }, contentOf(message)),
    (message.files ?? []).length > 0 && el('div', { class: 'files' }, message.files.map(fileElement)),
    tools));
}
