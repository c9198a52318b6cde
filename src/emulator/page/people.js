import { bot, me, people } from './api.js';
import { el } from './dom.js';

/** Names and faces. Who is in the open space is known by its memberships, others by the accounts. */

let members = new Map();

/** Takes the memberships of the open space. */
export function setMembers(memberships) {
  members = new Map(memberships.map((item) => [item.personId, item]));
}

/** `{name, email}` of everybody in the open space but oneself, in the order of names; the bot first. */
export function mentionable() {
  return [...members.values()].filter(({ personId }) => personId !== me().id)
    .map((item) => ({ name: item.personDisplayName, email: item.personEmail, first: item.personId === bot().id }))
    .sort((a, b) => Number(b.first) - Number(a.first) || a.name.localeCompare(b.name));
}

export const hasMember = (personId) => members.has(personId);
export const memberCount = () => members.size;

export function nameOf(personId, email = '') {
  if (personId === bot().id) return 'Steward';
  return members.get(personId)?.personDisplayName ?? people().find(({ id }) => id === personId)?.displayName ?? email;
}

/** Whether somebody in the open space is of another organization than oneself. */
export function isOutside(personId) {
  const theirs = members.get(personId)?.personOrgId;
  const mine = members.get(me().id)?.personOrgId;
  return theirs !== undefined && mine !== undefined && theirs !== mine;
}

const COLORS = 8;

/** A round picture: the bot's sign, or initials on a color that stays the same for the same id. */
export function avatar(id, name, kind = 'person') {
  if (id === bot().id) return el('img', { class: 'avatar', src: '/steward.svg', alt: '', width: 32, height: 32 });
  const initials = kind === 'space' ? '#' : name.split(/[\s.@]+/).filter((word) => /^[\p{L}\p{N}]/u.test(word)).map((word) => [...word][0]).filter((_sign, at, signs) => at === 0 || at === signs.length - 1).join('').toUpperCase();
  const sum = [...id].reduce((total, sign) => (total * 31 + sign.codePointAt(0)) % 9973, 7);
  return el('span', { class: `avatar color-${sum % COLORS} ${kind}`, 'aria-hidden': 'true', text: initials || '?' });
}

const shortRole = (role) => role.replace('Administrator', 'admin');

/** What a person is, in a few words: "Full admin, site admin". */
export function describe(person) {
  return [...person.roles.map(shortRole), ...(person.siteAdminOf.length > 0 ? ['site admin'] : [])].join(', ');
}

/** Fills the list of whom one can be; admins first. */
export function fillAccounts(select) {
  const option = (person) => el('option', { value: person.email, text: [person.displayName, describe(person)].filter(Boolean).join(' · ') });
  const group = (label, list) => (list.length === 0 ? [] : [el('optgroup', { label }, list.map(option))]);
  const admins = people().filter((person) => person.roles.length > 0);
  select.replaceChildren(...group('Administrators', admins), ...group('People', people().filter((person) => person.roles.length === 0)));
  select.value = me().email;
}
