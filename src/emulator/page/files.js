import { request } from './api.js';
import { el, icon, notice } from './dom.js';

const SIZES = ['bytes', 'KB', 'MB'];

function sizeText(bytes) {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < SIZES.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${SIZES[unit]}`;
}

/** The name in a Content-Disposition. */
function nameIn(disposition) {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  return encoded ? decodeURIComponent(encoded) : (/filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? 'file');
}

/** Below `/v1`, whatever host the address names: the token is for this origin only. */
const pathOf = (address) => new URL(address, location.href).pathname.replace(/^\/v1/, '');

async function download(address, name) {
  try {
    const url = URL.createObjectURL(await (await request('GET', pathOf(address))).blob());
    el('a', { href: url, download: name }).click();
    setTimeout(() => { URL.revokeObjectURL(url); }, 60_000);
  } catch (error) {
    notice(`${name}: ${error.message}`);
  }
}

/** Pictures that Webex's clients show where they are. */
const PICTURE = /^image\/(png|jpeg|gif|bmp)$/;

/** Pictures that were fetched once; messages are drawn anew with every change. */
const pictures = new Map();

function pictureOf(address) {
  const known = pictures.get(address);
  if (known) return known;
  const fetched = request('GET', pathOf(address)).then(async (reply) => URL.createObjectURL(await reply.blob()));
  pictures.set(address, fetched);
  fetched.catch(() => pictures.delete(address));
  return fetched;
}

/** A message's file: a button that downloads it, and the picture if it is one. Name and picture come a moment later. */
export function fileElement(address) {
  const element = el('div', {}, fileButton(address, (type, name) => {
    if (!PICTURE.test(type)) return;
    pictureOf(address).then((source) => { element.prepend(el('img', { class: 'picture', src: source, alt: name, dataset: { testid: 'picture' } })); }, () => undefined);
  }));
  return element;
}

function fileButton(address, whenKnown) {
  const label = el('span', { class: 'file-name', text: 'file' });
  const size = el('span', { class: 'quiet' });
  const button = el('button', { type: 'button', class: 'file', dataset: { testid: 'download' }, onclick: () => download(address, label.textContent) },
    icon('M12 4v11m-5-5l5 5 5-5M5 20h14'), el('span', { class: 'hidden', text: 'Download ' }), label, size);
  request('HEAD', pathOf(address)).then((reply) => {
    label.textContent = nameIn(reply.headers.get('Content-Disposition') ?? '');
    size.textContent = sizeText(Number(reply.headers.get('Content-Length') ?? 0));
    whenKnown(reply.headers.get('Content-Type') ?? '', label.textContent);
  }, (error) => { size.textContent = error.message; });
  return button;
}

/** `Name (12 KB)` of a file to be sent. */
export const fileLabel = (file) => `${file.name} (${sizeText(file.size)})`;
