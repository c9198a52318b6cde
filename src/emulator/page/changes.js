import { emulator } from './api.js';
import { el, notice } from './dom.js';

/** Buttons that change the organization behind Steward's back, as another admin in the vendor's console would, and that move the clock. */

const HOST = 'cara.olsen@acme.test';
const DELEGATE = 'priya.natarajan@acme.test';
const ADMIN = 'ben.okoye@acme.test';
const ROLE = 'Full Administrator';
const GROUP = 'Sales';
const JOINER = 'raj.patel@acme.test';
const SPACE = 'IT Admins';

const personOf = (state, email) => state.people.find(({ emails }) => emails[0] === email);

function delegateChange(state) {
  const host = personOf(state, HOST);
  const delegate = personOf(state, DELEGATE);
  const seat = host?.sites[0];
  if (!seat || !delegate) return undefined;
  const has = seat.delegates.includes(DELEGATE);
  return {
    label: has ? `Take ${delegate.firstName} off ${host.firstName}'s delegates` : `Make ${delegate.firstName} a delegate of ${host.firstName}`,
    body: { delegates: [{ host: HOST, site: seat.siteUrl, [has ? 'remove' : 'add']: [DELEGATE] }] },
  };
}

function roleChange(state) {
  const admin = personOf(state, ADMIN);
  if (!admin) return undefined;
  const has = admin.roles.includes(ROLE);
  return {
    label: has ? `Take ${admin.firstName}'s admin role away` : `Give ${admin.firstName} his admin role back`,
    body: { people: [{ email: ADMIN, roles: has ? admin.roles.filter((role) => role !== ROLE) : [...admin.roles, ROLE] }] },
  };
}

function groupChange(state) {
  const group = state.groups.find(({ displayName }) => displayName === GROUP);
  const joiner = personOf(state, JOINER);
  if (!group || !joiner) return undefined;
  const has = group.members.some(({ id }) => id === joiner.id);
  return {
    label: has ? `Take ${joiner.firstName} out of the group ${GROUP}` : `Put ${joiner.firstName} into the group ${GROUP}`,
    body: { groups: [{ name: GROUP, [has ? 'remove' : 'add']: [JOINER] }] },
  };
}

function spaceChange(state) {
  const room = state.rooms.find(({ title }) => title === SPACE);
  const joiner = personOf(state, JOINER);
  if (!room || !joiner) return undefined;
  const has = state.memberships.some(({ roomId, personId }) => roomId === room.id && personId === joiner.id);
  return { label: has ? `Remove ${joiner.firstName} from ${SPACE}` : `Add ${joiner.firstName} to ${SPACE}`, body: { rooms: [{ title: SPACE, [has ? 'remove' : 'add']: [JOINER] }] } };
}

async function attempt(action) {
  try {
    await action();
  } catch (error) {
    notice(error.message);
  }
}

/** What somebody else could do; only what fits the loaded organization. `done` is called after each. */
export function changeSection(state, done) {
  const changes = [delegateChange, roleChange, groupChange, spaceChange].map((make) => make(state)).filter(Boolean);
  return el('section', { class: 'controls', 'aria-labelledby': 'change-title', hidden: changes.length === 0 },
    el('h4', { id: 'change-title', text: 'Changed by somebody else' }),
    el('div', { class: 'buttons' }, changes.map(({ label, body }, at) => el('button', {
      type: 'button', text: label, dataset: { testid: 'change', focus: `change ${at}` }, onclick: () => attempt(async () => {
        await emulator('POST', 'change', body);
        done();
      }),
    }))));
}

let moved = 0;

const hours = (n) => (n % 24 === 0 ? `${n / 24} d` : n > 24 ? `${Math.floor(n / 24)} d ${n % 24} h` : `${n} h`);

/** The clock of the emulated Webex, and of Steward where both share it. It only goes forward. */
export function clockSection() {
  const state = el('span', { class: 'quiet', role: 'status', dataset: { testid: 'clock' }, text: moved === 0 ? 'not moved' : `${hours(moved)} ahead` });
  const step = (label, by) => el('button', {
    type: 'button', 'aria-label': `${label}: move the clock on`, text: label, dataset: { testid: `clock-${by}` }, onclick: () => attempt(async () => {
      const { now } = await emulator('POST', 'clock', { advance: `${by}h` });
      moved += by;
      state.textContent = `${hours(moved)} ahead: ${new Date(now).toLocaleString()}`;
    }),
  });
  return el('section', { class: 'controls', 'aria-labelledby': 'clock-title' },
    el('h4', { id: 'clock-title', text: 'Clock' }), state,
    el('div', { class: 'buttons' }, step('+ 1 h', 1), step('+ 12 h', 12), step('+ 1 day', 24)));
}
