import { all, bot, call, me, query, request } from './api.js';
import { byId, el, notice } from './dom.js';
import { messageElement } from './message.js';
import { setMembers } from './people.js';

/** The messages of the open space. They are changed one by one, so that what somebody types into a card stays. */

const PAGE = 60;
const SAME_BREATH_MS = 5 * 60_000;

let room;
let reply = () => undefined;
let loading = 0;

const log = () => byId('messages');
const threadOf = (id) => log().querySelector(`.thread[data-root="${CSS.escape(id)}"]`);
const articleOf = (id) => log().querySelector(`article[data-id="${CSS.escape(id)}"]`);

/** What "Reply in thread" calls, with the root message. */
export function onReply(handler) {
  reply = handler;
}

function isAtEnd() {
  const box = log();
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
}

function toEnd() {
  const box = log();
  box.scrollTop = box.scrollHeight;
}

const replyTo = (message) => { reply({ id: message.parentId ?? message.id, author: message.personEmail, personId: message.personId }); };

/** A root with its place for replies; a reply whose root is not here stands for itself. */
function thread(rootId, article) {
  return el('div', { class: 'thread', dataset: { root: rootId, created: article.dataset.created } }, article, el('div', { class: 'replies', role: 'group', 'aria-label': 'Replies' }));
}

/** Inserts by time: late news of an old message must not stand at the end. */
function insertByTime(parent, node) {
  const next = [...parent.children].reverse().find((other) => other.dataset.created !== undefined && other.dataset.created <= node.dataset.created);
  if (next) next.after(node);
  else if (parent.querySelector(':scope > .earlier')) parent.querySelector(':scope > .earlier').after(node);
  else parent.prepend(node);
}

function place(message) {
  const article = messageElement(message, replyTo);
  const known = articleOf(message.id);
  if (known) {
    known.replaceWith(article);
    return;
  }
  const root = message.parentId === undefined ? undefined : threadOf(message.parentId);
  if (root) insertByTime(root.querySelector('.replies'), article);
  else insertByTime(log(), thread(message.parentId ?? message.id, article));
}

/** Sets days between, and takes the head off messages that one person wrote in one breath. */
function arrange() {
  for (const line of log().querySelectorAll('.day')) line.remove();
  let day = '';
  let last;
  for (const item of log().querySelectorAll('.thread')) {
    const article = item.querySelector(':scope > article');
    const date = new Date(item.dataset.created).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' });
    const isNewDay = date !== day;
    if (isNewDay) item.before(el('div', { class: 'day' }, el('span', { text: date })));
    day = date;
    const close = !isNewDay && last?.dataset.author === article?.dataset.author && Date.parse(article?.dataset.created) - Date.parse(last?.dataset.created) < SAME_BREATH_MS;
    article?.classList.toggle('close', close === true && item.querySelector('.replies:not(:empty)') === null);
    last = item.querySelector('.replies:not(:empty)') ? undefined : article;
  }
}

const hints = () => [
  ['help', 'what Steward can do'],
  ['account link', 'let Steward act with your rights'],
  ['delegates add bob.nguyen@acme.test for=cara.olsen@acme.test', 'let Bob schedule for Cara'],
];

/** The first sight of an empty conversation with the bot. `use` puts a text into the message box. */
function welcome(use) {
  return el('div', { class: 'welcome', dataset: { testid: 'welcome' } },
    el('img', { src: '/steward.svg', alt: '', width: 56, height: 56 }),
    el('h3', { text: 'Say hello to Steward' }),
    el('p', { text: 'Steward does admin work in Webex. It shows you exactly what would change, and changes it only after you approve. Everything can be undone.' }),
    el('ul', { role: 'list' }, hints().map(([text, why]) => el('li', {}, el('button', { type: 'button', class: 'hint', onclick: () => { use(text); } }, el('code', { text }), el('span', { text: why }))))));
}

function earlierButton() {
  return el('button', { type: 'button', class: 'earlier', text: 'Show earlier messages', dataset: { testid: 'earlier' }, onclick: loadEarlier });
}

async function loadEarlier() {
  const box = log();
  const first = [...box.querySelectorAll('article')].map((item) => item.dataset).sort((a, b) => (a.created < b.created ? -1 : 1))[0];
  const before = box.scrollHeight;
  try {
    const { items } = await call('GET', `/messages${query({ roomId: room.id, max: PAGE, beforeMessage: first.id })}`);
    if (items.length < PAGE) box.querySelector('.earlier')?.remove();
    for (const message of items.reverse()) place(message);
    arrange();
    box.scrollTop = box.scrollHeight - before;
  } catch (error) {
    notice(error.message);
  }
}

/** Opens a space: `{id?, title, type}`; one without an id is a conversation with the bot that has not begun. */
export async function open(wanted, use) {
  loading += 1;
  const turn = loading;
  room = wanted;
  log().setAttribute('aria-busy', 'true');
  try {
    const [page, members] = wanted.id === undefined ? [{ items: [] }, []]
      : await Promise.all([request('GET', `/messages${query({ roomId: wanted.id, max: PAGE })}`).then((answer) => answer.json()), all(`/memberships${query({ roomId: wanted.id })}`)]);
    if (turn !== loading) return;
    setMembers(members);
    log().replaceChildren();
    if (page.items.length === PAGE) log().append(earlierButton());
    for (const message of page.items.reverse()) place(message);
    if (page.items.length === 0 && (wanted.id === undefined || isWithBot(members))) log().append(welcome(use));
    arrange();
    toEnd();
  } catch (error) {
    if (turn === loading) log().replaceChildren(el('p', { class: 'quiet centered', text: error.message }));
  } finally {
    if (turn === loading) log().removeAttribute('aria-busy');
  }
}

/** Catches up after lost events without touching what is as it was. */
export async function sync() {
  const { id: roomId } = room;
  if (roomId === undefined) return;
  const { items } = await call('GET', `/messages${query({ roomId, max: PAGE })}`);
  if (room.id !== roomId) return;
  const live = new Set(items.map(({ id }) => id));
  const oldest = items.at(-1)?.created ?? '';
  for (const { dataset } of log().querySelectorAll('article')) if (dataset.created >= oldest && !live.has(dataset.id)) await apply('deleted', dataset.id);
  for (const message of items.reverse()) if (articleOf(message.id)?.dataset.updated !== (message.updated ?? '')) place(message);
  arrange();
}

const isWithBot = (members) => room.type === 'direct' && members.some(({ personId }) => personId === bot().id);

/** Takes up one event of the open space's messages; gives the message that is shown now, if one is. */
export async function apply(event, id) {
  if (event === 'deleted') {
    const article = articleOf(id);
    if (!article) return undefined;
    const root = article.parentElement.classList.contains('thread') ? article.parentElement : undefined;
    if (root?.querySelector('.replies:not(:empty)')) article.replaceWith(el('p', { class: 'gone quiet', text: 'This message was deleted.' }));
    else (root ?? article).remove();
    arrange();
    return undefined;
  }
  const { id: roomId } = room;
  try {
    const message = await call('GET', `/messages/${id}`);
    if (room.id !== roomId) return undefined;
    const follow = isAtEnd() || message.personId === me().id;
    log().querySelector('.welcome')?.remove();
    place(message);
    arrange();
    if (follow) toEnd();
    return message;
  } catch (error) {
    // Deleted again before it was read: the event for that is on its way.
    if (error.status !== 404) notice(error.message);
    return undefined;
  }
}
