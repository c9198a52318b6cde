import { bot, call, loadAccounts, me, query, signIn } from './api.js';
import { onScheme } from './cards.js';
import * as composer from './composer.js';
import * as conversation from './conversation.js';
import { byId, later, notice } from './dom.js';
import { listen } from './live.js';
import * as panel from './panel.js';
import { fillAccounts, memberCount, nameOf } from './people.js';
import * as spaces from './spaces.js';

/** Puts the parts of the page together: who is signed in, which space is open, what happens. */

const FIRST = 'anna.berg@acme.test';
const NO_SPACE = { title: 'Steward', type: 'direct' };

let room = NO_SPACE;
let botInfo = { id: '', name: 'Steward' };

const report = (error) => { notice(error.message); };

function about() {
  if (room.id === undefined) return 'A conversation with the bot';
  if (room.type === 'direct') return room.botId ? 'Bot · only you and Steward see this' : 'Only the two of you see this';
  return [`${memberCount()} people`, ...(room.isLocked ? ['moderated'] : []), ...(room.isAnnouncementOnly ? ['announcements'] : []), ...(room.description ? [room.description] : [])].join(' · ');
}

function closeDrawers() {
  for (const [button, part] of [['toggle-spaces', 'spaces'], ['toggle-now', 'now']]) {
    byId(part).classList.remove('shown');
    byId(button).setAttribute('aria-expanded', 'false');
  }
}

/** Opens a space of the list, or the conversation with the bot that has not begun. */
async function open(next, focus = true) {
  room = next;
  closeDrawers();
  byId('space-title').textContent = next.title;
  byId('space-about').textContent = '';
  spaces.select(next.id);
  composer.setRoom(next);
  if (focus) byId('text').focus();
  await conversation.open(next, composer.use);
  if (room !== next) return;
  byId('space-about').textContent = about();
  composer.refreshHint();
}

const withBot = () => spaces.list().find(({ botId }) => botId !== undefined);

/** Reads the spaces anew; the open one may be gone, or the bot's may have begun. */
async function reload() {
  await spaces.load(botInfo);
  const known = room.id === undefined ? withBot() : spaces.find(room.id);
  if (room.id === undefined ? known !== undefined : known === undefined) await open(known ?? withBot() ?? NO_SPACE, false);
}

const reloadSoon = later(() => { reload().catch(report); }, 150);
const accountsSoon = later(() => { loadAccounts().then(() => { fillAccounts(byId('person')); }, report); }, 300);

function told({ resource, event, id, roomId }) {
  if (resource === 'emulator') location.reload();
  else if (resource === 'messages') {
    if (roomId === room.id) conversation.apply(event, id).then((shown) => { if (shown) spaces.saw(roomId, shown.created); }, report);
    if (event === 'created') reloadSoon();
  } else if (resource === 'rooms' || resource === 'memberships') reloadSoon();
  else if (resource === 'people') accountsSoon();
  if (resource !== 'messages' && resource !== 'attachmentActions') panel.refresh();
}

function missed() {
  reload().then(conversation.sync).catch(report);
  panel.refresh();
}

async function become(email) {
  signIn(email);
  const url = new URL(location.href);
  url.searchParams.set('as', me().email);
  history.replaceState(null, '', url);
  fillAccounts(byId('person'));
  room = NO_SPACE;
  await spaces.load(botInfo);
  await open(withBot() ?? NO_SPACE, false);
}

async function sent(message) {
  if (room.id === message.roomId) return;
  await spaces.load(botInfo);
  await open(spaces.find(message.roomId) ?? NO_SPACE);
}

function drawer(buttonId, partId) {
  byId(buttonId).addEventListener('click', () => {
    const shown = !byId(partId).classList.contains('shown');
    closeDrawers();
    byId(partId).classList.toggle('shown', shown);
    byId(buttonId).setAttribute('aria-expanded', String(shown));
    if (!shown) return;
    byId(partId).querySelector('button, input')?.focus();
    if (partId === 'now') panel.refresh();
  });
}

async function start() {
  const { people } = await loadAccounts();
  const asked = new URLSearchParams(location.search).get('as');
  signIn(people.find(({ email }) => email === asked)?.email ?? FIRST);
  const [found] = (await call('GET', `/people${query({ id: bot().id })}`)).items;
  botInfo = { id: bot().id, name: found?.displayName ?? nameOf(bot().id) };
  composer.start();
  composer.onSent((message) => { sent(message).catch(report); });
  conversation.onReply(composer.replyTo);
  spaces.onChoose((chosen) => { open(chosen).catch(report); });
  byId('person').addEventListener('change', (event) => { become(event.target.value).catch(report); });
  byId('new-message').addEventListener('click', () => { open(withBot() ?? NO_SPACE).catch(report); });
  drawer('toggle-spaces', 'spaces');
  drawer('toggle-now', 'now');
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeDrawers();
  });
  onScheme(() => { conversation.open(room, composer.use).catch(report); });
  await become(me().email);
  panel.start();
  listen(told, missed);
  byId('text').focus();
}

start().catch(report);
