import { emulator } from './api.js';
import { changeSection, clockSection } from './changes.js';
import { byId, el, later, notice, redraw } from './dom.js';
import { compare, SECTIONS, snapshotOf } from './snapshot.js';

/** The side panel: the organization as it is, and what has changed since the page was opened. */

const ROWS = 40;
const NAMES = 12;
const SOON_MS = 250;

let snapshot;
let filter = '';
/** The last change of a row, by section and key. */
const changed = new Map();
let order = 0;
let reading = false;
let again = false;
let pauseUntil = 0;

const keyOf = (section, key) => `${section} ${key}`;

function nameList(names, kind) {
  const shown = names.slice(0, NAMES).map((name) => el('li', { class: kind, text: name },
    kind === 'added' && el('span', { class: 'hidden', text: ' (new)' }), kind === 'removed' && el('span', { class: 'hidden', text: ' (taken away)' })));
  return names.length > NAMES ? [...shown, el('li', { class: `more ${kind}`, text: `and ${(names.length - NAMES).toLocaleString('en-US')} more` })] : shown;
}

function rowElement(section, row) {
  const change = changed.get(keyOf(section.name, row.key));
  const fresh = change?.order === order;
  const values = [...row.values.values()];
  const same = section.few ? values.filter((name) => !change?.added.includes(name)) : [];
  const names = [...nameList(same, ''), ...nameList(change?.added ?? [], 'added'), ...nameList(change?.removed ?? [], 'removed')];
  return el('li', { class: ['row', change && 'changed', fresh && 'fresh'].filter(Boolean).join(' '), dataset: { testid: `now-${section.name}`, title: row.title, detail: row.detail } },
    el('div', { class: 'row-head' }, el('span', { class: 'row-title', text: row.title }), el('span', { class: 'quiet', text: row.detail })),
    row.total !== undefined && el('div', { class: 'units' },
      el('meter', { min: 0, max: Math.max(1, row.total), value: Math.max(0, row.used), 'aria-label': `${row.title}: used` }),
      el('span', { class: 'quiet', text: `${row.used.toLocaleString('en-US')} of ${row.total.toLocaleString('en-US')}` })),
    names.length > 0 && el('ul', { class: 'names', role: 'list' }, names));
}

function visibleRows(section) {
  const word = filter.trim().toLowerCase();
  const fits = (row) => word === '' || [row.title, row.detail, ...(section.few ? row.values.values() : [])].some((text) => text.toLowerCase().includes(word));
  const changeOf = (row) => changed.get(keyOf(section.name, row.key))?.order ?? 0;
  return snapshot.get(section.name).filter((row) => (!section.few || row.values.size > 0 || changeOf(row) > 0) && fits(row)).sort((a, b) => changeOf(b) - changeOf(a));
}

function sectionElement(section, isOpen) {
  const rows = visibleRows(section);
  const rest = rows.length - ROWS;
  return el('details', { class: 'section', open: isOpen, dataset: { section: section.name } },
    el('summary', { dataset: { focus: section.name } }, el('h3', { text: section.title }), el('span', { class: 'quiet', text: rows.length.toLocaleString('en-US') })),
    rows.length === 0 ? el('p', { class: 'quiet', text: 'Nothing.' }) : el('ul', { role: 'list' }, rows.slice(0, ROWS).map((row) => rowElement(section, row))),
    rest > 0 && el('p', { class: 'quiet', text: `and ${rest.toLocaleString('en-US')} more` }));
}

function draw() {
  const place = byId('now-sections');
  const open = new Map([...place.querySelectorAll('details')].map((item) => [item.dataset.section, item.open]));
  const touched = new Set([...changed].filter(([, change]) => change.order === order && order > 0).map(([key]) => key.split(' ')[0]));
  redraw(place, ...SECTIONS.map((section) => sectionElement(section, touched.has(section.name) || (open.get(section.name) ?? section.name === 'delegates'))));
}

function take(state) {
  const next = snapshotOf(state);
  const found = snapshot === undefined ? [] : compare(snapshot, next);
  if (found.length > 0) order += 1;
  for (const { section, key, added, removed } of found) changed.set(keyOf(section, key), { added, removed, order });
  snapshot = next;
}

const isVisible = () => byId('now').getClientRects().length > 0;

async function read() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  const started = window.performance.now();
  try {
    const state = await emulator('GET', 'state');
    take(state);
    draw();
    redraw(byId('now-changes'), changeSection(state, refresh));
  } catch (error) {
    notice(`The side panel could not be read: ${error.message}`);
  } finally {
    reading = false;
    // A very large organization takes long to read: not all the time, then.
    pauseUntil = window.performance.now() + 4 * (window.performance.now() - started);
    if (again) {
      again = false;
      setTimeout(refresh, Math.max(0, pauseUntil - window.performance.now()));
    }
  }
}

/** Reads the organization anew, soon; not while nobody can see it. */
export const refresh = later(() => {
  if (isVisible()) void read();
}, SOON_MS);

/** Builds the panel. */
export function start() {
  byId('now').append(
    el('div', { class: 'now-head' }, el('h2', { text: 'What Webex shows now' }),
      el('input', { type: 'search', placeholder: 'Find a person, site, space …', 'aria-label': 'Find in the organization', dataset: { testid: 'now-filter' }, oninput: (event) => {
        filter = event.target.value;
        if (snapshot) draw();
      } })),
    el('details', { class: 'section', dataset: { testid: 'events' } },
      el('summary', {}, el('h3', { text: 'Make something happen' })),
      el('div', { id: 'now-changes' }), clockSection()),
    el('div', { id: 'now-sections' }));
  refresh();
}
