import { bot, call, request } from './api.js';
import { byId, el, notice } from './dom.js';
import { fileLabel } from './files.js';
import { hasMember, mentionable, nameOf } from './people.js';

/** The message box: drafts, mentions, a file, a thread to reply to. */

const MOST_SHOWN = 8;

let room = {};
let parent;
let file;
let sent = () => undefined;
let shown = [];
let active = 0;
let sending = false;
const drafts = new Map();
/** Names that were chosen from the list, with the address each stands for. */
const mentioned = new Map();

const box = () => byId('text');
const menu = () => byId('mentions');

/** Gets the new message; its space may be new, too. */
export function onSent(handler) {
  sent = handler;
}

const PUNCTUATION = /[!-/:-@[-`{-~]/g;
const literal = (text) => text.replace(PUNCTUATION, '\\$&').replace(/\n/g, '  \n');

/** Plain text as it is typed; with mentions it becomes markdown, in which everything else stands for itself. */
export function bodyOf(text) {
  const names = [...mentioned.keys()].filter((name) => text.includes(`@${name}`)).sort((a, b) => b.length - a.length);
  if (names.length === 0) return { text };
  let markdown = '';
  for (let rest = text; rest !== '';) {
    const name = names.find((one) => rest.startsWith(`@${one}`));
    if (name !== undefined) {
      markdown += `<@personEmail:${mentioned.get(name)}|${name.replace(/[|<>\n]/g, ' ')}>`;
      rest = rest.slice(name.length + 1);
    } else {
      const next = rest.indexOf('@', 1);
      markdown += literal(next === -1 ? rest : rest.slice(0, next));
      rest = next === -1 ? '' : rest.slice(next);
    }
  }
  return { markdown };
}

function grow() {
  box().style.height = 'auto';
  box().style.height = `${Math.min(box().scrollHeight + 2, 200)}px`;
  byId('send').disabled = sending || (box().value.trim() === '' && file === undefined);
}

function drawHint() {
  const inGroup = room.type === 'group' && hasMember(bot().id);
  byId('composer-hint').replaceChildren(...(inGroup
    ? [el('span', {}, 'Steward only sees messages that mention it: type ', el('code', { text: '@Steward' }), '.')]
    : room.type === 'group' ? ['Steward is not in this space.']
      : [el('span', {}, 'Try ', el('code', { text: 'help' }), ' or ', el('code', { text: 'delegates add bob.nguyen@acme.test for=cara.olsen@acme.test' }))]),
  el('span', { class: 'keys', text: 'Enter sends · Shift+Enter: new line' }));
}

export function setFile(chosen) {
  file = chosen;
  const bar = byId('chosen-file');
  bar.hidden = file === undefined;
  bar.replaceChildren(...(file === undefined ? [] : [el('span', { text: fileLabel(file) }),
    el('button', { type: 'button', class: 'icon', 'aria-label': `Do not send ${file.name}`, text: '×', onclick: () => { setFile(undefined); } })]));
  byId('file').value = '';
  grow();
}

/** `{id, personId, author}` of a thread's root, or undefined to write to the space. */
export function replyTo(root) {
  parent = root;
  const bar = byId('reply-to');
  bar.hidden = parent === undefined;
  bar.replaceChildren(...(parent === undefined ? [] : [el('span', { text: `Reply in the thread of ${nameOf(parent.personId, parent.author)}` }),
    el('button', { type: 'button', class: 'icon', 'aria-label': 'Do not reply in the thread', text: '×', onclick: () => { replyTo(undefined); } })]));
  if (parent) box().focus();
}

/** Turns to another space; what was typed for the last one is kept. */
export function setRoom(next) {
  drafts.set(room.id, box().value);
  room = next;
  box().value = drafts.get(room.id) ?? '';
  box().placeholder = `Message ${room.title ?? ''}`;
  replyTo(undefined);
  setFile(undefined);
  closeMenu();
  grow();
  drawHint();
}

/** Called when the members of the open space are known. */
export const refreshHint = drawHint;

export function use(text) {
  box().value = text;
  grow();
  box().focus();
}

/** The word behind an `@` at the cursor, if there is one. */
function wanted() {
  const before = box().value.slice(0, box().selectionStart);
  return /(?:^|\s)@([\p{L}\p{N}.'’-]*(?: [\p{L}\p{N}.'’-]*)?)$/u.exec(before)?.[1];
}

function closeMenu() {
  shown = [];
  menu().hidden = true;
  box().removeAttribute('aria-activedescendant');
}

function drawMenu() {
  const word = room.type === 'group' ? wanted()?.toLowerCase() : undefined;
  if (word === undefined) {
    closeMenu();
    return;
  }
  shown = mentionable().filter(({ name, email }) => name.toLowerCase().split(/\s+/).some((_part, at, parts) => parts.slice(at).join(' ').startsWith(word)) || email.startsWith(word)).slice(0, MOST_SHOWN);
  active = 0;
  if (shown.length === 0) closeMenu();
  else drawOptions();
}

function drawOptions() {
  menu().hidden = false;
  menu().replaceChildren(...shown.map(({ name, email }, at) => el('li', {
    id: `mention-${at}`, role: 'option', 'aria-selected': String(at === active), onmousedown: (event) => { event.preventDefault(); complete(shown[at]); },
  }, el('span', { text: name }), el('span', { class: 'quiet', text: email }))));
  box().setAttribute('aria-activedescendant', `mention-${active}`);
}

function complete({ name, email }) {
  const at = box().selectionStart;
  const start = at - (wanted()?.length ?? 0);
  mentioned.set(name, email);
  box().setRangeText(`${name} `, start, at, 'end');
  closeMenu();
  grow();
}

/** True when the key was for the list of people. */
function menuKey(event) {
  if (shown.length === 0) return false;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    active = (active + (event.key === 'ArrowDown' ? 1 : shown.length - 1)) % shown.length;
    drawOptions();
  } else if (event.key === 'Enter' || event.key === 'Tab') complete(shown[active]);
  else if (event.key === 'Escape') closeMenu();
  else return false;
  return true;
}

function formOf(fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== '') form.append(name, value);
  form.append('files', file, file.name);
  return form;
}

async function send() {
  const text = box().value.trim();
  if (sending || (text === '' && file === undefined)) return;
  sending = true;
  grow();
  const target = room.id === undefined ? { toPersonEmail: bot().email } : { roomId: room.id };
  const fields = { ...target, ...(parent === undefined ? {} : { parentId: parent.id }), ...bodyOf(text) };
  try {
    const message = file === undefined ? await call('POST', '/messages', fields) : await (await request('POST', '/messages', formOf(fields))).json();
    box().value = '';
    setFile(undefined);
    sent(message);
  } catch (error) {
    notice(error.message);
  } finally {
    sending = false;
    grow();
  }
}

/** Sets up the box. */
export function start() {
  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  box().addEventListener('input', () => {
    grow();
    drawMenu();
  });
  box().addEventListener('blur', closeMenu);
  box().addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (menuKey(event)) event.preventDefault();
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape') replyTo(undefined);
  });
  box().addEventListener('paste', (event) => {
    const [pasted] = event.clipboardData?.files ?? [];
    if (pasted) {
      event.preventDefault();
      setFile(pasted);
    }
  });
  byId('attach').addEventListener('click', () => { byId('file').click(); });
  byId('file').addEventListener('change', () => { setFile(byId('file').files[0]); });
  const main = byId('conversation');
  main.addEventListener('dragover', (event) => { event.preventDefault(); });
  main.addEventListener('drop', (event) => {
    event.preventDefault();
    if (event.dataTransfer?.files[0]) setFile(event.dataTransfer.files[0]);
  });
}
