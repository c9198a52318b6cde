/**
 * What the panel shows, from `GET /_emulator/state`: sections of rows. A row is `{key, title, detail, values}`;
 * `values` is a map of what can be added and removed, with the name of each. Two snapshots give what has changed.
 */

const number = (value) => value.toLocaleString('en-US');
const count = (n, word) => `${number(n)} ${word}${n === 1 ? '' : 's'}`;

function delegates(state, names) {
  return state.people.flatMap((person) => person.sites.map((site) => ({
    key: `${person.id} ${site.siteUrl}`, title: person.displayName, detail: site.siteUrl,
    values: new Map(site.delegates.map((email) => [email, names.byEmail.get(email) ?? email])),
  })));
}

function admins(state) {
  return state.people.filter((person) => person.type === 'person').map((person) => {
    const roles = person.loginEnabled ? person.roles : [...person.roles, 'may not sign in'];
    return { key: person.id, title: person.displayName, detail: person.emails[0], values: new Map(roles.map((role) => [role, role])) };
  });
}

function groups(state) {
  return state.groups.map((group) => ({
    key: group.id, title: group.displayName, detail: count(group.members.length, 'member'), values: new Map(group.members.map(({ id, displayName }) => [id, displayName])),
  }));
}

function spaces(state, names) {
  const members = new Map(state.rooms.map((room) => [room.id, new Map()]));
  for (const { roomId, personId, isModerator } of state.memberships) {
    members.get(roomId)?.set(personId, `${names.byId.get(personId) ?? personId}${isModerator ? ' (moderator)' : ''}`);
  }
  return state.rooms.filter((room) => room.type === 'group').map((room) => {
    const values = members.get(room.id);
    const kind = [count(values.size, 'person').replace('persons', 'people'), ...(room.isLocked ? ['moderated'] : []), ...(room.isAnnouncementOnly ? ['announcements'] : [])];
    return { key: room.id, title: room.title, detail: kind.join(' · '), values };
  });
}

function licenses(state) {
  const holders = new Map(state.licenses.map((license) => [license.id, new Map()]));
  for (const person of state.people) for (const id of person.licenses) holders.get(id)?.set(person.id, person.displayName);
  return state.licenses.map((license) => ({
    key: license.id, title: license.name, detail: [license.siteUrl, license.subscriptionId].filter(Boolean).join(' · '), values: holders.get(license.id),
    used: license.consumedByUsers + license.consumedByWorkspaces, total: license.totalUnits,
  }));
}

/** `few`: the values are few enough to be shown; rows without any are left out. Else only what was added and removed is shown. */
export const SECTIONS = [
  { name: 'delegates', title: 'Who may schedule for whom', of: delegates, few: true },
  { name: 'admins', title: 'Administrators', of: admins, few: true },
  { name: 'groups', title: 'Groups', of: groups },
  { name: 'spaces', title: 'Spaces', of: spaces },
  { name: 'licenses', title: 'Licenses', of: licenses },
];

/** Rows of all sections by name. */
export function snapshotOf(state) {
  const names = {
    byEmail: new Map(state.people.flatMap((person) => person.emails.map((email) => [email.toLowerCase(), person.displayName]))),
    byId: new Map(state.people.map((person) => [person.id, person.displayName])),
  };
  return new Map(SECTIONS.map((section) => [section.name, section.of(state, names)]));
}

/** What differs in one row: `{added: [names], removed: [names]}`, or undefined. */
function difference(before, after) {
  const added = [...after.values].filter(([key]) => !before.values.has(key)).map(([, name]) => name);
  const removed = [...before.values].filter(([key]) => !after.values.has(key)).map(([, name]) => name);
  return added.length + removed.length === 0 && before.detail === after.detail ? undefined : { added, removed };
}

/** Differences of two snapshots: `[{section, key, added, removed}]`. */
export function compare(before, after) {
  return SECTIONS.flatMap(({ name }) => {
    const old = new Map(before.get(name).map((row) => [row.key, row]));
    return after.get(name).flatMap((row) => {
      const found = difference(old.get(row.key) ?? { values: new Map(), detail: row.detail }, row);
      return found ? [{ section: name, key: row.key, ...found }] : [];
    });
  });
}
