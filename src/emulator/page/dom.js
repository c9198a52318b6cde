/** Small helpers for the page's elements. Nothing here takes HTML: text is always text. */

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * A new element. `props`: `class`, `text`, `on…` listeners, `dataset`; `true` sets an empty attribute, false and undefined leave it out.
 * Children that are null, undefined or false are left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name === 'text') node.textContent = value;
    else if (name === 'dataset') Object.assign(node.dataset, value);
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A drawing of lines in the color of the text, 24 units wide and high. */
export function icon(path) {
  const of = (tag, props) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
    return node;
  };
  const drawing = of('svg', { viewBox: '0 0 24 24', width: '18', height: '18', 'aria-hidden': 'true', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.8', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' });
  drawing.append(of('path', { d: path }));
  return drawing;
}

/** Runs `action` once, `ms` after the last call. */
export function later(action, ms) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  };
}

/** Replaces the children of `place`; the focus stays on what has the same `data-focus`. */
export function redraw(place, ...children) {
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  place.replaceChildren(...children);
  if (focused !== undefined) place.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

const NOTICE_MS = 8000;

/** Shows a line at the bottom for a while; `kind` is `error` or `info`. */
export function notice(text, kind = 'error') {
  const line = el('div', { class: `notice ${kind}` }, el('span', { text }),
    el('button', { type: 'button', class: 'icon', 'aria-label': 'Close this notice', text: '×', onclick: () => { line.remove(); } }));
  byId('notices').append(line);
  setTimeout(() => { line.remove(); }, NOTICE_MS);
}
