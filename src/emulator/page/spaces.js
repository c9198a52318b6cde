import { all, me, query } from './api.js';
import { byId, el, redraw } from './dom.js';
import { avatar } from './people.js';

/** The list of spaces. What has been read is kept for the tab, per person. */

let rooms = [];
let current;
let choose = () => undefined;

export const list = () => rooms;
export const find = (id) => rooms.find((room) => room.id === id);

export function onChoose(handler) {
  choose = handler;
}

const seenKey = (roomId) => `seen ${me().id} ${roomId}`;
const startKey = () => `start ${me().id}`;

/** Everything up to now is read, when somebody opens the page for the first time. */
function isUnread(room) {
  return room.id !== current && room.lastActivity > (sessionStorage.getItem(seenKey(room.id)) ?? sessionStorage.getItem(startKey()) ?? '');
}

function item(room) {
  const unread = isUnread(room);
  return el('li', {}, el('button', {
    type: 'button', class: unread ? 'space unread' : 'space', 'aria-current': room.id === current ? 'true' : undefined,
    dataset: { testid: 'space', title: room.title, id: room.id, focus: room.id }, onclick: () => { choose(room); },
  },
  avatar(room.botId ?? room.id, room.title, room.type === 'direct' ? 'person' : 'space'),
  el('span', { class: 'space-name', text: room.title }),
  unread && el('span', { class: 'dot' }, el('span', { class: 'hidden', text: 'unread' }))));
}

function draw() {
  redraw(byId('space-list'), ...rooms.map(item));
}

/** What was shown up to `time` has been read. */
export function saw(roomId, time) {
  if (time > (sessionStorage.getItem(seenKey(roomId)) ?? '')) sessionStorage.setItem(seenKey(roomId), time);
}

function markSeen() {
  const room = find(current);
  if (room) saw(room.id, room.lastActivity);
}

/** Reads the person's spaces anew, newest activity first. `botName` is how a 1:1 with the bot is called. */
export async function load(bot) {
  const person = me().id;
  const fresh = await all(`/rooms${query({ sortBy: 'lastactivity', max: 200 })}`);
  if (me().id !== person) return;
  rooms = fresh.map((room) => (room.type === 'direct' && room.title === bot.name ? { ...room, botId: bot.id } : room));
  if (sessionStorage.getItem(startKey()) === null) sessionStorage.setItem(startKey(), rooms[0]?.lastActivity ?? '0');
  markSeen();
  draw();
}

export function select(id) {
  current = id;
  markSeen();
  draw();
}
