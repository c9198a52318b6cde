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

/** A button that downloads a message's file; its name comes a moment later. */
export function fileButton(address) {
  const label = el('span', { class: 'file-name', text: 'file' });
  const size = el('span', { class: 'quiet' });
  const button = el('button', { type: 'button', class: 'file', dataset: { testid: 'download' }, onclick: () => download(address, label.textContent) },
    icon('M12 4v11m-5-5l5 5 5-5M5 20h14'), el('span', { class: 'hidden', text: 'Download ' }), label, size);
  request('HEAD', pathOf(address)).then((reply) => {
    label.textContent = nameIn(reply.headers.get('Content-Disposition') ?? '');
    size.textContent = sizeText(Number(reply.headers.get('Content-Length') ?? 0));
  }, (error) => { size.textContent = error.message; });
  return button;
}

/** `Name (12 KB)` of a file to be sent. */
export const fileLabel = (file) => `${file.name} (${sizeText(file.size)})`;
